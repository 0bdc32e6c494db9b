using System.Text;
using Weld.Base.Diagnostics;

namespace Weld.Air.Text;

/// <summary>Diagnostics of AIR as compilers write them: <c>file:line:col: error: message [WELD0000]</c>, then the line and a caret.</summary>
public static class DiagnosticText
{
    public static string Format(Diagnostic diagnostic)
    {
        ArgumentNullException.ThrowIfNull(diagnostic);
        string severity = diagnostic.Severity switch
        {
            Severity.Error => "error",
            Severity.Warning => "warning",
            _ => "note",
        };
        var text = new StringBuilder();
        if (diagnostic.Location is not null)
            text.Append(diagnostic.Location).Append(": ");
        text.Append(severity).Append(": ").Append(diagnostic.Message).Append(" [").Append(diagnostic.Descriptor.Code).Append("]\n");
        foreach (string detail in diagnostic.Details)
            text.Append("    ").Append(detail).Append('\n');
        return text.ToString();
    }
}
