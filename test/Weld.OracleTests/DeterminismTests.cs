using Weld.OracleTests.Linking;
using Weld.OracleTests.Synthetic;
using Weld.TestSupport;
using Xunit;

namespace Weld.OracleTests;

/// <summary>The same inputs and options give the same bytes.</summary>
public sealed class DeterminismTests
{
    private static readonly string[] Options = ["--no-gc-sections", "--build-id", "-O2"];

    [Theory]
    [InlineData("--threads=1")]
    [InlineData("--threads=2")]
    [InlineData("--threads=8")]
    public void Thread_count_does_not_matter(string threads)
    {
        using var folder = new TemporaryFolder();
        byte[] expected = Link(folder["a", "out.wasm"]);
        Assert.Equal(expected, Link(folder["b", "out.wasm"], threads));
        Assert.Equal(expected, Link(folder["c", "out.wasm"], threads));
    }

    [Fact]
    public void Working_directory_and_host_environment_do_not_matter()
    {
        using var folder = new TemporaryFolder();
        byte[] expected = Link(folder["a", "out.wasm"]);
        string output = folder["b", "out.wasm"];
        ProcessResult run = ProcessRunner.Run(
            WeldTool.Existing(WeldTool.Weld),
            [.. SyntheticProgram.LinkerArguments, .. Options, "-o", "out.wasm"],
            Path.GetDirectoryName(output),
            environment: new Dictionary<string, string> { ["LC_ALL"] = "tr_TR.UTF-8", ["TZ"] = "Asia/Tokyo" });
        Assert.Equal(expected, File.ReadAllBytes(new LinkOutcome(run, output).Module));
    }

    private static byte[] Link(string output, params string[] more) => File.ReadAllBytes(
        new LinkOutcome(WeldTool.Link([.. SyntheticProgram.LinkerArguments, .. Options, .. more, "-o", output]), output).Module);
}
