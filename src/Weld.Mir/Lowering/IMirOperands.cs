using Weld.Wasm.Binary;

namespace Weld.Mir.Lowering;

/// <summary>Writes the operands that name something outside of the function: as final numbers, or with relocations.</summary>
public interface IMirOperands
{
    /// <summary>The number of errors, with the one that means none.</summary>
    uint ErrorCount { get; }

    /// <summary>Writes one operand, all bytes of it but the opcode.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="use">What is wanted of the target.</param>
    /// <param name="target">What is named.</param>
    /// <param name="addend">Added to an address.</param>
    /// <param name="alignmentLog2">Of a constant: the alignment that this use of it needs.</param>
    void Write(WasmWriter output, MirUse use, MirReference target, long addend, int alignmentLog2 = 0);
}
