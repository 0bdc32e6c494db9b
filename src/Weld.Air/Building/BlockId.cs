namespace Weld.Air.Building;

/// <summary>A basic block of a <see cref="ControlFlowBuilder"/>.</summary>
public readonly record struct BlockId(int Index) : IId<BlockId>
{
    public static BlockId FromIndex(int index) => new(index);
}

/// <summary>Where a branch goes, and what the block there gets for its parameters.</summary>
public sealed class BranchTarget(BlockId block, params ReadOnlySpan<Operand> arguments)
{
    private readonly Operand[] _arguments = arguments.ToArray();

    public BlockId Block { get; } = block;

    public ReadOnlySpan<Operand> Arguments => _arguments;

    /// <summary>To a block without parameters.</summary>
    public static implicit operator BranchTarget(BlockId block) => new(block);

    public static BranchTarget FromBlockId(BlockId block) => new(block);
}

/// <summary>A case of a switch: constants, and ranges given by their first and last value.</summary>
public sealed record BranchCase(ValueId[] Items, ValueId[] RangeEnds, BranchTarget Target)
{
    public BranchCase(ValueId item, BranchTarget target)
        : this([item], [], target)
    {
    }
}
