using Weld.Base;
using Weld.Wasm.Binary;

namespace Weld.Wasm.Sections;

/// <summary>The type of a global.</summary>
public readonly record struct GlobalType(ValueType Type, bool IsMutable)
{
    public static GlobalType Read(ref WasmReader reader)
    {
        byte type = reader.ReadByte();
        if (!ValueTypes.IsKnown(type))
            throw reader.Malformed(type is 0x63 or 0x64
                ? "the file has unmodeled reference or GC types"
                : $"unknown value type 0x{type:x2}");
        byte mutability = reader.ReadByte();
        if (mutability > 1)
            throw reader.Malformed($"invalid mutability {mutability}");
        return new GlobalType((ValueType)type, mutability == 1);
    }

    public void Write(WasmWriter writer)
    {
        writer.WriteByte((byte)Type);
        writer.WriteByte(IsMutable ? (byte)1 : (byte)0);
    }

    /// <summary>The form of wasm-ld's messages: <c>var i32</c> or <c>const i32</c>.</summary>
    public override string ToString() => $"{(IsMutable ? "var" : "const")} {ValueTypes.Name(Type) ?? "?"}";
}

/// <summary>A global: its type and its initial value as a constant expression, end opcode included.</summary>
public readonly record struct Global(GlobalType Type, Utf8String InitialValue);

/// <summary>Section 6: the globals that the module defines.</summary>
/// <remarks>https://webassembly.github.io/spec/core/binary/modules.html#global-section</remarks>
public static class GlobalSection
{
    public static Global[] Read(ref WasmReader reader)
    {
        var globals = new Global[reader.ReadCount("global", minimumSize: 4)];
        for (int i = 0; i < globals.Length; i++)
            globals[i] = new Global(GlobalType.Read(ref reader), Utf8String.FromPinned(ConstantExpression.Read(ref reader)));
        return globals;
    }

    public static void Write(WasmWriter writer, ReadOnlySpan<Global> globals)
    {
        writer.WriteLebU32((uint)globals.Length);
        foreach (Global global in globals)
        {
            global.Type.Write(writer);
            writer.WriteBytes(global.InitialValue.Bytes);
        }
    }
}
