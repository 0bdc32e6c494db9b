using System.Buffers;
using System.Text;

namespace Weld.Air.Text;

/// <summary>Cuts a text into tokens.</summary>
internal ref struct Lexer(string text, Action<int, string> report, List<TextSpan> comments)
{
    private static readonly SearchValues<char> WordCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_");

    private int _position;
    private bool _isFirstOnLine = true;

    public static bool IsWordCharacter(char character) => WordCharacters.Contains(character);

    /// <param name="text">Any text.</param>
    /// <param name="report">Takes what starts no token, and where it is.</param>
    /// <param name="comments">Takes the comments, from the sign to the end of the line.</param>
    public static List<Token> Run(string text, Action<int, string> report, List<TextSpan> comments)
    {
        var lexer = new Lexer(text, report, comments);
        var tokens = new List<Token>((text.Length / 4) + 1);
        do
            tokens.Add(lexer.Next());
        while (tokens[^1].Kind != TokenKind.End);
        return tokens;
    }

    private Token Next()
    {
        SkipSpace();
        int start = _position;
        TokenKind kind = start == text.Length ? TokenKind.End : Read();
        var token = new Token(kind, _isFirstOnLine, start, _position - start);
        _isFirstOnLine = false;
        return token;
    }

    private void SkipSpace()
    {
        while (_position < text.Length)
        {
            switch (text[_position])
            {
                case '\n':
                    _isFirstOnLine = true;
                    _position++;
                    break;
                case ' ' or '\t' or '\r':
                    _position++;
                    break;
                case ';':
                    int end = text.IndexOf('\n', _position);
                    end = end < 0 ? text.Length : end;
                    comments.Add(new TextSpan(_position, end));
                    _position = end;
                    break;
                default:
                    return;
            }
        }
    }

    private TokenKind Read()
    {
        char first = text[_position];
        if (char.IsAsciiDigit(first))
            return ReadNumber();
        if (IsWordCharacter(first))
        {
            SkipWord(false);
            return TokenKind.Word;
        }
        return first switch
        {
            '%' => ReadName(TokenKind.Local),
            '@' => ReadName(TokenKind.Item),
            '$' => ReadName(TokenKind.TypeName),
            '"' => ReadString(),
            _ => ReadSign(first),
        };
    }

    private TokenKind ReadSign(char first)
    {
        if (text.AsSpan(_position).StartsWith("..."))
            return Take(3, TokenKind.Ellipsis);
        if (text.AsSpan(_position).StartsWith("->"))
            return Take(2, TokenKind.Arrow);
        TokenKind kind = first switch
        {
            '(' => TokenKind.OpenParenthesis,
            ')' => TokenKind.CloseParenthesis,
            '{' => TokenKind.OpenBrace,
            '}' => TokenKind.CloseBrace,
            '[' => TokenKind.OpenBracket,
            ']' => TokenKind.CloseBracket,
            ',' => TokenKind.Comma,
            ':' => TokenKind.Colon,
            '=' => TokenKind.Equal,
            '*' => TokenKind.Star,
            '?' => TokenKind.Question,
            '!' => TokenKind.Exclamation,
            '&' => TokenKind.Ampersand,
            '.' => TokenKind.Dot,
            '-' => TokenKind.Minus,
            '+' => TokenKind.Plus,
            _ => TokenKind.Bad,
        };
        if (kind != TokenKind.Bad)
            return Take(1, kind);
        int length = Rune.DecodeFromUtf16(text.AsSpan(_position), out Rune rune, out int consumed) == OperationStatus.Done ? consumed : 1;
        report(_position, length == 1 && char.IsSurrogate(first) ? "half of a surrogate pair" : $"U+{rune.Value:X4} starts nothing");
        return Take(length, TokenKind.Bad);
    }

    private TokenKind Take(int length, TokenKind kind)
    {
        _position += length;
        return kind;
    }

    private TokenKind ReadName(TokenKind kind)
    {
        int start = _position++;
        if (_position < text.Length && text[_position] == '"')
            return ReadString() == TokenKind.String ? kind : TokenKind.Bad;
        SkipWord(true);
        if (_position > start + 1)
            return kind;
        report(start, "a name is missing after the sign");
        return TokenKind.Bad;
    }

    /// <summary>Dots belong to a name if another character of the name follows.</summary>
    private void SkipWord(bool hasDots)
    {
        while (_position < text.Length)
        {
            bool isDot = hasDots && text[_position] == '.' && _position + 1 < text.Length && IsWordCharacter(text[_position + 1]);
            if (!isDot && !IsWordCharacter(text[_position]))
                return;
            _position++;
        }
    }

    private TokenKind ReadNumber()
    {
        int start = _position;
        SkipWord(false);
        bool isHex = _position > start + 1 && text[start + 1] is 'x' or 'X';
        if (_position + 1 < text.Length && text[_position] == '.' && IsWordCharacter(text[_position + 1]))
        {
            _position++;
            SkipWord(false);
        }
        bool hasExponent = isHex ? text[_position - 1] is 'p' or 'P' : text[_position - 1] is 'e' or 'E';
        if (hasExponent && _position + 1 < text.Length && text[_position] is '+' or '-' && char.IsAsciiDigit(text[_position + 1]))
        {
            _position++;
            SkipWord(false);
        }
        return TokenKind.Number;
    }

    private TokenKind ReadString()
    {
        int start = _position++;
        while (_position < text.Length && text[_position] is not ('"' or '\n'))
            _position += text[_position] == '\\' && _position + 1 < text.Length && text[_position + 1] != '\n' ? 2 : 1;
        if (_position < text.Length && text[_position] == '"')
        {
            _position++;
            return TokenKind.String;
        }
        report(start, "the string does not end in its line");
        return TokenKind.Bad;
    }
}
