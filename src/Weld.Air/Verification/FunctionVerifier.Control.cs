namespace Weld.Air.Verification;

/// <content>Control flow and calls.</content>
internal sealed partial class FunctionVerifier
{
    private bool CheckControl() => _info.Opcode switch
    {
        AirOpcode.SwitchBr or AirOpcode.LoopSwitchBr => CheckCases(),
        AirOpcode.Try or AirOpcode.TryCold => OperandType(0) is ErrorUnionType union ? CheckIs(_type, union.Payload) : FailOperand(0, "an error union"),
        AirOpcode.TryPtr or AirOpcode.TryPtrCold => Pointee(0) is ErrorUnionType union
            ? CheckPointerResult(union.Payload, (ReferenceType)OperandType(0))
            : FailOperand(0, "a pointer to an error union"),
        AirOpcode.RetLoad => (OperandType(0) is PointerType { IsMany: false } pointer && pointer.Child == _functionType.Result)
            || Fail(VerifierRuleTable.Function, $"the function returns {Print(_functionType.Result)}"),
        _ => true,
    };

    // ---- Switches ----

    private readonly record struct CaseRange(BigInteger First, BigInteger Last);

    private bool CheckCases()
    {
        var ranges = new List<CaseRange>();
        foreach (SwitchCase one in _body.Cases(_id))
        {
            if (one.Items.IsEmpty && one.RangeEnds.IsEmpty)
                return Fail(VerifierRuleTable.Case, "a case has no value");
            foreach (ValueId item in one.Items)
                if (!AddRange(item, item, ranges))
                    return false;
            for (int i = 0; i < one.RangeEnds.Length; i += 2)
                if (!AddRange(one.RangeEnds[i], one.RangeEnds[i + 1], ranges))
                    return false;
        }
        ranges.Sort((left, right) => left.First.CompareTo(right.First));
        for (int i = 1; i < ranges.Count; i++)
            if (ranges[i].First <= ranges[i - 1].Last)
                return Fail(VerifierRuleTable.Case, $"{ranges[i].First} is in two cases");
        return true;
    }

    private bool AddRange(ValueId first, ValueId last, List<CaseRange> ranges)
    {
        if (NumberOf(first) is not { } from || NumberOf(last) is not { } to)
            return Fail(VerifierRuleTable.Case, $"a case is no constant of type {Print(_subject)}");
        if (from > to)
            return Fail(VerifierRuleTable.Case, $"the range {from}...{to} does not go up");
        ranges.Add(new CaseRange(from, to));
        return true;
    }

    private BigInteger? NumberOf(ValueId value) => _module.Values[value] switch
    {
        IntegerValue integer when integer.Type == _subject => integer.Value,
        ErrorValue error when error.Type == _subject => error.Error.Number,
        _ => null,
    };

    // ---- Calls ----

    private bool CheckCall()
    {
        switch (_info.Opcode)
        {
            case AirOpcode.CVaStart:
                return _functionType.IsVariadic || Fail(VerifierRuleTable.Function, "the function is not variadic");
            case AirOpcode.CVaArg:
                return Pointee(0) is PointerType || FailOperand(0, "a pointer to a list");
            case AirOpcode.CVaCopy:
                return OperandType(0) is PointerType list ? CheckIs(_type, list.Child) : FailOperand(0, "a pointer to a list");
            case AirOpcode.CVaEnd:
                return Pointee(0) is PointerType || FailOperand(0, "a pointer to a list");
            default:
                return CheckArguments();
        }
    }

    private bool CheckArguments()
    {
        _module.Types.TryGetFunction(TypeOf(0), out FunctionType called);
        int count = _body.Words(_id).Length - 1;
        int needed = called.Parameters.Count;
        if (count < needed || (count > needed && !called.IsVariadic))
            return Fail(VerifierRuleTable.Count, $"{count} arguments instead of {needed}{(called.IsVariadic ? " or more" : "")}");
        for (int i = needed; i < count; i++)
            if (!TypeChecks.HasValues(_module, TypeOf(i + 1)))
                return Fail(VerifierRuleTable.OperandType, $"argument {i + 1} has no value");
        return _info.Opcode != AirOpcode.CallAlwaysTail || CheckTailCall(called);
    }

    private bool CheckTailCall(FunctionType called)
    {
        if (called.Result != _functionType.Result || called.Convention != _functionType.Convention || called.IsVariadic || _functionType.IsVariadic)
            return Fail(VerifierRuleTable.TailCall, "the two functions have not the same result and convention, or one is variadic");
        if (_type == TypeId.NoReturn)
            return true;
        var next = new InstructionId(_id.Index + 1);
        bool isReturned = next.Index < _open.Peek().End && _body.Opcode(next) == AirOpcode.Ret
            && (_type == TypeId.Void || _body.Operand(next, 0) == (Operand)_id);
        return isReturned || Fail(VerifierRuleTable.TailCall, "a ret of the result must follow");
    }
}
