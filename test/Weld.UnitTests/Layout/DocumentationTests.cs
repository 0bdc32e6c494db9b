using System.Text.RegularExpressions;
using Weld.TestSupport;
using Xunit;

namespace Weld.UnitTests.Layout;

/// <summary>The documents name files and folders of the repository; these must be there.</summary>
public sealed partial class DocumentationTests
{
    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_path_that_a_page_names_exists(string page)
    {
        string text = CodeBlock().Replace(File.ReadAllText(Repository.Path(page)), "");
        IEnumerable<string> inCode = QuotedPath().Matches(text).Select(match => match.Groups[1].Value);
        IEnumerable<string> inLinks = LinkTarget().Matches(text)
            .Select(match => match.Groups[1].Value)
            .Where(target => !target.Contains(':') && !target.StartsWith('#'))
            .Select(target => Path.Combine(Path.GetDirectoryName(page) ?? "", target.Split('#')[0]));
        Assert.Empty(inCode.Concat(inLinks).Where(path => !Exists(path)).Distinct());
    }

    [Fact]
    public void Every_page_can_be_found_from_the_readme()
    {
        string readme = File.ReadAllText(Repository.Path("README.md"));
        IEnumerable<string> pages = Directory.EnumerateFiles(Repository.Path("docs"), "*.md").Select(path => $"docs/{Path.GetFileName(path)}");
        Assert.All(pages, page => Assert.Contains($"({page})", readme, StringComparison.Ordinal));
    }

    [Fact]
    public void The_file_table_names_every_folder_of_the_product()
    {
        string table = File.ReadAllText(Repository.Path("docs", "where-is-it.md"));
        IEnumerable<string> folders = SourceFile.All()
            .Where(file => file.Folders.Length > 1)
            .Select(file => $"src/{string.Join('/', file.Folders[..2])}/")
            .Distinct();
        Assert.All(folders, folder => Assert.Contains(folder, table, StringComparison.Ordinal));
    }

    public static TheoryData<string> Pages() =>
    [
        "README.md",
        "CONTRIBUTING.md",
        "CHANGELOG.md",
        .. Directory.EnumerateFiles(Repository.Path("docs"), "*.md").Select(path => $"docs/{Path.GetFileName(path)}").Order(StringComparer.Ordinal),
    ];

    private static bool Exists(string path)
    {
        string full = Repository.Path(path.TrimEnd('/'));
        return path.Contains('*')
            ? Directory.Exists(Path.GetDirectoryName(full)) && Directory.EnumerateFileSystemEntries(Path.GetDirectoryName(full)!, Path.GetFileName(full)).Any()
            : File.Exists(full) || Directory.Exists(full);
    }

    [GeneratedRegex("^```.*?^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex CodeBlock();

    // `src/…` and the like; artifacts/ is left out, because it is there only after a build.
    [GeneratedRegex(@"`((?:src|test|docs|eng|samples|bench|\.ci)/[\w./*-]*)`")]
    private static partial Regex QuotedPath();

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex LinkTarget();
}
