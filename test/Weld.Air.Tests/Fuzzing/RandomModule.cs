namespace Weld.Air.Tests.Fuzzing;

/// <summary>Makes types and constants of every kind at random; and instructions that make no sense.</summary>
internal sealed class RandomModule(int seed)
{
    private readonly Random _random = new(seed);
    private readonly List<TypeId> _types = [TypeId.U8, TypeId.Bool, TypeId.I32, TypeId.F64, TypeId.Usize, TypeId.Void, TypeId.F16, TypeId.F80, TypeId.F128, TypeId.AnyError];
    private int _names;

    public AirModule Module { get; } = new();

    public IReadOnlyList<TypeId> KnownTypes => _types;

    private TypeTable Types => Module.Types;

    private ValueTable Values => Module.Values;

    private TypeId Any => _types[_random.Next(_types.Count)];

    private TypeId AnyScalar => _types[_random.Next(5)];

    public void AddTypes(int count)
    {
        for (int i = 0; i < count; i++)
        {
            TypeId type = MakeType();
            if (Types.Depth(type) < 20)
                _types.Add(type);
        }
    }

    private TypeId MakeType()
    {
        ContainerLayout layout = (ContainerLayout)_random.Next(2);
        return _random.Next(14) switch
        {
            0 => Types.Integer(_random.Next(2) == 0, 1 + _random.Next(_random.Next(2) == 0 ? 128 : 2000)),
            1 => Types.Intern(new PointerType(Any, _random.Next(2) * 8) { IsConst = Flip, IsMany = Flip, IsVolatile = Flip, IsAllowZero = Flip }),
            2 => Types.Intern(new SliceType(Any, _random.Next(2) * 16) { IsConst = Flip, IsVolatile = Flip }),
            3 => Types.Array(Any, (ulong)_random.Next(12)),
            4 => Types.Array(TypeId.U8, (ulong)_random.Next(12), OptionalId<ValueId>.Some(Values.Integer(TypeId.U8, _random.Next(256)))),
            5 => Types.Vector(AnyScalar, 1 + _random.Next(17)),
            6 => Types.Optional(Any),
            7 => Types.ErrorUnion(Flip ? TypeId.AnyError : Types.ErrorSet($"E{_random.Next(9)}", $"E {_random.Next(9)}"), Any),
            8 => Name(new EnumType(TypeId.I32, [new EnumField("a", _random.Next(-5, 0)), new EnumField("b c", _random.Next(5))]) { IsOpen = Flip }),
            9 => Name(new StructType(layout, [new AirField("x", Any), new AirField("y", Any, _random.Next(2) * 32)])),
            10 => Types.Tuple(Any, Any, Any),
            11 => Name(new StructType(ContainerLayout.Packed, [new AirField("x", AnyScalar), new AirField("y", Types.Unsigned(1 + _random.Next(70)))])),
            12 => Name(new UnionType(layout, [new AirField("x", Any), new AirField("\u00e9\"\n", Any)])),
            _ => Types.FunctionPointer(Types.Function([Any, Any], Any)),
        };
    }

    private bool Flip => _random.Next(2) == 0;

    private TypeId Name(NamedType type) => Flip ? Types.Intern(type) : Types.Define($"T{_names++}{(Flip ? "" : " .")}", type);

    public ValueId MakeValue(TypeId type, int depth = 0)
    {
        if (_random.Next(12) == 0 && TypesWithValues(type))
            return Values.Undefined(type);
        switch (Types[type])
        {
            case SimpleType { SimpleKind: TypeKind.Void }:
                return ValueId.Void;
            case SimpleType:
                return ValueTable.Bool(Flip);
            case IntegerType integer:
                return Values.Integer(type, Number(integer.IsSigned, integer.IsPointerSized ? 32 : integer.Bits));
            case FloatType number:
                var bytes = new byte[16];
                _random.NextBytes(bytes);
                UInt128 bits = BitConverter.ToUInt128(bytes);
                return Values.FloatBits(type, number.Bits == 128 ? bits : bits & ((UInt128.One << number.Bits) - 1));
            case PointerType pointer:
                return MakePointer(type, pointer, depth);
            case SliceType slice:
                TypeId many = Types.Intern(new PointerType(slice.Child, slice.Alignment) { IsMany = true, IsConst = slice.IsConst, IsVolatile = slice.IsVolatile });
                return Values.Slice(type, Values.Address(many, 16), (ulong)_random.Next(100));
            case ArrayType array when array.Child == TypeId.U8 && Flip:
                var text = new byte[array.Length];
                _random.NextBytes(text);
                return Values.Bytes(type, text);
            case ArrayType array:
                return Values.Aggregate(type, Elements((int)array.Length, _ => array.Child, depth));
            case VectorType vector when Flip:
                return Values.Repeated(type, MakeValue(vector.Child, depth + 1));
            case VectorType vector:
                return Values.Aggregate(type, Elements(vector.Length, _ => vector.Child, depth));
            case OptionalType optional:
                return Flip ? Values.Null(type) : Values.Optional(type, MakeValue(optional.Child, depth + 1));
            case ErrorSetType set:
                return Values.Error(type, set.IsAny ? $"E{_random.Next(9)}" : Module.Errors[set.Errors[_random.Next(set.Errors.Count)]]);
            case ErrorUnionType union when Flip:
                return Values.ErrorUnionPayload(type, MakeValue(union.Payload, depth + 1));
            case ErrorUnionType union:
                return Values.ErrorUnionError(type, ((ErrorValue)Values[Values.Error(union.ErrorSet, AnyErrorOf(union.ErrorSet))]).Error);
            case EnumType tags:
                return Values.Integer(type, tags.IsOpen && Flip ? _random.Next() : tags.Fields[_random.Next(tags.Fields.Count)].Value);
            case StructType fields:
                return Values.Aggregate(type, Elements(fields.Fields.Count, i => fields.Fields[i].Type, depth));
            case UnionType fields:
                int field = _random.Next(fields.Fields.Count);
                return Values.Union(type, field, MakeValue(fields.Fields[field].Type, depth + 1));
            default:
                throw new InvalidOperationException($"no value of {Types[type]}");
        }
    }

    private bool TypesWithValues(TypeId type) => Types.Kind(type) is not (TypeKind.Opaque or TypeKind.Function or TypeKind.NoReturn);

    private string AnyErrorOf(TypeId set) => Types[set] is ErrorSetType { IsAny: false } some ? Module.Errors[some.Errors[0]] : "E1";

    private ValueId[] Elements(int count, Func<int, TypeId> type, int depth) => [.. Enumerable.Range(0, count).Select(i => MakeValue(type(i), depth + 1))];

    private ValueId MakePointer(TypeId type, PointerType pointer, int depth)
    {
        if (Types.Kind(pointer.Child) == TypeKind.Function || depth > 8 || Flip)
            return Values.Address(type, 1 + _random.Next());
        return Values.Pointer(type, MakeValue(pointer.Child, depth + 1), _random.Next(-9, 9));
    }

    private BigInteger Number(bool isSigned, int bits)
    {
        var bytes = new byte[(bits / 8) + 1];
        _random.NextBytes(bytes);
        BigInteger value = new BigInteger(bytes, isUnsigned: true) & ((BigInteger.One << bits) - 1);
        return isSigned ? value - (BigInteger.One << (bits - 1)) : value;
    }

    /// <summary>Any instructions with any words that exist.</summary>
    public void AddNonsense(string name, int count)
    {
        FunctionBuilder f = Module.DefineFunction(name, [Any, Any, Any], Any);
        for (int i = 0; i < count; i++)
        {
            OpcodeInfo info = AirOpcodeTable.All[_random.Next(AirOpcodeTable.All.Length)];
            if (info.HasBodies || info.Opcode == AirOpcode.Arg)
                continue;
            var words = new List<int>();
            foreach (OperandSpec spec in info.Operands)
                for (int left = spec.Kind is OperandKind.Values or OperandKind.Lanes ? _random.Next(5) : 1; left > 0; left--)
                    words.Add(Word(spec.Kind, f.Count));
            f.Emit(info.Opcode, Flip ? Any : TypeId.Void, [.. words]);
        }
        f.Ret();
        f.Finish();
    }

    private int Word(OperandKind kind, int instructions) => kind switch
    {
        OperandKind.Value or OperandKind.Values => Flip ? ((Operand)new InstructionId(_random.Next(instructions))).Raw : ((Operand)MakeValue(Any)).Raw,
        OperandKind.Type => Any.Index,
        OperandKind.Item => _random.Next(Module.Items.Count),
        OperandKind.Label => _random.Next(instructions),
        OperandKind.Name => Module.Names.Intern("nop").Index,
        OperandKind.Lanes => ShuffleLane.FromLane(_random.Next(9)).Raw,
        _ => _random.Next(5),
    };
}
