using Weld.Base;
using Weld.Linker.Options;
using Weld.Linker.Resolution;
using Weld.Wasm.Linking;
using Weld.Wasm.Sections;

namespace Weld.Linker.Planning;

/// <content>Imports: the memory, the table, and undefined symbols in the order of the symbol table.</content>
public sealed partial class PlanOutput
{
    private readonly Dictionary<(SignatureId, Utf8String, Utf8String), uint> _importedFunctions = [];
    private readonly Dictionary<(GlobalType, Utf8String, Utf8String), uint> _importedGlobals = [];
    private readonly Dictionary<(SignatureId, Utf8String, Utf8String), uint> _importedTags = [];
    private readonly Dictionary<(TableType, Utf8String, Utf8String), uint> _importedTables = [];
    private readonly HashSet<SymbolId> _imported = [];
    private readonly List<OutputImport> _gotImports = [];
    private readonly HashSet<SymbolId> _importedGot = [];
    private SymbolId _firstImportedTable = SymbolId.None;
    private int _tableImport = -1;

    private void PlanImports()
    {
        if (_options.MemoryImport is (string module, string name))
            _plan.Imports.Add(new OutputImport(
                new Import(Utf8String.FromText(module), Utf8String.FromText(name), ExternalKind.Memory, 0, default, new TableType(default, _plan.Memory)), default));
        if (_table.Origin == TableOrigin.Imported)
            AddTableImport();
        for (int place = 0; place < Symbols.PlaceCount; place++)
        {
            SymbolId id = Symbols.AtPlace(place);
            if (!_table.IsTable(id) && ShouldImport(id))
                AddImport(id);
        }
        foreach (SymbolId id in LocalUndefined())
            if (ShouldImport(id))
                AddImport(id);
    }

    /// <summary>Undefined symbols with local binding have rows, but no place in the order.</summary>
    private IEnumerable<SymbolId> LocalUndefined()
    {
        for (int i = 0; i < Symbols.Count; i++)
        {
            var id = new SymbolId(i);
            if (Symbols[id].IsUndefined && Symbols[id].IsLocal)
                yield return id;
        }
    }

    private bool ShouldImport(SymbolId id)
    {
        ref Symbol symbol = ref Symbols[id];
        if (symbol.Kind == SymbolKind.Data || symbol.IsLazy || !symbol.Has(SymbolMarks.UsedInRegularObject) || !_live.IsLive(id))
            return false;
        // Another module may define it more strongly: calls go through the import.
        if (_options.Shared && symbol.IsWeak && symbol.IsDefined && !symbol.IsHidden)
            return true;
        if (symbol.IsShared)
            return true;
        bool isDynamic = _options.IsPic || _options.Relocatable;
        if (!symbol.IsUndefined || (symbol.IsWeak && !isDynamic))
            return false;
        if (symbol.IsFunction && (symbol.Signature.IsNone || (_options.IsPic && !symbol.Has(SymbolMarks.CalledDirectly))))
            return false;
        return isDynamic || _options.ImportUndefined || _options.UnresolvedSymbols == UnresolvedPolicy.ImportDynamic || IsUndefinedAllowed(symbol);
    }

    /// <summary>A global that a dynamic linker sets to the symbol's address or table slot.</summary>
    private void AddGotImport(SymbolId id)
    {
        if (!_gotOfSymbol.TryAdd(id, _plan.ImportedGlobalCount))
            return;
        _importedGot.Add(id);
        _plan.ImportedGlobalCount++;
        ref Symbol symbol = ref Symbols[id];
        // The dynamic linker finds the definition through this module's export, if it has one.
        if (_options.IsPic)
            symbol.Marks |= SymbolMarks.ForceExport;
        Utf8String module = symbol.Kind == SymbolKind.Data ? Utf8String.FromLiteral("GOT.mem"u8) : Utf8String.FromLiteral("GOT.func"u8);
        var type = new GlobalType(Is64 ? ValueType.I64 : ValueType.I32, IsMutable: true);
        _gotImports.Add(new OutputImport(new Import(module, symbol.Name, ExternalKind.Global, 0, type, default), symbol.Name));
    }

    private void AddImport(SymbolId id)
    {
        ref Symbol symbol = ref Symbols[id];
        Utf8String module = symbol.ImportModule.IsNone ? WellKnownNames.DefaultModuleName : symbol.ImportModule.Value;
        Utf8String name = symbol.ImportName.IsNone ? symbol.Name : symbol.ImportName.Value;
        _imported.Add(id);
        _plan.Targets[id.Index].Index = symbol.Kind switch
        {
            SymbolKind.Function => Import(_importedFunctions, (symbol.Signature, module, name), symbol,
                new Import(module, name, ExternalKind.Function, (uint)symbol.Signature.Index, default, default)),
            SymbolKind.Global => Import(_importedGlobals, (symbol.GlobalType, module, name), symbol,
                new Import(module, name, ExternalKind.Global, 0, symbol.GlobalType, default)),
            SymbolKind.Tag => Import(_importedTags, (symbol.Signature, module, name), symbol,
                new Import(module, name, ExternalKind.Tag, (uint)symbol.Signature.Index, default, default)),
            _ => ImportTable(id, module, name),
        };
        _plan.ImportedFunctionCount = (uint)_importedFunctions.Count;
        _plan.ImportedGlobalCount = (uint)_importedGlobals.Count;
    }

    private uint ImportTable(SymbolId id, Utf8String module, Utf8String name)
    {
        if (_firstImportedTable.IsNone)
            _firstImportedTable = id;
        TableType type = Symbols.TableTypeOf(id);
        return Import(_importedTables, (type, module, name), Symbols[id], new Import(module, name, ExternalKind.Table, 0, default, type));
    }

    /// <summary>Two symbols with one module, name and type are one import.</summary>
    private uint Import<TKey>(Dictionary<TKey, uint> known, TKey key, in Symbol symbol, Import import)
        where TKey : notnull
    {
        if (known.TryGetValue(key, out uint index))
            return index;
        index = (uint)known.Count;
        known.Add(key, index);
        _plan.Imports.Add(new OutputImport(import, symbol.Name));
        return index;
    }

    /// <summary>The table's limits are known only after the scan; the import is completed then.</summary>
    private void AddTableImport()
    {
        Utf8String name = Utf8String.FromText(WellKnownNames.IndirectFunctionTable);
        _table.Number = (uint)_importedTables.Count;
        var type = new TableType(ValueType.FuncRef, default);
        _importedTables.Add((type, WellKnownNames.DefaultModuleName, name), _table.Number);
        _tableImport = _plan.Imports.Count;
        _plan.Imports.Add(new OutputImport(new Import(WellKnownNames.DefaultModuleName, name, ExternalKind.Table, 0, default, type), name));
    }
}
