using Weld.Linker.Inputs;

namespace Weld.Linker.Resolution;

/// <summary>The rows of the symbols that the linker itself works with; <see cref="SymbolId.None"/> where one does not exist.</summary>
public sealed class LinkerSymbols
{
    public SymbolId CallCtors { get; set; } = SymbolId.None;

    public SymbolId CallDtors { get; set; } = SymbolId.None;

    public SymbolId StackPointer { get; set; } = SymbolId.None;

    public SymbolId TlsBase { get; set; } = SymbolId.None;

    /// <summary><c>__tls_size</c>; only in threaded links, as are the next two.</summary>
    public SymbolId TlsSize { get; set; } = SymbolId.None;

    public SymbolId TlsAlign { get; set; } = SymbolId.None;

    public SymbolId InitTls { get; set; } = SymbolId.None;

    /// <summary>The imported <c>__memory_base</c> of position-independent output.</summary>
    public SymbolId MemoryBase { get; set; } = SymbolId.None;

    /// <summary>The imported <c>__table_base</c> of position-independent output.</summary>
    public SymbolId TableBase { get; set; } = SymbolId.None;

    /// <summary>The row of each of <see cref="WellKnownNames.OptionalData"/>.</summary>
    public Dictionary<string, SymbolId> OptionalData { get; } = [];
}

/// <summary>What stage 2 gives to the later ones: which objects are linked, and what every name means.</summary>
public sealed class ResolvedProgram
{
    public required LinkInputs Inputs { get; init; }

    /// <summary>The objects in link order, which is the order of their functions and data in the output.</summary>
    public required IReadOnlyList<LinkedObject> Objects { get; init; }

    /// <summary>The same objects by <see cref="LinkedObject.Index"/>, which <see cref="Symbol.File"/> refers to.</summary>
    public required IReadOnlyList<LinkedObject> FilesByIndex { get; init; }

    /// <summary>The shared libraries of the command line, used or not.</summary>
    public required IReadOnlyList<LinkInput> SharedLibraries { get; init; }

    public required SymbolTable Symbols { get; init; }

    public required SignatureTable Signatures { get; init; }

    public required IReadOnlyList<SyntheticFunction> SyntheticFunctions { get; init; }

    public required IReadOnlyList<SyntheticGlobal> SyntheticGlobals { get; init; }

    public required LinkerSymbols LinkerSymbols { get; init; }

    /// <summary>The entry symbol; none with <c>--no-entry</c>.</summary>
    public required SymbolId Entry { get; init; }

    public required bool HasLegacyFunctionTable { get; init; }

    /// <summary>The names of <c>--allow-undefined-file</c>.</summary>
    public required HashSet<string> AllowedUndefined { get; init; }

    public required int FunctionCount { get; init; }

    public required int SegmentCount { get; init; }

    public required int GlobalCount { get; init; }

    public required int TagCount { get; init; }

    public required int TableCount { get; init; }

    public required int CustomSectionCount { get; init; }

    /// <summary>The file that defines a symbol, an archive member that was not needed included.</summary>
    public string FileOf(SymbolId id)
    {
        ref Symbol symbol = ref Symbols[id];
        return symbol.IsLazy || symbol.IsShared ? Inputs[symbol.File].File.DisplayName : FileName(symbol.File);
    }

    public string FileName(int file) => file < 0 ? "<internal>" : FilesByIndex[file].DisplayName;
}
