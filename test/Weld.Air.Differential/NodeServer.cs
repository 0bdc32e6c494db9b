using System.Diagnostics;
using Weld.TestSupport;

namespace Weld.Air.Differential;

/// <summary>One node process that calls the exports of many modules, since starting one takes longer than most of them run.</summary>
internal sealed class NodeServer(string node) : IDisposable
{
    // Programs come to an end at once, but a machine may be busy with other things.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(100);

    private Process? _process;

    /// <summary>The results of the exports, or what went wrong.</summary>
    public string Call(string module, IEnumerable<string> exports)
    {
        _process ??= Start();
        _process.StandardInput.WriteLine($"{module} {string.Join(' ', exports)}");
        _process.StandardInput.Flush();
        Task<string?> answer = _process.StandardOutput.ReadLineAsync();
        if (answer.Wait(Patience))
            return answer.Result ?? "error: node ended";
        Dispose();
        return $"error: no answer after {Patience.TotalSeconds} seconds";
    }

    public void Dispose()
    {
        if (_process is null)
            return;
        _process.Kill();
        _process.Dispose();
        _process = null;
    }

    private Process Start() => Process.Start(new ProcessStartInfo(node, ["--no-warnings", Repository.Path("test", "Weld.Air.Differential", "serve.mjs")])
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
    }) ?? throw new InvalidOperationException("node does not start");
}
