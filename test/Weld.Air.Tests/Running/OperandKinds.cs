namespace Weld.Air.Tests.Running;

/// <summary>Sorts types into the kinds that code generation treats differently, and that cases must therefore have.</summary>
internal sealed class OperandKinds(AirModule module)
{
    private static readonly int[] Widths = [1, 7, 8, 9, 16, 17, 31, 32, 33, 48, 63, 64];

    private readonly TypeLayouts _layouts = new(module, AirTarget.Wasm32);

    /// <summary>The integers that every instruction on integers must be tried with.</summary>
    public static string[] Integers { get; } = [.. Widths.SelectMany(static bits => new[] { $"u{bits}", $"i{bits}" })];

    public static string[] Floats { get; } = ["f32", "f64"];

    public static string[] Enums { get; } = ["enum", "signed enum", "odd enum"];

    public static string[] Optionals { get; } = ["optional without flag", "optional with flag"];

    public static string[] ErrorUnions { get; } = ["error union", "error union of nothing"];

    public static string[] Aggregates { get; } = ["array", "struct", "extern struct", "packed struct", "tuple", "union", "bare union"];

    /// <summary>What instructions that take any value must be tried with: each way in which values are kept.</summary>
    public static string[] Any { get; } =
    [
        "bool", "integer", "wide integer", .. Floats, "pointer", "slice", "any enum", .. Optionals, "error set", "error union", .. Aggregates,
    ];

    /// <summary>The kinds of a type: the narrow one, and the one of <see cref="Any"/>.</summary>
    public IEnumerable<string> Of(TypeId type)
    {
        switch (module.Types[type])
        {
            case IntegerType { IsPointerSized: true } integer:
                return [integer.IsSigned ? "isize" : "usize", "integer"];
            case IntegerType integer:
                return [$"{(integer.IsSigned ? 'i' : 'u')}{integer.Bits}", integer.Bits <= 32 ? "integer" : integer.Bits <= 64 ? "wide integer" : "huge integer"];
            case FloatType number:
                return [$"f{number.Bits}"];
            case SimpleType simple:
                return [simple.SimpleKind.ToString().ToLowerInvariant()];
            case PointerType pointer:
                return [OfPointer(pointer), "pointer"];
            case SliceType:
                return ["slice"];
            case ArrayType:
                return ["array"];
            case VectorType:
                return ["vector"];
            case EnumType tag:
                return [.. OfEnum(tag), "any enum"];
            case ErrorSetType:
                return ["error set"];
            case OptionalType optional:
                return [_layouts.IsPointerLike(optional.Child) ? "optional without flag" : _layouts.Get(optional.Child).HasBits ? "optional with flag" : "optional of nothing"];
            case ErrorUnionType union:
                return [_layouts.Get(union.Payload).HasBits ? "error union" : "error union of nothing"];
            case StructType fields:
                return [fields.IsTuple ? "tuple" : Prefix(fields.Layout) + "struct"];
            case UnionType union:
                return [union.Tag.HasValue ? "union" : union.Layout == ContainerLayout.Auto ? "bare union" : Prefix(union.Layout) + "union"];
            default:
                return ["function"];
        }
    }

    private static string OfPointer(PointerType pointer) => pointer switch
    {
        { IsBitPointer: true } => "bit pointer",
        { IsMany: true } => "many pointer",
        _ => "single pointer",
    };

    private IEnumerable<string> OfEnum(EnumType type)
    {
        _ = _layouts.TryGetInteger(type.Tag, out IntegerShape shape);
        yield return shape.IsSigned ? "signed enum" : "enum";
        if (shape.Bits is not (8 or 16 or 32 or 64))
            yield return "odd enum";
    }

    private static string Prefix(ContainerLayout layout) => layout switch
    {
        ContainerLayout.Extern => "extern ",
        ContainerLayout.Packed => "packed ",
        _ => "",
    };
}
