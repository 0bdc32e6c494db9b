using Weld.OracleTests.Linking;
using Weld.TestSupport;
using Xunit;

namespace Weld.OracleTests.Synthetic;

/// <summary>A program of many generated objects and archives: what single programs are too small to have.</summary>
public sealed class SyntheticProgramTests
{
    [Theory]
    [InlineData("-O0")]
    [InlineData("-O1")]
    [InlineData("-O2")]
    [InlineData("--no-gc-sections")]
    [InlineData("--export-all")]
    [InlineData("--export-dynamic")]
    [InlineData("--strip-all")]
    [InlineData("--strip-debug")]
    [InlineData("--no-merge-data-segments")]
    [InlineData("--whole-archive --allow-multiple-definition")]
    [InlineData("--no-stack-first --table-base=1000")]
    public void Module_equals_that_of_wasm_ld(string options)
    {
        using var folder = new TemporaryFolder();
        // First, so that --whole-archive reaches the archives.
        string[] arguments = [.. options.Split(' '), .. SyntheticProgram.LinkerArguments];
        string expected = folder["oracle", "out.wasm"];
        string actual = folder["weld", "out.wasm"];
        var oracle = new LinkOutcome(ProcessRunner.Run(Tools.WasmLd, [.. arguments, "-o", expected]), expected);
        var weld = new LinkOutcome(WeldTool.Link([.. arguments, "-o", actual]), actual);
        LinkComparison.AssertEqual($"synthetic {options}", oracle.Module, weld.Module);
        Assert.Equal("", WasiRunner.ValidateQuickly(actual));
    }

    [Fact]
    public void Runs_as_when_wasm_ld_links_it()
    {
        using var folder = new TemporaryFolder();
        string[] arguments = SyntheticProgram.LinkerArguments;
        string expected = folder["oracle", "out.wasm"];
        string actual = folder["weld", "out.wasm"];
        var oracle = new LinkOutcome(ProcessRunner.Run(Tools.WasmLd, [.. arguments, "-o", expected]), expected);
        var weld = new LinkOutcome(WeldTool.Link([.. arguments, "-o", actual]), actual);
        ProcessResult oracleRun = WasiRunner.Run(oracle.Module);
        ProcessResult weldRun = WasiRunner.Run(weld.Module);
        Assert.Equal(0, weldRun.ExitCode);
        Assert.Matches("^checksum=[0-9a-f]{8} constructed=[1-9][0-9]*\n$", weldRun.StandardOutput);
        Assert.Equal(oracleRun.StandardOutput, weldRun.StandardOutput);
        LinkComparison.AssertValid(actual);
    }
}
