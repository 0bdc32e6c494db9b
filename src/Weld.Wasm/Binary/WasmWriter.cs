using System.Buffers.Binary;
using System.Text;

namespace Weld.Wasm.Binary;

/// <summary>Builds a piece of wasm in a buffer that grows.</summary>
public sealed class WasmWriter
{
    private byte[] _buffer;

    public WasmWriter(int capacity = 256) => _buffer = new byte[capacity];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, Length);

    public byte[] ToArray() => Written.ToArray();

    public void WriteByte(byte value)
    {
        Reserve(1);
        _buffer[Length++] = value;
    }

    public void WriteBytes(ReadOnlySpan<byte> bytes)
    {
        Reserve(bytes.Length);
        bytes.CopyTo(_buffer.AsSpan(Length));
        Length += bytes.Length;
    }

    /// <summary>An index, count, size or other unsigned 32-bit number.</summary>
    public void WriteLebU32(uint value) => WriteLebU64(value);

    public void WriteLebU64(ulong value)
    {
        Reserve(Leb128.Padded64);
        Length += Leb128.WriteU64(_buffer.AsSpan(Length), value);
    }

    /// <summary>The immediate of an <c>i32.const</c>, or another signed 32-bit number.</summary>
    public void WriteLebS32(int value) => WriteLebS64(value);

    public void WriteLebS64(long value)
    {
        Reserve(Leb128.Padded64);
        Length += Leb128.WriteS64(_buffer.AsSpan(Length), value);
    }

    /// <summary>A number as five bytes, so that a relocation can replace it in place.</summary>
    public void WritePaddedLebU32(uint value)
    {
        Reserve(Leb128.Padded32);
        Leb128.WritePaddedU64(_buffer.AsSpan(Length, Leb128.Padded32), value);
        Length += Leb128.Padded32;
    }

    public void WriteU32(uint value)
    {
        Reserve(4);
        BinaryPrimitives.WriteUInt32LittleEndian(_buffer.AsSpan(Length), value);
        Length += 4;
    }

    /// <summary>A length and the bytes.</summary>
    public void WriteName(ReadOnlySpan<byte> utf8)
    {
        WriteLebU32((uint)utf8.Length);
        WriteBytes(utf8);
    }

    public void WriteName(string text) => WriteName(Encoding.UTF8.GetBytes(text));

    /// <summary>A length and what <paramref name="content"/> wrote.</summary>
    public void WriteSized(WasmWriter content)
    {
        WriteLebU32((uint)content.Length);
        WriteBytes(content.Written);
    }

    private void Reserve(int count)
    {
        if (_buffer.Length - Length < count)
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, checked(Length + count)));
    }
}
