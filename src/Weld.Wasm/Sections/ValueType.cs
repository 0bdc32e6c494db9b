namespace Weld.Wasm.Sections;

/// <summary>The value types that a single byte encodes.</summary>
/// <remarks>https://webassembly.github.io/spec/core/binary/types.html#value-types. Typed references of the GC proposal
/// take more than a byte; they are not modelled, and objects that use them are refused.</remarks>
public enum ValueType : byte
{
    I32 = 0x7f,
    I64 = 0x7e,
    F32 = 0x7d,
    F64 = 0x7c,
    V128 = 0x7b,
    FuncRef = 0x70,
    ExternRef = 0x6f,
    ExnRef = 0x69,
}

/// <summary>Facts about <see cref="ValueType"/>.</summary>
public static class ValueTypes
{
    // A bit for each type, from the lowest on: this is asked for every type of every function.
    private const uint Known =
        1u << (ValueType.I32 - Lowest) | 1u << (ValueType.I64 - Lowest) | 1u << (ValueType.F32 - Lowest) | 1u << (ValueType.F64 - Lowest)
        | 1u << (ValueType.V128 - Lowest) | 1u << (ValueType.FuncRef - Lowest) | 1u << (ValueType.ExternRef - Lowest) | 1u << (ValueType.ExnRef - Lowest);
    private const ValueType Lowest = ValueType.ExnRef;

    public static bool IsKnown(byte encoding) => encoding - (uint)Lowest < 32 && (Known >> (encoding - (int)Lowest) & 1) != 0;

    public static bool IsReference(ValueType type) => type is ValueType.FuncRef or ValueType.ExternRef or ValueType.ExnRef;

    /// <summary>The name in the text format; null for a byte that is no value type.</summary>
    public static string? Name(ValueType type) => type switch
    {
        ValueType.I32 => "i32",
        ValueType.I64 => "i64",
        ValueType.F32 => "f32",
        ValueType.F64 => "f64",
        ValueType.V128 => "v128",
        ValueType.FuncRef => "funcref",
        ValueType.ExternRef => "externref",
        ValueType.ExnRef => "exnref",
        _ => null,
    };
}
