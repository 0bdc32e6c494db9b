using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Weld.Base;

/// <summary>The hash of names and strings: 64 bits, eight bytes a step, the same on every host and in every run.</summary>
/// <remarks>Multiply and fold with two constants; long mangled names share their first bytes, so all bytes count. The upper half
/// of a 128-bit product would mix better in one step, but takes four multiplications where the processor's level is not known.</remarks>
public static class NameHash
{
    private const ulong Multiplier0 = 0x9E3779B97F4A7C15;
    private const ulong Multiplier1 = 0xD6E8FEB86659FD93;

    public static ulong Compute(ReadOnlySpan<byte> bytes)
    {
        ref byte start = ref MemoryMarshal.GetReference(bytes);
        int length = bytes.Length;
        ulong hash = unchecked((ulong)length * Multiplier0);
        int position = 0;
        for (; position + 8 <= length; position += 8)
            hash = Fold(hash ^ Read64(ref start, position), Multiplier1);
        int rest = length - position;
        if (rest != 0)
        {
            ulong tail = 0;
            // A tail of a name that has at least eight bytes is read as its last eight, in one load.
            if (length >= 8)
                tail = Read64(ref start, length - 8);
            else
                for (int i = 0; i < rest; i++)
                    tail |= (ulong)Unsafe.Add(ref start, position + i) << (8 * i);
            hash = Fold(hash ^ tail, Multiplier1);
        }
        return Fold(hash, Multiplier0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Read64(ref byte start, int position)
    {
        ulong value = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref start, position));
        return BitConverter.IsLittleEndian ? value : System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Fold(ulong value, ulong multiplier)
    {
        value *= multiplier;
        return value ^ value >> 32;
    }
}
