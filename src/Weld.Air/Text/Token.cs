namespace Weld.Air.Text;

/// <summary>What a piece of text is.</summary>
internal enum TokenKind : byte
{
    End,

    /// <summary>A word without a sign before it.</summary>
    Word,

    /// <summary><c>%name</c></summary>
    Local,

    /// <summary><c>@name</c></summary>
    Item,

    /// <summary><c>$name</c></summary>
    TypeName,
    Number,

    /// <summary><c>"…"</c></summary>
    String,
    OpenParenthesis,
    CloseParenthesis,
    OpenBrace,
    CloseBrace,
    OpenBracket,
    CloseBracket,
    Comma,
    Colon,
    Equal,
    Star,
    Question,
    Exclamation,
    Ampersand,
    Dot,
    Ellipsis,
    Arrow,
    Minus,
    Plus,

    /// <summary>What no token starts with; reported when it was read.</summary>
    Bad,
}

/// <summary>A piece of the text.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="IsFirstOnLine">Whether only white space is before it in its line.</param>
/// <param name="Start">Where it starts, in characters.</param>
/// <param name="Length">In characters.</param>
internal readonly record struct Token(TokenKind Kind, bool IsFirstOnLine, int Start, int Length)
{
    public int End => Start + Length;
}
