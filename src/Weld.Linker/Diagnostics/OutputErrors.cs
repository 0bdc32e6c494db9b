using Weld.Base.Diagnostics;

namespace Weld.Linker.Diagnostics;

/// <summary>Messages about the output file: WELD0501 to WELD0599.</summary>
public static class OutputErrors
{
    private static readonly DiagnosticDescriptor CannotOpenDescriptor = new("WELD0501", "cannot-open-output", Severity.Error);
    private static readonly DiagnosticDescriptor CannotWriteDescriptor = new("WELD0502", "cannot-write-output", Severity.Error);

    private static readonly DiagnosticDescriptor CannotWriteReportDescriptor = new("WELD0503", "cannot-write-report", Severity.Error);

    /// <param name="what">What the file is, in wasm-ld's words: <c>cannot open map file</c>.</param>
    /// <param name="path">The file.</param>
    /// <param name="reason">Why not.</param>
    public static Diagnostic CannotWriteReport(string what, string path, string reason) =>
        new(CannotWriteReportDescriptor, null, $"{what} {path}: {reason}");

    public static Diagnostic CannotOpen(string path, string reason) =>
        new(CannotOpenDescriptor, null, $"cannot open output file {path}: {reason}");

    public static Diagnostic CannotWrite(string path, string reason) =>
        new(CannotWriteDescriptor, null, $"failed to write output '{path}': {reason}");
}
