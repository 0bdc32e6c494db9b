using System.Text;

namespace Weld.Linker.Options;

/// <summary>The text of <c>--help</c>, and docs/options.md, both made from <see cref="OptionTable"/>.</summary>
public static class OptionHelp
{
    private const int HelpColumn = 28;

    /// <summary>The text of <c>--help</c>. Its first lines are those that Meson looks for.</summary>
    public static string Print(string program)
    {
        var text = new StringBuilder();
        text.Append("OVERVIEW: LLVM Linker compatible WebAssembly linker\n\nUSAGE: ").Append(program).Append(" [options] file...\n\nOPTIONS:\n");
        text.Append(PrintRows(Sorted()));
        return text.ToString();
    }

    /// <summary>The lines of options, as in <c>--help</c>.</summary>
    public static string PrintRows(IEnumerable<Option> options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var text = new StringBuilder();
        foreach (Option option in options)
        {
            foreach (OptionSpelling spelling in option.Spellings)
                AppendRow(text, Usage(spelling, option.Metavar), option.Help + Note(option.Status));
            foreach (OptionSpelling alias in option.Aliases)
                AppendRow(text, Usage(alias, option.Metavar), $"Alias for {option.Name}");
        }
        return text.ToString();
    }

    /// <summary>The contents of docs/options.md.</summary>
    public static string PrintMarkdown()
    {
        var text = new StringBuilder();
        text.Append("# Options\n\nMade from `src/Weld.Linker/Options/OptionTable.cs`; `WELD_BLESS=1 make test` rewrites it.\n\n");
        text.Append("Spellings are wasm-ld 22's. \"1-2\" dashes: `-name` works as well as `--name`. A value follows its `=`, or is the next\n");
        text.Append("argument where a spelling without `=` is listed with one. Status: **yes** works as in wasm-ld; **not yet** is refused\n");
        text.Append("with a message; **no effect** is accepted and cannot change what weld writes. Options that are \"not in wasm-ld\" are\n");
        text.Append("weld's own, or those of other linkers that build systems pass.\n\n");
        text.Append("| option | dashes | also | meaning | status |\n|---|---|---|---|---|\n");
        foreach (Option option in Sorted())
        {
            text.Append("| ").AppendJoin("<br>", option.Spellings.Select(spelling => Code(Usage(spelling, option.Metavar))));
            text.Append(" | ").Append(Dashes(option.Spellings[0].Dashes));
            text.Append(" | ").AppendJoin("<br>", option.Aliases.Select(alias => Code(Usage(alias, option.Metavar))));
            text.Append(" | ").Append(Escape(option.Help));
            text.Append(" | ").Append(StatusWord(option.Status)).Append(option.IsExtra ? ", not in wasm-ld" : "").Append(" |\n");
        }
        return text.ToString();
    }

    private static IEnumerable<Option> Sorted() => OptionTable.Rows
        .OrderBy(option => option.Name.TrimStart('-'), StringComparer.OrdinalIgnoreCase)
        .ThenBy(option => option.Name, StringComparer.Ordinal);

    private static string Usage(OptionSpelling spelling, string? metavar) => spelling.Shape switch
    {
        OptionShape.Flag => spelling.ToString(),
        OptionShape.Joined => spelling + metavar,
        _ => $"{spelling} {metavar}",
    };

    private static void AppendRow(StringBuilder text, string usage, string help)
    {
        text.Append("  ").Append(usage);
        if (usage.Length + 3 > HelpColumn)
            text.Append('\n').Append(' ', HelpColumn);
        else
            text.Append(' ', HelpColumn - usage.Length - 2);
        text.Append(help).Append('\n');
    }

    private static string Note(OptionStatus status) => status switch
    {
        OptionStatus.NotYet => " (not implemented yet)",
        OptionStatus.Ignored => " (no effect)",
        _ => "",
    };

    private static string StatusWord(OptionStatus status) => status switch
    {
        OptionStatus.NotYet => "not yet",
        OptionStatus.Ignored => "no effect",
        _ => "yes",
    };

    private static string Dashes(OptionDashes dashes) => dashes switch
    {
        OptionDashes.One => "1",
        OptionDashes.Two => "2",
        _ => "1-2",
    };

    private static string Code(string text) => $"`{text}`";

    private static string Escape(string text) => text.Replace("<", "\\<", StringComparison.Ordinal);
}
