using System.Text.RegularExpressions;
using Weld.Linker.Options;
using Weld.Linker.Resolution;
using Weld.TestSupport;
using Weld.UnitTests.Layout;
using Xunit;

namespace Weld.UnitTests.Compatibility;

/// <summary>docs/wasm-ld-compatibility.md lists everything that wasm-ld has, and nothing in it is without a test.</summary>
public sealed partial class CompatibilityTests
{
    private const string Begin = "<!-- begin: made by CompatibilityTests -->\n";
    private const string End = "<!-- end -->\n";

    [Fact]
    public void The_tables_are_up_to_date()
    {
        string path = Repository.Path("docs", "wasm-ld-compatibility.md");
        string page = File.ReadAllText(path);
        int start = page.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        int end = page.IndexOf(End, StringComparison.Ordinal);
        Assert.True(start >= Begin.Length && end >= start, "the page's markers are missing");
        string expected = page[..start] + CompatibilityTables.Print() + page[end..];
        if (Environment.GetEnvironmentVariable("WELD_BLESS") == "1")
            File.WriteAllText(path, expected);
        Assert.Equal(expected, File.ReadAllText(path));
    }

    [Fact]
    public void No_row_is_without_a_test()
    {
        CompatibilityRow[] rows =
            [.. CompatibilityTables.Options, .. CompatibilityTables.Relocations, .. CompatibilityTables.Symbols, .. CompatibilityTables.Sections];
        Assert.True(rows.Length > 280, $"only {rows.Length} rows");
        Assert.Empty(rows.Where(row => row.Tests.Count == 0).Select(row => row.Name));
    }

    /// <summary>Without its inputs every row would be without a test, or none.</summary>
    [Fact]
    public void The_tests_are_found()
    {
        Assert.True(LinkCase.All.Count > 500, $"{LinkCase.All.Count} cases");
        Assert.True(NamedTest.OfTheOracle.Count > 300, $"{NamedTest.OfTheOracle.Count} oracle cases");
        Assert.True(NamedTest.OfUnits.Count > 100, $"{NamedTest.OfUnits.Count} unit tests");
        Assert.Contains(LinkCase.All, test => test.Name == "symbols/tls-base" && test.Relocations.Contains("R_WASM_MEMORY_ADDR_TLS_SLEB"));
    }

    [Fact]
    public void Known_differences_are_of_options_that_exist() =>
        Assert.Empty(KnownDifferences.OfOptions.Keys.Except(OptionTable.Rows.Select(option => option.Name)));

    /// <summary>A symbol that the linker makes is in its list of names, and so in the table.</summary>
    [Fact]
    public void Every_symbol_of_the_linker_is_listed()
    {
        string[] names = [.. SourceFile.All()
            .Where(file => file.Path.StartsWith("src/Weld.Linker/", StringComparison.Ordinal))
            .SelectMany(file => LinkerName().Matches(file.Text))
            .Select(match => match.Groups[1].Value)
            .Distinct()];
        Assert.Contains(WellKnownNames.InitTls, names);
        Assert.Empty(names.Except(WellKnownNames.Defined));
    }

    [GeneratedRegex("\"(__(?:wasm|tls|stack|heap|global|data|memory|table|dso|indirect)_\\w+)\"")]
    private static partial Regex LinkerName();
}
