using System.Runtime.CompilerServices;

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
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsKnown(byte encoding) => (ValueType)encoding is (>= ValueType.V128 and <= ValueType.I32)
        or ValueType.FuncRef or ValueType.ExternRef or ValueType.ExnRef;

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
