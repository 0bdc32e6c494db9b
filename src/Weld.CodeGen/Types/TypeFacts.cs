namespace Weld.CodeGen.Types;

/// <summary>What code generation needs to know of a type, in one place and without looking twice.</summary>
internal readonly struct TypeFacts
{
    public required Representation Representation { get; init; }

    /// <summary>In bytes.</summary>
    public required uint Size { get; init; }

    public required byte AlignmentLog2 { get; init; }

    public required TypeKind Kind { get; init; }

    /// <summary>Whether values are integers: of integer, bool, enum, error set, pointer and packed types.</summary>
    public bool IsInteger { get; init; }

    public bool IsSigned { get; init; }

    /// <summary>Of integers the width; of floats as well.</summary>
    public int Bits { get; init; }

    public bool HasBits => Size != 0;

    public bool IsByReference => Representation == Representation.Memory;

    /// <summary>Whether values are i64 to the machine.</summary>
    public bool IsLong => Representation == Representation.I64;

    public bool IsFloat => Kind == TypeKind.Float;

    /// <summary>An integer that the machine computes with at once.</summary>
    public bool IsMachineInteger => IsInteger && Representation is Representation.I32 or Representation.I64;

    /// <summary>A float that the machine computes with at once.</summary>
    public bool IsMachineFloat => Representation is Representation.F32 or Representation.F64;

    /// <summary>The width of the register that holds an integer.</summary>
    public int RegisterBits => IsLong ? 64 : 32;

    public bool FillsRegister => Bits == RegisterBits;

    public ValueType ValueType => Representation switch
    {
        Representation.I64 => ValueType.I64,
        Representation.F32 => ValueType.F32,
        Representation.F64 => ValueType.F64,
        Representation.V128 => ValueType.V128,
        _ => ValueType.I32,
    };

    /// <summary>An integer type of the machine, whatever AIR calls it.</summary>
    public static TypeFacts Integer(int bits, bool isSigned) => new()
    {
        Representation = bits > 32 ? Representation.I64 : Representation.I32,
        Size = bits > 32 ? 8u : bits > 16 ? 4u : bits > 8 ? 2u : 1u,
        AlignmentLog2 = bits > 32 ? (byte)3 : bits > 16 ? (byte)2 : bits > 8 ? (byte)1 : (byte)0,
        Kind = TypeKind.Integer,
        IsInteger = true,
        IsSigned = isSigned,
        Bits = bits,
    };
}
