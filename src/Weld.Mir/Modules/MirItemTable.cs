using Weld.Base.Ids;

namespace Weld.Mir.Modules;

/// <summary>The items of one kind, each in a slot whose number stays while the item is replaced, and is free again when it is removed.</summary>
/// <remarks>Numbers come from the front end, or from <see cref="Reserve"/>; a table should be used in one of these ways only. All
/// members may be called from any thread, for the same number from one thread at a time.</remarks>
public sealed class MirItemTable<TId, TItem>
    where TId : struct, IId<TId>
    where TItem : class
{
    private readonly EditClock _clock;
    private readonly Func<int, TItem, object?>? _encode;
    private readonly Comparison<TItem>? _order;
    private readonly Lock _lock = new();
    private readonly Stack<int> _free = [];
    private MirSlot<TItem>?[] _slots = new MirSlot<TItem>?[16];
    private MirSlot<TItem>[]? _sorted;

    /// <param name="clock">Counts the edits of the module.</param>
    /// <param name="encode">Makes what is kept beside an item, so that writing need not; called on the thread that sets it.</param>
    /// <param name="order">The order in which items are written; null for that of their numbers.</param>
    internal MirItemTable(EditClock clock, Func<int, TItem, object?>? encode = null, Comparison<TItem>? order = null)
    {
        _clock = clock;
        _encode = encode;
        _order = order;
    }

    /// <summary>One more than the largest number in use so far.</summary>
    public int Capacity { get; private set; }

    /// <summary>An item; null for a number without one. Setting null removes.</summary>
    public TItem? this[TId id]
    {
        get => FindSlot(id.Index)?.Item;
        set
        {
            if (value is null)
                Remove(id);
            else
                Set(id, value);
        }
    }

    /// <summary>A number that is not in use, for an item that is set later, so that others can refer to it before.</summary>
    public TId Reserve()
    {
        lock (_lock)
        {
            while (_free.TryPop(out int index))
                if (_slots[index] is { Item: null } slot)
                {
                    slot.ReservedAt = _clock.Tick();
                    return TId.FromIndex(index);
                }
            SlotAt(Capacity);
            return TId.FromIndex(Capacity - 1);
        }
    }

    /// <summary>Adds an item with a number that was not in use.</summary>
    public TId Add(TItem item)
    {
        TId id = Reserve();
        Set(id, item);
        return id;
    }

    /// <summary>Adds an item, or puts it in place of the one with the same number: whatever refers to that one refers to this one now.</summary>
    public void Set(TId id, TItem item)
    {
        ArgumentNullException.ThrowIfNull(item);
        object? encoded = _encode?.Invoke(id.Index, item);
        lock (_lock)
        {
            MirSlot<TItem> slot = SlotAt(id.Index);
            if (slot.Item is not { } old || (_order is not null && _order(old, item) != 0))
                _sorted = null;
            slot.Item = item;
            slot.Encoded = encoded;
            slot.SetAt = _clock.Tick();
        }
    }

    /// <summary>Removes an item. What still refers to it when the module is written is an error, unless it is there again by then: set by
    /// its number, it is the same; added anew, it is another one, though it may have the same number.</summary>
    public void Remove(TId id)
    {
        lock (_lock)
        {
            if (FindSlot(id.Index) is not { Item: { } item } slot)
                return;
            slot.WasRemoved = true;
            slot.RemovedName = (item as IMirNamed)?.Name;
            slot.Item = null;
            slot.Encoded = null;
            _sorted = null;
            _free.Push(id.Index);
        }
    }

    /// <summary>All items in the order of their numbers.</summary>
    public IEnumerable<(TId Id, TItem Item)> All()
    {
        for (int i = 0; i < Capacity; i++)
            if (FindSlot(i)?.Item is { } item)
                yield return (TId.FromIndex(i), item);
    }

    internal MirSlot<TItem>? FindSlot(int index)
    {
        MirSlot<TItem>?[] slots = Volatile.Read(ref _slots);
        return (uint)index < (uint)slots.Length ? slots[index] : null;
    }

    /// <summary>The slots with items in the order in which they are written.</summary>
    internal MirSlot<TItem>[] Sorted()
    {
        if (_sorted is { } known)
            return known;
        var slots = new List<MirSlot<TItem>>(Capacity);
        for (int i = 0; i < Capacity; i++)
            if (_slots[i] is { Item: not null } slot)
                slots.Add(slot);
        if (_order is not null)
            slots.Sort((left, right) => _order(left.Item!, right.Item!) is var order and not 0 ? order : left.Index.CompareTo(right.Index));
        return _sorted = [.. slots];
    }

    private MirSlot<TItem> SlotAt(int index)
    {
        if (index >= _slots.Length)
        {
            // Readers hold no lock: they see the old array or a new one that has all its rows.
            var larger = new MirSlot<TItem>?[Math.Max(index + 1, _slots.Length * 2)];
            _slots.CopyTo(larger, 0);
            Volatile.Write(ref _slots, larger);
        }
        Capacity = Math.Max(Capacity, index + 1);
        return _slots[index] ??= new MirSlot<TItem>(index);
    }
}
