using Weld.CodeGen.Types;
using Weld.Mir.Intrinsics;

namespace Weld.CodeGen.Functions;

/// <content>Functions of f32 and f64.</content>
internal sealed partial class FunctionCompiler
{
    private void UnaryFloat(MirOpcode opcode)
    {
        TypeFacts facts = FactsOf(Operand(0));
        if (!facts.IsMachineFloat)
        {
            Refuse();
            return;
        }
        Push(Operand(0));
        EmitFloat(opcode, facts);
        Define();
    }

    /// <summary>A function of the C library: its form for f32, and that for f64.</summary>
    private void LibraryFloat(Intrinsic single, Intrinsic dual, int operands = 1)
    {
        TypeFacts facts = FactsOf(Operand(0));
        if (!facts.IsMachineFloat)
        {
            Refuse();
            return;
        }
        for (int i = 0; i < operands; i++)
            Push(Operand(i));
        _code.CallIntrinsic(facts.Representation == Representation.F32 ? single : dual);
        Define();
    }

    // wasm rounds halves to even; here they go away from zero. What is cut off is exact, so comparing it with a half is too.
    private void Round()
    {
        TypeFacts facts = FactsOf(Operand(0));
        if (!facts.IsMachineFloat)
        {
            Refuse();
            return;
        }
        Push(Operand(0));
        EmitFloat(MirOpcode.F32Trunc, facts);
        MirLocal whole = PopToTemporary(facts.ValueType);
        _code.LocalGet(whole);
        PushFloat(1, facts);
        Push(Operand(0));
        EmitFloat(MirOpcode.F32Copysign, facts);
        EmitFloat(MirOpcode.F32Add, facts);
        _code.LocalGet(whole);
        Push(Operand(0));
        _code.LocalGet(whole);
        EmitFloat(MirOpcode.F32Sub, facts);
        EmitFloat(MirOpcode.F32Abs, facts);
        PushFloat(0.5, facts);
        EmitFloat(MirOpcode.F32Ge, facts);
        _code.Emit(MirOpcode.Select);
        Define();
    }
}
