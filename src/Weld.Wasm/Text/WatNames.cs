using System.Globalization;
using System.Text;
using Weld.Wasm.Linking;
using Weld.Wasm.Sections;

namespace Weld.Wasm.Text;

/// <summary>The identifiers that an object's functions, globals and segments have in the text format: their symbols' names where these can be written.</summary>
internal sealed class WatNames
{
    private readonly Dictionary<uint, string> _functions = [];
    private readonly Dictionary<uint, string> _globals = [];
    private readonly SegmentInfo[] _segments;
    private readonly List<(ExternalKind Kind, string Field)> _imports = [];
    private readonly HashSet<string> _used = new(StringComparer.Ordinal);

    public WatNames(ModuleView view)
    {
        _segments = view.SegmentInfo;
        foreach (Import import in view.Imports)
            _imports.Add((import.Kind, import.Name.ToString()));
        foreach (SymbolEntry symbol in view.Symbols)
            if (symbol.Kind == SymbolKind.Function)
                Add(_functions, symbol.Index, SymbolName(symbol));
            else if (symbol.Kind == SymbolKind.Global)
                Add(_globals, symbol.Index, SymbolName(symbol));
    }

    public string Function(uint index) => _functions.TryGetValue(index, out string? name) ? name : $"{index}";

    public string Global(uint index) => _globals.TryGetValue(index, out string? name) ? name : $"{index}";

    public string Segment(int index) => index < _segments.Length ? $"(;{index} {Comment(_segments[index].Name.ToString())};)" : $"(;{index};)";

    /// <summary>A symbol's name; of an undefined one that has none of its own, the field that it is imported from.</summary>
    public string SymbolName(SymbolEntry symbol)
    {
        if (!symbol.Name.IsEmpty)
            return Comment(symbol.Name.ToString());
        ExternalKind kind = symbol.Kind == SymbolKind.Global ? ExternalKind.Global : ExternalKind.Function;
        return Comment(_imports.Where(import => import.Kind == kind).ElementAtOrDefault((int)symbol.Index).Field ?? "");
    }

    /// <summary>A string of the text format.</summary>
    public static string Quote(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder("\"");
        foreach (byte b in bytes)
            if (b is >= 0x20 and < 0x7f and not ((byte)'"' or (byte)'\\'))
                text.Append((char)b);
            else
                text.Append(CultureInfo.InvariantCulture, $"\\{b:x2}");
        return text.Append('"').ToString();
    }

    // Nothing that could end a comment.
    private static string Comment(string name) => string.Concat(name.Select(static c => c is ';' || char.IsControl(c) || char.IsSurrogate(c) ? '_' : c));

    private void Add(Dictionary<uint, string> names, uint index, string name)
    {
        if (names.ContainsKey(index))
            return;
        string id = "$" + string.Concat(name.Select(static c => c is > ' ' and < (char)0x7f and not ('"' or ',' or ';' or '(' or ')' or '[' or ']' or '{' or '}') ? c : '_'));
        string unique = id;
        for (int number = 2; !_used.Add(unique); number++)
            unique = $"{id}.{number}";
        names.Add(index, unique);
    }
}
