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
/// the last bytes of a body are read from a copy with room behind it, so that no immediate asks for the end; and few jumps
/// that a processor cannot predict, which cost more than all checks: LEBs are measured without any, because their lengths alternate
/// (operands that were relocated have five bytes), and plain instructions differ in numbers from a table only.
/// The answer is either "valid" or "look closely". The latter is the answer to errors and to what compilers hardly
/// emit: code after a branch, several results, unusual immediates; and to exception handling, so far. So there is one place for
/// error messages, and nothing here needs to be complete. One instance serves one thread.</remarks>
internal sealed unsafe partial class QuickValidator
{
    /// <summary>More than the longest instruction but <c>br_table</c>, and than what is read of one at once.</summary>
    private const int Room = 32;

    private const int TailSize = 3 * Room;
    private const int MaximumLocals = 4096;
    private const int MaximumDepth = 256;

    // A type list is compared with eight bytes below the top, however few values there are.
    private const int StackMargin = 8;

    private const uint LargestShortIndex = 0x3fff;

    // With the bits that say where it ends, as they are in the file.
    private const ulong LargestU32 = 0x0f_ffffffff;

    // The last byte of ten of a LEB, of which one bit counts.
    private const byte UnsignedEnd = 1;
    private const byte SignedEnd = 0x7f;

    private const byte NoBlock = 0xff;
    private const byte Block = 0x02;
    private const byte If = 0x04;
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

    // Of these the indices have one byte.
    private uint _shortLocals;

    public QuickValidator(CodeContext context)
    {
        _context = context;
        _types = context.QuickTypes;
        _globals = context.Globals;
        _tables = Array.ConvertAll(context.Tables, static table => table.Element == ValueType.FuncRef ? FunctionValidator.IndexType(table) : (byte)0);
        _address = context.Is64 ? L : I;
        _rows = PointerTo(QuickRow.Table(context.Is64));
        _memory = NewPinned(MaximumDepth * sizeof(Frame) + MaximumLocals + TailSize);
        _frames = (Frame*)PointerTo(_memory);
        _locals = (byte*)(_frames + MaximumDepth);
        _tail = _locals + MaximumLocals;
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

        /// <summary>The opcode that began it; of a block after <c>else</c>, that of a block.</summary>
        public byte Kind;

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
            _position = start;
            byte* end = start + body.Length;
            byte* readable = end;
            if (body.Length <= Room)
            {
                end = MoveToTail(end);
                readable = _tail + TailSize;
            }
            if (!ReadLocals(type, end, readable))
                return false;
            Reserve(body.Length);
            _top = _stack;
            _frame = _frames;
            *_frame = new Frame { Floor = _stack, Result = type.Result, Label = type.Result };
            _isUnreachable = false;
            if (body.Length > Room)
            {
                if (end - _position > Room && !Run(end - Room))
                    return false;
                if (end - _position > Room || _isUnreachable)
                    return _isUnreachable && end - _position == 1;
                end = MoveToTail(end);
            }
            byte* last = end - 1;
            return Run(last) && _position == last && *last == End && _frame == _frames && (_isUnreachable || HasResult(_top, _frame));
        }
    }

    /// <summary>Goes on in a copy of what is left, behind which there is room.</summary>
    /// <returns>Its end.</returns>
    private byte* MoveToTail(byte* end)
    {
        uint left = (uint)(end - _position);
        Unsafe.CopyBlockUnaligned(_tail, _position, left);
        _position = _tail;
        return _tail + left;
    }

    private bool Run(byte* limit)
    {
        for (; ; )
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

    private bool ReadLocals(in QuickType type, byte* end, byte* readable)
    {
        uint count = (uint)type.Parameters.Length;
        if (count > MaximumLocals)
            return false;
        type.Parameters.Bytes.CopyTo(new Span<byte>(_locals, MaximumLocals));
        byte* p = _position;
        // A run has at most three bytes here.
        uint runs = *p++;
        if (runs >= 0x80 || readable - p < 3 * runs)
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
        _shortLocals = Math.Min(count, 0x80);
        return p < end;
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

    /// <summary>Reads an index of one or two bytes. Longer ones become larger than <see cref="LargestShortIndex"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint ReadShortIndex(ref byte* p)
    {
        uint index = *p++;
        return index < 0x80 ? index : (index & 0x7f) | (uint)*p++ << 7;
    }

    /// <summary>The bytes of a LEB of up to five bytes. With more, it has bits that a fifth byte cannot have.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Leb(byte* p, out int length)
    {
        ulong bytes = Unsafe.ReadUnaligned<ulong>(p);
        ulong ends = ~bytes & 0x80_80808080;
        // All bits up to the first one.
        ulong mask = ends ^ (ends - 1);
        length = BitOperations.PopCount(mask) >> 3;
        return bytes & mask;
    }

    /// <summary>The number in a LEB. What does not fit into 32 bits stays too large for any index space.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong IndexOf(ulong leb)
    {
        // Groups of seven bits become two of 14, and these one of 28.
        ulong pairs = (leb & 0x007f007f) | (leb & 0x7f007f00) >> 1;
        return (pairs & 0x3fff) | (pairs & 0x3fff0000) >> 2 | (leb >> 32) << 28;
    }

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
