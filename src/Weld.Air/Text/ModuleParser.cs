using System.Diagnostics.CodeAnalysis;
using Weld.Base.Diagnostics;

namespace Weld.Air.Text;

/// <summary>Parses a module.</summary>
/// <remarks>
/// Two passes, so that items may be used before they are written: the first reads types and the heads of items, the second
/// constants and bodies. A method that reads something reports what is wrong and then gives null or false; its callers only
/// pass that on, up to the item or instruction, where reading starts again at the next one.
/// </remarks>
internal sealed partial class ModuleParser
{
    private const int MostErrors = 100;

    private static readonly HashSet<string> ItemWords = new(StringComparer.Ordinal)
    {
        "errors", "type", "fn", "var", "const", "extern", "strong", "weak", "internal", "hidden", "threadlocal", "export",
    };

    private readonly SourceText _source;
    private readonly DiagnosticBag _diagnostics;
    private readonly AirModule _module;
    private readonly SourceMap _positions;
    private readonly List<Token> _tokens;
    private readonly HashSet<string> _definedTypes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _usedTypes = new(StringComparer.Ordinal);
    private readonly List<Deferred> _deferred = [];
    private int _at;
    private int _errors;

    /// <param name="source">What to parse.</param>
    /// <param name="diagnostics">Takes what is wrong.</param>
    /// <param name="module">Gets what is read; null for a module of its own.</param>
    public ModuleParser(SourceText source, DiagnosticBag diagnostics, AirModule? module = null)
    {
        _source = source;
        _module = module ?? new AirModule();
        _diagnostics = diagnostics;
        _positions = new SourceMap(source);
        _tokens = Lexer.Run(source.Text, (position, message) => Fail(SyntaxErrors.BadText, position, message), _positions.Comments);
    }

    public ParsedModule? Run()
    {
        ReadHeads();
        foreach ((string name, int position) in _usedTypes)
            if (!_definedTypes.Contains(name))
                Fail(SyntaxErrors.UnknownName, position, $"there is no type ${name}");
        foreach (Deferred deferred in _deferred)
            deferred.Read();
        _module.Positions = _positions;
        return _errors == 0 ? new ParsedModule(_module, _positions) : null;
    }

    /// <summary>Reads a text that is one constant.</summary>
    /// <param name="type">Its type; null if the text says it.</param>
    public ValueId? RunConstant(TypeId? type)
    {
        ValueId? value = type is { } known ? ReadValue(known, 1) : ReadSelfTypedValue();
        if (value is null || (Current.Kind != TokenKind.End && !FailAtToken(SyntaxErrors.Unexpected, "nothing more expected")))
            return null;
        return _errors == 0 ? value : null;
    }

    private readonly record struct Deferred(Action Read);

    private Token Current => _tokens[_at];

    private ReadOnlySpan<char> TextOf(Token token) => _source.Text.AsSpan(token.Start, token.Length);

    private Token Take()
    {
        Token token = _tokens[_at];
        if (token.Kind != TokenKind.End)
            _at++;
        return token;
    }

    private bool TryTake(TokenKind kind)
    {
        if (Current.Kind != kind)
            return false;
        Take();
        return true;
    }

    private bool IsWord(string word) => Current.Kind == TokenKind.Word && TextOf(Current).SequenceEqual(word);

    private bool TryTakeWord(string word)
    {
        if (!IsWord(word))
            return false;
        Take();
        return true;
    }

    private bool Expect(TokenKind kind, string what) => TryTake(kind) || FailHere(SyntaxErrors.Unexpected, $"{what} expected");

    /// <summary>Something is missing before the current token: where the last one ended, if that is in a line before.</summary>
    private bool FailHere(DiagnosticDescriptor kind, string message) =>
        Current.IsFirstOnLine && _at > 0 ? Fail(kind, _tokens[_at - 1].End, message) : FailAtToken(kind, message);

    /// <summary>The current token is wrong.</summary>
    private bool FailAtToken(DiagnosticDescriptor kind, string message) => Current.Kind == TokenKind.Bad ? Fail() : Fail(kind, Current.Start, message);

    /// <summary>For what was reported already.</summary>
    private bool Fail()
    {
        _errors++;
        return false;
    }

    private bool Fail(DiagnosticDescriptor kind, int position, string message)
    {
        if (_errors++ < MostErrors)
            _diagnostics.Add(_source.Describe(kind, position, message));
        else if (_errors == MostErrors + 2)
            _diagnostics.Add(new Diagnostic(SyntaxErrors.TooMany, _source.File, $"more than {MostErrors} errors; the rest is not shown"));
        return false;
    }

    private T? FailAs<T>(DiagnosticDescriptor kind, int position, string message)
        where T : struct
    {
        Fail(kind, position, message);
        return null;
    }

    // ---- Names ----

    /// <summary>The name in a token that has a sign, or is a string.</summary>
    private bool TryName(Token token, [NotNullWhen(true)] out string? name)
    {
        ReadOnlySpan<char> text = TextOf(token);
        if (token.Kind is TokenKind.Local or TokenKind.Item or TokenKind.TypeName)
            text = text[1..];
        name = text.ToString();
        return !text.StartsWith("\"") || StringLiteral.TryParseName(text, out name) is not { } error || Fail(SyntaxErrors.BadLiteral, token.Start, error);
    }

    /// <summary>As <see cref="TryName"/>, without a message.</summary>
    private bool IsName(Token token, [NotNullWhen(true)] out string? name)
    {
        ReadOnlySpan<char> text = TextOf(token)[1..];
        name = text.ToString();
        return !text.StartsWith("\"") || StringLiteral.TryParseName(text, out name) is null;
    }

    /// <summary>A name without a sign: a word or a string.</summary>
    private bool TryTakeName(string what, [NotNullWhen(true)] out string? name)
    {
        name = null;
        if (Current.Kind is not (TokenKind.Word or TokenKind.String))
            return FailHere(SyntaxErrors.Unexpected, $"{what} expected");
        return TryName(Take(), out name);
    }

    private bool TryTakeString(string what, [NotNullWhen(true)] out string? text)
    {
        text = null;
        return Current.Kind == TokenKind.String ? TryName(Take(), out text) : FailHere(SyntaxErrors.Unexpected, $"{what} expected");
    }

    private bool TryTakeItem([NotNullWhen(true)] out AirItem? item)
    {
        item = null;
        Token token = Current;
        if (token.Kind != TokenKind.Item)
            return FailHere(SyntaxErrors.Unexpected, "the name of an item, with @, expected");
        Take();
        return TryName(token, out string? name)
            && (_module.Items.TryFind(name, out item) || Fail(SyntaxErrors.UnknownName, token.Start, $"there is no item @{name}"));
    }

    /// <summary>The error of that name; added to the module if it is new.</summary>
    private bool TryTakeError(out ErrorId error)
    {
        error = default;
        int position = Current.Start;
        if (!TryTakeName("the name of an error", out string? name))
            return false;
        if (!_module.Errors.TryFind(name, out error) && _module.Errors.Count >= ErrorId.Most)
            return Fail(SyntaxErrors.BadNumber, position, $"a module has at most {ErrorId.Most} errors");
        error = _module.Errors.Intern(name);
        return true;
    }

    // ---- Numbers ----

    private BigInteger? TakeInteger(string what, bool mayBeNegative = false)
    {
        bool isNegative = mayBeNegative && TryTake(TokenKind.Minus);
        Token token = Current;
        if (token.Kind != TokenKind.Number)
        {
            FailHere(SyntaxErrors.Unexpected, $"{what} expected");
            return null;
        }
        Take();
        if (!NumberLiteral.TryParseInteger(TextOf(token), out BigInteger value))
            return FailAs<BigInteger>(SyntaxErrors.BadNumber, token.Start, "not an integer");
        return isNegative ? -value : value;
    }

    private long? TakeNumber(string what, long least, long most, bool mayBeNegative = false)
    {
        int position = Current.Start;
        if (TakeInteger(what, mayBeNegative) is not { } value)
            return null;
        return value >= least && value <= most
            ? (long)value
            : FailAs<long>(SyntaxErrors.BadNumber, position, $"{what} is from {least} to {most}");
    }

    /// <summary><c>(N)</c>, after the word align.</summary>
    private int? TakeAlignment()
    {
        if (!Expect(TokenKind.OpenParenthesis, "("))
            return null;
        int position = Current.Start;
        if (TakeNumber("an alignment", 1, 1 << 28) is not { } value)
            return null;
        if (!BitOperations.IsPow2(value))
            return FailAs<int>(SyntaxErrors.BadNumber, position, "an alignment is a power of two");
        return Expect(TokenKind.CloseParenthesis, ")") ? (int)value : null;
    }
}
