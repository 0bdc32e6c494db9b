using Weld.Linker.Resolution;
using Weld.Wasm.Linking;

namespace Weld.Linker.Reports;

/// <summary>Why something is needed that nothing refers to.</summary>
public enum LiveRoot
{
    /// <summary>Garbage collection is off.</summary>
    Everything,

    /// <summary>Every module has it.</summary>
    Linker,
    Entry,
    Export,

    /// <summary>The source says so: attribute used, or <c>-u</c>.</summary>
    Retained,

    /// <summary><c>__wasm_call_dtors</c>, which command exports call.</summary>
    Destructors,

    /// <summary>An object that is named on the command line.</summary>
    CommandLine,

    /// <summary>There are constructors to call.</summary>
    Constructors,
}

/// <summary>The kinds of <see cref="LiveNode"/>; the first are those of <see cref="SymbolKind"/>.</summary>
public enum LiveNodeKind
{
    Function,
    Data,
    Global,
    Section,
    Tag,
    Table,
    Symbol,
    Object,
    Root,
}

/// <summary>Something that is needed, or a reason for it: an element by its id, a symbol's row, an object, or a <see cref="LiveRoot"/>.</summary>
public readonly record struct LiveNode(LiveNodeKind Kind, int Index)
{
    public static LiveNode Of(SymbolKind kind, int element) => new((LiveNodeKind)kind, element);

    public static LiveNode Of(SymbolId symbol) => new(LiveNodeKind.Symbol, symbol.Index);

    public static LiveNode OfObject(int index) => new(LiveNodeKind.Object, index);

    public static LiveNode Root(LiveRoot root) => new(LiveNodeKind.Root, (int)root);
}

/// <summary>Who marked whom: for everything that is live, what needed it first.</summary>
public sealed class LiveReasons
{
    private readonly Dictionary<LiveNode, LiveNode> _reasons = [];

    /// <summary>Whether there is anything to tell: without garbage collection there is not.</summary>
    public bool IsEmpty => _reasons.Count == 0;

    /// <summary>Records what needed <paramref name="node"/>, unless something did before.</summary>
    public void Add(LiveNode node, LiveNode reason) => _reasons.TryAdd(node, reason);

    /// <returns>Null when nothing needed it.</returns>
    public LiveNode? Of(LiveNode node) =>
        _reasons.TryGetValue(node, out LiveNode reason) ? reason : IsEmpty ? LiveNode.Root(LiveRoot.Everything) : null;
}
