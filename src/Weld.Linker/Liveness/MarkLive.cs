using Weld.Linker.Inputs;
using Weld.Linker.Options;
using Weld.Linker.Reports;
using Weld.Linker.Resolution;
using Weld.Wasm.Linking;

namespace Weld.Linker.Liveness;

/// <summary>Stage 3, Liveness: finds what the output needs (<c>--gc-sections</c>).</summary>
/// <remarks>Roots are the entry, exported and retained symbols, and the constructors and retained segments of objects that
/// are linked for certain; edges are relocations. Nothing is deleted here: later stages skip what is not in the set.
/// Counterpart in wasm-ld: MarkLive.cpp.</remarks>
public sealed class MarkLive
{
    private readonly ResolvedProgram _program;
    private readonly LinkOptions _options;
    private readonly LiveSet _live;
    private readonly bool[] _liveObjects;
    private readonly LiveReasons? _reasons;
    private readonly Lock _lock = new();

    /// <summary>With reasons: functions and segments that are live, and whose relocations have not been followed yet.</summary>
    private readonly Stack<Referent> _pending = new();

    /// <summary>What is told of live functions and segments while it follows relocations.</summary>
    private LiveTraversal? _traversal;

    /// <summary>Why whatever is marked now is needed.</summary>
    private LiveNode _from;

    private MarkLive(ResolvedProgram program, LinkOptions options, LiveReasons? reasons)
    {
        _program = program;
        _options = options;
        _reasons = reasons;
        _live = new LiveSet(program);
        _liveObjects = new bool[program.Objects.Count];
    }

    public static LiveSet Run(ResolvedProgram program, LinkOptions options, LinkReports reports)
    {
        var stage = new MarkLive(program, options, reports.Reasons);
        if (!options.GcSections)
        {
            stage.KeepEverything();
            if (options.Relocatable)
                stage.DropDiscarded();
            return stage._live;
        }
        stage.MarkRoots();
        stage.FollowRelocations();
        stage.MarkCallCtors();
        return stage._live;
    }

    private void KeepEverything()
    {
        _live.Functions.AddRange(0, _program.FunctionCount);
        _live.Segments.AddRange(0, _program.SegmentCount);
        _live.Globals.AddRange(0, _program.GlobalCount);
        _live.Tags.AddRange(0, _program.TagCount);
        _live.Tables.AddRange(0, _program.TableCount);
        _live.Symbols.AddRange(0, _program.Symbols.Count);
    }

    /// <summary>Without garbage collection an executable keeps functions of COMDAT groups that other objects replace, as wasm-ld's do.
    /// In an object they would be in the group again.</summary>
    private void DropDiscarded()
    {
        foreach (LinkedObject owner in _program.Objects)
        {
            for (uint i = 0; i < owner.Object.Functions.Length; i++)
                if (owner.IsFunctionDiscarded(i))
                    _live.Functions.Remove(new FunctionId(owner.FirstFunction + (int)i));
            for (uint i = 0; i < owner.Object.Segments.Length; i++)
                if (owner.IsSegmentDiscarded(i))
                    _live.Segments.Remove(new SegmentId(owner.FirstSegment + (int)i));
        }
    }

    private void MarkRoots()
    {
        SymbolTable symbols = _program.Symbols;
        _from = LiveNode.Root(LiveRoot.Linker);
        for (int i = 0; i < symbols.Count; i++)
            if (symbols[new SymbolId(i)].Has(SymbolMarks.AlwaysLive))
                Mark(new SymbolId(i));
        _from = LiveNode.Root(LiveRoot.Entry);
        if (!_program.Entry.IsNone)
            Mark(_program.Entry);
        for (int place = 0; place < symbols.PlaceCount; place++)
        {
            SymbolId id = symbols.AtPlace(place);
            bool isRetained = (symbols[id].Flags & SymbolFlags.NoStrip) != 0;
            if (!isRetained && !ExportRules.IsExported(symbols[id], _options))
                continue;
            _from = LiveNode.Root(isRetained ? LiveRoot.Retained : LiveRoot.Export);
            Mark(id);
        }
        _from = LiveNode.Root(LiveRoot.Destructors);
        if (!_program.LinkerSymbols.CallDtors.IsNone)
            Mark(_program.LinkerSymbols.CallDtors);
        _from = LiveNode.Root(LiveRoot.CommandLine);
        foreach (LinkedObject owner in _program.Objects)
            if (owner.IsAlwaysLive)
                MarkObject(owner);
    }

    private void Mark(SymbolId id)
    {
        ref Symbol symbol = ref _program.Symbols[id];
        if (symbol.IsLazy || _live.IsLive(id))
            return;
        _live.Symbols.Add(id);
        _reasons?.Add(LiveNode.Of(id), _from);
        if (!symbol.IsDefined)
            return;
        if (symbol.File >= 0)
            MarkObject(_program.FilesByIndex[symbol.File]);
        if (symbol.Element >= 0)
            MarkElement(symbol.Kind, symbol.Element, symbol.File);
    }

    private void MarkLocal(LinkedObject owner, in InputSymbol symbol)
    {
        bool isDiscarded = symbol.Kind switch
        {
            SymbolKind.Function => owner.IsFunctionDiscarded(symbol.Index),
            SymbolKind.Data => (symbol.Flags & SymbolFlags.Absolute) != 0 || owner.IsSegmentDiscarded(symbol.Index),
            SymbolKind.Section => true,
            _ => false,
        };
        if (isDiscarded)
            return;
        MarkElement(symbol.Kind, owner.ElementOf(symbol), owner.Index);
    }

    private void MarkElement(SymbolKind kind, int element, int file)
    {
        _reasons?.Add(LiveNode.Of(kind, element), _from);
        switch (kind)
        {
            case SymbolKind.Function:
                if (_live.Functions.AddShared(new FunctionId(element)) && file >= 0)
                    Await(Referent.Of(new FunctionId(element)), file);
                break;
            case SymbolKind.Data:
                if (_live.Segments.AddShared(new SegmentId(element)))
                    Await(Referent.Of(new SegmentId(element)), file);
                break;
            case SymbolKind.Global:
                _live.Globals.Add(new GlobalId(element));
                break;
            case SymbolKind.Tag:
                _live.Tags.Add(new TagId(element));
                break;
            case SymbolKind.Table:
                _live.Tables.Add(new TableId(element));
                break;
        }
    }

    private void Await(Referent element, int file)
    {
        if (_reasons is not null)
            _pending.Push(element);
        _traversal?.Touch(file);
    }

    /// <summary>An object that is used keeps its constructors and its retained segments: no relocation leads to them.</summary>
    private void MarkObject(LinkedObject owner)
    {
        if (_liveObjects[owner.Index])
            return;
        _liveObjects[owner.Index] = true;
        LiveNode from = _from;
        _from = LiveNode.OfObject(owner.Index);
        _reasons?.Add(_from, from);
        foreach (InitFunction function in owner.Object.InitFunctions)
            MarkSymbol(owner, function.Symbol);
        for (uint i = 0; owner.Object.HasRetained && i < owner.Object.Segments.Length; i++)
            if ((owner.Object.Segments[i].Flags & SegmentFlags.Retain) != 0 && !owner.IsSegmentDiscarded(i))
                MarkElement(SymbolKind.Data, owner.FirstSegment + (int)i, owner.Index);
        _from = from;
    }

    private void MarkSymbol(LinkedObject owner, uint index)
    {
        int binding = owner.Bindings[index];
        if (binding >= 0)
            Mark(new SymbolId(binding));
        else
            MarkLocal(owner, owner.Object.Symbols[index]);
    }

    private void FollowRelocations()
    {
        var owners = new ElementOwners(_program);
        if (_reasons is null)
        {
            LiveTraversal.Run(_program, _live, owners, _options.Threads, MarkShared, MarkShared);
            return;
        }
        // One after the other: what comes first is the reason that is told.
        while (_pending.TryPop(out Referent item))
        {
            _from = item.IsSegment ? LiveNode.Of(SymbolKind.Data, item.Index) : LiveNode.Of(SymbolKind.Function, item.Index);
            LinkedObject owner = owners.Of(item);
            RelocationRange relocations = owner.RelocationsOf(item);
            while (!relocations.AtEnd)
                Mark(owner, relocations.Read());
        }
    }

    private void MarkShared(LinkedObject owner, in Relocation relocation, LiveTraversal traversal)
    {
        // Nearly every function names the stack pointer.
        int binding = owner.Bindings[relocation.Index];
        if (binding >= 0 && _live.IsLive(new SymbolId(binding)))
            return;
        lock (_lock)
        {
            _traversal = traversal;
            Mark(owner, relocation);
        }
    }

    private void MarkShared(LinkedObject owner, LiveTraversal traversal)
    {
        if (Volatile.Read(ref _liveObjects[owner.Index]))
            return;
        lock (_lock)
        {
            _traversal = traversal;
            MarkObject(owner);
        }
    }

    private void Mark(LinkedObject owner, in Relocation relocation)
    {
        if (relocation.Kind != RelocationKind.TypeIndexLeb && !IsAddressOfStub(owner, relocation))
            MarkSymbol(owner, relocation.Index);
    }

    /// <summary>The address of a stub is 0 and does not need the stub's body.</summary>
    private bool IsAddressOfStub(LinkedObject owner, in Relocation relocation)
    {
        if (relocation.Kind is not (RelocationKind.TableIndexSleb or RelocationKind.TableIndexSleb64 or RelocationKind.TableIndexI32 or RelocationKind.TableIndexI64))
            return false;
        int binding = owner.Bindings[relocation.Index];
        return binding >= 0 && _program.Symbols[new SymbolId(binding)].Has(SymbolMarks.Stub);
    }

    /// <summary>The function that calls constructors is needed when there is a constructor to call.</summary>
    private void MarkCallCtors()
    {
        _from = LiveNode.Root(LiveRoot.Constructors);
        foreach (LinkedObject owner in _program.Objects)
            foreach (InitFunction function in owner.Object.InitFunctions)
                if (_live.IsLive(owner, function.Symbol) && !IsDiscarded(owner, function.Symbol))
                {
                    Mark(_program.LinkerSymbols.CallCtors);
                    return;
                }
    }

    private static bool IsDiscarded(LinkedObject owner, uint symbol) =>
        owner.Bindings[symbol] < 0 && owner.IsFunctionDiscarded(owner.Object.Symbols[symbol].Index);
}
