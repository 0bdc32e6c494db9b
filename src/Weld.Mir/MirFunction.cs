using System.Collections.Immutable;
using ValueType = Weld.Wasm.Sections.ValueType;

namespace Weld.Mir;

/// <summary>Where the source of the instructions from <paramref name="Instruction"/> on is.</summary>
/// <param name="Instruction">The first instruction.</param>
/// <param name="File">The front end's number of the file.</param>
/// <param name="Line">The line, from 1.</param>
/// <param name="Column">The column, from 1; 0 for none.</param>
public readonly record struct MirPosition(int Instruction, int File, int Line, int Column);

/// <summary>The part of the stack that a function needs. Its size is known only when the code is complete, so the code that takes
/// and gives it back is made by lowering.</summary>
/// <param name="Size">In bytes; 0 for none, and then no code is made.</param>
/// <param name="AlignmentLog2">The alignment as a power of two.</param>
/// <param name="Base">The local with the lowest address of the frame.</param>
/// <param name="Saved">The local with the stack pointer of the caller; used only with an alignment above 16.</param>
public readonly record struct MirFrame(uint Size, int AlignmentLog2, MirLocal Base, MirLocal Saved)
{
    /// <summary>The alignment that the stack pointer always has, as a power of two.</summary>
    public const int StackAlignmentLog2 = 4;

    public bool Exists => Size != 0;

    public bool IsOveraligned => AlignmentLog2 > StackAlignmentLog2;
}

/// <summary>The body of a function as wasm instructions whose operands are names. It does not change once it is built, and needs
/// nothing but itself: workers build, and another thread lowers.</summary>
public sealed class MirFunction
{
    public required MirSignatureId Signature { get; init; }

    /// <summary>Whether addresses are 64 bits wide.</summary>
    public required bool Is64 { get; init; }

    public required int ParameterCount { get; init; }

    /// <summary>The types of all locals, the parameters first.</summary>
    public required ImmutableArray<ValueType> Locals { get; init; }

    public required MirFrame Frame { get; init; }

    /// <summary>The instructions, the final <c>end</c> included.</summary>
    public required ImmutableArray<MirInstruction> Instructions { get; init; }

    /// <summary>The operands that do not fit in an instruction.</summary>
    public required ImmutableArray<uint> Extra { get; init; }

    /// <summary>The instructions that name something, in order.</summary>
    public required ImmutableArray<int> Symbolic { get; init; }

    /// <summary>The places in the source, by instruction.</summary>
    public required ImmutableArray<MirPosition> Positions { get; init; }
}
