using System.Diagnostics;
using System.Globalization;

namespace Weld.Fuzz.Running;

/// <summary>Runs this program again as a child, so that whatever happens to a case does not happen to the fuzzer.</summary>
public static class ChildProcess
{
    // A link takes milliseconds; but other processes can be in the way.
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(60);

    /// <summary>Runs a child and reports each of its cases; one that the child dies of is reported as well.</summary>
    /// <param name="arguments">The child's arguments.</param>
    /// <param name="report">Receives a case's number and result.</param>
    /// <param name="reportWasmLd">Receives what wasm-ld did with a case.</param>
    /// <returns>The number of the case that the child died of; null when it came to its end.</returns>
    public static int? Run(IEnumerable<string> arguments, Action<int, CaseResult> report, Action<Verdict>? reportWasmLd = null)
    {
        using Process process = Start(arguments);
        Task<string> errors = process.StandardError.ReadToEndAsync();
        int? current = null;
        bool isOver = true;
        while (true)
        {
            Task<string?> read = process.StandardOutput.ReadLineAsync();
            if (!read.Wait(TimeLimit))
            {
                process.Kill(entireProcessTree: true);
                process.WaitForExit();
                report(current ?? throw new Inputs.FuzzSetupException("the worker hangs"), new CaseResult(Verdict.Hang, $"no end after {TimeLimit.TotalSeconds} s"));
                return current;
            }
            if (read.Result is not string line)
                break;
            string[] words = line.Split(' ', 4);
            if (words.Length < 2 || !int.TryParse(words[1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number))
                continue;
            if (words[0] == "wasm-ld")
            {
                reportWasmLd?.Invoke(Enum.Parse<Verdict>(words[2]));
                continue;
            }
            current = number;
            isOver = words[0] == "end";
            if (isOver)
                report(number, new CaseResult(Enum.Parse<Verdict>(words[2]), words[3]));
        }
        process.WaitForExit();
        if (process.ExitCode == Worker.SetupExitCode)
            throw new Inputs.FuzzSetupException(errors.Result.Trim());
        if (isOver && process.ExitCode is 0 or 1)
            return null;
        if (current is not int last)
            throw new Inputs.FuzzSetupException("the worker did not start: " + errors.Result);
        report(last, process.ExitCode == Worker.MemoryExitCode
            ? new CaseResult(Verdict.Memory, "memory limit")
            : new CaseResult(Verdict.Crash, $"exit code {process.ExitCode}: {FirstLines(errors.Result)}"));
        return last;
    }

    private static Process Start(IEnumerable<string> arguments)
    {
        string program = Environment.ProcessPath!;
        bool isHost = Path.GetFileNameWithoutExtension(program) == "dotnet";
        string[] all = [.. isHost ? [typeof(ChildProcess).Assembly.Location] : (string[])[], .. arguments];
        var start = new ProcessStartInfo(program, all) { RedirectStandardOutput = true, RedirectStandardError = true };
        // A core dump of a crash would only cost time.
        start.Environment["DOTNET_DbgEnableMiniDump"] = "0";
        return Process.Start(start)!;
    }

    private static string FirstLines(string text) => string.Join(" ", text.Split('\n').Take(6).Select(static line => line.Trim()));
}
