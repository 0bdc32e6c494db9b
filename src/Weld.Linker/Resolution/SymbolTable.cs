using System.Runtime.CompilerServices;
using Weld.Base;
using Weld.Wasm.Sections;

namespace Weld.Linker.Resolution;

/// <summary>The symbols of the link: rows, and the order in which their names were first seen.</summary>
/// <remarks>Rows are structs in one array. A name, which the parsers have interned, leads to a row, and has a place in the order:
/// <c>--wrap</c> and functions with several signatures change which row a name means without moving the place.</remarks>
public sealed class SymbolTable
{
    private readonly NameTable _names;
    private readonly List<TableType> _tableTypes = [];
    private Symbol[] _rows;
    private int[] _places;

    /// <summary>The row of each name plus 1; 0 for names that no symbol has.</summary>
    private int[] _rowOfName;
    private int[] _placeOfName;
    private int _rowCount;
    private int _placeCount;

    public SymbolTable(NameTable names)
    {
        _names = names;
        // Most names become symbols.
        int capacity = names.Capacity;
        _rowOfName = new int[capacity];
        _placeOfName = GC.AllocateUninitializedArray<int>(capacity);
        _places = GC.AllocateUninitializedArray<int>(capacity);
        _rows = new Symbol[capacity];
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

    /// <summary>More than the largest <see cref="NameId.Index"/>.</summary>
    public int NameLimit => _names.Limit;

    public SymbolId Find(string name) => Find(_names.Intern(name));

    public SymbolId Find(Utf8String name) => Find(_names.Intern(name));

    /// <summary>The row that a name means, or <see cref="SymbolId.None"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public SymbolId Find(NameId name) => new((uint)name.Index < (uint)_rowOfName.Length ? _rowOfName[name.Index] - 1 : -1);

    public SymbolId Insert(string name, out bool isNew) => Insert(_names.Intern(name), out isNew);

    /// <summary>A name, or none, will be looked for before long: brings what leads to its row into the cache.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrefetchId(NameId name)
    {
        if ((uint)name.Index < (uint)_rowOfName.Length)
            Prefetch.Read(ref _rowOfName[name.Index]);
    }

    /// <summary>A name, or none, will be looked for soon: brings its row into the cache.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrefetchRow(NameId name)
    {
        SymbolId id = Find(name);
        if (!id.IsNone)
            Prefetch.Read(ref _rows[id.Index]);
    }

    /// <summary>Finds or makes the row of a name. A new row is undefined and otherwise empty.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public SymbolId Insert(NameId name, out bool isNew)
    {
        SymbolId id = Find(name);
        isNew = id.IsNone;
        return isNew ? Add(name) : id;
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

    /// <summary>Puts another row at the place of <paramref name="name"/>.</summary>
    public void ReplaceAtPlace(NameId name, SymbolId row)
    {
        _places[_placeOfName[name.Index]] = row.Index;
        _rowOfName[name.Index] = row.Index + 1;
    }

    /// <summary>Makes one name mean another name's row.</summary>
    public void Redirect(Utf8String name, Utf8String target) =>
        _rowOfName[_names.Intern(name).Index] = _rowOfName[_names.Intern(target).Index];

    /// <summary>The type of a table.</summary>
    public TableType TableTypeOf(SymbolId id) => _tableTypes[(int)_rows[id.Index].Value];

    public void SetTableType(SymbolId id, TableType type)
    {
        // Not in the row: there are few tables, and the type is long.
        _rows[id.Index].Value = (ulong)_tableTypes.Count;
        _tableTypes.Add(type);
    }

    private SymbolId Add(NameId name)
    {
        if (name.Index >= _rowOfName.Length)
        {
            int capacity = Math.Max(_rowOfName.Length * 2, name.Index + 1);
            Array.Resize(ref _rowOfName, capacity);
            Array.Resize(ref _placeOfName, capacity);
        }
        SymbolId id = AddRow(_names[name]);
        if (_placeCount == _places.Length)
            Array.Resize(ref _places, _places.Length * 2);
        _places[_placeCount] = id.Index;
        _placeOfName[name.Index] = _placeCount++;
        _rowOfName[name.Index] = id.Index + 1;
        return id;
    }
}
