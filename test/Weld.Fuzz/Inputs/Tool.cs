using System.Diagnostics;

namespace Weld.Fuzz.Inputs;

/// <summary>Runs other programs.</summary>
public static class Tool
{
    public sealed record Result(int ExitCode, string Output, string Error);

    /// <summary>Runs a tool that must be there and must succeed.</summary>
    public static string Run(string directory, string tool, params IEnumerable<string> arguments)
    {
        Result result = TryRun(directory, tool, arguments, TimeSpan.FromMinutes(1)) ?? throw new FuzzSetupException($"{tool} did not end");
        return result.ExitCode == 0
            ? result.Output
            : throw new FuzzSetupException($"{tool} {string.Join(' ', arguments)} failed with {result.ExitCode}:\n{result.Error}");
    }

    /// <returns>Null when the tool did not end in time; it is killed then.</returns>
    public static Result? TryRun(string directory, string tool, IEnumerable<string> arguments, TimeSpan limit)
    {
        var start = new ProcessStartInfo(tool, arguments)
        {
            WorkingDirectory = directory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            using Process process = Process.Start(start)!;
            Task<string> output = process.StandardOutput.ReadToEndAsync();
            Task<string> error = process.StandardError.ReadToEndAsync();
            if (process.WaitForExit(limit))
                return new Result(process.ExitCode, output.Result, error.Result);
            process.Kill(entireProcessTree: true);
            return null;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new FuzzSetupException($"cannot run {tool}: {e.Message}. The fuzzer needs clang-22, llvm-ar-22, lld-22, wabt, node and wasi-libc (make test installs them).", e);
        }
    }
}

/// <summary>The fuzzer itself cannot run.</summary>
public sealed class FuzzSetupException : Exception
{
    public FuzzSetupException()
    {
    }

    public FuzzSetupException(string message)
        : base(message)
    {
    }

    public FuzzSetupException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
