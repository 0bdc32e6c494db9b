using System.Buffers.Binary;
using System.Text;

namespace Weld.Wasm.Binary;

/// <summary>Builds a piece of wasm in a buffer that grows.</summary>
public sealed class WasmWriter
{
    private byte[] _buffer;

    public WasmWriter(int capacity = 256) => _buffer = GC.AllocateUninitializedArray<byte>(capacity);

    /// <summary>A writer that fills an array, and gets another one when that is full.</summary>
    public WasmWriter(byte[] buffer) => _buffer = buffer;

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, Length);

    /// <summary>What is written, without a copy; the writer must not be used after that.</summary>
    public ReadOnlyMemory<byte> WrittenMemory => _buffer.AsMemory(0, Length);

    /// <summary>What is written, for changes in place.</summary>
    public Span<byte> Editable => _buffer.AsSpan(0, Length);

    public byte[] ToArray() => Written.ToArray();

    public void WriteByte(byte value)
    {
        Reserve(1);
        _buffer[Length++] = value;
    }

    /// <summary>Room after what is written, at least <paramref name="count"/> bytes; <see cref="Advance"/> says how many were filled.</summary>
    public Span<byte> GetSpan(int count)
    {
        Reserve(count);
        return _buffer.AsSpan(Length);
    }

    public void Advance(int count) => Length += count;

    /// <summary>Forgets what is written; the buffer stays.</summary>
    public void Clear() => Length = 0;

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
        ref byte next = ref _buffer[Length];
        if (value < 0x80)
        {
            next = (byte)value;
            Length++;
            return;
        }
        Length += value <= uint.MaxValue ? Leb128.WriteU32(ref next, (uint)value) : Leb128.WriteU64(_buffer.AsSpan(Length), value);
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

    /// <summary>A signed number as five bytes, so that a relocation can replace it in place.</summary>
    public void WritePaddedLebS32(int value)
    {
        Leb128.WritePaddedS64(GetSpan(Leb128.Padded32)[..Leb128.Padded32], value);
        Advance(Leb128.Padded32);
    }

    /// <summary>A signed number as ten bytes.</summary>
    public void WritePaddedLebS64(long value)
    {
        Leb128.WritePaddedS64(GetSpan(Leb128.Padded64)[..Leb128.Padded64], value);
        Advance(Leb128.Padded64);
    }

    /// <summary>A number as ten bytes.</summary>
    public void WritePaddedLebU64(ulong value)
    {
        Leb128.WritePaddedU64(GetSpan(Leb128.Padded64)[..Leb128.Padded64], value);
        Advance(Leb128.Padded64);
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
