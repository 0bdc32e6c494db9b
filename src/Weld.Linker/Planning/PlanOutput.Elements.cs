using Weld.Base;
using Weld.Linker.Diagnostics;
using Weld.Linker.Inputs;
using Weld.Linker.Liveness;
using Weld.Linker.Resolution;
using Weld.Wasm.Binary;
using Weld.Wasm.Linking;
using Weld.Wasm.Sections;

namespace Weld.Linker.Planning;

/// <content>Globals, tags, tables, types and exports.</content>
public sealed partial class PlanOutput
{
    private readonly List<SymbolReference> _gotEntries = [];
    private readonly Dictionary<SymbolId, uint> _gotOfSymbol = [];
    private readonly List<(uint Global, uint Start, ulong Value)> _globalRelocations = [];
    private readonly List<(uint Global, ulong Value)> _tlsGlobalRelocations = [];

    private void AddGotEntry(SymbolReference reference)
    {
        if (reference.Row.IsNone
            ? !_plan.LocalGot.TryAdd((reference.Owner.Index, reference.Symbol), 0)
            : !_gotOfSymbol.TryAdd(reference.Row, 0))
            return;
        _gotEntries.Add(reference);
    }

    /// <summary>Order: the linker's own, the objects', GOT entries, then the addresses of exported data.</summary>
    private void PlanGlobals()
    {
        foreach (SyntheticGlobal global in _program.SyntheticGlobals)
            if (_live.Globals.Contains(global.Id))
                AddGlobal(global.Id, new Global(global.Type, InitialValueOf(global)), Symbols[global.Symbol].Name);
        foreach (LinkedObject owner in _program.Objects)
        {
            Utf8String[] names = GlobalNames(owner.Object);
            for (int i = 0; i < names.Length; i++)
            {
                var id = new GlobalId(owner.FirstGlobal + i);
                if (_live.Globals.Contains(id))
                    AddGlobal(id, owner.Object.Globals[i], names[i]);
            }
        }
        foreach (SymbolReference reference in _gotEntries)
            AddGotGlobal(reference);
    }

    /// <summary>The global behind a GOT access to a symbol of this module.</summary>
    private void AddGotGlobal(SymbolReference reference)
    {
        uint index = NextGlobal();
        bool isFunction = IsFunction(reference, out uint slot);
        bool isTls = IsTls(reference);
        bool hasValue = isFunction ? slot != OutputPlan.NoSlot : HasAddress(reference);
        bool isThreadLocal = isTls && _options.SharedMemory;
        // In position-independent output the loader decides where this module's data and table slots start.
        bool isRelative = _options.IsPic && hasValue && !isThreadLocal;
        ulong value = isFunction ? (slot == OutputPlan.NoSlot ? 0 : slot)
            : isThreadLocal ? DataValueOf(reference)
            : AddressOf(reference);
        uint start = isRelative ? _plan.Targets[(isFunction ? _program.LinkerSymbols.TableBase : _program.LinkerSymbols.MemoryBase).Index].Index : 0;
        Utf8String initial = isRelative && HasExtendedConst ? RelativeConstant(start, value) : Constant(value);
        bool isMutable = isThreadLocal || (isRelative && !HasExtendedConst);
        var type = new GlobalType(Is64 ? ValueType.I64 : ValueType.I32, isMutable);
        Utf8String name = Utf8String.FromText($"GOT.{(isFunction ? "func" : "data")}.internal.{GotName(reference)}");
        _plan.Globals.Add(new OutputGlobal(new Global(type, initial), name));
        if (isRelative && !HasExtendedConst)
            _globalRelocations.Add((index, start, value));
        else if (isThreadLocal)
            _tlsGlobalRelocations.Add((index, value));
        if (reference.Row.IsNone)
            _plan.LocalGot[(reference.Owner.Index, reference.Symbol)] = index;
        else
            _gotOfSymbol[reference.Row] = index;
    }

    private bool IsFunction(SymbolReference reference, out uint slot)
    {
        slot = OutputPlan.NoSlot;
        if (TryGetFunction(reference, out FunctionId function))
        {
            slot = _plan.TableSlot[function.Index];
            return true;
        }
        if (reference.Row.IsNone || !Symbols[reference.Row].IsFunction)
            return false;
        // A stub's address is 0 here, even where it has a slot.
        if (!_stubOf.ContainsKey(reference.Row))
            slot = _slotOfImport.GetValueOrDefault(reference.Row, OutputPlan.NoSlot);
        return true;
    }

    private bool IsTls(SymbolReference reference) =>
        ((reference.Row.IsNone ? reference.Owner.Object.Symbols[reference.Symbol].Flags : Symbols[reference.Row].Flags) & SymbolFlags.Tls) != 0;

    private bool HasAddress(SymbolReference reference) =>
        reference.Row.IsNone || Symbols[reference.Row].IsDefinedData || _plan.Data.LinkerAddresses.ContainsKey(reference.Row);

    private Utf8String InitialValueOf(SyntheticGlobal global)
    {
        LinkerSymbols known = _program.LinkerSymbols;
        OutputSegment? tls = _plan.Data.TlsSegment;
        if (global.Symbol == known.StackPointer)
            return Constant(_plan.Data.StackTop);
        if (global.Symbol == known.TlsSize)
            return Constant(tls?.Size ?? 0);
        if (global.Symbol == known.TlsAlign)
            return Constant(tls is null ? 0 : 1ul << (int)tls.AlignmentLog2);
        // With threads, each thread sets its own.
        if (global.Symbol != known.TlsBase || _options.SharedMemory)
            return Constant(0);
        // Thread-local data is the first of all data, so that its offset is 0 and extended-const is not needed.
        return _options.IsPic ? RelativeConstant(_plan.Targets[known.MemoryBase.Index].Index, 0) : Constant(tls?.Address ?? 0);
    }

    private string GotName(SymbolReference reference)
    {
        if (reference.Row.IsNone)
            return NameOf(reference);
        // By the name of what it stands for, which --wrap may have changed.
        if (!Symbols[reference.Row].Has(SymbolMarks.Stub))
            return Display(Symbols[reference.Row]);
        int function = Symbols[reference.Row].Element;
        return _program.SyntheticFunctions.First(stub => stub.Id.Index == function).Name;
    }

    private uint NextGlobal() => _plan.ImportedGlobalCount + (uint)_plan.Globals.Count;

    private void AddGlobal(GlobalId id, Global global, Utf8String name)
    {
        _plan.GlobalIndex[id.Index] = (int)NextGlobal();
        _plan.Globals.Add(new OutputGlobal(global, name));
    }

    /// <summary>The name of each global: that of the first symbol that defines it.</summary>
    private static Utf8String[] GlobalNames(ObjectFile file)
    {
        var names = new Utf8String[file.Globals.Length];
        if (names.Length == 0)
            return names;
        var isNamed = new bool[names.Length];
        foreach (ref readonly InputSymbol symbol in file.Symbols.AsSpan())
            if (symbol.Kind == SymbolKind.Global && symbol.IsDefined && !isNamed[symbol.Index])
            {
                names[symbol.Index] = file.NameOf(symbol);
                isNamed[symbol.Index] = true;
            }
        return names;
    }

    private Utf8String RelativeConstant(uint global, ulong offset)
    {
        var writer = new WasmWriter(16);
        ConstantExpression.WriteGlobalPlus(writer, global, offset, Is64);
        return Utf8String.Copy(writer.Written);
    }

    private Utf8String Constant(ulong value)
    {
        var writer = new WasmWriter(16);
        ConstantExpression.WriteAddress(writer, value, _options.Is64 == true);
        return Utf8String.Copy(writer.Written);
    }

    private void PlanTagsAndTables()
    {
        foreach (LinkedObject owner in _program.Objects)
            for (int i = 0; i < owner.Object.Tags.Length; i++)
                if (_live.Tags.Contains(new TagId(owner.FirstTag + i)))
                {
                    _plan.TagIndex[owner.FirstTag + i] = _importedTags.Count + _plan.Tags.Count;
                    _plan.Tags.Add((uint)owner.Signatures[owner.Object.Tags[i]].Index);
                }
        if (_table.Origin == TableOrigin.Defined && _program.HasLegacyFunctionTable)
            AddIndirectFunctionTable();
        foreach (LinkedObject owner in _program.Objects)
            for (int i = 0; i < owner.Object.Tables.Length; i++)
                if (_live.Tables.Contains(new TableId(owner.FirstTable + i)))
                {
                    _plan.TableNumber[owner.FirstTable + i] = _importedTables.Count + _plan.Tables.Count;
                    _plan.Tables.Add(owner.Object.Tables[i]);
                }
        if (_table.Origin == TableOrigin.Defined && !_program.HasLegacyFunctionTable)
            AddIndirectFunctionTable();
    }

    private void AddIndirectFunctionTable()
    {
        if (_program.HasLegacyFunctionTable && !_firstImportedTable.IsNone)
        {
            ref Symbol culprit = ref Symbols[_firstImportedTable];
            _diagnostics.Add(PlanErrors.LegacyTableConflict(culprit.Name.ToString(), _program.FileName(culprit.File)));
        }
        _table.Number = (uint)(_importedTables.Count + _plan.Tables.Count);
        _plan.Tables.Add(_tableType);
    }

    /// <summary>Order: types that instructions name (from the scan), of imports, of functions, of tags.</summary>
    private void PlanTypes()
    {
        for (int i = 0; i < _plan.Imports.Count; i++)
        {
            Import import = _plan.Imports[i].Import;
            if (import.Kind is ExternalKind.Function or ExternalKind.Tag)
                _plan.Imports[i] = _plan.Imports[i] with { Import = import with { TypeIndex = (uint)AddType(new SignatureId((int)import.TypeIndex)) } };
        }
        foreach (OutputFunction function in _plan.Functions)
            AddType(function.Signature);
        for (int i = 0; i < _plan.Tags.Count; i++)
            _plan.Tags[i] = (uint)AddType(new SignatureId((int)_plan.Tags[i]));
    }

    private void PlanExports()
    {
        if (_options.Relocatable)
            return;
        if (_options.MemoryExport is string memory)
            _plan.Exports.Add(new Export(Utf8String.FromText(memory), ExternalKind.Memory, 0));
        var wrapped = new HashSet<SymbolId>();
        foreach ((_, SymbolId id) in _wrappers)
            wrapped.Add(id);
        bool isTableExported = false;
        for (int place = 0; place < Symbols.PlaceCount; place++)
        {
            SymbolId id = Symbols.AtPlace(place);
            if (_table.IsTable(id))
                isTableExported |= ExportTable();
            else if (_plan.Data.LinkerAddresses.ContainsKey(id) && !Symbols[id].IsDefined)
                ExportStartStop(id);
            else if (!wrapped.Contains(id) && IsExported(id))
                Export(id);
        }
        if (!isTableExported)
            ExportTable();
        foreach ((FunctionId function, string name) in _startFunctions)
            if (function == _applyDataRelocs || _options.ExportAll)
                _plan.Exports.Add(new Export(Utf8String.FromText(name), ExternalKind.Function, IndexOf(function)));
        foreach ((FunctionId wrapper, SymbolId id) in _wrappers)
            _plan.Exports.Add(new Export(ExportName(Symbols[id]), ExternalKind.Function, (uint)_plan.FunctionIndex[wrapper.Index]));
        CheckDuplicateExports();
    }

    /// <summary>Objects may be too old for exported mutable globals: the linker's own are then exported by name only, and
    /// not by <c>--export-all</c> or <c>--export-dynamic</c>.</summary>
    private bool IsExported(SymbolId id)
    {
        ref Symbol symbol = ref Symbols[id];
        if (!ExportRules.IsExported(symbol, _options) || !_live.IsLive(id))
            return false;
        return symbol.Kind != SymbolKind.Global || symbol.File >= 0 || !symbol.GlobalType.IsMutable
            || symbol.Has(SymbolMarks.ForceExport) || _plan.Features.Contains("mutable-globals");
    }

    private bool ExportTable()
    {
        bool isExported = _options.ExportTable || (_options.ExportAll && _table.Origin == TableOrigin.Defined);
        if (isExported)
            _plan.Exports.Add(new Export(Utf8String.FromText(WellKnownNames.IndirectFunctionTable), ExternalKind.Table, _table.Number));
        return isExported;
    }

    private void ExportStartStop(SymbolId id)
    {
        string name = Symbols[id].Name.ToString();
        if (_options.ExportAll || _options.RequiredExports.Contains(name) || _options.OptionalExports.Contains(name))
            ExportAddress(id, _plan.Data.LinkerAddresses[id]);
    }

    private void Export(SymbolId id)
    {
        ref Symbol symbol = ref Symbols[id];
        switch (symbol.Kind)
        {
            case SymbolKind.Function:
                _plan.Exports.Add(new Export(ExportName(symbol), ExternalKind.Function, (uint)_plan.FunctionIndex[symbol.Element]));
                break;
            case SymbolKind.Global:
                _plan.Exports.Add(new Export(symbol.Name, ExternalKind.Global, (uint)_plan.GlobalIndex[symbol.Element]));
                break;
            case SymbolKind.Tag:
                _plan.Exports.Add(new Export(symbol.Name, ExternalKind.Tag, (uint)_plan.TagIndex[symbol.Element]));
                break;
            case SymbolKind.Table:
                _plan.Exports.Add(new Export(symbol.Name, ExternalKind.Table, (uint)_plan.TableNumber[symbol.Element]));
                break;
            default:
                ExportAddress(id, DataValueOf(id));
                break;
        }
    }

    /// <summary>Data is exported as an immutable global that holds its address.</summary>
    private void ExportAddress(SymbolId id, ulong address)
    {
        uint index = NextGlobal();
        var type = new GlobalType(_options.Is64 == true ? ValueType.I64 : ValueType.I32, IsMutable: false);
        _plan.Globals.Add(new OutputGlobal(new Global(type, Constant(address)), default));
        _plan.Exports.Add(new Export(Symbols[id].Name, ExternalKind.Global, index));
    }

    private Utf8String ExportName(in Symbol symbol)
    {
        if (symbol.File < 0)
            return symbol.Name;
        LinkedObject owner = _program.FilesByIndex[symbol.File];
        return owner.Object.TryGetExportName((uint)(symbol.Element - owner.FirstFunction), out Utf8String name) ? name : symbol.Name;
    }

    /// <summary>Export names are unique in a valid module. An alias of a function with an export name is that export again.</summary>
    private void CheckDuplicateExports()
    {
        var seen = new Dictionary<Utf8String, Export>();
        var kept = new List<Export>(_plan.Exports.Count);
        foreach (Export export in _plan.Exports)
        {
            if (seen.TryAdd(export.Name, export))
                kept.Add(export);
            else if (seen[export.Name] != export)
                _diagnostics.Add(PlanErrors.DuplicateExport(export.Name.ToString()));
        }
        _plan.Exports.Clear();
        _plan.Exports.AddRange(kept);
    }

    private void CheckMutableGlobals()
    {
        if (_options.Relocatable || !_options.CheckFeatures || _plan.Features.Contains("mutable-globals"))
            return;
        foreach (OutputImport import in _plan.Imports)
            if (import.Import.Kind == ExternalKind.Global && import.Import.Global.IsMutable)
                _diagnostics.Add(PlanErrors.MutableGlobal("imported", SymbolNames.Display(import.Name, _options.Demangle)));
        for (int place = 0; place < Symbols.PlaceCount; place++)
        {
            ref Symbol symbol = ref Symbols[Symbols.AtPlace(place)];
            if (symbol.Kind == SymbolKind.Global && symbol.GlobalType.IsMutable && IsExported(Symbols.AtPlace(place)))
                _diagnostics.Add(PlanErrors.MutableGlobal("exported", Display(symbol)));
        }
    }
}
