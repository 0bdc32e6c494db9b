using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Weld.Wasm.Sections;
using static Weld.Wasm.Validation.OperatorTable;
using ValueType = Weld.Wasm.Sections.ValueType;

namespace Weld.Wasm.Validation;

/// <summary>Says of nearly every valid body that it is valid, several times faster than <see cref="FunctionValidator"/>, which knows why one is not.</summary>
/// <remarks>The linker verifies all code that it writes, so this is as hot as anything in it. What makes it fast: positions
/// are raw pointers in registers; a body of n bytes pushes at most n values here, so that room for them is reserved once;
/// the last bytes of a body are read from a copy with room behind it, so that no immediate asks for the end; LEBs are
/// measured without branches, because their lengths alternate (operands that were relocated have five bytes); plain
/// instructions share one path without branches, because a branch that the processor cannot predict costs more than all checks.
/// The answer is either "valid" or "look closely". The latter is the answer to errors and to what compilers hardly
/// emit: code after a branch, several results, unusual immediates. So there is one place for error messages, and nothing
/// here needs to be complete. One instance serves one thread.</remarks>
internal sealed unsafe partial class QuickValidator
{
    /// <summary>More than the longest instruction but <c>br_table</c>, and than what is read of one at once.</summary>
    private const int Room = 32;

    private const int MaximumLocals = 4096;
    private const int MaximumDepth = 1024;

    // What is below the bottom of the stack is read, too, and then found to be below it.
    private const int StackMargin = 8;

    private const uint LongestShortIndex = 0x3fff;

    // The last byte of ten of a LEB, of which one bit counts.
    private const byte UnsignedEnd = 1;
    private const byte SignedEnd = 0x7f;

    private const byte NoBlock = 0xff;
    private const byte End = 0x0b;
    private const byte FirstPlain = 0x45;
    private const byte LastPlain = 0xc4;

    private readonly CodeContext _context;
    private readonly QuickType[] _types;
    private readonly GlobalType[] _globals;

    /// <summary>For each table the type of its indices; 0 where it does not hold functions.</summary>
    private readonly byte[] _tables;

    private readonly byte _address;
    private readonly QuickRow* _rows;

    // Into these arrays, which do not move, the pointers go.
    private readonly byte[] _memory;
    private byte[] _stackMemory = [];
    private readonly Frame* _frames;
    private readonly byte* _locals;
    private readonly byte* _tail;
    private byte* _stack;

    // The state between two calls of Scan.
    private byte* _position;
    private byte* _top;
    private Frame* _frame;
    private bool _isUnreachable;
    private uint _localCount;

    public QuickValidator(CodeContext context)
    {
        _context = context;
        _types = context.QuickTypes;
        _globals = context.Globals;
        _tables = Array.ConvertAll(context.Tables, static table => table.Element == ValueType.FuncRef ? FunctionValidator.IndexType(table) : (byte)0);
        _address = context.Is64 ? L : I;
        _rows = PointerTo(QuickRow.Table(context.Is64));
        _memory = NewPinned(MaximumDepth * sizeof(Frame) + MaximumLocals + 3 * Room);
        _frames = (Frame*)PointerTo(_memory);
        _locals = (byte*)(_frames + MaximumDepth);
        _tail = _locals + MaximumLocals;
    }

    private enum FrameKind : byte
    {
        Block,
        If,
        Try,
        Catch,
        CatchAll,
    }

    private enum Outcome
    {
        LookClosely,
        AtLimit,

        /// <summary>At an instruction that <see cref="Step"/> is for.</summary>
        AtOther,
    }

    private struct Frame
    {
        public byte* Floor;
        public FrameKind Kind;

        /// <summary>The type of the result, and of what a branch carries; 0 for none.</summary>
        public byte Result;
        public byte Label;
    }

    /// <summary>Whether a body is valid for sure.</summary>
    public bool Accepts(ReadOnlySpan<byte> body, uint typeIndex)
    {
        ref readonly QuickType type = ref _types[typeIndex];
        if (type.ResultCount > 1 || body.IsEmpty)
            return false;
        fixed (byte* start = body)
        {
            byte* end = start + body.Length;
            _position = start;
            if (!ReadLocals(type, end))
                return false;
            Reserve(body.Length);
            _top = _stack;
            _frame = _frames;
            *_frame = new Frame { Floor = _stack, Result = type.Result, Label = type.Result };
            _isUnreachable = false;
            if (end - _position > Room && !Run(end - Room))
                return false;
            long left = end - _position;
            if (_isUnreachable)
                return left == 1;
            if (left > Room)
                return false;
            Unsafe.CopyBlockUnaligned(_tail, _position, (uint)left);
            _position = _tail;
            byte* last = _tail + left - 1;
            return Run(last) && _position == last && *last == End && _frame == _frames && (_isUnreachable || HasResult(_top, _frame));
        }
    }

    private bool Run(byte* limit)
    {
        for (;;)
        {
            Outcome outcome = Scan(limit);
            if (outcome != Outcome.AtOther)
                return outcome == Outcome.AtLimit;
            if (!Step(limit))
                return false;
        }
    }

    private static byte[] NewPinned(int size) => GC.AllocateUninitializedArray<byte>(size, pinned: true);

    private static T* PointerTo<T>(T[] pinned)
        where T : unmanaged => (T*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(pinned));

    private void Reserve(int count)
    {
        if (_stackMemory.Length < count + 2 * StackMargin)
        {
            _stackMemory = NewPinned(Math.Max(2 * count, 4096));
            _stack = PointerTo(_stackMemory) + StackMargin;
        }
    }

    private bool ReadLocals(in QuickType type, byte* end)
    {
        uint count = (uint)type.Parameters.Length;
        if (count > MaximumLocals)
            return false;
        type.Parameters.Bytes.CopyTo(new Span<byte>(_locals, MaximumLocals));
        byte* p = _position;
        // A run has at most three bytes here.
        uint runs = *p++;
        if (runs >= 0x80 || end - p < 3 * runs)
            return false;
        for (; runs > 0; runs--)
        {
            uint length = ReadShortIndex(ref p);
            byte local = *p++;
            if (length > MaximumLocals - count || !ValueTypes.IsKnown(local))
                return false;
            new Span<byte>(_locals + count, (int)length).Fill(local);
            count += length;
        }
        _position = p;
        _localCount = count;
        return p < end;
    }

    /// <summary>Checks the instructions that start before <paramref name="limit"/>, behind which there are <see cref="Room"/> bytes.</summary>
    /// <remarks>There are no calls here, so that all state stays in registers.</remarks>
    private Outcome Scan(byte* limit)
    {
        byte* p = _position;
        byte* top = _top;
        Frame* frame = _frame;
        byte* floor = frame->Floor;
        byte* locals = _locals;
        uint localCount = _localCount;
        QuickRow* rows = _rows;
        bool isUnreachable = _isUnreachable;
        Outcome outcome = Outcome.AtLimit;
        for (;;)
        {
            if (isUnreachable)
            {
                // Compilers leave out code that cannot be reached, so this is the end of the block.
                top = floor;
                switch (*p)
                {
                    case End when frame == _frames:
                        goto Stop;
                    case End:
                        goto EndBlock;
                    case 0x05:
                        goto Else;
                    case 0x07 or 0x18 or 0x19:
                        goto Other;
                    default:
                        return Outcome.LookClosely;
                }
            }
            while (p < limit)
            {
                uint opcode = *p;
                if (opcode < FirstPlain)
                {
                    switch (opcode)
                    {
                        case 0x00:
                            p++;
                            goto Unreachable;
                        case 0x02:
                        case 0x03:
                        case 0x04:
                        {
                            byte result = BlockResult(p[1]);
                            if (result == NoBlock || frame == _frames + (MaximumDepth - 1))
                                return Outcome.LookClosely;
                            p += 2;
                            if (opcode == 0x04 && (--top < floor || *top != I))
                                return Outcome.LookClosely;
                            frame++;
                            frame->Floor = floor = top;
                            frame->Result = result;
                            frame->Label = opcode == 0x03 ? (byte)0 : result;
                            frame->Kind = opcode == 0x04 ? FrameKind.If : FrameKind.Block;
                            continue;
                        }
                        case 0x05:
                            if (!HasResult(top, frame))
                                return Outcome.LookClosely;
                            goto Else;
                        case End:
                            if (!HasResult(top, frame) || frame == _frames)
                                return Outcome.LookClosely;
                            goto EndBlock;
                        case 0x0c:
                        case 0x0d:
                        {
                            if (opcode == 0x0d && (--top < floor || *top != I))
                                return Outcome.LookClosely;
                            p++;
                            uint depth = ReadShortIndex(ref p);
                            if (depth > (nuint)(frame - _frames))
                                return Outcome.LookClosely;
                            byte label = (frame - depth)->Label;
                            if (label != 0 && (top == floor || top[-1] != label))
                                return Outcome.LookClosely;
                            if (opcode == 0x0c)
                                goto Unreachable;
                            continue;
                        }
                        case 0x0e:
                        {
                            if (--top < floor || *top != I)
                                return Outcome.LookClosely;
                            p++;
                            byte label = NoBlock;
                            uint count = ReadShortIndex(ref p);
                            if (count > LongestShortIndex)
                                return Outcome.LookClosely;
                            for (; (int)count >= 0; count--)
                            {
                                if (p > limit + (Room - 2))
                                    return Outcome.LookClosely;
                                uint depth = ReadShortIndex(ref p);
                                if (depth > (nuint)(frame - _frames) || (label != NoBlock && label != (frame - depth)->Label))
                                    return Outcome.LookClosely;
                                label = (frame - depth)->Label;
                            }
                            if (p >= limit + Room || (label != 0 && (top == floor || top[-1] != label)))
                                return Outcome.LookClosely;
                            goto Unreachable;
                        }
                        case 0x0f:
                        {
                            byte result = _frames->Result;
                            if (result != 0 && (top == floor || top[-1] != result))
                                return Outcome.LookClosely;
                            p++;
                            goto Unreachable;
                        }
                        case 0x10:
                        {
                            p++;
                            ulong index = ReadIndex(ref p);
                            uint[] functions = _context.FunctionTypes;
                            if (index >= (uint)functions.Length)
                                return Outcome.LookClosely;
                            ref readonly QuickType type = ref _types[functions[index]];
                            top = Apply(type, top, floor);
                            if (top == null)
                                return Outcome.LookClosely;
                            continue;
                        }
                        case 0x11:
                        {
                            p++;
                            ulong index = ReadIndex(ref p);
                            ulong table = ReadIndex(ref p);
                            if (index >= (uint)_types.Length || table >= (uint)_tables.Length || --top < floor || *top != _tables[table])
                                return Outcome.LookClosely;
                            top = Apply(_types[index], top, floor);
                            if (top == null)
                                return Outcome.LookClosely;
                            continue;
                        }
                        case 0x1a:
                            if (--top < floor)
                                return Outcome.LookClosely;
                            p++;
                            continue;
                        case 0x1b:
                            top -= 2;
                            if (top <= floor || top[1] != I || *top != top[-1] || *top < V)
                                return Outcome.LookClosely;
                            p++;
                            continue;
                        case 0x20:
                        {
                            p++;
                            uint index = ReadShortIndex(ref p);
                            if (index >= localCount)
                                return Outcome.LookClosely;
                            *top++ = locals[index];
                            continue;
                        }
                        case 0x21:
                        {
                            p++;
                            uint index = ReadShortIndex(ref p);
                            if (index >= localCount || --top < floor || *top != locals[index])
                                return Outcome.LookClosely;
                            continue;
                        }
                        case 0x22:
                        {
                            p++;
                            uint index = ReadShortIndex(ref p);
                            if (index >= localCount || top == floor || top[-1] != locals[index])
                                return Outcome.LookClosely;
                            continue;
                        }
                        case 0x23:
                        {
                            p++;
                            ulong index = ReadIndex(ref p);
                            if (index >= (uint)_globals.Length)
                                return Outcome.LookClosely;
                            *top++ = (byte)_globals[index].Type;
                            continue;
                        }
                        case 0x24:
                        {
                            p++;
                            ulong index = ReadIndex(ref p);
                            if (index >= (uint)_globals.Length || --top < floor || *top != (byte)_globals[index].Type || !_globals[index].IsMutable)
                                return Outcome.LookClosely;
                            continue;
                        }
                        case >= 0x28 and <= 0x3e:
                        {
                            if (p[1] > rows[opcode].Limit)
                                return Outcome.LookClosely;
                            ulong bytes = Unsafe.ReadUnaligned<ulong>(p + 2);
                            if (IsTooLarge(bytes))
                                goto Other;
                            p += 1 + LengthOfLeb(bytes);
                            break;
                        }
                        case 0x41:
                        {
                            ulong bytes = Unsafe.ReadUnaligned<ulong>(p + 1);
                            if (IsTooLargeSigned(bytes))
                                return Outcome.LookClosely;
                            p += 1 + LengthOfLeb(bytes);
                            *top++ = I;
                            continue;
                        }
                        case 0x42:
                        {
                            p = SkipLeb64(p + 1, SignedEnd);
                            if (p == null)
                                return Outcome.LookClosely;
                            *top++ = L;
                            continue;
                        }
                        case 0x43:
                            p += 5;
                            *top++ = F;
                            continue;
                        case 0x44:
                            p += 9;
                            *top++ = D;
                            continue;
                        default:
                            goto Other;
                    }
                }
                else if (opcode > LastPlain)
                {
                    goto Other;
                }
                QuickRow* row = rows + opcode;
                byte* bottom = top - row->Pops;
                if (bottom < floor || (((top[-1] ^ row->Top) & row->TopMask) | ((top[-2] ^ row->Second) & row->SecondMask)) != 0)
                    return Outcome.LookClosely;
                *bottom = row->Result;
                top = bottom + row->Pushes;
                p++;
            }
            goto Stop;
        Unreachable:
            isUnreachable = true;
            continue;
        Else:
            if (frame->Kind != FrameKind.If)
                return Outcome.LookClosely;
            frame->Kind = FrameKind.Block;
            top = floor;
            p++;
            isUnreachable = false;
            continue;
        EndBlock:
            if (frame->Kind == FrameKind.If && frame->Result != 0)
                return Outcome.LookClosely;
            top = floor;
            if (frame->Result != 0)
                *top++ = frame->Result;
            frame--;
            floor = frame->Floor;
            p++;
            isUnreachable = false;
            continue;
        Other:
            outcome = Outcome.AtOther;
        Stop:
            _position = p;
            _top = top;
            _frame = frame;
            _isUnreachable = isUnreachable;
            return outcome;
        }
    }

    private static bool HasResult(byte* top, Frame* frame) => frame->Result == 0
        ? top == frame->Floor
        : top == frame->Floor + 1 && top[-1] == frame->Result;

    /// <returns>The new top of the stack; null to look closely.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte* Apply(in QuickType type, byte* top, byte* floor)
    {
        byte* bottom = top - type.Parameters.Length;
        if (bottom < floor || ((Unsafe.ReadUnaligned<ulong>(top - 8) ^ type.LastParameters) & type.Mask) != 0 || type.ResultCount > 1)
            return null;
        // The first of more than eight.
        for (int i = type.Parameters.Length - 8; i > 0; i--)
            if (bottom[i - 1] != type.Parameters.Pointer[i - 1])
                return null;
        *bottom = type.Result;
        return bottom + type.ResultCount;
    }

    /// <summary>The type of the result of a block: 0 for none, <see cref="NoBlock"/> where the type is not of a single byte.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte BlockResult(byte type) => type switch
    {
        0x40 => 0,
        (>= V and <= I) or (byte)ValueType.FuncRef or (byte)ValueType.ExternRef or (byte)ValueType.ExnRef => type,
        _ => NoBlock,
    };

    // ── LEBs; they may be read with up to 8 bytes behind them ──

    /// <summary>Reads an index of one or two bytes. Longer ones become larger than <see cref="LongestShortIndex"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint ReadShortIndex(ref byte* p)
    {
        uint index = *p++;
        return index < 0x80 ? index : (index & 0x7f) | (uint)*p++ << 7;
    }

    /// <summary>Reads an index of up to five bytes. What does not fit into 32 bits is too large for any index space.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong ReadIndex(ref byte* p)
    {
        ulong bytes = Unsafe.ReadUnaligned<ulong>(p);
        int length = LengthOfLeb(bytes);
        p += length;
        bytes &= ulong.MaxValue >> (64 - 8 * length);
        // Groups of seven bits become two of 14, and these one of 28. The last byte stays whole.
        ulong pairs = (bytes & 0x007f007f) | (bytes & 0x7f007f00) >> 1;
        return (pairs & 0x3fff) | (pairs & 0x3fff0000) >> 2 | (bytes >> 32) << 28;
    }

    /// <summary>The length of a LEB of at most five bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int LengthOfLeb(ulong bytes) => (BitOperations.TrailingZeroCount((~bytes & 0x80808080) | 1UL << 39) + 1) >> 3;

    /// <summary>Whether an unsigned LEB has more than 32 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsTooLarge(ulong bytes) => (bytes & 0x80808080) == 0x80808080 & (bytes & 0xf0_00000000) != 0;

    /// <summary>Whether a signed LEB has more than 32 bits: those above the value must equal its sign, and no byte may follow.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsTooLargeSigned(ulong bytes) =>
        (bytes & 0x80808080) == 0x80808080 & ((bytes + 0x08_00000000) & 0xf0_00000000) is not (0 or 0x80_00000000);

    /// <returns>The end of a LEB of at most ten bytes; null when it has more than 64 bits.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte* SkipLeb64(byte* p, byte largestLast)
    {
        ulong ends = ~Unsafe.ReadUnaligned<ulong>(p) & 0x8080808080808080;
        if (ends != 0)
            return p + ((BitOperations.TrailingZeroCount(ends) + 1) >> 3);
        if (p[8] < 0x80)
            return p + 9;
        return p[9] == 0 || p[9] == largestLast ? p + 10 : null;
    }
}
