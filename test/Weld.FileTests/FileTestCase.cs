using System.Text;

namespace Weld.FileTests;

/// <summary>A part of a case file that starts with <c>=== name</c>.</summary>
internal sealed record CaseSection(string Name, string[] Arguments, string Text);

/// <summary>One line of a case's head: a verb and its words.</summary>
internal sealed record CaseCommand(string Verb, string[] Arguments, string Line);

/// <summary>A link and what the lines below it say about it.</summary>
internal sealed class LinkCommand(string line, string[] arguments)
{
    public string Line { get; } = line;

    /// <summary>The arguments, without <c>-o</c> and inputs that are implied.</summary>
    public string[] Arguments { get; } = arguments;

    /// <summary>The parts of the output to print; <c>stdout</c> and <c>file NAME</c> are printed too.</summary>
    public List<string> Dump { get; } = [];

    public List<string> DumpedFiles { get; } = [];

    /// <summary>Words that both linkers' messages must hold.</summary>
    public List<string> Words { get; } = [];

    /// <summary>Words that weld's messages must hold besides.</summary>
    public List<string> WeldWords { get; } = [];
}

/// <summary>A case file, taken apart. docs/file-tests.md describes the format.</summary>
internal sealed class FileTestCase
{
    private const string SectionMarker = "=== ";
    private readonly List<CaseSection> _sections = [];

    public List<CaseCommand> Commands { get; } = [];

    /// <summary>The links, by the command they come from.</summary>
    public Dictionary<CaseCommand, LinkCommand> Links { get; } = [];

    public IEnumerable<CaseSection> Inputs => _sections.Where(static section => section.Name != "expect");

    public string Expected => Find("expect")?.Text ?? "";

    /// <summary>Why weld's answer is not wasm-ld's; null when the two agree.</summary>
    public string? Differs { get; private set; }

    /// <summary>Why the outputs are not given to the validator; null when they are.</summary>
    public string? Unvalidated { get; private set; }

    /// <summary>What is wrong with the objects, on purpose; null when other tools must be able to read them.</summary>
    public string? MalformedObjects { get; private set; }

    public static FileTestCase Parse(string text)
    {
        var result = new FileTestCase();
        string[] lines = text.Split('\n');
        int i = 0;
        for (; i < lines.Length && !lines[i].StartsWith(SectionMarker, StringComparison.Ordinal); i++)
            result.ParseHeadLine(lines[i]);
        while (i < lines.Length)
        {
            string[] words = SplitWords(lines[i++][SectionMarker.Length..]);
            var body = new StringBuilder();
            for (; i < lines.Length && !lines[i].StartsWith(SectionMarker, StringComparison.Ordinal); i++)
                body.Append(lines[i]).Append('\n');
            // The file's last newline would otherwise count twice.
            string contents = i == lines.Length && body.Length > 0 ? body.ToString(0, body.Length - 1) : body.ToString();
            result._sections.Add(new CaseSection(words[0], words[1..], contents));
        }
        if (result.Links.Count == 0)
            throw new FormatException("a case needs a 'test link' line");
        if (!text.StartsWith(";; ", StringComparison.Ordinal))
            throw new FormatException("a case says in its first line what it shows");
        return result;
    }

    /// <summary>The file's text with another expected part.</summary>
    public static string WithExpected(string text, string expected) => Replace(text, "expect", expected);

    /// <summary>Splits at spaces; double quotes keep a word together.</summary>
    public static string[] SplitWords(string line)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        bool isQuoted = false;
        bool any = false;
        foreach (char c in line)
        {
            if (c == '"')
            {
                isQuoted = !isQuoted;
                any = true;
            }
            else if (c == ' ' && !isQuoted)
            {
                if (any)
                    words.Add(word.ToString());
                word.Clear();
                any = false;
            }
            else
            {
                word.Append(c);
                any = true;
            }
        }
        if (any)
            words.Add(word.ToString());
        return [.. words];
    }

    private CaseSection? Find(string name) => _sections.Find(section => section.Name == name);

    private static string Replace(string text, string section, string contents)
    {
        string marker = SectionMarker + section + "\n";
        int start = text.IndexOf("\n" + marker, StringComparison.Ordinal);
        if (start < 0)
            return text.TrimEnd('\n') + "\n" + marker + contents;
        start += marker.Length + 1;
        int end = text.IndexOf("\n" + SectionMarker, start - 1, StringComparison.Ordinal);
        return text[..start] + contents + (end < 0 ? "" : text[(end + 1)..]);
    }

    private void ParseHeadLine(string line)
    {
        if (line.Length == 0 || line.StartsWith(";;", StringComparison.Ordinal))
            return;
        string[] words = SplitWords(line);
        string rest = line.Length > words[0].Length ? line[(words[0].Length + 1)..] : "";
        switch (words[0])
        {
            case "test" when words is ["test", "link", ..]:
                var command = new CaseCommand("link", words[2..], rest);
                Commands.Add(command);
                Links.Add(command, new LinkCommand(rest, words[2..]));
                break;
            case "ar" or "copy" or "mkdir":
                Commands.Add(new CaseCommand(words[0], words[1..], rest));
                break;
            case "dump" when words is ["dump", "file", ..]:
                LastLink.DumpedFiles.AddRange(words[2..]);
                break;
            case "dump":
                LastLink.Dump.AddRange(words[1..]);
                break;
            case "says":
                LastLink.Words.AddRange(words[1..]);
                break;
            case "says-weld":
                LastLink.WeldWords.AddRange(words[1..]);
                break;
            case "differs:" when words.Length > 1:
                Differs = rest;
                break;
            case "unvalidated:" when words.Length > 1:
                Unvalidated = rest;
                break;
            case "malformed:" when words.Length > 1:
                MalformedObjects = rest;
                break;
            default:
                throw new FormatException($"unknown line in the head: {line}");
        }
    }

    private LinkCommand LastLink => Commands.FindLast(static command => command.Verb == "link") is { } command
        ? Links[command]
        : throw new FormatException("this line must follow a 'test link' line");
}
