using System.Runtime.CompilerServices;

namespace Weld.Wasm.Binary;

/// <summary>Decodes LEB128 of up to four bytes in loops that read very many, and check by themselves that four bytes are there.</summary>
/// <remarks>With branches: numbers that follow each other in a file mostly have the same length.</remarks>
public static unsafe class ShortLeb
{
    /// <summary>The most bytes that are read at once.</summary>
    public const int Longest = sizeof(uint);

    /// <summary>Reads an unsigned number of up to 28 bits.</summary>
    /// <param name="next">Where it is; moved behind it.</param>
    /// <returns>The number; <see cref="uint.MaxValue"/> when it has more bytes.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint ReadU32(ref byte* next)
    {
        uint value = next[0];
        if (value < 0x80)
        {
            next += 1;
            return value;
        }
        uint part = next[1];
        value += (part << 7) - 0x80;
        if (part < 0x80)
        {
            next += 2;
            return value;
        }
        part = next[2];
        value += (part << 14) - (0x80 << 7);
        if (part < 0x80)
        {
            next += 3;
            return value;
        }
        part = next[3];
        value += (part << 21) - (0x80 << 14);
        next += 4;
        return part < 0x80 ? value : uint.MaxValue;
    }

    /// <summary>Reads a signed number of up to 28 bits.</summary>
    /// <param name="next">Where it is; moved behind it, and null when it has more bytes.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int ReadS32(ref byte* next)
    {
        int value = next[0];
        if (value < 0x80)
        {
            next += 1;
            return value << 25 >> 25;
        }
        int part = next[1];
        value += (part << 7) - 0x80;
        if (part < 0x80)
        {
            next += 2;
            return value << 18 >> 18;
        }
        part = next[2];
        value += (part << 14) - (0x80 << 7);
        if (part < 0x80)
        {
            next += 3;
            return value << 11 >> 11;
        }
        part = next[3];
        value += (part << 21) - (0x80 << 14);
        next = part < 0x80 ? next + 4 : null;
        return value << 4 >> 4;
    }
}
