using Weld.Wasm.Binary;

namespace Weld.Linker.Planning;

/// <summary>The few instructions that the linker's own functions are made of.</summary>
public static class SyntheticCode
{
    public static void End(WasmWriter writer) => writer.WriteByte(0x0b);

    public static void Drop(WasmWriter writer) => writer.WriteByte(0x1a);

    public static void Call(WasmWriter writer, uint function)
    {
        writer.WriteByte(0x10);
        writer.WriteLebU32(function);
    }

    public static void LocalGet(WasmWriter writer, uint local)
    {
        writer.WriteByte(0x20);
        writer.WriteLebU32(local);
    }

    public static void I32Const(WasmWriter writer, int value)
    {
        writer.WriteByte(0x41);
        writer.WriteLebS32(value);
    }

    /// <summary>An address or a size in memory.</summary>
    public static void AddressConst(WasmWriter writer, ulong value, bool is64)
    {
        if (!is64)
        {
            I32Const(writer, (int)(uint)value);
            return;
        }
        writer.WriteByte(0x42);
        writer.WriteLebS64((long)value);
    }

    public static void MemoryFill(WasmWriter writer)
    {
        writer.WriteByte(0xfc);
        writer.WriteLebU32(11);
        writer.WriteByte(0);
    }
}
