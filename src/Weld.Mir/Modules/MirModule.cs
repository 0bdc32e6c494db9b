using Weld.Base.Ids;
using Weld.Wasm.Sections;
using ValueType = Weld.Wasm.Sections.ValueType;

namespace Weld.Mir.Modules;

/// <summary>What a front end makes: functions, data and the rest by the front end's numbers. It can change between two writes.</summary>
/// <remarks>A number that nothing is set for is free. Setting one again replaces what was there.</remarks>
public sealed class MirModule
{
    public MirModule(bool is64, MirSignaturePool signatures)
    {
        Is64 = is64;
        Signatures = signatures;
        Globals[MirGlobalId.StackPointer] = Predefined("__stack_pointer");
        Globals[MirGlobalId.TlsBase] = Predefined("__tls_base");
    }

    /// <summary>Whether addresses are 64 bits wide.</summary>
    public bool Is64 { get; }

    public MirSignaturePool Signatures { get; }

    public MirItemTable<MirFunctionId, MirFunctionItem> Functions { get; } = new();

    public MirItemTable<MirDataId, MirDataItem> Data { get; } = new();

    /// <summary>Only those that something refers to are written, with the largest alignment that is asked for.</summary>
    public MirItemTable<MirConstantId, MirDataContents> Constants { get; } = new();

    public MirItemTable<MirGlobalId, MirGlobalItem> Globals { get; } = new();

    public MirItemTable<MirTagId, MirTagItem> Tags { get; } = new();

    public MirItemTable<MirEnumId, MirEnumItem> Enums { get; } = new();

    /// <summary>Written in this order.</summary>
    public List<MirExport> Exports { get; } = [];

    public List<MirInitFunction> InitFunctions { get; } = [];

    /// <summary>The names of the errors 1, 2, …</summary>
    public List<string> ErrorNames { get; } = [];

    /// <summary>The features of wasm that the code was made for, by the names of the tool conventions.</summary>
    public SortedSet<string> Features { get; } = new(StringComparer.Ordinal);

    private MirGlobalItem Predefined(string name) => new()
    {
        Name = name,
        Type = new GlobalType(Is64 ? ValueType.I64 : ValueType.I32, IsMutable: true),
    };
}

/// <summary>Items by id, with gaps.</summary>
public sealed class MirItemTable<TId, TItem>
    where TId : struct, IId<TId>
    where TItem : class
{
    private TItem?[] _items = new TItem?[16];

    /// <summary>One more than the largest id in use so far.</summary>
    public int Capacity { get; private set; }

    /// <summary>An item; null when the id is free.</summary>
    public TItem? this[TId id]
    {
        get => id.Index < Capacity ? _items[id.Index] : null;
        set
        {
            if (id.Index >= _items.Length)
                Array.Resize(ref _items, Math.Max(id.Index + 1, _items.Length * 2));
            _items[id.Index] = value;
            Capacity = Math.Max(Capacity, id.Index + 1);
        }
    }

    /// <summary>All items in the order of their ids.</summary>
    public IEnumerable<(TId Id, TItem Item)> All()
    {
        for (int i = 0; i < Capacity; i++)
            if (_items[i] is { } item)
                yield return (TId.FromIndex(i), item);
    }
}
