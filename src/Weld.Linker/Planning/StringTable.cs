using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Weld.Base;

namespace Weld.Linker.Planning;

/// <summary>A string of a <see cref="StringTable"/>, where it is in an input.</summary>
internal unsafe struct StringEntry
{
    public byte* Start;

    /// <summary>With the NUL.</summary>
    public int Length;

    /// <summary>Where it is in the result; known when <see cref="StringTailMerger"/> is done.</summary>
    public int Offset;

    /// <summary>Its last eight bytes before the NUL, by which it is sorted first: the bytes themselves are not asked for then.</summary>
    public ulong LastBytes;

    public readonly ReadOnlySpan<byte> Bytes => new(Start, Length);
}

/// <summary>A string to be added to a <see cref="StringTable"/>.</summary>
internal unsafe struct StringPiece
{
    public byte* Start;
    public ulong Hash;

    /// <summary>With the NUL.</summary>
    public int Length;

    /// <summary>Where the string's number goes to.</summary>
    public int Index;
}

/// <summary>Different strings, each once, numbered in the order in which they came.</summary>
/// <remarks>In memory that is not the collector's: tables grow in place where the system can do that, and what they leave behind is given back at once.</remarks>
internal sealed unsafe class StringTable
{
    /// <summary>How many pieces behind the last one <see cref="AddAll"/> may look at, whatever they are.</summary>
    public const int Lookahead = 24;

    private const int LeastSlotsLog2 = 4;
    private const int InitialSlotsLog2 = 9;

    // A slot: the upper half of the hash, and the number of the string from 1.
    private ulong* _slots;
    private int _slotsLog2;
    private StringEntry* _entries;
    private int _capacity;

    /// <param name="expected">How many strings there will probably be.</param>
    public StringTable(int expected = int.MaxValue)
    {
        _slotsLog2 = Math.Clamp(BitOperations.Log2((uint)expected) + 2, LeastSlotsLog2, InitialSlotsLog2);
        _capacity = 1 << (_slotsLog2 - 1);
        _slots = AllocateSlots(_slotsLog2);
        _entries = (StringEntry*)NativeMemory.Alloc((nuint)_capacity, (nuint)sizeof(StringEntry));
    }

    ~StringTable()
    {
        NativeMemory.Free(_slots);
        NativeMemory.Free(_entries);
    }

    public int Count { get; private set; }

    /// <summary>A string by its number; it moves when another one is added.</summary>
    public StringEntry* this[int number] => _entries + number;

    /// <summary>Gives back what only <see cref="Add"/> needs, which cannot be called any more.</summary>
    public void Close()
    {
        NativeMemory.Free(_slots);
        _slots = null;
        _entries = (StringEntry*)NativeMemory.Realloc(_entries, (nuint)Math.Max(Count, 1) * (nuint)sizeof(StringEntry));
        _capacity = Count;
    }

    /// <summary>Adds strings, sooner than one after the other: each step waits for memory, and is asked for ahead here.</summary>
    /// <param name="pieces">The strings, and <see cref="Lookahead"/> more pieces that do not count.</param>
    /// <param name="numbers">Receives the strings' numbers, each with <paramref name="table"/> in the lowest bits.</param>
    /// <param name="table">The number of this table.</param>
    /// <param name="tableBits">How many bits that takes.</param>
    public void AddAll(ReadOnlySpan<StringPiece> pieces, Span<int> numbers, int table, int tableBits)
    {
        int count = pieces.Length - Lookahead;
        for (int i = 0; i < count; i++)
        {
            Prefetch.Read((byte*)(_slots + (pieces[i + Lookahead].Hash >> (64 - _slotsLog2))));
            Prefetch.Read((byte*)Guess(pieces[i + (Lookahead / 2)].Hash));
            Prefetch.Read(Guess(pieces[i + (Lookahead / 4)].Hash)->Start);
            ref readonly StringPiece piece = ref pieces[i];
            numbers[piece.Index] = checked(Add(piece.Start, piece.Length, piece.Hash) * (1 << tableBits)) | table;
        }
    }

    /// <summary>The string with a hash, most probably; any entry, with any bytes in it, when there is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private StringEntry* Guess(ulong hash) => _entries + Math.Max((int)(uint)_slots[hash >> (64 - _slotsLog2)] - 1, 0);

    /// <returns>The string's number.</returns>
    public int Add(byte* start, int length, ulong hash)
    {
        ulong* slots = _slots;
        uint mask = (1u << _slotsLog2) - 1;
        uint slot = (uint)(hash >> (64 - _slotsLog2));
        for (ulong value; (value = slots[slot]) != 0; slot = (slot + 1) & mask)
        {
            if ((value ^ hash) >> 32 != 0)
                continue;
            int number = (int)(uint)value - 1;
            StringEntry* entry = _entries + number;
            if (entry->Length == length && AreEqual(entry->Start, start, length))
                return number;
        }
        return Append(start, length, hash, slot);
    }

    private int Append(byte* start, int length, ulong hash, uint slot)
    {
        if (Count == _capacity)
        {
            _capacity = checked(_capacity * 2);
            _entries = (StringEntry*)NativeMemory.Realloc(_entries, (nuint)_capacity * (nuint)sizeof(StringEntry));
        }
        int number = Count++;
        _entries[number] = new StringEntry { Start = start, Length = length, LastBytes = StringTailMerger.KeyAt(start, length, 1) };
        _slots[slot] = (hash & 0xFFFF_FFFF_0000_0000) | (uint)(number + 1);
        // Three quarters: a slot tells strings apart by itself, and eight of them are one access to memory, so that filled tables cost little.
        if (Count * 4L > 3L << _slotsLog2)
            Grow();
        return number;
    }

    /// <summary>Doubles the slots. Where a string goes is in the half of the hash that a slot has.</summary>
    private void Grow()
    {
        int log2 = _slotsLog2 + 1;
        ulong* slots = AllocateSlots(log2);
        uint mask = (1u << log2) - 1;
        for (uint i = 0; i < 1u << _slotsLog2; i++)
        {
            ulong value = _slots[i];
            if (value == 0)
                continue;
            uint slot = (uint)(value >> (64 - log2));
            while (slots[slot] != 0)
                slot = (slot + 1) & mask;
            slots[slot] = value;
        }
        NativeMemory.Free(_slots);
        _slots = slots;
        _slotsLog2 = log2;
    }

    private static ulong* AllocateSlots(int log2) => (ulong*)NativeMemory.AllocZeroed((nuint)1 << log2, sizeof(ulong));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool AreEqual(byte* left, byte* right, int length)
    {
        if (length < sizeof(ulong))
        {
            for (int i = 0; i < length; i++)
                if (left[i] != right[i])
                    return false;
            return true;
        }
        int last = length - sizeof(ulong);
        for (int i = 0; i < last; i += sizeof(ulong))
            if (Unsafe.ReadUnaligned<ulong>(left + i) != Unsafe.ReadUnaligned<ulong>(right + i))
                return false;
        return Unsafe.ReadUnaligned<ulong>(left + last) == Unsafe.ReadUnaligned<ulong>(right + last);
    }
}
