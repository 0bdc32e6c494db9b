using System.Diagnostics;
using Weld.Mir.Intrinsics;
using Weld.Mir.Modules;
using Weld.Wasm.Linking;
using Weld.Wasm.Sections;

namespace Weld.Mir.Objects;

/// <summary>One symbol of an object in the making.</summary>
/// <param name="Target">What it stands for.</param>
/// <param name="Kind">What it is in the symbol table.</param>
/// <param name="Name">The name that linking goes by.</param>
/// <param name="Flags">Binding, visibility and the rest.</param>
internal sealed record ObjectSymbol(MirReference Target, SymbolKind Kind, string Name, SymbolFlags Flags)
{
    /// <summary>Of functions and tags: the type.</summary>
    public Signature Type { get; init; }

    /// <summary>Of what is imported: from where; null for what has no import.</summary>
    public (string Module, string Field)? Import { get; init; }

    public bool IsDefined => (Flags & SymbolFlags.Undefined) == 0;
}

/// <summary>Gives each thing that code or data names its symbol, in the order of first use.</summary>
internal sealed class ObjectSymbols
{
    private const int Missing = 0;
    private const string HostModule = "env";
    private const string TableName = "__indirect_function_table";

    private readonly MirModule _module;
    private readonly List<ObjectSymbol> _rows = [];
    private readonly int[][] _numbers = new int[Enum.GetValues<MirReferenceKind>().Length][];
    private readonly bool _hasThreads;

    public ObjectSymbols(MirModule module, bool hasThreads)
    {
        _module = module;
        _hasThreads = hasThreads;
        Array.Fill(_numbers, []);
    }

    public IReadOnlyList<ObjectSymbol> Rows => _rows;

    /// <summary>The index of a thing's symbol, which is added when it has none yet.</summary>
    public int IndexOf(MirReference target)
    {
        ref int[] numbers = ref _numbers[(int)target.Kind];
        if (target.Id >= numbers.Length)
            Array.Resize(ref numbers, Math.Max(target.Id + 1, numbers.Length * 2));
        ref int number = ref numbers[target.Id];
        if (number == Missing)
        {
            _rows.Add(MakeSymbol(target));
            number = _rows.Count;
        }
        return number - 1;
    }

    /// <summary>Adds a second symbol for something that is defined, or exports the one that has the same name.</summary>
    public void AddExport(MirExport export)
    {
        int index = IndexOf(export.Target);
        ObjectSymbol original = _rows[index];
        SymbolFlags flags = (export.IsWeak ? SymbolFlags.Weak : SymbolFlags.None) | (export.IsHidden ? SymbolFlags.Hidden : SymbolFlags.Exported);
        flags |= original.Flags & (SymbolFlags.Tls | SymbolFlags.NoStrip);
        if (original.Name == export.Name)
            _rows[index] = original with { Flags = flags };
        else
            _rows.Add(original with { Name = export.Name, Flags = flags });
    }

    private ObjectSymbol MakeSymbol(MirReference target) => target.Kind switch
    {
        MirReferenceKind.Function => FunctionSymbol(target, Item(_module.Functions[new(target.Id)], target)),
        MirReferenceKind.Data => DataSymbol(target, Item(_module.Data[new(target.Id)], target)),
        MirReferenceKind.Global => GlobalSymbol(target, Item(_module.Globals[new(target.Id)], target)),
        MirReferenceKind.Tag => TagSymbol(target, Item(_module.Tags[new(target.Id)], target)),
        MirReferenceKind.Table => new(target, SymbolKind.Table, TableName, SymbolFlags.Undefined | SymbolFlags.NoStrip) { Import = (HostModule, TableName) },
        MirReferenceKind.Intrinsic => IntrinsicSymbol(target, IntrinsicTable.Get((Intrinsic)target.Id)),
        MirReferenceKind.TagName => TagNameSymbol(target, Item(_module.Enums[new(target.Id)], target)),
        MirReferenceKind.Constant => new(target, SymbolKind.Data, $".Lconstant.{target.Id}", SymbolFlags.Local),
        MirReferenceKind.ErrorNameTable => new(target, SymbolKind.Data, ".Lerror_names", SymbolFlags.Local),
        _ => throw new UnreachableException($"no symbol of {target}"),
    };

    private ObjectSymbol FunctionSymbol(MirReference target, MirFunctionItem item)
    {
        Signature type = _module.Signatures[item.Signature];
        if (item.Body is not null)
            return new(target, SymbolKind.Function, item.Name, item.Flags) { Type = type };
        string field = item.ImportField ?? item.Name;
        SymbolFlags flags = item.Flags | SymbolFlags.Undefined | (field == item.Name && item.ImportModule is null ? SymbolFlags.None : SymbolFlags.ExplicitName);
        return new(target, SymbolKind.Function, item.Name, flags) { Type = type, Import = (item.ImportModule ?? HostModule, field) };
    }

    // Without threads, thread-local data is ordinary data, and a flag that says otherwise would make addresses relative.
    private ObjectSymbol DataSymbol(MirReference target, MirDataItem item)
    {
        SymbolFlags flags = item.Flags | (item.IsThreadLocal && _hasThreads ? SymbolFlags.Tls : SymbolFlags.None);
        return new(target, SymbolKind.Data, item.Name, item.Contents is null ? flags | SymbolFlags.Undefined : flags);
    }

    private static ObjectSymbol GlobalSymbol(MirReference target, MirGlobalItem item) =>
        new(target, SymbolKind.Global, item.Name, item.Flags | SymbolFlags.Undefined) { Import = (HostModule, item.Name) };

    private ObjectSymbol TagSymbol(MirReference target, MirTagItem item) =>
        new(target, SymbolKind.Tag, item.Name, item.Flags | SymbolFlags.Undefined) { Type = _module.Signatures[item.Signature], Import = (HostModule, item.Name) };

    private ObjectSymbol IntrinsicSymbol(MirReference target, IntrinsicInfo info) =>
        new(target, SymbolKind.Function, info.Symbol, SymbolFlags.Undefined) { Type = info.Signature(_module.Is64), Import = (HostModule, info.Symbol) };

    private ObjectSymbol TagNameSymbol(MirReference target, MirEnumItem item) =>
        new(target, SymbolKind.Function, $"__tag_name_{item.Name}", SymbolFlags.Local) { Type = TagNameFunction.Type(item, _module.Is64) };

    private static T Item<T>(T? item, MirReference target)
        where T : class =>
        item ?? throw new UnreachableException($"{target} is used but not in the module");
}
