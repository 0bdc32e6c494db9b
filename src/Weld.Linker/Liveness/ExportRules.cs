using Weld.Linker.Options;
using Weld.Linker.Resolution;
using Weld.Wasm.Linking;

namespace Weld.Linker.Liveness;

/// <summary>Which symbols the output exports.</summary>
public static class ExportRules
{
    public static bool IsExported(in Symbol symbol, LinkOptions options)
    {
        if (!symbol.IsDefined || symbol.IsLocal)
            return false;
        if (options.ExportAll || (options.ExportDynamic && !symbol.IsHidden))
            return true;
        return symbol.Has(SymbolMarks.ForceExport) || (symbol.Flags & SymbolFlags.Exported) != 0;
    }
}
