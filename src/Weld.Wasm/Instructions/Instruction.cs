namespace Weld.Wasm.Instructions;

/// <summary>One decoded instruction: its row in the opcode table, where it is, and its immediates.</summary>
public readonly ref struct Instruction
{
    public required WasmOpcodeInfo Opcode { get; init; }

    /// <summary>The position of the opcode in the bytes that are read.</summary>
    public int Position { get; init; }

    /// <summary>The position of the first immediate.</summary>
    public int ImmediatePosition { get; init; }

    /// <summary>The immediates as they are in the file.</summary>
    public ReadOnlySpan<byte> Immediates { get; init; }

    /// <summary>The first index, label or lane; of a memory access, the memory; of a list, its length.</summary>
    public uint Index { get; init; }

    /// <summary>The second index of instructions with two.</summary>
    public uint SecondIndex { get; init; }

    /// <summary>Of a memory access: the alignment as a power of two.</summary>
    public uint Alignment { get; init; }

    /// <summary>A constant, a block or heap type, or the offset of a memory access.</summary>
    public long Value { get; init; }

    /// <summary>The lane of a memory access with one.</summary>
    public byte Lane { get; init; }

    /// <summary>The bytes of the instruction.</summary>
    public int Size => ImmediatePosition - Position + Immediates.Length;
}
