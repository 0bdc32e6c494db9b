using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Weld.Base;

namespace Weld.Linker.Planning;

/// <summary>How <see cref="StringTailMerger"/> lays out strings.</summary>
public enum StringMerging
{
    /// <summary>Equal strings share their bytes; the order is that of <see cref="StringTailMerger.Add(Utf8String, ulong)"/>.</summary>
    Duplicates,

    /// <summary>A string that is the end of another one also shares bytes with it; the order is that of the reversed strings, from high to low.</summary>
    Tails,
}

/// <summary>Puts strings into as few bytes as sharing of equal strings and equal tails allows.</summary>
/// <remarks>
/// The result is byte for byte that of wasm-ld at -O1, which uses LLVM's StringTableBuilder. Sorted by their bytes from
/// the last to the first, every string directly follows the strings that end with it; so one comparison with the string that
/// was placed last finds a place to share.
/// <para>Millions of strings are common (.debug_str). There is no object per string, and the sort compares eight bytes at a time:
/// it sorts by the last eight bytes, then each group of equals by the eight before, and so on.</para>
/// </remarks>
public sealed unsafe class StringTailMerger
{
    private const int InitialSlots = 16;

    // So many strings are worth a thread.
    private const int StringsPerPiece = 4 * 1024;

    // Groups up to this size are sorted by comparing whole strings.
    private const int SmallGroup = 12;

    private readonly StringMerging _merging;
    private Entry[] _entries;
    private ulong[] _slots;
    private int _count;
    private int[] _placed = [];
    private int _placedCount;

    /// <param name="merging">What may be shared.</param>
    /// <param name="expectedCount">About how many different strings will be added.</param>
    public StringTailMerger(StringMerging merging = StringMerging.Tails, int expectedCount = 0)
    {
        _merging = merging;
        _entries = new Entry[Math.Max(expectedCount, InitialSlots / 2)];
        _slots = new ulong[SlotsFor(_entries.Length)];
    }

    /// <summary>One merger with the strings of several, none of which two of them have.</summary>
    /// <param name="parts">What to join; they must not be used afterwards.</param>
    /// <param name="firsts">The number that the first string of each part gets.</param>
    public static StringTailMerger Join(StringTailMerger[] parts, out int[] firsts)
    {
        firsts = new int[parts.Length];
        if (parts.Length == 1)
            return parts[0];
        int count = 0;
        foreach (StringTailMerger part in parts)
            count = checked(count + part._count);
        var joined = new StringTailMerger(parts[0]._merging) { _entries = new Entry[count] };
        for (int i = 0; i < parts.Length; i++)
        {
            firsts[i] = joined._count;
            parts[i]._entries.AsSpan(0, parts[i]._count).CopyTo(joined._entries.AsSpan(joined._count));
            joined._count += parts[i]._count;
            parts[i]._entries = [];
            parts[i]._slots = [];
        }
        return joined;
    }

    /// <summary>How many different strings were added.</summary>
    public int Count => _count;

    /// <summary>The size of the result; known after <see cref="Finish"/>.</summary>
    public int Size { get; private set; }

    /// <summary>Adds a string.</summary>
    /// <param name="piece">The string with its only NUL at the end, in memory that stays where it is.</param>
    /// <param name="hash">A hash of all bytes of the piece.</param>
    /// <returns>The string's number, the same for equal strings; numbers count from 0 in the order of first appearance.</returns>
    public int Add(Utf8String piece, ulong hash)
    {
        ReadOnlySpan<byte> bytes = piece.Bytes;
        if (bytes.IsEmpty || bytes[^1] != 0)
            throw new ArgumentException("a piece ends in NUL", nameof(piece));
        ulong[] slots = _slots;
        int mask = slots.Length - 1;
        ulong tag = hash & TagMask;
        int slot = (int)hash & mask;
        for (ulong value; (value = slots[slot]) != 0; slot = (slot + 1) & mask)
        {
            if ((value & TagMask) != tag)
                continue;
            int id = (int)(uint)value - 1;
            ref Entry entry = ref _entries[id];
            if (entry.Hash == hash && bytes.SequenceEqual(entry.Bytes))
                return id;
        }
        return Append(bytes, hash, slot);
    }

    /// <summary>Adds several strings, sooner than one after the other: each step waits for memory, and here all wait at once.</summary>
    /// <param name="pieces">The strings, at most some dozens.</param>
    /// <param name="hashes">Their hashes.</param>
    /// <param name="numbers">Receives their numbers.</param>
    public void Add(ReadOnlySpan<Utf8String> pieces, ReadOnlySpan<ulong> hashes, Span<int> numbers)
    {
        int mask = _slots.Length - 1;
        foreach (ulong hash in hashes)
            Prefetch.Read(ref _slots[(int)hash & mask]);
        foreach (ulong hash in hashes)
            if (TryGuess(hash, mask, out int id))
                Prefetch.Read(ref _entries[id]);
        foreach (ulong hash in hashes)
            if (TryGuess(hash, mask, out int id))
                Prefetch.Read(_entries[id].Start);
        for (int i = 0; i < pieces.Length; i++)
            numbers[i] = Add(pieces[i], hashes[i]);
    }

    private bool TryGuess(ulong hash, int mask, out int id)
    {
        ulong value = _slots[(int)hash & mask];
        id = (int)(uint)value - 1;
        return value != 0 && (value & TagMask) == (hash & TagMask);
    }

    /// <summary>Gives every string its offset. Nothing can be added afterwards.</summary>
    /// <param name="threads">The number of threads; 0 for one per core.</param>
    /// <remarks>The sum of the sizes of all different strings must stay below 2 GiB.</remarks>
    public void Finish(int threads = 1)
    {
        _slots = [];
        _placed = new int[_count];
        if (_merging == StringMerging.Duplicates)
        {
            for (int id = 0; id < _count; id++)
                Place(id);
            return;
        }
        int[] order = SortByReversedBytes(threads);
        bool[] isTail = FindTails(order, threads);
        // The sort is ascending; the output is not.
        for (int i = order.Length - 1; i >= 0; i--)
        {
            if (isTail[i])
                _entries[order[i]].Offset = Size - _entries[order[i]].Length;
            else
                Place(order[i]);
        }
    }

    /// <summary>Where a string is in the result.</summary>
    public int OffsetOf(int piece) => _entries[piece].Offset;

    /// <summary>Writes a part of the result.</summary>
    /// <param name="start">Where the part starts in the result.</param>
    /// <param name="destination">Receives as many bytes as it has; start and length stay within <see cref="Size"/>.</param>
    public void Write(int start, Span<byte> destination)
    {
        int end = start + destination.Length;
        for (int i = PlacedAt(start); i < _placedCount; i++)
        {
            ref Entry entry = ref _entries[_placed[i]];
            if (entry.Offset >= end)
                return;
            ReadOnlySpan<byte> bytes = entry.Bytes;
            int skipped = Math.Max(start - entry.Offset, 0);
            int count = Math.Min(bytes.Length, end - entry.Offset) - skipped;
            bytes.Slice(skipped, count).CopyTo(destination[(entry.Offset + skipped - start)..]);
        }
    }

    /// <summary>The place of the string that a byte of the result is of.</summary>
    private int PlacedAt(int offset)
    {
        int low = 0;
        int high = _placedCount - 1;
        while (low < high)
        {
            int middle = (low + high + 1) >>> 1;
            if (_entries[_placed[middle]].Offset <= offset)
                low = middle;
            else
                high = middle - 1;
        }
        return low;
    }

    private const ulong TagMask = 0xFFFF_FFFF_0000_0000;

    private static int SlotsFor(int entries) => (int)Math.Max(InitialSlots, System.Numerics.BitOperations.RoundUpToPowerOf2((uint)entries * 2));

    private int Append(ReadOnlySpan<byte> bytes, ulong hash, int slot)
    {
        if (_count == _entries.Length)
            Array.Resize(ref _entries, _count * 2);
        int id = _count++;
        _entries[id] = new Entry { Start = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(bytes)), Length = bytes.Length, Hash = hash };
        _slots[slot] = (hash & TagMask) | (uint)(id + 1);
        if (_count * 2L > _slots.Length)
            Grow();
        return id;
    }

    private void Grow()
    {
        ulong[] slots = new ulong[_slots.Length * 2];
        int mask = slots.Length - 1;
        for (int id = 0; id < _count; id++)
        {
            ulong hash = _entries[id].Hash;
            int slot = (int)hash & mask;
            while (slots[slot] != 0)
                slot = (slot + 1) & mask;
            slots[slot] = (hash & TagMask) | (uint)(id + 1);
        }
        _slots = slots;
    }

    private void Place(int id)
    {
        _entries[id].Offset = Size;
        Size = checked(Size + _entries[id].Length);
        _placed[_placedCount++] = id;
    }

    /// <summary>Whether each string is the end of the next one in the order: then it is one of the next that is placed, too, because
    /// everything between a string and one that ends with it ends with it as well.</summary>
    private bool[] FindTails(int[] order, int threads)
    {
        var isTail = new bool[order.Length];
        int pieces = (order.Length + StringsPerPiece - 1) / StringsPerPiece;
        Workers.ForEach(pieces, threads, piece =>
        {
            int end = Math.Min((piece + 1) * StringsPerPiece, order.Length - 1);
            for (int i = piece * StringsPerPiece; i < end; i++)
                isTail[i] = _entries[order[i + 1]].Bytes.EndsWith(_entries[order[i]].Bytes);
        }, minimumPerThread: 1);
        return isTail;
    }

    /// <summary>The string numbers, ordered by the strings' bytes from last to first; a string comes after its own tails.</summary>
    private int[] SortByReversedBytes(int threads)
    {
        int[] order = new int[_count];
        ulong[] keys = new ulong[_count];
        int[] ends = SortByLastByte(order);
        int threadsForAll = _count < StringsPerPiece ? 1 : threads;
        Workers.ForEach(ends.Length, threadsForAll, static () => new Stack<Group>(), (groups, last) =>
        {
            int start = last == 0 ? 0 : ends[last - 1];
            // An explicit stack: strings with long equal tails would go deeper than a thread's stack.
            if (ends[last] - start > 1)
                groups.Push(new Group(start, ends[last] - start, 1));   // 1: all strings end in NUL
            while (groups.TryPop(out Group group))
                SortGroup(group, order.AsSpan(group.Start, group.Length), keys.AsSpan(group.Start, group.Length), groups);
        });
        return order;
    }

    /// <summary>Sorts by the byte before the NUL, so that threads have groups of their own to go on with.</summary>
    /// <param name="order">Receives the string numbers.</param>
    /// <returns>Where the strings with each last byte end.</returns>
    private int[] SortByLastByte(int[] order)
    {
        int[] ends = new int[256];
        for (int id = 0; id < _count; id++)
            ends[LastByte(id)]++;
        for (int last = 1; last < ends.Length; last++)
            ends[last] += ends[last - 1];
        int[] starts = new int[ends.Length];
        ends.AsSpan(0, ends.Length - 1).CopyTo(starts.AsSpan(1));
        for (int id = 0; id < _count; id++)
            order[starts[LastByte(id)]++] = id;
        return ends;
    }

    private byte LastByte(int id) => (byte)(KeyAt(ref _entries[id], 1) >> 56);

    private void SortGroup(Group group, Span<int> order, Span<ulong> keys, Stack<Group> groups)
    {
        if (group.Length <= SmallGroup)
        {
            SortSmallGroup(order, group.Depth);
            return;
        }
        bool allEqual = true;
        for (int i = 0; i < order.Length; i++)
        {
            keys[i] = KeyAt(ref _entries[order[i]], group.Depth);
            allEqual &= keys[i] == keys[0];
        }
        if (!allEqual)
            keys.Sort(order);
        for (int start = 0, end; start < keys.Length; start = end)
        {
            ulong key = keys[start];
            for (end = start + 1; end < keys.Length && keys[end] == key;)
                end++;
            // A zero in the key is the end of the strings, which are then equal; there is one such string at most.
            if (end - start > 1 && (byte)key != 0)
                groups.Push(new Group(group.Start + start, end - start, group.Depth + sizeof(ulong)));
        }
    }

    private void SortSmallGroup(Span<int> order, int depth)
    {
        for (int i = 1; i < order.Length; i++)
        {
            int id = order[i];
            int position = i;
            for (; position > 0 && Compare(ref _entries[order[position - 1]], ref _entries[id], depth) > 0; position--)
                order[position] = order[position - 1];
            order[position] = id;
        }
    }

    private static int Compare(ref Entry left, ref Entry right, int depth)
    {
        while (true)
        {
            ulong leftKey = KeyAt(ref left, depth);
            ulong rightKey = KeyAt(ref right, depth);
            if (leftKey != rightKey)
                return leftKey < rightKey ? -1 : 1;
            if ((byte)leftKey == 0)
                return 0;
            depth += sizeof(ulong);
        }
    }

    /// <summary>The eight bytes that end <paramref name="depth"/> bytes before the string's end, the last byte highest; zeros before the string's start.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong KeyAt(ref Entry entry, int depth)
    {
        int left = entry.Length - depth;
        if (left >= sizeof(ulong))
            return ReadLittleEndian(entry.Start + left - sizeof(ulong));
        return ShortKey(entry.Start, entry.Length, left);
    }

    private static ulong ShortKey(byte* start, int length, int left)
    {
        if (left <= 0)
            return 0;
        if (length >= sizeof(ulong))
            return ReadLittleEndian(start) << (8 * (sizeof(ulong) - left));
        ulong key = 0;
        for (int i = 0; i < left; i++)
            key |= (ulong)start[i] << (8 * (sizeof(ulong) - left + i));
        return key;
    }

    private static ulong ReadLittleEndian(byte* bytes)
    {
        ulong value = Unsafe.ReadUnaligned<ulong>(bytes);
        return BitConverter.IsLittleEndian ? value : System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(value);
    }

    private readonly record struct Group(int Start, int Length, int Depth);

    private struct Entry
    {
        public byte* Start;
        public ulong Hash;
        public int Length;
        public int Offset;

        public readonly ReadOnlySpan<byte> Bytes => new(Start, Length);
    }
}
