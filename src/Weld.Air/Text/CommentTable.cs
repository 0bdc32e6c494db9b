using System.Text;

namespace Weld.Air.Text;

/// <summary>Comments by what they are about, so that a module can be printed with them.</summary>
/// <remarks>A comment behind something is about that; one with a line of its own is about what comes next. Comments before
/// everything, with a blank line behind them, are about the file.</remarks>
internal sealed class CommentTable
{
    private readonly Dictionary<int, List<string>> _before = [];
    private readonly Dictionary<int, string> _behind = [];
    private readonly List<string> _header = [];

    public CommentTable(ParsedModule parsed)
    {
        SourceText source = parsed.Positions.Source;
        int[] starts = [.. parsed.Positions.LineStarts(parsed.Module).Distinct().Order(), int.MaxValue];
        int headerEnd = HeaderEnd(parsed.Positions, starts[0]);
        foreach (TextSpan comment in parsed.Positions.Comments)
        {
            string text = source.Text[comment.Start..comment.End].TrimEnd();
            if (comment.Start < headerEnd)
            {
                _header.Add(text);
                if (comment.End < headerEnd && IsSetOff(source, comment))
                    _header.Add("");
                continue;
            }
            int next = ~Array.BinarySearch(starts, comment.Start);
            bool isBehind = next > 0 && source.Locate(starts[next - 1]).Line == source.Locate(comment.Start).Line;
            if (isBehind && _behind.TryAdd(starts[next - 1], text))
                continue;
            if (!_before.TryGetValue(starts[next], out List<string>? lines))
                _before[starts[next]] = lines = [];
            lines.Add(text);
            if (starts[next] != int.MaxValue && IsSetOff(source, comment))
                lines.Add("");
        }
    }

    /// <summary>What to print before everything.</summary>
    public void PrintHeader(StringBuilder output)
    {
        foreach (string line in _header)
            output.Append(line).Append('\n');
    }

    /// <summary>What to print before the line of what starts there; without a place, at the end of all.</summary>
    public void PrintBefore(StringBuilder output, int? start, int indent)
    {
        if (!_before.Remove(start ?? int.MaxValue, out List<string>? lines))
            return;
        foreach (string line in lines)
            if (line.Length > 0)
                output.Append(' ', indent * 2).Append(line).Append('\n');
            else if (indent == 0)
                output.Append('\n');
    }

    /// <summary>What to print behind the line of what starts there.</summary>
    public void PrintBehind(StringBuilder output, int? start)
    {
        if (start is { } at && _behind.TryGetValue(at, out string? text))
            output.Append(' ').Append(text);
    }

    // Where the last comment ends that is about the file; 0 without any.
    private static int HeaderEnd(SourceMap positions, int firstStart)
    {
        int end = 0;
        if (firstStart == int.MaxValue)
            return end;
        foreach (TextSpan comment in positions.Comments)
            if (comment.Start < firstStart && IsSetOff(positions.Source, comment))
                end = comment.End;
        return end;
    }

    private static bool IsSetOff(SourceText source, TextSpan comment) =>
        source.Text.AsSpan(comment.End).TrimStart(' ').StartsWith("\n\n") || source.Text.AsSpan(comment.End).StartsWith("\n\r\n");
}
