using Weld.Linker.Inputs;
using Weld.Linker.Options;
using Weld.Linker.Resolution;

namespace Weld.Linker.Reports;

/// <summary>What the stages of a link record for reports while they work. What nobody asked for is null and costs a comparison.</summary>
public sealed class LinkReports
{
    /// <param name="options">Say which reports are wanted.</param>
    /// <param name="output">Receives what was asked for on standard output, such as <c>--trace</c>.</param>
    /// <param name="log">Receives <c>--verbose</c>; null for nowhere.</param>
    public LinkReports(LinkOptions options, TextWriter output, VerboseLog? log = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(output);
        Output = output;
        Log = options.Verbose ? log : null;
        if (options.Stats || options.TimeTraceFile is not null)
            Times = new TimeRecorder();
        if (options.TraceSymbols.Count != 0)
            Symbols = new SymbolTrace(options.TraceSymbols, output);
        if (options.WhyLive.Count != 0 || (options.MapIsJson && options.MapFile is not null))
            Reasons = new LiveReasons();
    }

    public TextWriter Output { get; }

    public VerboseLog? Log { get; }

    /// <summary>For <c>--stats</c> and <c>--time-trace</c>.</summary>
    public TimeRecorder? Times { get; }

    /// <summary>For <c>--trace-symbol</c>.</summary>
    public SymbolTrace? Symbols { get; }

    /// <summary>For <c>--why-live</c> and the JSON map.</summary>
    public LiveReasons? Reasons { get; }

    /// <summary>For <c>--why-extract</c>: why archive members are linked; null until all are known.</summary>
    public IReadOnlyList<Extraction>? Extractions { get; set; }

    /// <summary>Every file that was opened as an input, in that order.</summary>
    public List<MappedFile> Files { get; } = [];

    /// <summary>Starts a time that ends when the result is disposed of.</summary>
    public TimeScope Time(string name, string? detail = null) => Times?.Begin(name, detail) ?? default;
}
