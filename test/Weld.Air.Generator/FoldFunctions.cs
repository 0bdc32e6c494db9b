namespace Weld.Air.Generator;

/// <summary>Functions that fold a value of a type into a checksum: everything of it that means something.</summary>
internal sealed class FoldFunctions
{
    private const long Multiplier = unchecked((long)0x9e3779b97f4a7c15);

    private readonly Dictionary<TypeId, AirFunction> _folds = [];
    private readonly TypeLayouts _layouts;
    private readonly AirModule _module;
    private AirFunction? _mix;
    private int _next;

    public FoldFunctions(AirModule module, AirTarget target)
    {
        _module = module;
        _layouts = new TypeLayouts(module, target);
    }

    /// <summary>The function <c>(u64, T) -> u64</c>.</summary>
    public AirFunction Of(TypeId type)
    {
        if (_folds.TryGetValue(type, out AirFunction? known))
            return known;
        _mix ??= MakeMix();
        FunctionBuilder f = _module.DefineFunction($"fold{_next++}", (ReadOnlySpan<TypeId>)[TypeId.U64, type], TypeId.U64);
        f.Ret(Fold(f, f.Parameter(0), type, f.Parameter(1)));
        return _folds[type] = f.Finish();
    }

    private AirFunction MakeMix()
    {
        FunctionBuilder f = _module.DefineFunction("mix", (ReadOnlySpan<TypeId>)[TypeId.U64, TypeId.U64], TypeId.U64);
        Operand both = f.Xor(f.Parameter(0), f.Parameter(1));
        Operand product = f.MulWrap(both, f.Constant(TypeId.U64, new BigInteger(unchecked((ulong)Multiplier))));
        f.Ret(f.Xor(product, f.Shr(product, f.Constant(TypeId.U64, 29))));
        return f.Finish();
    }

    private Operand Part(FunctionBuilder f, Operand sum, TypeId type, Operand part) =>
        type == TypeId.Void ? sum : f.Call(Of(type), sum, part);

    private Operand Fold(FunctionBuilder f, Operand sum, TypeId type, Operand value)
    {
        switch (_module.Types[type])
        {
            case SimpleType:
                return Number(f, sum, TypeId.U1, f.Bitcast(TypeId.U1, value));
            case IntegerType:
                return Number(f, sum, type, value);
            case EnumType tags:
                return Number(f, sum, tags.Tag, f.Bitcast(tags.Tag, value));
            case ErrorSetType:
                return Number(f, sum, TypeId.U16, f.Bitcast(TypeId.U16, value));
            case FloatType number:
                // The bits of NaNs are up to the machine.
                TypeId bits = _module.Types.Unsigned(number.Bits);
                Operand known = f.Select(type, f.CmpNeq(value, value), f.Constant(type, 77.0), value);
                return Number(f, sum, bits, f.Bitcast(bits, known));
            case OptionalType optional:
                return Optional(f, sum, optional, value);
            case ErrorUnionType union:
                return ErrorUnion(f, sum, union, value);
            case StructType fields:
                for (int i = 0; i < fields.Fields.Count; i++)
                    sum = Part(f, sum, fields.Fields[i].Type, f.StructFieldVal(value, i));
                return sum;
            case ArrayType array:
                for (ulong i = 0; i < array.LengthWithSentinel; i++)
                    sum = Part(f, sum, array.Child, f.ArrayElemVal(value, f.Constant(TypeId.Usize, (long)i)));
                return sum;
            case VectorType vector:
                for (int i = 0; i < vector.Length; i++)
                    sum = Part(f, sum, vector.Child, f.ArrayElemVal(value, f.Constant(TypeId.Usize, i)));
                return sum;
            case UnionType union:
                return Union(f, sum, union, value);
            case PointerType pointer:
                return Part(f, sum, pointer.Child, f.Load(value));
            case SliceType slice:
                return Slice(f, sum, slice, value);
            default:
                throw new InvalidOperationException("values of this type cannot be folded");
        }
    }

    private Operand Number(FunctionBuilder f, Operand sum, TypeId type, Operand value)
    {
        IntegerShape shape = _layouts.TryGetInteger(type, out IntegerShape found) ? found : default;
        if (shape.IsSigned)
        {
            TypeId unsigned = type == TypeId.Isize ? TypeId.Usize : _module.Types.Unsigned(shape.Bits);
            return Number(f, sum, unsigned, f.Bitcast(unsigned, value));
        }
        if (shape.Bits < 64)
            return f.Call(_mix!, sum, f.Intcast(TypeId.U64, value));
        if (shape.Bits == 64)
            return f.Call(_mix!, sum, type == TypeId.U64 ? value : f.Intcast(TypeId.U64, value));
        for (int done = 0; done < shape.Bits; done += 64)
            sum = f.Call(_mix!, sum, f.Trunc(TypeId.U64, f.Shr(value, f.Constant(TypeId.U16, done))));
        return sum;
    }

    private InstructionId Optional(FunctionBuilder f, Operand sum, OptionalType optional, Operand value) => f.Block(TypeId.U64, end => f.CondBr(
        f.IsNull(value),
        () => f.Br(end, f.Call(_mix!, sum, f.Constant(TypeId.U64, 11))),
        () => f.Br(end, Part(f, f.Call(_mix!, sum, f.Constant(TypeId.U64, 12)), optional.Child, optional.Child == TypeId.Void ? value : f.OptionalPayload(value)))));

    private InstructionId ErrorUnion(FunctionBuilder f, Operand sum, ErrorUnionType union, Operand value) => f.Block(TypeId.U64, end => f.CondBr(
        f.IsErr(value),
        () => f.Br(end, Part(f, sum, union.ErrorSet, f.UnwrapErrunionErr(value))),
        () => f.Br(end, Part(f, f.Call(_mix!, sum, f.Constant(TypeId.U64, 13)), union.Payload, union.Payload == TypeId.Void ? value : f.UnwrapErrunionPayload(value)))));

    private InstructionId Union(FunctionBuilder f, Operand sum, UnionType union, Operand value) => f.Block(TypeId.U64, end =>
    {
        Operand tag = f.GetUnionTag(value);
        f.SwitchBr(tag, cases =>
        {
            for (int i = 0; i < union.Fields.Count; i++)
            {
                int number = i;
                AirField field = union.Fields[i];
                cases.Case(_module.Values.Enum(union.Tag.Value, field.Name), () =>
                {
                    Operand known = f.Call(_mix!, sum, f.Constant(TypeId.U64, 20 + number));
                    f.Br(end, field.Type == TypeId.Void ? known : Part(f, known, field.Type, f.StructFieldVal(value, number)));
                });
            }
        });
    });

    private InstructionId Slice(FunctionBuilder f, Operand sum, SliceType slice, Operand value) => f.Block(TypeId.U64, end =>
    {
        Operand length = f.SliceLen(value);
        Operand total = f.Alloc(TypeId.U64), index = f.Alloc(TypeId.Usize);
        f.Store(total, Number(f, sum, TypeId.Usize, length));
        f.Store(index, f.Constant(TypeId.Usize, 0));
        f.Loop(_ =>
        {
            Operand at = f.Load(index);
            f.If(f.CmpGte(at, length), () => f.Br(end, f.Load(total)));
            f.Store(total, Part(f, f.Load(total), slice.Child, f.SliceElemVal(value, at)));
            f.Store(index, f.Add(at, f.Constant(TypeId.Usize, 1)));
        });
    });
}
