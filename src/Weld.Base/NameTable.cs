using System.Runtime.CompilerServices;
using Weld.Base.Ids;

namespace Weld.Base;

/// <summary>A name among those of a <see cref="NameTable"/>: equal ids mean equal bytes.</summary>
public readonly record struct NameId(int Index) : IId<NameId>
{
    public static NameId FromIndex(int index) => new(index);
}

/// <summary>Names, each once. Any thread may add names at any time.</summary>
/// <remarks>Threads that read inputs add the names, while these are in the processor's cache; from then on a name is a number.
/// Which number depends on who came first, so it must never decide an order.
/// <para>Names are spread over shards by their hash. A name that is there already, the usual case, is found without a lock:
/// entries and buckets are only ever added, and a larger table replaces one that is full.</para></remarks>
public sealed unsafe class NameTable
{
    /// <summary>How many names are worth to be looked for together.</summary>
    public const int GroupSize = 16;

    private const int ShardBits = 4;
    private const int ShardCount = 1 << ShardBits;
    private const int InitialEntries = 64;

    private readonly Shard[] _shards = new Shard[ShardCount];

    public NameTable()
    {
        for (int i = 0; i < ShardCount; i++)
            _shards[i] = new Shard();
    }

    /// <summary>More than the largest <see cref="NameId.Index"/>; the numbers below are nearly all in use.</summary>
    public int Limit
    {
        get
        {
            int most = 0;
            foreach (Shard shard in _shards)
                most = Math.Max(most, shard.Count);
            return most << ShardBits;
        }
    }

    /// <summary>The bytes of a name.</summary>
    public Utf8String this[NameId id] => _shards[id.Index & (ShardCount - 1)].At(id.Index >> ShardBits);

    /// <summary>Finds or adds a name.</summary>
    /// <param name="name">The name, in memory that outlives the table.</param>
    public NameId Intern(Utf8String name)
    {
        ulong hash = NameHash.Compute(name.Bytes);
        int shard = (int)(hash >> 64 - ShardBits);
        return new NameId(_shards[shard].Intern(name, hash) << ShardBits | shard);
    }

    /// <summary>Finds or adds several names, sooner than one after the other: each step waits for memory, and here all wait at once.</summary>
    /// <param name="names">The names, at most <see cref="GroupSize"/>, in memory that outlives the table.</param>
    /// <param name="ids">Receives their numbers.</param>
    public void Intern(ReadOnlySpan<Utf8String> names, Span<NameId> ids)
    {
        Span<ulong> hashes = stackalloc ulong[GroupSize];
        for (int i = 0; i < names.Length; i++)
        {
            hashes[i] = NameHash.Compute(names[i].Bytes);
            _shards[hashes[i] >> 64 - ShardBits].PrefetchBucket((uint)hashes[i]);
        }
        for (int i = 0; i < names.Length; i++)
            _shards[hashes[i] >> 64 - ShardBits].PrefetchEntry((uint)hashes[i]);
        for (int i = 0; i < names.Length; i++)
            _shards[hashes[i] >> 64 - ShardBits].PrefetchName((uint)hashes[i]);
        for (int i = 0; i < names.Length; i++)
        {
            int shard = (int)(hashes[i] >> 64 - ShardBits);
            ids[i] = new NameId(_shards[shard].Intern(names[i], hashes[i]) << ShardBits | shard);
        }
    }

    /// <summary>Finds or adds a name that the program makes.</summary>
    public NameId Intern(string name) => Intern(Utf8String.FromText(name));

    private struct Entry
    {
        public byte* Start;
        public int Length;
        public uint Hash;

        public readonly bool Is(Utf8String name, uint hash) => Hash == hash && new Utf8String(Start, Length).Equals(name);
    }

    /// <summary>Entries in the order of their numbers, and buckets that hold these numbers plus 1.</summary>
    private sealed class Table(int capacity)
    {
        public readonly Entry[] Entries = new Entry[capacity];
        public readonly int[] Buckets = new int[capacity * 2];
    }

    private sealed class Shard
    {
        private Table _table = new(InitialEntries);
        private int _count;

        public int Count => Volatile.Read(ref _count);

        public Utf8String At(int index)
        {
            ref Entry entry = ref Volatile.Read(ref _table).Entries[index];
            return new Utf8String(entry.Start, entry.Length);
        }

        public int Intern(Utf8String name, ulong hash)
        {
            int found = Find(Volatile.Read(ref _table), name, (uint)hash, out _);
            return found >= 0 ? found : Add(name, (uint)hash);
        }

        public void PrefetchBucket(uint hash)
        {
            Table table = Volatile.Read(ref _table);
            Prefetch.Read(ref table.Buckets[(int)hash & (table.Buckets.Length - 1)]);
        }

        public void PrefetchEntry(uint hash)
        {
            Table table = Volatile.Read(ref _table);
            int index = table.Buckets[(int)hash & (table.Buckets.Length - 1)] - 1;
            if (index >= 0)
                Prefetch.Read(ref table.Entries[index]);
        }

        public void PrefetchName(uint hash)
        {
            Table table = Volatile.Read(ref _table);
            int index = table.Buckets[(int)hash & (table.Buckets.Length - 1)] - 1;
            if (index >= 0 && table.Entries[index].Hash == hash)
                Prefetch.Read(table.Entries[index].Start);
        }

        /// <returns>The number, or -1 with the bucket that is free.</returns>
        private static int Find(Table table, Utf8String name, uint hash, out int bucket)
        {
            int mask = table.Buckets.Length - 1;
            for (bucket = (int)hash & mask; ; bucket = (bucket + 1) & mask)
            {
                int index = Volatile.Read(ref table.Buckets[bucket]) - 1;
                if (index < 0 || table.Entries[index].Is(name, hash))
                    return index;
            }
        }

        [MethodImpl(MethodImplOptions.NoInlining)]
        private int Add(Utf8String name, uint hash)
        {
            lock (this)
            {
                // Another thread may have been faster.
                int found = Find(_table, name, hash, out int bucket);
                if (found >= 0)
                    return found;
                if (_count == _table.Entries.Length)
                {
                    Volatile.Write(ref _table, Grown(_table));
                    Find(_table, name, hash, out bucket);
                }
                _table.Entries[_count] = new Entry { Start = name.IsEmpty ? null : name.Pointer, Length = name.Length, Hash = hash };
                Volatile.Write(ref _table.Buckets[bucket], _count + 1);
                Volatile.Write(ref _count, _count + 1);
                return _count - 1;
            }
        }

        private static Table Grown(Table full)
        {
            int count = full.Entries.Length;
            var table = new Table(count * 2);
            full.Entries.CopyTo(table.Entries, 0);
            int mask = table.Buckets.Length - 1;
            for (int index = 0; index < count; index++)
            {
                int bucket = (int)full.Entries[index].Hash & mask;
                while (table.Buckets[bucket] != 0)
                    bucket = (bucket + 1) & mask;
                table.Buckets[bucket] = index + 1;
            }
            return table;
        }
    }
}
