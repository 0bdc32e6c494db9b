using System.Diagnostics;
using Weld.Mir.Intrinsics;
using Weld.Mir.Modules;
using Weld.Wasm.Linking;
using Weld.Wasm.Sections;

namespace Weld.Mir.Objects;

/// <summary>One symbol of an object in the making.</summary>
internal sealed class ObjectSymbol
{
    /// <summary>What it stands for.</summary>
    public required MirReference Target { get; init; }

    /// <summary>What it is in the symbol table.</summary>
    public required SymbolKind Kind { get; init; }

    /// <summary>The name that linking goes by.</summary>
    public required string Name { get; init; }

    /// <summary>Binding, visibility and the rest.</summary>
    public required SymbolFlags Flags { get; set; }

    /// <summary>Of functions and tags: the type.</summary>
    public Signature Type { get; init; }

    /// <summary>Of what is imported: from where; null for what has no import.</summary>
    public (string Module, string Field)? Import { get; init; }

    /// <summary>Of data that is defined: its segment. Of anything else: the index that it has in the object.</summary>
    public uint Index { get; set; }

    public bool IsDefined => (Flags & SymbolFlags.Undefined) == 0;
}

/// <summary>Gives each thing that code or data names its symbol, in the order of first use.</summary>
internal sealed class ObjectSymbols
{
    private const int Missing = 0;
    private const string HostModule = "env";
    private const string TableName = "__indirect_function_table";

    private readonly ModuleObject _module;
    private readonly List<ObjectSymbol> _rows = [];
    private readonly int[][] _numbers = new int[Enum.GetValues<MirReferenceKind>().Length][];
    private readonly bool _hasThreads;
    private int _constants;

    public ObjectSymbols(ModuleObject module, bool hasThreads)
    {
        _module = module;
        _hasThreads = hasThreads;
        Array.Fill(_numbers, []);
    }

    public IReadOnlyList<ObjectSymbol> Rows => _rows;

    /// <summary>The index of a thing's symbol, which is added when it has none yet. The thing must be in the module.</summary>
    public int IndexOf(MirReference target)
    {
        ref int[] numbers = ref _numbers[(int)target.Kind];
        if (target.Id >= numbers.Length)
            Array.Resize(ref numbers, Math.Max(target.Id + 1, Math.Max(numbers.Length * 2, CapacityOf(target.Kind))));
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
        ObjectSymbol original = _rows[IndexOf(export.Target)];
        SymbolFlags flags = (export.IsWeak ? SymbolFlags.Weak : SymbolFlags.None) | (export.IsHidden ? SymbolFlags.Hidden : SymbolFlags.Exported);
        flags |= original.Flags & (SymbolFlags.Tls | SymbolFlags.NoStrip);
        if (original.Name == export.Name)
            original.Flags = flags;
        else
            _rows.Add(new ObjectSymbol { Target = original.Target, Kind = original.Kind, Name = export.Name, Flags = flags, Index = original.Index });
    }

    private int CapacityOf(MirReferenceKind kind) => kind switch
    {
        MirReferenceKind.Function => _module.Functions.Capacity,
        MirReferenceKind.Data => _module.Data.Capacity,
        MirReferenceKind.Constant => _module.Constants.Capacity,
        _ => 0,
    };

    private ObjectSymbol MakeSymbol(MirReference target) => target.Kind switch
    {
        MirReferenceKind.Function => FunctionSymbol(target, _module.Functions[new(target.Id)]!),
        MirReferenceKind.Data => DataSymbol(target, _module.Data[new(target.Id)]!),
        MirReferenceKind.Global => GlobalSymbol(target, _module.Globals[new(target.Id)]!),
        MirReferenceKind.Tag => TagSymbol(target, _module.Tags[new(target.Id)]!),
        MirReferenceKind.Table => new()
        {
            Target = target,
            Kind = SymbolKind.Table,
            Name = TableName,
            Flags = SymbolFlags.Undefined | SymbolFlags.NoStrip,
            Import = (HostModule, TableName),
        },
        MirReferenceKind.Intrinsic => IntrinsicSymbol(target, IntrinsicTable.Get((Intrinsic)target.Id)),
        MirReferenceKind.TagName => new()
        {
            Target = target,
            Kind = SymbolKind.Function,
            Name = $"__tag_name_{_module.Enums[new(target.Id)]!.Name}",
            Flags = SymbolFlags.Local,
            Type = ((EncodedEnum)_module.Enums.FindSlot(target.Id)!.Encoded!).Type,
        },
        MirReferenceKind.TagNameTable => LocalData(target, $".Ltag_names.{_module.Enums[new(target.Id)]!.Name}"),
        MirReferenceKind.Constant => LocalData(target, $".Lconstant.{_constants++}"),
        MirReferenceKind.ErrorNameTable => LocalData(target, ".Lerror_names"),
        _ => throw new UnreachableException($"no symbol of {target}"),
    };

    private ObjectSymbol FunctionSymbol(MirReference target, MirFunctionItem item)
    {
        Signature type = _module.Signatures[item.Signature];
        if (item.Body is not null)
            return new() { Target = target, Kind = SymbolKind.Function, Name = item.Name, Flags = item.Flags, Type = type };
        return new()
        {
            Target = target,
            Kind = SymbolKind.Function,
            Name = item.Name,
            Flags = ImportFlags(item, item.ImportModule, item.ImportField),
            Type = type,
            Import = (item.ImportModule ?? HostModule, item.ImportField ?? item.Name),
        };
    }

    // A name of its own says that the host is meant, so that it is no error when no object defines it.
    private static SymbolFlags ImportFlags(MirItem item, string? module, string? field) =>
        item.Flags | SymbolFlags.Undefined | (module is null && (field ?? item.Name) == item.Name ? SymbolFlags.None : SymbolFlags.ExplicitName);

    // Without threads, thread-local data is ordinary data, and a flag that says otherwise would make addresses relative.
    private ObjectSymbol DataSymbol(MirReference target, MirDataItem item)
    {
        SymbolFlags flags = item.Flags | (item.IsThreadLocal && _hasThreads ? SymbolFlags.Tls : SymbolFlags.None);
        return new() { Target = target, Kind = SymbolKind.Data, Name = item.Name, Flags = item.Contents is null ? flags | SymbolFlags.Undefined : flags };
    }

    private static ObjectSymbol GlobalSymbol(MirReference target, MirGlobalItem item) => new()
    {
        Target = target,
        Kind = SymbolKind.Global,
        Name = item.Name,
        Flags = ImportFlags(item, item.ImportModule, item.ImportField),
        Import = (item.ImportModule ?? HostModule, item.ImportField ?? item.Name),
    };

    private ObjectSymbol TagSymbol(MirReference target, MirTagItem item) => new()
    {
        Target = target,
        Kind = SymbolKind.Tag,
        Name = item.Name,
        Flags = item.Flags | SymbolFlags.Undefined,
        Type = _module.Signatures[item.Signature],
        Import = (HostModule, item.Name),
    };

    private ObjectSymbol IntrinsicSymbol(MirReference target, IntrinsicInfo info) => new()
    {
        Target = target,
        Kind = SymbolKind.Function,
        Name = info.Symbol,
        Flags = SymbolFlags.Undefined,
        Type = info.Signature(_module.Is64),
        Import = (HostModule, info.Symbol),
    };

    private static ObjectSymbol LocalData(MirReference target, string name) => new()
    {
        Target = target,
        Kind = SymbolKind.Data,
        Name = name,
        Flags = SymbolFlags.Local,
    };
}
