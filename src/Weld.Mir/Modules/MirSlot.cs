namespace Weld.Mir.Modules;

/// <summary>A place for an item, and what is known of the one that was in it before.</summary>
internal sealed class MirSlot<TItem>(int index)
    where TItem : class
{
    public int Index { get; } = index;

    public TItem? Item { get; set; }

    /// <summary>What was made of the item for the object.</summary>
    public object? Encoded { get; set; }

    /// <summary>When the item was set, by the <see cref="EditClock"/>.</summary>
    public long SetAt { get; set; }

    /// <summary>When the number was last given out anew: what was set before and refers to it means an item that was removed.</summary>
    public long ReservedAt { get; set; }

    /// <summary>Whether an item has been removed from here.</summary>
    public bool WasRemoved { get; set; }

    /// <summary>The name of that item; null for one without a name.</summary>
    public string? RemovedName { get; set; }
}

/// <summary>Counts the edits of a module, so that of two the earlier one is known.</summary>
internal sealed class EditClock
{
    private long _now;

    public long Tick() => Interlocked.Increment(ref _now);
}
