using System.Globalization;

namespace Weld.CodeGen.Types;

/// <summary>Types as messages call them.</summary>
internal static class TypeNames
{
    public static string Of(AirModule module, TypeId type) => module.Types[type] switch
    {
        SimpleType simple => simple.SimpleKind.ToString().ToLowerInvariant(),
        IntegerType { IsPointerSized: true } integer => integer.IsSigned ? "isize" : "usize",
        IntegerType integer => (integer.IsSigned ? "i" : "u") + integer.Bits.ToString(CultureInfo.InvariantCulture),
        FloatType number => "f" + number.Bits.ToString(CultureInfo.InvariantCulture),
        VectorType vector => $"@Vector({vector.Length}, {Of(module, vector.Child)})",
        ArrayType array => $"[{array.Length}]{Of(module, array.Child)}",
        PointerType pointer => (pointer.IsMany ? "[*]" : "*") + Of(module, pointer.Child),
        SliceType slice => "[]" + Of(module, slice.Child),
        OptionalType optional => "?" + Of(module, optional.Child),
        NamedType { Name: { } name } => name,
        AirType other => other.Kind.ToString().ToLowerInvariant(),
    };
}
