using System.Text;

namespace Weld.Air.Text;

/// <summary>Comments by what they are about, so that a module can be printed with them.</summary>
/// <remarks>A comment behind something is about that; one with a line of its own is about what comes next.</remarks>
internal sealed class CommentTable
{
    private readonly Dictionary<int, List<string>> _before = [];
    private readonly Dictionary<int, string> _behind = [];

    public CommentTable(ParsedModule parsed)
    {
        SourceText source = parsed.Positions.Source;
        int[] starts = [.. parsed.Positions.LineStarts(parsed.Module).Distinct().Order(), int.MaxValue];
        foreach (TextSpan comment in parsed.Positions.Comments)
        {
            string text = source.Text[comment.Start..comment.End].TrimEnd();
            int next = ~Array.BinarySearch(starts, comment.Start);
            bool isBehind = next > 0 && source.Locate(starts[next - 1]).Line == source.Locate(comment.Start).Line;
            if (isBehind && _behind.TryAdd(starts[next - 1], text))
                continue;
            if (!_before.TryGetValue(starts[next], out List<string>? lines))
                _before[starts[next]] = lines = [];
            lines.Add(text);
            // Sets off what is about a whole file.
            if (starts[next] != int.MaxValue && source.Text.AsSpan(comment.End).StartsWith("\n\n"))
                lines.Add("");
        }
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
}
