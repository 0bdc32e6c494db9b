using Weld.CodeGen.Types;

namespace Weld.CodeGen.Functions;

/// <content>Conversions between scalar types.</content>
internal sealed partial class FunctionCompiler
{
    private void Bitcast()
    {
        TypeFacts from = FactsOf(Operand(0));
        TypeFacts to = _facts[ResultType];
        if (!to.HasBits)
            return;
        if (from.IsByReference && to.IsByReference)
        {
            // The bits above an odd width depend on the sign.
            if (from.IsInteger && to.IsInteger && from.IsSigned != to.IsSigned && from.Bits != (int)from.Size * 8)
                Refuse();
            else
                DefinePlace(PlaceOf(Operand(0)));
        }
        else if (from.IsByReference)
        {
            PushLoaded(PlaceOf(Operand(0)), to);
            Define();
        }
        else if (to.IsByReference)
        {
            Store(DefineInFrame(), Operand(0));
        }
        else
        {
            Push(Operand(0));
            Reinterpret(from.Representation, to);
            Define();
        }
    }

    private void Reinterpret(Representation from, in TypeFacts to)
    {
        switch (from, to.Representation)
        {
            case (Representation.F32, Representation.I32):
                _code.Emit(MirOpcode.I32ReinterpretF32);
                break;
            case (Representation.I32, Representation.F32):
                _code.Emit(MirOpcode.F32ReinterpretI32);
                break;
            case (Representation.F64, Representation.I64):
                _code.Emit(MirOpcode.I64ReinterpretF64);
                break;
            case (Representation.I64, Representation.F64):
                _code.Emit(MirOpcode.F64ReinterpretI64);
                break;
            case (Representation.I32, Representation.I32) when to.Kind == TypeKind.Float:
                Mask(to.Bits, isLong: false);
                break;
            case (Representation.I32, Representation.I32) or (Representation.I64, Representation.I64) when to.IsInteger:
                Wrap(to);
                break;
        }
    }

    private void Intcast()
    {
        TypeFacts from = FactsOf(Operand(0));
        TypeFacts to = _facts[ResultType];
        if (!from.IsMachineInteger || !to.IsMachineInteger)
        {
            Refuse();
            return;
        }
        PushOnce(Operand(0));
        ConvertRegister(from.IsLong, to.IsLong, from.IsSigned);
        Define();
    }

    private void IntcastSafe()
    {
        TypeFacts from = FactsOf(Operand(0));
        TypeFacts to = _facts[ResultType];
        if (!from.IsMachineInteger || !to.IsMachineInteger)
        {
            Refuse();
            return;
        }
        Push(Operand(0));
        TrapOutside(from, to);
        ConvertRegister(from.IsLong, to.IsLong, from.IsSigned);
        if (_module.Types[ResultType] is EnumType { IsOpen: false } type)
        {
            MirLocal value = PopToTemporary(to.ValueType);
            PushIsNamed(type, value, to);
            _code.Emit(MirOpcode.I32Eqz);
            TrapIf();
            _code.LocalGet(value);
        }
        Define();
    }

    /// <summary>Traps when the integer on the stack, of one type, is none of another type; leaves it there.</summary>
    private void TrapOutside(in TypeFacts from, in TypeFacts to)
    {
        bool isBelow = from.IsSigned && (!to.IsSigned || to.Bits < from.Bits);
        bool isAbove = (to.IsSigned ? to.Bits - 1 : to.Bits) < (from.IsSigned ? from.Bits - 1 : from.Bits);
        if (!isBelow && !isAbove)
            return;
        MirLocal number = PopToTemporary(from.ValueType);
        if (isBelow)
            TrapCompared(number, Least(to), MirOpcode.I32LtS, from);
        if (isAbove)
            TrapCompared(number, Greatest(to), from.IsSigned ? MirOpcode.I32GtS : MirOpcode.I32GtU, from);
        _code.LocalGet(number);
    }

    private void TrapCompared(MirLocal number, long limit, MirOpcode comparison, in TypeFacts facts)
    {
        _code.LocalGet(number);
        PushNumber(limit, facts);
        EmitInteger(comparison, facts);
        TrapIf();
    }

    private void Trunc()
    {
        TypeFacts from = FactsOf(Operand(0));
        TypeFacts to = _facts[ResultType];
        if (!from.IsMachineInteger || !to.IsMachineInteger)
        {
            Refuse();
            return;
        }
        PushOnce(Operand(0));
        ConvertRegister(from.IsLong, to.IsLong, from.IsSigned);
        Wrap(to);
        Define();
    }

    private void ConvertFloat()
    {
        TypeFacts from = FactsOf(Operand(0));
        TypeFacts to = _facts[ResultType];
        if (!from.IsMachineFloat || !to.IsMachineFloat)
        {
            Refuse();
            return;
        }
        Push(Operand(0));
        if (from.Representation != to.Representation)
            _code.Emit(to.Representation == Representation.F64 ? MirOpcode.F64PromoteF32 : MirOpcode.F32DemoteF64);
        Define();
    }

    // The instruction traps for NaN, and for what does not fit in the register.
    private void IntFromFloat(bool isSafe)
    {
        TypeFacts from = FactsOf(Operand(0));
        TypeFacts to = _facts[ResultType];
        if (!from.IsMachineFloat || !to.IsMachineInteger)
        {
            Refuse();
            return;
        }
        Push(Operand(0));
        _code.Emit((to.IsLong, from.Representation == Representation.F64, to.IsSigned) switch
        {
            (false, false, true) => MirOpcode.I32TruncF32S,
            (false, false, false) => MirOpcode.I32TruncF32U,
            (false, true, true) => MirOpcode.I32TruncF64S,
            (false, true, false) => MirOpcode.I32TruncF64U,
            (true, false, true) => MirOpcode.I64TruncF32S,
            (true, false, false) => MirOpcode.I64TruncF32U,
            (true, true, true) => MirOpcode.I64TruncF64S,
            (true, true, false) => MirOpcode.I64TruncF64U,
        });
        if (isSafe)
            TrapOutside(TypeFacts.Integer(to.RegisterBits, to.IsSigned), to);
        Define();
    }

    private void FloatFromInt()
    {
        TypeFacts from = FactsOf(Operand(0));
        TypeFacts to = _facts[ResultType];
        if (!from.IsMachineInteger || !to.IsMachineFloat)
        {
            Refuse();
            return;
        }
        Push(Operand(0));
        _code.Emit((from.IsLong, to.Representation == Representation.F64, from.IsSigned) switch
        {
            (false, false, true) => MirOpcode.F32ConvertI32S,
            (false, false, false) => MirOpcode.F32ConvertI32U,
            (false, true, true) => MirOpcode.F64ConvertI32S,
            (false, true, false) => MirOpcode.F64ConvertI32U,
            (true, false, true) => MirOpcode.F32ConvertI64S,
            (true, false, false) => MirOpcode.F32ConvertI64U,
            (true, true, true) => MirOpcode.F64ConvertI64S,
            (true, true, false) => MirOpcode.F64ConvertI64U,
        });
        Define();
    }
}
