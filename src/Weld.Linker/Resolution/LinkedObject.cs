using Weld.Linker.Inputs;
using Weld.Wasm.Linking;

namespace Weld.Linker.Resolution;

/// <summary>An object that takes part in this link: its parsed file, and where its parts are among those of all objects.</summary>
public sealed class LinkedObject
{
    public required ObjectFile Object { get; init; }

    /// <summary>Its number among the linked objects, by which symbols refer to it; not its place in the output.</summary>
    public required int Index { get; init; }

    /// <summary>Whether it is linked for certain; of an archive member without <c>--whole-archive</c>, init functions count only once it is used.</summary>
    public required bool IsAlwaysLive { get; init; }

    public required int FirstFunction { get; init; }

    public required int FirstSegment { get; init; }

    public required int FirstGlobal { get; init; }

    public required int FirstTag { get; init; }

    public required int FirstTable { get; init; }

    public required int FirstCustomSection { get; init; }

    /// <summary>The type of each of the object's types among those of the link.</summary>
    public required SignatureId[] Signatures { get; init; }

    /// <summary>Whether each COMDAT group is the one that is kept.</summary>
    public required bool[] KeptComdats { get; init; }

    /// <summary>The symbol table row of each symbol; -1 for a defined local one, which only this object sees.</summary>
    public required int[] Bindings { get; init; }

    /// <summary>What each symbol stands for; known when resolution is over.</summary>
    public Referent[] Referents { get; set; } = [];

    /// <summary>The kinds of the relocations of its custom sections, a bit for each; known when these have been checked.</summary>
    public uint CustomRelocationKinds { get; set; } = uint.MaxValue;

    public string DisplayName => Object.File.DisplayName;

    public bool IsDiscarded(int comdat) => comdat >= 0 && !KeptComdats[comdat];

    public bool IsFunctionDiscarded(uint function) => IsDiscarded(Object.Functions[function].Comdat);

    public bool IsSegmentDiscarded(uint segment) => IsDiscarded(Object.Segments[segment].Comdat);

    /// <summary>The element behind a defined local symbol, as an id among those of all objects.</summary>
    public int ElementOf(in InputSymbol symbol) => (int)symbol.Index + symbol.Kind switch
    {
        SymbolKind.Function => FirstFunction,
        SymbolKind.Data => FirstSegment,
        SymbolKind.Global => FirstGlobal,
        SymbolKind.Tag => FirstTag,
        SymbolKind.Table => FirstTable,
        _ => FirstCustomSection,
    };

    /// <summary>The relocations of one of the object's functions or segments.</summary>
    public RelocationRange RelocationsOf(Referent element) => element.IsSegment
        ? Object.RelocationsOf(Object.Segments[element.Index - FirstSegment])
        : Object.RelocationsOf(Object.Functions[element.Index - FirstFunction]);

    public override string ToString() => DisplayName;
}
