using Weld.Base;
using Weld.Linker.Resolution;

namespace Weld.Linker.Reports;

/// <summary>What reports call the functions that the linker makes: their symbol, because the function's own name says more
/// (<c>undefined_weak:NAME</c>) and is not the name in the objects.</summary>
public sealed class SyntheticNames
{
    private readonly Dictionary<int, Utf8String> _names = [];

    public SyntheticNames(ResolvedProgram program)
    {
        ArgumentNullException.ThrowIfNull(program);
        for (int i = 0; i < program.Symbols.Count; i++)
        {
            ref Symbol symbol = ref program.Symbols[new SymbolId(i)];
            if (symbol.File < 0 && symbol.IsDefined && symbol.IsFunction)
                _names.TryAdd(symbol.Element, symbol.Name);
        }
    }

    public string this[SyntheticFunction function] => _names.TryGetValue(function.Id.Index, out Utf8String name) ? name.ToString() : function.Name;
}
