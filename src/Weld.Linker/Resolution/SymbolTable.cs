using System.Runtime.CompilerServices;
using Weld.Base;

namespace Weld.Linker.Resolution;

/// <summary>The symbols of the link: rows, names, and the order in which names were first seen.</summary>
/// <remarks>Rows are structs in one array, found through open addressing over hashes that the parser has computed.
/// A name leads to a place in the order, and the place to a row: <c>--wrap</c> and functions with several signatures
/// change which row a name means without moving the place.</remarks>
public sealed class SymbolTable
{
    private Symbol[] _rows = new Symbol[1024];
    private int[] _places = new int[1024];
    private int[] _buckets = new int[4096];
    private ulong[] _hashes = new ulong[1024];
    private int _rowCount;
    private int _placeCount;
    private int _bucketsUsed;
    private NameEntry[] _names = new NameEntry[1024];

    private struct NameEntry
    {
        public Utf8String Name;
        public int Place;
    }

    /// <summary>The number of rows, those without a place included.</summary>
    public int Count => _rowCount;

    /// <summary>The number of places in the order.</summary>
    public int PlaceCount => _placeCount;

    /// <summary>A row, to read and, during resolution, to change. Adding a symbol ends the reference's life.</summary>
    public ref Symbol this[SymbolId id]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref _rows[id.Index];
    }

    /// <summary>The row at a place of the order.</summary>
    public SymbolId AtPlace(int place) => new(_places[place]);

    public SymbolId Find(string name) => Find(Utf8String.FromText(name));

    /// <summary>The row that a name means, or <see cref="SymbolId.None"/>.</summary>
    public SymbolId Find(Utf8String name) => Find(name, NameHash.Compute(name.Bytes));

    public SymbolId Find(Utf8String name, ulong hash)
    {
        int entry = _buckets[FindBucket(name, hash)] - 1;
        return entry < 0 ? SymbolId.None : new SymbolId(_places[_names[entry].Place]);
    }

    /// <summary>Finds or makes the row of a name. A new row is undefined and otherwise empty.</summary>
    public SymbolId Insert(Utf8String name, ulong hash, out bool isNew)
    {
        int bucket = FindBucket(name, hash);
        int entry = _buckets[bucket] - 1;
        if (entry >= 0)
        {
            isNew = false;
            return new SymbolId(_places[_names[entry].Place]);
        }
        isNew = true;
        SymbolId id = AddRow(name);
        int place = AddPlace(id);
        AddName(name, hash, place, bucket);
        return id;
    }

    /// <summary>A row that no name leads to and that is not in the order.</summary>
    public SymbolId AddRow(Utf8String name)
    {
        if (_rowCount == _rows.Length)
            Array.Resize(ref _rows, _rows.Length * 2);
        _rows[_rowCount] = new Symbol { Name = name, File = -1, Element = -1, Signature = SignatureId.None };
        return new SymbolId(_rowCount++);
    }

    /// <summary>Puts another row at the place that <paramref name="name"/> leads to.</summary>
    public void ReplaceAtPlace(Utf8String name, SymbolId row)
    {
        int entry = _buckets[FindBucket(name, NameHash.Compute(name.Bytes))] - 1;
        _places[_names[entry].Place] = row.Index;
    }

    /// <summary>Makes one name lead to another name's place.</summary>
    public void Redirect(Utf8String name, Utf8String target)
    {
        int from = _buckets[FindBucket(name, NameHash.Compute(name.Bytes))] - 1;
        int to = _buckets[FindBucket(target, NameHash.Compute(target.Bytes))] - 1;
        _names[from].Place = _names[to].Place;
    }

    private int AddPlace(SymbolId id)
    {
        if (_placeCount == _places.Length)
            Array.Resize(ref _places, _places.Length * 2);
        _places[_placeCount] = id.Index;
        return _placeCount++;
    }

    private void AddName(Utf8String name, ulong hash, int place, int bucket)
    {
        if (_bucketsUsed == _names.Length)
        {
            Array.Resize(ref _names, _names.Length * 2);
            Array.Resize(ref _hashes, _hashes.Length * 2);
        }
        _names[_bucketsUsed] = new NameEntry { Name = name, Place = place };
        _hashes[_bucketsUsed] = hash;
        _buckets[bucket] = ++_bucketsUsed;
        if (_bucketsUsed * 2 > _buckets.Length)
            Grow();
    }

    private int FindBucket(Utf8String name, ulong hash)
    {
        int mask = _buckets.Length - 1;
        for (int bucket = (int)(uint)(hash >> 20) & mask; ; bucket = (bucket + 1) & mask)
        {
            int entry = _buckets[bucket] - 1;
            if (entry < 0 || (_hashes[entry] == hash && _names[entry].Name.Equals(name)))
                return bucket;
        }
    }

    private void Grow()
    {
        var buckets = new int[_buckets.Length * 4];
        int mask = buckets.Length - 1;
        for (int entry = 0; entry < _bucketsUsed; entry++)
        {
            int bucket = (int)(uint)(_hashes[entry] >> 20) & mask;
            while (buckets[bucket] != 0)
                bucket = (bucket + 1) & mask;
            buckets[bucket] = entry + 1;
        }
        _buckets = buckets;
    }
}
