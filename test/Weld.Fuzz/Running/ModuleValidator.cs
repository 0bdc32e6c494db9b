using System.Diagnostics;
using Weld.Fuzz.Inputs;

namespace Weld.Fuzz.Running;

/// <summary>Asks two validators, wabt and V8, whether a module is valid.</summary>
public sealed class ModuleValidator : IDisposable
{
    // One process for all cases: starting node costs more than a link.
    private const string Script = """
        const fs = require('fs');
        require('readline').createInterface({ input: process.stdin }).on('line', path => {
          try { new WebAssembly.Module(fs.readFileSync(path)); console.log('ok'); }
          catch (e) { console.log(String(e).replace(/\n/g, ' ')); }
        });
        """;

    // Limits of V8's own, which no specification has.
    private static readonly string[] NodeLimits = ["exceeds internal limit", "maximum", "larger than implementation limit", "internal limit"];

    private Process? _node;

    /// <returns>Null when the module is valid, otherwise why it is not.</returns>
    public string? FindError(string path, bool askNode)
    {
        Tool.Result? wabt = AskWabt(path);
        if (wabt is null)
            return "wasm-validate does not end";
        if (IsBeyond(wabt))
            return null;
        if (wabt.ExitCode != 0)
            return "wabt: " + FirstLine(wabt.Error);
        if (!askNode)
            return null;
        string answer = AskNode(path);
        return answer == "ok" || NodeLimits.Any(limit => answer.Contains(limit, StringComparison.Ordinal)) ? null : "node: " + answer;
    }

    /// <summary>Whether both validators understand the module and find it valid.</summary>
    public bool Accepts(string path) => AskWabt(path) is { ExitCode: 0 } && AskNode(path) == "ok";

    public void Dispose()
    {
        _node?.StandardInput.Close();
        _node?.WaitForExit(1000);
        _node?.Dispose();
    }

    private static Tool.Result? AskWabt(string path) =>
        Tool.TryRun(Path.GetDirectoryName(path)!, "wasm-validate", ["--enable-all", path], TimeSpan.FromSeconds(20));

    /// <summary>Neither validator knows the 64-bit tables of 64-bit memories.</summary>
    private static bool IsBeyond(Tool.Result wabt) => wabt.Error.Contains("tables may not be 64-bit", StringComparison.Ordinal);

    private string AskNode(string path)
    {
        _node ??= Start();
        _node.StandardInput.WriteLine(path);
        _node.StandardInput.Flush();
        return _node.StandardOutput.ReadLine() ?? throw new FuzzSetupException("node ended");
    }

    private static Process Start()
    {
        try
        {
            return Process.Start(new ProcessStartInfo("node", ["--experimental-wasm-memory64", "-e", Script])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            })!;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new FuzzSetupException("cannot run node: " + e.Message, e);
        }
    }

    private static string FirstLine(string text)
    {
        string line = text.Split('\n', 2)[0];
        // The path says nothing.
        int error = line.IndexOf("error:", StringComparison.Ordinal);
        return error < 0 ? line : line[error..];
    }
}
