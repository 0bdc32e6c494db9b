namespace Weld.Air.Types;

/// <content>Types that instructions make of types.</content>
public sealed partial class TypeTable
{
    /// <summary>The type of a vector's lanes; of another type, itself.</summary>
    public TypeId LaneOf(TypeId type) => _types[type] is VectorType vector ? vector.Child : type;

    /// <summary>The element with as many lanes as the shape has; itself if that is no vector.</summary>
    public TypeId WithLanesOf(TypeId shape, TypeId element) =>
        _types[shape] is VectorType vector ? Vector(element, vector.Length) : element;

    /// <summary>The tuple that the instructions with overflow give.</summary>
    public TypeId WithOverflow(TypeId type) => Tuple(type, WithLanesOf(type, TypeId.U1));

    /// <summary>The type of a magnitude: unsigned for integers.</summary>
    public TypeId MagnitudeOf(TypeId type) => _types[LaneOf(type)] is IntegerType { IsSigned: true } integer
        ? WithLanesOf(type, Intern(integer with { IsSigned = false }))
        : type;

    /// <summary>What a pointer points to, or a slice consists of.</summary>
    public bool TryGetPointee(TypeId pointer, out TypeId pointee)
    {
        pointee = _types[pointer] is ReferenceType reference ? reference.Child : default;
        return _types[pointer] is ReferenceType;
    }

    /// <summary>The element of an array or vector.</summary>
    public bool TryGetElement(TypeId aggregate, out TypeId element)
    {
        (bool isFound, element) = _types[aggregate] switch
        {
            ArrayType array => (true, array.Child),
            VectorType vector => (true, vector.Child),
            _ => (false, default(TypeId)),
        };
        return isFound;
    }

    /// <summary>The element of what a slice, many pointer, or pointer to an array or vector points to.</summary>
    public bool TryGetPointeeElement(TypeId pointer, out TypeId element)
    {
        switch (_types[pointer])
        {
            case SliceType slice:
                element = slice.Child;
                return true;
            case PointerType { IsMany: true } many:
                element = many.Child;
                return true;
            case PointerType one:
                return TryGetElement(one.Child, out element);
            default:
                element = default;
                return false;
        }
    }

    /// <summary>A field of a struct, tuple or union.</summary>
    public bool TryGetField(TypeId container, int number, out AirField field)
    {
        Sequence<AirField> fields = FieldsOf(container);
        field = (uint)number < (uint)fields.Count ? fields[number] : default;
        return (uint)number < (uint)fields.Count;
    }

    /// <summary>The fields of a struct, tuple or union; of other types none.</summary>
    public Sequence<AirField> FieldsOf(TypeId container) => _types[container] switch
    {
        StructType type => type.Fields,
        UnionType type => type.Fields,
        _ => [],
    };

    /// <summary>The type of a function, or of what a function pointer points to.</summary>
    public bool TryGetFunction(TypeId type, out FunctionType function)
    {
        AirType found = _types[type] is PointerType pointer ? _types[pointer.Child] : _types[type];
        function = found as FunctionType ?? NoFunction;
        return found is FunctionType;
    }

    private static readonly FunctionType NoFunction = new([], TypeId.Void);
}
