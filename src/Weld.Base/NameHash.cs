using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Weld.Base;

/// <summary>The hash of names and strings: 64 bits, sixteen bytes a step, the same on every host and in every run.</summary>
/// <remarks>Two halves, which do not wait for each other, each multiply what they have read and fold it, so that all bytes
/// count: long mangled names share their first bytes. The upper half of a 128-bit product would mix better in one step, but takes
/// four multiplications where the processor's level is not known.</remarks>
public static class NameHash
{
    private const ulong Multiplier0 = 0x9E3779B97F4A7C15;
    private const ulong Multiplier1 = 0xD6E8FEB86659FD93;
    private const int Step = 2 * sizeof(ulong);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Compute(ReadOnlySpan<byte> bytes)
    {
        ref byte next = ref MemoryMarshal.GetReference(bytes);
        int length = bytes.Length;
        ulong first = unchecked((ulong)length * Multiplier0);
        ulong second = Multiplier1;
        if (length > Step)
        {
            // What is left over is read with bytes before it, in whole words.
            ref byte last = ref Unsafe.Add(ref next, length - Step);
            do
            {
                first = Mix(first ^ Read64(ref next), Multiplier1);
                second = Mix(second ^ Read64(ref Unsafe.Add(ref next, sizeof(ulong))), Multiplier0);
                next = ref Unsafe.Add(ref next, Step);
            }
            while (Unsafe.IsAddressLessThan(ref next, ref last));
            next = ref last;
            length = Step;
        }
        ulong head;
        ulong tail = 0;
        if (length >= sizeof(ulong))
        {
            head = Read64(ref next);
            tail = Read64(ref Unsafe.Add(ref next, length - sizeof(ulong)));
        }
        else if (length >= sizeof(uint))
        {
            head = Read32(ref next) | (ulong)Read32(ref Unsafe.Add(ref next, length - sizeof(uint))) << 32;
        }
        else
        {
            // The first, the middle and the last byte: all there are.
            head = length == 0 ? 0 : next | (ulong)Unsafe.Add(ref next, length >> 1) << 8 | (ulong)Unsafe.Add(ref next, length - 1) << 16;
        }
        first = Mix(first ^ head, Multiplier1);
        second = Mix(second ^ tail, Multiplier0);
        ulong hash = (first ^ BitOperations.RotateLeft(second, 23)) * Multiplier1;
        hash = (hash ^ hash >> 32) * Multiplier0;
        return hash ^ hash >> 32;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Read64(ref byte start)
    {
        ulong value = Unsafe.ReadUnaligned<ulong>(ref start);
        return BitConverter.IsLittleEndian ? value : System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Read32(ref byte start)
    {
        uint value = Unsafe.ReadUnaligned<uint>(ref start);
        return BitConverter.IsLittleEndian ? value : System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(value);
    }

    // The product's upper bits depend on most of the value, so they go below as well. Not by whole bytes: a byte that is read twice
    // could meet itself there and be gone.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Mix(ulong value, ulong multiplier)
    {
        value *= multiplier;
        return value ^ value >> 29;
    }
}
