using System.Collections.Immutable;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ValueType = Weld.Wasm.Sections.ValueType;

namespace Weld.Mir;

/// <summary>Makes the MIR of one function after another. Not thread-safe: each worker has its own.</summary>
/// <remarks>Nothing is allocated per instruction: the buffers stay, and <see cref="Build"/> copies what was used.</remarks>
public sealed partial class MirBuilder
{
    private const int KindCount = 8;

    private readonly List<ValueType> _locals = [];
    private readonly List<MirLocal>[] _free;
    private readonly List<int> _symbolic = [];
    private readonly List<MirPosition> _positions = [];
    private MirInstruction[] _instructions = new MirInstruction[256];
    private uint[] _extra = new uint[64];
    private int _count;
    private int _extraCount;
    private int _depth;
    private int _parameterCount;
    private MirSignatureId _signature;
    private uint _frameSize;
    private int _frameAlignmentLog2;
    private MirLocal _frameBase;
    private MirLocal _frameSaved;
    private bool _hasFrameLocals;

    public MirBuilder(bool is64)
    {
        Is64 = is64;
        _free = new List<MirLocal>[KindCount];
        for (int i = 0; i < KindCount; i++)
            _free[i] = [];
    }

    public bool Is64 { get; }

    /// <summary>The type of addresses.</summary>
    public ValueType AddressType => Is64 ? ValueType.I64 : ValueType.I32;

    /// <summary>The number of instructions so far.</summary>
    public int Count => _count;

    /// <summary>The number of locals so far, parameters included.</summary>
    public int LocalCount => _locals.Count;

    /// <summary>The number of blocks that are open.</summary>
    public int Depth => _depth;

    /// <summary>The stack frame so far, in bytes.</summary>
    public uint FrameSize => _frameSize;

    public void Begin(MirSignatureId signature, ReadOnlySpan<ValueType> parameters)
    {
        _signature = signature;
        _parameterCount = parameters.Length;
        _count = _extraCount = _depth = 0;
        _frameSize = 0;
        _frameAlignmentLog2 = MirFrame.StackAlignmentLog2;
        _hasFrameLocals = false;
        _symbolic.Clear();
        _positions.Clear();
        foreach (List<MirLocal> free in _free)
            free.Clear();
        _locals.Clear();
        _locals.AddRange(parameters);
    }

    /// <summary>Ends the function. All blocks must be closed.</summary>
    public MirFunction Build()
    {
        Debug.Assert(_depth == 0, "a block is open");
        Emit(MirOpcode.End);
        bool hasFrame = _frameSize != 0;
        return new MirFunction
        {
            Signature = _signature,
            Is64 = Is64,
            ParameterCount = _parameterCount,
            Locals = Freeze(CollectionsMarshal.AsSpan(_locals)),
            Frame = hasFrame ? new MirFrame(_frameSize, _frameAlignmentLog2, _frameBase, _frameSaved) : default,
            Instructions = Freeze<MirInstruction>(_instructions.AsSpan(0, _count)),
            Extra = Freeze<uint>(_extra.AsSpan(0, _extraCount)),
            Symbolic = Freeze(CollectionsMarshal.AsSpan(_symbolic)),
            Positions = Freeze(CollectionsMarshal.AsSpan(_positions)),
        };
    }

    /// <summary>What follows comes from this place in the source.</summary>
    public void SetPosition(int file, int line, int column)
    {
        if (_positions.Count != 0 && _positions[^1].Instruction == _count)
            _positions.RemoveAt(_positions.Count - 1);
        _positions.Add(new MirPosition(_count, file, line, column));
    }

    // ── locals and the stack frame ──

    public ValueType TypeOf(MirLocal local) => _locals[local.Index];

    /// <summary>A local that holds any value: a released one of the type, or a new one.</summary>
    public MirLocal NewLocal(ValueType type)
    {
        List<MirLocal> free = _free[KindOf(type)];
        if (free.Count != 0)
        {
            MirLocal local = free[^1];
            free.RemoveAt(free.Count - 1);
            return local;
        }
        return AddLocal(type);
    }

    /// <summary>Says that nobody reads the local's value any more. Engines limit the locals of a function, so this matters.</summary>
    public void Release(MirLocal local) => _free[KindOf(_locals[local.Index])].Add(local);

    /// <summary>The local with the address of the stack frame.</summary>
    public MirLocal FrameBase
    {
        get
        {
            MakeFrameLocals();
            return _frameBase;
        }
    }

    /// <summary>Takes room in the stack frame and returns its offset from <see cref="FrameBase"/>.</summary>
    public uint AllocateInFrame(uint size, int alignmentLog2)
    {
        MakeFrameLocals();
        uint mask = (1u << alignmentLog2) - 1;
        uint offset = checked(_frameSize + mask) & ~mask;
        _frameSize = checked(offset + Math.Max(size, 1));
        _frameAlignmentLog2 = Math.Max(_frameAlignmentLog2, alignmentLog2);
        if (_frameAlignmentLog2 > MirFrame.StackAlignmentLog2 && _frameSaved == _frameBase)
            _frameSaved = AddLocal(AddressType);
        return offset;
    }

    // ── instructions ──

    /// <summary>An instruction without operands.</summary>
    public void Emit(MirOpcode opcode) => Add(opcode, 0, 0);

    public void LocalGet(MirLocal local)
    {
        // A value that was just stored is still at hand. Between the two there is no instruction, so no branch comes in either.
        if (_count != 0 && _instructions[_count - 1] is { Opcode: MirOpcode.LocalSet } last && last.Operand == (uint)local.Index)
            _instructions[_count - 1] = last with { Opcode = MirOpcode.LocalTee };
        else
            Add(MirOpcode.LocalGet, 0, (uint)local.Index);
    }

    /// <summary>Leaves on the stack what the last instruction put in a local, which nobody reads any more; false when it did not.</summary>
    public bool TryTakeBack(MirLocal local)
    {
        if (_count == 0 || _instructions[_count - 1] is not { Opcode: MirOpcode.LocalSet } last || last.Operand != (uint)local.Index)
            return false;
        _count--;
        if (_positions.Count != 0 && _positions[^1].Instruction > _count)
            _positions[^1] = _positions[^1] with { Instruction = _count };
        return true;
    }

    public void LocalSet(MirLocal local) => Add(MirOpcode.LocalSet, 0, (uint)local.Index);

    public void LocalTee(MirLocal local) => Add(MirOpcode.LocalTee, 0, (uint)local.Index);

    public void I32Const(int value) => Add(MirOpcode.I32Const, 0, unchecked((uint)value));

    public void I64Const(long value)
    {
        if (value == (int)value)
            Add(MirOpcode.I64Const, 0, unchecked((uint)value));
        else
            Add(MirOpcode.I64Const, 1, AddExtra((ulong)value));
    }

    public void F32Const(float value) => Add(MirOpcode.F32Const, 0, BitConverter.SingleToUInt32Bits(value));

    public void F64Const(double value) => Add(MirOpcode.F64Const, 0, AddExtra(BitConverter.DoubleToUInt64Bits(value)));

    /// <summary>A constant of the address type.</summary>
    public void AddressConst(long value)
    {
        if (Is64)
            I64Const(value);
        else
            I32Const(unchecked((int)value));
    }

    /// <summary>Sixteen bytes: a <c>v128.const</c> or the lanes of a shuffle.</summary>
    public void Bytes16(MirOpcode opcode, UInt128 value)
    {
        uint first = AddExtra((ulong)value);
        AddExtra((ulong)(value >> 64));
        Add(opcode, 0, first);
    }

    /// <summary>A load or store.</summary>
    public void Memory(MirOpcode opcode, int alignmentLog2, uint offset) => Add(opcode, (ushort)alignmentLog2, offset);

    /// <summary>A load or store whose offset is an address in data; the address on the stack is added.</summary>
    public void Memory(MirOpcode opcode, int alignmentLog2, MirReference data, int addend)
    {
        NoteSymbolic();
        uint first = AddExtra((uint)data.Kind);
        AddExtra((uint)data.Id);
        AddExtra(unchecked((uint)addend));
        Add(opcode, (ushort)(alignmentLog2 | MirInstruction.SymbolicOffset), first);
    }

    /// <summary>A load or store of one lane.</summary>
    public void MemoryLane(MirOpcode opcode, int alignmentLog2, uint offset, byte lane) => Add(opcode, (ushort)(alignmentLog2 | lane << 8), offset);

    public void Lane(MirOpcode opcode, byte lane) => Add(opcode, 0, lane);

    /// <summary>An instruction with one or two plain numbers: of memories, tables, segments.</summary>
    public void Indexes(MirOpcode opcode, uint first = 0, ushort second = 0) => Add(opcode, second, first);

    /// <summary>An instruction whose immediates are a list of unsigned numbers.</summary>
    public void Raw(MirOpcode opcode, params ReadOnlySpan<uint> numbers)
    {
        uint first = AddExtra((uint)numbers.Length);
        foreach (uint number in numbers)
            AddExtra(number);
        Add(opcode, 0, first);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Add(MirOpcode opcode, ushort detail, uint operand)
    {
        if (_count == _instructions.Length)
            Array.Resize(ref _instructions, _count * 2);
        _instructions[_count++] = new MirInstruction(opcode, detail, operand);
    }

    private uint AddExtra(uint word)
    {
        if (_extraCount == _extra.Length)
            Array.Resize(ref _extra, _extraCount * 2);
        _extra[_extraCount] = word;
        return (uint)_extraCount++;
    }

    private uint AddExtra(ulong value)
    {
        uint first = AddExtra(unchecked((uint)value));
        AddExtra((uint)(value >> 32));
        return first;
    }

    private void NoteSymbolic() => _symbolic.Add(_count);

    private void MakeFrameLocals()
    {
        if (_hasFrameLocals)
            return;
        _hasFrameLocals = true;
        // Never one that was released: the base must keep its value through the whole function.
        _frameBase = AddLocal(AddressType);
        _frameSaved = _frameBase;
    }

    private MirLocal AddLocal(ValueType type)
    {
        _locals.Add(type);
        return new MirLocal(_locals.Count - 1);
    }

    private static int KindOf(ValueType type) => type switch
    {
        ValueType.I32 => 0,
        ValueType.I64 => 1,
        ValueType.F32 => 2,
        ValueType.F64 => 3,
        ValueType.V128 => 4,
        ValueType.FuncRef => 5,
        ValueType.ExternRef => 6,
        _ => 7,
    };

    private static ImmutableArray<T> Freeze<T>(ReadOnlySpan<T> items) => ImmutableArray.Create(items);
}
