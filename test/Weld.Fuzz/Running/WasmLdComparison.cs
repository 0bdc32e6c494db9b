using Weld.Fuzz.Inputs;

namespace Weld.Fuzz.Running;

/// <summary>What wasm-ld-22 does with a case that lies in a directory.</summary>
public static class WasmLdComparison
{
    public static CaseResult Run(string directory, ModuleValidator validator)
    {
        string[] command = File.ReadAllLines(Path.Combine(directory, FuzzCase.CommandFile));
        string output = Path.Combine(directory, "wasm-ld.wasm");
        string arguments = string.Join(' ', command.SelectMany(static line => line[0] == '-' ? line.Split(' ') : [$"'{line}'"]));
        Tool.Result? result = Tool.TryRun(directory, "sh", ["-c", $"ulimit -v 8000000; exec wasm-ld-22 -o wasm-ld.wasm {arguments}"], TimeSpan.FromSeconds(30));
        if (result is null)
            return new CaseResult(Verdict.Hang, "");
        // A signal, LLVM's own handler, or std::bad_alloc.
        if (result.ExitCode > 1 || result.Error.Contains("PLEASE submit a bug report", StringComparison.Ordinal) || result.Error.Contains("LLVM ERROR", StringComparison.Ordinal))
            return new CaseResult(Verdict.Crash, $"exit code {result.ExitCode}");
        if (result.ExitCode != 0)
            return File.Exists(output) ? new CaseResult(Verdict.WrongOutput, "") : new CaseResult(Verdict.Refused, "");
        if (!File.Exists(output))
            return new CaseResult(Verdict.WrongOutput, "");
        string? error = validator.FindError(output, askNode: !command.Contains("-mwasm64"));
        return error is null ? new CaseResult(Verdict.Linked, "") : new CaseResult(Verdict.Invalid, error);
    }
}
