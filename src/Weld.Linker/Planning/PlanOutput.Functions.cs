using Weld.Base;
using Weld.Linker.Diagnostics;
using Weld.Linker.Inputs;
using Weld.Linker.Options;
using Weld.Linker.Resolution;
using Weld.Wasm.Binary;
using Weld.Wasm.Linking;
using Weld.Wasm.Sections;

namespace Weld.Linker.Planning;

/// <content>Functions: order, indices, table slots, and the bodies of those that the linker makes.</content>
public sealed partial class PlanOutput
{
    private readonly List<SyntheticFunction> _madeHere = [];
    private readonly Dictionary<SignatureId, FunctionId> _undefinedStubs = [];
    private readonly Dictionary<SymbolId, FunctionId> _stubOf = [];
    private readonly List<(SymbolReference Reference, FunctionId Function)> _slots = [];
    private readonly Dictionary<SymbolId, uint> _slotOfImport = [];
    private readonly List<(FunctionId Wrapper, SymbolId Wrapped)> _wrappers = [];
    private TableType _tableType;

    /// <summary>All undefined functions of one type share a stub that traps.</summary>
    private void AddUndefinedStub(SymbolId id)
    {
        if (_stubOf.ContainsKey(id))
            return;
        SignatureId signature = Symbols[id].Signature;
        if (!_undefinedStubs.TryGetValue(signature, out FunctionId stub))
        {
            stub = MakeFunction(signature, "undefined_stub", SyntheticFunction.Unreachable);
            _undefinedStubs.Add(signature, stub);
        }
        _stubOf.Add(id, stub);
    }

    private FunctionId MakeFunction(SignatureId signature, string name, byte[]? body)
    {
        var id = new FunctionId(_program.FunctionCount + _madeHere.Count);
        _madeHere.Add(new SyntheticFunction(id, signature, name, body));
        return id;
    }

    /// <summary>Gives a slot to a function whose address is taken.</summary>
    /// <remarks>wasm-ld turns an undefined function into a stub at its first use. A stub gets no slot: its address is 0,
    /// unless taking the address is the first use.</remarks>
    private void AddTableFunction(SymbolReference reference, bool isUsedBefore = false)
    {
        if (TryGetFunction(reference, out FunctionId function))
        {
            if (_plan.TableSlot[function.Index] != OutputPlan.NoSlot || (!reference.Row.IsNone && Symbols[reference.Row].Has(SymbolMarks.Stub)))
                return;
            _plan.TableSlot[function.Index] = NextSlot();
            _slots.Add((reference, function));
            return;
        }
        SymbolId id = reference.Row;
        if (id.IsNone || _stubOf.ContainsKey(id) || _slotOfImport.ContainsKey(id))
            return;
        if (!_imported.Contains(id) && (isUsedBefore || !BecomesStub(Symbols[id])))
            return;
        _slotOfImport.Add(id, NextSlot());
        _slots.Add((reference, FunctionId.None));
    }

    private uint NextSlot() => (uint)(_options.TableBase + (ulong)_slots.Count);

    /// <summary>The defined function behind a reference, if there is one.</summary>
    private bool TryGetFunction(SymbolReference reference, out FunctionId function)
    {
        function = FunctionId.None;
        if (reference.Row.IsNone)
        {
            ref InputSymbol symbol = ref reference.Owner.Object.Symbols[reference.Symbol];
            if (symbol.Kind == SymbolKind.Function && _live.Functions.Contains(new FunctionId(reference.Owner.ElementOf(symbol))))
                function = new FunctionId(reference.Owner.ElementOf(symbol));
            return !function.IsNone;
        }
        ref Symbol row = ref Symbols[reference.Row];
        if (row.IsDefined && row.IsFunction)
            function = new FunctionId(row.Element);
        return !function.IsNone;
    }

    private void FoldFunctions(TextWriter report)
    {
        int[] folded = FoldIdenticalFunctions.Run(_program, _live, _options, report);
        _plan.FoldedInto = folded;
        if (_options.Icf != IcfMode.All)
            return;
        // Folded functions share a slot, so that the table gets shorter.
        List<(SymbolReference Reference, FunctionId Function)> old = [.. _slots];
        _slots.Clear();
        Array.Fill(_plan.TableSlot, OutputPlan.NoSlot);
        foreach ((SymbolReference reference, FunctionId function) in old)
        {
            if (function.IsNone)
            {
                _slotOfImport[reference.Row] = NextSlot();
                _slots.Add((reference, function));
                continue;
            }
            int body = folded[function.Index];
            if (_plan.TableSlot[body] == OutputPlan.NoSlot)
            {
                _plan.TableSlot[body] = NextSlot();
                _slots.Add((reference, function));
            }
            _plan.TableSlot[function.Index] = _plan.TableSlot[body];
        }
    }

    private void FinishTable()
    {
        if (_slots.Count != 0)
        {
            bool isLate = _table.Origin == TableOrigin.None;
            _table.Require(_options);
            if (isLate && _table.Origin == TableOrigin.Imported)
                AddTableImport();
        }
        _plan.Imports.AddRange(_gotImports);
        if (_table.Origin == TableOrigin.None)
            return;
        ulong size = _options.TableBase + (ulong)_slots.Count;
        if (size > uint.MaxValue)
            _diagnostics.Add(PlanErrors.TableTooLarge(size));
        bool isFixed = _table.Origin == TableOrigin.Defined && !_options.GrowableTable;
        LimitsFlags flags = (isFixed ? LimitsFlags.HasMaximum : LimitsFlags.None) | (_options.Is64 == true ? LimitsFlags.Is64 : LimitsFlags.None);
        var type = new TableType(ValueType.FuncRef, new Limits(flags, size, isFixed ? size : 0));
        if (_tableImport >= 0)
            _plan.Imports[_tableImport] = _plan.Imports[_tableImport] with { Import = _plan.Imports[_tableImport].Import with { Table = type } };
        _tableType = type;
    }

    private void PlanFunctions()
    {
        int count = _program.FunctionCount + _madeHere.Count;
        _plan.FunctionIndex = Resized(_plan.FunctionIndex, count);
        _plan.Functions.EnsureCapacity(_live.Functions.Count + _madeHere.Count);
        foreach (SyntheticFunction function in _program.SyntheticFunctions)
            if (_live.Functions.Contains(function.Id))
                AddSynthetic(function);
        foreach (SyntheticFunction function in _madeHere)
            AddSynthetic(function);
        foreach (LinkedObject owner in _program.Objects)
        {
            int end = owner.FirstFunction + owner.Object.Functions.Length;
            for (int i = _live.Functions.Next(owner.FirstFunction, end); i < end; i = _live.Functions.Next(i + 1, end))
                if (!_plan.IsFolded(i))
                    AddFunction(owner, i - owner.FirstFunction);
        }
        for (int i = 0; _plan.FoldedInto is int[] folded && i < folded.Length; i++)
            _plan.FunctionIndex[i] = _plan.FunctionIndex[folded[i]];
    }

    private void AddSynthetic(SyntheticFunction function)
    {
        AddFunction(new OutputFunction(function.Id, null, (uint)_plan.SyntheticFunctions.Count, function.Signature, 0));
        _plan.SyntheticFunctions.Add(new PlannedFunction(function, function.Body ?? []));
    }

    private void AddFunction(LinkedObject owner, int index)
    {
        ref InputFunction function = ref owner.Object.Functions[index];
        AddFunction(new OutputFunction(new FunctionId(owner.FirstFunction + index), owner, (uint)index, owner.Signatures[function.TypeIndex], function.BodySize));
    }

    private void AddFunction(OutputFunction function)
    {
        _plan.FunctionIndex[function.Id.Index] = (int)_plan.ImportedFunctionCount + _plan.Functions.Count;
        _plan.Functions.Add(function);
    }

    private static int[] Resized(int[] array, int count)
    {
        int old = array.Length;
        Array.Resize(ref array, count);
        Array.Fill(array, -1, old, count - old);
        return array;
    }

    /// <summary>Constructors, the function that calls them, and the wrappers around exported functions.</summary>
    private void PlanInitFunctions()
    {
        CollectInitFunctions();
        if (_options.Relocatable)
            return;
        ref Symbol callCtors = ref Symbols[_program.LinkerSymbols.CallCtors];
        bool isLive = _live.IsLive(_program.LinkerSymbols.CallCtors);
        if (isLive)
            SetBody(new FunctionId(callCtors.Element), MakeCallCtorsBody());
        bool isHandledByProgram = _options.IsPic || callCtors.Has(SymbolMarks.UsedInRegularObject) || Liveness.ExportRules.IsExported(callCtors, _options);
        if (!isHandledByProgram && (_plan.InitFunctions.Count != 0 || !_program.LinkerSymbols.CallDtors.IsNone))
            AddCommandWrappers(isLive);
    }

    private void CollectInitFunctions()
    {
        if (!_options.Relocatable && !_live.IsLive(_program.LinkerSymbols.CallCtors))
            return;
        foreach (LinkedObject owner in _program.Objects)
            foreach (InitFunction function in owner.Object.InitFunctions)
            {
                bool isDiscarded = owner.Bindings[function.Symbol] < 0 && owner.IsFunctionDiscarded(owner.Object.Symbols[function.Symbol].Index);
                if (isDiscarded || !_live.IsLive(owner, function.Symbol))
                    continue;
                var reference = new SymbolReference(owner.Bindings[function.Symbol] < 0 ? SymbolId.None : new SymbolId(owner.Bindings[function.Symbol]), owner, function.Symbol);
                if (SignatureOf(reference).Parameters.Length != 0)
                    _diagnostics.Add(PlanErrors.ConstructorArguments(NameOf(reference), owner.DisplayName));
                _plan.InitFunctions.Add((owner, function.Symbol, function.Priority));
            }
        List<(LinkedObject, uint, uint)> sorted = [.. _plan.InitFunctions.OrderBy(static function => function.Priority)];
        _plan.InitFunctions.Clear();
        _plan.InitFunctions.AddRange(sorted);
    }

    private Signature SignatureOf(SymbolReference reference)
    {
        if (!reference.Row.IsNone)
            return _program.Signatures[Symbols[reference.Row].Signature];
        LinkedObject owner = reference.Owner;
        return owner.Object.Types[owner.Object.Functions[owner.Object.Symbols[reference.Symbol].Index].TypeIndex];
    }

    private byte[] MakeCallCtorsBody()
    {
        var writer = new WasmWriter();
        writer.WriteLebU32(0);
        foreach ((LinkedObject owner, uint symbol, _) in _plan.InitFunctions)
        {
            var reference = new SymbolReference(owner.Bindings[symbol] < 0 ? SymbolId.None : new SymbolId(owner.Bindings[symbol]), owner, symbol);
            SyntheticCode.Call(writer, FunctionIndexOf(reference));
            for (int result = SignatureOf(reference).Results.Length; result > 0; result--)
                SyntheticCode.Drop(writer);
        }
        SyntheticCode.End(writer);
        return writer.ToArray();
    }

    private uint FunctionIndexOf(SymbolReference reference)
    {
        if (TryGetFunction(reference, out FunctionId function))
            return (uint)_plan.FunctionIndex[function.Index];
        return _stubOf.TryGetValue(reference.Row, out FunctionId stub)
            ? (uint)_plan.FunctionIndex[stub.Index]
            : _plan.Targets[reference.Row.Index].Index;
    }

    /// <summary>Each export of a command runs the whole program: constructors, the function, destructors.</summary>
    private void AddCommandWrappers(bool callsCtors)
    {
        for (int place = 0; place < Symbols.PlaceCount; place++)
        {
            SymbolId id = Symbols.AtPlace(place);
            ref Symbol symbol = ref Symbols[id];
            if (!symbol.IsFunction || !Liveness.ExportRules.IsExported(symbol, _options))
                continue;
            byte[] body = MakeWrapperBody(symbol, callsCtors);
            string name = SymbolNames.Display(Utf8String.FromText($"{symbol.Name}.command_export"), _options.Demangle);
            FunctionId wrapper = MakeFunction(symbol.Signature, name, body);
            _plan.FunctionIndex = Resized(_plan.FunctionIndex, wrapper.Index + 1);
            AddSynthetic(_madeHere[^1]);
            _wrappers.Add((wrapper, id));
        }
    }

    private byte[] MakeWrapperBody(in Symbol symbol, bool callsCtors)
    {
        var writer = new WasmWriter();
        writer.WriteLebU32(0);
        if (callsCtors)
            SyntheticCode.Call(writer, (uint)_plan.FunctionIndex[Symbols[_program.LinkerSymbols.CallCtors].Element]);
        int parameters = _program.Signatures[symbol.Signature].Parameters.Length;
        for (uint i = 0; i < parameters; i++)
            SyntheticCode.LocalGet(writer, i);
        SyntheticCode.Call(writer, (uint)_plan.FunctionIndex[symbol.Element]);
        if (!_program.LinkerSymbols.CallDtors.IsNone)
            SyntheticCode.Call(writer, (uint)_plan.FunctionIndex[Symbols[_program.LinkerSymbols.CallDtors].Element]);
        SyntheticCode.End(writer);
        return writer.ToArray();
    }

    private void SetBody(FunctionId id, byte[] body)
    {
        for (int i = 0; i < _plan.SyntheticFunctions.Count; i++)
            if (_plan.SyntheticFunctions[i].Function.Id == id)
                _plan.SyntheticFunctions[i] = _plan.SyntheticFunctions[i] with { Body = body };
    }

    private void PlanElements()
    {
        foreach ((SymbolReference reference, FunctionId function) in _slots)
            _plan.Elements.Add(function.IsNone ? _plan.Targets[reference.Row.Index].Index : (uint)_plan.FunctionIndex[function.Index]);
        _plan.ElementTable = _table.Number;
    }
}
