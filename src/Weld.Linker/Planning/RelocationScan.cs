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

    /// <summary>Functions and data that are reached through a global.</summary>
    public List<SymbolReference> GotEntries { get; } = [];

    /// <summary>Undefined symbols that are not weak.</summary>
    public List<SymbolReference> Undefined { get; } = [];

    /// <summary>Undefined symbols that a thread-local relocation names, with that relocation.</summary>
    public List<(SymbolReference Symbol, RelocationKind Kind)> UndefinedTls { get; } = [];
}

/// <summary>Looks at every relocation of live code and data once, to find what the output must have besides them.</summary>
/// <remarks>Objects are independent of each other here, and are scanned in parallel; what they need is merged in link
/// order afterwards. Counterpart in wasm-ld: Relocations.cpp.</remarks>
public sealed class RelocationScan
{
    private readonly LinkedObject _owner;
    private readonly SymbolTable _symbols;
    private readonly ObjectNeeds _needs = new();
    private readonly bool[] _seenTypes;
    private readonly Seen[] _seen;

    private RelocationScan(LinkedObject owner, SymbolTable symbols)
    {
        _owner = owner;
        _symbols = symbols;
        _seenTypes = new bool[owner.Object.Types.Length];
        _seen = new Seen[owner.Object.Symbols.Length];
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
    }

    public static ObjectNeeds[] Run(ResolvedProgram program, LiveSet live, LinkOptions options)
    {
        var needs = new ObjectNeeds[program.Objects.Count];
        Workers.ForEach(needs.Length, options.Threads, index =>
        {
            var scan = new RelocationScan(program.Objects[index], program.Symbols);
            scan.ScanObject(live, scanCustomSections: !options.GcSections);
            needs[index] = scan._needs;
        });
        return needs;
    }

    private void ScanObject(LiveSet live, bool scanCustomSections)
    {
        ObjectFile file = _owner.Object;
        for (int i = 0; i < file.Functions.Length; i++)
            if (live.Functions.Contains(new FunctionId(_owner.FirstFunction + i)))
                Scan(file.Functions[i].RelocationOffset, file.Functions[i].RelocationSize);
        // Constructors are called, though no relocation says so.
        foreach (InitFunction function in file.InitFunctions)
            if (live.IsLive(_owner, function.Symbol))
                NoteUndefined(function.Symbol, _owner.Bindings[function.Symbol]);
        for (int i = 0; i < file.Segments.Length; i++)
            if (live.Segments.Contains(new SegmentId(_owner.FirstSegment + i)))
                Scan(file.Segments[i].RelocationOffset, file.Segments[i].RelocationSize);
        if (!scanCustomSections)
            return;
        foreach (InputCustomSection section in file.CustomSections)
            Scan(section.RelocationOffset, section.RelocationSize);
    }

    private void Scan(uint offset, uint size)
    {
        var relocations = new RelocationReader(_owner.Object.Slice(offset, size));
        while (!relocations.AtEnd)
            Scan(relocations.Read());
    }

    private void Scan(in Relocation relocation)
    {
        if (relocation.Kind == RelocationKind.TypeIndexLeb)
        {
            if (!_seenTypes[relocation.Index])
                _needs.Types.Add(relocation.Index);
            _seenTypes[relocation.Index] = true;
            return;
        }
        RelocationInfo info = RelocationTable.Get(relocation.Kind);
        SymbolKind kind = _owner.Object.Symbols[relocation.Index].Kind;
        if (info.Value == RelocationValue.TableSlot)
            NoteAddress(relocation.Index);
        else if (info.Value == RelocationValue.GlobalIndex && IsGot(relocation.Index, kind))
            Note(relocation.Index, Seen.Got, _needs.GotEntries);
        int binding = _owner.Bindings[relocation.Index];
        if (!NoteUndefined(relocation.Index, binding))
            return;
        if (info.Base == RelocationBase.TlsBase && (_seen[relocation.Index] & Seen.Tls) == 0)
        {
            _seen[relocation.Index] |= Seen.Tls;
            _needs.UndefinedTls.Add((Reference(relocation.Index), relocation.Kind));
        }
    }

    /// <returns>Whether the symbol is undefined.</returns>
    private bool NoteUndefined(uint symbol, int binding)
    {
        if (binding < 0 || !_symbols[new SymbolId(binding)].IsUndefined)
            return false;
        // A weak function is a stub then, and weak data is at address 0; nothing can stand for a weak global, table or tag.
        ref Symbol row = ref _symbols[new SymbolId(binding)];
        if (!row.IsWeak || row.Kind is not (SymbolKind.Function or SymbolKind.Data))
            Note(symbol, Seen.Undefined, _needs.Undefined);
        return true;
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
        if ((_seen[symbol] & (Seen.Undefined | Seen.Table)) == Seen.Undefined)
            _needs.UsedBeforeAddress.Add(Reference(symbol).Row);
        Note(symbol, Seen.Table, _needs.TableFunctions);
    }

    private void Note(uint symbol, Seen what, List<SymbolReference> list)
    {
        if ((_seen[symbol] & what) != 0)
            return;
        _seen[symbol] |= what;
        list.Add(Reference(symbol));
    }

    private SymbolReference Reference(uint symbol)
    {
        int binding = _owner.Bindings[symbol];
        return new SymbolReference(binding < 0 ? SymbolId.None : new SymbolId(binding), _owner, symbol);
    }
}
