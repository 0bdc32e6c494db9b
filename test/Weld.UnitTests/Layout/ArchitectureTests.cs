using System.Text.RegularExpressions;
using System.Xml.Linq;
using Weld.TestSupport;
using Xunit;

namespace Weld.UnitTests.Layout;

/// <summary>Who may use whom: the arrows of docs/architecture.md, checked.</summary>
public sealed partial class ArchitectureTests
{
    /// <summary>Every assembly of the product, with the assemblies that its project may name.</summary>
    private static readonly Dictionary<string, string[]> AllowedReferences = new()
    {
        ["Weld.Base"] = [],
        ["Weld.Wasm"] = ["Weld.Base"],
        ["Weld.Air"] = ["Weld.Base"],
        ["Weld.Mir"] = ["Weld.Base", "Weld.Wasm"],
        ["Weld.CodeGen"] = ["Weld.Base", "Weld.Wasm", "Weld.Air", "Weld.Mir"],
        ["Weld.Linker"] = ["Weld.Base", "Weld.Wasm"],
        ["Weld.Cli"] = ["Weld.Air", "Weld.Mir", "Weld.CodeGen", "Weld.Linker"],
    };

    /// <summary>The stages of a link in their order. A stage may use those before it.</summary>
    private static readonly string[] Stages = ["Inputs", "Resolution", "Liveness", "Planning", "Image", "Commit"];

    /// <summary>Uses of a later stage that were let through, each with its reason.</summary>
    private static readonly Dictionary<string, string> LaterStageUses = [];

    /// <summary>What no product file may use, and where it is allowed all the same.</summary>
    private static readonly (string Pattern, string Reason, string AllowedIn)[] BannedWords =
    [
        (@"\bConsole\.", "only the command line tool prints", "src/Weld.Cli/"),
        (@"\bEnvironment\.(Exit|FailFast)\b", "a library does not end its caller", "src/Weld.Cli/"),
        (@"\bDateTime(Offset)?\.(Utc)?Now\b", "equal inputs give equal bytes, whatever the time", "src/Weld.Cli/"),
        (@"\bnew Random\b|\bRandom\.Shared\b", "equal inputs give equal bytes", ""),
        (@"\bSystem\.Reflection\b|\bActivator\.", "NativeAOT removes what only reflection needs", "src/Weld.Cli/Program.cs"),
        (@"\bdynamic\b\s+\w+\s*=", "NativeAOT has no code generator at run time", ""),
    ];

    [Fact]
    public void Assemblies_refer_to_lower_ones_only()
    {
        string[] projects = ProjectFiles();
        Assert.Equal(AllowedReferences.Keys.Order(StringComparer.Ordinal), projects.Select(ProjectName).Order(StringComparer.Ordinal));
        foreach (string project in projects)
        {
            IEnumerable<string> references = Elements(project, "ProjectReference").Select(ProjectName);
            Assert.Empty(references.Except(AllowedReferences[ProjectName(project)]));
        }
    }

    [Fact]
    public void The_product_needs_no_package() =>
        Assert.All(ProjectFiles(), project => Assert.Empty(Elements(project, "PackageReference")));

    [Fact]
    public void A_stage_uses_only_earlier_stages()
    {
        HashSet<string> found = [];
        foreach (SourceFile file in SourceFile.All())
        {
            int stage = StageOf(file.Namespace);
            if (stage < 0)
                continue;
            foreach (string later in file.UsedNamespaces.Where(name => StageOf(name) > stage))
                found.Add($"{file.Path} -> {Stages[StageOf(later)]}");
        }
        Assert.Equal(LaterStageUses.Keys.Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_format_layer_knows_no_linker() =>
        Assert.Empty(from file in SourceFile.All()
                     where file.Folders[0] is "Weld.Base" or "Weld.Wasm"
                     from name in file.UsedNamespaces
                     where name.StartsWith("Weld.Linker", StringComparison.Ordinal) || name.StartsWith("Weld.Cli", StringComparison.Ordinal)
                     select $"{file.Path}: {name}");

    [Fact]
    public void Banned_words_are_not_used() =>
        Assert.Empty(from file in SourceFile.All()
                     let code = Comment().Replace(file.Text, "")
                     from banned in BannedWords
                     where banned.AllowedIn.Length == 0 || !file.Path.StartsWith(banned.AllowedIn, StringComparison.Ordinal)
                     where Regex.IsMatch(code, banned.Pattern)
                     select $"{file.Path}: {banned.Pattern} ({banned.Reason})");

    [Fact]
    public void Every_kind_of_message_has_its_own_code_and_name()
    {
        List<Match> kinds = [.. SourceFile.All().SelectMany(file => DescriptorRow().Matches(file.Text))];
        Assert.NotEmpty(kinds);
        Assert.Empty(Repeated(kinds.Select(kind => kind.Groups[1].Value)));
        Assert.Empty(Repeated(kinds.Select(kind => kind.Groups[2].Value)));
    }

    private static IEnumerable<string> Repeated(IEnumerable<string> values) =>
        values.GroupBy(value => value).Where(group => group.Count() > 1).Select(group => group.Key);

    private static int StageOf(string name) =>
        name.StartsWith("Weld.Linker.", StringComparison.Ordinal) ? Array.IndexOf(Stages, name.Split('.')[2]) : -1;

    private static string[] ProjectFiles() =>
        Directory.GetFiles(Repository.Path("src"), "*.csproj", SearchOption.AllDirectories);

    private static string ProjectName(string path) => Path.GetFileNameWithoutExtension(path.Replace('\\', '/'));

    private static IEnumerable<string> Elements(string project, string name) =>
        XDocument.Load(project).Descendants(name).Select(element => (string)element.Attribute("Include")!);

    [GeneratedRegex("\"(WELD[0-9]{4})\", \"([a-z0-9-]+)\"")]
    private static partial Regex DescriptorRow();

    [GeneratedRegex("//.*")]
    private static partial Regex Comment();
}
