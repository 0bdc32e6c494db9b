using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Weld.Base;

namespace Weld.Linker.Planning;

/// <summary>The strings of several input sections as one piece of output, shared where equal or where one ends another.</summary>
/// <remarks>Counterpart in wasm-ld: <c>MergeInputChunk</c> and <c>SyntheticMergedChunk</c>. Debug information has millions of strings,
/// so there is no object per string or section. A bit for each byte of a section says where strings start: counting bits gives the number of the
/// string that a reference points to, and the number its place in the output.
/// <para>Sections are cut and hashed in batches, in parallel, and the strings of a batch go to the tables by their hashes, so that a thread takes
/// each table once for a batch. How many threads and tables there are does not show, because the merger sorts what it gets.</para></remarks>
public sealed unsafe class MergedStrings
{
    // So many bytes and what is known of them stay in a processor's cache.
    private const int BatchSize = 128 * 1024;

    // What a section costs beside its bytes.
    private const int SectionCost = 64;

    private const int MostTablesLog2 = 6;

    // The first word of a section that is left out.
    private const int IsDamaged = -1;

    private const int WordSize = 64;
    private const int WordShift = 6;

    private readonly List<Batch> _batches = [];
    private Section[] _sections = [];
    private int _count;
    private int _batchCost;
    private StringTailMerger? _merger;
    private int[] _damaged = [];

    /// <summary>A section: its bytes, and where the words for it are in its batch.</summary>
    private struct Section
    {
        public byte* Start;
        public int Length;
        public int FirstWord;
        public int Batch;
    }

    /// <summary>The strings of a section.</summary>
    internal readonly struct SectionStrings
    {
        private readonly Word[] _words;
        private readonly int[] _offsets;
        private readonly int _firstWord;
        private readonly uint _length;

        internal SectionStrings(Word[] words, int[] offsets, int firstWord, int length)
        {
            _words = words;
            _offsets = offsets;
            _firstWord = firstWord;
            _length = (uint)length;
        }

        /// <summary>Where a string is among the merged strings; false when none starts at the offset.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public bool TryMapStart(uint offset, out uint place)
        {
            place = 0;
            if (offset >= _length)
                return false;
            ref Word word = ref _words[_firstWord + (int)(offset >> WordShift)];
            // The byte's own bit becomes the highest.
            ulong starts = word.Starts << (WordSize - 1 - (int)(offset & (WordSize - 1)));
            if ((long)starts >= 0)
                return false;
            place = (uint)_offsets[word.Before + BitOperations.PopCount(starts) - 1];
            return true;
        }
    }

    /// <summary>For 64 bytes of a section: a bit where each string starts, and the number of strings in the batch before them.</summary>
    [StructLayout(LayoutKind.Sequential, Pack = sizeof(uint))]
    internal struct Word
    {
        public ulong Starts;
        public int Before;
    }

    /// <summary>Sections that are read together.</summary>
    private sealed class Batch
    {
        public required int First { get; init; }

        public int End { get; set; }

        public Word[] Words { get; set; } = [];

        /// <summary>Where each string is in the output; before that is known, its number and its table.</summary>
        public int[] Offsets { get; set; } = [];
    }

    /// <summary>What a thread keeps from batch to batch.</summary>
    private sealed class Scratch(int tables)
    {
        private StringPiece[] _pieces = [];
        private StringPiece[] _sorted = [];

        /// <summary>Where the pieces for each table start, and an end.</summary>
        public int[] Starts { get; } = new int[tables + 1];

        public Span<StringPiece> Pieces(int count)
        {
            if (_pieces.Length < count + StringTable.Lookahead)
                _pieces = new StringPiece[Math.Max(count + StringTable.Lookahead, _pieces.Length * 2)];
            return _pieces.AsSpan(0, count + StringTable.Lookahead);
        }

        /// <summary>The pieces by table.</summary>
        public ReadOnlySpan<StringPiece> Sort(ReadOnlySpan<StringPiece> pieces)
        {
            int[] starts = Starts;
            if (starts.Length == 2)
            {
                starts[1] = pieces.Length - StringTable.Lookahead;
                return pieces;
            }
            if (_sorted.Length < pieces.Length)
                _sorted = new StringPiece[_pieces.Length];
            ulong mask = (ulong)starts.Length - 2;
            starts.AsSpan().Clear();
            foreach (ref readonly StringPiece piece in pieces[..^StringTable.Lookahead])
                starts[(piece.Hash & mask) + 1]++;
            for (int i = 1; i < starts.Length; i++)
                starts[i] += starts[i - 1];
            // Each start moves to its end while pieces go there, so they come from the last to the first.
            for (int i = pieces.Length - StringTable.Lookahead - 1; i >= 0; i--)
                _sorted[--starts[(pieces[i].Hash & mask) + 1]] = pieces[i];
            // What was the end of a table is now its start: one place further than it should be.
            for (int i = 0; i + 1 < starts.Length; i++)
                starts[i] = starts[i + 1];
            starts[^1] = pieces.Length - StringTable.Lookahead;
            return _sorted.AsSpan(0, pieces.Length);
        }
    }

    /// <summary>The size in bytes; known after <see cref="Finish"/>.</summary>
    public int Size => _merger?.Size ?? 0;

    /// <summary>The sections whose last string has no NUL; known after <see cref="Finish"/>, which leaves them out.</summary>
    public ReadOnlySpan<int> Damaged => _damaged;

    /// <summary>Adds a section.</summary>
    /// <param name="section">The section's bytes; they must stay where they are as long as the strings are used.</param>
    /// <returns>The section's number.</returns>
    public int Add(Utf8String section)
    {
        if (_batchCost <= 0)
        {
            _batchCost = BatchSize;
            _batches.Add(new Batch { First = _count });
        }
        _batchCost -= section.Length + SectionCost;
        if (_count == _sections.Length)
            Array.Resize(ref _sections, Math.Max(8, _count * 2));
        _sections[_count] = new Section { Start = section.Pointer, Length = section.Length, Batch = _batches.Count - 1 };
        return _count++;
    }

    /// <summary>Merges. Nothing can be added afterwards.</summary>
    /// <param name="threads">The number of threads; 0 for one per core.</param>
    public void Finish(int threads)
    {
        int tableBits = Math.Min(Workers.Count(threads), _batches.Count) < 2 ? 0 : Math.Min(BitOperations.Log2((uint)Workers.Count(threads)) + 2, MostTablesLog2);
        var tables = new StringTable[1 << tableBits];
        // Few sections have few strings; with one table for all, that is known.
        for (int i = 0; i < tables.Length; i++)
            tables[i] = new StringTable(tables.Length == 1 ? _count : int.MaxValue);
        for (int i = 0; i < _batches.Count; i++)
            _batches[i].End = i + 1 < _batches.Count ? _batches[i + 1].First : _count;
        Workers.ForEach(_batches.Count, threads, () => new Scratch(tables.Length), (scratch, index) => AddBatch(_batches[index], scratch, tables, index), minimumPerThread: 2);
        _merger = new StringTailMerger(StringMerging.Tails, tables);
        _merger.Finish(threads);
        Workers.ForEach(_batches.Count, threads, index =>
        {
            int mask = tables.Length - 1;
            foreach (ref int offset in _batches[index].Offsets.AsSpan())
                offset = tables[offset & mask][offset >> tableBits]->Offset;
        });
        _damaged = FindDamaged();
    }

    private int[] FindDamaged()
    {
        List<int>? damaged = null;
        for (int i = 0; i < _count; i++)
            if (_sections[i].FirstWord == IsDamaged)
                (damaged ??= []).Add(i);
        return damaged?.ToArray() ?? [];
    }

    /// <summary>Writes a part of the result.</summary>
    /// <param name="start">Where the part starts in the result.</param>
    /// <param name="destination">Receives as many bytes as it has.</param>
    public void Write(int start, Span<byte> destination) => _merger!.Write(start, destination);

    /// <summary>Where a byte of a section is among the merged strings.</summary>
    public ulong Map(int section, ulong offset) =>
        offset < int.MaxValue && InSection(section).TryMapStart((uint)offset, out uint place) ? place : MapAny(_sections[section], offset);

    /// <summary>A section by its number, for those who map many of its bytes.</summary>
    internal SectionStrings InSection(int section)
    {
        ref Section place = ref _sections[section];
        Batch batch = _batches[place.Batch];
        return new SectionStrings(batch.Words, batch.Offsets, place.FirstWord, place.Length);
    }

    /// <summary>For what is not where a string starts. What lies outside the strings keeps its distance to the last one; it cannot point at anything
    /// that is known.</summary>
    private ulong MapAny(in Section section, ulong offset)
    {
        if (section.Length == 0)
            return offset;
        Batch batch = _batches[section.Batch];
        int inside = (int)Math.Min(offset, (ulong)section.Length - 1);
        int index = section.FirstWord + (inside >> WordShift);
        Word[] words = batch.Words;
        ulong starts = words[index].Starts & (ulong.MaxValue >> (WordSize - 1 - (inside & (WordSize - 1))));
        int number = words[index].Before + BitOperations.PopCount(starts) - 1;
        // The first byte of a section starts a string.
        while (starts == 0)
            starts = words[--index].Starts;
        int start = ((index - section.FirstWord) << WordShift) + BitOperations.Log2(starts);
        return (ulong)batch.Offsets[number] + (offset - (ulong)start);
    }

    private void AddBatch(Batch batch, Scratch scratch, StringTable[] tables, int index)
    {
        int count = FindStarts(batch);
        batch.Offsets = GC.AllocateUninitializedArray<int>(count);
        Span<StringPiece> pieces = scratch.Pieces(count);
        Cut(batch, pieces);
        ReadOnlySpan<StringPiece> sorted = scratch.Sort(pieces);
        int tableBits = BitOperations.Log2((uint)tables.Length);
        // Threads begin with different tables, so that they do not wait for each other.
        for (int i = 0; i < tables.Length; i++)
        {
            int table = (index + i) & (tables.Length - 1);
            int start = scratch.Starts[table];
            int end = scratch.Starts[table + 1];
            if (start == end)
                continue;
            lock (tables[table])
                tables[table].AddAll(sorted[start..(end + StringTable.Lookahead)], batch.Offsets, table, tableBits);
        }
    }

    /// <returns>The number of strings.</returns>
    private int FindStarts(Batch batch)
    {
        int words = 0;
        for (int i = batch.First; i < batch.End; i++)
        {
            ref Section section = ref _sections[i];
            if (section.Length != 0 && section.Start[section.Length - 1] != 0)
                section = section with { Length = 0, FirstWord = IsDamaged };
            else
                section.FirstWord = words;
            words += (section.Length + WordSize - 1) >> WordShift;
        }
        batch.Words = GC.AllocateUninitializedArray<Word>(words);
        int count = 0;
        for (int i = batch.First; i < batch.End; i++)
            if (_sections[i].Length != 0)
                FindStarts(_sections[i], batch.Words.AsSpan(_sections[i].FirstWord), ref count);
        return count;
    }

    private static void FindStarts(in Section section, Span<Word> words, ref int count)
    {
        // A string starts where the section does, and behind each NUL.
        ulong carry = 1;
        for (int done = 0, word = 0; done < section.Length; done += WordSize, word++)
        {
            int left = section.Length - done;
            ulong ends = left >= WordSize ? FindEnds(section.Start + done) : FindEnds(section.Start + done, left);
            ulong starts = ends << 1 | carry;
            carry = ends >> (WordSize - 1);
            if (left < WordSize)
                starts &= (1UL << left) - 1;
            words[word] = new Word { Starts = starts, Before = count };
            count += BitOperations.PopCount(starts);
        }
    }

    /// <summary>A bit for each NUL in 64 bytes.</summary>
    private static ulong FindEnds(byte* bytes) =>
        FindEnds16(bytes) | FindEnds16(bytes + 16) << 16 | FindEnds16(bytes + 32) << 32 | FindEnds16(bytes + 48) << 48;

    private static ulong FindEnds(byte* bytes, int length)
    {
        ulong ends = 0;
        int done = 0;
        for (; done + Vector128<byte>.Count <= length; done += Vector128<byte>.Count)
            ends |= FindEnds16(bytes + done) << done;
        for (; done < length; done++)
            if (bytes[done] == 0)
                ends |= 1UL << done;
        return ends;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong FindEnds16(byte* bytes) => Vector128.Equals(Vector128.Load(bytes), Vector128<byte>.Zero).ExtractMostSignificantBits();

    /// <summary>Cuts the sections into strings and hashes these.</summary>
    private void Cut(Batch batch, Span<StringPiece> pieces)
    {
        int count = 0;
        for (int i = batch.First; i < batch.End; i++)
        {
            ref Section section = ref _sections[i];
            if (section.Length == 0)
                continue;
            byte* end = section.Start + section.Length;
            byte* start = section.Start;
            ReadOnlySpan<Word> words = batch.Words.AsSpan(section.FirstWord, (section.Length + WordSize - 1) >> WordShift);
            for (int word = 0; word < words.Length; word++)
            {
                byte* bytes = section.Start + (word << WordShift);
                for (ulong starts = words[word].Starts; starts != 0; starts &= starts - 1)
                {
                    byte* next = bytes + BitOperations.TrailingZeroCount(starts);
                    if (next != section.Start)
                        pieces[count] = MakePiece(start, next, end, count++);
                    start = next;
                }
            }
            pieces[count] = MakePiece(start, end, end, count++);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static StringPiece MakePiece(byte* start, byte* next, byte* end, int index) =>
        new() { Start = start, Length = (int)(next - start), Hash = Hash(start, (int)(next - start), end), Index = index };

    /// <summary>A hash whose halves both tell strings apart.</summary>
    /// <param name="start">The string.</param>
    /// <param name="length">Its length.</param>
    /// <param name="end">The end of what can be read.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Hash(byte* start, int length, byte* end)
    {
        const ulong Multiplier = 0x9E3779B97F4A7C15;
        ulong hash = (ulong)length * Multiplier;
        if (length >= sizeof(ulong))
        {
            byte* last = start + length - sizeof(ulong);
            for (; start < last; start += sizeof(ulong))
            {
                hash = (hash ^ Unsafe.ReadUnaligned<ulong>(start)) * Multiplier;
                hash ^= hash >> 32;
            }
            hash = (hash ^ Unsafe.ReadUnaligned<ulong>(last)) * Multiplier;
        }
        else if (BitConverter.IsLittleEndian && end - start >= sizeof(ulong))
        {
            hash = (hash ^ Unsafe.ReadUnaligned<ulong>(start) << (8 * (sizeof(ulong) - length))) * Multiplier;
        }
        else
        {
            hash = (hash ^ StringTailMerger.KeyAt(start, length, 0)) * Multiplier;
        }
        hash ^= hash >> 32;
        hash *= Multiplier;
        return hash ^ hash >> 32;
    }
}
