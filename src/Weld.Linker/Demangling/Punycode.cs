using System.Text;

namespace Weld.Linker.Demangling;

/// <summary>The encoding of identifiers beyond ASCII in Rust names.</summary>
/// <remarks>RFC 3492, but with <c>_</c> between the ASCII characters and the rest.</remarks>
internal static class Punycode
{
    private const ulong Base = 36;
    private const ulong TMin = 1;
    private const ulong TMax = 26;
    private const ulong Skew = 38;
    private const ulong FirstDamp = 700;

    // Inserting is quadratic; no identifier has this many characters.
    private const int LongestIdentifier = 4096;

    /// <summary>Appends the decoded identifier; if false, there may be leftovers.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> encoded, Utf8Buffer output)
    {
        if (encoded.Length > LongestIdentifier)
            return false;

        // Each character takes four bytes until all are there, so that positions are easy to find.
        int start = output.Length;
        Span<byte> character = stackalloc byte[4];
        int delimiter = encoded.LastIndexOf((byte)'_');
        for (int i = 0; i < delimiter; i++)
        {
            character.Clear();
            character[0] = encoded[i];
            output.Append(character);
        }

        int next = delimiter + 1;
        ulong bias = 72;
        ulong damp = FirstDamp;
        ulong codePoint = 0x80;
        ulong position = 0;
        while (next < encoded.Length)
        {
            ulong before = position;
            if (!TryReadDelta(encoded, ref next, bias, ref position))
                return false;

            ulong count = ((ulong)(output.Length - start) / 4) + 1;
            bias = Adapt(position - before, count, ref damp);
            ulong step = position / count;
            if (step > ulong.MaxValue - codePoint)
                return false;
            codePoint += step;
            position %= count;

            if (codePoint > 0x10FFFF || !Rune.TryCreate((int)codePoint, out Rune rune) || output.IsFull)
                return false;
            character.Clear();
            rune.EncodeToUtf8(character);
            output.Insert(start + ((int)position * 4), character);
            position++;
        }
        output.RemoveZeros(start);
        return true;
    }

    private static bool TryReadDelta(ReadOnlySpan<byte> encoded, ref int next, ulong bias, ref ulong position)
    {
        ulong weight = 1;
        for (ulong k = Base; ; k += Base)
        {
            if (next == encoded.Length)
                return false;
            byte letter = encoded[next++];
            ulong digit;
            if (char.IsAsciiLetterLower((char)letter))
                digit = (ulong)(letter - 'a');
            else if (char.IsAsciiDigit((char)letter))
                digit = (ulong)(letter - '0') + 26;
            else
                return false;

            if (digit > (ulong.MaxValue - position) / weight)
                return false;
            position += digit * weight;

            ulong threshold = k <= bias ? TMin : k >= bias + TMax ? TMax : k - bias;
            if (digit < threshold)
                return true;
            if (weight > ulong.MaxValue / (Base - threshold))
                return false;
            weight *= Base - threshold;
        }
    }

    private static ulong Adapt(ulong delta, ulong count, ref ulong damp)
    {
        delta /= damp;
        damp = 2;
        delta += delta / count;
        ulong k = 0;
        for (; delta > (Base - TMin) * TMax / 2; k += Base)
            delta /= Base - TMin;
        return k + ((Base - TMin + 1) * delta / (delta + Skew));
    }
}
