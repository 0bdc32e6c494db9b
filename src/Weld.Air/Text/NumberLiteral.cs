using System.Globalization;
using System.Text;

namespace Weld.Air.Text;

/// <summary>Numbers as text, in both directions: integers of any width, and floats that are rounded once.</summary>
internal static class NumberLiteral
{
    /// <summary>Enough for the widest integer in decimal.</summary>
    public const int MostDigits = 20000;

    /// <summary>Beyond this, a power of ten is larger or smaller than every number of every format, whatever its digits.</summary>
    private const int MostExponent = 40000;

    public static bool TryParseInteger(ReadOnlySpan<char> text, out BigInteger value)
    {
        value = default;
        if (text.Length > MostDigits)
            return false;
        // A leading zero keeps a high digit from being taken for a sign.
        return text.StartsWith("0x") || text.StartsWith("0X")
            ? BigInteger.TryParse($"0{text[2..]}", NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value) && text.Length > 2
            : BigInteger.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
    }

    public static bool TryParseFloat(ReadOnlySpan<char> text, bool isNegative, FloatFormat format, out UInt128 bits)
    {
        bits = default;
        if (text.Length > MostDigits)
            return false;
        return text.StartsWith("0x") || text.StartsWith("0X")
            ? TryParseHex(text[2..], isNegative, format, out bits)
            : TryParseDecimal(text, isNegative, format, out bits);
    }

    /// <summary>The shortest text that means the same bits.</summary>
    public static void PrintFloat(StringBuilder output, FloatFormat format, UInt128 bits)
    {
        if (format.IsNaN(bits) || !IsNormalized(format, bits))
        {
            output.Append(bits == format.NaN ? "nan" : string.Create(CultureInfo.InvariantCulture, $"bits(0x{bits:x})"));
            return;
        }
        if (format.IsNegative(bits))
            output.Append('-');
        if (format.IsInfinite(bits))
            output.Append("inf");
        else
            PrintMagnitude(output, format, bits & ~format.SignBit);
    }

    private static void PrintMagnitude(StringBuilder output, FloatFormat format, UInt128 bits)
    {
        string text = format.Bits switch
        {
            16 => BitConverter.UInt16BitsToHalf((ushort)bits).ToString("R", CultureInfo.InvariantCulture),
            32 => BitConverter.UInt32BitsToSingle((uint)bits).ToString("R", CultureInfo.InvariantCulture),
            64 => BitConverter.UInt64BitsToDouble((ulong)bits).ToString("R", CultureInfo.InvariantCulture),
            _ => Hex(format, bits),
        };
        output.Append(text.Replace("E+", "e", StringComparison.Ordinal).Replace('E', 'e'));
    }

    private static string Hex(FloatFormat format, UInt128 bits)
    {
        (_, BigInteger significand, int exponent) = format.Decode(bits);
        if (significand.IsZero)
            return "0";
        while (significand.IsEven)
        {
            significand >>= 1;
            exponent++;
        }
        // To upper-case digits the exponent's E cannot be mistaken for one.
        return string.Create(CultureInfo.InvariantCulture, $"0x{(UInt128)significand:x}p{exponent}");
    }

    /// <summary>f80 has bit patterns that mean nothing.</summary>
    private static bool IsNormalized(FloatFormat format, UInt128 bits)
    {
        if (!format.IsFinite(bits))
            return format.IsNaN(bits) || bits == format.Infinity(format.IsNegative(bits));
        (bool isNegative, BigInteger significand, int exponent) = format.Decode(bits);
        return format.Encode(isNegative, significand, exponent) == bits;
    }

    private static bool TryParseDecimal(ReadOnlySpan<char> text, bool isNegative, FloatFormat format, out UInt128 bits)
    {
        bits = default;
        if (!TrySplit(text, "eE", out ReadOnlySpan<char> digits, out int exponent, out int afterPoint)
            || !BigInteger.TryParse(digits.ToString().Replace(".", "", StringComparison.Ordinal), NumberStyles.None, CultureInfo.InvariantCulture, out BigInteger significand))
            return false;
        exponent -= afterPoint;
        if (significand.IsZero || exponent < -MostExponent)
            bits = format.Zero(isNegative);
        else if (exponent > MostExponent)
            bits = format.Infinity(isNegative);
        else if (exponent >= 0)
            bits = format.Encode(isNegative, significand * BigInteger.Pow(10, exponent), 0);
        else
            bits = Divide(isNegative, significand, BigInteger.Pow(10, -exponent), format);
        return true;
    }

    private static UInt128 Divide(bool isNegative, BigInteger dividend, BigInteger divisor, FloatFormat format)
    {
        // So many bits that the quotient has more than the format; what is left only says that there is more.
        int shift = (int)Math.Max(0, format.FractionBits + 4 + divisor.GetBitLength() - dividend.GetBitLength());
        BigInteger quotient = BigInteger.DivRem(dividend << shift, divisor, out BigInteger rest);
        return format.Encode(isNegative, quotient, -shift, isInexact: !rest.IsZero);
    }

    private static bool TryParseHex(ReadOnlySpan<char> text, bool isNegative, FloatFormat format, out UInt128 bits)
    {
        bits = default;
        if (!TrySplit(text, "pP", out ReadOnlySpan<char> digits, out int exponent, out int afterPoint)
            || !BigInteger.TryParse($"0{digits.ToString().Replace(".", "", StringComparison.Ordinal)}", NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out BigInteger significand))
            return false;
        bits = format.Encode(isNegative, significand, exponent - (4L * afterPoint));
        return true;
    }

    private static bool TrySplit(ReadOnlySpan<char> text, string marks, out ReadOnlySpan<char> digits, out int exponent, out int afterPoint)
    {
        int mark = text.IndexOfAny(marks);
        digits = mark < 0 ? text : text[..mark];
        exponent = 0;
        int point = digits.IndexOf('.');
        afterPoint = point < 0 ? 0 : digits.Length - point - 1;
        if (digits.IsEmpty || point == 0)
            return false;
        if (mark < 0)
            return true;
        bool isNumber = BigInteger.TryParse(text[(mark + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out BigInteger large);
        const int Far = 1_000_000;
        exponent = (int)BigInteger.Clamp(large, -Far, Far);
        return isNumber;
    }
}
