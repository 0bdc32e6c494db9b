using System.Text.RegularExpressions;
using Weld.Linker.Options;
using Weld.TestSupport;
using Xunit;

namespace Weld.UnitTests.Options;

public sealed partial class OptionHelpTests
{
    [Fact]
    public void Every_option_of_wasm_ld_is_listed()
    {
        using var directory = new TempDirectory();
        string[] expected = [.. Names(ExternalTool.Run(directory.Path, "wasm-ld-22", "--help"))];
        Assert.True(expected.Length > 100);
        Assert.Empty(expected.Except(Names(LinkerRun.Weld("--help").Output)));
    }

    [Fact]
    public void Help_begins_as_build_systems_expect()
    {
        LinkerRun run = LinkerRun.WeldAs("/usr/bin/wasm-ld-22", "--help");
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.StartsWith("OVERVIEW: LLVM Linker", run.Output, StringComparison.Ordinal);
        Assert.Contains("\nUSAGE: wasm-ld-22 [options] file...\n", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Help_says_what_is_not_implemented_yet() =>
        Assert.Matches(@"\n  --thinlto-index-only +.* \(not implemented yet\)\n", LinkerRun.Weld("-help").Output);

    [Fact]
    public void No_line_of_help_is_empty_or_ends_in_a_space() =>
        Assert.DoesNotMatch(@" \n|\n\n.*\n\n.*\n\n.*\n\n", LinkerRun.Weld("--help").Output);

    [Fact]
    public void The_document_is_up_to_date()
    {
        string path = Repository.Path("docs", "options.md");
        string expected = OptionHelp.PrintMarkdown();
        if (Environment.GetEnvironmentVariable("WELD_BLESS") == "1")
            File.WriteAllText(path, expected);
        Assert.Equal(expected, File.ReadAllText(path));
    }

    private static IEnumerable<string> Names(string help) => Name().Matches(help).Select(match => match.Groups[1].Value).Distinct();

    [GeneratedRegex(@"^  (--?[A-Za-z_-]+=?)", RegexOptions.Multiline)]
    private static partial Regex Name();
}
