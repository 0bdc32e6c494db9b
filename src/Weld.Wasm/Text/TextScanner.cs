using System.Globalization;
using System.Text;
using Weld.Base.Diagnostics;

namespace Weld.Wasm.Text;

/// <summary>What a token of object text is.</summary>
internal enum TokenKind : byte
{
    Word,
    String,
    Punctuation,
    End,
}

/// <summary>One token. Its text holds one character per byte of the source, so that names and strings may be any bytes.</summary>
internal readonly record struct Token(TokenKind Kind, string Text, int Line)
{
    public bool Is(string punctuationOrWord) => Kind != TokenKind.String && Text == punctuationOrWord;

    public byte[] Bytes => Encoding.Latin1.GetBytes(Text);
}

/// <summary>The tokens of object text and a place among them.</summary>
internal sealed class TextScanner
{
    private const string Punctuation = "(){}=:,";
    private readonly List<Token> _tokens = [];

    public TextScanner(string text)
    {
        string source = Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text));
        int line = 1;
        for (int i = 0; i < source.Length;)
            i = ScanToken(source, i, ref line);
        _tokens.Add(new Token(TokenKind.End, "end of text", line));
    }

    public int Position { get; set; }

    public Token Current => _tokens[Position];

    public bool AtEnd => Current.Kind == TokenKind.End;

    public Token Next() => AtEnd ? Current : _tokens[Position++];

    public Token Peek(int distance) => _tokens[Math.Min(Position + distance, _tokens.Count - 1)];

    public bool Accept(string text)
    {
        if (!Current.Is(text))
            return false;
        Position++;
        return true;
    }

    public void Expect(string text)
    {
        if (!Accept(text))
            throw Error($"'{text}' expected, not '{Current.Text}'");
    }

    public string ExpectName()
    {
        Token token = Next();
        if (token.Kind is TokenKind.Punctuation or TokenKind.End)
            throw Error($"a name expected, not '{token.Text}'");
        return token.Text;
    }

    public long ExpectNumber() =>
        TryParseNumber(Current, out long value) ? Take(value) : throw Error($"a number expected, not '{Current.Text}'");

    public bool AtNumber => TryParseNumber(Current, out _);

    /// <summary>Skips a block; the current token is the one after its opening brace.</summary>
    public void SkipBlock()
    {
        for (int depth = 1; depth > 0;)
        {
            Token token = Next();
            if (token.Kind == TokenKind.End)
                throw Error("'}' is missing");
            depth += token.Is("{") ? 1 : token.Is("}") ? -1 : 0;
        }
    }

    public MalformedInputException Error(string message) => new($"line {Current.Line}: {message}");

    public static bool TryParseNumber(Token token, out long value)
    {
        value = 0;
        if (token.Kind != TokenKind.Word)
            return false;
        ReadOnlySpan<char> text = token.Text;
        bool isNegative = text[0] == '-';
        if (isNegative || text[0] == '+')
            text = text[1..];
        ulong magnitude;
        bool isNumber = text.StartsWith("0x", StringComparison.Ordinal)
            ? ulong.TryParse(text[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out magnitude)
            : ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out magnitude);
        value = isNegative ? -(long)magnitude : (long)magnitude;
        return isNumber;
    }

    private long Take(long value)
    {
        Position++;
        return value;
    }

    private int ScanToken(string source, int start, ref int line)
    {
        char c = source[start];
        if (c == '\n')
            line++;
        if (char.IsWhiteSpace(c))
            return start + 1;
        if (c == ';')
        {
            int newLine = source.IndexOf('\n', start);
            return newLine < 0 ? source.Length : newLine;
        }
        if (c == '"')
            return ScanString(source, start + 1, line);
        if (Punctuation.Contains(c, StringComparison.Ordinal))
        {
            _tokens.Add(new Token(TokenKind.Punctuation, source[start].ToString(), line));
            return start + 1;
        }
        int end = start;
        while (end < source.Length && !char.IsWhiteSpace(source[end]) && source[end] is not ('"' or ';') && !Punctuation.Contains(source[end], StringComparison.Ordinal))
            end++;
        _tokens.Add(new Token(TokenKind.Word, source[start..end], line));
        return end;
    }

    private int ScanString(string source, int start, int line)
    {
        var text = new StringBuilder();
        int i = start;
        for (; i < source.Length && source[i] != '"'; i++)
        {
            if (source[i] == '\n')
                break;
            if (source[i] != '\\')
            {
                text.Append(source[i]);
                continue;
            }
            i++;
            char escape = i < source.Length ? source[i] : '\0';
            if (char.IsAsciiHexDigit(escape) && i + 1 < source.Length && char.IsAsciiHexDigit(source[i + 1]))
            {
                text.Append((char)byte.Parse(source.AsSpan(i, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
                i++;
            }
            else
            {
                text.Append(escape switch
                {
                    'n' => '\n',
                    't' => '\t',
                    '"' or '\\' => escape,
                    _ => throw new MalformedInputException($"line {line}: unknown escape \\{escape}"),
                });
            }
        }
        if (i >= source.Length || source[i] != '"')
            throw new MalformedInputException($"line {line}: the string has no end");
        _tokens.Add(new Token(TokenKind.String, text.ToString(), line));
        return i + 1;
    }
}
