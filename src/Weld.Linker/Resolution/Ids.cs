using Weld.Base.Ids;

namespace Weld.Linker.Resolution;

/// <summary>A symbol with a name that other objects can see, or a symbol that the linker makes.</summary>
public readonly record struct SymbolId(int Index) : IId<SymbolId>
{
    public static SymbolId None => new(-1);

    public bool IsNone => Index < 0;

    public static SymbolId FromIndex(int index) => new(index);
}

/// <summary>A function of any linked object, a synthetic one, or an import.</summary>
public readonly record struct FunctionId(int Index) : IId<FunctionId>
{
    public static FunctionId None => new(-1);

    public bool IsNone => Index < 0;

    public static FunctionId FromIndex(int index) => new(index);
}

/// <summary>A data segment of any linked object.</summary>
public readonly record struct SegmentId(int Index) : IId<SegmentId>
{
    public static SegmentId FromIndex(int index) => new(index);
}

/// <summary>A global of any linked object, or a synthetic one.</summary>
public readonly record struct GlobalId(int Index) : IId<GlobalId>
{
    public static GlobalId FromIndex(int index) => new(index);
}

/// <summary>A tag of any linked object.</summary>
public readonly record struct TagId(int Index) : IId<TagId>
{
    public static TagId FromIndex(int index) => new(index);
}

/// <summary>A table of any linked object, or a synthetic one.</summary>
public readonly record struct TableId(int Index) : IId<TableId>
{
    public static TableId FromIndex(int index) => new(index);
}

/// <summary>A distinct function type of the link.</summary>
public readonly record struct SignatureId(int Index) : IId<SignatureId>
{
    public static SignatureId None => new(-1);

    public bool IsNone => Index < 0;

    public static SignatureId FromIndex(int index) => new(index);
}
