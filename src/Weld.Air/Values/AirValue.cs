namespace Weld.Air.Values;

/// <summary>A constant, as data. Parts that are constants are ids, so that comparing two looks at one level only.</summary>
/// <remarks>There is one form for each value: <see cref="ValueTable.Intern"/> brings aggregates into it.</remarks>
public abstract record AirValue(TypeId Type)
{
    public abstract ValueKind Kind { get; }
}

/// <summary>The value of <c>void</c>, and of nothing else.</summary>
public sealed record VoidValue() : AirValue(TypeId.Void)
{
    public override ValueKind Kind => ValueKind.Void;
}

/// <summary>An integer, a bool (0 or 1), or an enum (its tag).</summary>
/// <param name="Type">Integer, bool or enum.</param>
/// <param name="Value">As a number: negative for signed types, not as bits.</param>
public sealed record IntegerValue(TypeId Type, BigInteger Value) : AirValue(Type)
{
    public override ValueKind Kind => ValueKind.Integer;
}

/// <param name="Type">A float type.</param>
/// <param name="Bits">As in memory; 80 bits of it for f80. NaNs keep theirs.</param>
public sealed record FloatValue(TypeId Type, UInt128 Bits) : AirValue(Type)
{
    public override ValueKind Kind => ValueKind.Float;
}

/// <summary>No value in particular; in memory, bytes of 0xaa.</summary>
public sealed record UndefinedValue(TypeId Type) : AirValue(Type)
{
    public override ValueKind Kind => ValueKind.Undefined;
}

/// <summary>A struct, tuple, array or vector. An array's sentinel is not among the elements.</summary>
public sealed record AggregateValue(TypeId Type, Sequence<ValueId> Elements) : AirValue(Type)
{
    public override ValueKind Kind => ValueKind.Aggregate;
}

/// <summary>An array or vector with more than <see cref="ValueTable.MostWrittenOut"/> elements that are all the same.</summary>
public sealed record RepeatedValue(TypeId Type, ValueId Element) : AirValue(Type)
{
    public override ValueKind Kind => ValueKind.Repeated;
}

/// <summary>An array of <c>u8</c> (without its sentinel) whose elements are all defined.</summary>
public sealed record BytesValue(TypeId Type, Sequence<byte> Bytes) : AirValue(Type)
{
    public override ValueKind Kind => ValueKind.Bytes;
}

/// <summary>What a constant pointer starts from.</summary>
public enum PointerBase : byte
{
    /// <summary>Address 0: the offset is the address.</summary>
    Absolute,

    /// <summary>A function or variable of the module.</summary>
    Item,

    /// <summary>A constant without a name, which lies somewhere in read-only data, once for equal values.</summary>
    Constant,
}

/// <summary>A pointer to somewhere in an item or in a constant, a function pointer, or an address.</summary>
/// <param name="Type">A pointer type. For a constant as base, its alignment is asked for.</param>
/// <param name="Base">Which of the following the offset counts from.</param>
/// <param name="Item">The function or variable, if that is the base.</param>
/// <param name="Constant">The constant, if that is the base.</param>
/// <param name="Offset">In bytes; 0 for functions.</param>
public sealed record PointerValue(TypeId Type, PointerBase Base, ItemId Item, ValueId Constant, long Offset) : AirValue(Type)
{
    public override ValueKind Kind => ValueKind.Pointer;
}

/// <param name="Type">A slice type.</param>
/// <param name="Pointer">A many pointer to the same child.</param>
/// <param name="Length">A <c>usize</c>.</param>
public sealed record SliceValue(TypeId Type, ValueId Pointer, ValueId Length) : AirValue(Type)
{
    public override ValueKind Kind => ValueKind.Slice;
}

/// <param name="Type">An optional type.</param>
/// <param name="Payload">None for null.</param>
public sealed record OptionalValue(TypeId Type, OptionalId<ValueId> Payload) : AirValue(Type)
{
    public bool IsNull => !Payload.HasValue;

    public override ValueKind Kind => ValueKind.Optional;
}

/// <param name="Type">An error set that has the error.</param>
/// <param name="Error">The error.</param>
public sealed record ErrorValue(TypeId Type, ErrorId Error) : AirValue(Type)
{
    public override ValueKind Kind => ValueKind.Error;
}

/// <summary>Either an error or a payload.</summary>
public sealed record ErrorUnionValue(TypeId Type, OptionalId<ErrorId> Error, OptionalId<ValueId> Payload) : AirValue(Type)
{
    public override ValueKind Kind => ValueKind.ErrorUnion;
}

/// <param name="Type">A union type.</param>
/// <param name="Field">The number of the active field, which also says the tag.</param>
/// <param name="Payload">The value of that field.</param>
public sealed record UnionValue(TypeId Type, int Field, ValueId Payload) : AirValue(Type)
{
    public override ValueKind Kind => ValueKind.Union;
}
