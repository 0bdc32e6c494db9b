using Weld.Base.Diagnostics;
using Weld.Wasm.Binary;

namespace Weld.Wasm.Instructions;

/// <summary>A run of locals of one type.</summary>
public readonly record struct LocalRun(uint Count, long Type);

/// <summary>Walks over the instructions of a function body or a constant expression.</summary>
/// <remarks>Nothing about the bytes is believed: what is no instruction throws <see cref="MalformedInputException"/> with
/// the file offset. Types and indices are not checked. A value or heap type is returned as the signed number it is in the
/// file, so that -1 is <c>i32</c> and numbers from 0 are type indices; typed references become <see cref="TypedReference"/>.</remarks>
public ref struct InstructionReader
{
    /// <summary>A value type of two parts, <c>(ref …)</c>, which no single number tells.</summary>
    public const long TypedReference = long.MinValue;

    private const uint HasMemoryIndex = 0x40;
    private WasmReader _reader;
    private int _depth = 1;

    public InstructionReader(ReadOnlySpan<byte> bytes, long fileOffset = 0) => _reader = new WasmReader(bytes, fileOffset);

    public readonly int Position => _reader.Position;

    /// <summary>The number of blocks that are open, the body itself included; 0 after the last <c>end</c>.</summary>
    public readonly int Depth => _depth;

    /// <summary>Whether the last <c>end</c> has been read.</summary>
    public readonly bool AtEnd => _depth == 0;

    public readonly bool HasBytesLeft => !_reader.AtEnd;

    /// <summary>Reads the locals, which stand before the instructions of a body.</summary>
    public LocalRun[] ReadLocals()
    {
        var runs = new LocalRun[_reader.ReadCount("local run", minimumSize: 2)];
        for (int i = 0; i < runs.Length; i++)
            runs[i] = new LocalRun(_reader.ReadLebU32(), ReadValueType());
        return runs;
    }

    public Instruction Read()
    {
        int position = _reader.Position;
        WasmOpcodeInfo opcode = ReadOpcode();
        _depth += opcode.Prefix != 0 ? 0 : opcode.Code switch
        {
            0x02 or 0x03 or 0x04 or 0x06 or 0x1f => 1,
            // delegate ends its try.
            0x0b or 0x18 => -1,
            _ => 0,
        };
        WasmReader before = _reader;
        int immediatePosition = _reader.Position;
        Immediates read = ReadImmediates(opcode.Immediate);
        return new Instruction
        {
            Opcode = opcode,
            Position = position,
            ImmediatePosition = immediatePosition,
            Immediates = before.ReadBytes((uint)(_reader.Position - immediatePosition)),
            Index = read.Index,
            SecondIndex = read.SecondIndex,
            Alignment = read.Alignment,
            Value = read.Value,
            Lane = read.Lane,
        };
    }

    private WasmOpcodeInfo ReadOpcode()
    {
        long offset = _reader.FileOffset;
        byte prefix = 0;
        uint code = _reader.ReadByte();
        if (WasmOpcodeTable.IsPrefix((byte)code))
        {
            prefix = (byte)code;
            code = _reader.ReadLebU32();
        }
        return WasmOpcodeTable.Find(prefix, code)
            ?? throw new MalformedInputException(prefix == 0 ? $"invalid opcode 0x{code:x2}" : $"invalid opcode 0x{prefix:x2} {code}", offset);
    }

    private Immediates ReadImmediates(ImmediateKind kind)
    {
        switch (kind)
        {
            case ImmediateKind.None:
                return default;
            case ImmediateKind.BlockType:
                return new Immediates { Value = ReadBlockType() };
            case ImmediateKind.HeapType:
                return new Immediates { Value = _reader.ReadLebS64() };
            case ImmediateKind.I32:
                return new Immediates { Value = _reader.ReadLebS32() };
            case ImmediateKind.I64:
                return new Immediates { Value = _reader.ReadLebS64() };
            case ImmediateKind.F32:
                return new Immediates { Value = _reader.ReadU32() };
            case ImmediateKind.F64:
                return new Immediates { Value = _reader.ReadU32() | (long)_reader.ReadU32() << 32 };
            case ImmediateKind.Lane or ImmediateKind.ReservedByte:
                return new Immediates { Index = _reader.ReadByte() };
            case ImmediateKind.V128 or ImmediateKind.Shuffle:
                _reader.Skip(16);
                return default;
            case ImmediateKind.Memory or ImmediateKind.MemoryLane:
                return ReadMemoryArgument(hasLane: kind == ImmediateKind.MemoryLane);
            case ImmediateKind.LabelTable or ImmediateKind.ValueTypes or ImmediateKind.TryTable or ImmediateKind.ResumeTable or
                ImmediateKind.ResumeThrowTable or ImmediateKind.CastBranch:
                return ReadList(kind);
            default:
                uint index = _reader.ReadLebU32();
                return new Immediates { Index = index, SecondIndex = HasSecondIndex(kind) ? _reader.ReadLebU32() : 0 };
        }
    }

    private static bool HasSecondIndex(ImmediateKind kind) => kind is
        ImmediateKind.TypeAndTable or ImmediateKind.TwoTables or ImmediateKind.ElementAndTable or ImmediateKind.DataAndMemory or
        ImmediateKind.TwoMemories or ImmediateKind.TwoTypes or ImmediateKind.TypeAndField or ImmediateKind.TypeAndCount or
        ImmediateKind.TypeAndData or ImmediateKind.TypeAndElement or ImmediateKind.TypeAndTag;

    private Immediates ReadMemoryArgument(bool hasLane)
    {
        uint alignment = _reader.ReadLebU32();
        uint memory = (alignment & HasMemoryIndex) != 0 ? _reader.ReadLebU32() : 0;
        alignment &= ~HasMemoryIndex;
        if (alignment > 63)
            throw _reader.Malformed($"alignment 2^{alignment} is too large");
        ulong offset = _reader.ReadLebU64();
        return new Immediates { Index = memory, Alignment = alignment, Value = (long)offset, Lane = hasLane ? _reader.ReadByte() : (byte)0 };
    }

    private Immediates ReadList(ImmediateKind kind)
    {
        switch (kind)
        {
            case ImmediateKind.LabelTable:
                uint labels = (uint)_reader.ReadCount("label");
                for (uint left = labels + 1; left > 0; left--)
                    _reader.ReadLebU32();
                return new Immediates { Index = labels };
            case ImmediateKind.ValueTypes:
                uint types = (uint)_reader.ReadCount("value type");
                long last = 0;
                for (uint left = types; left > 0; left--)
                    last = ReadValueType();
                return new Immediates { Index = types, Value = last };
            case ImmediateKind.TryTable:
                long blockType = ReadBlockType();
                return new Immediates { Value = blockType, Index = ReadCatches() };
            case ImmediateKind.CastBranch:
                _reader.ReadByte();
                uint label = _reader.ReadLebU32();
                _reader.ReadLebS64();
                return new Immediates { Index = label, Value = _reader.ReadLebS64() };
            default:
                uint type = _reader.ReadLebU32();
                uint tag = kind == ImmediateKind.ResumeThrowTable ? _reader.ReadLebU32() : 0;
                SkipHandlers();
                return new Immediates { Index = type, SecondIndex = tag };
        }
    }

    private uint ReadCatches()
    {
        uint count = (uint)_reader.ReadCount("catch", minimumSize: 2);
        for (uint left = count; left > 0; left--)
        {
            byte clause = _reader.ReadByte();
            if (clause > 3)
                throw _reader.Malformed($"invalid catch clause {clause}");
            // catch and catch_ref name a tag.
            if (clause < 2)
                _reader.ReadLebU32();
            _reader.ReadLebU32();
        }
        return count;
    }

    private void SkipHandlers()
    {
        for (int left = _reader.ReadCount("handler", minimumSize: 2); left > 0; left--)
        {
            byte clause = _reader.ReadByte();
            if (clause > 1)
                throw _reader.Malformed($"invalid handler clause {clause}");
            _reader.ReadLebU32();
            // on $tag switch names no label.
            if (clause == 0)
                _reader.ReadLebU32();
        }
    }

    // A block type is a signed number of 33 bits, or a typed reference.
    private long ReadBlockType() => ReadValueType();

    private long ReadValueType()
    {
        long type = _reader.ReadLebS64();
        if (type is not (-0x1c or -0x1d))
            return type;
        _reader.ReadLebS64();
        return TypedReference;
    }

    private struct Immediates
    {
        public uint Index;
        public uint SecondIndex;
        public uint Alignment;
        public long Value;
        public byte Lane;
    }
}
