namespace Weld.CodeGen.Functions;

/// <summary>What a place in memory is counted from.</summary>
internal enum PlaceBase : byte
{
    /// <summary>An address in a local.</summary>
    Local,

    /// <summary>The function's stack frame.</summary>
    Frame,

    /// <summary>A named item.</summary>
    Data,

    /// <summary>A constant without a name.</summary>
    Constant,

    /// <summary>Address 0.</summary>
    Zero,
}

/// <summary>A place in memory as far as it is known: so that accesses can take the offset, and no code is needed to add it.</summary>
/// <param name="Base">What the offset is counted from.</param>
/// <param name="AlignmentLog2">Of a constant: the alignment to ask for.</param>
/// <param name="Id">The local, item or constant.</param>
/// <param name="Offset">In bytes.</param>
internal readonly record struct Place(PlaceBase Base, byte AlignmentLog2, int Id, long Offset)
{
    public static Place InFrame(uint offset) => new(PlaceBase.Frame, 0, 0, offset);

    public static Place At(MirLocal address, long offset = 0) => new(PlaceBase.Local, 0, address.Index, offset);

    public static Place operator +(Place place, ulong offset) => place with { Offset = place.Offset + (long)offset };

    public static Place operator +(Place place, long offset) => place with { Offset = place.Offset + offset };

    public static Place Add(Place left, long right) => left + right;
}

/// <summary>Where the result of an instruction is.</summary>
internal enum LocationKind : byte
{
    /// <summary>Nowhere: it has no bits, or nobody uses it.</summary>
    None,

    /// <summary>In a local: the value, or its address when it is in memory.</summary>
    Local,

    /// <summary>It is an address in the stack frame: a pointer, or a value that is in memory there.</summary>
    Frame,
}

/// <param name="Kind">Where.</param>
/// <param name="Index">The local, or the offset in the frame.</param>
internal readonly record struct Location(LocationKind Kind, int Index)
{
    public static Location In(MirLocal local) => new(LocationKind.Local, local.Index);

    public static Location AtFrame(uint offset) => new(LocationKind.Frame, (int)offset);

    public MirLocal Local => new(Index);
}
