using Weld.Base.Diagnostics;

namespace Weld.Linker.Diagnostics;

/// <summary>Messages about the output file: WELD0501 to WELD0599.</summary>
public static class OutputErrors
{
    private static readonly DiagnosticDescriptor CannotOpenDescriptor = new("WELD0501", "cannot-open-output", Severity.Error);
    private static readonly DiagnosticDescriptor CannotWriteDescriptor = new("WELD0502", "cannot-write-output", Severity.Error);

    public static Diagnostic CannotOpen(string path, string reason) =>
        new(CannotOpenDescriptor, null, $"cannot open output file {path}: {reason}");

    public static Diagnostic CannotWrite(string path, string reason) =>
        new(CannotWriteDescriptor, null, $"failed to write output '{path}': {reason}");
}
