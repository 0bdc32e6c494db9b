using System.IO.Enumeration;
using Weld.Base;
using Weld.Linker.Diagnostics;
using Weld.Linker.Inputs;
using Weld.Linker.Liveness;
using Weld.Linker.Options;
using Weld.Linker.Resolution;
using Weld.Wasm.Linking;

namespace Weld.Linker.Reports;

/// <summary>The lines of <c>--why-live</c>: for each symbol of that name, the chain of references that keeps it.</summary>
public sealed class WhyLiveReport
{
    private readonly ResolvedProgram _program;
    private readonly LiveSet _live;
    private readonly LinkOptions _options;
    private readonly NodeNames _names;
    private readonly TextWriter _output;

    private WhyLiveReport(ResolvedProgram program, LiveSet live, LiveReasons reasons, LinkOptions options, TextWriter output)
    {
        _program = program;
        _live = live;
        _options = options;
        _names = new NodeNames(program, reasons, options.Demangle);
        _output = output;
    }

    public static void Write(ResolvedProgram program, LiveSet live, LiveReasons reasons, LinkOptions options, TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(options);
        var report = new WhyLiveReport(program, live, reasons, options, output);
        foreach (string pattern in options.WhyLive)
            if (!report.Explain(pattern))
                output.WriteLine($"no symbol: {pattern}");
    }

    private bool Explain(string pattern)
    {
        bool isFound = false;
        SymbolTable symbols = _program.Symbols;
        for (int place = 0; place < symbols.PlaceCount; place++)
        {
            SymbolId id = symbols.AtPlace(place);
            ref Symbol symbol = ref symbols[id];
            if (!Matches(pattern, symbol.Name))
                continue;
            isFound = true;
            string name = SymbolNames.Display(symbol.Name, _options.Demangle);
            if (symbol.IsLazy)
                _output.WriteLine($"not linked: {name} in {_program.FileOf(id)}");
            else
                Explain(name, _program.FileOf(id), symbol is { IsDefined: true, Element: >= 0 } ? LiveNode.Of(symbol.Kind, symbol.Element) : LiveNode.Of(id), _live.IsLive(id));
        }
        foreach (LinkedObject owner in _program.Objects)
            isFound |= ExplainLocal(pattern, owner);
        return isFound;
    }

    private bool ExplainLocal(string pattern, LinkedObject owner)
    {
        bool isFound = false;
        for (uint i = 0; i < owner.Object.Symbols.Length; i++)
        {
            InputSymbol symbol = owner.Object.Symbols[i];
            if (owner.Bindings[i] >= 0 || symbol.Kind == SymbolKind.Section || !Matches(pattern, owner.Object.NameOf(symbol)))
                continue;
            isFound = true;
            string name = SymbolNames.Display(owner.Object.NameOf(symbol), _options.Demangle);
            Explain(name, owner.DisplayName, LiveNode.Of(symbol.Kind, owner.ElementOf(symbol)), _live.IsLive(owner, i));
        }
        return isFound;
    }

    private void Explain(string name, string file, LiveNode node, bool isLive)
    {
        _output.WriteLine($"{(isLive ? "live" : "dropped")}: {name} in {file}");
        if (!isLive)
            return;
        foreach (string step in _names.Chain(node))
            _output.WriteLine($">>> {step}");
    }

    private bool Matches(string pattern, Utf8String name)
    {
        if (name.IsEmpty)
            return false;
        string text = name.ToString();
        return IsMatch(pattern, text) || (_options.Demangle && IsMatch(pattern, SymbolNames.Display(name, demangle: true)));
    }

    private static bool IsMatch(string pattern, string text) => pattern.Contains('*', StringComparison.Ordinal)
        ? FileSystemName.MatchesSimpleExpression(pattern.Replace("\\", "\\\\", StringComparison.Ordinal), text, ignoreCase: false)
        : pattern == text;
}
