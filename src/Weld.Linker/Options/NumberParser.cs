using System.Globalization;

namespace Weld.Linker.Options;

/// <summary>Reads numbers with the prefixes of C and LLVM: <c>0x</c>, <c>0b</c>, <c>0o</c>, and <c>0</c> for octal.</summary>
public static class NumberParser
{
    public static bool TryParsePrefixed(ReadOnlySpan<char> text, out ulong number)
    {
        (int radix, int prefixLength) = text switch
        {
            ['0', 'x' or 'X', ..] => (16, 2),
            ['0', 'b' or 'B', ..] => (2, 2),
            ['0', 'o', ..] => (8, 2),
            ['0', >= '0' and <= '9', ..] => (8, 1),
            _ => (10, 0),
        };
        return TryParse(text[prefixLength..], radix, out number);
    }

    private static bool TryParse(ReadOnlySpan<char> digits, int radix, out ulong number)
    {
        number = 0;
        foreach (char character in digits)
        {
            int digit = char.IsAsciiHexDigit(character) ? int.Parse([character], NumberStyles.HexNumber, CultureInfo.InvariantCulture) : radix;
            if (digit >= radix || number > (ulong.MaxValue - (ulong)digit) / (ulong)radix)
                return false;
            number = (number * (ulong)radix) + (ulong)digit;
        }
        return digits.Length != 0;
    }
}
