using System.Diagnostics.CodeAnalysis;

namespace Weld.Air.Text;

/// <content>Types with names, items, exports.</content>
internal sealed partial class ModuleParser
{
    private void ReadHeads()
    {
        DeclareTypes();
        while (Current.Kind != TokenKind.End)
        {
            int start = _at;
            if (!ReadItem())
                SkipItem(start);
        }
    }

    /// <summary>Gives types their ids in the order of their definitions, wherever they are used first: so they are printed in it.</summary>
    private void DeclareTypes()
    {
        for (int i = 0; i + 1 < _tokens.Count; i++)
        {
            Token token = _tokens[i + 1];
            if (_tokens[i] is { Kind: TokenKind.Word, IsFirstOnLine: true } && token.Kind == TokenKind.TypeName
                && TextOf(_tokens[i]).SequenceEqual("type") && IsName(token, out string? name))
                _module.Types.Declare(name);
        }
    }

    /// <summary>Goes to the next item after one that could not be read.</summary>
    private void SkipItem(int start)
    {
        _at = Math.Max(_at, start + 1);
        while (Current.Kind != TokenKind.End && !(StartsItem() && _source.Locate(Current.Start).Column == 1))
            Take();
    }

    private bool StartsItem() => Current is { Kind: TokenKind.Word, IsFirstOnLine: true } && ItemWords.GetAlternateLookup<ReadOnlySpan<char>>().Contains(TextOf(Current));

    private bool ReadItem()
    {
        if (Current.Kind != TokenKind.Word)
            return FailAtToken(SyntaxErrors.Unexpected, "an item expected: fn, var, const, type, errors, export");
        if (TryTakeWord("errors"))
            return ReadErrors();
        if (TryTakeWord("type"))
            return ReadTypeDefinition();
        if (TryTakeWord("export"))
            return ReadExport();
        Head head = ReadModifiers();
        if (TryTakeWord("fn"))
            return ReadFunction(head);
        if (TryTakeWord("var"))
            return ReadVariable(head, isConst: false);
        return TryTakeWord("const")
            ? ReadVariable(head, isConst: true)
            : FailAtToken(SyntaxErrors.Unexpected, "an item expected: fn, var, const, type, errors, export");
    }

    /// <summary>What is said before <c>fn</c>, <c>var</c> or <c>const</c>, and after the type.</summary>
    private sealed class Head
    {
        public bool IsExtern;
        public bool IsThreadLocal;
        public bool IsHidden;
        public Linkage? Linkage;
        public string? Module;
        public string? Field;
        public string? Section;
        public int Alignment;
        public SourceLocation Location;

        public void ApplyTo(AirItem item)
        {
            item.Linkage = Linkage ?? (IsExtern ? Items.Linkage.Strong : Items.Linkage.Internal);
            item.Visibility = IsHidden ? Visibility.Hidden : Visibility.Default;
            item.ImportModule = Module;
            item.ImportField = Field;
            item.Section = Section;
            item.Location = Location;
        }
    }

    private Head ReadModifiers()
    {
        var head = new Head();
        while (true)
        {
            if (TryTakeWord("extern"))
                head.IsExtern = true;
            else if (TryTakeWord("threadlocal"))
                head.IsThreadLocal = true;
            else if (TryTakeWord("hidden"))
                head.IsHidden = true;
            else if (TakeLinkage() is { } linkage)
                head.Linkage = linkage;
            else
                return head;
        }
    }

    private Linkage? TakeLinkage()
    {
        if (TryTakeWord("strong"))
            return Linkage.Strong;
        if (TryTakeWord("weak"))
            return Linkage.Weak;
        return TryTakeWord("internal") ? Linkage.Internal : null;
    }

    private bool ReadErrors()
    {
        if (!Expect(TokenKind.OpenBrace, "{"))
            return false;
        while (!TryTake(TokenKind.CloseBrace))
        {
            int position = Current.Start;
            int before = _module.Errors.Count;
            if (!TryTakeError(out _))
                return false;
            if (_module.Errors.Count == before)
                return Fail(SyntaxErrors.Redefinition, position, "the module has that error already");
            if (!TryTake(TokenKind.Comma) && Current.Kind != TokenKind.CloseBrace)
                return FailHere(SyntaxErrors.Unexpected, ", or } expected");
        }
        return true;
    }

    private bool ReadTypeDefinition()
    {
        Token token = Current;
        if (!Expect(TokenKind.TypeName, "the name of a type, with $,") || !TryName(token, out string? name))
            return false;
        if (!_definedTypes.Add(name))
            return Fail(SyntaxErrors.Redefinition, token.Start, $"there is a type ${name} already");
        TypeId id = _module.Types.Declare(name);
        _positions.Add(id, token.Start);
        if (!Expect(TokenKind.Equal, "="))
            return false;
        int before = _errors;
        if (ReadNamedType(1) is not { } definition)
            return _errors != before ? Fail() : FailHere(SyntaxErrors.Unexpected, "a struct, union, enum, tuple or opaque expected");
        if (definition is not OpaqueType)
            _module.Types.Define(id, definition);
        return true;
    }

    private bool ReadExport()
    {
        int position = Current.Start;
        if (Current.Kind != TokenKind.Item)
            return FailHere(SyntaxErrors.Unexpected, "the name of an item, with @, expected");
        int nameAt = _at;
        Take();
        if (!TryTakeWord("as"))
            return FailHere(SyntaxErrors.Unexpected, "as expected");
        if (!TryTakeString("a name in quotes", out string? name))
            return false;
        Linkage linkage = TakeLinkage() ?? Linkage.Strong;
        Visibility visibility = TryTakeWord("hidden") ? Visibility.Hidden : Visibility.Default;
        _deferred.Add(new Deferred(() =>
        {
            _at = nameAt;
            if (!TryTakeItem(out AirItem? item))
                return;
            _module.Export(item, name, linkage, visibility);
            _positions.AddExport(position);
        }));
        return true;
    }

    // ---- Functions ----

    private bool ReadFunction(Head head)
    {
        Token token = Current;
        var parameters = new List<(Token Name, TypeId Type)>();
        if (!Expect(TokenKind.Item, "the name of the function, with @,") || !TryName(token, out string? name)
            || ReadSignature(2, parameters) is not { } type || !ReadAttributes(head))
            return false;
        TypeId typeId = _module.Types.Intern(type);
        if (!IsFree(name, token))
            return SkipBody();
        AirFunction function = head.IsExtern ? _module.DeclareFunction(name, typeId) : _module.AddFunction(name, typeId);
        head.ApplyTo(function);
        _positions.Add(function.Id, token.Start);
        if (Current.Kind != TokenKind.OpenBrace)
            return true;
        if (head.IsExtern)
        {
            FailHere(SyntaxErrors.Unexpected, "an extern function has no body");
            return SkipBody();
        }
        int body = _at;
        if (!SkipBody())
            return false;
        _deferred.Add(new Deferred(() =>
        {
            _at = body;
            new BodyParser(this, function, parameters).Read();
        }));
        return true;
    }

    private bool IsFree(string name, Token token) =>
        !_module.Items.TryFind(name, out ItemId _) || Fail(SyntaxErrors.Redefinition, token.Start, $"there is an item @{name} already");

    /// <summary>Parameters, convention and result.</summary>
    private FunctionType? ReadSignature(int level, List<(Token Name, TypeId Type)>? names)
    {
        if (!Expect(TokenKind.OpenParenthesis, "("))
            return null;
        var parameters = new List<TypeId>();
        bool isVariadic = false;
        while (!TryTake(TokenKind.CloseParenthesis))
        {
            isVariadic = TryTake(TokenKind.Ellipsis);
            if (!isVariadic && !ReadParameter(level, parameters, names))
                return null;
            if ((isVariadic || !TryTake(TokenKind.Comma)) && Current.Kind != TokenKind.CloseParenthesis)
            {
                FailHere(SyntaxErrors.Unexpected, isVariadic ? ") expected" : ", or ) expected");
                return null;
            }
        }
        if (!TryConvention(out CallingConvention convention))
            return null;
        TypeId result = TypeId.Void;
        if (TryTake(TokenKind.Arrow))
        {
            if (ReadType(level) is not { } written)
                return null;
            result = written;
        }
        return new FunctionType(new Sequence<TypeId>([.. parameters]), result) { Convention = convention, IsVariadic = isVariadic };
    }

    private bool ReadParameter(int level, List<TypeId> parameters, List<(Token Name, TypeId Type)>? names)
    {
        Token name = default;
        if (names is not null && Current.Kind == TokenKind.Local)
        {
            name = Take();
            if (!Expect(TokenKind.Colon, ":"))
                return false;
        }
        if (ReadType(level) is not { } type)
            return false;
        parameters.Add(type);
        names?.Add((name, type));
        return true;
    }

    private bool TryConvention(out CallingConvention convention)
    {
        convention = CallingConvention.Auto;
        if (!TryTakeWord("callconv"))
            return true;
        if (!Expect(TokenKind.OpenParenthesis, "("))
            return false;
        if (TryTakeWord("c"))
            convention = CallingConvention.C;
        else if (!TryTakeWord("auto"))
            return FailHere(SyntaxErrors.Unexpected, "a calling convention expected: auto or c");
        return Expect(TokenKind.CloseParenthesis, ")");
    }

    /// <summary>Goes behind a body; also behind one whose end is missing, which its reading reports.</summary>
    private bool SkipBody()
    {
        if (Current.Kind != TokenKind.OpenBrace)
            return true;
        int depth = 0;
        do
        {
            depth += Current.Kind == TokenKind.OpenBrace ? 1 : Current.Kind == TokenKind.CloseBrace ? -1 : 0;
            Take();
        }
        while (depth > 0 && Current.Kind != TokenKind.End && !(StartsItem() && _source.Locate(Current.Start).Column == 1));
        return true;
    }

    // ---- Variables ----

    private bool ReadVariable(Head head, bool isConst)
    {
        Token token = Current;
        if (!Expect(TokenKind.Item, "the name of the variable, with @,") || !TryName(token, out string? name) || !Expect(TokenKind.Colon, ":")
            || ReadType(1) is not { } type || !ReadAttributes(head))
            return false;
        int value = TryTake(TokenKind.Equal) ? _at : -1;
        if (value >= 0)
            SkipValue();
        if (!IsFree(name, token))
            return true;
        AirVariable variable = head.IsExtern ? _module.DeclareVariable(name, type, isConst) : _module.AddVariable(name, type, default, isConst);
        head.ApplyTo(variable);
        variable.IsThreadLocal = head.IsThreadLocal;
        variable.Alignment = head.Alignment;
        _positions.Add(variable.Id, token.Start);
        if (value >= 0)
            _deferred.Add(new Deferred(() => ReadInitial(variable, value)));
        return true;
    }

    private void SkipValue()
    {
        int depth = 0;
        while (Current.Kind != TokenKind.End && !(depth <= 0 && StartsItem()) && !(StartsItem() && _source.Locate(Current.Start).Column == 1))
            depth += Take().Kind switch { TokenKind.OpenBrace => 1, TokenKind.CloseBrace => -1, _ => 0 };
    }

    private void ReadInitial(AirVariable variable, int value)
    {
        _at = value;
        if (StartsItem())
            FailHere(SyntaxErrors.Unexpected, "a constant expected");
        else if (ReadValue(variable.Type, 1) is { } initial)
            variable.Initial = OptionalId<ValueId>.Some(initial);
        if (variable.Initial.HasValue && Current.Kind != TokenKind.End && !StartsItem())
            FailAtToken(SyntaxErrors.Unexpected, "the next item expected");
    }

    private bool ReadAttributes(Head head)
    {
        while (true)
        {
            if (TryTakeWord("module"))
            {
                if (!TryTakeInParentheses("the host's module", out head.Module))
                    return false;
            }
            else if (TryTakeWord("field"))
            {
                if (!TryTakeInParentheses("the host's name", out head.Field))
                    return false;
            }
            else if (TryTakeWord("section"))
            {
                if (!TryTakeInParentheses("a section", out head.Section))
                    return false;
            }
            else if (TryTakeWord("at"))
            {
                if (!TryLocation(out head.Location))
                    return false;
            }
            else if (TryTakeWord("align"))
            {
                if (TakeAlignment() is not { } alignment)
                    return false;
                head.Alignment = alignment;
            }
            else
            {
                return true;
            }
        }
    }

    private bool TryTakeInParentheses(string what, [NotNullWhen(true)] out string? text)
    {
        text = null;
        return Expect(TokenKind.OpenParenthesis, "(") && TryTakeString($"{what} in quotes", out text) && Expect(TokenKind.CloseParenthesis, ")");
    }

    private bool TryLocation(out SourceLocation location)
    {
        location = default;
        if (!Expect(TokenKind.OpenParenthesis, "(") || !TryTakeString("a file in quotes", out string? file) || !Expect(TokenKind.Comma, ",")
            || TakeNumber("a line", 0, int.MaxValue) is not { } line)
            return false;
        location = new SourceLocation(file, (int)line);
        return Expect(TokenKind.CloseParenthesis, ")");
    }
}
