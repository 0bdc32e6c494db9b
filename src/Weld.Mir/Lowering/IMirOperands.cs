using Weld.Wasm.Binary;

namespace Weld.Mir.Lowering;

/// <summary>Writes the operands that name something outside of the function: as final numbers, or with relocations.</summary>
public interface IMirOperands
{
    /// <summary>The number of errors, with the one that means none.</summary>
    uint ErrorCount { get; }

    /// <summary>Writes one operand, all bytes of it but the opcode.</summary>
    void Write(WasmWriter output, MirUse use, MirReference target, long addend);
}
