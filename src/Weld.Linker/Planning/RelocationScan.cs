using Weld.Linker.Inputs;
using Weld.Linker.Liveness;
using Weld.Linker.Options;
using Weld.Linker.Resolution;
using Weld.Wasm.Linking;

namespace Weld.Linker.Planning;

/// <summary>A symbol as one object refers to it: a row of the symbol table, or a local symbol of the object.</summary>
/// <param name="Row">The row; none for a defined local symbol.</param>
/// <param name="Owner">The referring object.</param>
/// <param name="Symbol">The symbol's index there.</param>
public readonly record struct SymbolReference(SymbolId Row, LinkedObject Owner, uint Symbol);

/// <summary>What the live code and data of one object ask of the output, each thing once, in the order of first use.</summary>
public sealed class ObjectNeeds
{
    /// <summary>Types that instructions name.</summary>
    public List<uint> Types { get; } = [];

    /// <summary>Functions whose address is taken.</summary>
    public List<SymbolReference> TableFunctions { get; } = [];

    /// <summary>Undefined symbols that are used in another way before their address is taken.</summary>
    public HashSet<SymbolId> UsedBeforeAddress { get; } = [];

    /// <summary>Functions and data that are reached through a global of the output.</summary>
    public List<SymbolReference> GotEntries { get; } = [];

    /// <summary>Functions and data whose addresses only a dynamic linker knows: reached through an imported global.</summary>
    public List<SymbolReference> GotImports { get; } = [];

    /// <summary>Undefined symbols that are not weak.</summary>
    public List<SymbolReference> Undefined { get; } = [];

    /// <summary>Relocations that cannot be applied in an output of this kind.</summary>
    public List<(SymbolReference Symbol, RelocationKind Kind, RelocationProblem Problem)> Problems { get; } = [];
}

/// <summary>Why a relocation cannot be applied.</summary>
public enum RelocationProblem
{
    /// <summary>A thread-local relocation names a symbol that no input defines.</summary>
    UndefinedTls,

    /// <summary>With threads, a thread-local relocation names a symbol that all threads share.</summary>
    NotTls,

    /// <summary>Position-independent output has no absolute addresses.</summary>
    NeedsPic,

    /// <summary>A relative address of a symbol that another module defines.</summary>
    UndefinedRelative,
}

/// <summary>Looks at every relocation of live code and data once, to find what the output must have besides them.</summary>
/// <remarks>Objects are independent of each other here, and are scanned in parallel; what they need is merged in link
/// order afterwards. Counterpart in wasm-ld: Relocations.cpp.</remarks>
public sealed class RelocationScan
{
    private readonly SymbolTable _symbols;
    private readonly LinkOptions _options;

    /// <summary>The kinds of relocations that need nothing when an object defines the symbol, a bit for each.</summary>
    private readonly uint _plainKinds;

    // The object that is scanned.
    private LinkedObject _owner = null!;
    private ObjectNeeds _needs = null!;

    /// <summary>By the index of a symbol: what has been noted. The place for a type is that of the symbol with its index, but the kind is another.</summary>
    private Noted[] _noted = [];

    private RelocationScan(SymbolTable symbols, LinkOptions options, uint plainKinds)
    {
        _symbols = symbols;
        _options = options;
        _plainKinds = plainKinds;
    }

    /// <summary>What the relocations so far have said about a symbol or a type.</summary>
    private struct Noted
    {
        /// <summary>The kinds of relocations that have been looked at, a bit for each: another of the same kind needs nothing else.</summary>
        public uint Kinds;

        public Seen Seen;
    }

    /// <summary>What has been noted about a symbol of the object already.</summary>
    [Flags]
    private enum Seen : byte
    {
        None = 0,
        Table = 1,
        Got = 2,
        Undefined = 4,
        Tls = 8,
        GotImport = 16,
        Pic = 32,
    }

    public static ObjectNeeds[] Run(ResolvedProgram program, LiveSet live, LinkOptions options)
    {
        var needs = new ObjectNeeds[program.Objects.Count];
        uint plainKinds = FindPlainKinds(options);
        uint idleKinds = FindIdleKinds(program, options);
        Workers.ForEach(needs.Length, options.Threads, () => new RelocationScan(program.Symbols, options, plainKinds), (scan, index) =>
        {
            scan.SetOwner(program.Objects[index]);
            // With -r, what is undefined may stay so.
            bool isIdle = (program.Objects[index].CustomRelocationKinds & ~idleKinds) == 0 && (options.Relocatable || !scan.MayLackSymbols());
            scan.ScanObject(live, scanCustomSections: !options.GcSections && !isIdle);
            needs[index] = scan._needs;
        });
        return needs;
    }

    private void SetOwner(LinkedObject owner)
    {
        _owner = owner;
        _needs = new ObjectNeeds();
        int count = Math.Max(owner.Object.Symbols.Length, owner.Object.Types.Length);
        if (_noted.Length < count)
            _noted = new Noted[Math.Max(count, _noted.Length * 2)];
        else
            _noted.AsSpan(0, count).Clear();
    }

    private void ScanObject(LiveSet live, bool scanCustomSections)
    {
        ObjectFile file = _owner.Object;
        int end = _owner.FirstFunction + file.Functions.Length;
        for (int i = live.Functions.Next(_owner.FirstFunction, end); i < end; i = live.Functions.Next(i + 1, end))
            Scan(file.RelocationsOf(file.Functions[i - _owner.FirstFunction]));
        // Constructors are called, though no relocation says so.
        foreach (InitFunction function in file.InitFunctions)
            if (live.IsLive(_owner, function.Symbol))
                NoteUndefined(function.Symbol);
        end = _owner.FirstSegment + file.Segments.Length;
        for (int i = live.Segments.Next(_owner.FirstSegment, end); i < end; i = live.Segments.Next(i + 1, end))
            Scan(file.RelocationsOf(file.Segments[i - _owner.FirstSegment]));
        if (!scanCustomSections)
            return;
        foreach (InputCustomSection section in file.CustomSections)
            Scan(file.RelocationsOf(section));
    }

    private void Scan(RelocationRange relocations)
    {
        Referent[] referents = _owner.Referents;
        foreach (PackedRelocation relocation in relocations.All)
        {
            uint index = relocations.IndexOf(relocation);
            if ((!IsPlain(relocation.Kind) || referents[index].IsOther) && IsNew(relocation.Kind, index))
                Scan(relocation.Kind, index);
        }
    }

    private void Scan(RelocationReader relocations)
    {
        while (!relocations.AtEnd)
        {
            Relocation relocation = relocations.Read();
            if ((!IsPlain(relocation.Kind) || _owner.Referents[relocation.Index].IsOther) && IsNew(relocation.Kind, relocation.Index))
                Scan(relocation.Kind, relocation.Index);
        }
    }

    private bool IsPlain(RelocationKind kind) => (_plainKinds >> (int)kind & 1) != 0;

    /// <summary>Whether no relocation of the kind has named the symbol before. Few do: the stack pointer is named by every other function.</summary>
    private bool IsNew(RelocationKind kind, uint index)
    {
        uint bit = 1u << (int)kind;
        ref uint kinds = ref _noted[index].Kinds;
        bool isNew = (kinds & bit) == 0;
        kinds |= bit;
        return isNew;
    }

    /// <summary>Relocations that need a function or an address as such, as most do: no type, no table slot, no global, no check. In
    /// position-independent code, all need a look.</summary>
    private static uint FindPlainKinds(LinkOptions options)
    {
        if (options.IsPic || options.UnresolvedSymbols == UnresolvedPolicy.ImportDynamic)
            return 0;
        uint kinds = 0;
        for (int kind = 0; kind < RelocationTable.Count; kind++)
        {
            RelocationInfo info = RelocationTable.Get((RelocationKind)kind);
            if (info.Value is RelocationValue.FunctionIndex or RelocationValue.MemoryAddress or RelocationValue.FunctionOffset && info.Base != RelocationBase.TlsBase)
                kinds |= 1u << kind;
        }
        return kinds;
    }

    /// <summary>Relocations of custom sections that need nothing but that the symbols are there: all that debug information has.</summary>
    private static uint FindIdleKinds(ResolvedProgram program, LinkOptions options)
    {
        bool isStatic = !options.IsPic && options.UnresolvedSymbols != UnresolvedPolicy.ImportDynamic && program.SharedLibraries.Count == 0;
        uint kinds = 0;
        for (int kind = 0; kind < RelocationTable.Count; kind++)
            if (RelocationTable.Get((RelocationKind)kind).Value is RelocationValue.FunctionOffset or RelocationValue.SectionOffset
                || (isStatic && RelocationTable.Get((RelocationKind)kind) is { Value: RelocationValue.MemoryAddress, Base: not RelocationBase.TlsBase }))
                kinds |= 1u << kind;
        return kinds;
    }

    private void Scan(RelocationKind relocation, uint index)
    {
        if (relocation == RelocationKind.TypeIndexLeb)
        {
            _needs.Types.Add(index);
            return;
        }
        RelocationInfo info = RelocationTable.Get(relocation);
        SymbolKind kind = _owner.Object.Symbols[index].Kind;
        bool isImported = RequiresGotImport(index);
        if (info.Value == RelocationValue.TableSlot && !isImported)
            NoteAddress(index);
        else if (info.Value == RelocationValue.GlobalIndex && !_options.Relocatable && IsGot(index, kind))
            NoteGot(index, isImported);
        if (info.Base == RelocationBase.TlsBase && !_options.Relocatable)
            CheckTls(relocation, index);
        bool isUndefined = _owner.Bindings[index] is >= 0 and int binding && _symbols[new SymbolId(binding)].IsUndefined;
        bool isShared = _owner.Bindings[index] is >= 0 and int row && _symbols[new SymbolId(row)].IsShared;
        if (_options.IsPic || isShared || (isUndefined && _options.UnresolvedSymbols == UnresolvedPolicy.ImportDynamic))
            ScanDynamic(relocation, index, info, isImported, isUndefined);
        if (isUndefined && !_options.Relocatable)
            NoteUndefined(index);
    }

    /// <summary>A weak function is a stub then, and weak data is at address 0; in position-independent output both may be
    /// imported. Nothing can stand for a weak global, table or tag.</summary>
    private void NoteUndefined(uint index)
    {
        if (_owner.Bindings[index] is >= 0 and int binding && IsLacking(_symbols[new SymbolId(binding)]))
            Note(index, Seen.Undefined, _needs.Undefined);
    }

    private bool IsLacking(in Symbol symbol) =>
        symbol.IsUndefined && (!symbol.IsWeak || (!_options.IsPic && symbol.Kind is not (SymbolKind.Function or SymbolKind.Data)));

    /// <summary>Whether the object names a symbol that <see cref="NoteUndefined"/> would note.</summary>
    private bool MayLackSymbols()
    {
        foreach (int binding in _owner.Bindings)
            if (binding >= 0 && IsLacking(_symbols[new SymbolId(binding)]))
                return true;
        return false;
    }

    private void NoteGot(uint index, bool isImported)
    {
        if (isImported)
        {
            Note(index, Seen.GotImport, _needs.GotImports);
            return;
        }
        if (IsFunction(index))
            NoteAddress(index);
        Note(index, Seen.Got, _needs.GotEntries);
    }

    private bool IsFunction(uint index) => _owner.Bindings[index] is >= 0 and int binding
        ? _symbols[new SymbolId(binding)].IsFunction
        : _owner.Object.Symbols[index].Kind == SymbolKind.Function;

    /// <summary>Whether only a dynamic linker knows the symbol's address. Counterpart in wasm-ld: requiresGOTAccess.</summary>
    private bool RequiresGotImport(uint index)
    {
        int binding = _owner.Bindings[index];
        if (binding < 0)
            return false;
        ref Symbol symbol = ref _symbols[new SymbolId(binding)];
        if (symbol.IsShared)
            return true;
        if (!_options.IsPic && _options.UnresolvedSymbols != UnresolvedPolicy.ImportDynamic)
            return false;
        if (symbol.IsHidden || symbol.IsLocal)
            return false;
        // Only a shared library's own definitions can be replaced by another module's.
        return !symbol.IsDefined || (_options.Shared && !_options.Bsymbolic);
    }

    /// <summary>What position-independent code, and references to other modules, cannot do or do through the GOT.</summary>
    private void ScanDynamic(RelocationKind relocation, uint index, in RelocationInfo info, bool isImported, bool isUndefined)
    {
        if (info.Value is not (RelocationValue.TableSlot or RelocationValue.MemoryAddress))
            return;
        if (info.Base == RelocationBase.Absolute && info.IsLeb)
            NoteProblem(relocation, index, RelocationProblem.NeedsPic);
        else if (info.Base == RelocationBase.Absolute && isImported)
            Note(index, Seen.GotImport, _needs.GotImports);
        else if (info.Base == RelocationBase.ModuleBase && isUndefined)
            NoteProblem(relocation, index, RelocationProblem.UndefinedRelative);
    }

    private void CheckTls(RelocationKind relocation, uint index)
    {
        int binding = _owner.Bindings[index];
        ref InputSymbol local = ref _owner.Object.Symbols[index];
        if (binding >= 0 && !_symbols[new SymbolId(binding)].IsDefined)
        {
            NoteProblem(relocation, index, RelocationProblem.UndefinedTls);
            return;
        }
        if (!_options.SharedMemory)
            return;
        SymbolFlags flags = binding >= 0 ? _symbols[new SymbolId(binding)].Flags : local.Flags;
        if ((flags & SymbolFlags.Tls) == 0)
            NoteProblem(relocation, index, RelocationProblem.NotTls);
    }

    private void NoteProblem(RelocationKind relocation, uint index, RelocationProblem problem)
    {
        Seen what = problem is RelocationProblem.NeedsPic or RelocationProblem.UndefinedRelative ? Seen.Pic : Seen.Tls;
        if ((_noted[index].Seen & what) != 0)
            return;
        _noted[index].Seen |= what;
        _needs.Problems.Add((Reference(index), relocation, problem));
    }

    /// <summary>A global index that names data or a function means a global with its address. What another object or the
    /// linker defines may be of another kind than the reference.</summary>
    private bool IsGot(uint symbol, SymbolKind kind)
    {
        int binding = _owner.Bindings[symbol];
        return (binding < 0 ? kind : _symbols[new SymbolId(binding)].Kind) != SymbolKind.Global;
    }

    private void NoteAddress(uint symbol)
    {
        if ((_noted[symbol].Seen & (Seen.Undefined | Seen.Table)) == Seen.Undefined)
            _needs.UsedBeforeAddress.Add(Reference(symbol).Row);
        Note(symbol, Seen.Table, _needs.TableFunctions);
    }

    private void Note(uint symbol, Seen what, List<SymbolReference> list)
    {
        if ((_noted[symbol].Seen & what) != 0)
            return;
        _noted[symbol].Seen |= what;
        list.Add(Reference(symbol));
    }

    private SymbolReference Reference(uint symbol)
    {
        int binding = _owner.Bindings[symbol];
        return new SymbolReference(binding < 0 ? SymbolId.None : new SymbolId(binding), _owner, symbol);
    }
}
