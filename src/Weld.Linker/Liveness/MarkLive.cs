using Weld.Base;
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
    private const int QueueSize = 16;

    private readonly ResolvedProgram _program;
    private readonly LinkOptions _options;
    private readonly LiveSet _live;
    private readonly bool[] _liveObjects;
    private readonly int[] _ownerOfFunction;
    private readonly int[] _ownerOfSegment;

    /// <summary>Functions and segments that are live, and whose relocations have not been followed yet.</summary>
    private readonly Stack<Referent> _pending = new();
    private readonly LiveReasons? _reasons;

    /// <summary>Why whatever is marked now is needed.</summary>
    private LiveNode _from;

    private MarkLive(ResolvedProgram program, LinkOptions options, LiveReasons? reasons)
    {
        _program = program;
        _options = options;
        _reasons = reasons;
        _live = new LiveSet(program);
        _liveObjects = new bool[program.Objects.Count];
        _ownerOfFunction = new int[program.FunctionCount];
        _ownerOfSegment = new int[program.SegmentCount];
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
        stage.FindOwners();
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

    private void FindOwners()
    {
        foreach (LinkedObject owner in _program.Objects)
        {
            _ownerOfFunction.AsSpan(owner.FirstFunction, owner.Object.Functions.Length).Fill(owner.Index);
            _ownerOfSegment.AsSpan(owner.FirstSegment, owner.Object.Segments.Length).Fill(owner.Index);
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
                if (_live.Functions.Add(new FunctionId(element)) && file >= 0)
                    _pending.Push(Referent.Of(new FunctionId(element)));
                break;
            case SymbolKind.Data:
                if (_live.Segments.Add(new SegmentId(element)))
                    _pending.Push(Referent.Of(new SegmentId(element)));
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
        for (uint i = 0; i < owner.Object.Segments.Length; i++)
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
        if (_reasons is null)
            FollowAhead();
        while (_pending.TryPop(out Referent item))
        {
            _from = item.IsSegment ? LiveNode.Of(SymbolKind.Data, item.Index) : LiveNode.Of(SymbolKind.Function, item.Index);
            FollowWithReasons(OwnerOf(item), item);
        }
    }

    /// <summary>Follows everything that is pending. Items wait in a queue while their memory is fetched: first what says where their
    /// relocations are, then these.</summary>
    private void FollowAhead()
    {
        var queue = new (LinkedObject Owner, Referent Item)[QueueSize];
        int first = 0;
        int end = 0;
        while (true)
        {
            while (end - first < QueueSize && _pending.TryPop(out Referent item))
            {
                LinkedObject owner = OwnerOf(item);
                queue[end++ % QueueSize] = (owner, item);
                if (item.IsSegment)
                    Prefetch.Read(ref owner.Object.Segments[item.Index - owner.FirstSegment]);
                else
                    Prefetch.Read(ref owner.Object.Functions[item.Index - owner.FirstFunction]);
            }
            if (first == end)
                return;
            if (end - first > QueueSize / 2)
                PrefetchRelocations(queue[(first + (QueueSize / 2)) % QueueSize]);
            (LinkedObject nextOwner, Referent next) = queue[first++ % QueueSize];
            FollowRelocations(nextOwner, next);
        }
    }

    private LinkedObject OwnerOf(Referent item) =>
        _program.FilesByIndex[item.IsSegment ? _ownerOfSegment[item.Index] : _ownerOfFunction[item.Index]];

    private static unsafe void PrefetchRelocations((LinkedObject Owner, Referent Item) waiting)
    {
        ObjectFile file = waiting.Owner.Object;
        Prefetch.Read(file.File.Start + (waiting.Item.IsSegment
            ? file.Segments[waiting.Item.Index - waiting.Owner.FirstSegment].RelocationOffset
            : file.Functions[waiting.Item.Index - waiting.Owner.FirstFunction].RelocationOffset));
    }

    private static RelocationReader RelocationsOf(LinkedObject owner, Referent item)
    {
        ObjectFile file = owner.Object;
        if (item.IsSegment)
        {
            ref InputSegment segment = ref file.Segments[item.Index - owner.FirstSegment];
            return new RelocationReader(file.Slice(segment.RelocationOffset, segment.RelocationSize));
        }
        ref InputFunction function = ref file.Functions[item.Index - owner.FirstFunction];
        return new RelocationReader(file.Slice(function.RelocationOffset, function.RelocationSize));
    }

    /// <summary>As <see cref="FollowWithReasons"/>, with a short way for functions and segments of objects: nearly all there is.</summary>
    private void FollowRelocations(LinkedObject owner, Referent item)
    {
        MarkObject(owner);
        Referent[] referents = owner.Referents;
        RelocationReader relocations = RelocationsOf(owner, item);
        while (!relocations.AtEnd)
        {
            Relocation relocation = relocations.Read();
            if (relocation.Kind == RelocationKind.TypeIndexLeb)
                continue;
            Referent referent = referents[relocation.Index];
            if (referent.IsOther)
                Mark(owner, relocation);
            else if (referent.IsSegment ? _live.Segments.Add(new SegmentId(referent.Index)) : _live.Functions.Add(new FunctionId(referent.Index)))
                _pending.Push(referent);
        }
    }

    private void FollowWithReasons(LinkedObject owner, Referent item)
    {
        RelocationReader relocations = RelocationsOf(owner, item);
        while (!relocations.AtEnd)
        {
            Relocation relocation = relocations.Read();
            if (relocation.Kind != RelocationKind.TypeIndexLeb)
                Mark(owner, relocation);
        }
    }

    private void Mark(LinkedObject owner, in Relocation relocation)
    {
        if (!IsAddressOfStub(owner, relocation))
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
