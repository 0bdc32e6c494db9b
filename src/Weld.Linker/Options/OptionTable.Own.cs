using static Weld.Linker.Options.OptionDashes;
using static Weld.Linker.Options.OptionShape;

namespace Weld.Linker.Options;

/// <content>Options that wasm-ld does not have. They are not passed on by <c>--linker</c>.</content>
public static partial class OptionTable
{
    private static Option[] OwnRows() =>
    [
        Own([new("icf=", OneOrTwo, Joined)], "[none,safe,all]",
            "Fold identical functions: safe keeps function pointers distinct (default: none)", (r, a) => r.SetIcf(a.Value!)),
        Own([new("print-icf-sections", OneOrTwo, Flag)], null,
            "List what is folded", (r, _) => r.Options.PrintIcfSections = true, isLastOnly: false),
        Own([new("no-print-icf-sections", OneOrTwo, Flag)], null,
            "Do not list what is folded (default)", (r, _) => r.Options.PrintIcfSections = false, isLastOnly: false),
        Own([new("separate-debug-file=", Two, Joined), new("separate-debug-file", Two, Flag)], "<file>",
            "Write debug information to <file> (default: <output>.debug.wasm), which the module then refers to", (r, a) => r.Options.SeparateDebugFile = a.Value ?? ""),
        Own([new("map-format=", Two, Joined), new("map-format", Two, Separate)], "[text,json]",
            "Format of the map: wasm-ld's columns (default), or JSON with the reason why each symbol is kept", (r, a) => r.SetMapFormat(a.Value!)),
        Own([new("why-live=", OneOrTwo, Joined), new("why-live", OneOrTwo, Separate)], "<symbol>",
            "Print what keeps the symbol; * stands for any characters", (r, a) => r.Options.WhyLive.Add(a.Value!), isLastOnly: false),
        Own([new("dependency-file=", OneOrTwo, Joined), new("dependency-file", OneOrTwo, Separate)], "<file>",
            "Write a make rule that names all inputs to <file>", (r, a) => r.Options.DependencyFile = a.Value),
        Own([new("stats", OneOrTwo, Flag)], null,
            "Print times and sizes of the stages of the link", (r, _) => r.Options.Stats = true),
        Own([new("time-trace=", OneOrTwo, Joined), new("time-trace", OneOrTwo, Flag)], "<file>",
            "Write times in Chrome's trace format to <file> (default: <output>.time-trace)", (r, a) => r.Options.TimeTraceFile = a.Value ?? ""),
        Own([new("time-trace-granularity=", OneOrTwo, Joined), new("time-trace-granularity", OneOrTwo, Separate)], "<microseconds>",
            "Leave shorter times out of the time trace (default: 500)", (r, a) => r.Options.TimeTraceGranularity = r.ReadSize(a)),
        Own([new("lto-driver=", Two, Joined)], "<program>",
            "Compile bitcode with this clang or llc; also WELD_LTO_DRIVER in the environment (default: from PATH)", (r, a) => r.Options.LtoDriver = a.Value),
        Own([new("linker=", Two, Joined)], "<program>",
            "Let another linker such as wasm-ld do all the work; also WELD_LINKER in the environment", (r, a) => r.Options.ExternalLinker = a.Value),
    ];

    private static Option Own(
        OptionSpelling[] spellings, string? metavar, string help, Action<OptionReader, ParsedArgument> apply, bool isLastOnly = true) =>
        new() { Spellings = spellings, Metavar = metavar, Help = help, IsExtra = true, IsLastOnly = isLastOnly, Apply = apply };
}
