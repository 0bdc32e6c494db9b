using System.Text;
using Weld.Base.Diagnostics;
using Weld.Linker.Diagnostics;

namespace Weld.Linker.Options;

/// <summary>Replaces <c>@FILE</c> arguments by the words in the file, also within such files.</summary>
/// <remarks>As in LLVM, a file that does not exist leaves the argument as it is, and names are relative to the current directory.</remarks>
public static class ResponseFiles
{
    /// <returns>The arguments without <c>@FILE</c>; the same list when there was none.</returns>
    public static IReadOnlyList<string> Expand(IReadOnlyList<string> arguments, DiagnosticBag diagnostics)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        ArgumentNullException.ThrowIfNull(diagnostics);
        if (!MayNeedExpansion(arguments))
            return arguments;
        bool isWindows = ReadQuoting(arguments, diagnostics);
        var expanded = new List<string>();
        foreach (string argument in arguments)
            Add(argument, isWindows, [], expanded, diagnostics);
        return expanded;
    }

    /// <summary>Splits into words as the GNU tools do: quotes of both kinds, and a backslash before any character, also within quotes.</summary>
    public static List<string> SplitPosix(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var words = new List<string>();
        var word = new StringBuilder();
        char quote = '\0';
        for (int i = 0; i < text.Length; i++)
        {
            char character = text[i];
            if (character == '\\' && i + 1 < text.Length)
                word.Append(text[++i]);
            else if (quote != '\0')
                quote = character == quote ? '\0' : Append(word, character, quote);
            else if (character is '"' or '\'')
                quote = character;
            else if (!IsSpace(character))
                word.Append(character);
            else
                EndWord(words, word);
        }
        EndWord(words, word);
        return words;
    }

    /// <summary>Splits into words as the C runtime of Windows does: double quotes only, and a backslash counts before a quote only.</summary>
    public static List<string> SplitWindows(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var words = new List<string>();
        var word = new StringBuilder();
        bool isQuoted = false;
        bool hasWord = false;
        for (int i = 0; i < text.Length; i++)
        {
            char character = text[i];
            if (!isQuoted && IsSpace(character))
            {
                if (hasWord)
                    words.Add(word.ToString());
                word.Clear();
                hasWord = false;
                continue;
            }
            hasWord = true;
            if (character == '\\')
                i = AppendBackslashes(text, i, word);
            else if (character != '"')
                word.Append(character);
            else if (isQuoted && i + 1 < text.Length && text[i + 1] == '"')
                word.Append(text[++i]);
            else
                isQuoted = !isQuoted;
        }
        if (hasWord)
            words.Add(word.ToString());
        return words;
    }

    private static bool MayNeedExpansion(IReadOnlyList<string> arguments)
    {
        // The quoting style is checked even if no file needs it.
        foreach (string argument in arguments)
            if (argument.StartsWith('@') || argument.Contains("-rsp-quoting", StringComparison.Ordinal))
                return true;
        return false;
    }

    private static bool ReadQuoting(IReadOnlyList<string> arguments, DiagnosticBag diagnostics)
    {
        string? quoting = null;
        // The whole line is parsed, because "--rsp-quoting" may be another option's value.
        foreach (ParsedArgument argument in OptionParser.Parse(arguments, null))
            if (argument.Option?.Name == "--rsp-quoting")
                quoting = argument.Value;
        if (quoting is not (null or "posix" or "windows"))
            diagnostics.Add(OptionErrors.UnknownQuoting(quoting));
        return quoting is null ? OperatingSystem.IsWindows() : quoting == "windows";
    }

    private static void Add(string argument, bool isWindows, List<string> openFiles, List<string> expanded, DiagnosticBag diagnostics)
    {
        string path = argument.StartsWith('@') ? argument[1..] : "";
        if (path.Length == 0 || !File.Exists(path))
        {
            expanded.Add(argument);
            return;
        }
        string fullPath = Path.GetFullPath(path);
        if (openFiles.Contains(fullPath))
        {
            diagnostics.Add(OptionErrors.ResponseFile($"recursive expansion of: '{fullPath}'"));
            return;
        }
        if (TryReadText(path, diagnostics) is not string text)
            return;
        openFiles.Add(fullPath);
        foreach (string word in isWindows ? SplitWindows(text) : SplitPosix(text))
            Add(word, isWindows, openFiles, expanded, diagnostics);
        openFiles.RemoveAt(openFiles.Count - 1);
    }

    private static string? TryReadText(string path, DiagnosticBag diagnostics)
    {
        try
        {
            // Also takes UTF-16 with a byte order mark, which Windows tools write.
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            diagnostics.Add(OptionErrors.ResponseFile($"cannot open response file {path}: {e.Message}"));
            return null;
        }
    }

    private static bool IsSpace(char character) => character is ' ' or '\t' or '\r' or '\n';

    private static char Append(StringBuilder word, char character, char quote)
    {
        word.Append(character);
        return quote;
    }

    /// <summary>An empty quoted word is dropped, as LLVM does.</summary>
    private static void EndWord(List<string> words, StringBuilder word)
    {
        if (word.Length != 0)
            words.Add(word.ToString());
        word.Clear();
    }

    /// <returns>The index of the last character that was taken.</returns>
    private static int AppendBackslashes(string text, int start, StringBuilder word)
    {
        int end = start;
        while (end < text.Length && text[end] == '\\')
            end++;
        int count = end - start;
        if (end == text.Length || text[end] != '"')
        {
            word.Append('\\', count);
            return end - 1;
        }
        word.Append('\\', count / 2);
        if (count % 2 == 0)
            return end - 1;
        word.Append('"');
        return end;
    }
}
