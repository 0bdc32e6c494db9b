using System.Text;
using System.Text.RegularExpressions;
using Weld.Linker.Options;
using Weld.Linker.Resolution;
using Weld.UnitTests.Options;
using Weld.Wasm.Linking;
using Weld.Wasm.Sections;

namespace Weld.UnitTests.Compatibility;

/// <summary>The tables of docs/wasm-ld-compatibility.md: the linker's own tables beside the tests that need each row.</summary>
internal static class CompatibilityTables
{
    /// <summary>Symbols and functions that are made for a name of the input: the constant part of the name, and how it is shown.</summary>
    private static readonly (string Part, string Shown)[] NamesMadeOfInput =
    [
        ("__start_", "__start_SECTION"), ("__stop_", "__stop_SECTION"), ("__wrap_", "__wrap_SYMBOL"), ("__real_", "__real_SYMBOL"),
        ("GOT.mem.", "GOT.mem.SYMBOL"), ("GOT.func.", "GOT.func.SYMBOL"),
        ("GOT.data.internal.", "GOT.data.internal.SYMBOL"), ("GOT.func.internal.", "GOT.func.internal.SYMBOL"),
        ("signature_mismatch:", "signature_mismatch:SYMBOL"), ("undefined_weak:", "undefined_weak:SYMBOL"),
        ("undefined_stub", "undefined_stub"), (".command_export", "SYMBOL.command_export"),
    ];

    /// <summary>Custom sections: the name, and a pattern for the line of a dump that begins what is printed of it.</summary>
    private static readonly (string Name, string Heading)[] CustomSections =
    [
        ("dylink.0", "^dylink$"), ("linking", "^linking$"), ("reloc.*", @"^relocs reloc\."), ("name", "^names$"), ("producers", "^producers$"),
        ("target_features", "^features$"), ("build_id", "^ *custom build_id "), (".debug_*", @"^ *custom \.debug_\w+ "), ("any other", "^custom notes "),
    ];

    public static IReadOnlyList<CompatibilityRow> Options { get; } =
        [.. OptionTable.Rows
            .OrderBy(option => option.Name.TrimStart('-'), StringComparer.OrdinalIgnoreCase)
            .ThenBy(option => option.Name, StringComparer.Ordinal)
            .Select(RowOf)];

    public static IReadOnlyList<CompatibilityRow> Relocations { get; } =
        [.. Enumerable.Range(0, RelocationTable.Count).Select(kind => RowOf(RelocationTable.Get((RelocationKind)kind)))];

    public static IReadOnlyList<CompatibilityRow> Symbols { get; } =
    [
        .. WellKnownNames.Defined.Order(StringComparer.Ordinal).Select(name => SymbolRow(name, $@"(?<![\w.]){Regex.Escape(name)}(?!\w)")),
        .. NamesMadeOfInput.Select(name => SymbolRow(name.Shown, Regex.Escape(name.Part) + @"(?!internal)")),
    ];

    public static IReadOnlyList<CompatibilityRow> Sections { get; } =
    [
        .. Enum.GetValues<SectionId>().Where(id => id != SectionId.Custom).Select(id => SectionRow(id.ToString().ToLowerInvariant(), $"^{PartOf(id)}$")),
        .. CustomSections.Select(section => SectionRow(section.Name, section.Heading)),
    ];

    /// <summary>The text between the page's markers.</summary>
    public static string Print()
    {
        var text = new StringBuilder("\n");
        AppendTable(text, "Options", "option", Options);
        AppendTable(text, "Relocations", "kind", Relocations);
        AppendTable(text, "Symbols that the linker defines", "name", Symbols);
        AppendTable(text, "Sections", "section", Sections);
        text.Append("### Cases in which weld differs\n\n| case | shows | difference |\n|---|---|---|\n");
        foreach (LinkCase test in LinkCase.All.Where(test => test.Difference.Length > 0))
            text.Append($"| {test.Name} | {test.Title} | {test.Difference} |\n");
        return text.Append('\n').ToString();
    }

    private static void AppendTable(StringBuilder text, string title, string thing, IReadOnlyList<CompatibilityRow> rows)
    {
        text.Append($"### {title}\n\n| {thing} | implemented | tested by | difference from wasm-ld 22 |\n|---|---|---|---|\n");
        foreach (CompatibilityRow row in rows)
            text.Append(row).Append('\n');
        text.Append('\n');
    }

    private static CompatibilityRow RowOf(Option option)
    {
        IEnumerable<string> tests =
        [
            .. Ranked(LinkCase.All.Where(test => test.Options.Contains(option)), test => test.OptionsOfTitle.Contains(option)),
            .. NamedTest.OfTheOracle.Where(test => test.Options.Contains(option)).Select(test => test.Name),
            .. UnitTestsOf(option),
        ];
        string status = option.Status switch
        {
            OptionStatus.NotYet => "not yet",
            OptionStatus.Ignored => "no effect",
            _ => "yes",
        };
        return new(option.Name, status, [.. tests], [.. DifferencesOf(option)]);
    }

    /// <summary>Theories that run for every row of a kind name none of them, and are the better tests.</summary>
    private static IEnumerable<string> UnitTestsOf(Option option) => option switch
    {
        { IsExtra: true, Status: OptionStatus.Ignored } =>
            [$"{nameof(ForeignOptionTests)}.{nameof(ForeignOptionTests.Each_is_silent_and_noted_when_asked)}"],
        { Status: OptionStatus.NotYet } =>
            [$"{nameof(OptionErrorTests)}.{nameof(OptionErrorTests.An_option_that_is_not_implemented_is_named_and_nothing_is_written)}"],
        _ => NamedTest.OfUnits.Where(test => test.Options.Contains(option)).Select(test => test.Name),
    };

    private static IEnumerable<string> DifferencesOf(Option option)
    {
        if (option.IsExtra)
            yield return KnownDifferences.NotInWasmLd;
        else if (option.Status == OptionStatus.Ignored || option.Status == OptionStatus.NotYet)
            yield return KnownDifferences.NoBitcode;
        if (KnownDifferences.OfOptions.TryGetValue(option.Name, out string? known))
            yield return known;
        // A case in relocatable/ is about --relocatable.
        foreach (LinkCase test in LinkCase.All)
            if (test.Difference.Length > 0 && !option.IsExtra && test.Options.Contains(option)
                && (test.OptionsOfTitle.Contains(option) || option.Name.TrimStart('-') == test.Folder))
                yield return $"{test.Difference} ({test.Name})";
    }

    private static CompatibilityRow RowOf(RelocationInfo relocation) => new(
        relocation.Name,
        "yes",
        [.. Ranked(LinkCase.All.Where(test => test.Relocations.Contains(relocation.Name)), test => Regex.IsMatch(test.Title, $@"{relocation.Name}\b"))],
        [.. LinkCase.All.Where(test => test.Difference.Length > 0 && test.Folder == "relocations" && test.Relocations.Contains(relocation.Name))
            .Select(test => $"{test.Difference} ({test.Name})")]);

    private static CompatibilityRow SymbolRow(string shown, string pattern)
    {
        LinkCase[] tests = [.. LinkCase.All.Where(test => Regex.IsMatch(test.Body, pattern))];
        return new(
            shown,
            "yes",
            [.. Ranked(tests, test => Regex.IsMatch(test.Title, pattern))],
            [.. tests.Where(test => test.Difference.Length > 0 && Regex.IsMatch(test.Title, pattern)).Select(test => $"{test.Difference} ({test.Name})")]);
    }

    /// <summary>A case tests a section if the expected part prints it; <c>start: none</c> says that there is none.</summary>
    private static CompatibilityRow SectionRow(string shown, string heading)
    {
        LinkCase[] tests = [.. LinkCase.All.Where(test => Regex.IsMatch(test.Expected, heading, RegexOptions.Multiline))];
        return new(
            shown,
            "yes",
            [.. Ranked(tests, isAboutIt)],
            [.. tests.Where(test => test.Difference.Length > 0 && isAboutIt(test)).Select(test => $"{test.Difference} ({test.Name})")]);

        bool isAboutIt(LinkCase test) => test.Folder == "sections" || Regex.IsMatch(test.Title, $@"\b{Regex.Escape(shown)} section");
    }

    private static string PartOf(SectionId section) => section switch
    {
        SectionId.Type => "types",
        SectionId.Import => "imports",
        SectionId.Function => "functions",
        SectionId.Table => "tables",
        SectionId.Memory => "memory",
        SectionId.Global => "globals",
        SectionId.Export => "exports",
        SectionId.Start => "start",
        SectionId.Element => "elements",
        SectionId.Code => "code",
        SectionId.Data => "data",
        SectionId.DataCount => "datacount",
        SectionId.Tag => "tags",
        _ => throw new ArgumentOutOfRangeException(nameof(section)),
    };

    /// <summary>First the cases that say in their title that they are about it; cases in which both linkers agree before the others.</summary>
    private static IEnumerable<string> Ranked(IEnumerable<LinkCase> tests, Func<LinkCase, bool> isAboutIt) => tests
        .OrderBy(test => isAboutIt(test) ? 0 : 1)
        .ThenBy(test => test.Difference.Length > 0)
        .ThenBy(test => test.Name, StringComparer.Ordinal)
        .Select(test => test.Name);
}
