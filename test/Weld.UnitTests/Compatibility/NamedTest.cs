using System.Text.RegularExpressions;
using Weld.Linker.Options;
using Weld.TestSupport;

namespace Weld.UnitTests.Compatibility;

/// <summary>A test that is not a file case: a row of the oracle's option matrix, or a unit test, and the options in its text.</summary>
internal sealed partial record NamedTest(string Name, IReadOnlyList<Option> Options)
{
    /// <summary>The links that both linkers do in test/Weld.OracleTests.</summary>
    public static IReadOnlyList<NamedTest> OfTheOracle { get; } =
        [.. from Match row in OracleRow().Matches(File.ReadAllText(Repository.Path("test/Weld.OracleTests/Options/OptionList.cs")))
            select new NamedTest($"oracle: {row.Groups[1].Value}", [.. OptionUse.In(row.Groups[2].Value).Distinct()])];

    /// <summary>The tests of this project; last those that only pass options on. Those of the spellings only parse them, and do not count.</summary>
    public static IReadOnlyList<NamedTest> OfUnits { get; } =
        [.. from path in Directory.EnumerateFiles(Repository.Path("test/Weld.UnitTests"), "*Tests.cs", SearchOption.AllDirectories)
            let file = Path.GetFileNameWithoutExtension(path)
            where file != "OptionSpellingTests" && !path.Contains("Compatibility", StringComparison.Ordinal)
            orderby file is "ExternalLinkerTests", file
            from Match test in UnitTest().Matches(File.ReadAllText(path))
            select new NamedTest($"{file}.{test.Groups[1].Value}", OptionsInStrings(test.Value))];

    private static IReadOnlyList<Option> OptionsInStrings(string source) =>
        [.. Literal().Matches(source).SelectMany(match => OptionUse.In(match.Value)).Distinct()];

    // new("name", Base + "arguments")
    [GeneratedRegex("new\\(\"([^\"]+)\", (?:[A-Za-z]+ \\+ )?\"([^\"]*)\"")]
    private static partial Regex OracleRow();

    // From its attribute to the next one's.
    [GeneratedRegex(@"^    \[(?:Fact|Theory)\b(?:(?!^    public ).)*^    public (?:async )?\w+ (\w+)\(.*?(?=^    \[(?:Fact|Theory)\b|\z)", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex UnitTest();

    [GeneratedRegex("\"[^\"\n]*\"")]
    private static partial Regex Literal();
}
