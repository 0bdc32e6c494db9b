using System.Text.RegularExpressions;
using Weld.Linker.Options;
using Weld.TestSupport;
using Weld.Wasm.Text;

namespace Weld.UnitTests.Compatibility;

/// <summary>A case of test/Weld.FileTests: what it links, what comes out, and how weld differs in it from wasm-ld.</summary>
internal sealed partial class LinkCase
{
    private const string Root = "test/Weld.FileTests/cases/link";
    private readonly bool _isMalformed;

    private LinkCase(string name, string text)
    {
        Name = name;
        Title = Line(text, ";; ");
        Difference = Line(text, "differs: ");
        _isMalformed = Line(text, "malformed: ").Length > 0;
        Body = CommentLine().Replace(text, "");
        int expect = Body.IndexOf("=== expect\n", StringComparison.Ordinal);
        Expected = expect < 0 ? "" : Body[expect..];
        Inputs = expect < 0 ? Body : Body[..expect];
        Options = [.. LinkLine().Matches(text).SelectMany(match => OptionUse.In(match.Groups[1].Value)).Distinct()];
        OptionsOfTitle = [.. OptionUse.In(Title)];
        Relocations = _isMalformed ? [] : [.. ObjectPart().Matches(Body).SelectMany(match => RelocationsOf(match.Groups[1].Value)).Distinct()];
    }

    /// <summary>Folder and file: <c>symbols/tls-base</c>.</summary>
    public string Name { get; }

    public string Folder => Name.Split('/')[0];

    /// <summary>The first line, which says what the case shows.</summary>
    public string Title { get; }

    /// <summary>Why weld does something else than wasm-ld; empty when it does the same.</summary>
    public string Difference { get; }

    /// <summary>All but comments.</summary>
    public string Body { get; }

    /// <summary>The command lines and the objects.</summary>
    public string Inputs { get; }

    /// <summary>What is printed of the output.</summary>
    public string Expected { get; }

    public IReadOnlyList<Option> Options { get; }

    public IReadOnlyList<Option> OptionsOfTitle { get; }

    /// <summary>The kinds of relocations in the objects, by their names.</summary>
    public IReadOnlyList<string> Relocations { get; }

    public static IReadOnlyList<LinkCase> All { get; } =
        [.. from path in Directory.EnumerateFiles(Repository.Path(Root), "*.wft", SearchOption.AllDirectories)
            let name = Path.GetRelativePath(Repository.Path(Root), Path.ChangeExtension(path, null)).Replace('\\', '/')
            orderby name
            select new LinkCase(name, File.ReadAllText(path))];

    private static string Line(string text, string start)
    {
        Match match = Regex.Match(text, $"^{Regex.Escape(start)}(.*)$", RegexOptions.Multiline);
        return match.Success ? match.Groups[1].Value.Trim() : "";
    }

    private static IEnumerable<string> RelocationsOf(string objectText) =>
        RelocationName().Matches(ModuleDump.Print(ObjectText.Assemble(objectText), "relocs")).Select(match => match.Value);

    [GeneratedRegex("^;;.*\n", RegexOptions.Multiline)]
    private static partial Regex CommentLine();

    [GeneratedRegex("^test link(.*)$", RegexOptions.Multiline)]
    private static partial Regex LinkLine();

    // An object in object text: no words behind its name say otherwise.
    [GeneratedRegex(@"^=== \S+\.o\n(.*?)(?=^=== |\z)", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex ObjectPart();

    [GeneratedRegex(@"R_WASM_\w+")]
    private static partial Regex RelocationName();
}
