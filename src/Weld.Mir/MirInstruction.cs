namespace Weld.Mir;

/// <summary>One instruction, eight bytes. What the operand means is the opcode's <see cref="MirEncoding"/>.</summary>
/// <param name="Opcode">The instruction.</param>
/// <param name="Detail">A small second operand: an alignment, a lane, flags.</param>
/// <param name="Operand">The operand, or where it starts in the function's extra words.</param>
public readonly record struct MirInstruction(MirOpcode Opcode, ushort Detail, uint Operand)
{
    /// <summary>In <see cref="Detail"/> of a memory access: the offset is an address, named by three extra words (kind, id, addend).</summary>
    public const ushort SymbolicOffset = 0x8000;

    /// <summary>In <see cref="Detail"/> of a block: the operand is a signature, not a value type.</summary>
    public const ushort SignatureBlock = 0x8000;

    /// <summary>The operand of a block without a result.</summary>
    public const uint EmptyBlock = 0x40;

    /// <summary>The alignment of a memory access, as a power of two.</summary>
    public int AlignmentLog2 => Detail & 0x3f;

    public bool HasSymbolicOffset => (Detail & SymbolicOffset) != 0;
}
