namespace Weld.Air.Types;

/// <summary>A type, as data. Parts that are types are ids, so that comparing two types looks at one level only.</summary>
/// <remarks>Two types without a name are the same type when they are equal. A type with a name is only itself.</remarks>
public abstract record AirType
{
    private protected AirType()
    {
    }

    public abstract TypeKind Kind { get; }
}

/// <summary>A type that only a module knows by name: struct, union, enum or opaque.</summary>
public abstract record NamedType : AirType
{
    private protected NamedType()
    {
    }

    /// <summary>Without the sign before it; null for a type that is what it contains.</summary>
    public string? Name { get; init; }
}

/// <summary><c>void</c>, <c>noreturn</c> or <c>bool</c>.</summary>
public sealed record SimpleType(TypeKind SimpleKind) : AirType
{
    public override TypeKind Kind => SimpleKind;
}

/// <summary><c>uN</c>, <c>iN</c>, <c>usize</c> or <c>isize</c>.</summary>
/// <param name="IsSigned">Whether it is two's complement.</param>
/// <param name="Bits">1 to 65535; 0 for the integers that are as wide as a pointer.</param>
public sealed record IntegerType(bool IsSigned, int Bits) : AirType
{
    public const int MostBits = 65535;

    public bool IsPointerSized => Bits == 0;

    public override TypeKind Kind => TypeKind.Integer;
}

/// <param name="Bits">16, 32, 64, 80 or 128.</param>
public sealed record FloatType(int Bits) : AirType
{
    public override TypeKind Kind => TypeKind.Float;
}

/// <summary>What pointers and slices have in common.</summary>
/// <param name="Child">What is pointed to.</param>
/// <param name="Alignment">In bytes, a power of two; 0 for the alignment of <paramref name="Child"/>.</param>
public abstract record ReferenceType(TypeId Child, int Alignment) : AirType
{
    public bool IsConst { get; init; }

    public bool IsVolatile { get; init; }

    /// <summary>Whether address 0 is valid. An optional of such a pointer needs a flag beside it.</summary>
    public bool IsAllowZero { get; init; }
}

/// <summary><c>*T</c>, <c>[*]T</c>; with a function type as child, a function pointer, which is a slot of the function table.</summary>
public sealed record PointerType(TypeId Child, int Alignment = 0) : ReferenceType(Child, Alignment)
{
    /// <summary><c>[*]T</c>: points to an unknown number of elements.</summary>
    public bool IsMany { get; init; }

    /// <summary>The bytes of the integer that a packed field lies in; 0 for pointers to whole bytes.</summary>
    public int HostBytes { get; init; }

    /// <summary>The bit in the host at which the packed field starts.</summary>
    public int BitOffset { get; init; }

    public bool IsBitPointer => HostBytes != 0;

    public override TypeKind Kind => TypeKind.Pointer;
}

/// <summary><c>[]T</c>: a many pointer and a length.</summary>
public sealed record SliceType(TypeId Child, int Alignment = 0) : ReferenceType(Child, Alignment)
{
    public override TypeKind Kind => TypeKind.Slice;
}

/// <param name="Child">The element.</param>
/// <param name="Length">Without the sentinel.</param>
public sealed record ArrayType(TypeId Child, ulong Length) : AirType
{
    /// <summary>The element after the last one, whose value is part of the type.</summary>
    public OptionalId<ValueId> Sentinel { get; init; }

    public ulong LengthWithSentinel => Length + (Sentinel.HasValue ? 1u : 0u);

    public override TypeKind Kind => TypeKind.Array;
}

/// <param name="Child">An integer, float, bool or pointer.</param>
/// <param name="Length">At least 1.</param>
public sealed record VectorType(TypeId Child, int Length) : AirType
{
    /// <summary>More lanes have no use; bounds what an instruction unrolls to.</summary>
    public const int MostLanes = 65536;

    public override TypeKind Kind => TypeKind.Vector;
}

public sealed record OptionalType(TypeId Child) : AirType
{
    public override TypeKind Kind => TypeKind.Optional;
}

/// <summary><c>error{A, B}</c>, or <c>anyerror</c>.</summary>
/// <param name="Errors">Ascending.</param>
public sealed record ErrorSetType(Sequence<ErrorId> Errors) : AirType
{
    /// <summary>The set of all errors of the module; <see cref="Errors"/> is then empty.</summary>
    public bool IsAny { get; init; }

    public override TypeKind Kind => TypeKind.ErrorSet;
}

public sealed record ErrorUnionType(TypeId ErrorSet, TypeId Payload) : AirType
{
    public override TypeKind Kind => TypeKind.ErrorUnion;
}

public readonly record struct EnumField(string Name, BigInteger Value);

/// <param name="Tag">An integer type.</param>
/// <param name="Fields">In order of declaration; names and values are unique.</param>
public sealed record EnumType(TypeId Tag, Sequence<EnumField> Fields) : NamedType
{
    /// <summary>Whether values without a name are valid too (<c>_</c>).</summary>
    public bool IsOpen { get; init; }

    public override TypeKind Kind => TypeKind.Enum;
}

/// <summary>How fields are placed.</summary>
public enum ContainerLayout : byte
{
    /// <summary>As it suits the compiler.</summary>
    Auto,

    /// <summary>As C does.</summary>
    Extern,

    /// <summary>As bits of an integer, from bit 0 up.</summary>
    Packed,
}

/// <param name="Name">Empty in tuples.</param>
/// <param name="Type">The field's type.</param>
/// <param name="Alignment">In bytes; 0 for the alignment of the type.</param>
public readonly record struct AirField(string Name, TypeId Type, int Alignment = 0);

public sealed record StructType(ContainerLayout Layout, Sequence<AirField> Fields) : NamedType
{
    /// <summary>The integer that a packed struct is, when it was said.</summary>
    public OptionalId<TypeId> BackingInteger { get; init; }

    /// <summary>Fields have no names.</summary>
    public bool IsTuple { get; init; }

    public override TypeKind Kind => TypeKind.Struct;
}

public sealed record UnionType(ContainerLayout Layout, Sequence<AirField> Fields) : NamedType
{
    /// <summary>The enum that says which field is active. Its fields have the names of the union's, in the same order.</summary>
    public OptionalId<TypeId> Tag { get; init; }

    public override TypeKind Kind => TypeKind.Union;
}

/// <summary>Who may call a function, and how.</summary>
public enum CallingConvention : byte
{
    /// <summary>weld's own.</summary>
    Auto,

    /// <summary>The Basic C ABI of the tool conventions.</summary>
    C,
}

public sealed record FunctionType(Sequence<TypeId> Parameters, TypeId Result) : AirType
{
    public CallingConvention Convention { get; init; }

    /// <summary>Takes further arguments, as C's <c>...</c>; only with the C convention.</summary>
    public bool IsVariadic { get; init; }

    public override TypeKind Kind => TypeKind.Function;
}

/// <summary>A type whose contents are unknown; only pointers to it are of use. Also what a declared name is until it is defined.</summary>
public sealed record OpaqueType : NamedType
{
    public override TypeKind Kind => TypeKind.Opaque;
}
