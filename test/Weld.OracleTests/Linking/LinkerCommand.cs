using System.Text.RegularExpressions;
using Weld.TestSupport;

namespace Weld.OracleTests.Linking;

/// <summary>What clang would pass to its linker, so that a test can run linkers itself.</summary>
public static partial class LinkerCommand
{
    /// <param name="driver">clang or clang++.</param>
    /// <param name="driverArguments">Without output and <c>-fuse-ld</c>.</param>
    /// <returns>The arguments without program and output.</returns>
    public static string[] Of(string driver, IEnumerable<string> driverArguments)
    {
        ProcessResult dryRun = ProcessRunner.Run(driver, [.. driverArguments, "-###", "-o", "OUTPUT"]).RequireSuccess();
        // The linker's command is the last line.
        string line = dryRun.StandardError.TrimEnd().Split('\n')[^1];
        string[] words = [.. QuotedWord().Matches(line).Select(match => EscapedLetter().Replace(match.Groups[1].Value, "$1"))];
        if (words.Length < 3 || !words.AsSpan(words.Length - 2).SequenceEqual(["-o", "OUTPUT"]))
            throw new InvalidOperationException($"no linker command in: {line}");
        return words[1..^2];
    }

    [GeneratedRegex("\"((?:[^\"\\\\]|\\\\.)*)\"")]
    private static partial Regex QuotedWord();

    [GeneratedRegex(@"\\(.)")]
    private static partial Regex EscapedLetter();
}
