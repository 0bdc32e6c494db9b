using Weld.TestSupport;
using Xunit;

namespace Weld.Cli.Tests;

/// <summary>The programs in samples/: linked by <c>weld build</c>, and by wasm-ld from objects of <c>weld build -c</c>, they print the same.</summary>
public sealed class SampleTests
{
    [Fact]
    public void Quicksort() => Check("quicksort", ["main.air", "quicksort.air", "order.c"], "", """
        By distance
        Mercury     57.9 Gm    0 moons
        Venus      108.2 Gm    0 moons
        Earth      149.6 Gm    1 moons
        Mars       228.0 Gm    2 moons
        Jupiter    778.5 Gm   95 moons
        Saturn    1432.0 Gm  146 moons
        Uranus    2867.0 Gm   28 moons
        Neptune   4515.0 Gm   16 moons

        By name
        Earth      149.6 Gm    1 moons
        Jupiter    778.5 Gm   95 moons
        Mars       228.0 Gm    2 moons
        Mercury     57.9 Gm    0 moons
        Neptune   4515.0 Gm   16 moons
        Saturn    1432.0 Gm  146 moons
        Uranus    2867.0 Gm   28 moons
        Venus      108.2 Gm    0 moons

        By moons
        Saturn    1432.0 Gm  146 moons
        Jupiter    778.5 Gm   95 moons
        Uranus    2867.0 Gm   28 moons
        Neptune   4515.0 Gm   16 moons
        Mars       228.0 Gm    2 moons
        Earth      149.6 Gm    1 moons
        Mercury     57.9 Gm    0 moons
        Venus      108.2 Gm    0 moons

        """);

    private static void Check(string sample, string[] files, string input, string expected)
    {
        using var folder = new TemporaryFolder();
        string[] paths = [.. files.Select(file => Repository.Path("samples", sample, file))];
        string[] inputs = [.. paths.Select(path => path.EndsWith(".c", StringComparison.Ordinal) ? Wasi.Compile(path) : path)];
        CliRun.Run(["build", .. inputs, .. Wasi.Libraries, "-o", folder["weld.wasm"]]).RequireSuccess();
        Assert.Equal(expected, Run(folder["weld.wasm"], input));

        string[] objects = [.. inputs.Select(path => path.EndsWith(".air", StringComparison.Ordinal) ? CompileToObject(path, folder) : path)];
        ProcessRunner.Run(Tools.WasmLd, [.. objects, .. Wasi.Libraries, "-o", folder["wasm-ld.wasm"]]).RequireSuccess();
        Assert.Equal(expected, Run(folder["wasm-ld.wasm"], input));
    }

    private static string CompileToObject(string path, TemporaryFolder folder)
    {
        string output = folder[Path.GetFileNameWithoutExtension(path) + ".o"];
        CliRun.Run("build", "-c", path, "-o", output).RequireSuccess();
        return output;
    }

    private static string Run(string module, string input)
    {
        Assert.Equal("", WasiRunner.ValidateQuickly(module));
        return WasiRunner.Run(module, standardInput: input).RequireSuccess().StandardOutput;
    }
}
