using Weld.CodeGen.Types;

namespace Weld.CodeGen.Functions;

/// <content>What is close to the machine, places in the source, and what cannot be compiled.</content>
internal sealed partial class FunctionCompiler
{
    private MirLocal? _tracePointer;

    private void FrameAddress()
    {
        // So that there is a frame.
        _code.FrameAddress(AllocateInFrame(1, 0));
        Define();
    }

    private void ReturnAddress()
    {
        _code.AddressConst(0);
        Define();
    }

    private MirLocal TracePointer => _tracePointer ??= _code.NewLocal(_code.AddressType);

    private void ReturnTrace()
    {
        _code.LocalGet(TracePointer);
        Define();
    }

    private void SetReturnTrace()
    {
        Push(Operand(0));
        _code.LocalSet(TracePointer);
    }

    private void ReturnTraceIndex()
    {
        PushLoaded(Place.At(TracePointer), _facts[TypeId.Usize]);
        Define();
    }

    private void Statement() => _code.SetPosition(0, _body.Word(_current, 0), _body.Word(_current, 1));

    private CodePlace Here => new(_module, _function, _current);

    /// <summary>Reports an instruction that has no code; what follows is compiled as if it had.</summary>
    private void Refuse()
    {
        AirOpcode opcode = _body.Opcode(_current);
        _context.Diagnostics.Add(CodeGenErrors.Unsupported(Here, AirOpcodeTable.Get(opcode).Name, TypesInvolved()));
        _code.Emit(MirOpcode.Unreachable);
        if (ResultType == TypeId.NoReturn || !_facts[ResultType].HasBits)
            return;
        if (_facts[ResultType].IsByReference)
            DefineInFrame();
        else
            Define();
    }

    private string TypesInvolved()
    {
        List<string> names = [];
        OpcodeInfo info = AirOpcodeTable.Get(_body.Opcode(_current));
        for (int i = 0; i < info.Operands.Length; i++)
            if (info.Operands[i].Kind == OperandKind.Value)
                names.Add(TypeNames.Of(_module, TypeOf(Operand(i))));
        if (ResultType != TypeId.Void && ResultType != TypeId.NoReturn)
            names.Add(TypeNames.Of(_module, ResultType));
        return string.Join(", ", names.Distinct());
    }
}
