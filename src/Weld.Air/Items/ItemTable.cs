using System.Diagnostics.CodeAnalysis;

namespace Weld.Air.Items;

/// <summary>The functions and variables of a module, in the order in which they were added. May be used from any thread.</summary>
public sealed class ItemTable
{
    private readonly InternTable<ItemId, ItemRow> _rows = new();
    private readonly Dictionary<string, ItemId> _ids = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();

    internal ItemTable()
    {
    }

    public int Count => _rows.Count;

    public AirItem this[ItemId id] => _rows[id].Item;

    public bool TryFind(string name, out ItemId id)
    {
        lock (_lock)
            return _ids.TryGetValue(name, out id);
    }

    public bool TryFind(string name, [NotNullWhen(true)] out AirItem? item)
    {
        item = TryFind(name, out ItemId id) ? this[id] : null;
        return item is not null;
    }

    /// <summary>All items that there are now.</summary>
    public IEnumerable<AirItem> All()
    {
        int count = Count;
        for (int index = 0; index < count; index++)
            yield return this[new ItemId(index)];
    }

    internal TItem Add<TItem>(string name, Func<ItemId, TItem> create)
        where TItem : AirItem
    {
        AirNames.Check(name);
        lock (_lock)
        {
            if (_ids.ContainsKey(name))
                throw new ArgumentException($"the module has an item {name} already", nameof(name));
            TItem item = create(new ItemId(Count));
            _ids.Add(name, _rows.AddUnique(new ItemRow(item)));
            return item;
        }
    }

    /// <summary>An item as a row of a table; equal to itself only.</summary>
    private sealed class ItemRow(AirItem item) : IEquatable<ItemRow>
    {
        public AirItem Item => item;

        public bool Equals(ItemRow? other) => ReferenceEquals(this, other);

        public override bool Equals(object? obj) => ReferenceEquals(this, obj);

        public override int GetHashCode() => item.Id.Index;
    }
}
