using Weld.Wasm.Binary;

namespace Weld.Linker.Image;

/// <summary>The entries of a section or subsection, in parts that follow each other and that any thread can write.</summary>
public sealed class EntryParts
{
    private readonly int _items;
    private readonly int _itemsPerPart;
    private readonly Func<int, int, int> _roomFor;
    private readonly RangeWriter _write;
    private uint _count;

    /// <param name="items">The number of what the entries are made of: symbols, functions or chunks.</param>
    /// <param name="itemsPerPart">How many of them make a part.</param>
    /// <param name="itemSize">Room for the entries that one of them usually has, in bytes: memory that is not used costs nothing.</param>
    /// <param name="write">Writes the entries of some.</param>
    public EntryParts(int items, int itemsPerPart, int itemSize, RangeWriter write)
        : this(items, itemsPerPart, (from, to) => (to - from) * itemSize, write)
    {
    }

    /// <param name="items">The number of what the entries are made of: symbols, functions or chunks.</param>
    /// <param name="itemsPerPart">How many of them make a part.</param>
    /// <param name="roomFor">Room for the entries of some of them, in bytes.</param>
    /// <param name="write">Writes the entries of some.</param>
    public EntryParts(int items, int itemsPerPart, Func<int, int, int> roomFor, RangeWriter write)
    {
        _items = items;
        _itemsPerPart = itemsPerPart;
        _roomFor = roomFor;
        _write = write;
        Parts = new WasmWriter[(items + itemsPerPart - 1) / itemsPerPart];
    }

    /// <summary>Writes the entries of the items from <paramref name="from"/> up to <paramref name="to"/>, and returns how many entries these are.</summary>
    public delegate uint RangeWriter(WasmWriter writer, int from, int to);

    public static EntryParts None { get; } = new(0, 1, 0, static (_, _, _) => 0);

    /// <summary>The bytes of the entries; written by <see cref="WriteAll"/>.</summary>
    public WasmWriter[] Parts { get; }

    /// <summary>How many entries there are.</summary>
    public uint Count => _count;

    /// <summary>Their size in bytes.</summary>
    public long Size => Parts.Sum(static part => (long)part.Length);

    /// <summary>Writes all parts of several, at the same time.</summary>
    public static void WriteAll(IReadOnlyList<EntryParts> all, int threads)
    {
        var work = new List<(EntryParts Entries, int Part)>();
        foreach (EntryParts entries in all)
            for (int part = 0; part < entries.Parts.Length; part++)
                work.Add((entries, part));
        Workers.ForEach(work.Count, threads, index => work[index].Entries.Write(work[index].Part), minimumPerThread: 2);
    }

    private void Write(int part)
    {
        int from = part * _itemsPerPart;
        int to = Math.Min(_items, from + _itemsPerPart);
        var writer = new WasmWriter(_roomFor(from, to));
        Interlocked.Add(ref _count, _write(writer, from, to));
        Parts[part] = writer;
    }
}
