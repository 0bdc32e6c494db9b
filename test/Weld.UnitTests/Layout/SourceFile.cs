using System.Text.RegularExpressions;
using Weld.TestSupport;
using Xunit;

namespace Weld.UnitTests.Layout;

/// <summary>A C# file of the product: its place in the repository and its text.</summary>
internal sealed partial class SourceFile
{
    private SourceFile(string path)
    {
        Path = path;
        Text = File.ReadAllText(Repository.Path(path));
    }

    /// <summary>From the root of the repository, with forward slashes: <c>src/Weld.Linker/Inputs/Archive.cs</c>.</summary>
    public string Path { get; }

    public string Text { get; }

    /// <summary>The folders below <c>src/</c>: <c>Weld.Linker</c>, <c>Inputs</c>.</summary>
    public string[] Folders => Path.Split('/')[1..^1];

    /// <summary><c>PlanOutput</c> for <c>PlanOutput.Elements.cs</c>.</summary>
    public string Stem => Path.Split('/')[^1].Split('.')[0];

    public int LineCount => Text.Count(c => c == '\n');

    public string Namespace => NamespaceLine().Match(Text).Groups[1].Value;

    /// <summary>The namespaces of weld that the file names in a using or with their full name.</summary>
    public IEnumerable<string> UsedNamespaces => UsedNamespace().Matches(Text).Select(match => match.Groups[1].Value).Distinct();

    /// <summary>Every file under <c>src/</c> that was not made by a build.</summary>
    public static List<SourceFile> All()
    {
        List<SourceFile> files = [.. Directory.EnumerateFiles(Repository.Path("src"), "*.cs", SearchOption.AllDirectories)
            .Select(path => System.IO.Path.GetRelativePath(Repository.Root, path).Replace('\\', '/'))
            .Where(path => !path.Contains("/obj/") && !path.Contains("/bin/"))
            .Order(StringComparer.Ordinal)
            .Select(path => new SourceFile(path))];
        // With no files every rule would hold.
        Assert.True(files.Count > 50, "the sources were not found");
        return files;
    }

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex NamespaceLine();

    [GeneratedRegex(@"^(?:global )?using (?:static )?(?:\w+ = )?(Weld\.(?:[A-Z]\w*)(?:\.[A-Z]\w*)?)", RegexOptions.Multiline)]
    private static partial Regex UsedNamespace();
}
