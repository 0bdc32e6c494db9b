using System.Runtime.CompilerServices;
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
    // So many strings are worth a thread.
    private const int StringsPerPiece = 4 * 1024;

    // Groups up to this size are sorted by comparing whole strings.
    private const int SmallGroup = 12;

    // Up to so many, sorting by the last byte would be most of the work.
    private const int FewStrings = 256;

    // How far ahead strings are asked for that are copied: they come from everywhere.
    private const int CopiesAhead = 8;

    private readonly StringMerging _merging;
    private readonly StringTable[] _tables;

    // The strings that have bytes of their own, in the order of the result.
    private nint[] _placed = [];
    private int _placedCount;

    /// <param name="merging">What may be shared.</param>
    public StringTailMerger(StringMerging merging = StringMerging.Tails)
        : this(merging, [new StringTable()])
    {
    }

    /// <param name="merging">What may be shared.</param>
    /// <param name="tables">The strings, no string in two of the tables.</param>
    internal StringTailMerger(StringMerging merging, StringTable[] tables)
    {
        _merging = merging;
        _tables = tables;
    }

    /// <summary>How many different strings were added.</summary>
    public int Count
    {
        get
        {
            int count = 0;
            foreach (StringTable table in _tables)
                count = checked(count + table.Count);
            return count;
        }
    }

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
        return _tables[0].Add(piece.Pointer, piece.Length, hash);
    }

    /// <summary>Gives every string its offset. Nothing can be added afterwards.</summary>
    /// <param name="threads">The number of threads; 0 for one per core.</param>
    /// <remarks>The sum of the sizes of all different strings must stay below 2 GiB.</remarks>
    public void Finish(int threads = 1)
    {
        foreach (StringTable table in _tables)
            table.Close();
        _placed = new nint[Count];
        if (_merging == StringMerging.Duplicates)
        {
            for (int number = 0; number < _tables[0].Count; number++)
                Place(_tables[0][number]);
            return;
        }
        nint[] order = SortByReversedBytes(threads);
        bool[] isTail = FindTails(order, threads);
        // The sort is ascending; the output is not.
        for (int i = order.Length - 1; i >= 0; i--)
        {
            var entry = (StringEntry*)order[i];
            if (isTail[i])
                entry->Offset = Size - entry->Length;
            else
                Place(entry);
        }
    }

    /// <summary>Where a string is in the result.</summary>
    public int OffsetOf(int piece) => _tables[0][piece]->Offset;

    /// <summary>Writes a part of the result.</summary>
    /// <param name="start">Where the part starts in the result.</param>
    /// <param name="destination">Receives as many bytes as it has; start and length stay within <see cref="Size"/>.</param>
    public void Write(int start, Span<byte> destination)
    {
        int end = start + destination.Length;
        for (int i = PlacedAt(start); i < _placedCount; i++)
        {
            StringEntry* entry = PlacedEntry(i);
            if (entry->Offset >= end)
                return;
            Prefetch.Read((byte*)PlacedEntry(Math.Min(i + (CopiesAhead * 2), _placedCount - 1)));
            Prefetch.Read(PlacedEntry(Math.Min(i + CopiesAhead, _placedCount - 1))->Start);
            ReadOnlySpan<byte> bytes = entry->Bytes;
            int skipped = Math.Max(start - entry->Offset, 0);
            int count = Math.Min(bytes.Length, end - entry->Offset) - skipped;
            bytes.Slice(skipped, count).CopyTo(destination[(entry->Offset + skipped - start)..]);
        }
        // The strings are in memory that goes with the tables.
        GC.KeepAlive(this);
    }

    private StringEntry* PlacedEntry(int place) => (StringEntry*)_placed[place];

    /// <summary>The place of the string that a byte of the result is of.</summary>
    private int PlacedAt(int offset)
    {
        int low = 0;
        int high = _placedCount - 1;
        while (low < high)
        {
            int middle = (low + high + 1) >>> 1;
            if (PlacedEntry(middle)->Offset <= offset)
                low = middle;
            else
                high = middle - 1;
        }
        return low;
    }

    private void Place(StringEntry* entry)
    {
        entry->Offset = Size;
        Size = checked(Size + entry->Length);
        _placed[_placedCount++] = (nint)entry;
    }

    /// <summary>Whether each string is the end of the next one in the order: then it is one of the next that is placed, too, because
    /// everything between a string and one that ends with it ends with it as well.</summary>
    private static bool[] FindTails(nint[] order, int threads)
    {
        var isTail = new bool[order.Length];
        int pieces = (order.Length + StringsPerPiece - 1) / StringsPerPiece;
        Workers.ForEach(pieces, threads, piece =>
        {
            int end = Math.Min((piece + 1) * StringsPerPiece, order.Length - 1);
            for (int i = piece * StringsPerPiece; i < end; i++)
                isTail[i] = IsTail((StringEntry*)order[i], (StringEntry*)order[i + 1]);
        }, minimumPerThread: 1);
        return isTail;
    }

    private static bool IsTail(StringEntry* tail, StringEntry* whole)
    {
        if (tail->Length > whole->Length)
            return false;
        int length = tail->Length - 1;
        ulong difference = tail->LastBytes ^ whole->LastBytes;
        // Nearly always, the last bytes tell.
        if (length <= sizeof(ulong))
            return length == 0 || difference >> (8 * (sizeof(ulong) - length)) == 0;
        return difference == 0 && whole->Bytes.EndsWith(tail->Bytes);
    }

    /// <summary>The strings, ordered by their bytes from last to first; a string comes after its own tails.</summary>
    private nint[] SortByReversedBytes(int threads)
    {
        int count = Count;
        nint[] order = GC.AllocateUninitializedArray<nint>(count);
        ulong[] keys = GC.AllocateUninitializedArray<ulong>(count);
        int[] ends = SortByLastByte(order, keys);
        int threadsForAll = count < StringsPerPiece ? 1 : threads;
        Workers.ForEach(ends.Length, threadsForAll, static () => new Stack<Group>(), (groups, last) =>
        {
            int start = last == 0 ? 0 : ends[last - 1];
            if (ends[last] - start < 2)
                return;
            // 1: all strings end in NUL.
            SortGroup(new Group(start, ends[last] - start, 1), order.AsSpan(start, ends[last] - start), keys.AsSpan(start, ends[last] - start), groups);
            // An explicit stack: strings with long equal tails would go deeper than a thread's stack.
            while (groups.TryPop(out Group group))
            {
                Span<nint> part = order.AsSpan(group.Start, group.Length);
                Span<ulong> partKeys = keys.AsSpan(group.Start, group.Length);
                for (int i = 0; i < part.Length && part.Length > SmallGroup; i++)
                    partKeys[i] = KeyAt((StringEntry*)part[i], group.Depth);
                SortGroup(group, part, partKeys, groups);
            }
        });
        return order;
    }

    /// <summary>Sorts by the byte before the NUL, so that threads have groups of their own to go on with; few strings are one group.</summary>
    /// <param name="order">Receives the strings.</param>
    /// <param name="keys">Receives their last bytes.</param>
    /// <returns>Where the strings of each group end.</returns>
    private int[] SortByLastByte(nint[] order, ulong[] keys)
    {
        const int LastByteShift = 56;
        // Without the highest bits, all have the same last byte.
        ulong mask = order.Length <= FewStrings ? 0 : ulong.MaxValue;
        int[] ends = new int[mask == 0 ? 1 : 256];
        foreach (StringTable table in _tables)
            for (int number = 0; number < table.Count; number++)
                ends[(table[number]->LastBytes & mask) >> LastByteShift]++;
        for (int last = 1; last < ends.Length; last++)
            ends[last] += ends[last - 1];
        int[] next = new int[ends.Length];
        ends.AsSpan(0, ends.Length - 1).CopyTo(next.AsSpan(1));
        foreach (StringTable table in _tables)
            for (int number = 0; number < table.Count; number++)
            {
                StringEntry* entry = table[number];
                int place = next[(entry->LastBytes & mask) >> LastByteShift]++;
                order[place] = (nint)entry;
                keys[place] = entry->LastBytes;
            }
        return ends;
    }

    /// <param name="group">Strings that are equal up to a depth.</param>
    /// <param name="order">The strings.</param>
    /// <param name="keys">Their bytes at that depth.</param>
    /// <param name="groups">Receives those that are still equal.</param>
    private static void SortGroup(Group group, Span<nint> order, Span<ulong> keys, Stack<Group> groups)
    {
        if (group.Length <= SmallGroup)
        {
            SortSmallGroup(order, group.Depth);
            return;
        }
        if (keys.ContainsAnyExcept(keys[0]))
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

    private static void SortSmallGroup(Span<nint> order, int depth)
    {
        for (int i = 1; i < order.Length; i++)
        {
            nint entry = order[i];
            int position = i;
            for (; position > 0 && Compare((StringEntry*)order[position - 1], (StringEntry*)entry, depth) > 0; position--)
                order[position] = order[position - 1];
            order[position] = entry;
        }
    }

    private static int Compare(StringEntry* left, StringEntry* right, int depth)
    {
        while (true)
        {
            ulong leftKey = KeyAt(left, depth);
            ulong rightKey = KeyAt(right, depth);
            if (leftKey != rightKey)
                return leftKey < rightKey ? -1 : 1;
            if ((byte)leftKey == 0)
                return 0;
            depth += sizeof(ulong);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong KeyAt(StringEntry* entry, int depth) => depth == 1 ? entry->LastBytes : KeyAt(entry->Start, entry->Length, depth);

    /// <summary>The eight bytes that end <paramref name="depth"/> bytes before a string's end, the last byte highest; zeros before the string's start.</summary>
    internal static ulong KeyAt(byte* start, int length, int depth)
    {
        int left = length - depth;
        if (left >= sizeof(ulong))
            return ReadLittleEndian(start + left - sizeof(ulong));
        return ShortKey(start, length, left);
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
}
