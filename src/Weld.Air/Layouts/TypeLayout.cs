namespace Weld.Air.Layouts;

/// <summary>How a type lies in memory and what stands for its values.</summary>
public sealed class TypeLayout
{
    /// <summary>In bytes; the distance of array elements.</summary>
    public required ulong Size { get; init; }

    /// <summary>In bytes, a power of two.</summary>
    public required int Alignment { get; init; }

    public required Representation Representation { get; init; }

    public bool IsByReference => Representation == Representation.Memory;

    /// <summary>Whether the type has more than one value: whether anything stands for it at run time.</summary>
    public bool HasBits => Size != 0;

    /// <summary>Of a struct or tuple: where each field starts, in bytes. Empty for packed ones.</summary>
    public ulong[] FieldOffsets { get; init; } = [];

    /// <summary>Of a packed struct: the bit that each field starts at.</summary>
    public int[] FieldBitOffsets { get; init; } = [];

    /// <summary>Of an optional, error union or union: where the payload starts.</summary>
    public ulong PayloadOffset { get; init; }

    /// <summary>Of an optional (that is not pointer-like), error union or tagged union: where the flag, error or tag starts.</summary>
    public ulong TagOffset { get; init; }

    /// <summary>How many levels of types it contains, with itself.</summary>
    internal int Depth { get; init; }
}
