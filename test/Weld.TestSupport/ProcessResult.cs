namespace Weld.TestSupport;

/// <summary>What a program printed and how it ended.</summary>
public sealed record ProcessResult(string CommandLine, int ExitCode, string StandardOutput, string StandardError)
{
    public string AllOutput => StandardOutput + StandardError;

    /// <summary>For steps that only prepare a test: the test cannot go on when they fail.</summary>
    public ProcessResult RequireSuccess() =>
        ExitCode == 0 ? this : throw new InvalidOperationException($"exit code {ExitCode} of: {this}");

    public override string ToString() => $"{CommandLine}\n--- exit code {ExitCode}, stdout:\n{StandardOutput}\n--- stderr:\n{StandardError}";
}
