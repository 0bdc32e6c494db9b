using System.Buffers.Binary;
using System.Diagnostics;
using Weld.Wasm.Binary;
using ValueType = Weld.Wasm.Sections.ValueType;

namespace Weld.Mir.Lowering;

/// <summary>Turns MIR into the bytes of a function body: locals, prologue, instructions.</summary>
/// <remarks>Not thread-safe: each worker has its own, for the sake of its buffers.</remarks>
public sealed class MirLowering
{
    /// <summary>More than any instruction takes whose size is fixed: an opcode of three bytes, an alignment, a padded offset and a lane.</summary>
    private const int LargestInstruction = 24;

    private readonly IMirOperands _operands;
    private readonly uint[] _typeCounts = new uint[256];
    private uint[] _localIndexes = new uint[64];

    public MirLowering(IMirOperands operands) => _operands = operands;

    /// <summary>Where to add the offset of each place in the source, counted from the start of the body; null when nobody asks.</summary>
    public List<(int Offset, MirPosition Position)>? Lines { get; set; }

    /// <summary>Appends the body, without the size that goes before it in the code section.</summary>
    public void Lower(MirFunction function, WasmWriter output)
    {
        ArgumentNullException.ThrowIfNull(function);
        ArgumentNullException.ThrowIfNull(output);
        int start = output.Length;
        WriteLocals(function, output);
        WritePrologue(function, output);
        WriteInstructions(function, output, start);
    }

    // ── locals ──

    // In the order of the type's first local, so that a function of one type costs one group and nothing is sorted.
    private void WriteLocals(MirFunction function, WasmWriter output)
    {
        ReadOnlySpan<ValueType> locals = function.Locals.AsSpan();
        if (_localIndexes.Length < locals.Length)
            _localIndexes = new uint[Math.Max(locals.Length, _localIndexes.Length * 2)];
        for (int i = 0; i < function.ParameterCount; i++)
            _localIndexes[i] = (uint)i;
        ReadOnlySpan<ValueType> own = locals[function.ParameterCount..];
        Span<ValueType> types = stackalloc ValueType[16];
        int groups = 0;
        foreach (ValueType type in own)
            if (_typeCounts[(byte)type]++ == 0)
                types[groups++] = type;
        types = types[..groups];
        output.WriteLebU32((uint)groups);
        uint next = (uint)function.ParameterCount;
        foreach (ValueType type in types)
        {
            uint count = _typeCounts[(byte)type];
            output.WriteLebU32(count);
            output.WriteByte((byte)type);
            _typeCounts[(byte)type] = next;
            next += count;
        }
        for (int i = 0; i < own.Length; i++)
            _localIndexes[function.ParameterCount + i] = _typeCounts[(byte)own[i]]++;
        foreach (ValueType type in types)
            _typeCounts[(byte)type] = 0;
    }

    // ── the stack frame ──

    private void WritePrologue(MirFunction function, WasmWriter output)
    {
        MirFrame frame = function.Frame;
        if (!frame.Exists)
            return;
        WriteStackPointer(output, MirOpcode.GlobalGet);
        if (frame.IsOveraligned)
            WriteLocal(output, MirOpcode.LocalTee, frame.Saved);
        WriteAddress(function, output, SizeOf(frame));
        WriteOpcode(output, function.Is64 ? MirOpcode.I64Sub : MirOpcode.I32Sub);
        if (frame.IsOveraligned)
        {
            WriteAddress(function, output, -(1L << frame.AlignmentLog2));
            WriteOpcode(output, function.Is64 ? MirOpcode.I64And : MirOpcode.I32And);
        }
        WriteLocal(output, MirOpcode.LocalTee, frame.Base);
        WriteStackPointer(output, MirOpcode.GlobalSet);
    }

    private void WriteEpilogue(MirFunction function, WasmWriter output)
    {
        MirFrame frame = function.Frame;
        if (!frame.Exists)
            return;
        if (frame.IsOveraligned)
        {
            WriteLocal(output, MirOpcode.LocalGet, frame.Saved);
        }
        else
        {
            WriteLocal(output, MirOpcode.LocalGet, frame.Base);
            WriteAddress(function, output, SizeOf(frame));
            WriteOpcode(output, function.Is64 ? MirOpcode.I64Add : MirOpcode.I32Add);
        }
        WriteStackPointer(output, MirOpcode.GlobalSet);
    }

    private static long SizeOf(MirFrame frame)
    {
        long mask = (1L << Math.Max(frame.AlignmentLog2, MirFrame.StackAlignmentLog2)) - 1;
        return (frame.Size + mask) & ~mask;
    }

    private void WriteStackPointer(WasmWriter output, MirOpcode opcode)
    {
        WriteOpcode(output, opcode);
        _operands.Write(output, MirUse.Index, MirGlobalId.StackPointer, 0);
    }

    private void WriteLocal(WasmWriter output, MirOpcode opcode, MirLocal local)
    {
        WriteOpcode(output, opcode);
        output.WriteLebU32(_localIndexes[local.Index]);
    }

    private static void WriteAddress(MirFunction function, WasmWriter output, long value)
    {
        WriteOpcode(output, function.Is64 ? MirOpcode.I64Const : MirOpcode.I32Const);
        if (function.Is64)
            output.WriteLebS64(value);
        else
            output.WriteLebS32(unchecked((int)value));
    }

    // ── instructions ──

    private void WriteInstructions(MirFunction function, WasmWriter output, int start)
    {
        ReadOnlySpan<MirInstruction> instructions = function.Instructions.AsSpan();
        ReadOnlySpan<uint> extra = function.Extra.AsSpan();
        ReadOnlySpan<MirPosition> positions = Lines is null ? [] : function.Positions.AsSpan();
        int nextPosition = 0;
        for (int i = 0; i < instructions.Length; i++)
        {
            if (nextPosition < positions.Length && positions[nextPosition].Instruction == i)
                Lines!.Add((output.Length - start, positions[nextPosition++]));
            ref readonly MirInstruction instruction = ref instructions[i];
            MirEncoding encoding = MirOpcodeTable.Encoding(instruction.Opcode);
            if (encoding == MirEncoding.Symbolic)
            {
                WriteSymbolic(function, instruction, extra, output);
                continue;
            }
            Span<byte> room = output.GetSpan(LargestInstruction);
            int size = PutOpcode(room, instruction.Opcode);
            if (encoding == MirEncoding.Local)
                size += Leb128.WriteU64(room[size..], _localIndexes[instruction.Operand]);
            else if (encoding != MirEncoding.None)
                size = PutImmediates(room, size, encoding, instruction, extra);
            output.Advance(size);
            if (encoding >= MirEncoding.FirstLong)
                WriteLong(output, encoding, instruction, extra);
        }
    }

    private static int PutImmediates(Span<byte> room, int size, MirEncoding encoding, in MirInstruction instruction, ReadOnlySpan<uint> extra)
    {
        switch (encoding)
        {
            case MirEncoding.Index:
                return size + Leb128.WriteU64(room[size..], instruction.Operand);
            case MirEncoding.TwoIndexes:
                size += Leb128.WriteU64(room[size..], instruction.Operand);
                return size + Leb128.WriteU64(room[size..], instruction.Detail);
            case MirEncoding.Lane:
                room[size] = (byte)instruction.Operand;
                return size + 1;
            case MirEncoding.I32 or MirEncoding.Signed:
                return size + Leb128.WriteS64(room[size..], unchecked((int)instruction.Operand));
            case MirEncoding.I64:
                return size + Leb128.WriteS64(room[size..], instruction.Detail == 0 ? unchecked((int)instruction.Operand) : unchecked((long)Long(extra, instruction.Operand)));
            case MirEncoding.F32:
                BinaryPrimitives.WriteUInt32LittleEndian(room[size..], instruction.Operand);
                return size + sizeof(uint);
            case MirEncoding.F64:
                BinaryPrimitives.WriteUInt64LittleEndian(room[size..], Long(extra, instruction.Operand));
                return size + sizeof(ulong);
            case MirEncoding.Bytes16:
                BinaryPrimitives.WriteUInt64LittleEndian(room[size..], Long(extra, instruction.Operand));
                BinaryPrimitives.WriteUInt64LittleEndian(room[(size + sizeof(ulong))..], Long(extra, instruction.Operand + 2));
                return size + 2 * sizeof(ulong);
            case MirEncoding.ValueTypes:
                room[size] = 1;
                room[size + 1] = (byte)instruction.Operand;
                return size + 2;
            case MirEncoding.ReservedByte:
                room[size] = 0;
                return size + 1;
            default:
                return size;
        }
    }

    private void WriteLong(WasmWriter output, MirEncoding encoding, in MirInstruction instruction, ReadOnlySpan<uint> extra)
    {
        int first = (int)instruction.Operand;
        switch (encoding)
        {
            case MirEncoding.BlockType:
                if ((instruction.Detail & MirInstruction.SignatureBlock) != 0)
                    _operands.Write(output, MirUse.Index, new MirSignatureId(first), 0);
                else
                    output.WriteByte((byte)instruction.Operand);
                break;
            case MirEncoding.LabelTable:
                output.WriteLebU32(extra[first]);
                foreach (uint label in extra.Slice(first + 1, (int)extra[first] + 1))
                    output.WriteLebU32(label);
                break;
            case MirEncoding.Raw:
                foreach (uint number in extra.Slice(first + 1, (int)extra[first]))
                    output.WriteLebU32(number);
                break;
            case MirEncoding.Memory or MirEncoding.MemoryLane:
                output.WriteByte((byte)instruction.AlignmentLog2);
                if (instruction.HasSymbolicOffset)
                    _operands.Write(output, MirUse.Offset, new MirReference((MirReferenceKind)extra[first], (int)extra[first + 1]), unchecked((int)extra[first + 2]));
                else
                    output.WriteLebU32(instruction.Operand);
                if (encoding == MirEncoding.MemoryLane)
                    output.WriteByte((byte)(instruction.Detail >> 8 & 0xf));
                break;
            case MirEncoding.Function:
                _operands.Write(output, MirUse.Index, new MirFunctionId(first), 0);
                break;
            case MirEncoding.Global:
                _operands.Write(output, MirUse.Index, new MirGlobalId(first), 0);
                break;
            case MirEncoding.Tag:
                _operands.Write(output, MirUse.Index, new MirTagId(first), 0);
                break;
            case MirEncoding.Signature or MirEncoding.SignatureAndTable:
                _operands.Write(output, MirUse.Index, new MirSignatureId(first), 0);
                if (encoding == MirEncoding.SignatureAndTable)
                    _operands.Write(output, MirUse.Index, MirReference.Table, 0);
                break;
        }
    }

    private void WriteSymbolic(MirFunction function, in MirInstruction instruction, ReadOnlySpan<uint> extra, WasmWriter output)
    {
        int operand = (int)instruction.Operand;
        MirOpcode constant = function.Is64 ? MirOpcode.I64Const : MirOpcode.I32Const;
        switch (instruction.Opcode)
        {
            case MirOpcode.FunctionSlot:
                WriteNamed(output, constant, MirUse.Slot, new MirFunctionId(operand));
                break;
            case MirOpcode.DataAddress:
                WriteNamed(output, constant, MirUse.Address, new MirDataId((int)extra[operand]), unchecked((int)extra[operand + 1]));
                break;
            case MirOpcode.ConstantAddress:
                WriteNamed(output, constant, MirUse.Address, new MirConstantId((int)extra[operand]), unchecked((int)extra[operand + 1]), instruction.Detail);
                break;
            case MirOpcode.TlsOffset:
                WriteNamed(output, constant, MirUse.TlsOffset, new MirDataId((int)extra[operand]), unchecked((int)extra[operand + 1]));
                break;
            case MirOpcode.ErrorNameTable:
                WriteNamed(output, constant, MirUse.Address, MirReference.ErrorNameTable);
                break;
            case MirOpcode.CallIntrinsic:
                WriteNamed(output, MirOpcode.Call, MirUse.Index, new MirReference(MirReferenceKind.Intrinsic, operand));
                break;
            case MirOpcode.CallTagName:
                WriteNamed(output, MirOpcode.Call, MirUse.Index, new MirEnumId(operand));
                break;
            case MirOpcode.ErrorCount:
                WriteOpcode(output, MirOpcode.I32Const);
                output.WriteLebS32((int)_operands.ErrorCount);
                break;
            case MirOpcode.FrameAddress:
                WriteLocal(output, MirOpcode.LocalGet, function.Frame.Base);
                if (operand == 0)
                    break;
                WriteAddress(function, output, instruction.Operand);
                WriteOpcode(output, function.Is64 ? MirOpcode.I64Add : MirOpcode.I32Add);
                break;
            case MirOpcode.LeaveFrame:
                WriteEpilogue(function, output);
                break;
            default:
                throw new UnreachableException($"no lowering of {instruction.Opcode}");
        }
    }

    private void WriteNamed(WasmWriter output, MirOpcode opcode, MirUse use, MirReference target, long addend = 0, int alignmentLog2 = 0)
    {
        WriteOpcode(output, opcode);
        _operands.Write(output, use, target, addend, alignmentLog2);
    }

    private static void WriteOpcode(WasmWriter output, MirOpcode opcode) =>
        output.Advance(PutOpcode(output.GetSpan(LargestInstruction), opcode));

    private static int PutOpcode(Span<byte> room, MirOpcode opcode)
    {
        if ((uint)opcode < 0x100)
        {
            room[0] = (byte)opcode;
            return 1;
        }
        (byte prefix, uint code) = MirOpcodeTable.Code(opcode);
        room[0] = prefix;
        return 1 + Leb128.WriteU64(room[1..], code);
    }

    private static ulong Long(ReadOnlySpan<uint> extra, uint first) => extra[(int)first] | (ulong)extra[(int)first + 1] << 32;
}
