using System.Runtime.CompilerServices;
using Weld.Base;

namespace Weld.Linker.Resolution;

/// <summary>The symbols of the link: rows, and the order in which their names were first seen.</summary>
/// <remarks>Rows are structs in one array. A name, which the parsers have interned, leads to a place in the order, and the place
/// to a row: <c>--wrap</c> and functions with several signatures change which row a name means without moving the place.</remarks>
public sealed class SymbolTable
{
    private readonly NameTable _names;
    private Symbol[] _rows;
    private int[] _places;

    /// <summary>The place of each name plus 1; 0 for names that no symbol has.</summary>
    private int[] _placeOfName;
    private int _rowCount;
    private int _placeCount;

    public SymbolTable(NameTable names)
    {
        _names = names;
        // Most names become symbols.
        _placeOfName = new int[names.Limit + 64];
        _rows = new Symbol[_placeOfName.Length];
        _places = new int[_placeOfName.Length];
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

    public Utf8String NameOf(NameId name) => _names[name];

    public SymbolId Find(string name) => Find(_names.Intern(name));

    public SymbolId Find(Utf8String name) => Find(_names.Intern(name));

    /// <summary>The row that a name means, or <see cref="SymbolId.None"/>.</summary>
    public SymbolId Find(NameId name)
    {
        int place = name.Index < _placeOfName.Length ? _placeOfName[name.Index] - 1 : -1;
        return place < 0 ? SymbolId.None : new SymbolId(_places[place]);
    }

    public SymbolId Insert(string name, out bool isNew) => Insert(_names.Intern(name), out isNew);

    /// <summary>A name will be looked for before long: brings what leads to its place into the cache.</summary>
    public void PrefetchPlace(NameId name)
    {
        if (name.Index < _placeOfName.Length)
            Prefetch.Read(ref _placeOfName[name.Index]);
    }

    /// <summary>A name will be looked for soon: brings its row into the cache.</summary>
    public void PrefetchRow(NameId name)
    {
        if (name.Index < _placeOfName.Length && _placeOfName[name.Index] is int place and not 0)
            Prefetch.Read(ref _rows[_places[place - 1]]);
    }

    /// <summary>Finds or makes the row of a name. A new row is undefined and otherwise empty.</summary>
    public SymbolId Insert(NameId name, out bool isNew)
    {
        if (name.Index >= _placeOfName.Length)
            Array.Resize(ref _placeOfName, Math.Max(_placeOfName.Length * 2, name.Index + 1));
        ref int place = ref _placeOfName[name.Index];
        isNew = place == 0;
        if (!isNew)
            return new SymbolId(_places[place - 1]);
        SymbolId id = AddRow(_names[name]);
        place = AddPlace(id) + 1;
        return id;
    }

    /// <summary>A row that no name leads to and that is not in the order.</summary>
    public SymbolId AddRow(Utf8String name)
    {
        if (_rowCount == _rows.Length)
            Array.Resize(ref _rows, _rows.Length * 2);
        ref Symbol row = ref _rows[_rowCount];
        row.Name = name;
        row.File = -1;
        row.Element = -1;
        row.Signature = SignatureId.None;
        return new SymbolId(_rowCount++);
    }

    /// <summary>Puts another row at the place that <paramref name="name"/> leads to.</summary>
    public void ReplaceAtPlace(NameId name, SymbolId row) => _places[_placeOfName[name.Index] - 1] = row.Index;

    /// <summary>Makes one name lead to another name's place.</summary>
    public void Redirect(Utf8String name, Utf8String target) =>
        _placeOfName[_names.Intern(name).Index] = _placeOfName[_names.Intern(target).Index];

    private int AddPlace(SymbolId id)
    {
        if (_placeCount == _places.Length)
            Array.Resize(ref _places, _places.Length * 2);
        _places[_placeCount] = id.Index;
        return _placeCount++;
    }
}
