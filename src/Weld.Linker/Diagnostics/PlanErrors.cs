using Weld.Base.Diagnostics;
using Weld.Linker.Planning;

namespace Weld.Linker.Diagnostics;

/// <summary>Messages about what the output should look like: WELD0401 to WELD0499. First lines are worded as wasm-ld's.</summary>
public static class PlanErrors
{
    private static readonly DiagnosticDescriptor StackAlignmentDescriptor = new("WELD0401", "stack-size-alignment", Severity.Error);
    private static readonly DiagnosticDescriptor GlobalBaseDescriptor = new("WELD0402", "global-base-below-stack", Severity.Error);
    private static readonly DiagnosticDescriptor MemoryAlignmentDescriptor = new("WELD0403", "memory-size-alignment", Severity.Error);
    private static readonly DiagnosticDescriptor MemoryTooSmallDescriptor = new("WELD0404", "memory-too-small", Severity.Error);
    private static readonly DiagnosticDescriptor MemoryTooLargeDescriptor = new("WELD0405", "memory-too-large", Severity.Error);
    private static readonly DiagnosticDescriptor FeatureNotAllowedDescriptor = new("WELD0406", "feature-not-allowed", Severity.Error);
    private static readonly DiagnosticDescriptor FeatureDisallowedDescriptor = new("WELD0407", "feature-disallowed", Severity.Error);
    private static readonly DiagnosticDescriptor FeatureNeededDescriptor = new("WELD0408", "feature-needed", Severity.Error);
    private static readonly DiagnosticDescriptor SharedMemoryDescriptor = new("WELD0409", "shared-memory-disallowed", Severity.Error);
    private static readonly DiagnosticDescriptor MutableGlobalDescriptor = new("WELD0410", "mutable-global", Severity.Error);
    private static readonly DiagnosticDescriptor ConstructorDescriptor = new("WELD0411", "constructor-arguments", Severity.Error);
    private static readonly DiagnosticDescriptor LegacyTableDescriptor = new("WELD0412", "legacy-table-conflict", Severity.Error);
    private static readonly DiagnosticDescriptor TlsUndefinedDescriptor = new("WELD0413", "tls-against-undefined", Severity.Error);
    private static readonly DiagnosticDescriptor RelocationRangeDescriptor = new("WELD0414", "relocation-out-of-range", Severity.Error);
    private static readonly DiagnosticDescriptor DiscardedTargetDescriptor = new("WELD0415", "relocation-to-discarded", Severity.Error);
    private static readonly DiagnosticDescriptor TableTooLargeDescriptor = new("WELD0416", "table-too-large", Severity.Error);
    private static readonly DiagnosticDescriptor DuplicateExportDescriptor = new("WELD0417", "duplicate-export", Severity.Error);
    private static readonly DiagnosticDescriptor OutputTooLargeDescriptor = new("WELD0418", "output-too-large", Severity.Error);
    private static readonly DiagnosticDescriptor PaddingDescriptor = new("WELD0423", "too-much-padding", Severity.Error);
    private static readonly DiagnosticDescriptor MixedSegmentDescriptor = new("WELD0419", "symbol-without-segment", Severity.Error);

    private static readonly DiagnosticDescriptor NotTlsDescriptor = new("WELD0420", "tls-against-shared-data", Severity.Error);
    private static readonly DiagnosticDescriptor NeedsPicDescriptor = new("WELD0421", "relocation-needs-pic", Severity.Error);
    private static readonly DiagnosticDescriptor UndefinedRelativeDescriptor = new("WELD0422", "relative-to-undefined", Severity.Error);

    public static Diagnostic TooMuchPadding(string file, string segment, ulong alignment) =>
        new(PaddingDescriptor, file, $"segment {segment} is aligned to {alignment} bytes, which would fill the output with padding");

    public static Diagnostic StackAlignment() => new(StackAlignmentDescriptor, null, "stack size must be 16-byte aligned");

    public static Diagnostic GlobalBaseBelowStack() =>
        new(GlobalBaseDescriptor, null, "--global-base cannot be less than stack size when --stack-first is used");

    /// <param name="what">"initial heap", "initial memory" or "maximum memory".</param>
    /// <param name="pageSize">The page size in bytes.</param>
    public static Diagnostic MemoryAlignment(string what, ulong pageSize) =>
        new(MemoryAlignmentDescriptor, null, $"{what} must be aligned to the page size ({pageSize} bytes)");

    public static Diagnostic MemoryTooSmall(string what, ulong needed) =>
        new(MemoryTooSmallDescriptor, null, $"{what} too small, {needed} bytes needed");

    public static Diagnostic MemoryTooLarge(string what, ulong limit) =>
        new(MemoryTooLargeDescriptor, null, $"{what} too large, cannot be greater than {limit}");

    public static Diagnostic FeatureNotAllowed(string feature, IReadOnlyList<string> users) =>
        new(FeatureNotAllowedDescriptor, null, $"Target feature '{feature}' used by {users[0]} is not allowed.",
            [.. Others("also used by", users), $"add --extra-features={feature}, or --no-check-features to link anyway"]);

    public static Diagnostic FeatureDisallowed(string feature, IReadOnlyList<string> users, IReadOnlyList<string> disallowers) =>
        new(FeatureDisallowedDescriptor, null,
            $"Target feature '{feature}' used in {users[0]} is disallowed by {disallowers[0]}. Use --no-check-features to suppress.",
            [.. Others("also used in", users), .. Others("also disallowed by", disallowers)]);

    public static Diagnostic FeatureNeeded(string feature, string purpose, IReadOnlyList<string> users) =>
        new(FeatureNeededDescriptor, null, $"'{feature}' feature must be used in order to use {purpose}",
            [.. Others("needed by", ["", .. users]), $"compile with -m{feature}, or pass --extra-features={feature}"]);

    public static Diagnostic SharedMemoryDisallowed(IReadOnlyList<string> files) =>
        new(SharedMemoryDescriptor, null,
            $"--shared-memory is disallowed by {files[0]} because it was not compiled with 'atomics' or 'bulk-memory' features.",
            [.. Others("also by", files), "compile all objects with -pthread (or -matomics -mbulk-memory)"]);

    /// <param name="direction">"imported" or "exported".</param>
    /// <param name="name">The global.</param>
    public static Diagnostic MutableGlobal(string direction, string name) =>
        new(MutableGlobalDescriptor, null,
            $"mutable global {direction} but 'mutable-globals' feature not present in inputs: `{name}`. Use --no-check-features to suppress.");

    public static Diagnostic ConstructorArguments(string name, string file) =>
        new(ConstructorDescriptor, null, $"constructor functions cannot take arguments: {name}", $"named as a constructor by {file}");

    public static Diagnostic LegacyTableConflict(string table, string file) =>
        new(LegacyTableDescriptor, null,
            $"object file not built with 'reference-types' or 'call-indirect-overlong' feature conflicts with import of table {table} by file {file}");

    public static Diagnostic Relocation(string file, string relocation, string name, RelocationProblem problem) => problem switch
    {
        RelocationProblem.UndefinedTls => new(TlsUndefinedDescriptor, file, $"relocation {relocation} cannot be used against an undefined symbol `{name}`"),
        RelocationProblem.NotTls => new(NotTlsDescriptor, file, $"relocation {relocation} cannot be used against non-TLS symbol `{name}`"),
        RelocationProblem.NeedsPic => new(NeedsPicDescriptor, file, $"relocation {relocation} cannot be used against symbol `{name}`; recompile with -fPIC"),
        _ => new(UndefinedRelativeDescriptor, file, $"relocation {relocation} is not supported against an undefined symbol `{name}`"),
    };

    public static Diagnostic RelocationOutOfRange(string file, string relocation, string name, long value) =>
        new(RelocationRangeDescriptor, file, $"relocation {relocation} out of range: {value} does not fit (symbol `{name}`)");

    public static Diagnostic RelocationToDiscarded(string file, string relocation, string name) =>
        new(DiscardedTargetDescriptor, file, $"relocation {relocation} refers to a symbol in a discarded section: `{name}`",
            "another object's COMDAT group of the same name was kept; the object that discards it must not refer to it by a local symbol");

    public static Diagnostic TableTooLarge(ulong size) =>
        new(TableTooLargeDescriptor, null, $"function table too large: {size} elements do not fit into a 32-bit table");

    public static Diagnostic DuplicateExport(string name) =>
        new(DuplicateExportDescriptor, null, $"two exports have the name {name}", "a module with both would be invalid; rename one of them");

    public static Diagnostic OutputTooLarge(string section, long size) =>
        new(OutputTooLargeDescriptor, null, $"section too large: {section} would have {size} bytes, more than a wasm module can hold");

    public static Diagnostic WrongTarget(string file, string relocation, string name) =>
        new(MixedSegmentDescriptor, file, $"relocation {relocation} against `{name}`, which resolved to another kind of symbol");

    private static IEnumerable<string> Others(string what, IReadOnlyList<string> files)
    {
        for (int i = 1; i < files.Count; i++)
            yield return $"{what} {files[i]}";
    }
}
