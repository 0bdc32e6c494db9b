using Weld.Base.Diagnostics;

namespace Weld.Air.Text;

/// <summary>Kinds of messages about text that is not AIR: WELD1001 to WELD1099.</summary>
public static class SyntaxErrors
{
    public static readonly DiagnosticDescriptor Unexpected = new("WELD1001", "air-syntax", Severity.Error);
    public static readonly DiagnosticDescriptor UnknownName = new("WELD1002", "air-unknown-name", Severity.Error);
    public static readonly DiagnosticDescriptor Redefinition = new("WELD1003", "air-redefinition", Severity.Error);
    public static readonly DiagnosticDescriptor BadLiteral = new("WELD1004", "air-bad-literal", Severity.Error);
    public static readonly DiagnosticDescriptor BadNumber = new("WELD1005", "air-bad-number", Severity.Error);
    public static readonly DiagnosticDescriptor TooDeep = new("WELD1006", "air-too-deep", Severity.Error);
    public static readonly DiagnosticDescriptor TypeMismatch = new("WELD1007", "air-written-type", Severity.Error);
    public static readonly DiagnosticDescriptor TooMany = new("WELD1008", "air-too-many-errors", Severity.Error);
    public static readonly DiagnosticDescriptor BadText = new("WELD1009", "air-bad-text", Severity.Error);
}
