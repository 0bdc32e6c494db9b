using Weld.Base;
using Weld.Base.Diagnostics;
using Weld.Linker.Inputs;
using Weld.Linker.Liveness;
using Weld.Linker.Options;
using Weld.Linker.Planning;
using Weld.Linker.Resolution;
using Weld.Wasm.Linking;

namespace Weld.Linker.Diagnostics;

/// <summary>Undefined symbols, one message each: who refers to it, what it may have meant, and what can be done.</summary>
/// <remarks>The work is done only when there is something to report, so it may search everything again.</remarks>
public sealed class UndefinedReport
{
    private const int MaximumReferences = 5;

    // Every suggestion compares a name with all others. By default no more errors are printed than that.
    private const int MaximumSuggestions = 20;

    private readonly ResolvedProgram _program;
    private readonly LiveSet _live;
    private readonly LinkOptions _options;
    private readonly DiagnosticBag _diagnostics;
    private readonly List<SymbolId> _order = [];
    private readonly Dictionary<SymbolId, (SymbolReference First, bool IsWarning)> _reported = [];
    private readonly Dictionary<Utf8String, string> _hiddenDefinitions = [];
    private NearNames? _names;
    private int _suggestionsLeft = MaximumSuggestions;

    /// <summary>A function or a data segment of an object.</summary>
    private readonly record struct Place(int Index, bool IsFunction);

    public UndefinedReport(ResolvedProgram program, LiveSet live, LinkOptions options, DiagnosticBag diagnostics)
    {
        _program = program;
        _live = live;
        _options = options;
        _diagnostics = diagnostics;
    }

    /// <summary>Notes that an object refers to an undefined symbol.</summary>
    public void Add(SymbolReference reference, bool isWarning)
    {
        if (_reported.TryAdd(reference.Row, (reference, isWarning)))
            _order.Add(reference.Row);
    }

    /// <summary>Reports what was noted.</summary>
    public void Finish()
    {
        if (_order.Count == 0)
            return;
        Dictionary<SymbolId, (List<string> Places, int Count)> references = FindReferences();
        FindHiddenDefinitions();
        foreach (SymbolId id in _order)
            Report(id, references.GetValueOrDefault(id, ([], 0)));
    }

    /// <summary>A hint at a symbol with nearly this name, spelled as an option needs it; null without one.</summary>
    public static string? Suggestion(ResolvedProgram program, string name) =>
        Describe(NearNames.Find(Utf8String.FromText(name), DefinedNames(program)), program, demangle: false);

    private static string? Describe(NearName? near, ResolvedProgram program, bool demangle)
    {
        if (near is not NearName found)
            return null;
        string name = SymbolNames.Display(found.Name, demangle);
        string file = program.FileOf(program.Symbols.Find(found.Name));
        return found.Kind switch
        {
            NearNameKind.Mangling => $"did you mean: {name} in {file}? (extern \"C\" is missing or too much)",
            NearNameKind.Signature => $"did you mean: {name} in {file}? (its parameter types differ)",
            _ => $"did you mean: {name} in {file}?",
        };
    }

    private void Report(SymbolId id, (List<string> Places, int Count) references)
    {
        (SymbolReference first, bool isWarning) = _reported[id];
        ref Symbol symbol = ref _program.Symbols[id];
        string name = symbol.Name.ToString();
        var details = new List<string>();
        foreach (string place in references.Places)
            details.Add($"referenced by {place}");
        if (references.Count > references.Places.Count)
            details.Add($"referenced {references.Count - references.Places.Count} more times");
        _names ??= new NearNames(DefinedNames(_program));
        if (_suggestionsLeft-- > 0 && Describe(_names.Find(symbol.Name), _program, _options.Demangle) is string suggestion)
            details.Add(suggestion);
        if (_hiddenDefinitions.TryGetValue(symbol.Name, out string? hidden))
            details.Add($"{hidden} defines it, but only for itself (static)");
        if (Explain(name) is string explanation)
            details.Add(explanation);
        details.Add(symbol.IsFunction
            ? $"to import it from the host, declare it with __attribute__((import_module(\"env\"), import_name(\"{name}\"))), list it in --allow-undefined-file=FILE, or pass --import-undefined"
            : "data cannot be imported; define it, or pass --unresolved-symbols=ignore-all to use address 0");
        _diagnostics.Add(ResolutionErrors.UndefinedSymbol(first.Owner.DisplayName, SymbolNames.Display(symbol.Name, _options.Demangle), isWarning, [.. details]));
    }

    private string? Explain(string symbol)
    {
        foreach (InputArgument input in _options.Inputs)
            if (_options.MemoryFiles.TryGetValue(input.Value, out MemoryFile? file) && file.Explain(symbol) is string explanation)
                return explanation;
        return null;
    }

    private static IEnumerable<Utf8String> DefinedNames(ResolvedProgram program)
    {
        for (int place = 0; place < program.Symbols.PlaceCount; place++)
        {
            SymbolId id = program.Symbols.AtPlace(place);
            if (!program.Symbols[id].IsUndefined && program.Symbols[id].File >= 0)
                yield return program.Symbols[id].Name;
        }
    }

    private Dictionary<SymbolId, (List<string> Places, int Count)> FindReferences()
    {
        var references = new Dictionary<SymbolId, (List<string> Places, int Count)>();
        foreach (LinkedObject owner in _program.Objects)
        {
            ObjectFile file = owner.Object;
            for (int i = 0; i < file.Functions.Length; i++)
                if (_live.Functions.Contains(new FunctionId(owner.FirstFunction + i)))
                    FindReferences(owner, file.RelocationsOf(file.Functions[i]), references, new Place(i, IsFunction: true));
            for (int i = 0; i < file.Segments.Length; i++)
                if (_live.Segments.Contains(new SegmentId(owner.FirstSegment + i)))
                    FindReferences(owner, file.RelocationsOf(file.Segments[i]), references, new Place(i, IsFunction: false));
        }
        return references;
    }

    private void FindReferences(LinkedObject owner, RelocationRange relocations, Dictionary<SymbolId, (List<string> Places, int Count)> references, Place place)
    {
        var seen = new HashSet<SymbolId>();
        while (!relocations.AtEnd)
        {
            Relocation relocation = relocations.Read();
            if (relocation.Kind == RelocationKind.TypeIndexLeb || owner.Bindings[relocation.Index] < 0)
                continue;
            var id = new SymbolId(owner.Bindings[relocation.Index]);
            if (!_reported.ContainsKey(id) || !seen.Add(id))
                continue;
            (List<string> places, int count) = references.GetValueOrDefault(id, ([], 0));
            if (places.Count < MaximumReferences)
                places.Add($"{owner.DisplayName}:({NameOf(owner.Object, place)})");
            references[id] = (places, count + 1);
        }
    }

    private string NameOf(ObjectFile file, Place place)
    {
        if (!place.IsFunction)
            return file.Segments[place.Index].Name.ToString();
        int symbol = file.Functions[place.Index].NameSymbol;
        return symbol < 0 ? $"function {place.Index}" : SymbolNames.Display(file.NameOf(file.Symbols[symbol]), _options.Demangle);
    }

    /// <summary>The inputs that define one of the names, but not for others: as a static function or variable. Every
    /// archive member is read for that, so it is done once for all names.</summary>
    private void FindHiddenDefinitions()
    {
        HashSet<Utf8String> wanted = [.. _order.Select(id => _program.Symbols[id].Name)];
        foreach (LinkInput input in _program.Inputs)
        {
            ObjectFile? file = input.Object ?? input.Read(_program.Inputs.Names, new DiagnosticBag());
            if (file is null)
                continue;
            foreach (ref readonly InputSymbol symbol in file.Symbols.AsSpan())
                if (symbol.IsDefined && symbol.IsLocal && symbol.Kind != SymbolKind.Section && wanted.Contains(file.NameOf(symbol)))
                    _hiddenDefinitions.TryAdd(file.NameOf(symbol), input.File.DisplayName);
        }
    }
}
