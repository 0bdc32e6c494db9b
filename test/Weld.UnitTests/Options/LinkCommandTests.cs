using Weld.Base.Diagnostics;
using Weld.Cli;
using Weld.Linker.Diagnostics;
using Xunit;

namespace Weld.UnitTests.Options;

public sealed class LinkCommandTests
{
    [Theory]
    [InlineData("weld", "weld", false)]
    [InlineData("/opt/bin/weld.exe", "weld", false)]
    [InlineData("wasm-ld", "wasm-ld", true)]
    [InlineData("/usr/bin/wasm-ld-22", "wasm-ld-22", true)]
    [InlineData("/usr/bin/x-wasm-ld.exe", "x-wasm-ld", true)]
    [InlineData("/x/weld.dll", "weld", false)]
    [InlineData("/usr/bin/dotnet", "weld", false)]
    [InlineData("wasmer", "wasmer", false)]
    public void The_name_decides_whose_linker_it_is(string path, string name, bool isWasmLd) =>
        Assert.Equal(new ProgramName(name, isWasmLd), ProgramName.FromPath(path));

    [Theory]
    [InlineData("weld", "--version", "weld 0.1.0 (compatible with LLD 22.1.8; compatible with GNU linkers)\n")]
    [InlineData("weld", "-v", "weld 0.1.0 (compatible with LLD 22.1.8; compatible with GNU linkers)\n")]
    [InlineData("weld", "-V", "weld 0.1.0 (compatible with LLD 22.1.8; compatible with GNU linkers)\n")]
    [InlineData("weld", "--version no-such-file --shared-memory", "weld 0.1.0 (compatible with LLD 22.1.8; compatible with GNU linkers)\n")]
    [InlineData("wasm-ld", "--version", "LLD 22.1.8 (weld 0.1.0; compatible with GNU linkers)\n")]
    [InlineData("weld", "-flavor wasm -v", "LLD 22.1.8 (weld 0.1.0; compatible with GNU linkers)\n")]
    [InlineData("weld", "-flavor ld-wasm --version", "LLD 22.1.8 (weld 0.1.0; compatible with GNU linkers)\n")]
    public void Version(string startedAs, string line, string expected)
    {
        LinkerRun run = LinkerRun.WeldAs(startedAs, line.Split(' '));
        Assert.Equal((0, expected, ""), (run.ExitCode, run.Output, run.Error));
        // What CMake and Meson look for.
        Assert.Matches("LLD ([0-9.]+)", run.Output);
        Assert.Contains("compatible with GNU", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Version_with_an_input_links_too()
    {
        using TempDirectory directory = TestObjects.Write();
        LinkerRun run = LinkerRun.Weld("-v", directory["a.o"], directory["b.o"], "-o", directory["out"]);
        Assert.Equal(0, run.ExitCode);
        Assert.StartsWith("weld 0.1.0", run.Output, StringComparison.Ordinal);
        Assert.True(File.Exists(directory["out"]));
    }

    [Theory]
    [InlineData("weld")]
    [InlineData("wasm-ld")]
    public void A_link_is_silent(string startedAs)
    {
        using TempDirectory directory = TestObjects.Write();
        LinkerRun run = LinkerRun.WeldAs(startedAs, "-flavor", "wasm", directory["a.o"], directory["b.o"], "-o", directory["out"]);
        Assert.Equal((0, "", ""), (run.ExitCode, run.Output, run.Error));
    }

    [Fact]
    public void Messages_begin_with_the_name_and_end_with_the_code() =>
        Assert.Equal("wasm-ld: error: unknown argument: --exprt [WELD0101]\n>>> did you mean --export?\n", LinkerRun.WeldAs("wasm-ld", "--exprt", "-v").Error);

    [Theory]
    [InlineData("-flavor", "weld: error: -flavor: missing argument [WELD0102]\n")]
    [InlineData("-flavor gnu", "weld: error: unknown flavor: gnu [WELD0112]\n>>> weld links WebAssembly: -flavor wasm\n")]
    [InlineData("-v -flavor wasm", "weld: error: unknown argument: -flavor [WELD0101]\n")]
    public void Flavor_comes_first_and_is_wasm(string line, string expected)
    {
        LinkerRun run = LinkerRun.Weld(line.Split(' '));
        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith(expected, run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--color-diagnostics")]
    [InlineData("--color-diagnostics=always")]
    [InlineData("--no-color-diagnostics -color-diagnostics")]
    public void Colors_are_those_of_wasm_ld(string line)
    {
        using TempDirectory directory = TestObjects.Write();
        string[] arguments = TestObjects.Arguments(directory, "$a.o no-such -z what " + line);
        Assert.Equal(
            LinkerRun.WasmLd(directory, arguments).Error,
            LinkerRun.WeldAs("wasm-ld-22", arguments).Error.Replace(" [WELD0105]", "", StringComparison.Ordinal).Replace(" [WELD0201]", "", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("")]
    [InlineData("--color-diagnostics --no-color-diagnostics")]
    [InlineData("--color-diagnostics=never")]
    public void Without_a_terminal_there_are_no_colors(string line) =>
        Assert.DoesNotContain('\e', LinkerRun.Weld(("no-such " + line).Split(' ', StringSplitOptions.RemoveEmptyEntries)).Error);

    [Fact]
    public void An_internal_error_is_one_message_with_a_code()
    {
        Diagnostic diagnostic = OptionErrors.Internal(new InvalidOperationException("the reason"), "0.1.0");
        Assert.Equal(
            "weld: error: internal error: InvalidOperationException: the reason [WELD0199]\n"
            + ">>> this is a bug in weld 0.1.0, not in your program; no output was written\n"
            + ">>> please report it with the command line and the inputs; WELD_TRACE=1 in the environment adds where it happened\n",
            Print(diagnostic));
    }

    [Fact]
    public void Control_characters_from_files_do_not_reach_the_terminal() =>
        Assert.Equal("weld: error: a\\x1b[31m\\x0ab\tc: missing argument [WELD0102]\n", Print(OptionErrors.MissingValue("a\e[31m\nb\tc")));

    [Fact]
    public void Names_beyond_ascii_are_printed_as_they_are() => Assert.Contains("cannot open ä ö:", LinkerRun.Weld("ä ö").Error, StringComparison.Ordinal);

    /// <summary>The program itself: exit code, streams, and the name of a link to it.</summary>
    [Theory]
    [InlineData("weld", "weld 0.1.0")]
    [InlineData("wasm-ld", "LLD 22.1.8")]
    public void The_program_behaves_as_its_name_says(string name, string version)
    {
        using TempDirectory directory = TestObjects.Write();
        string program = directory[name];
        File.CreateSymbolicLink(program, Path.Combine(AppContext.BaseDirectory, "weld"));
        Assert.StartsWith(version, ExternalTool.Run(directory.Path, program, "--version"), StringComparison.Ordinal);
        Assert.Equal("", ExternalTool.Run(directory.Path, program, "a.o", "b.o", "-o", "out"));
        Assert.True(File.Exists(directory["out"]));
        Assert.Equal(
            new ExternalTool.Result(1, "", $"{name}: error: cannot open no-such: No such file or directory [WELD0201]\n"),
            ExternalTool.TryRun(directory.Path, program, "no-such", "-o", "out2"));
    }

    private static string Print(Diagnostic diagnostic)
    {
        using var writer = new StringWriter();
        new DiagnosticPrinter(writer, "weld", hasColors: false).Print(diagnostic);
        return writer.ToString();
    }
}
