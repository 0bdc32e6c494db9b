using Weld.TestSupport;
using Xunit;

namespace Weld.OracleTests;

/// <summary>Debug information in a file of its own, and of functions that are folded.</summary>
public sealed class DebugFileTests
{
    private const string First = """
        __attribute__((noinline)) static int triple(int x) { return x * 3; }
        int other(int);
        volatile int input;
        void _start(void) { volatile int result = triple(input) + other(input); }
        """;

    private const string Second = """
        __attribute__((noinline)) static int threefold(int y) { return y * 3; }
        int other(int y) { return threefold(y); }
        """;

    private static string[] Objects =>
        [ObjectCache.CompileText("first.c", First, "--target=wasm32", "-O1", "-g"), ObjectCache.CompileText("second.c", Second, "--target=wasm32", "-O1", "-g")];

    [Fact]
    public void The_separate_file_describes_the_module_as_wasm_ld_does()
    {
        using var folder = new TemporaryFolder();
        ProcessRunner.Run(Tools.WasmLd, [.. Objects, "-o", folder["oracle.wasm"]]).RequireSuccess();
        WeldTool.Link([.. Objects, "--separate-debug-file", "-o", folder["split.wasm"]]).RequireSuccess();
        Assert.Equal(Dump(folder["oracle.wasm"]), Dump(folder["split.wasm.debug.wasm"]));
        Assert.Equal("", WasiRunner.Validate(folder["split.wasm"]));
        byte[] module = File.ReadAllBytes(folder["split.wasm"]);
        Assert.True(module.AsSpan().IndexOf("split.wasm.debug.wasm"u8) > 0);
        Assert.True(module.AsSpan().IndexOf(".debug_info"u8) < 0);
        Assert.Equal(BuildId(module), BuildId(File.ReadAllBytes(folder["split.wasm.debug.wasm"])));
    }

    [Fact]
    public void A_failed_link_leaves_neither_file()
    {
        using var folder = new TemporaryFolder();
        ProcessResult result = WeldTool.Link([.. Objects, "--separate-debug-file=/nonexistent/x.wasm", "-o", folder["out.wasm"]]);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("cannot open output file /nonexistent/x.wasm", result.StandardError, StringComparison.Ordinal);
        Assert.False(File.Exists(folder["out.wasm"]));
    }

    [Fact]
    public void Folded_functions_leave_debug_information_right()
    {
        using var folder = new TemporaryFolder();
        ProcessResult link = WeldTool.Link([.. Objects, "--icf=all", "--print-icf-sections", "-o", folder["folded.wasm"]]).RequireSuccess();
        Assert.Contains("threefold", link.StandardOutput, StringComparison.Ordinal);
        ProcessResult verify = ProcessRunner.Run(Tools.LlvmDwarfdump, ["--verify", folder["folded.wasm"]]).RequireSuccess();
        Assert.Contains("No errors.", verify.StandardOutput, StringComparison.Ordinal);
    }

    /// <summary>Without the first line, which names the file.</summary>
    private static string Dump(string path)
    {
        string text = ProcessRunner.Run(Tools.LlvmDwarfdump, ["--all", path]).RequireSuccess().StandardOutput;
        return text[text.IndexOf('\n', StringComparison.Ordinal)..];
    }

    private static string BuildId(ReadOnlySpan<byte> module)
    {
        int name = module.IndexOf("build_id"u8);
        Assert.True(name > 0);
        return Convert.ToHexString(module.Slice(name + 9, 16));
    }
}
