namespace Weld.OracleTests.Modules;

/// <summary>Value types, limits and block types as text.</summary>
public static class TypeText
{
    public static string ValueType(ByteReader reader) => ValueType(reader.Byte(), reader);

    public static string Limits(ByteReader reader)
    {
        byte flags = reader.Byte();
        string text = $"min {reader.UnsignedLong()}";
        if ((flags & 1) != 0)
            text += $" max {reader.UnsignedLong()}";
        if ((flags & 2) != 0)
            text += " shared";
        if ((flags & 4) != 0)
            text += " 64";
        if ((flags & 8) != 0)
            text += $" page {reader.UnsignedLong()}";
        return text;
    }

    public static string Table(ByteReader reader) => $"{ValueType(reader)} {Limits(reader)}";

    public static string Global(ByteReader reader)
    {
        string type = ValueType(reader);
        return reader.Byte() == 1 ? $"mut {type}" : type;
    }

    /// <summary>A block's type: none, one value, or a signature by index.</summary>
    public static string Block(ByteReader reader, Module module)
    {
        long value = reader.Signed();
        return value >= 0 ? module.Types[(int)value] : value == -64 ? "()" : ValueType((byte)(value & 0x7f), reader);
    }

    private static string ValueType(byte code, ByteReader reader) => code switch
    {
        0x7f => "i32",
        0x7e => "i64",
        0x7d => "f32",
        0x7c => "f64",
        0x7b => "v128",
        0x70 => "funcref",
        0x6f => "externref",
        0x69 => "exnref",
        0x63 or 0x64 => $"ref{code:x}:{reader.Signed()}",
        _ => $"type{code:x2}",
    };
}
