using Weld.Base.Diagnostics;

namespace Weld.Air.Text;

/// <summary>A text with the name of its file: what makes messages that show where.</summary>
public sealed class SourceText
{
    private const int MostShown = 120;

    private readonly List<int> _lineStarts = [0];

    public SourceText(string file, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        File = file;
        Text = text;
        for (int i = text.IndexOf('\n'); i >= 0; i = text.IndexOf('\n', i + 1))
            _lineStarts.Add(i + 1);
    }

    public string File { get; }

    public string Text { get; }

    /// <summary>Line and column of a character, both from 1.</summary>
    public (int Line, int Column) Locate(int position)
    {
        int line = _lineStarts.BinarySearch(position);
        if (line < 0)
            line = ~line - 1;
        return (line + 1, position - _lineStarts[line] + 1);
    }

    /// <summary>A message about the text at a character, with the line and a caret under it.</summary>
    public Diagnostic Describe(DiagnosticDescriptor descriptor, int position, string message)
    {
        (int line, int column) = Locate(position);
        int start = _lineStarts[line - 1];
        int end = line < _lineStarts.Count ? _lineStarts[line] - 1 : Text.Length;
        // Of a line that fills a screen, the part around the place.
        int from = Math.Max(start, Math.Min(position - (MostShown / 2), end - MostShown));
        string shown = Text[from..Math.Min(end, from + MostShown)].TrimEnd('\r');
        return new Diagnostic(descriptor, $"{File}:{line}:{column}", message, Plain(shown), new string(' ', position - from) + "^") { IsInSource = true };
    }

    // One column for each character, whatever it is.
    private static string Plain(string text) => string.Create(text.Length, text, (span, source) =>
    {
        for (int i = 0; i < span.Length; i++)
            span[i] = char.IsControl(source[i]) || char.IsSurrogate(source[i]) ? ' ' : source[i];
    });
}
