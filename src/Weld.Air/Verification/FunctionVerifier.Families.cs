using Weld.Air.Layouts;

namespace Weld.Air.Verification;

/// <content>Numbers, conversions, vectors and what only some instructions ask for.</content>
internal sealed partial class FunctionVerifier
{
    private bool CheckFamily() => _info.Group switch
    {
        OpcodeGroup.Bits => CheckBits(),
        OpcodeGroup.Compare => CheckComparison(),
        OpcodeGroup.Conversion => CheckConversion(),
        OpcodeGroup.Vector => CheckVector(),
        OpcodeGroup.Memory => CheckMemory(),
        OpcodeGroup.Atomic => CheckAtomic(),
        OpcodeGroup.Aggregate => CheckAggregate(),
        OpcodeGroup.Optional => CheckOptional(),
        OpcodeGroup.ErrorUnion => CheckErrorUnion(),
        OpcodeGroup.Control => CheckControl(),
        OpcodeGroup.Call => CheckCall(),
        OpcodeGroup.Name => CheckName(),
        OpcodeGroup.Machine => CheckMachine(),
        OpcodeGroup.Debug => CheckDebug(),
        _ => true,
    };

    private bool TryLane(TypeId type, out IntegerShape shape)
    {
        TypeId lane = _module.Types.LaneOf(type);
        shape = default;
        return _module.Types.Kind(lane) == TypeKind.Integer && _layouts.TryGetInteger(lane, out shape);
    }

    private bool CheckBits()
    {
        switch (_info.Opcode)
        {
            case AirOpcode.Clz or AirOpcode.Ctz or AirOpcode.Popcount:
                if (!TryLane(TypeOf(0), out IntegerShape from) || LanesOf(TypeOf(0)) != LanesOf(_type))
                    return FailOperand(0, "an integer with as many lanes as the result");
                return (TryLane(_type, out IntegerShape result) && result.Has(from.Bits))
                    || Fail(VerifierRuleTable.ResultType, $"{Print(_type)} does not hold a count up to {from.Bits}");
            case AirOpcode.ByteSwap:
                return (TryLane(_subject, out IntegerShape swapped) && swapped.Bits % 8 == 0)
                    || Fail(VerifierRuleTable.Subject, $"{Print(_subject)} has no whole number of bytes");
            default:
                return true;
        }
    }

    // ---- Comparison ----

    private bool CheckComparison()
    {
        switch (_info.Opcode)
        {
            case AirOpcode.CmpLtErrorsLen:
                return true;
            case AirOpcode.Select:
                return true;
            case AirOpcode.CmpVector or AirOpcode.CmpVectorOptimized:
                bool isEquality = (CompareOperator)_body.Word(_id, 0) is CompareOperator.Eq or CompareOperator.Neq;
                return isEquality || _module.Types.LaneOf(_subject) != TypeId.Bool
                    || Fail(VerifierRuleTable.Subject, "bools have no order");
            case AirOpcode.CmpEq or AirOpcode.CmpNeq:
                return _module.Types[_subject] is not OptionalType optional || IsScalar(optional.Child)
                    || Fail(VerifierRuleTable.Subject, $"{Print(_subject)} cannot be compared");
            default:
                return _module.Types.Kind(_subject) is not (TypeKind.Bool or TypeKind.ErrorSet or TypeKind.Optional)
                    || Fail(VerifierRuleTable.Subject, $"{Print(_subject)} has no order");
        }
    }

    private bool IsScalar(TypeId type) => _module.Types.Kind(type)
        is TypeKind.Integer or TypeKind.Float or TypeKind.Bool or TypeKind.Pointer or TypeKind.Enum or TypeKind.ErrorSet or TypeKind.Void;

    // ---- Conversion ----

    private bool FailCast() => Fail(VerifierRuleTable.Cast, $"{_info.Name} does not convert {Print(TypeOf(0))} to {Print(_type)}");

    private bool CheckConversion()
    {
        TypeId from = TypeOf(0);
        if (_info.Opcode == AirOpcode.Bitcast)
            return IsBitcast(from, _type) || FailCast();
        if (_info.Opcode == AirOpcode.AddrspaceCast)
            return _module.Types[from] is PointerType || FailCast();
        AirType source = _module.Types[_module.Types.LaneOf(from)];
        AirType target = _module.Types[_module.Types.LaneOf(_type)];
        bool isGood = LanesOf(from) == LanesOf(_type) && _info.Opcode switch
        {
            AirOpcode.Intcast or AirOpcode.IntcastSafe => source is IntegerType or EnumType,
            AirOpcode.Trunc => TryLane(from, out IntegerShape wide) && TryLane(_type, out IntegerShape narrow) && narrow.Bits <= wide.Bits,
            AirOpcode.Fptrunc => source is FloatType wide && target is FloatType narrow && narrow.Bits < wide.Bits,
            AirOpcode.Fpext => source is FloatType narrow && target is FloatType wide && narrow.Bits < wide.Bits,
            AirOpcode.FloatFromInt => source is IntegerType,
            _ => source is FloatType,
        };
        return isGood || FailCast();
    }

    private bool IsBitcast(TypeId from, TypeId to)
    {
        if (from == to || (_module.Types[from] is SliceType && _module.Types[to] is SliceType))
            return true;
        // Pointers are made of what is as wide, and only of that, on every target: integers of pointer size, and each other.
        if (IsPointerLike(from) || IsPointerLike(to))
            return (IsPointerLike(from) || IsPointerSized(from)) && (IsPointerLike(to) || IsPointerSized(to));
        if (_module.Types[from] is ErrorUnionType union && _module.Types[to] is ErrorUnionType other)
            return union.Payload == other.Payload;
        if (HasBits(from, out int fromBits) && HasBits(to, out int toBits))
            return fromBits == toBits;
        bool isFromArray = _module.Types[from] is ArrayType;
        if (HasBits(isFromArray ? to : from, out int bits) && (isFromArray || _module.Types[to] is ArrayType) && _module.Types[isFromArray ? to : from] is not VectorType)
            return (ulong)bits == 8 * _layouts.Get(isFromArray ? from : to).Size;
        return IsSequence(from) && IsSequence(to) && _layouts.Get(from).Size == _layouts.Get(to).Size;
    }

    private bool HasBits(TypeId type, out int bits) => _layouts.TryGetBits(type, out bits) && bits > 0;

    private bool IsPointerLike(TypeId type) => _module.Types[type] is PointerType
        || (_module.Types[type] is OptionalType optional && _module.Types[optional.Child] is PointerType && _layouts.IsPointerLike(optional.Child));

    private bool IsPointerSized(TypeId type) => _module.Types[type] is IntegerType && _layouts.TryGetInteger(type, out IntegerShape shape) && shape.Bits == _layouts.Target.PointerBits;

    private bool IsSequence(TypeId type) => _module.Types[type] is ArrayType or VectorType;

    // ---- Vectors ----

    private bool CheckVector()
    {
        switch (_info.Opcode)
        {
            case AirOpcode.Splat:
                return _module.Types.TryGetElement(_type, out _) || Fail(VerifierRuleTable.Subject, $"{Print(_type)} is neither a vector nor an array");
            case AirOpcode.ShuffleOne:
                return CheckShuffle(1);
            case AirOpcode.ShuffleTwo:
                return CheckShuffle(2);
            default:
                return CheckReduce();
        }
    }

    private bool CheckShuffle(int sources)
    {
        TypeId element = _module.Types.LaneOf(_type);
        int lanes = 0;
        for (int i = 0; i < sources; i++)
        {
            if (OperandType(i) is not VectorType vector || vector.Child != element)
                return FailOperand(i, $"a vector of {Print(element)}");
            lanes += vector.Length;
        }
        ReadOnlySpan<ShuffleLane> list = _body.Lanes(_id, sources);
        if (list.Length != LanesOf(_type))
            return Fail(VerifierRuleTable.Count, $"{list.Length} lanes instead of {LanesOf(_type)}");
        foreach (ShuffleLane lane in list)
        {
            if (lane.IsConstant && _module.Values.TypeOf(lane.Value) != element)
                return Fail(VerifierRuleTable.OperandType, $"a lane is of type {Print(_module.Values.TypeOf(lane.Value))}, not {Print(element)}");
            if (!lane.IsConstant && lane.Lane >= lanes)
                return Fail(VerifierRuleTable.Field, $"there is no lane {lane.Lane}");
        }
        return true;
    }

    private bool CheckReduce()
    {
        TypeKind kind = _module.Types.Kind(_module.Types.LaneOf(_subject));
        bool isBitwise = (ReduceOperator)_body.Word(_id, 0) is ReduceOperator.And or ReduceOperator.Or or ReduceOperator.Xor;
        return (isBitwise ? kind is TypeKind.Integer or TypeKind.Bool : kind is TypeKind.Integer or TypeKind.Float)
            || Fail(VerifierRuleTable.Subject, $"the operator is not for {Print(_subject)}");
    }

    // ---- Names, machine, debuggers ----

    private bool CheckName()
    {
        int position = _info.Opcode == AirOpcode.ErrorSetHasValue ? 1 : 0;
        bool isGood = _info.Opcode is AirOpcode.TagName or AirOpcode.IsNamedEnumValue
            ? OperandType(position) is EnumType
            : OperandType(position) is ErrorSetType;
        if (!isGood)
            return FailOperand(position, _info.Opcode is AirOpcode.TagName or AirOpcode.IsNamedEnumValue ? "an enum" : "an error set");
        if (_info.Opcode == AirOpcode.ErrorSetHasValue)
            return _module.Types[new TypeId(_body.Word(_id, 0))] is ErrorSetType || Fail(VerifierRuleTable.OperandType, "set is no error set");
        return _info.Opcode == AirOpcode.IsNamedEnumValue
            || (_module.Types[_type] is SliceType { IsConst: true, Alignment: 0 } text && text.Child == TypeId.U8)
            || Fail(VerifierRuleTable.ResultType, "a name is a []const u8");
    }

    private bool CheckMachine() => _info.Opcode != AirOpcode.SetErrReturnTrace || OperandType(0) is PointerType || FailOperand(0, "a pointer");

    private bool CheckDebug()
    {
        if (_info.Opcode == AirOpcode.DbgVarPtr)
            return OperandType(1) is PointerType || FailOperand(1, "a pointer");
        return _info.Opcode != AirOpcode.DbgInlineBlock || _module.Items[new ItemId(_body.Word(_id, 0))] is AirFunction
            || Fail(VerifierRuleTable.Function, "what was inlined is no function");
    }
}
