using Weld.OracleTests.Linking;
using Weld.TestSupport;
using Xunit;

namespace Weld.OracleTests.Rust;

/// <summary>rustc with weld as its linker, in the flavour that it takes for these targets by default.</summary>
public sealed class RustTests
{
    [Theory]
    [InlineData("opt-level=0")]
    [InlineData("opt-level=2")]
    public void Program_runs(string level)
    {
        using var folder = new TemporaryFolder();
        string output = Compile(folder, "words.rs", "wasm32-wasi", "-C", level).Output;
        ProcessResult run = WasiRunner.Run(output, ["pear", "fig", "Fig"]);
        Assert.Equal("FIG: <  2>\nPEAR: <  1>\n1.2247\n", run.StandardOutput);
        Assert.Equal(2, run.ExitCode);
        LinkComparison.AssertValid(output);
    }

    [Theory]
    [InlineData("words.rs", "wasm32-wasi", "-C opt-level=0 -g")]
    [InlineData("words.rs", "wasm32-wasi", "-C opt-level=2 -C lto=off")]
    [InlineData("shared.rs", "wasm32-unknown-unknown", "--crate-type=cdylib -C opt-level=1")]
    public void Module_equals_that_of_wasm_ld(string source, string target, string options)
    {
        using var folder = new TemporaryFolder();
        string[] arguments = Compile(folder, source, target, options.Split(' ')).LinkerArguments;
        string expected = folder["oracle", "out.wasm"];
        string actual = folder["weld", "out.wasm"];
        // The first two words choose the flavour, which wasm-ld takes from its name.
        var oracle = new LinkOutcome(ProcessRunner.Run(Tools.WasmLd, [.. arguments[2..], "-o", expected], folder.Root), expected);
        var weld = new LinkOutcome(WeldTool.Link([.. arguments, "-o", actual], folder.Root), actual);
        LinkComparison.AssertEqual($"rust {source} {options}", oracle.Module, weld.Module);
        Assert.Equal("", WasiRunner.ValidateQuickly(actual));
    }

    [Fact]
    public void Library_archives_with_metadata_are_no_problem()
    {
        // wasm-ld 22 refuses rlibs for their lib.rmeta; rustc's own command line works with weld as it is.
        using var folder = new TemporaryFolder();
        string output = Compile(folder, "shared.rs", "wasm32-unknown-unknown", "--crate-type=cdylib").Output;
        LinkComparison.AssertValid(output);
    }

    private static (string Output, string[] LinkerArguments) Compile(TemporaryFolder folder, string source, string target, params string[] options)
    {
        string output = folder["rustc", "program.wasm"];
        ProcessResult run = ProcessRunner.Run(Tools.Rustc,
        [
            "--target", target, "-C", $"linker={WeldTool.Existing(WeldTool.Weld)}", "-C", "save-temps", "--print", "link-args", .. options,
            Repository.Path("test", "Weld.OracleTests", "Programs", "rust", source), "-o", output,
        ], folder.Root).RequireSuccess();
        Assert.DoesNotContain("warning", run.StandardError, StringComparison.Ordinal);
        string[] words = [.. run.StandardOutput.TrimEnd().Split('\n')[^1].Split(' ').Select(word => word.Trim('"'))];
        Assert.Equal(["-flavor", "wasm"], words[1..3]);
        int place = Array.IndexOf(words, "-o");
        return (output, [.. words[1..place].Concat(words[(place + 2)..]).Select(word => word.EndsWith(".rlib", StringComparison.Ordinal) ? WithoutMetadata(folder, word) : word)]);
    }

    private static string WithoutMetadata(TemporaryFolder folder, string library)
    {
        string copy = folder["libraries", Path.GetFileName(library)];
        if (!File.Exists(copy))
        {
            File.Copy(library, copy);
            ProcessRunner.Run(Tools.LlvmAr, ["d", copy, "lib.rmeta"]).RequireSuccess();
        }
        return copy;
    }
}
