using Weld.Linker.Options;

namespace Weld.UnitTests.Compatibility;

/// <summary>Finds options in text with the linker's own parser, so that <c>-mllvm</c> is not taken for <c>-m</c>.</summary>
internal static class OptionUse
{
    private static readonly char[] Separators = [' ', '\n', '"', ',', '[', ']'];

    public static IEnumerable<Option> In(string text) =>
        from word in text.Split(Separators, StringSplitOptions.RemoveEmptyEntries)
        let argument = word.TrimEnd('.', ':', ')')
        where argument.Length > 1 && argument[0] == '-' && argument[1] != '>'
        // The value of an option that has it in the next argument.
        from parsed in OptionParser.Parse([argument, "value"], null)
        where parsed.Option is not null
        select parsed.Option;
}
