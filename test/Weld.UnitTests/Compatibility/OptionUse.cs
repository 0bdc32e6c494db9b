using Weld.Linker.Options;

namespace Weld.UnitTests.Compatibility;

/// <summary>Finds options in text with the linker's own parser, so that <c>-mllvm</c> is not taken for <c>-m</c>.</summary>
/// <remarks>Prose names <c>--lto-obj-path</c> without the <c>=</c> that belongs to it.</remarks>
internal static class OptionUse
{
    private static readonly char[] Separators = [' ', '\n', '"', ',', '[', ']'];

    public static IEnumerable<Option> In(string text) =>
        from word in text.Split(Separators, StringSplitOptions.RemoveEmptyEntries)
        let argument = word.TrimEnd('.', ':', ')')
        where argument.Length > 1 && argument[0] == '-' && argument[1] != '>'
        from option in Known(argument).DefaultIfEmpty(Known(argument + "=").FirstOrDefault())
        where option is not null
        select option;

    /// <summary>With a value behind it, for an option that has it in the next argument.</summary>
    private static IEnumerable<Option> Known(string argument) =>
        OptionParser.Parse([argument, "value"], null).Select(parsed => parsed.Option).OfType<Option>();
}
