using Weld.Base.Diagnostics;

namespace Weld.Linker.Diagnostics;

/// <summary>Messages about the command line: WELD0101 to WELD0199. First lines are worded as wasm-ld's.</summary>
public static class OptionErrors
{
    private static readonly DiagnosticDescriptor UnknownArgumentDescriptor = new("WELD0101", "unknown-argument", Severity.Error);
    private static readonly DiagnosticDescriptor MissingValueDescriptor = new("WELD0102", "missing-value", Severity.Error);
    private static readonly DiagnosticDescriptor NumberExpectedDescriptor = new("WELD0103", "number-expected", Severity.Error);
    private static readonly DiagnosticDescriptor UnknownValueDescriptor = new("WELD0104", "unknown-value", Severity.Error);
    private static readonly DiagnosticDescriptor UnknownZDescriptor = new("WELD0105", "unknown-z-value", Severity.Warning);
    private static readonly DiagnosticDescriptor IncompatibleDescriptor = new("WELD0106", "incompatible-options", Severity.Error);
    private static readonly DiagnosticDescriptor NotImplementedDescriptor = new("WELD0107", "not-implemented", Severity.Error);
    private static readonly DiagnosticDescriptor NoInputDescriptor = new("WELD0108", "no-input-files", Severity.Error);
    private static readonly DiagnosticDescriptor NoOutputDescriptor = new("WELD0109", "no-output-file", Severity.Error);
    private static readonly DiagnosticDescriptor MeaninglessDescriptor = new("WELD0110", "meaningless-option", Severity.Warning);
    private static readonly DiagnosticDescriptor ResponseFileDescriptor = new("WELD0111", "response-file", Severity.Error);
    private static readonly DiagnosticDescriptor FlavorDescriptor = new("WELD0112", "unknown-flavor", Severity.Error);
    private static readonly DiagnosticDescriptor TooManyErrorsDescriptor = new("WELD0113", "too-many-errors", Severity.Error);
    private static readonly DiagnosticDescriptor UnstableDescriptor = new("WELD0114", "unstable-output-kind", Severity.Warning);
    private static readonly DiagnosticDescriptor ExternalLinkerDescriptor = new("WELD0115", "external-linker", Severity.Error);
    private static readonly DiagnosticDescriptor InternalDescriptor = new("WELD0199", "internal-error", Severity.Error);

    public static Diagnostic UnknownArgument(string text, string? suggestion) => suggestion is null
        ? new(UnknownArgumentDescriptor, null, $"unknown argument: {text}")
        : new(UnknownArgumentDescriptor, null, $"unknown argument: {text}", $"did you mean {suggestion}?");

    public static Diagnostic MissingValue(string text) => new(MissingValueDescriptor, null, $"{text}: missing argument");

    public static Diagnostic NumberExpected(string text, string value) =>
        new(NumberExpectedDescriptor, null, $"{text}: number expected, but got '{value}'");

    public static Diagnostic PositiveExpected(string option, string value) =>
        new(NumberExpectedDescriptor, null, $"{option}: expected a positive integer, but got '{value}'");

    public static Diagnostic StackSize(string value) => new(NumberExpectedDescriptor, null, $"invalid stack-size: {value}");

    public static Diagnostic HexExpected(string digits) => new(NumberExpectedDescriptor, null, $"not a hexadecimal value: {digits}");

    public static Diagnostic LtoLevel(string what, string value) => new(UnknownValueDescriptor, null, $"invalid {what} for LTO: {value}");

    public static Diagnostic LtoPartitions() => new(UnknownValueDescriptor, null, "--lto-partitions: number of threads must be > 0");

    public static Diagnostic ThinLtoJobs(string value) => new(UnknownValueDescriptor, null, $"--thinlto-jobs: invalid job count: {value}");

    /// <remarks>The underscore is wasm-ld's.</remarks>
    public static Diagnostic PageSize() => new(UnknownValueDescriptor, null, "--page_size=N must be either 1 or 65536");

    public static Diagnostic UnknownUnresolvedPolicy(string value) =>
        new(UnknownValueDescriptor, null, $"unknown --unresolved-symbols value: {value}", "it is one of report-all, ignore-all and import-dynamic");

    public static Diagnostic UnknownBuildId(string value) =>
        new(UnknownValueDescriptor, null, $"unknown --build-id style: {value}", "it is one of fast, sha1, tree, uuid, none and 0x<hexstring>");

    public static Diagnostic UnknownIcf(string value) =>
        new(UnknownValueDescriptor, null, $"unknown --icf value: {value}", "it is one of none, safe and all");

    public static Diagnostic UnknownMachine(string value) =>
        new(UnknownValueDescriptor, null, $"invalid target architecture: {value}", "it is wasm32 or wasm64");

    public static Diagnostic UnknownColorMode(string value) => new(UnknownValueDescriptor, null, $"unknown option: --color-diagnostics={value}");

    public static Diagnostic UnknownMapFormat(string value) =>
        new(UnknownValueDescriptor, null, $"unknown --map-format: {value}", "it is text or json");

    public static Diagnostic UnknownQuoting(string value) => new(UnknownValueDescriptor, null, $"invalid response file quoting: {value}");

    public static Diagnostic UnknownZ(string value) => new(UnknownZDescriptor, null, $"unknown -z value: {value}");

    public static Diagnostic GrowthConflict() => Incompatible("--max-memory is incompatible with --no-growable-memory");

    public static Diagnostic Incompatible(string message) => new(IncompatibleDescriptor, null, message);

    public static Diagnostic NotImplemented(string option) => new(NotImplementedDescriptor, null, $"{option} is not implemented yet");

    public static Diagnostic NoInputFiles() => new(NoInputDescriptor, null, "no input files");

    public static Diagnostic NoOutputFile() => new(NoOutputDescriptor, null, "no output file specified", "add -o <path>");

    public static Diagnostic Meaningless(string message) => new(MeaninglessDescriptor, null, message);

    public static Diagnostic Unstable(string message) => new(UnstableDescriptor, null, message);

    public static Diagnostic ResponseFile(string message) => new(ResponseFileDescriptor, null, message);

    public static Diagnostic UnknownFlavor(string flavor) =>
        new(FlavorDescriptor, null, $"unknown flavor: {flavor}", "weld links WebAssembly: -flavor wasm");

    public static Diagnostic ExternalLinker(string program, string reason) =>
        new(ExternalLinkerDescriptor, null, $"cannot run the linker {program}: {reason}", "it comes from --linker or from WELD_LINKER in the environment");

    public static Diagnostic TooManyErrors() =>
        new(TooManyErrorsDescriptor, null, "too many errors emitted, stopping now (use --error-limit=0 to see all errors)");

    /// <summary>A fault of weld's own.</summary>
    public static Diagnostic Internal(Exception exception, string version)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return new(InternalDescriptor, null, $"internal error: {exception.GetType().Name}: {exception.Message}",
            $"this is a bug in weld {version}, not in your program; no output was written",
            "please report it with the command line and the inputs; WELD_TRACE=1 in the environment adds where it happened");
    }
}
