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
    private readonly ReadOnlySpan<byte> _bytes;
    private readonly long _fileOffset;
    private int _position;

    public WasmReader(ReadOnlySpan<byte> bytes, long fileOffset = 0)
    {
        _bytes = bytes;
        _fileOffset = fileOffset;
    }

    /// <summary>The file offset of the next byte.</summary>
    public readonly long FileOffset => _fileOffset + _position;

    /// <summary>The position of the next byte in the span that is read.</summary>
    public readonly int Position => _position;

    public readonly int Remaining => _bytes.Length - _position;

    public readonly bool AtEnd => _position == _bytes.Length;

    /// <summary>The next byte and, behind it, the <see cref="Remaining"/> others, for readers that check lengths themselves.</summary>
    internal readonly ref readonly byte Next => ref Unsafe.Add(ref MemoryMarshal.GetReference(_bytes), _position);

    /// <summary>Steps over bytes that were read through <see cref="Next"/>.</summary>
    internal void Advance(int count) => _position += count;

    public byte ReadByte()
    {
        if (_position >= _bytes.Length)
            ThrowEnd(1);
        return _bytes[_position++];
    }

    public readonly byte PeekByte()
    {
        if (_position >= _bytes.Length)
            ThrowEnd(1);
        return _bytes[_position];
    }

    /// <summary>Reads an unsigned LEB128 of at most 32 bits (at most five bytes).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint ReadLebU32()
    {
        int position = _position;
        if ((uint)position < (uint)_bytes.Length && _bytes[position] < 0x80)
        {
            _position = position + 1;
            return _bytes[position];
        }
        return ReadLongLebU32(position);
    }

    /// <summary>Reads an unsigned LEB128 of at most 64 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong ReadLebU64()
    {
        int position = _position;
        if ((uint)position < (uint)_bytes.Length && _bytes[position] < 0x80)
        {
            _position = position + 1;
            return _bytes[position];
        }
        return ReadUnsignedLeb(64);
    }

    /// <summary>Reads a signed LEB128 of at most 32 bits.</summary>
    public int ReadLebS32()
    {
        if (_position < _bytes.Length && _bytes[_position] < 0x80)
            return _bytes[_position++] << 25 >> 25;
        return (int)ReadSignedLeb(32);
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

    public ReadOnlySpan<byte> ReadBytes(uint count)
    {
        if (count > (uint)Remaining)
            ThrowEnd(count);
        ReadOnlySpan<byte> result = _bytes.Slice(_position, (int)count);
        _position += (int)count;
        return result;
    }

    public void Skip(uint count) => ReadBytes(count);

    /// <summary>An error at the next byte.</summary>
    public readonly MalformedInputException Malformed(string message) => new(message, FileOffset);

    // Two to four bytes, which cannot overflow; what is longer, or near the end, takes the general way.
    private uint ReadLongLebU32(int position)
    {
        if (_bytes.Length - position < Leb128.Padded32)
            return (uint)ReadUnsignedLeb(32);
        ref byte start = ref Unsafe.Add(ref MemoryMarshal.GetReference(_bytes), position);
        uint result = start & 0x7fu;
        for (int i = 1; i < Leb128.Padded32 - 1; i++)
        {
            uint b = Unsafe.Add(ref start, i);
            result |= (b & 0x7f) << (7 * i);
            if (b >= 0x80)
                continue;
            _position = position + i + 1;
            return result;
        }
        return (uint)ReadUnsignedLeb(32);
    }

    private ulong ReadUnsignedLeb(int bits)
    {
        ulong result = 0;
        int start = _position;
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
        int start = _position;
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
    private readonly void ThrowLeb(int start, int bits) =>
        throw new MalformedInputException($"LEB128 value does not fit into {bits} bits", _fileOffset + start);
}
