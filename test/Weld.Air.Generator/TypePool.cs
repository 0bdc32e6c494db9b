namespace Weld.Air.Generator;

/// <summary>The types of a program. Values of all of them can be made, and folded into a checksum.</summary>
internal sealed class TypePool
{
    private static readonly int[] Widths = [32, 1, 7, 8, 16, 31, 33, 63, 64];
    private static readonly int[] WideWidths = [65, 127, 128, 129];

    private readonly AirModule _module;
    private readonly Choices _choices;
    private readonly GeneratorOptions _options;
    private readonly List<TypeId> _all = [];
    private readonly List<TypeId> _integers = [];

    public TypePool(AirModule module, Choices choices, GeneratorOptions options)
    {
        _module = module;
        _choices = choices;
        _options = options;
        ErrorSet = module.Types.ErrorSet("OutOfMemory", "NotFound", "Broken");
        _integers.Add(TypeId.U32);
        choices.Several(5, 8, _ => _integers.Add(RandomInteger()));
        _all.AddRange(_integers);
        choices.Several(9, 24, _ => Add(RandomType(3)));
    }

    public TypeId ErrorSet { get; }

    public IReadOnlyList<TypeId> All => _all;

    public TypeId Any() => _choices.Pick(_all);

    /// <summary>A type of the pool that fits, if there is one; no choice if there is none.</summary>
    public TypeId? AnyWhere(Func<AirType, bool> fits)
    {
        List<TypeId> candidates = _all.FindAll(type => fits(_module.Types[type]));
        return candidates.Count == 0 ? null : _choices.Pick(candidates);
    }

    public TypeId Integer() => _choices.Pick(_integers);

    public TypeId RandomInteger()
    {
        if (_choices.OneIn(12))
            return _choices.OneIn(2) ? TypeId.Isize : TypeId.Usize;
        int bits = _options.HasWideIntegers && _choices.OneIn(4) ? _choices.Pick(WideWidths)
            : _choices.OneIn(3) ? 1 + _choices.Next(64)
            : _choices.Pick(Widths);
        return _module.Types.Integer(_choices.OneIn(2), bits);
    }

    public TypeId RandomFloat()
    {
        if (!_options.HasSoftFloats)
            return _choices.OneIn(2) ? TypeId.F64 : TypeId.F32;
        return _choices.Pick([TypeId.F32, TypeId.F64, TypeId.F16, TypeId.F80, TypeId.F128]);
    }

    /// <summary>Whether the C convention can pass it.</summary>
    public bool IsKnownToC(TypeId type) => _module.Types[type] switch
    {
        IntegerType integer => integer.Bits <= 128,
        FloatType or PointerType => true,
        SimpleType => true,
        StructType { Layout: ContainerLayout.Extern } fields => fields.Fields.Span.ToArray().All(field => IsKnownToC(field.Type)),
        _ => false,
    };

    private void Add(TypeId type)
    {
        if (!_all.Contains(type))
            _all.Add(type);
    }

    private TypeId RandomType(int depth)
    {
        switch (_choices.Next(depth == 0 ? 5 : 17))
        {
            case 0:
                return _choices.Pick(_integers);
            case 1:
                return TypeId.Bool;
            case 2:
                return RandomFloat();
            case 3:
                return RandomEnum();
            case 4:
                return ErrorSet;
            case 5 or 6:
                return RandomStruct(depth - 1);
            case 7:
                return RandomTuple(depth - 1);
            case 8:
                return RandomArray(depth - 1);
            case 9 or 10:
                return _module.Types.Optional(_choices.OneIn(8) ? TypeId.Void : RandomType(depth - 1));
            case 11:
                return _module.Types.ErrorUnion(ErrorSet, _choices.OneIn(8) ? TypeId.Void : RandomType(depth - 1));
            case 12:
                return RandomUnion(depth - 1);
            case 13:
                return RandomPacked();
            case 14:
                return _module.Types.Pointer(RandomType(0));
            case 15:
                return _module.Types.Slice(RandomType(0), isConst: _choices.OneIn(2));
            default:
                return _options.HasVectors ? _module.Types.Vector(_choices.Pick([_choices.Pick(_integers), TypeId.Bool, RandomFloat()]), 1 + _choices.Next(6)) : TypeId.Bool;
        }
    }

    private string NextName() => $"T{_module.Types.Count}";

    private TypeId RandomEnum()
    {
        TypeId tag = _choices.Pick(_integers);
        bool isOpen = _choices.OneIn(3);
        var values = new SortedSet<BigInteger>();
        BigInteger most = Shape(tag).Most;
        BigInteger least = Shape(tag).Least;
        values.Add(BigInteger.Zero);
        _choices.Several(4, 3, i => values.Add(_choices.Next(4) switch { 0 or 1 => BigInteger.Min(i, most), 2 => BigInteger.Max(most - i, least), _ => BigInteger.Min(least + i, most) }));
        EnumField[] fields = [.. values.Select((value, number) => new EnumField($"e{number}", value))];
        return _module.Types.Define(NextName(), new EnumType(tag, [.. fields]) { IsOpen = isOpen });
    }

    private TypeId RandomStruct(int depth)
    {
        ContainerLayout layout = _choices.OneIn(2) ? ContainerLayout.Extern : ContainerLayout.Auto;
        var fields = new List<AirField> { new("f", RandomType(depth)) };
        _choices.Several(3, 3, i => fields.Add(new AirField($"f{i}", RandomType(depth), _choices.OneIn(10) ? 16 : 0)));
        return _module.Types.Define(NextName(), new StructType(layout, [.. fields]));
    }

    private TypeId RandomTuple(int depth)
    {
        var types = new TypeId[1 + _choices.Next(3)];
        for (int i = 0; i < types.Length; i++)
            types[i] = RandomType(depth);
        return _module.Types.Tuple(types);
    }

    private TypeId RandomArray(int depth)
    {
        ulong length = 1 + (ulong)_choices.Next(5);
        if (!_choices.OneIn(5))
            return _module.Types.Array(RandomType(depth), length);
        TypeId element = _choices.Pick(_integers);
        return _module.Types.Array(element, length, OptionalId<ValueId>.Some(_module.Values.Integer(element, 0)));
    }

    private TypeId RandomUnion(int depth)
    {
        int count = 1 + _choices.Next(4);
        var fields = new AirField[count];
        var tags = new EnumField[count];
        int first = _choices.Next(3);
        for (int i = 0; i < count; i++)
        {
            fields[i] = new AirField($"u{i}", _choices.OneIn(8) ? TypeId.Void : RandomType(depth));
            tags[i] = new EnumField($"u{i}", first + i);
        }
        TypeId tag = _module.Types.Define(NextName(), new EnumType(_choices.Pick([TypeId.U8, TypeId.U16, TypeId.U32, TypeId.U64, _module.Types.Unsigned(3)]), [.. tags]));
        return _module.Types.Define(NextName(), new UnionType(ContainerLayout.Auto, [.. fields]) { Tag = OptionalId<TypeId>.Some(tag) });
    }

    private TypeId RandomPacked()
    {
        int left = _options.HasWideIntegers ? 128 : 64;
        var fields = new List<AirField>();
        int count = 1 + _choices.Next(5);
        for (int i = 0; i < count; i++)
        {
            TypeId type = _choices.OneIn(5) ? TypeId.Bool : _choices.OneIn(6) ? TypeId.F32 : _module.Types.Integer(_choices.OneIn(2), 1 + _choices.Next(20));
            int bits = type == TypeId.Bool ? 1 : type == TypeId.F32 ? 32 : ((IntegerType)_module.Types[type]).Bits;
            if (bits > left)
                continue;
            left -= bits;
            fields.Add(new AirField($"p{i}", type));
        }
        return _module.Types.Define(NextName(), new StructType(ContainerLayout.Packed, [.. fields]));
    }

    private IntegerShape Shape(TypeId type)
    {
        var integer = (IntegerType)_module.Types[type];
        return new IntegerShape(integer.IsSigned, integer.IsPointerSized ? 32 : integer.Bits);
    }
}
