using Weld.Base.Diagnostics;

namespace Weld.Linker.Options;

/// <summary>What a command line asks for.</summary>
public sealed class CommandLine
{
    private readonly IReadOnlyList<string> _expanded;
    private readonly List<ParsedArgument> _arguments;

    private CommandLine(IReadOnlyList<string> expanded, List<ParsedArgument> arguments, LinkOptions options)
    {
        _expanded = expanded;
        _arguments = arguments;
        Options = options;
    }

    public LinkOptions Options { get; }

    public bool ShowsHelp => Has("--help");

    public bool ShowsVersion => Has("-v") || Has("--version");

    /// <summary>Whether to stop after the version: <c>--version</c>, and <c>-v</c> with nothing to link.</summary>
    public bool StopsAfterVersion => Has("--version") || (Has("-v") && _arguments.TrueForAll(argument => argument.Option is not null));

    /// <summary>Parses a command line. Mistakes in it become diagnostics; help and version can be shown in spite of them.</summary>
    /// <param name="arguments">The arguments, without the program's name.</param>
    /// <param name="diagnostics">Receives the messages; warnings become errors in it if the command line says so.</param>
    /// <param name="table">The options that there are; null for those of the linker.</param>
    public static CommandLine Parse(IReadOnlyList<string> arguments, DiagnosticBag diagnostics, Option[]? table = null)
    {
        arguments = ResponseFiles.Expand(arguments, diagnostics);
        List<ParsedArgument> parsed = OptionParser.Parse(arguments, diagnostics, table);
        return new CommandLine(arguments, parsed, OptionReader.Read(parsed, diagnostics));
    }

    /// <summary>The command line without what wasm-ld does not have; with arguments that nobody knows.</summary>
    public List<string> ArgumentsForWasmLd()
    {
        var dropped = new HashSet<int>();
        foreach (ParsedArgument argument in _arguments)
            if (argument.Option is { IsExtra: true })
                dropped.UnionWith([argument.Position, argument.Position + (argument.IsValueSeparate ? 1 : 0)]);
        return [.. _expanded.Where((_, position) => !dropped.Contains(position))];
    }

    /// <summary>Refuses options that are not implemented; called when there will be a link.</summary>
    public void RefuseNotImplemented(DiagnosticBag diagnostics) => OptionReader.RefuseNotImplemented(_arguments, Options, diagnostics);

    private bool Has(string name) => _arguments.Exists(argument => argument.Option?.Name == name);
}
