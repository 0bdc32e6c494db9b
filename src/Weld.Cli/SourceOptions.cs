using Weld.Linker.Options;

namespace Weld.Cli;

/// <summary>The options of the linker that mean the same to every command that reads AIR.</summary>
internal static class SourceOptions
{
    private static readonly string[] Names =
    [
        "--help", "-m", "--threads", "--error-limit", "--color-diagnostics", "--no-color-diagnostics", "--rsp-quoting",
    ];

    private static readonly Option Version = new() { Spellings = [new("version", OptionDashes.OneOrTwo, OptionShape.Flag)], Help = "Print the version" };

    /// <summary>The options of a command: its own and the common ones.</summary>
    public static Option[] With(params ReadOnlySpan<Option> own) => [.. own, Version, .. OptionTable.Rows.Where(static row => Array.IndexOf(Names, row.Name) >= 0)];

    public static string Help(string overview, string usage, Option[] table, string notes = "") => $"""
        OVERVIEW: {overview}

        USAGE: {usage}

        OPTIONS:
        {OptionHelp.PrintRows(table)}{notes}
        """;
}
