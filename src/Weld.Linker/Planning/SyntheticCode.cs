using Weld.Wasm.Binary;

namespace Weld.Linker.Planning;

/// <summary>The few instructions that the linker's own functions are made of.</summary>
public static class SyntheticCode
{
    private const byte AtomicPrefix = 0xfe;
    private const byte MiscPrefix = 0xfc;
    private const byte WordAlignment = 2;
    private const byte NoResult = 0x40;

    public static void End(WasmWriter writer) => writer.WriteByte(0x0b);

    public static void Block(WasmWriter writer)
    {
        writer.WriteByte(0x02);
        writer.WriteByte(NoResult);
    }

    public static void Branch(WasmWriter writer, uint label)
    {
        writer.WriteByte(0x0c);
        writer.WriteLebU32(label);
    }

    /// <summary>Branches to the label that the operand selects; to the last one when there are not so many.</summary>
    public static void BranchTable(WasmWriter writer, params ReadOnlySpan<uint> labels)
    {
        writer.WriteByte(0x0e);
        writer.WriteLebU32((uint)labels.Length - 1);
        foreach (uint label in labels)
            writer.WriteLebU32(label);
    }

    public static void Drop(WasmWriter writer) => writer.WriteByte(0x1a);

    public static void Call(WasmWriter writer, uint function) => WithIndex(writer, 0x10, function);

    public static void LocalGet(WasmWriter writer, uint local) => WithIndex(writer, 0x20, local);

    public static void LocalSet(WasmWriter writer, uint local) => WithIndex(writer, 0x21, local);

    public static void LocalTee(WasmWriter writer, uint local) => WithIndex(writer, 0x22, local);

    public static void GlobalGet(WasmWriter writer, uint global) => WithIndex(writer, 0x23, global);

    public static void GlobalSet(WasmWriter writer, uint global) => WithIndex(writer, 0x24, global);

    public static void I32Const(WasmWriter writer, int value)
    {
        writer.WriteByte(0x41);
        writer.WriteLebS32(value);
    }

    public static void I64Const(WasmWriter writer, long value)
    {
        writer.WriteByte(0x42);
        writer.WriteLebS64(value);
    }

    /// <summary>An address or a size in memory.</summary>
    public static void AddressConst(WasmWriter writer, ulong value, bool is64)
    {
        if (is64)
            I64Const(writer, (long)value);
        else
            I32Const(writer, (int)(uint)value);
    }

    public static void Add(WasmWriter writer, bool is64) => writer.WriteByte(is64 ? (byte)0x7c : (byte)0x6a);

    /// <summary>Stores a word of four or eight bytes; the hint says four, which is always true.</summary>
    public static void Store(WasmWriter writer, bool is64)
    {
        writer.WriteByte(is64 ? (byte)0x37 : (byte)0x36);
        WordAccess(writer);
    }

    public static void MemoryFill(WasmWriter writer)
    {
        Misc(writer, 11);
        writer.WriteByte(0);
    }

    public static void MemoryInit(WasmWriter writer, uint segment)
    {
        Misc(writer, 8);
        writer.WriteLebU32(segment);
        writer.WriteByte(0);
    }

    public static void DataDrop(WasmWriter writer, uint segment)
    {
        Misc(writer, 9);
        writer.WriteLebU32(segment);
    }

    /// <summary><c>memory.atomic.notify</c> of a word.</summary>
    public static void AtomicNotify(WasmWriter writer) => Atomic(writer, 0x00);

    /// <summary><c>memory.atomic.wait32</c>.</summary>
    public static void AtomicWait(WasmWriter writer) => Atomic(writer, 0x01);

    /// <summary><c>i32.atomic.store</c>.</summary>
    public static void AtomicStore(WasmWriter writer) => Atomic(writer, 0x17);

    /// <summary><c>i32.atomic.rmw.cmpxchg</c>.</summary>
    public static void AtomicCompareExchange(WasmWriter writer) => Atomic(writer, 0x48);

    private static void WithIndex(WasmWriter writer, byte opcode, uint index)
    {
        writer.WriteByte(opcode);
        writer.WriteLebU32(index);
    }

    private static void Misc(WasmWriter writer, uint opcode)
    {
        writer.WriteByte(MiscPrefix);
        writer.WriteLebU32(opcode);
    }

    private static void Atomic(WasmWriter writer, byte opcode)
    {
        writer.WriteByte(AtomicPrefix);
        writer.WriteByte(opcode);
        WordAccess(writer);
    }

    private static void WordAccess(WasmWriter writer)
    {
        writer.WriteByte(WordAlignment);
        writer.WriteByte(0);
    }
}
