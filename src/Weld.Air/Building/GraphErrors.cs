using Weld.Base.Diagnostics;

namespace Weld.Air.Building;

/// <summary>Messages about graphs of basic blocks: WELD1201 to WELD1299. Their location names the block.</summary>
public static class GraphErrors
{
    public static readonly DiagnosticDescriptor NoTerminator = new("WELD1201", "graph-no-terminator", Severity.Error);
    public static readonly DiagnosticDescriptor AfterTerminator = new("WELD1202", "graph-after-terminator", Severity.Error);
    public static readonly DiagnosticDescriptor OpenBody = new("WELD1203", "graph-open-body", Severity.Error);
    public static readonly DiagnosticDescriptor ArgumentCount = new("WELD1204", "graph-argument-count", Severity.Error);
    public static readonly DiagnosticDescriptor ArgumentType = new("WELD1205", "graph-argument-type", Severity.Error);
    public static readonly DiagnosticDescriptor OperandType = new("WELD1206", "graph-operand-type", Severity.Error);
    public static readonly DiagnosticDescriptor NotDominated = new("WELD1207", "graph-not-dominated", Severity.Error);
    public static readonly DiagnosticDescriptor NoSuchBlock = new("WELD1208", "graph-no-such-block", Severity.Error);
    public static readonly DiagnosticDescriptor NoSuchValue = new("WELD1209", "graph-no-such-value", Severity.Error);
}
