using Weld.Base;
using Weld.Base.Diagnostics;

namespace Weld.Linker.Planning;

/// <summary>The strings of several input sections as one piece of output, shared where equal or where one ends another.</summary>
/// <remarks>Counterpart in wasm-ld: <c>MergeInputChunk</c> and <c>SyntheticMergedChunk</c>. Debug information has millions of strings,
/// so there is no object per string or section: the strings of all sections are numbered through, and a number stands
/// for two entries of eight bytes in all. Sections are cut and hashed in parallel. Then every thread takes the strings whose hashes are its own,
/// which needs no lock; how many threads there are does not show, because the merger sorts what it gets.</remarks>
public sealed unsafe class MergedStrings
{
    // So many sections, most of a single short string, are worth taking a number for.
    private const int SectionsPerBatch = 64;

    // Fewer strings are merged sooner than a thread is started.
    private const int StringsPerThread = 4 * 1024;

    // So many strings are looked up together.
    private const int GroupSize = 16;

    // Sections with at least so many strings have hints: for every so many bytes, which string is there.
    private const int StringsWithHints = 8;
    private const int HintShift = 6;

    private readonly List<Utf8String> _sections = [];
    private StringTailMerger _merger = new();

    // Of each section: its first string, and its first hint; one more entry for the end.
    private int[] _firstString = [0];
    private int[] _firstHint = [0];

    // Of each string: where it starts in its section, and where it is in the output.
    private int[] _starts = [];
    private int[] _offsets = [];
    private int[] _hints = [];

    /// <summary>The size in bytes; known after <see cref="Finish"/>.</summary>
    public int Size => _merger.Size;

    /// <summary>Adds a section.</summary>
    /// <param name="section">The section's bytes; they must stay where they are as long as the strings are used.</param>
    /// <param name="fileOffset">Where the section is in its file, for the error message.</param>
    /// <returns>The section's number.</returns>
    /// <exception cref="MalformedInputException">The last string has no NUL.</exception>
    public int Add(Utf8String section, long fileOffset)
    {
        ReadOnlySpan<byte> bytes = section.Bytes;
        if (!bytes.IsEmpty && bytes[^1] != 0)
            throw new MalformedInputException("string is not null terminated", fileOffset + bytes.LastIndexOf((byte)0) + 1);
        _sections.Add(section);
        return _sections.Count - 1;
    }

    /// <summary>Merges. Nothing can be added afterwards.</summary>
    /// <param name="threads">The number of threads; 0 for one per core.</param>
    public void Finish(int threads)
    {
        CountStrings(threads);
        uint[] hashes = Split(threads);
        Merge(hashes, threads);
    }

    /// <summary>Writes a part of the result.</summary>
    /// <param name="start">Where the part starts in the result.</param>
    /// <param name="destination">Receives as many bytes as it has.</param>
    public void Write(int start, Span<byte> destination) => _merger.Write(start, destination);

    /// <summary>Where a byte of a section is among the merged strings.</summary>
    public ulong Map(int section, ulong offset)
    {
        // What lies outside the strings keeps its distance to their end; it cannot point at anything that is known.
        int inside = (int)Math.Min(offset, (ulong)_sections[section].Length);
        int piece = Find(section, inside);
        return (ulong)(_offsets[piece] + inside - _starts[piece]) + (offset - (ulong)inside);
    }

    private int Find(int section, int offset)
    {
        int piece = _firstString[section];
        int last = _firstString[section + 1] - 1;
        if (_firstHint[section] != _firstHint[section + 1])
            piece = _hints[_firstHint[section] + (offset >> HintShift)];
        // The end of the section belongs to its last string: symbols and addends may point there.
        while (piece < last && _starts[piece + 1] <= offset)
            piece++;
        return piece;
    }

    private void ForEachSection(int threads, Action<int> body)
    {
        int batches = (_sections.Count + SectionsPerBatch - 1) / SectionsPerBatch;
        Workers.ForEach(batches, threads, batch =>
        {
            int end = Math.Min((batch + 1) * SectionsPerBatch, _sections.Count);
            for (int section = batch * SectionsPerBatch; section < end; section++)
                body(section);
        });
    }

    private void CountStrings(int threads)
    {
        int[] counts = new int[_sections.Count + 1];
        int[] hints = new int[_sections.Count + 1];
        ForEachSection(threads, section =>
        {
            counts[section] = _sections[section].Bytes.Count((byte)0);
            hints[section] = counts[section] < StringsWithHints ? 0 : (_sections[section].Length >> HintShift) + 1;
        });
        _firstString = Sums(counts);
        _firstHint = Sums(hints);
    }

    /// <summary>Replaces each count by the sum of those before it.</summary>
    private static int[] Sums(int[] counts)
    {
        int sum = 0;
        for (int i = 0; i < counts.Length; i++)
        {
            int count = counts[i];
            counts[i] = sum;
            sum = checked(sum + count);
        }
        return counts;
    }

    /// <returns>The hash of each string.</returns>
    private uint[] Split(int threads)
    {
        uint[] hashes = GC.AllocateUninitializedArray<uint>(_firstString[^1]);
        _starts = GC.AllocateUninitializedArray<int>(_firstString[^1]);
        _hints = GC.AllocateUninitializedArray<int>(_firstHint[^1]);
        ForEachSection(threads, section =>
        {
            ReadOnlySpan<byte> bytes = _sections[section].Bytes;
            int start = 0;
            for (int piece = _firstString[section]; piece < _firstString[section + 1]; piece++)
            {
                int length = bytes[start..].IndexOf((byte)0) + 1;
                _starts[piece] = start;
                hashes[piece] = (uint)NameHash.Compute(bytes.Slice(start, length));
                start += length;
            }
            SetHints(section);
        });
        return hashes;
    }

    private void SetHints(int section)
    {
        int piece = _firstString[section];
        int last = _firstString[section + 1] - 1;
        for (int hint = _firstHint[section], offset = 0; hint < _firstHint[section + 1]; hint++, offset += 1 << HintShift)
        {
            while (piece < last && _starts[piece + 1] <= offset)
                piece++;
            _hints[hint] = piece;
        }
    }

    private void Merge(uint[] hashes, int threads)
    {
        int shards = Math.Clamp(Math.Min(Workers.Count(threads), hashes.Length / StringsPerThread), 1, 64);
        var mergers = new StringTailMerger[shards];
        int[] numbers = GC.AllocateUninitializedArray<int>(hashes.Length);
        Workers.ForEach(shards, threads, shard =>
        {
            mergers[shard] = new StringTailMerger(StringMerging.Tails, Math.Min(hashes.Length / shards / 4, 1 << 18));
            AddShard(mergers[shard], shard, shards, hashes, numbers);
        }, minimumPerThread: 1);
        _merger = StringTailMerger.Join(mergers, out int[] firsts);
        _merger.Finish(threads);
        _offsets = numbers;
        ForEachSection(threads, section =>
        {
            for (int piece = _firstString[section]; piece < _firstString[section + 1]; piece++)
                numbers[piece] = _merger.OffsetOf(firsts[ShardOf(hashes[piece], shards)] + numbers[piece]);
        });
    }

    private void AddShard(StringTailMerger merger, int shard, int shards, uint[] hashes, int[] numbers)
    {
        Span<Utf8String> texts = stackalloc Utf8String[GroupSize];
        Span<ulong> longHashes = stackalloc ulong[GroupSize];
        Span<int> pieces = stackalloc int[GroupSize];
        Span<int> found = stackalloc int[GroupSize];
        int count = 0;
        for (int section = 0; section < _sections.Count; section++)
        {
            Utf8String bytes = _sections[section];
            int end = _firstString[section + 1];
            for (int piece = _firstString[section]; piece < end; piece++)
            {
                if (ShardOf(hashes[piece], shards) != shard)
                    continue;
                int next = piece + 1 < end ? _starts[piece + 1] : bytes.Length;
                texts[count] = new Utf8String(bytes.Pointer + _starts[piece], next - _starts[piece]);
                // The merger wants a hash whose upper half tells strings apart as well.
                longHashes[count] = hashes[piece] * 0x9E3779B97F4A7C15ul;
                pieces[count++] = piece;
                if (count == GroupSize)
                    Flush(texts, longHashes, pieces, found);
            }
        }
        Flush(texts[..count], longHashes[..count], pieces, found);

        void Flush(ReadOnlySpan<Utf8String> texts, ReadOnlySpan<ulong> longHashes, ReadOnlySpan<int> pieces, Span<int> found)
        {
            merger.Add(texts, longHashes, found);
            for (int i = 0; i < texts.Length; i++)
                numbers[pieces[i]] = found[i];
            count = 0;
        }
    }

    /// <summary>A part of the range of hashes for each.</summary>
    private static int ShardOf(uint hash, int shards) => (int)((ulong)hash * (uint)shards >> 32);
}
