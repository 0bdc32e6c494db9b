using Weld.Base;
using Weld.Wasm.Binary;
using Weld.Wasm.Sections;
using static Weld.Wasm.Validation.OperatorTable;
using ValueType = Weld.Wasm.Sections.ValueType;

namespace Weld.Wasm.Validation;

/// <content>The instructions with rules of their own. Each step returns false when the rest of the body cannot be checked.</content>
public sealed partial class FunctionValidator
{
    private bool StepControl(ref WasmReader reader, byte opcode)
    {
        switch (opcode)
        {
            case 0x00:
                SetUnreachable();
                return true;
            case 0x02:
                Enter(ref reader, FrameKind.Block);
                return true;
            case 0x03:
                Enter(ref reader, FrameKind.Loop);
                return true;
            case 0x04:
            {
                FunctionShape type = ReadBlockType(ref reader);
                Pop(ref reader, I);
                Enter(ref reader, FrameKind.If, type);
                return true;
            }
            case 0x05:
            {
                if (_frames[_depth - 1].Kind != FrameKind.If)
                    throw reader.Malformed("else without if");
                Frame frame = PopFrame(ref reader);
                PushFrame(FrameKind.Block, frame.Parameters, frame.Results);
                return true;
            }
            case 0x0b:
                End(ref reader);
                return true;
            case 0x0c:
                Pop(ref reader, Label(ref reader).Bytes);
                SetUnreachable();
                return true;
            case 0x0d:
            {
                Utf8String label = Label(ref reader);
                Pop(ref reader, I);
                Pop(ref reader, label.Bytes);
                Push(label.Bytes);
                return true;
            }
            case 0x0e:
                BranchTable(ref reader);
                return true;
            case 0x0f:
                Pop(ref reader, _results.Bytes);
                SetUnreachable();
                return true;
            case 0x10:
                Call(ref reader, ReadFunction(ref reader));
                return true;
            case 0x11:
                Call(ref reader, ReadIndirect(ref reader));
                return true;
            case 0x12:
                TailCall(ref reader, ReadFunction(ref reader));
                return true;
            case 0x13:
                TailCall(ref reader, ReadIndirect(ref reader));
                return true;
            case 0x1a:
                Pop(ref reader, Any);
                return true;
            case 0x1b:
                Select(ref reader);
                return true;
            case 0x1c:
                TypedSelect(ref reader);
                return true;
            case 0xd2:
            {
                uint function = ReadIndex(ref reader, _context.FunctionTypes.Length, "function");
                if (!_context.IsDeclared(function))
                    throw reader.Malformed($"function {function} is in no element segment and no export, which ref.func needs");
                Push((byte)ValueType.FuncRef);
                return true;
            }
            default:
                return StepException(ref reader, opcode);
        }
    }

    private bool StepException(ref WasmReader reader, byte opcode)
    {
        switch (opcode)
        {
            case 0x06:
                Enter(ref reader, FrameKind.Try);
                return true;
            case 0x07:
            {
                Utf8String parameters = ReadTag(ref reader);
                Catch(ref reader, FrameKind.Catch);
                Push(parameters.Bytes);
                return true;
            }
            case 0x08:
                Pop(ref reader, ReadTag(ref reader).Bytes);
                SetUnreachable();
                return true;
            case 0x09:
            {
                uint depth = reader.ReadLebU32();
                if (depth >= (uint)_depth || _frames[_depth - 1 - (int)depth].Kind is not (FrameKind.Catch or FrameKind.CatchAll))
                    throw reader.Malformed("rethrow names no catch block");
                SetUnreachable();
                return true;
            }
            case 0x0a:
                Pop(ref reader, (byte)ValueType.ExnRef);
                SetUnreachable();
                return true;
            case 0x18:
            {
                if (_frames[_depth - 1].Kind != FrameKind.Try)
                    throw reader.Malformed("delegate without try");
                Frame frame = PopFrame(ref reader);
                Label(ref reader);
                Push(frame.Results.Bytes);
                return true;
            }
            case 0x19:
                Catch(ref reader, FrameKind.CatchAll);
                return true;
            case 0x1f:
                EnterTryTable(ref reader);
                return true;
            default:
                return Unknown(ref reader, $"0x{opcode:x2}");
        }
    }

    private void Enter(ref WasmReader reader, FrameKind kind) => Enter(ref reader, kind, ReadBlockType(ref reader));

    private void Enter(ref WasmReader reader, FrameKind kind, FunctionShape type)
    {
        Pop(ref reader, type.Parameters.Bytes);
        PushFrame(kind, type.Parameters, type.Results);
    }

    private void End(ref WasmReader reader)
    {
        Frame frame = PopFrame(ref reader);
        if (frame.Kind == FrameKind.If && !frame.Parameters.Equals(frame.Results))
            throw reader.Malformed("type mismatch: an if without else that changes the stack");
        Push(frame.Results.Bytes);
    }

    private void Catch(ref WasmReader reader, FrameKind kind)
    {
        if (_frames[_depth - 1].Kind is not (FrameKind.Try or FrameKind.Catch))
            throw reader.Malformed("catch without try");
        Frame frame = PopFrame(ref reader);
        PushFrame(kind, default, frame.Results);
    }

    private void EnterTryTable(ref WasmReader reader)
    {
        FunctionShape type = ReadBlockType(ref reader);
        for (int left = reader.ReadCount("catch clause", minimumSize: 2); left > 0; left--)
        {
            byte kind = reader.ReadByte();
            if (kind > 3)
                throw reader.Malformed($"unknown kind {kind} of catch clause");
            Utf8String parameters = kind < 2 ? ReadTag(ref reader) : default;
            ReadOnlySpan<byte> label = Label(ref reader).Bytes;
            ReadOnlySpan<byte> reference = (kind & 1) == 0 ? [] : [(byte)ValueType.ExnRef];
            if (label.Length != parameters.Length + reference.Length || !label.StartsWith(parameters.Bytes) || !label.EndsWith(reference))
                throw reader.Malformed("type mismatch: a catch clause and its label differ");
        }
        Enter(ref reader, FrameKind.Block, type);
    }

    private void BranchTable(ref WasmReader reader)
    {
        int count = reader.ReadCount("branch target");
        Pop(ref reader, I);
        int arity = -1;
        for (int left = count; left >= 0; left--)
        {
            ReadOnlySpan<byte> label = Label(ref reader).Bytes;
            if (arity >= 0 && label.Length != arity)
                throw reader.Malformed("type mismatch: the targets of br_table differ");
            arity = label.Length;
            Peek(ref reader, label);
        }
        SetUnreachable();
    }

    private FunctionShape ReadIndirect(ref WasmReader reader)
    {
        FunctionShape type = _context.Types[ReadIndex(ref reader, _context.Types.Length, "type")];
        TableType table = ReadTable(ref reader);
        if (table.Element != ValueType.FuncRef)
            throw reader.Malformed("call_indirect through a table that does not hold functions");
        Pop(ref reader, IndexType(table));
        return type;
    }

    private void Call(ref WasmReader reader, FunctionShape type)
    {
        Pop(ref reader, type.Parameters.Bytes);
        Push(type.Results.Bytes);
    }

    private void TailCall(ref WasmReader reader, FunctionShape type)
    {
        Pop(ref reader, type.Parameters.Bytes);
        if (!type.Results.Equals(_results))
            throw reader.Malformed("type mismatch: a tail call with other results than the function's");
        SetUnreachable();
    }

    private Utf8String ReadTag(ref WasmReader reader) =>
        _context.Types[_context.Tags[ReadIndex(ref reader, _context.Tags.Length, "tag")]].Parameters;

    private void Select(ref WasmReader reader)
    {
        Pop(ref reader, I);
        byte first = Pop(ref reader, Any);
        byte second = Pop(ref reader, first);
        byte type = first == Any ? second : first;
        if (ValueTypes.IsReference((ValueType)type))
            throw reader.Malformed("type mismatch: select without a type on references");
        Push(type);
    }

    private void TypedSelect(ref WasmReader reader)
    {
        if (reader.ReadLebU32() != 1)
            throw reader.Malformed("select must have one type");
        byte type = ReadValueType(ref reader);
        Pop(ref reader, I);
        Pop(ref reader, type);
        Pop(ref reader, type);
        Push(type);
    }

    /// <summary>Variables, tables, the size of memory, constants, references.</summary>
    private bool StepVariable(ref WasmReader reader, byte opcode)
    {
        switch (opcode)
        {
            case 0x23:
                Push((byte)_context.Globals[ReadIndex(ref reader, _context.Globals.Length, "global")].Type);
                return true;
            case 0x24:
            {
                GlobalType global = _context.Globals[ReadIndex(ref reader, _context.Globals.Length, "global")];
                if (!global.IsMutable)
                    throw reader.Malformed("global.set of an immutable global");
                Pop(ref reader, (byte)global.Type);
                return true;
            }
            case 0x25:
            {
                TableType table = ReadTable(ref reader);
                Pop(ref reader, IndexType(table));
                Push((byte)table.Element);
                return true;
            }
            case 0x26:
            {
                TableType table = ReadTable(ref reader);
                Pop(ref reader, (byte)table.Element);
                Pop(ref reader, IndexType(table));
                return true;
            }
            case 0x3f:
                ReadMemory(ref reader);
                Push(_address);
                return true;
            case 0x40:
                ReadMemory(ref reader);
                Pop(ref reader, _address);
                Push(_address);
                return true;
            case 0x42:
                reader.ReadLebS64();
                Push(L);
                return true;
            case 0x43:
                reader.Skip(4);
                Push(F);
                return true;
            case 0x44:
                reader.Skip(8);
                Push(D);
                return true;
            case 0xd0:
            {
                byte type = ReadValueType(ref reader);
                if (!ValueTypes.IsReference((ValueType)type))
                    throw reader.Malformed("ref.null of a type that is no reference");
                Push(type);
                return true;
            }
            case 0xd1:
            {
                byte type = Pop(ref reader, Any);
                if (type != Any && !ValueTypes.IsReference((ValueType)type))
                    throw reader.Malformed($"type mismatch: a reference expected, {NameOf(type)} found");
                Push(I);
                return true;
            }
            default:
                return Unknown(ref reader, $"0x{opcode:x2}");
        }
    }

    private static void ReadMemory(ref WasmReader reader)
    {
        if (reader.ReadLebU32() is uint memory && memory != 0)
            throw reader.Malformed($"there is no memory {memory}");
    }

    private bool StepMiscellaneous(ref WasmReader reader)
    {
        uint opcode = reader.ReadLebU32();
        if (opcode < (uint)Miscellaneous.Length && Miscellaneous[opcode].Form != OperatorForm.None)
        {
            Apply(ref reader, Miscellaneous[opcode]);
            return true;
        }
        switch (opcode)
        {
            case 8:
                ReadDataIndex(ref reader);
                ReadMemory(ref reader);
                Pop(ref reader, [_address, I, I]);
                return true;
            case 9:
                ReadDataIndex(ref reader);
                return true;
            case 10:
                ReadMemory(ref reader);
                ReadMemory(ref reader);
                Pop(ref reader, [_address, _address, _address]);
                return true;
            case 11:
                ReadMemory(ref reader);
                Pop(ref reader, [_address, I, _address]);
                return true;
            case 13:
                ReadIndex(ref reader, (int)_context.ElementCount, "element segment");
                return true;
            case 12 or (>= 14 and <= 17):
                StepTable(ref reader, opcode);
                return true;
            case 19 or 20:
                Pop(ref reader, [L, L, L, L]);
                Push([L, L]);
                return true;
            case 21 or 22:
                Pop(ref reader, [L, L]);
                Push([L, L]);
                return true;
            default:
                return Unknown(ref reader, $"0xfc {opcode}");
        }
    }

    private void ReadDataIndex(ref WasmReader reader)
    {
        if (_context.DataCount is not uint count)
            throw reader.Malformed("memory.init and data.drop need a data count section, which the output does not have");
        ReadIndex(ref reader, (int)count, "data segment");
    }

    private void StepTable(ref WasmReader reader, uint opcode)
    {
        if (opcode == 12)
            ReadIndex(ref reader, (int)_context.ElementCount, "element segment");
        TableType table = ReadTable(ref reader);
        byte index = IndexType(table);
        byte element = (byte)table.Element;
        switch (opcode)
        {
            case 12:
                if (table.Element != ValueType.FuncRef)
                    throw reader.Malformed("type mismatch: table.init of a table that does not hold functions");
                Pop(ref reader, [index, I, I]);
                break;
            case 14:
            {
                TableType source = ReadTable(ref reader);
                if (source.Element != table.Element)
                    throw reader.Malformed("type mismatch: table.copy between tables of different types");
                byte sourceIndex = IndexType(source);
                Pop(ref reader, [index, sourceIndex, index == L && sourceIndex == L ? L : I]);
                break;
            }
            case 15:
                Pop(ref reader, [element, index]);
                Push(index);
                break;
            case 16:
                Push(index);
                break;
            default:
                Pop(ref reader, [index, element, index]);
                break;
        }
    }

    private bool StepSimd(ref WasmReader reader)
    {
        uint opcode = reader.ReadLebU32();
        if (opcode < (uint)Simd.Length && Simd[opcode].Form != OperatorForm.None)
        {
            Apply(ref reader, Simd[opcode]);
            return true;
        }
        switch (opcode)
        {
            case 12:
                reader.Skip(16);
                Push(V);
                return true;
            case 13:
                for (int lane = 0; lane < 16; lane++)
                    CheckLane(ref reader, 32);
                Pop(ref reader, [V, V]);
                Push(V);
                return true;
            default:
                return Unknown(ref reader, $"0xfd {opcode}");
        }
    }

    private bool StepAtomic(ref WasmReader reader)
    {
        uint opcode = reader.ReadLebU32();
        if (opcode < (uint)Atomic.Length && Atomic[opcode].Form != OperatorForm.None)
        {
            Apply(ref reader, Atomic[opcode]);
            return true;
        }
        if (opcode != 3)
            return Unknown(ref reader, $"0xfe {opcode}");
        // atomic.fence
        if (reader.ReadByte() != 0)
            throw reader.Malformed("invalid memory order");
        return true;
    }
}
