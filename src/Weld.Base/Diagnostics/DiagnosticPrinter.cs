using System.Globalization;
using System.Text;

namespace Weld.Base.Diagnostics;

/// <summary>Writes diagnostics for people: <c>weld: error: file(member): message [WELD0000]</c>, and <c>&gt;&gt;&gt; </c> before further lines.
/// What is about a place in a source is written as compilers do: <c>file:line:column: error: message [WELD0000]</c>, and the line below.</summary>
public sealed class DiagnosticPrinter
{
    private const string Red = "\e[0;31m";
    private const string Magenta = "\e[0;35m";
    private const string Reset = "\e[0m";

    private readonly TextWriter _writer;
    private readonly string _program;
    private readonly bool _hasColors;

    /// <param name="writer">Where to write.</param>
    /// <param name="program">What the program is called in the messages.</param>
    /// <param name="hasColors">Whether to color the severity with terminal sequences.</param>
    public DiagnosticPrinter(TextWriter writer, string program, bool hasColors)
    {
        _writer = writer;
        _program = program;
        _hasColors = hasColors;
    }

    /// <summary>Writes everything up to an error limit.</summary>
    /// <param name="diagnostics">What to write, in order.</param>
    /// <param name="errorLimit">How many errors to write; 0 for all.</param>
    /// <param name="limitReached">The message that takes the place of what follows.</param>
    public void Print(IReadOnlyList<Diagnostic> diagnostics, int errorLimit, Diagnostic limitReached)
    {
        int errors = 0;
        for (int i = 0; i < diagnostics.Count; i++)
        {
            if (diagnostics[i].Severity == Severity.Error && ++errors > errorLimit && errorLimit != 0)
            {
                Print(limitReached);
                return;
            }
            Print(diagnostics[i]);
        }
    }

    public void Print(Diagnostic diagnostic)
    {
        string severity = diagnostic.Severity switch
        {
            Severity.Error => "error: ",
            Severity.Warning => "warning: ",
            _ => "note: ",
        };
        string color = diagnostic.Severity == Severity.Error ? Red : Magenta;
        bool isColored = _hasColors && diagnostic.Severity != Severity.Note;
        // Editors look for the place at the start of the line.
        string start = diagnostic.IsInSource ? Escape(diagnostic.Location!) : _program;
        string message = diagnostic.IsInSource ? diagnostic.Message : diagnostic.ToString();
        _writer.Write($"{start}: {(isColored ? color : "")}{severity}{(isColored ? Reset : "")}{Escape(message)} [{diagnostic.Descriptor.Code}]\n");
        foreach (string detail in diagnostic.Details)
            _writer.Write($"{(diagnostic.IsInSource ? "    " : ">>> ")}{Escape(detail)}\n");
    }

    /// <summary>Names come from files: control characters in them must not break lines or reach the terminal.</summary>
    private static string Escape(string text)
    {
        if (!HasControls(text))
            return text;
        var escaped = new StringBuilder();
        foreach (char character in text)
        {
            if (IsControl(character))
                escaped.Append(CultureInfo.InvariantCulture, $"\\x{(int)character:x2}");
            else
                escaped.Append(character);
        }
        return escaped.ToString();
    }

    private static bool HasControls(string text)
    {
        foreach (char character in text)
            if (IsControl(character))
                return true;
        return false;
    }

    private static bool IsControl(char character) => char.IsControl(character) && character != '\t';
}
