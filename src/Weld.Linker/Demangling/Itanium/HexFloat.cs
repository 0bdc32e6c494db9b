using System.Globalization;

namespace Weld.Linker.Demangling.Itanium;

/// <summary>Prints a floating-point literal, which the name has as its bits in hexadecimal, as C's <c>%a</c> does.</summary>
internal static class HexFloat
{
    private const int DoubleBias = 1023;
    private const int ExtendedBias = 16383;

    public static void Write(ReadOnlySpan<byte> bits, byte flags, Utf8Buffer output)
    {
        if ((flags & NodeFlag.LongDouble) != 0)
        {
            WriteExtended((int)ParseHex(bits[..4]), ParseHex(bits[4..]), output);
            output.Append((byte)'L');
        }
        else if ((flags & NodeFlag.Float) != 0)
        {
            WriteFloat((uint)ParseHex(bits), output);
            output.Append((byte)'f');
        }
        else
        {
            WriteDouble(ParseHex(bits), output);
        }
    }

    private static ulong ParseHex(ReadOnlySpan<byte> digits) => ulong.Parse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    // A float is printed as the double of the same value, so none is subnormal.
    private static void WriteFloat(uint bits, Utf8Buffer output) =>
        WriteDouble(BitConverter.DoubleToUInt64Bits(BitConverter.UInt32BitsToSingle(bits)), output);

    private static void WriteDouble(ulong bits, Utf8Buffer output)
    {
        const int FractionBits = 52;
        int exponent = (int)(bits >> FractionBits) & 0x7ff;
        ulong fraction = bits & ((1ul << FractionBits) - 1);
        WriteSign(bits >> 63 != 0, output);
        if (exponent == 0x7ff)
        {
            output.Append(fraction == 0 ? "inf"u8 : "nan"u8);
            return;
        }
        bool isNormal = exponent != 0;
        int shown = isNormal ? exponent - DoubleBias : fraction == 0 ? 0 : 1 - DoubleBias;
        WriteDigits(isNormal ? 1u : 0, fraction << (64 - FractionBits), shown, output);
    }

    // 64 bits of significand with the integer bit among them; the first digit shown has four of them.
    private static void WriteExtended(int signAndExponent, ulong significand, Utf8Buffer output)
    {
        int exponent = signAndExponent & 0x7fff;
        WriteSign((signAndExponent & 0x8000) != 0, output);
        bool hasIntegerBit = significand >> 63 != 0;
        if (exponent == 0x7fff && significand << 1 == 0 && hasIntegerBit)
        {
            output.Append("inf"u8);
            return;
        }
        if (exponent == 0x7fff || (exponent != 0 && !hasIntegerBit))
        {
            output.Append("nan"u8);
            return;
        }
        int shown = exponent != 0 ? exponent - (ExtendedBias + 3) : significand == 0 ? 0 : -(ExtendedBias + 2);
        WriteDigits((uint)(significand >> 60), significand << 4, shown, output);
    }

    private static void WriteSign(bool isNegative, Utf8Buffer output)
    {
        if (isNegative)
            output.Append((byte)'-');
    }

    /// <summary>Writes 0x, the first digit, the fraction from its top bit on without trailing zeros, and the exponent.</summary>
    private static void WriteDigits(uint first, ulong fraction, int exponent, Utf8Buffer output)
    {
        output.Append("0x"u8);
        output.Append(GetHexDigit(first));
        if (fraction != 0)
            output.Append((byte)'.');
        for (; fraction != 0; fraction <<= 4)
            output.Append(GetHexDigit((uint)(fraction >> 60)));
        output.Append((byte)'p');
        output.Append(exponent < 0 ? (byte)'-' : (byte)'+');
        output.AppendDecimal((ulong)Math.Abs(exponent));
    }

    private static byte GetHexDigit(uint value) => "0123456789abcdef"u8[(int)value];
}
