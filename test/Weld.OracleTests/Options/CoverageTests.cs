using System.Text.RegularExpressions;
using Weld.TestSupport;
using Xunit;

namespace Weld.OracleTests.Options;

/// <summary>The matrix and weld's help have every option that wasm-ld lists.</summary>
public sealed partial class CoverageTests
{
    private static readonly string[] Names = NamesIn(ProcessRunner.Run(Tools.WasmLd, ["--help"]).StandardOutput);

    [Fact]
    public void Every_option_has_a_case()
    {
        string arguments = string.Join(' ', OptionList.All.Select(option => option.Arguments));
        Assert.True(Names.Length > 100, $"wasm-ld's help is read wrongly: {string.Join(' ', Names)}");
        Assert.Empty(Names.Where(name => !Regex.IsMatch(arguments, $@"(^| )--?{Regex.Escape(name)}")));
    }

    [Fact]
    public void Every_option_is_in_the_help()
    {
        string[] listed = NamesIn(WeldTool.Link(["--help"]).StandardOutput);
        Assert.Empty(Names.Except(listed));
    }

    private static string[] NamesIn(string help) =>
        [.. OptionName().Matches(help).Select(match => match.Groups[1].Value).Distinct()];

    [GeneratedRegex("(?<=[ ,\n])--?([A-Za-z][A-Za-z0-9_-]*)", RegexOptions.None)]
    private static partial Regex OptionName();
}
