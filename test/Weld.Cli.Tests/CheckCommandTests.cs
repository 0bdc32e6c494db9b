using Weld.TestSupport;
using Xunit;

namespace Weld.Cli.Tests;

/// <summary><c>weld check</c>: messages and exit codes.</summary>
public sealed class CheckCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_is_right_is_not_mentioned()
    {
        string a = _folder.Write("a.air", "fn @f() {\n  ret\n}\n");
        string b = _folder.Write("b.txt", "");
        Assert.Equal("", CliRun.Run("check", a, b, a).RequireSuccess().Output);
        CliRun.RunWith("fn @f() {\n  ret\n}\n", "check", "-").RequireSuccess();
    }

    [Fact]
    public void Syntax_and_rules_are_checked_in_all_files()
    {
        string a = _folder.Write("a.air", "fn @f() {\n  ret 1\n}\n");
        string b = _folder.Write("b.air", "fn @f() -> u8 {\n  %x = add u8 1, 2\n}\n");
        string error = CliRun.Run("check", a, _folder["c.air"], b).RequireFailure();
        Assert.StartsWith($"{a}:2:7: error: ", error, StringComparison.Ordinal);
        Assert.Contains($"\nweld: error: cannot open {_folder["c.air"]}: No such file or directory [WELD0201]\n", error, StringComparison.Ordinal);
        Assert.Contains($"\n{b}:2:3: error: ", error, StringComparison.Ordinal);
        Assert.Contains("[WELD1116]\n      %x = add u8 1, 2\n      ^\n", error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_target_counts()
    {
        const string Text = "fn @f(%x: usize) -> u64 {\n  %r = bitcast u64 %x\n  ret %r\n}\n";
        Assert.Contains("[WELD1128]", CliRun.RunWith(Text, "check", "-").RequireFailure(), StringComparison.Ordinal);
        CliRun.RunWith(Text, "check", "-m", "wasm64", "-").RequireSuccess();
        CliRun.RunWith(Text, "check", "-mwasm64", "-").RequireSuccess();
    }

    [Fact]
    public void The_number_of_errors_has_a_limit()
    {
        string text = string.Concat(Enumerable.Range(0, 30).Select(n => $"fn @f{n}() {{\n  ret 1\n}}\n"));
        Assert.Equal(20, Count(CliRun.RunWith(text, "check", "-").RequireFailure()));
        Assert.Equal(30, Count(CliRun.RunWith(text, "check", "-", "--error-limit=0").RequireFailure()));
        Assert.Equal(3, Count(CliRun.RunWith(text, "check", "--error-limit=3", "-").RequireFailure()));
        Assert.Contains("weld: error: too many errors emitted", CliRun.RunWith(text, "check", "--error-limit=3", "-").RequireFailure(), StringComparison.Ordinal);

        static int Count(string error) => error.Split("<stdin>:").Length - 1;
    }

    [Fact]
    public void Colors()
    {
        string error = CliRun.RunWith("what", "check", "--color-diagnostics", "-").RequireFailure();
        Assert.StartsWith("<stdin>:1:1: \e[0;31merror: \e[0m", error, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', CliRun.RunWith("wh\e[0mat", "check", "--no-color-diagnostics", "-").RequireFailure());
    }

    [Theory]
    [InlineData("", "weld: error: no file of AIR [WELD1203]\n>>> weld check takes files whose names end in .air, and - for the standard input\n")]
    [InlineData("--frob", "weld: error: unknown argument: --frob [WELD0101]\n")]
    [InlineData("--gc-sections x.air", "weld: error: unknown argument: --gc-sections [WELD0101]\n")]
    [InlineData("-m", "weld: error: -m: missing argument [WELD0102]\n")]
    [InlineData("-m arm x.air", "weld: error: invalid target architecture: arm [WELD0104]\n>>> it is wasm32 or wasm64\n")]
    public void Wrong_command_lines(string line, string expected) =>
        Assert.Equal(expected, CliRun.Run(["check", .. line.Split(' ', StringSplitOptions.RemoveEmptyEntries)]).RequireFailure());

    [Fact]
    public void Help()
    {
        string help = CliRun.Run("check", "--help").RequireSuccess().Output;
        Assert.StartsWith("OVERVIEW: say what is wrong with files of AIR\n\nUSAGE: weld check [options] file...\n\nOPTIONS:\n", help, StringComparison.Ordinal);
        Assert.DoesNotContain("--gc-sections", help, StringComparison.Ordinal);
        Assert.StartsWith("weld ", CliRun.Run("check", "--version").RequireSuccess().Output, StringComparison.Ordinal);
    }
}
