using System.Text;

namespace Weld.OracleTests.Modules;

/// <summary>Reads wasm primitives. Anything odd is an exception: the modules were validated before.</summary>
public sealed class ByteReader(byte[] bytes, int start, int end)
{
    public int Position { get; private set; } = start;
    public bool AtEnd => Position >= end;

    public byte Byte() => Position < end ? bytes[Position++] : throw new InvalidDataException($"end of data at {Position}");

    public ReadOnlySpan<byte> Bytes(int count)
    {
        if (count < 0 || count > end - Position)
            throw new InvalidDataException($"{count} bytes at {Position} reach beyond {end}");
        Position += count;
        return bytes.AsSpan(Position - count, count);
    }

    public uint Unsigned() => checked((uint)UnsignedLong());

    public ulong UnsignedLong()
    {
        ulong value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte part = Byte();
            value |= (ulong)(part & 0x7f) << shift;
            if (part < 0x80)
                return value;
        }
    }

    public long Signed()
    {
        long value = 0;
        int shift = 0;
        byte part;
        do
        {
            part = Byte();
            value |= (long)(part & 0x7f) << shift;
            shift += 7;
        }
        while (part >= 0x80);
        return shift < 64 && (part & 0x40) != 0 ? value | (-1L << shift) : value;
    }

    public string Text() => Encoding.UTF8.GetString(Bytes((int)Unsigned()));
}
