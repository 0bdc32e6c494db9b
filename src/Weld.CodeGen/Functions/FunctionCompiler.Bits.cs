using Weld.CodeGen.Types;

namespace Weld.CodeGen.Functions;

/// <content>Bits of integers that fit in a register.</content>
internal sealed partial class FunctionCompiler
{
    private void Not()
    {
        TypeFacts facts = FactsOf(Operand(0));
        if (!facts.IsMachineInteger)
        {
            Refuse();
            return;
        }
        Push(Operand(0));
        PushNumber(facts.IsSigned ? -1 : Greatest(facts), facts);
        EmitInteger(MirOpcode.I32Xor, facts);
        Define();
    }

    private void Shl(bool wraps)
    {
        if (!CanShift(out TypeFacts facts))
            return;
        PushOnce(Operand(0));
        PushAmount(Operand(1), facts);
        EmitInteger(MirOpcode.I32Shl, facts);
        if (wraps)
            Wrap(facts);
        Define();
    }

    private void Shr()
    {
        if (!CanShift(out TypeFacts facts))
            return;
        PushOnce(Operand(0));
        PushAmount(Operand(1), facts);
        EmitInteger(facts.IsSigned ? MirOpcode.I32ShrS : MirOpcode.I32ShrU, facts);
        Define();
    }

    private bool CanShift(out TypeFacts facts)
    {
        facts = FactsOf(Operand(0));
        if (facts.IsMachineInteger && FactsOf(Operand(1)).IsMachineInteger)
            return true;
        Refuse();
        return false;
    }

    /// <summary>Pushes the amount of a shift in the register of the number that is shifted.</summary>
    private void PushAmount(Operand amount, in TypeFacts shifted)
    {
        Push(amount);
        ConvertRegister(FactsOf(amount).IsLong, shifted.IsLong, isSigned: false);
    }

    private void CountZerosAbove() => CountBits(MirOpcode.I32Clz);

    private void CountZerosBelow() => CountBits(MirOpcode.I32Ctz);

    private void CountOnes() => CountBits(MirOpcode.I32Popcnt);

    private void CountBits(MirOpcode opcode)
    {
        TypeFacts facts = FactsOf(Operand(0));
        if (!facts.IsMachineInteger || !_facts[ResultType].IsMachineInteger)
        {
            Refuse();
            return;
        }
        Push(Operand(0));
        if (opcode == MirOpcode.I32Ctz)
            GuardAbove(facts);
        else if (facts.IsSigned && !facts.FillsRegister)
            Mask(facts.Bits, facts.IsLong);
        EmitInteger(opcode, facts);
        if (opcode == MirOpcode.I32Clz && !facts.FillsRegister)
        {
            PushNumber(facts.RegisterBits - facts.Bits, facts);
            EmitInteger(MirOpcode.I32Sub, facts);
        }
        ConvertRegister(facts.IsLong, _facts[ResultType].IsLong, isSigned: false);
        Define();
    }

    // A one above the number, so that zero has as many zeros as its width.
    private void GuardAbove(in TypeFacts facts)
    {
        if (facts.FillsRegister)
            return;
        PushNumber(1L << facts.Bits, facts);
        EmitInteger(MirOpcode.I32Or, facts);
    }

    private void ByteSwap()
    {
        TypeFacts facts = FactsOf(Operand(0));
        if (!facts.IsMachineInteger)
        {
            Refuse();
            return;
        }
        Push(Operand(0));
        SwapBytes(facts);
        ShiftDown(facts);
        Define();
    }

    private void BitReverse()
    {
        TypeFacts facts = FactsOf(Operand(0));
        if (!facts.IsMachineInteger)
        {
            Refuse();
            return;
        }
        Push(Operand(0));
        SwapGroups(1, 0x5555_5555_5555_5555, facts);
        SwapGroups(2, 0x3333_3333_3333_3333, facts);
        SwapGroups(4, 0x0f0f_0f0f_0f0f_0f0f, facts);
        SwapBytes(facts);
        ShiftDown(facts);
        Define();
    }

    private void SwapBytes(in TypeFacts facts)
    {
        SwapGroups(8, 0x00ff_00ff_00ff_00ff, facts);
        if (facts.IsLong)
            SwapGroups(16, 0x0000_ffff_0000_ffff, facts);
        ShiftBy(facts.RegisterBits / 2, MirOpcode.I32Rotl, facts.IsLong);
    }

    /// <summary>Changes the places of groups of bits that lie side by side: those in the mask, and those above them.</summary>
    private void SwapGroups(int width, long mask, in TypeFacts facts)
    {
        MirLocal number = PopToTemporary(facts.ValueType);
        _code.LocalGet(number);
        ShiftBy(width, MirOpcode.I32ShrU, facts.IsLong);
        PushNumber(mask, facts);
        EmitInteger(MirOpcode.I32And, facts);
        _code.LocalGet(number);
        PushNumber(mask, facts);
        EmitInteger(MirOpcode.I32And, facts);
        ShiftBy(width, MirOpcode.I32Shl, facts.IsLong);
        EmitInteger(MirOpcode.I32Or, facts);
    }

    /// <summary>The number was turned around in the whole register: brings its bits down.</summary>
    private void ShiftDown(in TypeFacts facts) =>
        ShiftBy(facts.RegisterBits - facts.Bits, facts.IsSigned ? MirOpcode.I32ShrS : MirOpcode.I32ShrU, facts.IsLong);
}
