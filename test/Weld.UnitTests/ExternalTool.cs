using System.Diagnostics;

namespace Weld.UnitTests;

/// <summary>Runs the tools that tests compare with. A tool that is not installed fails the test.</summary>
internal static class ExternalTool
{
    public sealed record Result(int ExitCode, string Output, string Error);

    /// <summary>Runs a tool that must succeed.</summary>
    public static string Run(string directory, string tool, params string[] arguments)
    {
        Result result = TryRun(directory, tool, arguments);
        return result.ExitCode == 0
            ? result.Output
            : throw new InvalidOperationException($"{tool} {string.Join(' ', arguments)} failed with {result.ExitCode}:\n{result.Error}");
    }

    public static Result TryRun(string directory, string tool, params string[] arguments)
    {
        var start = new ProcessStartInfo(tool, arguments)
        {
            WorkingDirectory = directory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start) ?? throw new InvalidOperationException($"cannot start {tool}");
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new Result(process.ExitCode, output, error.GetAwaiter().GetResult());
    }
}
