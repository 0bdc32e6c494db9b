namespace Weld.Air.Values;

/// <summary>A constant of a module. The constants that are named here have the same id in every module.</summary>
public readonly record struct ValueId(int Index) : IId<ValueId>
{
    /// <summary>The only value of <c>void</c>.</summary>
    public static readonly ValueId Void = new(0);
    public static readonly ValueId False = new(1);
    public static readonly ValueId True = new(2);

    public static ValueId FromIndex(int index) => new(index);
}
