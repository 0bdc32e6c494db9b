using Weld.Base.Diagnostics;
using Weld.Linker.Diagnostics;
using Weld.Linker.Liveness;
using Weld.Linker.Options;
using Weld.Linker.Resolution;
using Weld.Wasm.Linking;

namespace Weld.Linker.Planning;

/// <summary>Where the table of function pointers comes from.</summary>
public enum TableOrigin
{
    /// <summary>The output has none.</summary>
    None,
    Imported,
    Defined,
}

/// <summary><c>__indirect_function_table</c>: whether the output has it, and which symbol names it.</summary>
public sealed class IndirectFunctionTable
{
    private IndirectFunctionTable(SymbolId symbol, TableOrigin origin)
    {
        Symbol = symbol;
        Origin = origin;
    }

    /// <summary>The symbol through which objects name it; none when no object does.</summary>
    public SymbolId Symbol { get; }

    public TableOrigin Origin { get; private set; }

    /// <summary>Its number in the output.</summary>
    public uint Number { get; set; }

    public bool IsTable(SymbolId id) => !Symbol.IsNone && id == Symbol && Origin != TableOrigin.None;

    /// <summary>Decides whether code names the table, or an option asks for it.</summary>
    public static IndirectFunctionTable Resolve(ResolvedProgram program, LiveSet live, LinkOptions options, DiagnosticBag diagnostics)
    {
        SymbolId symbol = program.Symbols.Find(WellKnownNames.IndirectFunctionTable);
        bool exists = !symbol.IsNone && !program.Symbols[symbol].IsLazy;
        if (exists && program.Symbols[symbol].Kind != SymbolKind.Table)
            diagnostics.Add(ResolutionErrors.ReservedTableKind(program.FileOf(symbol)));
        else if (exists && program.Symbols[symbol].IsDefined)
            diagnostics.Add(ResolutionErrors.ReservedTableDefined(program.FileOf(symbol)));
        bool isLive = exists && live.IsLive(symbol);
        TableOrigin origin = options.ImportTable
            ? isLive ? TableOrigin.Imported : TableOrigin.None
            : isLive || options.ExportTable ? TableOrigin.Defined : TableOrigin.None;
        return new IndirectFunctionTable(exists ? symbol : SymbolId.None, origin);
    }

    /// <summary>Functions got slots, so there must be a table.</summary>
    public void Require(LinkOptions options)
    {
        if (Origin == TableOrigin.None)
            Origin = options.ImportTable ? TableOrigin.Imported : TableOrigin.Defined;
    }
}
