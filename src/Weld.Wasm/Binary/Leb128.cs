using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Weld.Wasm.Binary;

/// <summary>LEB128 encodings: sizes, minimal forms, and the padded forms that relocations need.</summary>
/// <remarks>Signed and unsigned never share a method or a parameter type: an address written with the wrong one
/// changes its value from 64 on.</remarks>
public static class Leb128
{
    /// <summary>Bytes of a padded 32-bit LEB.</summary>
    public const int Padded32 = 5;

    /// <summary>Bytes of a padded 64-bit LEB.</summary>
    public const int Padded64 = 10;

    public static int SizeU32(uint value) => value < 1u << 7 ? 1 : value < 1u << 14 ? 2 : value < 1u << 21 ? 3 : value < 1u << 28 ? 4 : 5;

    public static int SizeU64(ulong value)
    {
        int size = 1;
        while ((value >>= 7) != 0)
            size++;
        return size;
    }

    public static int SizeS64(long value)
    {
        int size = 1;
        while (value is < -64 or > 63)
        {
            value >>= 7;
            size++;
        }
        return size;
    }

    /// <summary>Writes the minimal form and returns its size.</summary>
    public static int WriteU64(Span<byte> destination, ulong value)
    {
        int position = 0;
        while (value >= 0x80)
        {
            destination[position++] = (byte)(value | 0x80);
            value >>= 7;
        }
        destination[position++] = (byte)value;
        return position;
    }

    /// <summary>Writes the minimal form and returns its size.</summary>
    public static int WriteS64(Span<byte> destination, long value)
    {
        int position = 0;
        while (value is < -64 or > 63)
        {
            destination[position++] = (byte)((ulong)value | 0x80);
            value >>= 7;
        }
        destination[position++] = (byte)(value & 0x7f);
        return position;
    }

    /// <summary>Writes the minimal form and returns its size: for many numbers, because it has no branch for each length, which could not be foreseen.</summary>
    /// <param name="destination">The first of <see cref="Padded32"/> bytes; those after the number may be changed.</param>
    /// <param name="value">The number.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int WriteU32(ref byte destination, uint value)
    {
        if (value >> 28 != 0)
            return WriteU64(MemoryMarshal.CreateSpan(ref destination, Padded32), value);
        return WriteLow28(ref destination, value, SizeOfBits(BitOperations.Log2(value | 1)));
    }

    /// <summary>Writes the minimal form and returns its size, in the same way.</summary>
    /// <param name="destination">The first of <see cref="Padded64"/> bytes; those after the number may be changed.</param>
    /// <param name="value">The number.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int WriteS64(ref byte destination, long value)
    {
        if (value != (int)value << 4 >> 4)
            return WriteS64(MemoryMarshal.CreateSpan(ref destination, Padded64), value);
        var number = (int)value;
        // The sign takes a bit too.
        return WriteLow28(ref destination, (uint)number, SizeOfBits(BitOperations.Log2((uint)(number ^ number >> 31) << 1 | 1)));
    }

    // A seventh more, rounded up, for numbers of up to 32 bits.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int SizeOfBits(int highestBit) => (highestBit * 9 + 73) >> 6;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int WriteLow28(ref byte destination, uint value, int size)
    {
        uint bytes = SpreadLow28(value) & ~(1u << 8 * size - 1);
        Unsafe.WriteUnaligned(ref destination, BitConverter.IsLittleEndian ? bytes : BinaryPrimitives.ReverseEndianness(bytes));
        return size;
    }

    /// <summary>Writes an unsigned value in five bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void WritePadded32(Span<byte> destination, uint value)
    {
        destination[Padded32 - 1] = (byte)(value >> 28);
        BinaryPrimitives.WriteUInt32LittleEndian(destination, SpreadLow28(value));
    }

    /// <summary>Writes an unsigned value in five bytes.</summary>
    /// <param name="destination">The first of them.</param>
    /// <param name="value">The number.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void WritePadded32(ref byte destination, uint value)
    {
        uint bytes = SpreadLow28(value);
        Unsafe.WriteUnaligned(ref destination, BitConverter.IsLittleEndian ? bytes : BinaryPrimitives.ReverseEndianness(bytes));
        Unsafe.Add(ref destination, sizeof(uint)) = (byte)(value >> 28);
    }

    /// <summary>Writes a signed value in five bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void WritePadded32(Span<byte> destination, int value)
    {
        destination[Padded32 - 1] = (byte)(value >> 28 & 0x7f);
        BinaryPrimitives.WriteUInt32LittleEndian(destination, SpreadLow28((uint)value));
    }

    // Four groups of seven bits, each with the mark that another byte follows.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint SpreadLow28(uint value) =>
        (value & 0x7f) | (value << 1 & 0x7f00) | (value << 2 & 0x7f0000) | (value << 3 & 0x7f000000) | 0x80808080;

    /// <summary>Fills all of <paramref name="destination"/> with one unsigned value.</summary>
    public static void WritePaddedU64(Span<byte> destination, ulong value)
    {
        for (int i = 0; i < destination.Length - 1; i++, value >>= 7)
            destination[i] = (byte)(value | 0x80);
        destination[^1] = (byte)(value & 0x7f);
    }

    /// <summary>Fills all of <paramref name="destination"/> with one signed value.</summary>
    public static void WritePaddedS64(Span<byte> destination, long value)
    {
        for (int i = 0; i < destination.Length - 1; i++, value >>= 7)
            destination[i] = (byte)((ulong)value | 0x80);
        destination[^1] = (byte)(value & 0x7f);
    }
}
