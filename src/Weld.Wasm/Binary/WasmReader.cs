using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Weld.Base.Diagnostics;

namespace Weld.Wasm.Binary;

/// <summary>Reads wasm primitives from a part of a file, and knows the file offset for error messages.</summary>
/// <remarks>Every count and length is checked against the bytes that are left before it is used. All methods throw
/// <see cref="MalformedInputException"/> with the file offset, and nothing else.</remarks>
public ref struct WasmReader
{
    // Two places and no index: reading a byte is one comparison and one load.
    private readonly ref readonly byte _end;
    private ref readonly byte _next;
    private readonly long _endOffset;
    private readonly int _length;

    public WasmReader(ReadOnlySpan<byte> bytes, long fileOffset = 0)
    {
        _next = ref MemoryMarshal.GetReference(bytes);
        _end = ref Unsafe.Add(ref MemoryMarshal.GetReference(bytes), bytes.Length);
        _endOffset = fileOffset + bytes.Length;
        _length = bytes.Length;
    }

    /// <summary>The file offset of the next byte.</summary>
    public readonly long FileOffset => _endOffset - Remaining;

    /// <summary>The position of the next byte in the span that is read.</summary>
    public readonly int Position => _length - Remaining;

    public readonly int Remaining => (int)Unsafe.ByteOffset(in _next, in _end);

    public readonly bool AtEnd => !Unsafe.IsAddressLessThan(in _next, in _end);

    /// <summary>All bytes that are left.</summary>
    internal readonly ReadOnlySpan<byte> Rest => MemoryMarshal.CreateReadOnlySpan(in _next, Remaining);

    /// <summary>The next byte and, behind it, the <see cref="Remaining"/> others, for readers that check lengths themselves.</summary>
    internal readonly ref readonly byte Next => ref _next;

    /// <summary>Steps over bytes that were read through <see cref="Next"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Advance(int count) => _next = ref Unsafe.Add(ref Unsafe.AsRef(in _next), count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte ReadByte()
    {
        byte result = PeekByte();
        Advance(1);
        return result;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly byte PeekByte()
    {
        if (AtEnd)
            ThrowEnd(1);
        return _next;
    }

    /// <summary>Reads an unsigned LEB128 of at most 32 bits (at most five bytes).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint ReadLebU32()
    {
        if (AtEnd || _next >= 0x80)
            return ReadLongLebU32();
        uint result = _next;
        Advance(1);
        return result;
    }

    /// <summary>Reads an unsigned LEB128 of at most 64 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong ReadLebU64()
    {
        if (AtEnd || _next >= 0x80)
            return ReadUnsignedLeb(64);
        ulong result = _next;
        Advance(1);
        return result;
    }

    /// <summary>Reads a signed LEB128 of at most 32 bits.</summary>
    public int ReadLebS32()
    {
        if (AtEnd || _next >= 0x80)
            return (int)ReadSignedLeb(32);
        int result = _next << 25 >> 25;
        Advance(1);
        return result;
    }

    /// <summary>Reads a signed LEB128 of at most 64 bits.</summary>
    public long ReadLebS64() => ReadSignedLeb(64);

    public uint ReadU32() => BitConverter.IsLittleEndian
        ? Unsafe.ReadUnaligned<uint>(ref Unsafe.AsRef(in ReadBytes(4)[0]))
        : System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(ReadBytes(4));

    /// <summary>Reads a count of things that take at least <paramref name="minimumSize"/> bytes each.</summary>
    public int ReadCount(string what, int minimumSize = 1)
    {
        long offset = FileOffset;
        uint count = ReadLebU32();
        if ((ulong)count * (uint)minimumSize > (uint)Remaining)
            ThrowCount(what, count, offset);
        return (int)count;
    }

    /// <summary>Reads a length and that many bytes.</summary>
    public ReadOnlySpan<byte> ReadName() => ReadBytes(ReadLebU32());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadOnlySpan<byte> ReadBytes(uint count)
    {
        if (count > (uint)Remaining)
            ThrowEnd(count);
        ReadOnlySpan<byte> result = MemoryMarshal.CreateReadOnlySpan(in _next, (int)count);
        Advance((int)count);
        return result;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Skip(uint count) => ReadBytes(count);

    /// <summary>An error at the next byte.</summary>
    public readonly MalformedInputException Malformed(string message) => new(message, FileOffset);

    // Two to five bytes; what does not fit, or is near the end, takes the general way.
    private uint ReadLongLebU32()
    {
        if (Remaining < Leb128.Padded32)
            return (uint)ReadUnsignedLeb(32);
        ref byte start = ref Unsafe.AsRef(in _next);
        uint result = start & 0x7fu;
        uint second = Unsafe.Add(ref start, 1);
        if (second < 0x80)
        {
            Advance(2);
            return result | second << 7;
        }
        result |= (second & 0x7f) << 7;
        for (int i = 2; i < Leb128.Padded32 - 1; i++)
        {
            uint b = Unsafe.Add(ref start, i);
            result |= (b & 0x7f) << (7 * i);
            if (b >= 0x80)
                continue;
            Advance(i + 1);
            return result;
        }
        // Padded numbers are not rare: objects have them wherever a size was known late.
        uint last = Unsafe.Add(ref start, Leb128.Padded32 - 1);
        if (last >= 0x10)
            return (uint)ReadUnsignedLeb(32);
        Advance(Leb128.Padded32);
        return result | last << 28;
    }

    private ulong ReadUnsignedLeb(int bits)
    {
        ulong result = 0;
        long start = FileOffset;
        for (int shift = 0; ; shift += 7)
        {
            byte b = ReadByte();
            int left = bits - shift;
            if (left < 7 && b >> left != 0)
                ThrowLeb(start, bits);
            result |= (ulong)(b & 0x7f) << shift;
            if (b < 0x80)
                return result;
        }
    }

    private long ReadSignedLeb(int bits)
    {
        long result = 0;
        long start = FileOffset;
        for (int shift = 0; ; shift += 7)
        {
            byte b = ReadByte();
            int left = bits - shift;
            // In the last byte, the bits above the value must all equal its sign bit, and no byte may follow.
            if (left <= 7)
            {
                int sign = (sbyte)(b << 1) >> left;
                if (b >= 0x80 || (sign != 0 && sign != -1))
                    ThrowLeb(start, bits);
            }
            result |= (long)(b & 0x7f) << shift;
            if (b < 0x80)
            {
                int used = shift + 7;
                return used < 64 && (b & 0x40) != 0 ? result | (-1L << used) : result;
            }
        }
    }

    [DoesNotReturn]
    private readonly void ThrowEnd(uint count) =>
        throw new MalformedInputException($"unexpected end: {count} byte(s) needed, {Remaining} left", FileOffset);

    [DoesNotReturn]
    private readonly void ThrowCount(string what, uint count, long offset) =>
        throw new MalformedInputException($"{what} count {count} is larger than the {Remaining} bytes that are left", offset);

    [DoesNotReturn]
    private static void ThrowLeb(long start, int bits) =>
        throw new MalformedInputException($"LEB128 value does not fit into {bits} bits", start);
}
