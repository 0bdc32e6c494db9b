using Weld.CodeGen.Types;

namespace Weld.CodeGen.Functions;

/// <content>Arithmetic that knows whether the exact result fits: with overflow, saturating, and safe.</content>
internal sealed partial class FunctionCompiler
{
    private enum Checked
    {
        Add,
        Sub,
        Mul,
        Shl,
    }

    private void WithOverflow(Checked operation)
    {
        TypeFacts facts = FactsOf(Operand(0));
        if (!CanCheck(facts, operation))
        {
            Refuse();
            return;
        }
        (MirLocal value, MirLocal overflow) = Compute(operation, facts);
        ulong[] offsets = _context.Layouts.Get(ResultType).FieldOffsets;
        Place place = DefineInFrame();
        StoreLocal(place + offsets[0], value, facts);
        StoreLocal(place + offsets[1], overflow, TypeFacts.Integer(1, isSigned: false));
    }

    private void Safe(Checked operation)
    {
        TypeFacts facts = FactsOf(Operand(0));
        if (!CanCheck(facts, operation))
        {
            Refuse();
            return;
        }
        (MirLocal value, MirLocal overflow) = Compute(operation, facts);
        _code.LocalGet(overflow);
        TrapIf();
        _code.LocalGet(value);
        Define();
    }

    private void Saturating(Checked operation)
    {
        TypeFacts facts = FactsOf(Operand(0));
        if (!CanCheck(facts, operation))
        {
            Refuse();
            return;
        }
        (MirLocal value, MirLocal overflow) = Compute(operation, facts);
        if (operation == Checked.Shl)
            overflow = AddLargeAmounts(overflow, facts);
        PushNearest(operation, facts);
        _code.LocalGet(value);
        _code.LocalGet(overflow);
        _code.Emit(MirOpcode.Select);
        Define();
    }

    private bool CanCheck(in TypeFacts facts, Checked operation) =>
        facts.IsMachineInteger && (operation != Checked.Shl || FactsOf(Operand(1)).IsMachineInteger);

    /// <summary>Pops a condition and traps if it is true.</summary>
    private void TrapIf()
    {
        _code.If();
        _code.Emit(MirOpcode.Unreachable);
        _code.End();
    }

    /// <summary>The result modulo 2^bits, and whether it is not the exact one.</summary>
    private (MirLocal Value, MirLocal Overflow) Compute(Checked operation, in TypeFacts facts) => operation switch
    {
        Checked.Mul => facts.IsLong ? LongProduct(facts) : ShortProduct(facts),
        Checked.Shl => Shifted(facts),
        _ => Sum(operation, facts),
    };

    private (MirLocal, MirLocal) Sum(Checked operation, in TypeFacts facts)
    {
        Push(Operand(0));
        Push(Operand(1));
        EmitInteger(operation == Checked.Add ? MirOpcode.I32Add : MirOpcode.I32Sub, facts);
        if (!facts.FillsRegister)
            return WrapAndCompare(facts);
        MirLocal sum = PopToTemporary(facts.ValueType);
        if (facts.IsSigned)
            PushSignedOverflow(operation, sum, facts);
        else
            PushUnsignedOverflow(operation, sum, facts);
        return (sum, PopToTemporary(ValueType.I32));
    }

    /// <summary>Pops the exact result, which fits in the register.</summary>
    private (MirLocal, MirLocal) WrapAndCompare(in TypeFacts facts)
    {
        MirLocal exact = PopToTemporary(facts.ValueType);
        _code.LocalGet(exact);
        Wrap(facts);
        MirLocal wrapped = PopToTemporary(facts.ValueType);
        _code.LocalGet(exact);
        _code.LocalGet(wrapped);
        EmitInteger(MirOpcode.I32Ne, facts);
        return (wrapped, PopToTemporary(ValueType.I32));
    }

    // A carry makes the sum less than either operand; a borrow happens when the second is greater.
    private void PushUnsignedOverflow(Checked operation, MirLocal sum, in TypeFacts facts)
    {
        if (operation == Checked.Add)
        {
            _code.LocalGet(sum);
            Push(Operand(0));
        }
        else
        {
            Push(Operand(0));
            Push(Operand(1));
        }
        EmitInteger(MirOpcode.I32LtU, facts);
    }

    // The result has another sign than both operands (of a difference: than the first, whose sign is not that of the second).
    private void PushSignedOverflow(Checked operation, MirLocal sum, in TypeFacts facts)
    {
        Push(Operand(0));
        _code.LocalGet(sum);
        EmitInteger(MirOpcode.I32Xor, facts);
        Push(operation == Checked.Add ? Operand(1) : Operand(0));
        if (operation == Checked.Add)
            _code.LocalGet(sum);
        else
            Push(Operand(1));
        EmitInteger(MirOpcode.I32Xor, facts);
        EmitInteger(MirOpcode.I32And, facts);
        PushNumber(0, facts);
        EmitInteger(MirOpcode.I32LtS, facts);
    }

    // The product of two numbers of 32 bits fits in 64.
    private (MirLocal, MirLocal) ShortProduct(in TypeFacts facts)
    {
        Push(Operand(0));
        ConvertRegister(fromLong: false, toLong: true, facts.IsSigned);
        Push(Operand(1));
        ConvertRegister(fromLong: false, toLong: true, facts.IsSigned);
        _code.Emit(MirOpcode.I64Mul);
        MirLocal exact = PopToTemporary(ValueType.I64);
        _code.LocalGet(exact);
        _code.Emit(MirOpcode.I32WrapI64);
        Wrap(facts);
        MirLocal wrapped = PopToTemporary(ValueType.I32);
        _code.LocalGet(wrapped);
        ConvertRegister(fromLong: false, toLong: true, facts.IsSigned);
        _code.LocalGet(exact);
        _code.Emit(MirOpcode.I64Ne);
        return (wrapped, PopToTemporary(ValueType.I32));
    }

    // The product modulo 2^64, divided by one factor, must give the other one; and for fewer bits, wrapping must not change it.
    private (MirLocal, MirLocal) LongProduct(in TypeFacts facts)
    {
        Push(Operand(0));
        Push(Operand(1));
        _code.Emit(MirOpcode.I64Mul);
        MirLocal product = PopToTemporary(ValueType.I64);
        Push(Operand(0));
        MirLocal factor = PopToTemporary(ValueType.I64);
        MirLocal overflow = Temporary(ValueType.I32);
        if (facts.IsSigned)
            PushSignedProductOverflow(product, factor);
        else
            PushQuotientDiffers(product, factor, MirOpcode.I64DivU);
        _code.LocalSet(overflow);
        if (facts.FillsRegister)
            return (product, overflow);
        _code.LocalGet(product);
        (MirLocal wrapped, MirLocal isChanged) = WrapAndCompare(facts);
        _code.LocalGet(overflow);
        _code.LocalGet(isChanged);
        _code.Emit(MirOpcode.I32Or);
        _code.LocalSet(overflow);
        return (wrapped, overflow);
    }

    // -1 is apart: the least number divided by it traps.
    private void PushSignedProductOverflow(MirLocal product, MirLocal factor)
    {
        _code.LocalGet(factor);
        _code.I64Const(-1);
        _code.Emit(MirOpcode.I64Eq);
        _code.If(ValueType.I32);
        Push(Operand(1));
        _code.I64Const(long.MinValue);
        _code.Emit(MirOpcode.I64Eq);
        _code.Else();
        PushQuotientDiffers(product, factor, MirOpcode.I64DivS);
        _code.End();
    }

    // For a factor of 0, the division is by 1 and the result is not looked at.
    private void PushQuotientDiffers(MirLocal product, MirLocal factor, MirOpcode division)
    {
        _code.LocalGet(product);
        _code.LocalGet(factor);
        _code.LocalGet(factor);
        _code.Emit(MirOpcode.I64Eqz);
        _code.Emit(MirOpcode.I64ExtendI32U);
        _code.Emit(MirOpcode.I64Or);
        _code.Emit(division);
        Push(Operand(1));
        _code.Emit(MirOpcode.I64Ne);
        _code.LocalGet(factor);
        _code.I64Const(0);
        _code.Emit(MirOpcode.I64Ne);
        _code.Emit(MirOpcode.I32And);
    }

    // Shifting back must give the number again.
    private (MirLocal, MirLocal) Shifted(in TypeFacts facts)
    {
        Push(Operand(0));
        PushAmount(Operand(1), facts);
        EmitInteger(MirOpcode.I32Shl, facts);
        Wrap(facts);
        MirLocal value = PopToTemporary(facts.ValueType);
        _code.LocalGet(value);
        PushAmount(Operand(1), facts);
        EmitInteger(facts.IsSigned ? MirOpcode.I32ShrS : MirOpcode.I32ShrU, facts);
        Push(Operand(0));
        EmitInteger(MirOpcode.I32Ne, facts);
        return (value, PopToTemporary(ValueType.I32));
    }

    /// <summary>Amounts of the width or more, which wasm takes modulo its own width, shift out everything that is not 0.</summary>
    private MirLocal AddLargeAmounts(MirLocal overflow, in TypeFacts facts)
    {
        TypeFacts amount = FactsOf(Operand(1));
        Push(Operand(0));
        PushNumber(0, facts);
        EmitInteger(MirOpcode.I32Ne, facts);
        _code.LocalGet(overflow);
        Push(Operand(1));
        PushNumber(facts.Bits, amount);
        EmitInteger(MirOpcode.I32GeU, amount);
        _code.Emit(MirOpcode.Select);
        return PopToTemporary(ValueType.I32);
    }

    /// <summary>Pushes what a result that does not fit is replaced by.</summary>
    private void PushNearest(Checked operation, in TypeFacts facts)
    {
        if (!facts.IsSigned)
        {
            PushNumber(operation == Checked.Sub ? 0 : Greatest(facts), facts);
            return;
        }
        PushNumber(Least(facts), facts);
        PushNumber(Greatest(facts), facts);
        Push(operation is Checked.Add or Checked.Sub ? Operand(1) : Operand(0));
        if (operation == Checked.Mul)
        {
            Push(Operand(1));
            EmitInteger(MirOpcode.I32Xor, facts);
        }
        PushNumber(0, facts);
        EmitInteger(operation == Checked.Sub ? MirOpcode.I32GeS : MirOpcode.I32LtS, facts);
        _code.Emit(MirOpcode.Select);
    }

    private static long Least(in TypeFacts facts) => facts.IsSigned ? -1L << (facts.Bits - 1) : 0;

    /// <summary>As the bits of the register.</summary>
    private static long Greatest(in TypeFacts facts)
    {
        int bits = facts.IsSigned ? facts.Bits - 1 : facts.Bits;
        return bits == 64 ? -1 : (1L << bits) - 1;
    }
}
