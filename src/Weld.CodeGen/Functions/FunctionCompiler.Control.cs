using Weld.CodeGen.Abi;
using Weld.CodeGen.Types;

namespace Weld.CodeGen.Functions;

/// <content>Blocks, loops, branches and returns.</content>
internal sealed partial class FunctionCompiler
{
    private void CompileFirstBody(BodyRange range)
    {
        InstructionId outer = _current;
        // What only the condition used is free now.
        ReleaseTemporaries();
        ReleaseEndingAt(range.Start);
        CompileBody(range);
        _current = outer;
    }

    private void CompileFurtherBody(BodyRange range)
    {
        InstructionId outer = _current;
        CompileBody(range);
        _current = outer;
    }

    private void Block()
    {
        PrepareBlockResult();
        MirLabel label = _code.Block();
        _labels[_current.Index] = label.Depth;
        CompileFirstBody(_body.Body(_current));
        _code.End();
    }

    /// <summary>Where branches to the block leave its result.</summary>
    private void PrepareBlockResult()
    {
        TypeFacts facts = _facts[ResultType];
        if (!facts.HasBits || !IsResultUsed)
            return;
        if (facts.IsByReference)
            DefineInFrame();
        else
            _locations[_current.Index] = Location.In(_code.NewLocal(facts.ValueType));
    }

    private void Loop()
    {
        MirLabel label = _code.Loop();
        _labels[_current.Index] = label.Depth;
        CompileFirstBody(_body.Body(_current));
        _code.End();
    }

    private void Repeat() => _code.Branch(new MirLabel(_labels[_body.Word(_current, 0)]));

    private void Branch()
    {
        int block = _body.Word(_current, 0);
        Location result = _locations[block];
        if (result.Kind == LocationKind.Frame)
        {
            Store(Place.InFrame((uint)result.Index), Operand(1));
        }
        else if (result.Kind == LocationKind.Local)
        {
            PushOnce(Operand(1));
            _code.LocalSet(result.Local);
        }
        _code.Branch(new MirLabel(_labels[block]));
    }

    private void ConditionalBranch()
    {
        PushOnce(Operand(0));
        _code.If();
        CompileFirstBody(_body.Body(_current, 0));
        _code.Else();
        CompileFurtherBody(_body.Body(_current, 1));
        _code.End();
    }

    private void Return(bool isSafe)
    {
        Operand result = Operand(0);
        bool isWritten = isSafe || !IsUndefined(result);
        switch (_abi.Result.Kind)
        {
            case PassKind.Value:
                PushOnce(result);
                break;
            case PassKind.Address when isWritten:
                Store(Place.At(new MirLocal(0)), result);
                break;
            case PassKind.Scalar:
                PushLoaded(PlaceOf(result), _facts[_abi.Result.Type]);
                break;
        }
        _code.Return();
    }

    private void ReturnLoaded()
    {
        Place place = PlaceOf(Operand(0));
        if (_abi.Result.Kind is PassKind.Value or PassKind.Scalar)
        {
            PushLoaded(place, _facts[_abi.Result.Type]);
        }
        else if (_abi.Result.Kind == PassKind.Address)
        {
            // The pointer of ret_ptr is the result's own memory; any other has to be copied from.
            TypeFacts facts = _facts[_type.Result];
            bool isOwn = Operand(0).IsInstruction && _body.Opcode(Operand(0).Instruction) == AirOpcode.RetPtr;
            if (!isOwn)
                Copy(Place.At(new MirLocal(0)), place, facts.Size, facts.AlignmentLog2);
        }
        _code.Return();
    }

    private void Trap() => _code.Emit(MirOpcode.Unreachable);
}
