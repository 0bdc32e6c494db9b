using Weld.CodeGen.Types;
using Weld.Mir.Intrinsics;

namespace Weld.CodeGen.Functions;

/// <content>Arithmetic of integers that fit in a register, and of f32 and f64.</content>
internal sealed partial class FunctionCompiler
{
    /// <summary>One instruction of wasm for each kind of operand.</summary>
    private readonly record struct BinaryRow(MirOpcode Signed, MirOpcode Unsigned, MirOpcode Float, bool Wraps = false);

    private const MirOpcode NoOpcode = MirOpcode.Unreachable;

    private static readonly BinaryRow AddRow = new(MirOpcode.I32Add, MirOpcode.I32Add, MirOpcode.F32Add);
    private static readonly BinaryRow SubRow = new(MirOpcode.I32Sub, MirOpcode.I32Sub, MirOpcode.F32Sub);
    private static readonly BinaryRow MulRow = new(MirOpcode.I32Mul, MirOpcode.I32Mul, MirOpcode.F32Mul);
    private static readonly BinaryRow AddWrapRow = new(MirOpcode.I32Add, MirOpcode.I32Add, NoOpcode, Wraps: true);
    private static readonly BinaryRow SubWrapRow = new(MirOpcode.I32Sub, MirOpcode.I32Sub, NoOpcode, Wraps: true);
    private static readonly BinaryRow MulWrapRow = new(MirOpcode.I32Mul, MirOpcode.I32Mul, NoOpcode, Wraps: true);
    private static readonly BinaryRow DivRow = new(MirOpcode.I32DivS, MirOpcode.I32DivU, MirOpcode.F32Div);
    private static readonly BinaryRow RemRow = new(MirOpcode.I32RemS, MirOpcode.I32RemU, NoOpcode);
    private static readonly BinaryRow AndRow = new(MirOpcode.I32And, MirOpcode.I32And, NoOpcode);
    private static readonly BinaryRow OrRow = new(MirOpcode.I32Or, MirOpcode.I32Or, NoOpcode);
    private static readonly BinaryRow XorRow = new(MirOpcode.I32Xor, MirOpcode.I32Xor, NoOpcode);

    private void Binary(BinaryRow row)
    {
        TypeFacts facts = FactsOf(Operand(0));
        if (!IsMachineNumber(facts))
        {
            Refuse();
            return;
        }
        PushOnce(Operand(0));
        Push(Operand(1));
        EmitBinary(row, facts);
        if (row.Wraps)
            Wrap(facts);
        Define();
    }

    private void EmitBinary(BinaryRow row, in TypeFacts facts) =>
        _code.Emit(facts.IsMachineFloat
            ? Registers.ForFloat(row.Float, facts.Representation == Representation.F64)
            : Registers.ForWidth(facts.IsSigned ? row.Signed : row.Unsigned, facts.IsLong));

    private static bool IsMachineNumber(in TypeFacts facts) => facts.IsMachineInteger || facts.IsMachineFloat;

    private void EmitInteger(MirOpcode opcode32, in TypeFacts facts) => _code.Emit(Registers.ForWidth(opcode32, facts.IsLong));

    private void EmitFloat(MirOpcode opcode32, in TypeFacts facts) => _code.Emit(Registers.ForFloat(opcode32, facts.Representation == Representation.F64));

    // ── division ──

    private void DivTrunc()
    {
        TypeFacts facts = FactsOf(Operand(0));
        if (facts.IsMachineFloat)
            RoundedQuotient(facts, MirOpcode.F32Trunc);
        else
            Binary(DivRow);
    }

    private void DivFloor()
    {
        TypeFacts facts = FactsOf(Operand(0));
        if (facts.IsMachineFloat)
            RoundedQuotient(facts, MirOpcode.F32Floor);
        else if (facts is { IsMachineInteger: true, IsSigned: true })
            SignedDivFloor(facts);
        else
            Binary(DivRow);
    }

    private void RoundedQuotient(in TypeFacts facts, MirOpcode rounding)
    {
        Push(Operand(0));
        Push(Operand(1));
        EmitFloat(MirOpcode.F32Div, facts);
        EmitFloat(rounding, facts);
        Define();
    }

    // One less than the truncated quotient when there is a remainder and the signs differ.
    private void SignedDivFloor(in TypeFacts facts)
    {
        Push(Operand(0));
        Push(Operand(1));
        EmitInteger(MirOpcode.I32DivS, facts);
        Push(Operand(0));
        Push(Operand(1));
        EmitInteger(MirOpcode.I32RemS, facts);
        MirLocal rest = PopToTemporary(facts.ValueType);
        PushSignsDiffer(rest, facts);
        ConvertRegister(fromLong: false, facts.IsLong, isSigned: false);
        EmitInteger(MirOpcode.I32Sub, facts);
        Define();
    }

    /// <summary>Pushes whether a remainder is not zero and has another sign than the divisor.</summary>
    private void PushSignsDiffer(MirLocal rest, in TypeFacts facts)
    {
        _code.LocalGet(rest);
        Push(Operand(1));
        EmitInteger(MirOpcode.I32Xor, facts);
        PushNumber(0, facts);
        EmitInteger(MirOpcode.I32LtS, facts);
        _code.LocalGet(rest);
        PushNumber(0, facts);
        EmitInteger(MirOpcode.I32Ne, facts);
        _code.Emit(MirOpcode.I32And);
    }

    private void Rem()
    {
        TypeFacts facts = FactsOf(Operand(0));
        if (facts.IsMachineFloat)
        {
            PushFloatRemainder(facts);
            Define();
        }
        else
        {
            Binary(RemRow);
        }
    }

    private void Mod()
    {
        TypeFacts facts = FactsOf(Operand(0));
        if (facts.IsMachineFloat)
            FloatMod(facts);
        else if (facts is { IsMachineInteger: true, IsSigned: true })
            SignedMod(facts);
        else
            Binary(RemRow);
    }

    // Never (x rem y) + y, which can overflow.
    private void SignedMod(in TypeFacts facts)
    {
        Push(Operand(0));
        Push(Operand(1));
        EmitInteger(MirOpcode.I32RemS, facts);
        MirLocal rest = PopToTemporary(facts.ValueType);
        _code.LocalGet(rest);
        Push(Operand(1));
        EmitInteger(MirOpcode.I32Add, facts);
        _code.LocalGet(rest);
        PushSignsDiffer(rest, facts);
        _code.Emit(MirOpcode.Select);
        Define();
    }

    private void FloatMod(in TypeFacts facts)
    {
        PushFloatRemainder(facts);
        MirLocal rest = PopToTemporary(facts.ValueType);
        _code.LocalGet(rest);
        Push(Operand(1));
        EmitFloat(MirOpcode.F32Add, facts);
        _code.LocalGet(rest);
        PushIsNegative(rest, facts);
        Push(Operand(1));
        MirLocal divisor = PopToTemporary(facts.ValueType);
        PushIsNegative(divisor, facts);
        _code.Emit(MirOpcode.I32Ne);
        _code.LocalGet(rest);
        PushFloat(0, facts);
        EmitFloat(MirOpcode.F32Ne, facts);
        _code.Emit(MirOpcode.I32And);
        _code.Emit(MirOpcode.Select);
        Define();
    }

    private void PushIsNegative(MirLocal number, in TypeFacts facts)
    {
        _code.LocalGet(number);
        PushFloat(0, facts);
        EmitFloat(MirOpcode.F32Lt, facts);
    }

    private void PushFloatRemainder(in TypeFacts facts)
    {
        Push(Operand(0));
        Push(Operand(1));
        _code.CallIntrinsic(facts.Representation == Representation.F32 ? Intrinsic.Fmodf : Intrinsic.Fmod);
    }

    private void PushFloat(double number, in TypeFacts facts)
    {
        if (facts.Representation == Representation.F32)
            _code.F32Const((float)number);
        else
            _code.F64Const(number);
    }

    // ── greater, lesser, signs ──

    private void MaxMin(MirOpcode signed, MirOpcode unsigned, MirOpcode floating)
    {
        TypeFacts facts = FactsOf(Operand(0));
        if (facts.IsMachineFloat)
            FloatMaxMin(floating, facts);
        else if (facts.IsMachineInteger)
            IntegerMaxMin(facts.IsSigned ? signed : unsigned, facts);
        else
            Refuse();
    }

    private void IntegerMaxMin(MirOpcode comparison, in TypeFacts facts)
    {
        Push(Operand(0));
        Push(Operand(1));
        Push(Operand(0));
        Push(Operand(1));
        EmitInteger(comparison, facts);
        _code.Emit(MirOpcode.Select);
        Define();
    }

    // The instruction gives NaN if either is one; here the other one wins.
    private void FloatMaxMin(MirOpcode opcode, in TypeFacts facts)
    {
        Push(Operand(0));
        Push(Operand(1));
        EmitFloat(opcode, facts);
        Push(Operand(0));
        PushIsNumber(Operand(1), facts);
        _code.Emit(MirOpcode.Select);
        Push(Operand(1));
        PushIsNumber(Operand(0), facts);
        _code.Emit(MirOpcode.Select);
        Define();
    }

    private void PushIsNumber(Operand operand, in TypeFacts facts)
    {
        Push(operand);
        Push(operand);
        EmitFloat(MirOpcode.F32Eq, facts);
    }

    private void Neg()
    {
        TypeFacts facts = FactsOf(Operand(0));
        if (facts.IsMachineFloat)
        {
            UnaryFloat(MirOpcode.F32Neg);
            return;
        }
        if (!facts.IsMachineInteger)
        {
            Refuse();
            return;
        }
        PushNumber(0, facts);
        Push(Operand(0));
        EmitInteger(MirOpcode.I32Sub, facts);
        Define();
    }

    private void Abs()
    {
        TypeFacts facts = FactsOf(Operand(0));
        if (facts.IsMachineFloat)
            UnaryFloat(MirOpcode.F32Abs);
        else if (facts is { IsMachineInteger: true, IsSigned: true })
            SignedAbs(facts);
        else if (facts.IsMachineInteger)
            Same();
        else
            Refuse();
    }

    // With s the sign in all bits: (x ^ s) - s.
    private void SignedAbs(in TypeFacts facts)
    {
        Push(Operand(0));
        ShiftBy(facts.RegisterBits - 1, MirOpcode.I32ShrS, facts.IsLong);
        MirLocal sign = PopToTemporary(facts.ValueType);
        Push(Operand(0));
        _code.LocalGet(sign);
        EmitInteger(MirOpcode.I32Xor, facts);
        _code.LocalGet(sign);
        EmitInteger(MirOpcode.I32Sub, facts);
        Define();
    }

    /// <summary>The result is the operand.</summary>
    private void Same()
    {
        TypeFacts facts = _facts[ResultType];
        if (!facts.HasBits)
            return;
        if (facts.IsByReference)
        {
            DefinePlace(PlaceOf(Operand(0)));
            return;
        }
        PushOnce(Operand(0));
        Define();
    }
}
