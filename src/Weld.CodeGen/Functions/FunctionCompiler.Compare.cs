using Weld.CodeGen.Types;

namespace Weld.CodeGen.Functions;

/// <content>Comparisons and select.</content>
internal sealed partial class FunctionCompiler
{
    private static readonly BinaryRow LtRow = new(MirOpcode.I32LtS, MirOpcode.I32LtU, MirOpcode.F32Lt);
    private static readonly BinaryRow LteRow = new(MirOpcode.I32LeS, MirOpcode.I32LeU, MirOpcode.F32Le);
    private static readonly BinaryRow EqRow = new(MirOpcode.I32Eq, MirOpcode.I32Eq, MirOpcode.F32Eq);
    private static readonly BinaryRow GteRow = new(MirOpcode.I32GeS, MirOpcode.I32GeU, MirOpcode.F32Ge);
    private static readonly BinaryRow GtRow = new(MirOpcode.I32GtS, MirOpcode.I32GtU, MirOpcode.F32Gt);
    private static readonly BinaryRow NeqRow = new(MirOpcode.I32Ne, MirOpcode.I32Ne, MirOpcode.F32Ne);

    private void Compare(BinaryRow row)
    {
        TypeId type = TypeOf(Operand(0));
        TypeFacts facts = _facts[type];
        if (facts.Kind == TypeKind.Optional)
        {
            CompareOptionals((OptionalType)_module.Types[type], row);
        }
        else if (!facts.HasBits)
        {
            // Of such a type there is one value.
            _code.I32Const(row.Signed is MirOpcode.I32Eq or MirOpcode.I32LeS or MirOpcode.I32GeS ? 1 : 0);
            Define(ValueType.I32);
        }
        else if (!IsMachineNumber(facts))
        {
            Refuse();
        }
        else
        {
            PushOnce(Operand(0));
            Push(Operand(1));
            EmitBinary(row, facts);
            Define(ValueType.I32);
        }
    }

    // Equal are two nulls, or two equal payloads.
    private void CompareOptionals(OptionalType type, BinaryRow row)
    {
        TypeFacts payload = _facts[type.Child];
        TypeFacts whole = FactsOf(Operand(0));
        if (!whole.IsByReference)
        {
            Push(Operand(0));
            Push(Operand(1));
            _code.Emit(Registers.ForWidth(row.Signed, whole.IsLong));
        }
        else if (!IsMachineNumber(payload))
        {
            Refuse();
            return;
        }
        else
        {
            PushOptionalsEqual(payload);
            if (row.Signed == MirOpcode.I32Ne)
                _code.Emit(MirOpcode.I32Eqz);
        }
        Define(ValueType.I32);
    }

    // flags are equal & (payloads are equal | flag is 0)
    private void PushOptionalsEqual(in TypeFacts payload)
    {
        ulong flag = _context.Layouts.Get(TypeOf(Operand(0))).TagOffset;
        Place left = Settle(PlaceOf(Operand(0)));
        Place right = Settle(PlaceOf(Operand(1)));
        TypeFacts boolean = _facts[TypeId.Bool];
        PushLoaded(left, payload);
        PushLoaded(right, payload);
        EmitBinary(EqRow, payload);
        PushLoaded(left + flag, boolean);
        _code.Emit(MirOpcode.I32Eqz);
        _code.Emit(MirOpcode.I32Or);
        PushLoaded(left + flag, boolean);
        PushLoaded(right + flag, boolean);
        _code.Emit(MirOpcode.I32Eq);
        _code.Emit(MirOpcode.I32And);
    }

    private void CompareErrorsLen()
    {
        Push(Operand(0));
        _code.ErrorCount();
        _code.Emit(MirOpcode.I32LtU);
        Define(ValueType.I32);
    }

    private void Select()
    {
        TypeFacts facts = _facts[ResultType];
        if (FactsOf(Operand(0)).Kind == TypeKind.Vector)
        {
            Refuse();
            return;
        }
        if (!facts.HasBits)
            return;
        Push(Operand(1));
        Push(Operand(2));
        Push(Operand(0));
        _code.Emit(MirOpcode.Select);
        Define(facts.IsByReference ? _code.AddressType : facts.ValueType);
    }
}
