using System.Text.RegularExpressions;
using Weld.Cli;

namespace Weld.UnitTests.Options;

/// <summary>What a linker said and did: weld within this process, or wasm-ld 22.</summary>
internal sealed partial record LinkerRun(int ExitCode, string Output, string Error)
{
    /// <summary>The severities and first lines of all messages, without program name, code and colors; sorted.</summary>
    public string[] Messages => [.. FirstLine().Matches(Error).Select(m => (m.Groups[1].Value + m.Groups[2].Value).Replace("use -error", "use --error", StringComparison.Ordinal)).Order()];

    public static LinkerRun Weld(params string[] arguments) => WeldAs("weld", arguments);

    public static LinkerRun WeldAs(string startedAs, params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        int exitCode = Subcommands.Run(arguments, new CommandShell(ProgramName.FromPath(startedAs), output, () => error));
        return new LinkerRun(exitCode, output.ToString(), error.ToString());
    }

    public static LinkerRun WasmLd(TempDirectory directory, params string[] arguments)
    {
        ExternalTool.Result result = ExternalTool.TryRun(directory.Path, "wasm-ld-22", arguments);
        return new LinkerRun(result.ExitCode, result.Output, result.Error);
    }

    [GeneratedRegex(@"^[^\s:]+: (?:\e\[[0-9;]+m)?(error: |warning: )(?:\e\[0m)?(.*?)(?: \[WELD[0-9]{4}\])?$", RegexOptions.Multiline)]
    private static partial Regex FirstLine();
}
