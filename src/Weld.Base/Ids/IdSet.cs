using System.Numerics;
using System.Runtime.CompilerServices;

namespace Weld.Base.Ids;

/// <summary>A set of ids as a bit per row.</summary>
public sealed class IdSet<TId>
    where TId : struct, IId<TId>
{
    private ulong[] _words;

    public IdSet(int capacity) => _words = new ulong[(capacity + 63) >> 6];

    public bool Contains(TId id)
    {
        int word = id.Index >> 6;
        return word < _words.Length && (_words[word] >> (id.Index & 63) & 1) != 0;
    }

    /// <returns>True when the id was not in the set before.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Add(TId id)
    {
        int word = id.Index >> 6;
        if (word >= _words.Length)
            Grow(word);
        ulong bit = 1ul << (id.Index & 63);
        if ((_words[word] & bit) != 0)
            return false;
        _words[word] |= bit;
        return true;
    }

    /// <summary>The first row in the set from <paramref name="start"/> on, or <paramref name="end"/> when there is none before it.</summary>
    public int Next(int start, int end)
    {
        for (int word = start >> 6; start < end && word < _words.Length; start = ++word << 6)
        {
            ulong bits = _words[word] >> (start & 63);
            if (bits != 0)
                return Math.Min(start + BitOperations.TrailingZeroCount(bits), end);
        }
        return end;
    }

    /// <summary>As <see cref="Add"/>, from any thread; the set's capacity must cover the id.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool AddShared(TId id)
    {
        ref ulong word = ref _words[id.Index >> 6];
        ulong bit = 1ul << (id.Index & 63);
        return (Volatile.Read(ref word) & bit) == 0 && (Interlocked.Or(ref word, bit) & bit) == 0;
    }

    /// <summary>Adds rows of another set, those in the word <paramref name="word"/> from <paramref name="first"/> to <paramref name="end"/> - 1, from any
    /// thread; both sets' capacities must cover them.</summary>
    /// <returns>Which of the 64 rows of the word were not in this set before, as bits.</returns>
    public ulong AddSharedFrom(IdSet<TId> other, int word, int first, int end)
    {
        ulong added = Volatile.Read(ref other._words[word]) & ~Volatile.Read(ref _words[word]);
        int start = word << 6;
        if (start < first)
            added &= ulong.MaxValue << (first - start);
        if (end - start < 64)
            added &= (1ul << (end - start)) - 1;
        return added == 0 ? 0 : added & ~Interlocked.Or(ref _words[word], added);
    }

    /// <summary>Adds the rows <paramref name="first"/> to <paramref name="first"/> + <paramref name="count"/> - 1.</summary>
    public void AddRange(int first, int count)
    {
        for (int index = first; index < first + count; index++)
            Add(TId.FromIndex(index));
    }

    public void Remove(TId id)
    {
        int word = id.Index >> 6;
        if (word < _words.Length)
            _words[word] &= ~(1ul << (id.Index & 63));
    }

    public int Count
    {
        get
        {
            int count = 0;
            foreach (ulong word in _words)
                count += BitOperations.PopCount(word);
            return count;
        }
    }

    private void Grow(int word) => Array.Resize(ref _words, Math.Max(word + 1, _words.Length * 2));
}
