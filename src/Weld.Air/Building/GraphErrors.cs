using Weld.Base.Diagnostics;

namespace Weld.Air.Building;

/// <summary>Messages about graphs of basic blocks: WELD1301 to WELD1399. Their location names the block.</summary>
public static class GraphErrors
{
    public static readonly DiagnosticDescriptor NoTerminator = new("WELD1301", "graph-no-terminator", Severity.Error);
    public static readonly DiagnosticDescriptor AfterTerminator = new("WELD1302", "graph-after-terminator", Severity.Error);
    public static readonly DiagnosticDescriptor OpenBody = new("WELD1303", "graph-open-body", Severity.Error);
    public static readonly DiagnosticDescriptor ArgumentCount = new("WELD1304", "graph-argument-count", Severity.Error);
    public static readonly DiagnosticDescriptor ArgumentType = new("WELD1305", "graph-argument-type", Severity.Error);
    public static readonly DiagnosticDescriptor OperandType = new("WELD1306", "graph-operand-type", Severity.Error);
    public static readonly DiagnosticDescriptor NotDominated = new("WELD1307", "graph-not-dominated", Severity.Error);
    public static readonly DiagnosticDescriptor NoSuchBlock = new("WELD1308", "graph-no-such-block", Severity.Error);
    public static readonly DiagnosticDescriptor NoSuchValue = new("WELD1309", "graph-no-such-value", Severity.Error);
}
