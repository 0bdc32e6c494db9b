using Weld.Base;

namespace Weld.Linker.Reports;

/// <summary>The lines of <c>--trace-symbol</c>: which files define and use a symbol, in link order.</summary>
public sealed class SymbolTrace
{
    private readonly HashSet<Utf8String> _names = [];
    private readonly TextWriter _output;

    public SymbolTrace(IEnumerable<string> names, TextWriter output)
    {
        foreach (string name in names)
            _names.Add(Utf8String.FromText(name));
        _output = output;
    }

    public void Reference(string file, Utf8String name) => Write(file, "reference to", name, null);

    /// <param name="file">The file, or <c>&lt;internal&gt;</c> for the linker.</param>
    /// <param name="name">The symbol.</param>
    /// <param name="shownAs">What stands in its place, when that has another name.</param>
    public void Definition(string file, Utf8String name, string? shownAs = null) => Write(file, "definition of", name, shownAs);

    /// <summary>An archive member that defines the symbol, and that nothing has needed yet.</summary>
    public void LazyDefinition(string file, Utf8String name) => Write(file, "lazy definition of", name, null);

    private void Write(string file, string what, Utf8String name, string? shownAs)
    {
        if (_names.Contains(name))
            _output.WriteLine($"{file}: {what} {shownAs ?? name.ToString()}");
    }
}
