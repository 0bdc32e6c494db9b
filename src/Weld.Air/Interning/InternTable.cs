using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Weld.Air.Interning;

/// <summary>A table that gives equal values the same id, from any thread.</summary>
/// <remarks>Looking up takes no lock. Rows live in blocks that never move, so that a reader needs no lock either: whoever
/// has an id got it from a thread that had finished the row.</remarks>
internal sealed class InternTable<TId, T>
    where TId : struct, IId<TId>
    where T : class, IEquatable<T>
{
    private const int FirstBlockBits = 8;

    private readonly ConcurrentDictionary<T, int> _indexes = new();
    private readonly T[]?[] _blocks = new T[]?[32 - FirstBlockBits];
    private readonly short[]?[] _depths = new short[]?[32 - FirstBlockBits];
    private readonly Lock _lock = new();
    private int _count;

    public int Count => Volatile.Read(ref _count);

    public T this[TId id] => Row(id.Index);

    /// <summary>The number that was given with the row.</summary>
    public int Depth(TId id)
    {
        (int block, int offset) = Locate(id.Index);
        return _depths[block]![offset];
    }

    /// <param name="value">The row, if there is none that is equal.</param>
    /// <param name="depth">What <see cref="Depth"/> says of it.</param>
    public TId Intern(T value, int depth = 1)
    {
        if (_indexes.TryGetValue(value, out int index))
            return TId.FromIndex(index);
        lock (_lock)
        {
            if (!_indexes.TryGetValue(value, out index))
            {
                index = Append(value, depth);
                _indexes[value] = index;
            }
        }
        return TId.FromIndex(index);
    }

    public bool TryFind(T value, out TId id)
    {
        bool isFound = _indexes.TryGetValue(value, out int index);
        id = TId.FromIndex(index);
        return isFound;
    }

    /// <summary>Adds a row that is equal to no other, whatever it holds.</summary>
    public TId AddUnique(T value)
    {
        lock (_lock)
            return TId.FromIndex(Append(value, 1));
    }

    /// <summary>Exchanges a row that <see cref="AddUnique"/> made.</summary>
    public void Replace(TId id, T value)
    {
        (int block, int offset) = Locate(id.Index);
        Volatile.Write(ref _blocks[block]![offset], value);
    }

    private int Append(T value, int depth)
    {
        int index = _count;
        (int block, int offset) = Locate(index);
        T[] rows = _blocks[block] ??= new T[1 << (block + FirstBlockBits)];
        short[] depths = _depths[block] ??= new short[1 << (block + FirstBlockBits)];
        depths[offset] = (short)depth;
        rows[offset] = value;
        Volatile.Write(ref _count, index + 1);
        return index;
    }

    private T Row(int index)
    {
        (int block, int offset) = Locate(index);
        return _blocks[block] is { } rows && rows[offset] is { } row ? row : ThrowNoRow(index);
    }

    // Block k holds 2^(k + FirstBlockBits) rows and starts at that number less the size of the first block.
    private static (int Block, int Offset) Locate(int index)
    {
        uint position = (uint)index + (1u << FirstBlockBits);
        int log = BitOperations.Log2(position);
        return (log - FirstBlockBits, (int)(position - (1u << log)));
    }

    [DoesNotReturn]
    private static T ThrowNoRow(int index) => throw new ArgumentOutOfRangeException(nameof(index), index, "no row has this id; is it from another module?");
}
