using System.Diagnostics;
using System.Text;

namespace Weld.FileTests;

/// <summary>What a program printed, and its exit code.</summary>
internal sealed record ToolResult(int ExitCode, string Output, string Errors);

/// <summary>Runs the programs that cases need. A program that is missing fails the test.</summary>
internal static class Tool
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static ToolResult Run(string directory, string program, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program)
        {
            WorkingDirectory = directory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        using Process process = Process.Start(start) ?? throw new InvalidOperationException($"{program} does not start");
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(Limit))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} {string.Join(' ', start.ArgumentList)} takes more than {Limit.TotalSeconds} seconds");
        }
        return new ToolResult(process.ExitCode, output.Result, errors.Result);
    }

    /// <summary>Runs a program that prepares inputs, which must succeed.</summary>
    public static void Prepare(string directory, string program, params IEnumerable<string> arguments)
    {
        ToolResult result = Run(directory, program, arguments);
        if (result.ExitCode != 0)
            throw new InvalidOperationException($"{program} fails:\n{result.Errors}");
    }
}
