using Weld.Base;
using Weld.Linker.Inputs;
using Weld.Linker.Options;
using Weld.Linker.Resolution;
using Weld.Wasm.Binary;
using Weld.Wasm.Linking;

namespace Weld.Linker.Planning;

/// <content>The functions that bring memory, globals and thread-local storage into their initial state.</content>
public sealed partial class PlanOutput
{
    private readonly List<(FunctionId Function, string Name)> _startFunctions = [];
    private FunctionId _applyDataRelocs = FunctionId.None;
    private FunctionId _initMemory = FunctionId.None;
    private FunctionId _applyGlobalTlsRelocs = FunctionId.None;
    private FunctionId _applyTlsRelocs = FunctionId.None;
    private FunctionId _applyGlobalRelocs = FunctionId.None;
    private FunctionId _start = FunctionId.None;

    /// <summary>Whether code must bring the segment into memory: the file does not, or must not do it for each thread.</summary>
    private bool IsInitializedByCode(OutputSegment segment) =>
        _plan.Data.IsPassive || (_options.MemoryImport is not null && !_plan.Data.IsInFile(segment));

    /// <summary>Which of them the output has, in the order in which it has them.</summary>
    private void DeclareStartFunctions()
    {
        if (_options.Relocatable)
            return;
        if (HasRuntimeRelocations(isTls: false))
            _applyDataRelocs = Declare(WellKnownNames.ApplyDataRelocs);
        if (_plan.Data.Segments.Any(IsInitializedByCode))
        {
            _initMemory = Declare(WellKnownNames.InitMemory);
            KeepTlsBase();
        }
        if (_options.SharedMemory)
        {
            if (_gotEntries.Exists(IsTls))
            {
                _applyGlobalTlsRelocs = Declare(WellKnownNames.ApplyGlobalTlsRelocs);
                KeepTlsBase();
            }
            if (_plan.Data.TlsSegment is OutputSegment tls && tls.Chunks.Exists(static chunk => chunk.Owner?.Object.Segments[chunk.Segment].RelocationCount > 0))
                _applyTlsRelocs = Declare(WellKnownNames.ApplyTlsRelocs);
        }
        if (_options.IsPic && !HasExtendedConst && _gotEntries.Exists(reference => !IsTls(reference) || !_options.SharedMemory))
            _applyGlobalRelocs = Declare(WellKnownNames.ApplyGlobalRelocs);
        if (!_applyGlobalRelocs.IsNone && !_initMemory.IsNone)
            _start = Declare(WellKnownNames.Start);
    }

    private FunctionId Declare(string name)
    {
        FunctionId function = MakeFunction(Symbols[_program.LinkerSymbols.CallCtors].Signature, name, null);
        _startFunctions.Add((function, name));
        return function;
    }

    private void KeepTlsBase()
    {
        if (_options.SharedMemory)
            _live.Globals.Add(new GlobalId(Symbols[_program.LinkerSymbols.TlsBase].Element));
    }

    /// <summary>Their bodies; every index is known now.</summary>
    private void WriteStartFunctions()
    {
        if (_options.Relocatable)
            return;
        Define(_applyDataRelocs, body => WriteRuntimeRelocations(body, isTls: false));
        Define(_initMemory, WriteInitMemory, _options is { SharedMemory: true, IsPic: true } ? 2u : 0);
        Define(_applyGlobalTlsRelocs, WriteGlobalTlsRelocations);
        Define(_applyTlsRelocs, body => WriteRuntimeRelocations(body, isTls: true));
        Define(_applyGlobalRelocs, WriteGlobalRelocations);
        Define(_start, body =>
        {
            SyntheticCode.Call(body, IndexOf(_applyGlobalRelocs));
            SyntheticCode.Call(body, IndexOf(_initMemory));
        });
        FunctionId start = !_start.IsNone ? _start : !_initMemory.IsNone ? _initMemory : _applyGlobalRelocs;
        if (!start.IsNone)
            _plan.StartFunction = IndexOf(start);
        SymbolId initTls = _program.LinkerSymbols.InitTls;
        if (!initTls.IsNone && _live.IsLive(initTls))
            Define(new FunctionId(Symbols[initTls].Element), WriteInitTls);
    }

    private uint IndexOf(FunctionId function) => (uint)_plan.FunctionIndex[function.Index];

    private uint GlobalIndexOf(SymbolId symbol) => _plan.Targets[symbol.Index].Index;

    /// <param name="function">The function; nothing happens for none.</param>
    /// <param name="write">Writes its instructions.</param>
    /// <param name="addressLocals">How many locals of the address type it has.</param>
    private void Define(FunctionId function, Action<WasmWriter> write, uint addressLocals = 0)
    {
        if (function.IsNone)
            return;
        var body = new WasmWriter();
        body.WriteLebU32(addressLocals == 0 ? 0u : 1);
        if (addressLocals != 0)
        {
            body.WriteLebU32(addressLocals);
            body.WriteByte((byte)(Is64 ? ValueType.I64 : ValueType.I32));
        }
        write(body);
        SyntheticCode.End(body);
        SetBody(function, body.ToArray());
    }

    /// <summary>With threads, the first one initialises memory and the others wait for it; see the tool conventions' Linking.md.</summary>
    private void WriteInitMemory(WasmWriter body)
    {
        if (!_options.SharedMemory)
        {
            WriteSegments(body);
            return;
        }
        if (_options.IsPic)
        {
            // Local 0 is the flag's address, local 1 that of thread-local data.
            SyntheticCode.GlobalGet(body, GlobalIndexOf(_program.LinkerSymbols.MemoryBase));
            SyntheticCode.AddressConst(body, _plan.Data.InitFlagAddress, Is64);
            SyntheticCode.Add(body, Is64);
            SyntheticCode.LocalSet(body, 0);
        }
        SyntheticCode.Block(body); // ends where segments are dropped
        SyntheticCode.Block(body); // ends where other threads wait
        SyntheticCode.Block(body); // ends where the first thread initialises
        PushFlagAddress(body);
        SyntheticCode.I32Const(body, 0);
        SyntheticCode.I32Const(body, 1);
        SyntheticCode.AtomicCompareExchange(body);
        SyntheticCode.BranchTable(body, 0, 1, 2);
        SyntheticCode.End(body);
        WriteSegments(body);
        PushFlagAddress(body);
        SyntheticCode.I32Const(body, 2);
        SyntheticCode.AtomicStore(body);
        PushFlagAddress(body);
        SyntheticCode.I32Const(body, -1);
        SyntheticCode.AtomicNotify(body);
        SyntheticCode.Drop(body);
        SyntheticCode.Branch(body, 1);
        SyntheticCode.End(body);
        PushFlagAddress(body);
        SyntheticCode.I32Const(body, 1);
        SyntheticCode.I64Const(body, -1);
        SyntheticCode.AtomicWait(body);
        SyntheticCode.Drop(body);
        SyntheticCode.End(body);
        // Thread-local data is copied once more for every thread.
        foreach (OutputSegment segment in _plan.Data.Segments)
            if (!segment.IsBss && !segment.IsTls)
                SyntheticCode.DataDrop(body, (uint)segment.Index);
    }

    private void PushFlagAddress(WasmWriter body)
    {
        if (_options.IsPic)
            SyntheticCode.LocalGet(body, 0);
        else
            SyntheticCode.AddressConst(body, _plan.Data.InitFlagAddress, Is64);
    }

    private void WriteSegments(WasmWriter body)
    {
        foreach (OutputSegment segment in _plan.Data.Segments)
        {
            if (!IsInitializedByCode(segment))
                continue;
            SyntheticCode.AddressConst(body, segment.Address, Is64);
            if (_options.IsPic)
            {
                SyntheticCode.GlobalGet(body, GlobalIndexOf(_program.LinkerSymbols.MemoryBase));
                SyntheticCode.Add(body, Is64);
            }
            // The first thread uses this copy of thread-local data.
            if (_options.SharedMemory && segment.IsTls)
                WriteTlsBase(body, segment);
            SyntheticCode.I32Const(body, 0);
            // Zeros that are in the file all the same, for --emit-relocs, need not be read from there.
            if (!segment.IsBss)
            {
                SyntheticCode.I32Const(body, (int)(uint)segment.Size);
                SyntheticCode.MemoryInit(body, (uint)segment.Index);
                continue;
            }
            SyntheticCode.AddressConst(body, segment.Size, Is64);
            SyntheticCode.MemoryFill(body);
        }
    }

    private void WriteTlsBase(WasmWriter body, OutputSegment segment)
    {
        if (_options.IsPic)
            SyntheticCode.LocalTee(body, 1);
        else
            SyntheticCode.AddressConst(body, segment.Address, Is64);
        SyntheticCode.GlobalSet(body, GlobalIndexOf(_program.LinkerSymbols.TlsBase));
        if (_options.IsPic)
            SyntheticCode.LocalGet(body, 1);
    }

    /// <summary>Called by each new thread with the address of its thread-local data.</summary>
    private void WriteInitTls(WasmWriter body)
    {
        if (_plan.Data.TlsSegment is OutputSegment tls)
        {
            SyntheticCode.LocalGet(body, 0);
            SyntheticCode.GlobalSet(body, GlobalIndexOf(_program.LinkerSymbols.TlsBase));
            SyntheticCode.LocalGet(body, 0);
            SyntheticCode.I32Const(body, 0);
            SyntheticCode.I32Const(body, (int)(uint)tls.Size);
            SyntheticCode.MemoryInit(body, (uint)tls.Index);
        }
        if (!_applyTlsRelocs.IsNone)
            SyntheticCode.Call(body, IndexOf(_applyTlsRelocs));
        if (!_applyGlobalTlsRelocs.IsNone)
            SyntheticCode.Call(body, IndexOf(_applyGlobalTlsRelocs));
    }

    private void WriteGlobalRelocations(WasmWriter body)
    {
        foreach ((uint global, uint start, ulong value) in _globalRelocations)
            WriteGlobal(body, global, start, value);
    }

    private void WriteGlobalTlsRelocations(WasmWriter body)
    {
        foreach ((uint global, ulong value) in _tlsGlobalRelocations)
            WriteGlobal(body, global, GlobalIndexOf(_program.LinkerSymbols.TlsBase), value);
    }

    private void WriteGlobal(WasmWriter body, uint global, uint start, ulong value)
    {
        SyntheticCode.GlobalGet(body, start);
        SyntheticCode.AddressConst(body, value, Is64);
        SyntheticCode.Add(body, Is64);
        SyntheticCode.GlobalSet(body, global);
    }

    // ── addresses in data that are known only when the module is loaded ──

    private bool HasRuntimeRelocations(bool isTls)
    {
        if (!_options.IsPic && _gotImports.Count == 0)
            return false;
        foreach (OutputSegment segment in _plan.Data.Segments)
            if ((_options.SharedMemory && segment.IsTls) == isTls && WriteRuntimeRelocations(null, segment))
                return true;
        return false;
    }

    private void WriteRuntimeRelocations(WasmWriter body, bool isTls)
    {
        foreach (OutputSegment segment in _plan.Data.Segments)
            if ((_options.SharedMemory && segment.IsTls) == isTls)
                WriteRuntimeRelocations(body, segment);
    }

    /// <param name="body">Receives the instructions; null to find out whether there are any.</param>
    /// <param name="segment">The segment whose relocations are looked at.</param>
    private bool WriteRuntimeRelocations(WasmWriter? body, OutputSegment segment)
    {
        bool any = false;
        foreach (SegmentChunk chunk in segment.Chunks)
        {
            if (chunk.Owner is not LinkedObject owner)
                continue;
            ref InputSegment input = ref owner.Object.Segments[chunk.Segment];
            RelocationRange relocations = owner.Object.RelocationsOf(input);
            while (!relocations.AtEnd)
            {
                Relocation relocation = relocations.Read();
                if (!IsAppliedAtRuntime(owner, relocation))
                    continue;
                if (body is null)
                    return true;
                any = true;
                ulong place = chunk.Offset + relocation.Offset;
                WriteRuntimeRelocation(body, segment, owner, relocation, place);
            }
        }
        return any;
    }

    private bool IsAppliedAtRuntime(LinkedObject owner, in Relocation relocation)
    {
        RelocationInfo info = RelocationTable.Get(relocation.Kind);
        if (info.Base != RelocationBase.Absolute || info.Value is not (RelocationValue.TableSlot or RelocationValue.MemoryAddress))
            return false;
        SymbolReference reference = ReferenceOf(owner, relocation.Index);
        if (TryGetGotImport(reference.Row, out _))
            return true;
        if (!_options.IsPic)
            return false;
        // What has no address stays 0, wherever the module is loaded.
        if (info.Value == RelocationValue.TableSlot)
            return IsFunction(reference, out uint slot) && slot != OutputPlan.NoSlot;
        bool isAbsolute = reference.Row.IsNone
            ? (owner.Object.Symbols[relocation.Index].Flags & SymbolFlags.Absolute) != 0
            : Symbols[reference.Row].File >= 0 && (Symbols[reference.Row].Flags & SymbolFlags.Absolute) != 0;
        return !isAbsolute && HasAddress(reference);
    }

    /// <summary>The imported GOT global of a symbol; GOT globals of this module have higher indices.</summary>
    private bool TryGetGotImport(SymbolId id, out uint global)
    {
        global = 0;
        return !id.IsNone && _gotOfSymbol.TryGetValue(id, out global) && _importedGot.Contains(id);
    }

    private void WriteRuntimeRelocation(WasmWriter body, OutputSegment segment, LinkedObject owner, in Relocation relocation, ulong place)
    {
        LinkerSymbols known = _program.LinkerSymbols;
        bool isTlsSegment = _options.SharedMemory && segment.IsTls;
        SyntheticCode.AddressConst(body, isTlsSegment ? place : segment.Address + place, Is64);
        if (_options.IsPic)
        {
            SyntheticCode.GlobalGet(body, GlobalIndexOf(isTlsSegment ? known.TlsBase : known.MemoryBase));
            SyntheticCode.Add(body, Is64);
        }
        RelocationInfo info = RelocationTable.Get(relocation.Kind);
        bool is64 = info.Encoding == RelocationEncoding.I64;
        SymbolReference reference = ReferenceOf(owner, relocation.Index);
        if (TryGetGotImport(reference.Row, out uint got))
        {
            SyntheticCode.GlobalGet(body, got);
            if (relocation.Addend != 0)
            {
                SyntheticCode.AddressConst(body, (ulong)relocation.Addend, is64);
                SyntheticCode.Add(body, is64);
            }
        }
        else
        {
            bool isSlot = info.Value == RelocationValue.TableSlot;
            bool isTls = IsTls(reference) && _options.SharedMemory;
            uint slot = 0;
            if (isSlot)
                IsFunction(reference, out slot);
            ulong value = isSlot ? slot : (isTls ? DataValueOf(reference) : AddressOf(reference)) + (ulong)relocation.Addend;
            SyntheticCode.GlobalGet(body, GlobalIndexOf(isSlot ? known.TableBase : isTls ? known.TlsBase : known.MemoryBase));
            SyntheticCode.AddressConst(body, value, is64);
            SyntheticCode.Add(body, is64);
        }
        SyntheticCode.Store(body, is64);
    }

    private static SymbolReference ReferenceOf(LinkedObject owner, uint symbol) =>
        new(owner.Bindings[symbol] < 0 ? SymbolId.None : new SymbolId(owner.Bindings[symbol]), owner, symbol);

    // ── dylink.0 ──

    private void PlanDylink()
    {
        bool isDynamic = _options.IsPic || _options.UnresolvedSymbols == UnresolvedPolicy.ImportDynamic || _program.SharedLibraries.Count != 0;
        if (_options.Relocatable || !isDynamic)
            return;
        var dylink = new DylinkSection
        {
            MemorySize = _options.IsPic ? _plan.Data.StaticSize : 0,
            MemoryAlignmentLog2 = _plan.Data.LargestAlignmentLog2,
            TableSize = (ulong)_slots.Count,
        };
        foreach (LinkInput library in _program.SharedLibraries)
            dylink.Needed.Add(Utf8String.FromText(Path.GetFileName(library.File.Name)));
        foreach (string path in _options.RuntimePaths)
            dylink.RuntimePaths.Add(Utf8String.FromText(path));
        for (int place = 0; place < Symbols.PlaceCount; place++)
        {
            SymbolId id = Symbols.AtPlace(place);
            ref Symbol symbol = ref Symbols[id];
            if (!_live.IsLive(id))
                continue;
            if (symbol.IsTls && symbol.IsDefinedData && Liveness.ExportRules.IsExported(symbol, _options))
                dylink.Exports.Add(new DylinkExport(symbol.Name, symbol.Flags));
            if (symbol.IsUndefined && symbol.IsWeak)
                dylink.Imports.Add(new DylinkImport(
                    symbol.ImportModule.IsNone ? WellKnownNames.DefaultModuleName : symbol.ImportModule.Value,
                    symbol.ImportName.IsNone ? symbol.Name : symbol.ImportName.Value, symbol.Flags));
        }
        _plan.Dylink = dylink;
    }
}
