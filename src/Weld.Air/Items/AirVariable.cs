namespace Weld.Air.Items;

/// <summary>A variable or a named constant in memory.</summary>
public sealed class AirVariable : AirItem
{
    internal AirVariable(ItemId id, string name, TypeId type)
        : base(id, name, type)
    {
    }

    /// <summary>What it holds at the start; none for an extern.</summary>
    public OptionalId<ValueId> Initial { get; set; }

    /// <summary>Never written to.</summary>
    public bool IsConst { get; init; }

    /// <summary>Each thread has its own.</summary>
    public bool IsThreadLocal { get; set; }

    /// <summary>In bytes, a power of two; 0 for the alignment of the type.</summary>
    public int Alignment { get; set; }

    /// <summary>Made with <see cref="AirModule.DeclareVariable"/>.</summary>
    public bool IsDeclaration { get; internal init; }

    public override bool IsExtern => IsDeclaration;
}
