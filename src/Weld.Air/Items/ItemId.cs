namespace Weld.Air.Items;

/// <summary>A function or variable of a module.</summary>
public readonly record struct ItemId(int Index) : IId<ItemId>
{
    public static ItemId FromIndex(int index) => new(index);
}
