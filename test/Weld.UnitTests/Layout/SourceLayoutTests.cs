using System.Text.RegularExpressions;
using Xunit;

namespace Weld.UnitTests.Layout;

/// <summary>Rules for single files of the product, so that what CONTRIBUTING.md says about them stays true.</summary>
public sealed partial class SourceLayoutTests
{
    /// <summary>The aim is 400; this is where a file needs a reason.</summary>
    private const int MostLines = 500;

    /// <summary>Longer files that were let through, each with its reason.</summary>
    private static readonly Dictionary<string, string> LongFiles = new()
    {
        ["src/Weld.Linker/Demangling/Itanium/ItaniumParser.Names.cs"] = "a method for each rule of the grammar",
        ["src/Weld.Linker/Demangling/Itanium/ItaniumParser.Expressions.cs"] = "a method for each rule of the grammar",
        ["src/Weld.Mir/MirOpcode.cs"] = "a line for each instruction",
        ["src/Weld.Linker/Demangling/RustDemangler.cs"] = "two grammars, a method for each rule",
    };

    /// <summary>Files that hold several small types of one kind instead of one that they are named after.</summary>
    private static readonly HashSet<string> CollectionsOfTypes =
    [
        "src/Weld.Air/GlobalUsings.cs",
        "src/Weld.Air/Instructions/OpcodeShape.cs",
        "src/Weld.Air/Instructions/Operators.cs",
        "src/Weld.Cli/Program.cs",
        "src/Weld.Linker/GlobalUsings.cs",
        "src/Weld.CodeGen/GlobalUsings.cs",
        "src/Weld.Mir/Ids.cs",
        "src/Weld.Mir/Modules/MirItems.cs",
        "src/Weld.Linker/Resolution/Ids.cs",
        "src/Weld.Linker/Resolution/Synthetics.cs",
    ];

    [Fact]
    public void Folder_is_namespace() =>
        Assert.Empty(from file in SourceFile.All()
                     where file.Namespace.Length > 0 && file.Namespace != string.Join('.', file.Folders)
                     select $"{file.Path}: {file.Namespace}");

    [Fact]
    public void File_is_named_after_its_type() =>
        Assert.Empty(from file in SourceFile.All()
                     where !CollectionsOfTypes.Contains(file.Path)
                     where !TypeDeclaration().Matches(file.Text).Any(type => type.Groups[1].Value == file.Stem)
                     select file.Path);

    [Fact]
    public void Every_file_says_in_a_summary_what_it_is_for() =>
        Assert.Empty(from file in SourceFile.All()
                     where IsMainFile(file) && !file.Text.Contains("<summary>", StringComparison.Ordinal)
                     select file.Path);

    /// <summary>The code of a message is what its readers look for. Only its one row has it as text.</summary>
    [Fact]
    public void Codes_of_messages_are_given_once()
    {
        string[] codes = [.. SourceFile.All().SelectMany(file => MessageCode().Matches(file.Text)).Select(match => match.Value)];
        Assert.True(codes.Length > 100, $"only {codes.Length} codes were found");
        Assert.Empty(codes.GroupBy(static code => code).Where(static group => group.Count() > 1).Select(static group => group.Key));
    }

    [Fact]
    public void Long_files_are_tables_or_have_a_reason() =>
        Assert.Empty(from file in SourceFile.All()
                     where file.LineCount > MostLines && !file.Stem.EndsWith("Table", StringComparison.Ordinal)
                     where !LongFiles.ContainsKey(file.Path)
                     select $"{file.Path}: {file.LineCount} lines");

    [Fact]
    public void No_exemption_outlives_its_need()
    {
        Dictionary<string, SourceFile> files = SourceFile.All().ToDictionary(file => file.Path);
        Assert.All(LongFiles.Keys, path => Assert.True(files.TryGetValue(path, out SourceFile? file) && file.LineCount > MostLines, path));
        Assert.All(CollectionsOfTypes, path => Assert.True(files.ContainsKey(path), path));
    }

    [Fact]
    public void Lines_end_plainly() =>
        Assert.Empty(from file in SourceFile.All()
                     where file.Text.Contains('\r') || file.Text.Contains('\t') || file.Text.Contains(" \n", StringComparison.Ordinal) || !file.Text.EndsWith('\n')
                     select file.Path);

    // The other parts of a partial type have their summary in the file without a second name.
    private static bool IsMainFile(SourceFile file) =>
        TypeDeclaration().IsMatch(file.Text) && file.Path.EndsWith($"/{file.Stem}.cs", StringComparison.Ordinal);

    [GeneratedRegex(@"""WELD[0-9]{4}""")]
    private static partial Regex MessageCode();

    [GeneratedRegex(@"\b(?:class|struct|interface|enum|record)\s+(?!struct\b|class\b)(\w+)")]
    private static partial Regex TypeDeclaration();
}
