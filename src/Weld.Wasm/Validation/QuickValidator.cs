using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Weld.Base;
using Weld.Wasm.Sections;
using static Weld.Wasm.Validation.OperatorTable;
using ValueType = Weld.Wasm.Sections.ValueType;

namespace Weld.Wasm.Validation;

/// <summary>Says of nearly every valid body that it is valid, several times faster than <see cref="FunctionValidator"/>, which knows why one is not.</summary>
/// <remarks>The linker verifies all code that it writes, so this is as hot as anything in it. What makes it fast: positions
/// are raw pointers in registers; the body is a copy with bytes behind it that are no instructions, so that nothing asks for the end; a
/// body of n bytes pushes at most n values here, so that room for them is reserved once; each block has a mark below its values that
/// fits no operand, so that nothing asks for its floor; and few jumps that a processor cannot predict, which take half of the time:
/// instructions on locals differ in numbers from a table only, and what most often follows an instruction is looked for.
/// The answer is either "valid" or "look closely". The latter is the answer to errors and to what compilers hardly
/// emit: code after a branch, several results, unusual immediates; and to exception handling, so far. So there is one place for
/// error messages, and nothing here needs to be complete. One instance serves one thread.</remarks>
internal sealed unsafe partial class QuickValidator
{
    /// <summary>More than the longest instruction but <c>br_table</c>, and than what is read of one at once.</summary>
    private const int Room = 32;

    // Larger bodies are larger than what engines accept.
    private const int MaximumSize = 1 << 24;

    private const int MaximumLocals = 4096;

    /// <summary>How many indices have one byte.</summary>
    private const int ShortIndices = 0x80;

    // A type list is compared with eight bytes below the top, however few values there are.
    private const int StackMargin = 8;

    private const uint LargestShortIndex = 0x3fff;

    // With the bits that say where it ends, as they are in the file.
    private const ulong LargestU32 = 0x0f_ffffffff;

    // The last byte of ten of a LEB, of which one bit counts.
    private const byte UnsignedEnd = 1;
    private const byte SignedEnd = 0x7f;

    // What is no type and no mark, and what is no opcode.
    private const byte NoType = QuickRow.NoType;
    private const byte NoOpcode = 0xff;

    // Types are not smaller, and marks are. A mark is what it is the mark of (0 for a block, a loop, or what comes after else), and
    // these bits of the type of the result; 0 for none.
    private const byte LeastType = 0x60;
    private const byte ResultBits = 0x1f;
    private const byte IfMark = 0x20;
    private const byte FunctionMark = 0x40;

    private const byte Immutable = 0x80;
    private const byte End = 0x0b;

    private readonly CodeContext _context;
    private readonly QuickType[] _types;
    private readonly uint[] _functions;

    /// <summary>The type of each global, and whether it is <see cref="Immutable"/>.</summary>
    private readonly byte[] _globals;

    /// <summary>For each table the type of its indices; <see cref="NoType"/> where it does not hold functions.</summary>
    private readonly byte[] _tables;

    private readonly byte _address;
    private readonly QuickRow* _rows;

    // Into these arrays, which do not move, the pointers go.
    private readonly byte[] _localMemory;
    private byte[] _codeMemory = [];

    /// <summary>The types of the locals. Before and behind them is <see cref="NoType"/>, so that any signed byte can be used as an
    /// index: the first byte of an index of two is negative.</summary>
    private readonly byte* _locals;

    private byte* _code;
    private byte* _stack;

    /// <summary>For each open block the type that a branch to it carries, 0 for none; the function's comes first. Before it is
    /// <see cref="NoType"/>, so that any depth of one byte leads to a label.</summary>
    private byte* _labels;

    // The state between two calls of Scan.
    private byte* _position;
    private byte* _top;
    private byte* _label;
    private uint _localCount;

    public QuickValidator(CodeContext context)
    {
        _context = context;
        _types = context.QuickTypes;
        _functions = context.FunctionTypes;
        _globals = Array.ConvertAll(context.Globals, static global => (byte)((byte)global.Type | (global.IsMutable ? 0 : Immutable)));
        _tables = Array.ConvertAll(context.Tables, static table => table.Element == ValueType.FuncRef ? FunctionValidator.IndexType(table) : NoType);
        _address = context.Is64 ? L : I;
        _rows = PointerTo(QuickRow.Table(context.Is64));
        _localMemory = NewPinned(ShortIndices + MaximumLocals + ShortIndices);
        _locals = PointerTo(_localMemory) + ShortIndices;
        Unsafe.InitBlock(_locals - ShortIndices, NoType, ShortIndices);
    }

    private enum Outcome
    {
        LookClosely,

        /// <summary>At the end of the function, with the stack as it is there; null where it cannot be reached.</summary>
        AtEnd,

        /// <summary>At an instruction that <see cref="Step"/> is for.</summary>
        AtOther,
    }

    /// <summary>Whether a body is valid for sure.</summary>
    public bool Accepts(ReadOnlySpan<byte> body, uint typeIndex)
    {
        FunctionShape type = _context.Types[typeIndex];
        if (type.Results.Length > 1 || body.IsEmpty || body.Length > MaximumSize)
            return false;
        byte result = type.Results.Length == 0 ? (byte)0 : type.Results.Bytes[0];
        Reserve(body.Length);
        body.CopyTo(new Span<byte>(_code, body.Length));
        byte* end = _code + body.Length;
        Unsafe.InitBlock(end, NoOpcode, Room);
        _position = _code;
        if (!ReadLocals(type.Parameters, end))
            return false;
        _top = _stack;
        *_top++ = (byte)(result & ResultBits | FunctionMark);
        _label = _labels;
        *_label = result;
        for (; ; )
        {
            switch (Scan())
            {
                case Outcome.LookClosely:
                    return false;
                case Outcome.AtOther when Step():
                    continue;
                case Outcome.AtOther:
                    return false;
                default:
                    return _position == end - 1 && (_top == null || HasResult(result));
            }
        }
    }

    /// <summary>Whether the function's result is on the stack, and nothing else.</summary>
    private bool HasResult(byte result)
    {
        if (result != 0 && *--_top != result)
            return false;
        return _top == _stack + 1;
    }

    private static byte[] NewPinned(int size) => GC.AllocateUninitializedArray<byte>(size, pinned: true);

    private static T* PointerTo<T>(T[] pinned)
        where T : unmanaged => (T*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(pinned));

    /// <summary>Makes room for a body of so many bytes, and for the types and the labels on its stack: at most one for each byte.</summary>
    private void Reserve(int count)
    {
        if (_codeMemory.Length < 3 * count + (Room + 2 * StackMargin + ShortIndices))
        {
            int size = Math.Max(2 * count, 4096);
            _codeMemory = NewPinned(3 * size + (Room + 2 * StackMargin + ShortIndices));
            _code = PointerTo(_codeMemory);
            _stack = _code + size + Room + StackMargin;
            _labels = _stack + size + StackMargin + ShortIndices;
            Unsafe.InitBlock(_labels - ShortIndices, NoType, ShortIndices);
        }
    }

    private bool ReadLocals(Utf8String parameters, byte* end)
    {
        uint count = (uint)parameters.Length;
        if (count > MaximumLocals)
            return false;
        parameters.Bytes.CopyTo(new Span<byte>(_locals, MaximumLocals));
        byte* p = _position;
        uint runs = *p++;
        if (runs >= 0x80)
            return false;
        for (; runs > 0; runs--)
        {
            uint length = ReadShortIndex(ref p);
            byte local = *p++;
            if (p >= end || length > MaximumLocals - count || !ValueTypes.IsKnown(local))
                return false;
            // Eight at once, because there are few. What is behind the last one is overwritten.
            for (byte* to = _locals + count; to < _locals + count + length; to += sizeof(ulong))
                Unsafe.WriteUnaligned(to, local * 0x01010101_01010101UL);
            count += length;
        }
        Unsafe.InitBlock(_locals + count, NoType, ShortIndices);
        _position = p;
        _localCount = count;
        return p < end;
    }

    /// <summary>Whether a block has one result of a type that is a single byte.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsBlockResult(byte type) =>
        type is (>= V and <= I) or (byte)ValueType.FuncRef or (byte)ValueType.ExternRef or (byte)ValueType.ExnRef;

    // ── What is on the stack ──

    /// <summary>The two types on the top.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Two(byte* top) => Unsafe.ReadUnaligned<ushort>(top - 2);

    /// <summary>Whether what a branch to <paramref name="label"/> carries is on the stack.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool HasLabel(byte* top, byte* label) => *label == 0 || top[-1] == *label;

    /// <summary>Whether the parameters are on the stack.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Fits(byte* top, in QuickType type) =>
        ((Unsafe.ReadUnaligned<ulong>(top - sizeof(ulong)) ^ type.Parameters) & type.Mask) == 0;

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
    private static ulong Leb(byte* p, out nuint length)
    {
        ulong bytes = Unsafe.ReadUnaligned<ulong>(p);
        ulong ends = ~bytes & 0x80_80808080;
        // All bits up to the first one.
        ulong mask = ends ^ (ends - 1);
        length = (nuint)(uint)BitOperations.PopCount(mask) >> 3;
        return bytes & mask;
    }

    /// <summary>Reads an index. What does not fit into 32 bits stays too large for any index space.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong ReadIndex(byte* p, out nuint length)
    {
        ulong leb = Unsafe.ReadUnaligned<ulong>(p) & 0xff_ffffffff;
        length = 5;
        // Indices that were relocated have five bytes.
        if ((leb & 0x80_80808080) != 0x80808080)
            leb = Leb(p, out length);
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
