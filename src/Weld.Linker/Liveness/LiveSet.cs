using Weld.Base.Ids;
using Weld.Linker.Inputs;
using Weld.Linker.Resolution;
using Weld.Wasm.Linking;

namespace Weld.Linker.Liveness;

/// <summary>What the output needs.</summary>
public sealed class LiveSet
{
    private readonly ResolvedProgram _program;

    public LiveSet(ResolvedProgram program)
    {
        _program = program;
        Functions = new IdSet<FunctionId>(program.FunctionCount);
        Segments = new IdSet<SegmentId>(program.SegmentCount);
        Globals = new IdSet<GlobalId>(program.GlobalCount);
        Tags = new IdSet<TagId>(program.TagCount);
        Tables = new IdSet<TableId>(program.TableCount);
        Symbols = new IdSet<SymbolId>(program.Symbols.Count);
    }

    public IdSet<FunctionId> Functions { get; }

    public IdSet<SegmentId> Segments { get; }

    public IdSet<GlobalId> Globals { get; }

    public IdSet<TagId> Tags { get; }

    public IdSet<TableId> Tables { get; }

    /// <summary>The symbols that something live names. A defined symbol is live when its element is.</summary>
    public IdSet<SymbolId> Symbols { get; }

    public bool IsLive(SymbolId id)
    {
        ref Symbol symbol = ref _program.Symbols[id];
        if (symbol.IsDefined && symbol.Element >= 0)
            return IsElementLive(symbol.Kind, symbol.Element);
        return Symbols.Contains(id);
    }

    /// <summary>Whether a symbol of an object is live, as that object sees it.</summary>
    public bool IsLive(LinkedObject owner, uint symbolIndex)
    {
        int binding = owner.Bindings[symbolIndex];
        if (binding >= 0)
            return IsLive(new SymbolId(binding));
        ref InputSymbol symbol = ref owner.Object.Symbols[symbolIndex];
        return symbol.Kind switch
        {
            SymbolKind.Section => !owner.IsDiscarded(owner.Object.CustomSections[symbol.Index].Comdat),
            SymbolKind.Data when (symbol.Flags & SymbolFlags.Absolute) != 0 => true,
            _ => IsElementLive(symbol.Kind, owner.ElementOf(symbol)),
        };
    }

    private bool IsElementLive(SymbolKind kind, int element) => kind switch
    {
        SymbolKind.Function => Functions.Contains(new FunctionId(element)),
        SymbolKind.Data => Segments.Contains(new SegmentId(element)),
        SymbolKind.Global => Globals.Contains(new GlobalId(element)),
        SymbolKind.Tag => Tags.Contains(new TagId(element)),
        _ => Tables.Contains(new TableId(element)),
    };
}
