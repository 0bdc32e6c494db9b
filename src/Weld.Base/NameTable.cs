using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Weld.Base.Ids;

namespace Weld.Base;

/// <summary>A name among those of a <see cref="NameTable"/>: equal ids mean equal bytes.</summary>
public readonly record struct NameId(int Index) : IId<NameId>
{
    public static NameId None => new(-1);

    public bool IsNone => Index < 0;

    public static NameId FromIndex(int index) => new(index);
}

/// <summary>Names, each once. Any thread may add names at any time.</summary>
/// <remarks>Threads that read inputs add the names, while these are in the processor's cache; from then on a name is a number.
/// Which number depends on who came first, so it must never decide an order.
/// <para>A name that is there already, the usual case, is found without a lock: entries and buckets are only ever added, and a
/// larger table replaces one that is full. Names that are new are added as many at a time as were looked for.</para></remarks>
public sealed unsafe class NameTable
{
    /// <summary>How many names are worth to be looked for together.</summary>
    public const int GroupSize = 16;

    private const int SmallestCapacity = 1024;

    private readonly object _gate = new();
    private Table _table;
    private int _count;

    /// <param name="expected">How many names there will probably be: with too few, the table is copied as it grows.</param>
    public NameTable(int expected = SmallestCapacity) =>
        _table = new Table((int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(expected, SmallestCapacity)));

    /// <summary>The number of names that there is place for.</summary>
    public int Capacity => Volatile.Read(ref _table).Entries.Length;

    /// <summary>More than the largest <see cref="NameId.Index"/>; all numbers below are in use.</summary>
    public int Limit => Volatile.Read(ref _count);

    /// <summary>The bytes of a name.</summary>
    public Utf8String this[NameId id]
    {
        get
        {
            ref Entry entry = ref Volatile.Read(ref _table).Entries[id.Index];
            return new Utf8String(entry.Start, entry.Length);
        }
    }

    /// <summary>Finds or adds a name.</summary>
    /// <param name="name">The name, in memory that outlives the table.</param>
    public NameId Intern(Utf8String name)
    {
        NameId id = default;
        Intern(new ReadOnlySpan<Utf8String>(in name), new Span<NameId>(ref id));
        return id;
    }

    /// <summary>Finds or adds several names, sooner than one after the other: each step waits for memory, and here all wait at once.</summary>
    /// <param name="names">The names, at most <see cref="GroupSize"/>, in memory that outlives the table.</param>
    /// <param name="ids">Receives their numbers.</param>
    [SkipLocalsInit]
    public void Intern(ReadOnlySpan<Utf8String> names, Span<NameId> ids)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(names.Length, GroupSize);
        ids = ids[..names.Length];
        uint* hashes = stackalloc uint[GroupSize];
        Table table = Volatile.Read(ref _table);
        Entry[] entries = table.Entries;
        for (int i = 0; i < names.Length; i++)
        {
            uint hash = (uint)NameHash.Compute(names[i].Bytes);
            hashes[i] = hash;
            Prefetch.Read(ref table.BucketOf(hash));
        }
        // Nearly always the first entry that is looked at has the name.
        for (int i = 0; i < ids.Length; i++)
        {
            int index = Volatile.Read(ref table.BucketOf(hashes[i])) - 1;
            ids[i] = new NameId(index);
            if ((uint)index < (uint)entries.Length)
                Prefetch.Read(ref entries[index]);
        }
        foreach (NameId id in ids)
            if ((uint)id.Index < (uint)entries.Length)
                Prefetch.Read(entries[id.Index].Start);
        int missing = 0;
        for (int i = 0; i < ids.Length; i++)
        {
            int index = ids[i].Index;
            if ((uint)index < (uint)entries.Length && entries[index].Is(names[i], hashes[i]))
                continue;
            index = table.Find(names[i], hashes[i], out _);
            ids[i] = new NameId(index);
            missing |= index;
        }
        if (missing < 0)
            Add(names, new ReadOnlySpan<uint>(hashes, names.Length), ids);
    }

    /// <summary>Finds or adds a name that the program makes.</summary>
    public NameId Intern(string name) => Intern(Utf8String.FromText(name));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Add(ReadOnlySpan<Utf8String> names, ReadOnlySpan<uint> hashes, Span<NameId> ids)
    {
        lock (_gate)
        {
            for (int i = 0; i < names.Length; i++)
                if (ids[i].IsNone)
                    ids[i] = new NameId(Add(names[i], hashes[i]));
        }
    }

    private int Add(Utf8String name, uint hash)
    {
        // Another thread may have been faster, or the group has the name twice.
        int found = _table.Find(name, hash, out int bucket);
        if (found >= 0)
            return found;
        if (_count == _table.Entries.Length)
        {
            Volatile.Write(ref _table, _table.Grow());
            _table.Find(name, hash, out bucket);
        }
        _table.Entries[_count] = new Entry { Start = name.IsEmpty ? null : name.Pointer, Length = name.Length, Hash = hash };
        Volatile.Write(ref _table.Buckets[bucket], _count + 1);
        Volatile.Write(ref _count, _count + 1);
        return _count - 1;
    }

    private struct Entry
    {
        public byte* Start;
        public int Length;
        public uint Hash;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly bool Is(Utf8String name, uint hash) => Hash == hash && new Utf8String(Start, Length).Equals(name);
    }

    /// <summary>Entries in the order of their numbers, and buckets that hold these numbers plus 1.</summary>
    private sealed class Table(int capacity)
    {
        public readonly Entry[] Entries = GC.AllocateUninitializedArray<Entry>(capacity);
        public readonly int[] Buckets = new int[capacity * 2];

        /// <summary>Where a name with a hash is looked for first.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public ref int BucketOf(uint hash) =>
            ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(Buckets), (nint)(hash & (uint)(Buckets.Length - 1)));

        /// <returns>The number, or -1 with the bucket that is free.</returns>
        public int Find(Utf8String name, uint hash, out int bucket)
        {
            int mask = Buckets.Length - 1;
            for (bucket = (int)hash & mask; ; bucket = (bucket + 1) & mask)
            {
                int index = Volatile.Read(ref Buckets[bucket]) - 1;
                if (index < 0 || Entries[index].Is(name, hash))
                    return index;
            }
        }

        public Table Grow()
        {
            int count = Entries.Length;
            var table = new Table(count * 2);
            Entries.CopyTo(table.Entries, 0);
            int mask = table.Buckets.Length - 1;
            for (int index = 0; index < count; index++)
            {
                int bucket = (int)Entries[index].Hash & mask;
                while (table.Buckets[bucket] != 0)
                    bucket = (bucket + 1) & mask;
                table.Buckets[bucket] = index + 1;
            }
            return table;
        }
    }
}
