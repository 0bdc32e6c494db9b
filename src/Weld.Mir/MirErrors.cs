using Weld.Base.Diagnostics;

namespace Weld.Mir;

/// <summary>Every message about a module in memory: WELD0901 to WELD0999.</summary>
internal static class MirErrors
{
    private static readonly DiagnosticDescriptor RemovedDescriptor = new("WELD0901", "removed-item-used", Severity.Error);
    private static readonly DiagnosticDescriptor UnknownDescriptor = new("WELD0902", "unknown-item-used", Severity.Error);
    private static readonly DiagnosticDescriptor DeclarationDescriptor = new("WELD0903", "export-of-declaration", Severity.Error);
    private static readonly DiagnosticDescriptor TooLargeDescriptor = new("WELD0904", "module-too-large", Severity.Error);

    /// <param name="referrer">What refers to it, for example <c>function main</c>.</param>
    /// <param name="target">What was removed, for example <c>function helper</c>.</param>
    public static Diagnostic Removed(string referrer, string target) =>
        new(RemovedDescriptor, referrer, $"refers to {target}, which was removed from the module");

    public static Diagnostic Unknown(string referrer, string target) =>
        new(UnknownDescriptor, referrer, $"refers to {target}, which is not in the module");

    public static Diagnostic Declaration(string referrer, string target) =>
        new(DeclarationDescriptor, referrer, $"refers to {target}, which is only declared");

    public static Diagnostic TooLarge(ulong size) =>
        new(TooLargeDescriptor, null, $"the module has {size} bytes of code and data, more than an object can hold");
}
