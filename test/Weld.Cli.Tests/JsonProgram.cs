using Weld.TestSupport;

namespace Weld.Cli.Tests;

/// <summary>The sample json, built once for many tests.</summary>
public sealed class JsonProgram : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public JsonProgram() =>
        CliRun.Run(["build", Repository.Path("samples", "json", "main.air"), Repository.Path("samples", "json", "json.air"), .. Wasi.Libraries, "-o", Module]).RequireSuccess();

    public string Module => _folder["json.wasm"];

    public void Dispose() => _folder.Dispose();
}
