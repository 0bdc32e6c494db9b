namespace Weld.Air.Generator;

/// <content>Values of a wanted type.</content>
internal sealed partial class FunctionWriter
{
    private static readonly AirOpcode[] Wraps = [AirOpcode.AddWrap, AirOpcode.SubWrap, AirOpcode.MulWrap, AirOpcode.AddSat, AirOpcode.SubSat, AirOpcode.MulSat];
    private static readonly AirOpcode[] Plains = [AirOpcode.Add, AirOpcode.Sub, AirOpcode.Mul];
    private static readonly AirOpcode[] Overflows = [AirOpcode.AddWithOverflow, AirOpcode.SubWithOverflow, AirOpcode.MulWithOverflow];
    private static readonly AirOpcode[] Safes = [AirOpcode.AddSafe, AirOpcode.SubSafe, AirOpcode.MulSafe];
    private static readonly AirOpcode[] Divisions = [AirOpcode.DivTrunc, AirOpcode.DivFloor, AirOpcode.Rem, AirOpcode.Mod, AirOpcode.DivExact];
    private static readonly AirOpcode[] Logics = [AirOpcode.BitAnd, AirOpcode.BitOr, AirOpcode.Xor, AirOpcode.Min, AirOpcode.Max];
    private static readonly AirOpcode[] Shifts = [AirOpcode.Shl, AirOpcode.Shr, AirOpcode.ShlExact, AirOpcode.ShrExact];
    private static readonly AirOpcode[] Counts = [AirOpcode.Clz, AirOpcode.Ctz, AirOpcode.Popcount];
    private static readonly AirOpcode[] FloatBinaries = [AirOpcode.Add, AirOpcode.Sub, AirOpcode.Mul, AirOpcode.DivFloat, AirOpcode.Min, AirOpcode.Max, AirOpcode.DivTrunc, AirOpcode.DivFloor, AirOpcode.Rem, AirOpcode.Mod];
    private static readonly AirOpcode[] FloatUnaries = [AirOpcode.Neg, AirOpcode.Abs, AirOpcode.Sqrt, AirOpcode.Floor, AirOpcode.Ceil, AirOpcode.TruncFloat, AirOpcode.Round];
    private static readonly AirOpcode[] Comparisons = [AirOpcode.CmpEq, AirOpcode.CmpNeq, AirOpcode.CmpLt, AirOpcode.CmpLte, AirOpcode.CmpGte, AirOpcode.CmpGt];

    /// <summary>A value of the type: a constant, one that is there, or the result of an instruction.</summary>
    private Operand Value(TypeId type, int depth)
    {
        if (_budget <= 0 || depth <= 0)
            return Choices.OneIn(2) ? Existing(type) : Constant(type);
        switch (Choices.Next(6))
        {
            case 0:
                return Constant(type);
            case 1:
                return Existing(type);
            default:
                _budget--;
                return Choices.OneIn(5) ? FromElsewhere(type, depth - 1) : Computed(type, depth - 1);
        }
    }

    private Operand Constant(TypeId type) => _program.Constants.Make(type);

    private Operand Existing(TypeId type)
    {
        List<Operand> fitting = _values.FindAll(value => _f.TypeOf(value) == type);
        return fitting.Count == 0 ? Constant(type) : fitting[^(1 + Choices.Next(fitting.Count))];
    }

    /// <summary>Ways that there are for every type.</summary>
    private Operand FromElsewhere(TypeId type, int depth)
    {
        switch (Choices.Next(7))
        {
            case 0:
                return _f.Select(type, Value(Module.Types.WithLanesOf(type, TypeId.Bool), depth), Value(type, depth), Value(type, depth));
            case 1:
                Operand place = _f.Alloc(type);
                _f.Store(place, Value(type, depth));
                return _f.Load(place);
            case 2 when _nesting < MostNesting:
                Operand condition = Value(TypeId.Bool, depth);
                return _f.Block(type, end => _f.CondBr(
                    condition,
                    () => Inside(() => _f.Br(end, Value(type, depth))),
                    () => Inside(() => _f.Br(end, Value(type, depth)))));
            case 3:
                List<AirFunction> functions = [.. _program.Functions.Where(function => ((FunctionType)Module.Types[function.Type]).Result == type)];
                return functions.Count == 0 ? Existing(type) : CallWith(Choices.Pick(functions), depth);
            case 4:
                List<Operand> places = _places.FindAll(place => PointeeOf(place) == type);
                return places.Count == 0 ? Constant(type) : _f.Load(Choices.Pick(places));
            default:
                return PartOfValue(type, depth) ?? Computed(type, depth);
        }
    }

    /// <summary>The type as a part of a value of another type of the pool.</summary>
    private Operand? PartOfValue(TypeId type, int depth)
    {
        List<TypeId> wholes = [.. Pool.All.Where(whole => Module.Types[whole] switch
        {
            StructType fields => fields.Fields.Span.ToArray().Any(field => field.Type == type),
            ArrayType array => array.Child == type,
            OptionalType optional => optional.Child == type,
            ErrorUnionType union => union.Payload == type,
            UnionType union => union.Fields.Span.ToArray().Any(field => field.Type == type),
            VectorType vector => vector.Child == type,
            _ => false,
        })];
        if (wholes.Count == 0)
            return null;
        TypeId chosen = Choices.Pick(wholes);
        Operand value = Value(chosen, depth);
        switch (Module.Types[chosen])
        {
            case StructType fields:
                return _f.StructFieldVal(value, Array.FindIndex(fields.Fields.Span.ToArray(), field => field.Type == type));
            case ArrayType array:
                return _f.ArrayElemVal(value, Index(array.Length));
            case VectorType vector:
                return _f.ArrayElemVal(value, Index((ulong)vector.Length));
            case OptionalType:
                return Risky([value], 0, Module.Values.Optional(chosen, _program.Constants.Make(type)), operands => _f.OptionalPayload(operands[0]));
            case ErrorUnionType:
                return Risky([value], 0, Module.Values.ErrorUnionPayload(chosen, _program.Constants.Make(type)), operands => _f.UnwrapErrunionPayload(operands[0]));
            case UnionType union:
                int number = Array.FindIndex(union.Fields.Span.ToArray(), field => field.Type == type);
                return Risky([value], 0, Module.Values.Union(chosen, number, _program.Constants.Make(type)), operands => _f.StructFieldVal(operands[0], number));
            default:
                return null;
        }
    }

    // ---- Instructions that are illegal for some operands ----

    private Operand Risky(Operand[] operands, int position, TypeId type, BigInteger legal, Func<Operand[], Operand> emit) =>
        Risky(operands, position, Legal(type, legal), emit);

    private ValueId Legal(TypeId type, BigInteger legal) => Module.Types[type] switch
    {
        FloatType => Module.Values.Float(type, (double)legal),
        EnumType tags => Module.Values.Integer(type, tags.Fields[0].Value),
        VectorType vector => Module.Values.Repeated(type, Legal(vector.Child, legal)),
        _ => Module.Values.Integer(type, legal),
    };

    /// <param name="operands">As they come.</param>
    /// <param name="position">Which of them is replaced where the instruction turned out to be illegal.</param>
    /// <param name="legal">What it is replaced by.</param>
    /// <param name="emit">Writes the instruction.</param>
    private Operand Risky(Operand[] operands, int position, ValueId legal, Func<Operand[], Operand> emit)
    {
        if (_program.IsTamed(out int risk))
            operands[position] = legal;
        Operand result = emit(operands);
        _program.NoteRisk(_f.Function, result.Instruction, risk);
        return result;
    }

    // ---- By type ----

    private Operand Computed(TypeId type, int depth)
    {
        switch (Module.Types[type])
        {
            case SimpleType:
                return Bool(depth);
            case IntegerType:
                return Integer(type, depth);
            case FloatType:
                return Float(type, depth);
            case EnumType tags:
                return Enum(type, tags, depth);
            case StructType fields:
                return _f.AggregateInit(type, [.. fields.Fields.Select(field => Value(field.Type, depth - 1))]);
            case ArrayType array:
                return _program.Options.HasVectors && Choices.OneIn(4) && !array.Sentinel.HasValue
                    ? _f.Splat(type, Value(array.Child, depth))
                    : _f.AggregateInit(type, [.. Enumerable.Range(0, (int)array.Length).Select(_ => Value(array.Child, depth - 1))]);
            case OptionalType optional:
                return optional.Child == TypeId.Void ? _f.WrapOptional(type, ValueId.Void) : _f.WrapOptional(type, Value(optional.Child, depth));
            case ErrorUnionType union:
                return Choices.OneIn(3) ? _f.WrapErrunionErr(type, Value(union.ErrorSet, depth))
                    : _f.WrapErrunionPayload(type, union.Payload == TypeId.Void ? ValueId.Void : Value(union.Payload, depth));
            case UnionType union:
                int number = Choices.Next(union.Fields.Count);
                TypeId field = union.Fields[number].Type;
                return _f.UnionInit(type, number, field == TypeId.Void ? ValueId.Void : Value(field, depth));
            case VectorType vector:
                return Vector(type, vector, depth);
            case ErrorSetType:
                return ErrorOf(type, depth);
            default:
                return Existing(type);
        }
    }

    private Operand ErrorOf(TypeId type, int depth)
    {
        TypeId union = Module.Types.ErrorUnion(type, Choices.OneIn(2) ? TypeId.Void : Pool.Integer());
        return Risky(
            [Value(union, depth)], 0, Module.Values.ErrorUnionError(union, ((ErrorSetType)Module.Types[type]).Errors[0]), operands => _f.UnwrapErrunionErr(operands[0]));
    }

    private Operand Enum(TypeId type, EnumType tags, int depth)
    {
        if (!tags.IsOpen)
            return Existing(type);
        return Choices.OneIn(2)
            ? _f.Bitcast(type, Value(tags.Tag, depth))
            : Risky([Value(Pool.Integer(), depth)], 0, BigInteger.Zero, operands => _f.Intcast(type, operands[0]));
    }

    private Operand Risky(Operand[] operands, int position, BigInteger legal, Func<Operand[], Operand> emit) =>
        Risky(operands, position, _f.TypeOf(operands[position]), legal, emit);

    private Operand Bool(int depth)
    {
        switch (Choices.Next(9))
        {
            case 0:
                return _f.Not(Value(TypeId.Bool, depth));
            case 1:
                return Choices.OneIn(2) ? _f.BoolAnd(Value(TypeId.Bool, depth), Value(TypeId.Bool, depth)) : _f.BoolOr(Value(TypeId.Bool, depth), Value(TypeId.Bool, depth));
            case 2:
                return _f.Emit(Choices.Pick([AirOpcode.Xor, AirOpcode.BitAnd, AirOpcode.BitOr, AirOpcode.CmpEq, AirOpcode.CmpNeq]), TypeId.Bool, Value(TypeId.Bool, depth).Raw, Value(TypeId.Bool, depth).Raw);
            case 3:
                return Compare(Pool.RandomFloat(), depth, Comparisons);
            case 4:
                return Compare(Pool.AnyWhere(static type => type is EnumType) ?? Pool.Integer(), depth, Comparisons);
            case 5 when Pool.AnyWhere(static type => type is OptionalType) is { } optional:
                return Choices.OneIn(2) ? _f.IsNull(Value(optional, depth)) : _f.IsNonNull(Value(optional, depth));
            case 6 when Pool.AnyWhere(static type => type is ErrorUnionType) is { } union:
                return Choices.OneIn(2) ? _f.IsErr(Value(union, depth)) : _f.IsNonErr(Value(union, depth));
            case 7:
                TypeId scalar = Choices.OneIn(2) ? Pool.ErrorSet : Module.Types.Optional(Choices.OneIn(2) ? Pool.Integer() : TypeId.Bool);
                return Compare(scalar, depth, [AirOpcode.CmpEq, AirOpcode.CmpNeq]);
            default:
                return Compare(Pool.Integer(), depth, Comparisons);
        }
    }

    private Operand Compare(TypeId type, int depth, IReadOnlyList<AirOpcode> comparisons) =>
        _f.Emit(Choices.Pick(comparisons), TypeId.Bool, Value(type, depth).Raw, Value(type, depth).Raw);

    private Operand Binary(IReadOnlyList<AirOpcode> opcodes, TypeId type, int depth) =>
        _f.Emit(Choices.Pick(opcodes), type, Value(type, depth).Raw, Value(type, depth).Raw);

    private Operand RiskyBinary(IReadOnlyList<AirOpcode> opcodes, TypeId type, TypeId second, BigInteger legal, int depth)
    {
        AirOpcode opcode = Choices.Pick(opcodes);
        BigInteger neutral = opcode is AirOpcode.Mul or AirOpcode.DivExact && _program.Constants.Shape(second).Most > 0 ? BigInteger.One : legal;
        return Risky([Value(type, depth), Value(second, depth)], 1, neutral, operands => _f.Emit(opcode, type, operands[0].Raw, operands[1].Raw));
    }

    private Operand Integer(TypeId type, int depth)
    {
        IntegerShape shape = _program.Constants.Shape(type);
        switch (Choices.Next(19))
        {
            case 0 or 1:
                return Binary(Wraps, type, depth);
            case 2:
                return RiskyBinary(Plains, type, type, BigInteger.Zero, depth);
            // One bit with a sign has no 1, and no other divisor that is always legal.
            case 3 or 4 when shape.Bits > 1:
                return RiskyBinary(Divisions, type, type, Divisor(type), depth);
            case 5:
                return Binary(Logics, type, depth);
            case 6 or 7:
                return Shifted(type, shape, depth);
            case 8:
                return WithOverflow(type, depth);
            case 9:
                return _f.ShlSat(Value(type, depth), Value(TypeId.U8, depth));
            case 10:
                TypeId counted = Pool.Integer();
                return shape.Has(_program.Constants.Shape(counted).Bits)
                    ? _f.Emit(Choices.Pick(Counts), type, Value(counted, depth).Raw)
                    : _f.Not(Value(type, depth));
            case 11:
                return Turned(type, shape, depth);
            case 12:
                return _f.Not(Value(type, depth));
            case 13 or 14 or 15:
                return FromNumber(type, shape, depth);
            case 16:
                TypeId real = Pool.RandomFloat();
                return Choices.OneIn(12)
                    ? _f.IntFromFloatSafe(type, Value(real, depth))
                    : Risky([Value(real, depth)], 0, BigInteger.Clamp(Choices.Next(4000) - 2000, shape.Least, shape.Most), operands => _f.IntFromFloat(type, operands[0]));
            case 17 when Choices.OneIn(4):
                return Binary(Safes, type, depth);
            case 17:
                return shape.IsSigned
                    ? Risky([Value(type, depth)], 0, BigInteger.Zero, operands => _f.Neg(operands[0]))
                    : _f.Abs(Value(SignedAsWide(type, shape), depth));
            default:
                return Binary(Wraps, type, depth);
        }
    }

    private BigInteger Divisor(TypeId type)
    {
        BigInteger divisor = _program.Constants.Integer(type);
        return divisor.IsZero || divisor == BigInteger.MinusOne ? BigInteger.One : divisor;
    }

    /// <summary>A number that both integer types have.</summary>
    private BigInteger Common(IntegerShape x, TypeId other)
    {
        IntegerShape y = _program.Constants.Shape(other);
        BigInteger number = _program.Constants.Integer(other);
        BigInteger least = BigInteger.Max(x.Least, y.Least);
        BigInteger most = BigInteger.Min(x.Most, y.Most);
        return BigInteger.Clamp(number, least, most);
    }

    /// <summary>A shift; mostly by an amount below the width, as most random ones are not.</summary>
    private Operand Shifted(TypeId type, IntegerShape shape, int depth)
    {
        AirOpcode opcode = Choices.Pick(Shifts);
        TypeId amounts = shape.IsSigned || Choices.OneIn(2) || shape.Most < shape.Bits ? TypeId.U8 : type;
        Operand x = Value(type, depth);
        Operand width = _f.Constant(amounts, shape.Bits);
        Operand amount = Choices.Next(4) switch
        {
            0 or 1 => _f.Constant(amounts, Choices.Next(shape.Bits)),
            2 => _f.Rem(Value(amounts, depth), width),
            _ => Value(amounts, depth),
        };
        return Risky([x, amount], 1, BigInteger.Zero, operands => _f.Emit(opcode, type, operands[0].Raw, operands[1].Raw));
    }

    private TypeId SignedAsWide(TypeId type, IntegerShape shape) => type == TypeId.Usize ? TypeId.Isize : Module.Types.Signed(shape.Bits);

    private Operand Turned(TypeId type, IntegerShape shape, int depth) =>
        shape.Bits % 8 == 0 && Choices.OneIn(2) ? _f.ByteSwap(Value(type, depth)) : _f.BitReverse(Value(type, depth));

    private Operand WithOverflow(TypeId type, int depth)
    {
        TypeId tuple = Module.Types.WithOverflow(type);
        Operand both = Choices.OneIn(4)
            ? Risky([Value(type, depth), Value(TypeId.U8, depth)], 1, BigInteger.Zero, operands => _f.ShlWithOverflow(operands[0], operands[1]))
            : _f.Emit(Choices.Pick(Overflows), tuple, Value(type, depth).Raw, Value(type, depth).Raw);
        Keep(both);
        return _f.StructFieldVal(both, 0);
    }

    private Operand FromNumber(TypeId type, IntegerShape shape, int depth)
    {
        TypeId other = Choices.OneIn(2) ? Pool.RandomInteger() : Pool.Integer();
        int bits = _program.Constants.Shape(other).Bits;
        switch (Choices.Next(5))
        {
            case 0 when bits >= shape.Bits && shape.IsSigned == _program.Constants.Shape(other).IsSigned:
                return _f.Trunc(type, Value(other, depth));
            case 1:
                return _f.Bitcast(type, Value(Module.Types.Integer(!shape.IsSigned, shape.Bits), depth));
            case 2 when shape.Bits is 32 or 64:
                TypeId real = shape.Bits == 32 ? TypeId.F32 : TypeId.F64;
                Operand x = Value(real, depth);
                return _f.Bitcast(type, _f.Select(real, _f.CmpNeq(x, x), _f.Constant(real, 1.5), x));
            case 3 when shape.Bits == 1 && !shape.IsSigned:
                return _f.Bitcast(type, Value(TypeId.Bool, depth));
            case 4 when Choices.OneIn(12):
                return _f.IntcastSafe(type, Value(other, depth));
            default:
                return Risky([Value(other, depth)], 0, Common(shape, other), operands => _f.Intcast(type, operands[0]));
        }
    }

    private Operand Float(TypeId type, int depth)
    {
        int bits = ((FloatType)Module.Types[type]).Bits;
        switch (Choices.Next(8))
        {
            case 0 or 1 or 2:
                return Binary(FloatBinaries, type, depth);
            case 3:
                return _f.Emit(Choices.Pick(FloatUnaries), type, Value(type, depth).Raw);
            case 4:
                return _f.FloatFromInt(type, Value(Pool.Integer(), depth));
            case 5:
                TypeId other = Pool.RandomFloat();
                int otherBits = ((FloatType)Module.Types[other]).Bits;
                return otherBits == bits ? _f.Neg(Value(type, depth))
                    : otherBits < bits ? _f.Fpext(type, Value(other, depth))
                    : _f.Fptrunc(type, Value(other, depth));
            case 6 when bits != 80:
                return _f.Bitcast(type, Value(Module.Types.Unsigned(bits), depth));
            default:
                // musl's fma gives 0 instead of -0 when a negative product is too small and z is 0.
                return _f.Add(_f.MulAdd(Value(type, depth), Value(type, depth), Value(type, depth)), _f.Constant(type, 0.0));
        }
    }

    private Operand Vector(TypeId type, VectorType vector, int depth)
    {
        AirOpcode[] opcodes = Module.Types[vector.Child] switch
        {
            IntegerType => [.. Wraps, .. Logics],
            FloatType => [AirOpcode.Add, AirOpcode.Sub, AirOpcode.Mul, AirOpcode.Min, AirOpcode.Max],
            _ => [AirOpcode.BitAnd, AirOpcode.BitOr, AirOpcode.Xor],
        };
        switch (Choices.Next(6))
        {
            case 0:
                return _f.Splat(type, Value(vector.Child, depth));
            case 1:
                return _f.AggregateInit(type, [.. Enumerable.Range(0, vector.Length).Select(_ => Value(vector.Child, depth - 1))]);
            case 2 when Choices.OneIn(3):
                return _f.ShuffleOne(type, Value(type, depth), [.. Enumerable.Range(0, vector.Length).Select(_ => ShuffleLane.FromLane(Choices.Next(vector.Length)))]);
            case 2:
                ShuffleLane[] lanes = [.. Enumerable.Range(0, vector.Length).Select(_ => Choices.OneIn(6)
                    ? ShuffleLane.FromConstant(_program.Constants.Make(vector.Child))
                    : ShuffleLane.FromLane(Choices.Next(vector.Length * 2)))];
                return _f.ShuffleTwo(type, Value(type, depth), Value(type, depth), lanes);
            case 3:
                return _f.Select(type, Value(Module.Types.Vector(TypeId.Bool, vector.Length), depth), Value(type, depth), Value(type, depth));
            case 4 when vector.Child == TypeId.Bool:
                TypeId compared = Module.Types.Vector(Pool.Integer(), vector.Length);
                return _f.CmpVector((CompareOperator)Choices.Next(6), Value(compared, depth), Value(compared, depth));
            case 4:
                Keep(_f.Reduce(Module.Types[vector.Child] is FloatType ? ReduceOperator.Add : (ReduceOperator)Choices.Next(7), Value(type, depth)));
                return Value(type, depth);
            default:
                return Binary(opcodes, type, depth);
        }
    }
}
