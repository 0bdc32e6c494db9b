using Weld.Base;
using Weld.Base.Diagnostics;
using Weld.Wasm.Binary;
using Weld.Wasm.Sections;
using static Weld.Wasm.Validation.OperatorTable;
using ValueType = Weld.Wasm.Sections.ValueType;

namespace Weld.Wasm.Validation;

/// <summary>Checks the types and the structure of function bodies, in one pass and without allocating per instruction.</summary>
/// <remarks>The algorithm of https://webassembly.github.io/spec/core/appendix/algorithm.html, with legacy and new exception
/// handling, threads, SIMD, tail calls and wide arithmetic. Not modelled: several memories, typed references, GC. One
/// instance serves one thread.</remarks>
public sealed partial class FunctionValidator
{
    /// <summary>Stands for any type: what unreachable code pops.</summary>
    private const byte Any = 0;

    // Engines refuse functions with more; without a limit, a count in the file would be memory here.
    private const uint MaximumLocals = 50_000;

    private readonly CodeContext _context;
    private readonly byte _address;
    private byte[] _values = new byte[256];
    private int _count;
    private byte[] _locals = new byte[64];
    private int _localCount;
    private Frame[] _frames = new Frame[32];
    private int _depth;
    private Utf8String _results;
    private bool _allowsUnknown;

    // Those of the innermost frame, which nearly every instruction asks for.
    private int _height;
    private bool _isUnreachable;

    public FunctionValidator(CodeContext context)
    {
        _context = context;
        _address = context.Is64 ? L : I;
    }

    private enum FrameKind : byte
    {
        Block,
        Loop,
        If,
        Try,
        Catch,
        CatchAll,
    }

    private struct Frame
    {
        public FrameKind Kind;
        public bool IsUnreachable;
        public int Height;
        public Utf8String Parameters;
        public Utf8String Results;

        /// <summary>What a branch to the frame carries.</summary>
        public readonly Utf8String Label => Kind == FrameKind.Loop ? Parameters : Results;
    }

    /// <summary>Checks one body.</summary>
    /// <param name="body">The locals and the instructions.</param>
    /// <param name="typeIndex">The function's type.</param>
    /// <param name="fileOffset">Where the body is in its file, for the error message.</param>
    /// <param name="allowsUnknown">Whether to accept a body from the first instruction on that is not known.</param>
    /// <exception cref="MalformedInputException">The body is not valid.</exception>
    public void Check(ReadOnlySpan<byte> body, uint typeIndex, long fileOffset, bool allowsUnknown)
    {
        FunctionShape type = _context.Types[typeIndex];
        var reader = new WasmReader(body, fileOffset);
        _allowsUnknown = allowsUnknown;
        _results = type.Results;
        _count = 0;
        _depth = 0;
        ReadLocals(ref reader, type.Parameters);
        PushFrame(FrameKind.Block, default, type.Results);
        while (_depth != 0)
            if (!Step(ref reader))
                return;
        if (!reader.AtEnd)
            throw reader.Malformed("instructions after the end of the function");
    }

    /// <returns>False when the rest cannot be checked.</returns>
    private bool Step(ref WasmReader reader)
    {
        byte opcode = reader.ReadByte();
        // The most frequent instructions first.
        switch (opcode)
        {
            case 0x20:
                Push(Local(ref reader));
                return true;
            case 0x21:
                Pop(ref reader, Local(ref reader));
                return true;
            case 0x22:
            {
                byte type = Local(ref reader);
                Pop(ref reader, type);
                Push(type);
                return true;
            }
            case 0x41:
                reader.ReadLebS32();
                Push(I);
                return true;
        }
        ref readonly OperatorShape shape = ref Plain[opcode];
        if (shape.Form != OperatorForm.None)
        {
            Apply(ref reader, shape);
            return true;
        }
        return opcode switch
        {
            0xfc => StepMiscellaneous(ref reader),
            0xfd => StepSimd(ref reader),
            0xfe => StepAtomic(ref reader),
            < 0x20 or 0xd2 => StepControl(ref reader, opcode),
            _ => StepVariable(ref reader, opcode),
        };
    }

    private void Apply(ref WasmReader reader, in OperatorShape shape)
    {
        if (shape.Form != OperatorForm.Plain)
            ReadImmediates(ref reader, shape);
        if (shape.Third != 0)
            Pop(ref reader, shape.Third);
        if (shape.Second != 0)
            Pop(ref reader, shape.Second);
        if (shape.First != 0)
            Pop(ref reader, shape.First == A ? _address : shape.First);
        if (shape.Result != 0)
            Push(shape.Result);
    }

    private void ReadImmediates(ref WasmReader reader, in OperatorShape shape)
    {
        if (shape.Form != OperatorForm.Lane)
        {
            uint alignment = reader.ReadLebU32();
            if (shape.Form == OperatorForm.Atomic ? alignment != shape.SizeLog2 : alignment > shape.SizeLog2)
                throw reader.Malformed($"invalid alignment 2^{alignment} of a memory instruction");
            if (_context.Is64)
                reader.ReadLebU64();
            else
                reader.ReadLebU32();
        }
        if (shape.Form is OperatorForm.Lane or OperatorForm.MemoryLane)
            CheckLane(ref reader, 16 >> shape.SizeLog2);
    }

    private static void CheckLane(ref WasmReader reader, int count)
    {
        byte lane = reader.ReadByte();
        if (lane >= count)
            throw reader.Malformed($"invalid lane {lane}");
    }

    private void ReadLocals(ref WasmReader reader, Utf8String parameters)
    {
        _localCount = 0;
        AddLocals(ref reader, parameters.Bytes);
        for (uint groups = reader.ReadLebU32(); groups > 0; groups--)
        {
            uint count = reader.ReadLebU32();
            byte type = ReadValueType(ref reader);
            if (count > MaximumLocals - (uint)_localCount)
                throw reader.Malformed($"more than {MaximumLocals} locals");
            EnsureLocals((int)count);
            _locals.AsSpan(_localCount, (int)count).Fill(type);
            _localCount += (int)count;
        }
    }

    private void AddLocals(ref WasmReader reader, ReadOnlySpan<byte> types)
    {
        if (types.Length > MaximumLocals)
            throw reader.Malformed($"more than {MaximumLocals} locals");
        EnsureLocals(types.Length);
        types.CopyTo(_locals.AsSpan(_localCount));
        _localCount += types.Length;
    }

    private void EnsureLocals(int more)
    {
        if (_locals.Length - _localCount < more)
            Array.Resize(ref _locals, Math.Max(_locals.Length * 2, _localCount + more));
    }

    private byte Local(ref WasmReader reader)
    {
        uint index = reader.ReadLebU32();
        if (index >= (uint)_localCount)
            throw reader.Malformed($"there is no local {index}");
        return _locals[index];
    }

    // ── the operand stack ──

    private void Push(byte type)
    {
        if (_count == _values.Length)
            Array.Resize(ref _values, _values.Length * 2);
        _values[_count++] = type;
    }

    private void Push(scoped ReadOnlySpan<byte> types)
    {
        foreach (byte type in types)
            Push(type);
    }

    private byte Pop(ref WasmReader reader, byte expected)
    {
        if (_count == _height)
            return _isUnreachable ? Any : throw reader.Malformed($"type mismatch: {NameOf(expected)} expected, but the stack is empty");
        byte actual = _values[--_count];
        if (actual != expected && actual != Any && expected != Any)
            throw reader.Malformed($"type mismatch: {NameOf(expected)} expected, {NameOf(actual)} found");
        return actual;
    }

    private void Pop(ref WasmReader reader, scoped ReadOnlySpan<byte> types)
    {
        for (int i = types.Length - 1; i >= 0; i--)
            Pop(ref reader, types[i]);
    }

    /// <summary>Checks what is on the stack, and leaves it there.</summary>
    private void Peek(ref WasmReader reader, scoped ReadOnlySpan<byte> types)
    {
        int count = _count;
        Pop(ref reader, types);
        _count = count;
    }

    private static string NameOf(byte type) => ValueTypes.Name((ValueType)type) ?? "a value";

    // ── frames ──

    private void PushFrame(FrameKind kind, Utf8String parameters, Utf8String results)
    {
        if (_depth == _frames.Length)
            Array.Resize(ref _frames, _frames.Length * 2);
        if (_depth != 0)
            _frames[_depth - 1].IsUnreachable = _isUnreachable;
        _frames[_depth++] = new Frame { Kind = kind, Height = _count, Parameters = parameters, Results = results };
        _height = _count;
        _isUnreachable = false;
        Push(parameters.Bytes);
    }

    /// <summary>Ends the innermost frame; its results are still to be pushed.</summary>
    private Frame PopFrame(ref WasmReader reader)
    {
        Frame frame = _frames[_depth - 1];
        Pop(ref reader, frame.Results.Bytes);
        if (_count != _height)
            throw reader.Malformed($"type mismatch: {_count - _height} value(s) too many at the end of a block");
        _depth--;
        if (_depth != 0)
        {
            _height = _frames[_depth - 1].Height;
            _isUnreachable = _frames[_depth - 1].IsUnreachable;
        }
        return frame;
    }

    private void SetUnreachable()
    {
        _count = _height;
        _isUnreachable = true;
    }

    private Utf8String Label(ref WasmReader reader)
    {
        uint depth = reader.ReadLebU32();
        if (depth >= (uint)_depth)
            throw reader.Malformed($"there is no enclosing block {depth}");
        return _frames[_depth - 1 - (int)depth].Label;
    }

    // ── immediates ──

    private static byte ReadValueType(ref WasmReader reader)
    {
        byte type = reader.ReadByte();
        return ValueTypes.IsKnown(type) ? type : throw reader.Malformed($"unknown value type 0x{type:x2}");
    }

    private static ReadOnlySpan<byte> SingleTypes => "\u007f\u007e\u007d\u007c\u007b\u0070\u006f\u0069"u8;

    private FunctionShape ReadBlockType(ref WasmReader reader)
    {
        byte first = reader.PeekByte();
        if (first == 0x40)
        {
            reader.ReadByte();
            return default;
        }
        int single = SingleTypes.IndexOf(first);
        if (single >= 0)
        {
            reader.ReadByte();
            return new FunctionShape(default, Utf8String.FromLiteral(SingleTypes.Slice(single, 1)));
        }
        long index = reader.ReadLebS64();
        if ((ulong)index >= (ulong)_context.Types.Length)
            throw reader.Malformed($"invalid block type {index}");
        return _context.Types[index];
    }

    private static uint ReadIndex(ref WasmReader reader, int count, string what)
    {
        uint index = reader.ReadLebU32();
        return index < (uint)count ? index : throw reader.Malformed($"there is no {what} {index}");
    }

    private FunctionShape ReadFunction(ref WasmReader reader) =>
        _context.Types[_context.FunctionTypes[ReadIndex(ref reader, _context.FunctionTypes.Length, "function")]];

    private TableType ReadTable(ref WasmReader reader) => _context.Tables[ReadIndex(ref reader, _context.Tables.Length, "table")];

    private static byte IndexType(TableType table) => (table.Limits.Flags & LimitsFlags.Is64) != 0 ? L : I;

    private bool Unknown(ref WasmReader reader, string opcode) =>
        _allowsUnknown ? false : throw reader.Malformed($"unknown instruction {opcode}");
}
