namespace Weld.CodeGen.Abi;

/// <summary>How a value goes into a function, or comes out.</summary>
internal enum PassKind : byte
{
    /// <summary>Not at all: there is nothing to pass.</summary>
    None,

    /// <summary>As the one value that stands for it.</summary>
    Value,

    /// <summary>As its address; the function does not write to it.</summary>
    Address,

    /// <summary>As the address of a copy that is the function's own.</summary>
    Copy,

    /// <summary>The value is in memory; what is passed is the one scalar in it.</summary>
    Scalar,

    /// <summary>The value is in memory; two i64 are passed, the low one first.</summary>
    TwoWords,
}

/// <param name="Kind">How.</param>
/// <param name="Type">Of <see cref="PassKind.Scalar"/>: the type of the scalar.</param>
internal readonly record struct Pass(PassKind Kind, TypeId Type);

/// <summary>What a function type is to the machine.</summary>
internal sealed class FunctionAbi
{
    public required MirSignatureId Signature { get; init; }

    public required ValueType[] Parameters { get; init; }

    public required ValueType[] Results { get; init; }

    public required Pass[] Arguments { get; init; }

    /// <summary><see cref="PassKind.Address"/>: to an address that is the first parameter.</summary>
    public required Pass Result { get; init; }

    /// <summary>The last parameter is the address of the further arguments.</summary>
    public required bool IsVariadic { get; init; }

    public bool ReturnsThroughMemory => Result.Kind == PassKind.Address;
}
