using System.Runtime.InteropServices;
using Weld.Base;
using Weld.Mir.Modules;
using Weld.Wasm.Linking;
using Weld.Wasm.Sections;
using ValueType = Weld.Wasm.Sections.ValueType;

namespace Weld.Mir.Objects;

/// <summary>What an object imports: the memory, the table when functions are called through it, and every symbol that is not defined.</summary>
internal sealed class ObjectImports
{
    private const ulong PageSize = 1 << 16;

    private readonly ModuleObject _module;
    private readonly ObjectTypes _types;
    private readonly List<Import> _rows = [];
    private readonly uint[] _counts = new uint[Enum.GetValues<SymbolKind>().Length];

    /// <summary>Gives undefined symbols their indexes.</summary>
    public ObjectImports(ModuleObject module, IReadOnlyList<ObjectSymbol> symbols, ObjectTypes types, NameArena names, ulong dataSize)
    {
        _module = module;
        _types = types;
        LimitsFlags width = module.Is64 ? LimitsFlags.Is64 : LimitsFlags.None;
        var memory = new Limits(width, (dataSize + PageSize - 1) / PageSize, 0);
        _rows.Add(new Import(names.Add("env"), names.Add("__linear_memory"), ExternalKind.Memory, 0, default, new TableType(default, memory)));
        foreach (ObjectSymbol symbol in symbols)
            if (symbol.Import is { } import)
            {
                symbol.Index = _counts[(int)symbol.Kind]++;
                _rows.Add(MakeRow(symbol, names.Add(import.Module), names.Add(import.Field)));
            }
    }

    public ReadOnlySpan<Import> Rows => CollectionsMarshal.AsSpan(_rows);

    /// <summary>How many functions are imported: the index of the first that is defined.</summary>
    public uint FunctionCount => _counts[(int)SymbolKind.Function];

    private Import MakeRow(ObjectSymbol symbol, Utf8String module, Utf8String field) => symbol.Kind switch
    {
        SymbolKind.Function => new Import(module, field, ExternalKind.Function, (uint)_types.IndexOf(symbol.Type), default, default),
        SymbolKind.Tag => new Import(module, field, ExternalKind.Tag, (uint)_types.IndexOf(symbol.Type), default, default),
        SymbolKind.Global => new Import(module, field, ExternalKind.Global, 0, _module.Globals[new MirGlobalId(symbol.Target.Id)]!.Type, default),
        _ => new Import(module, field, ExternalKind.Table, 0, default,
            new TableType(ValueType.FuncRef, new Limits(_module.Is64 ? LimitsFlags.Is64 : LimitsFlags.None, 0, 0))),
    };
}
