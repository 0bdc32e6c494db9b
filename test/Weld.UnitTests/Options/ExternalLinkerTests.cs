using Weld.UnitTests.Reports;
using Xunit;

namespace Weld.UnitTests.Options;

/// <summary>--linker and WELD_LINKER: another program does the work, and what it says comes through.</summary>
public sealed class ExternalLinkerTests
{
    [Theory]
    [InlineData("--linker=wasm-ld-22")]
    [InlineData("--linker=wasm-ld-22 --map-format=json --why-live=f --stats --time-trace --as-needed --start-group -plugin p")]
    [InlineData("@response")]
    public void The_other_linker_gets_what_it_knows(string options)
    {
        using TempDirectory directory = TestObjects.Write();
        directory.Write("response", "--linker=wasm-ld-22 --no-such=1 --stats\n"u8);
        // Only wasm-ld says this, and only it has this trace.
        ExternalTool.Result run = Weld(directory, $"a.o b.o -o out -t -mllvm --no-such-option {options}");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("(LLVM option parsing): Unknown command line argument '--no-such-option'", run.Error, StringComparison.Ordinal);

        directory.Write("response", "--linker=wasm-ld-22 --stats\n"u8);
        run = Weld(directory, $"a.o b.o -o out -t {options}");
        Assert.Equal((0, "a.o\nb.o\n", ""), (run.ExitCode, run.Output, run.Error));
        byte[] actual = File.ReadAllBytes(directory["out"]);
        ExternalTool.Run(directory.Path, "wasm-ld-22", "a.o", "b.o", "-o", "out");
        Assert.Equal(File.ReadAllBytes(directory["out"]), actual);
    }

    [Fact]
    public void The_environment_can_choose_it_and_the_option_wins()
    {
        using TempDirectory directory = TestObjects.Write();
        Assert.Contains("LLD 22", Env(directory, "WELD_LINKER=wasm-ld-22", "--version").Output, StringComparison.Ordinal);
        Assert.DoesNotContain("weld", Env(directory, "WELD_LINKER=wasm-ld-22", "--version").Output, StringComparison.Ordinal);
        Assert.StartsWith("weld ", Env(directory, "WELD_LINKER=wasm-ld-22", "--version", "--linker=weld").Output, StringComparison.Ordinal);
        Assert.StartsWith("weld ", Env(directory, "WELD_LINKER=", "--version").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Its_messages_and_exit_code_come_through()
    {
        using TempDirectory directory = TestObjects.Write();
        directory.Write("linker", "#!/bin/sh\necho out: \"$@\"\necho err >&2\nexit 42\n"u8);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(directory["linker"], UnixFileMode.UserRead | UnixFileMode.UserExecute);
        ExternalTool.Result run = Weld(directory, $"--linker={directory["linker"]} a.o --export=x --no-such --hash-style gnu --stats -o out");
        Assert.Equal((42, "out: a.o --export=x --no-such -o out\n", "err\n"), (run.ExitCode, run.Output, run.Error));
    }

    [Fact]
    public void Long_command_lines_go_through_a_file()
    {
        using TempDirectory directory = TestObjects.Write();
        string exports = string.Join(' ', Enumerable.Range(0, 5000).Select(i => $"--export-if-defined=symbol{i}"));
        directory.Write("response", System.Text.Encoding.UTF8.GetBytes($"a.o b.o \"--soname=two \\\"words\" -o out -t {exports}"));
        ExternalTool.Result run = Weld(directory, "--linker=wasm-ld-22 @response");
        Assert.Equal((0, "a.o\nb.o\n", ""), (run.ExitCode, run.Output, run.Error));
        Assert.Contains("two \"words", File.ReadAllText(directory["out"]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no-such-linker")]
    [InlineData("/no/such/linker")]
    public void A_linker_that_is_not_there_is_named(string linker)
    {
        using TempDirectory directory = TestObjects.Write();
        LinkerRun run = LinkerRun.Weld(directory["a.o"], directory["b.o"], "-o", directory["out"], $"--linker={linker}");
        Assert.Equal(1, run.ExitCode);
        Assert.Equal([$"error: cannot run the linker {linker}: no such program"], run.Messages);
        Assert.False(File.Exists(directory["out"]));
    }

    private static ExternalTool.Result Weld(TempDirectory directory, string line) =>
        ExternalTool.TryRun(directory.Path, ReportRun.WeldProgram, line.Split(' '));

    private static ExternalTool.Result Env(TempDirectory directory, string variable, params string[] arguments) =>
        ExternalTool.TryRun(directory.Path, "env", [variable, ReportRun.WeldProgram, .. arguments]);
}
