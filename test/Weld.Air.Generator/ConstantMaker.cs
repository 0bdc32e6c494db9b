namespace Weld.Air.Generator;

/// <summary>Makes random constants, with a liking for boundaries.</summary>
internal sealed class ConstantMaker(ProgramWriter program)
{
    private readonly AirModule _module = program.Module;
    private readonly TypeLayouts _layouts = new(program.Module, program.Options.Target);

    public TypeLayouts Layouts => _layouts;

    private Choices Choices => program.Choices;

    public ValueId Make(TypeId type)
    {
        switch (_module.Types[type])
        {
            case SimpleType { SimpleKind: TypeKind.Void }:
                return ValueId.Void;
            case SimpleType:
                return ValueTable.Bool(Choices.OneIn(2));
            case IntegerType:
                return _module.Values.Integer(type, Integer(type));
            case FloatType:
                return Float(type);
            case EnumType { IsOpen: true } when Choices.OneIn(3):
                return _module.Values.Integer(type, Integer(type));
            case EnumType tags:
                return _module.Values.Integer(type, Choices.Pick(tags.Fields).Value);
            case ErrorSetType set:
                return _module.Values.Intern(new ErrorValue(type, Choices.Pick(set.Errors)));
            case OptionalType optional:
                return Choices.OneIn(2) ? _module.Values.Optional(type, Make(optional.Child)) : _module.Values.Null(type);
            case ErrorUnionType union:
                return Choices.OneIn(3)
                    ? _module.Values.ErrorUnionError(type, Choices.Pick(((ErrorSetType)_module.Types[union.ErrorSet]).Errors))
                    : _module.Values.ErrorUnionPayload(type, Make(union.Payload));
            case StructType fields:
                return _module.Values.Aggregate(type, [.. fields.Fields.Select(field => Make(field.Type))]);
            case ArrayType array:
                return Elements(type, array.Child, (int)array.Length);
            case VectorType vector:
                return Elements(type, vector.Child, vector.Length);
            case UnionType union:
                int number = Choices.Next(union.Fields.Count);
                return _module.Values.Union(type, number, Make(union.Fields[number].Type));
            case SliceType slice:
                return Slice(type, slice);
            case PointerType pointer:
                return _module.Values.Pointer(type, program.TargetOf(pointer.Child).Id);
            default:
                throw new InvalidOperationException("no constants of this type");
        }
    }

    public IntegerShape Shape(TypeId type) => _layouts.TryGetInteger(type, out IntegerShape shape) ? shape : default;

    public BigInteger Integer(TypeId type)
    {
        IntegerShape shape = Shape(type);
        BigInteger value = Choices.Next(12) switch
        {
            0 => 0,
            1 => 1,
            2 => -1,
            3 => shape.Most,
            4 => shape.Least,
            5 => shape.Most - 1,
            6 => shape.Least + 1,
            7 => 2 + Choices.Next(15),
            8 => -2 - Choices.Next(15),
            9 => BigInteger.One << Choices.Next(shape.Bits),
            _ => Bits(shape.Bits),
        };
        return Wrap(type, value);
    }

    public BigInteger Wrap(TypeId type, BigInteger value)
    {
        IntegerShape shape = Shape(type);
        BigInteger low = value & ((BigInteger.One << shape.Bits) - 1);
        return low > shape.Most ? low - (BigInteger.One << shape.Bits) : low;
    }

    private ValueId Float(TypeId type)
    {
        FloatFormat format = FloatFormat.Of(((FloatType)_module.Types[type]).Bits);
        UInt128 bits = Choices.Next(16) switch
        {
            0 => format.Zero(false),
            1 => format.FromDouble(1),
            2 => format.FromDouble(-1),
            3 => format.Zero(true),
            4 => format.FromDouble(0.5),
            5 => format.Infinity(false),
            6 => format.Infinity(true),
            7 => format.NaN,
            8 => format.FromDouble(Choices.Next(2000) - 1000),
            9 => format.FromDouble((Choices.Next(2000) - 1000) / 8.0),
            10 => 1,
            11 => format.Infinity(false) - 1,
            12 => format.FromDouble(Math.ScaleB(1, Choices.Next(70))),
            13 => format.FromDouble(-Math.ScaleB(1, Choices.Next(70))),
            14 => format.FromDouble(Math.ScaleB(1, Choices.Next(70)) - 1),
            _ => (UInt128)(Bits(format.Bits) & ((BigInteger.One << format.Bits) - 1)),
        };
        // Formats with an explicit integer bit have encodings that mean nothing.
        if (format.Bits == 80 || format.IsNaN(bits))
            bits = format.IsNaN(bits) ? format.NaN : format.FromDouble(format.ToDouble(bits));
        return _module.Values.FloatBits(type, bits);
    }

    private BigInteger Bits(int count)
    {
        BigInteger bits = BigInteger.Zero;
        for (int i = 0; i < count; i += 16)
            bits = (bits << 16) | Choices.Next(65536);
        return bits;
    }

    private ValueId Elements(TypeId type, TypeId element, int count)
    {
        var elements = new ValueId[count];
        for (int i = 0; i < count; i++)
            elements[i] = Make(element);
        return _module.Values.Aggregate(type, elements);
    }

    private ValueId Slice(TypeId type, SliceType slice)
    {
        int length = Choices.Next(4);
        TypeId array = _module.Types.Array(slice.Child, 4);
        TypeId many = _module.Types.ManyPointer(slice.Child, slice.IsConst);
        ValueId pointer = slice.IsConst && Choices.OneIn(2)
            ? _module.Values.Pointer(many, Elements(array, slice.Child, 4))
            : _module.Values.Pointer(many, program.TargetOf(array).Id, Choices.Next(5 - length) * (long)_layouts.Get(slice.Child).Size);
        return _module.Values.Slice(type, pointer, (ulong)length);
    }
}
