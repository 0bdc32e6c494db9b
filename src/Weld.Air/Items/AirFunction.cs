namespace Weld.Air.Items;

/// <summary>A function: its type, and a body unless it is defined elsewhere.</summary>
public sealed class AirFunction : AirItem
{
    internal AirFunction(ItemId id, string name, TypeId type)
        : base(id, name, type)
    {
    }

    /// <summary>Null for an extern, and until the builder has finished it.</summary>
    public FunctionBody? Body { get; set; }

    /// <summary>Made with <see cref="AirModule.DeclareFunction"/>.</summary>
    public bool IsDeclaration { get; internal init; }

    public override bool IsExtern => IsDeclaration;
}
