using System.Text;

namespace Weld.Air.Tests.Fuzzing;

/// <summary>Damages texts: characters, tokens and lines are removed, doubled, exchanged, and mixed from several texts.</summary>
internal sealed class TextMutator(IReadOnlyList<string> corpus, int seed)
{
    private static readonly string[] Pieces =
    [
        "{", "}", "(", ")", "[", "]", ",", ":", "=", "...", "->", "-", "+", "?", "!", "&", ".", "%", "@", "$", "\"", ";", "\n", "\\",
        "undefined", "null", "error", "error.A", "0", "-1", "255", "256", "4294967296", "99999999999999999999999999", "1e400", "0x", "0x1p-20000", "inf", "nan",
        "u8", "i1", "u65535", "usize", "f16", "f80", "void", "noreturn", "bool", "anyerror", "anyerror!u8", "?u8", "*u8", "[*]u8", "[]u8", "[3]u8", "[0]u8", "@Vector(4, u8)",
        "fn()", "fn(u8) callconv(c) -> u8", "opaque", "struct { x: u8 }", "packed struct { a: u3 }", "union { a: u8 }", "enum(u8) { a }", "tuple { u8 }", "align(8)", "const",
        "ret", "br", "block {", "loop {", "cond_br", "} else {", "case 1 {", "else {", "add", "load", "store", "call", "alloc", "try", "switch_br", "extern", "export", "type",
        "\u00e9", "\ud83d\ude00", "\ud800", "\0", "\r",
    ];

    private readonly Random _random = new(seed);

    public string Next()
    {
        string text = corpus[_random.Next(corpus.Count)];
        for (int count = 1 + _random.Next(4); count > 0; count--)
            text = Mutate(text);
        return text;
    }

    private string Mutate(string text)
    {
        if (text.Length == 0)
            return Pieces[_random.Next(Pieces.Length)];
        return _random.Next(8) switch
        {
            0 => text.Remove(_random.Next(text.Length), 1),
            1 => text.Insert(_random.Next(text.Length), Pieces[_random.Next(Pieces.Length)]),
            2 => ReplaceWord(text, Pieces[_random.Next(Pieces.Length)]),
            3 => ReplaceWord(text, Word(corpus[_random.Next(corpus.Count)])),
            4 => ExchangeLines(text),
            5 => InsertLine(text, Line(corpus[_random.Next(corpus.Count)])),
            6 => RemoveLine(text),
            _ => ReplaceWord(text, Word(text)),
        };
    }

    private string ReplaceWord(string text, string by)
    {
        (int start, int length) = WordAt(text);
        return string.Concat(text.AsSpan(0, start), by, text.AsSpan(start + length));
    }

    private string Word(string text)
    {
        (int start, int length) = WordAt(text);
        return text.Substring(start, length);
    }

    private (int Start, int Length) WordAt(string text)
    {
        int start = _random.Next(text.Length);
        int end = start;
        while (start > 0 && char.IsLetterOrDigit(text[start - 1]))
            start--;
        while (end < text.Length && char.IsLetterOrDigit(text[end]))
            end++;
        return (start, Math.Max(end - start, 1));
    }

    private string Line(string text)
    {
        string[] lines = text.Split('\n');
        return lines[_random.Next(lines.Length)];
    }

    private string InsertLine(string text, string line)
    {
        var lines = text.Split('\n').ToList();
        lines.Insert(_random.Next(lines.Count), line);
        return string.Join('\n', lines);
    }

    private string RemoveLine(string text)
    {
        var lines = text.Split('\n').ToList();
        lines.RemoveAt(_random.Next(lines.Count));
        return string.Join('\n', lines);
    }

    private string ExchangeLines(string text)
    {
        string[] lines = text.Split('\n');
        int first = _random.Next(lines.Length);
        int second = _random.Next(lines.Length);
        (lines[first], lines[second]) = (lines[second], lines[first]);
        var result = new StringBuilder();
        result.AppendJoin('\n', lines);
        return result.ToString();
    }
}
