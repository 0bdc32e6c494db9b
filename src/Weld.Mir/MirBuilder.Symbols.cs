using System.Diagnostics;
using Weld.Mir.Intrinsics;
using ValueType = Weld.Wasm.Sections.ValueType;

namespace Weld.Mir;

/// <content>Blocks and branches, and the instructions that name what is outside of the function.</content>
public sealed partial class MirBuilder
{
    public MirLabel Block(ValueType? result = null) => Open(MirOpcode.Block, result);

    public MirLabel Loop(ValueType? result = null) => Open(MirOpcode.Loop, result);

    public MirLabel If(ValueType? result = null) => Open(MirOpcode.If, result);

    /// <summary>A block, loop or if that takes and gives the values of a function type.</summary>
    public MirLabel Open(MirOpcode opcode, MirSignatureId type)
    {
        NoteSymbolic();
        Add(opcode, MirInstruction.SignatureBlock, (uint)type.Index);
        return new MirLabel(++_depth);
    }

    public void Else() => Emit(MirOpcode.Else);

    /// <summary>Closes the innermost block.</summary>
    public void End()
    {
        Debug.Assert(_depth > 0, "no block is open");
        _depth--;
        Emit(MirOpcode.End);
    }

    public void Branch(MirLabel target) => Add(MirOpcode.Br, 0, RelativeDepth(target));

    public void BranchIf(MirLabel target) => Add(MirOpcode.BrIf, 0, RelativeDepth(target));

    /// <param name="targets">Where to go for 0, 1, …</param>
    /// <param name="otherwise">Where to go for all other numbers.</param>
    public void BranchTable(ReadOnlySpan<MirLabel> targets, MirLabel otherwise)
    {
        uint first = AddExtra((uint)targets.Length);
        foreach (MirLabel target in targets)
            AddExtra(RelativeDepth(target));
        AddExtra(RelativeDepth(otherwise));
        Add(MirOpcode.BrTable, 0, first);
    }

    /// <summary>Gives the stack frame back, if there is one, and returns what is on the stack.</summary>
    public void Return()
    {
        Emit(MirOpcode.LeaveFrame);
        Emit(MirOpcode.Return);
    }

    public void Call(MirFunctionId function) => AddSymbolic(MirOpcode.Call, 0, (uint)function.Index);

    public void ReturnCall(MirFunctionId function) => AddSymbolic(MirOpcode.ReturnCall, 0, (uint)function.Index);

    /// <summary>Calls the function whose table slot is on the stack.</summary>
    public void CallIndirect(MirSignatureId signature) => AddSymbolic(MirOpcode.CallIndirect, 0, (uint)signature.Index);

    public void ReturnCallIndirect(MirSignatureId signature) => AddSymbolic(MirOpcode.ReturnCallIndirect, 0, (uint)signature.Index);

    public void CallIntrinsic(Intrinsic intrinsic) => AddSymbolic(MirOpcode.CallIntrinsic, 0, (uint)intrinsic);

    /// <summary>Calls the function that gives an enum's names; the result's address and the value are on the stack.</summary>
    public void CallTagName(MirEnumId type) => AddSymbolic(MirOpcode.CallTagName, 0, (uint)type.Index);

    public void GlobalGet(MirGlobalId global) => AddSymbolic(MirOpcode.GlobalGet, 0, (uint)global.Index);

    public void GlobalSet(MirGlobalId global) => AddSymbolic(MirOpcode.GlobalSet, 0, (uint)global.Index);

    public void Throw(MirTagId tag) => AddSymbolic(MirOpcode.Throw, 0, (uint)tag.Index);

    public void FunctionSlot(MirFunctionId function) => AddSymbolic(MirOpcode.FunctionSlot, 0, (uint)function.Index);

    public void DataAddress(MirDataId data, int addend = 0)
    {
        uint first = AddExtra((uint)data.Index);
        AddExtra(unchecked((uint)addend));
        AddSymbolic(MirOpcode.DataAddress, 0, first);
    }

    /// <summary>The address of a thread-local item in the memory of the thread that asks.</summary>
    public void TlsAddress(MirDataId data, int addend = 0)
    {
        GlobalGet(MirGlobalId.TlsBase);
        uint first = AddExtra((uint)data.Index);
        AddExtra(unchecked((uint)addend));
        AddSymbolic(MirOpcode.TlsOffset, 0, first);
        Emit(Is64 ? MirOpcode.I64Add : MirOpcode.I32Add);
    }

    /// <param name="constant">The constant.</param>
    /// <param name="alignmentLog2">The alignment that this use needs; the largest of all uses counts.</param>
    /// <param name="offset">Added to the address.</param>
    public void ConstantAddress(MirConstantId constant, int alignmentLog2, int offset = 0)
    {
        uint first = AddExtra((uint)constant.Index);
        AddExtra(unchecked((uint)offset));
        AddSymbolic(MirOpcode.ConstantAddress, (ushort)alignmentLog2, first);
    }

    public void ErrorNameTable() => AddSymbolic(MirOpcode.ErrorNameTable, 0, 0);

    public void ErrorCount() => AddSymbolic(MirOpcode.ErrorCount, 0, 0);

    /// <summary>The address of what <see cref="AllocateInFrame"/> gave.</summary>
    public void FrameAddress(uint offset)
    {
        MakeFrameLocals();
        Add(MirOpcode.FrameAddress, 0, offset);
    }

    private MirLabel Open(MirOpcode opcode, ValueType? result)
    {
        Add(opcode, 0, result is { } type ? (uint)type : MirInstruction.EmptyBlock);
        return new MirLabel(++_depth);
    }

    private uint RelativeDepth(MirLabel target)
    {
        Debug.Assert(target.Depth <= _depth, "the block is closed");
        return (uint)(_depth - target.Depth);
    }

    private void AddSymbolic(MirOpcode opcode, ushort detail, uint operand)
    {
        NoteSymbolic();
        Add(opcode, detail, operand);
    }
}
