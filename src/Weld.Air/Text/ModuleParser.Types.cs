using System.Globalization;

namespace Weld.Air.Text;

/// <content>Types.</content>
internal sealed partial class ModuleParser
{
    /// <summary>A few levels less than the table allows, for what instructions make of types.</summary>
    private const int MostTypeLevels = AirLimits.TypeDepth - 4;

    private static readonly Dictionary<string, TypeId> SimpleTypes = new(StringComparer.Ordinal)
    {
        ["void"] = TypeId.Void,
        ["noreturn"] = TypeId.NoReturn,
        ["bool"] = TypeId.Bool,
        ["usize"] = TypeId.Usize,
        ["isize"] = TypeId.Isize,
        ["f16"] = TypeId.F16,
        ["f32"] = TypeId.F32,
        ["f64"] = TypeId.F64,
        ["f80"] = TypeId.F80,
        ["f128"] = TypeId.F128,
        ["anyerror"] = TypeId.AnyError,
    };

    private static readonly HashSet<string> TypeWords = new(StringComparer.Ordinal) { "fn", "struct", "union", "enum", "extern", "packed", "tuple", "opaque", "error" };

    /// <summary>Whether a type can start with the token; without parentheses.</summary>
    private bool StartsType(Token token) => token.Kind switch
    {
        TokenKind.Question or TokenKind.Star or TokenKind.OpenBracket or TokenKind.TypeName => true,
        TokenKind.Item => TextOf(token).SequenceEqual("@Vector"),
        TokenKind.Word => IsIntegerName(TextOf(token)) || SimpleTypes.GetAlternateLookup<ReadOnlySpan<char>>().ContainsKey(TextOf(token))
            || TypeWords.GetAlternateLookup<ReadOnlySpan<char>>().Contains(TextOf(token)),
        _ => false,
    };

    private static bool IsIntegerName(ReadOnlySpan<char> text) =>
        text.Length > 1 && text[0] is 'u' or 'i' && !text[1..].ContainsAnyExceptInRange('0', '9');

    private TypeId? ReadType(int level)
    {
        int position = Current.Start;
        TypeId? type = ReadAnyType(level);
        if (type is { } known)
            _positions.AddFirst(known, position);
        return type;
    }

    private TypeId? ReadAnyType(int level)
    {
        if (level > MostTypeLevels)
            return FailAs<TypeId>(SyntaxErrors.TooDeep, Current.Start, $"types nest deeper than {MostTypeLevels}: give an inner one a name");
        switch (Current.Kind)
        {
            case TokenKind.Question:
                Take();
                return ReadType(level + 1) is { } payload ? _module.Types.Optional(payload) : null;
            case TokenKind.Star:
                Take();
                return ReadPointer(level, new PointerType(default));
            case TokenKind.OpenBracket:
                Take();
                return ReadBracketed(level);
            default:
                return ReadErrorUnion(level);
        }
    }

    private TypeId? ReadErrorUnion(int level)
    {
        if (ReadPrimary(level) is not { } type)
            return null;
        if (!TryTake(TokenKind.Exclamation))
            return type;
        // The set counted as a level of its own already; only the union adds one.
        if (_module.Types.Depth(type) + level > MostTypeLevels)
            return FailAs<TypeId>(SyntaxErrors.TooDeep, Current.Start, $"types nest deeper than {MostTypeLevels}: give an inner one a name");
        return ReadType(level + 1) is { } payload ? _module.Types.ErrorUnion(type, payload) : null;
    }

    private TypeId? ReadPrimary(int level)
    {
        Token token = Current;
        switch (token.Kind)
        {
            case TokenKind.TypeName:
                Take();
                return ReadTypeName(token);
            case TokenKind.Item when TextOf(token).SequenceEqual("@Vector"):
                Take();
                return ReadVector(level);
            case TokenKind.OpenParenthesis:
                Take();
                return ReadType(level + 1) is { } inner && Expect(TokenKind.CloseParenthesis, ")") ? inner : null;
            case TokenKind.Word when StartsType(token):
                return ReadWordType(level);
            default:
                FailHere(SyntaxErrors.Unexpected, "a type expected");
                return null;
        }
    }

    private TypeId? ReadTypeName(Token token)
    {
        if (!TryName(token, out string? name))
            return null;
        _usedTypes.TryAdd(name, token.Start);
        return _module.Types.Declare(name);
    }

    private TypeId? ReadWordType(int level)
    {
        Token token = Current;
        if (SimpleTypes.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(TextOf(token), out TypeId simple))
        {
            Take();
            return simple;
        }
        if (IsIntegerName(TextOf(token)))
            return ReadIntegerType(Take());
        if (TryTakeWord("fn"))
            return ReadSignature(level + 1, null) is { } function ? _module.Types.Intern(function) : null;
        if (TryTakeWord("error"))
            return ReadErrorSet();
        return ReadNamedType(level) is { } type ? _module.Types.Intern(type) : null;
    }

    private TypeId? ReadIntegerType(Token token)
    {
        ReadOnlySpan<char> digits = TextOf(token)[1..];
        return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int bits) && bits is >= 1 and <= IntegerType.MostBits && digits[0] != '0'
            ? _module.Types.Integer(TextOf(token)[0] == 'i', bits)
            : FailAs<TypeId>(SyntaxErrors.BadNumber, token.Start, $"an integer has from 1 to {IntegerType.MostBits} bits");
    }

    private TypeId? ReadErrorSet()
    {
        if (!Expect(TokenKind.OpenBrace, "{"))
            return null;
        var errors = new List<ErrorId>();
        while (!TryTake(TokenKind.CloseBrace))
        {
            if (!TryTakeError(out ErrorId error))
                return null;
            errors.Add(error);
            if (!TryTake(TokenKind.Comma) && Current.Kind != TokenKind.CloseBrace)
            {
                FailHere(SyntaxErrors.Unexpected, ", or } expected");
                return null;
            }
        }
        return _module.Types.ErrorSet(errors);
    }

    // ---- Pointers, slices, arrays, vectors ----

    private TypeId? ReadPointer(int level, ReferenceType type)
    {
        while (true)
        {
            if (TryTakeWord("const"))
                type = type with { IsConst = true };
            else if (TryTakeWord("volatile"))
                type = type with { IsVolatile = true };
            else if (TryTakeWord("allowzero"))
                type = type with { IsAllowZero = true };
            else if (!TryTakeWord("align"))
                break;
            else if (ReadPointerAlignment(type) is { } aligned)
                type = aligned;
            else
                return null;
        }
        return ReadType(level + 1) is { } child ? _module.Types.Intern(type with { Child = child }) : null;
    }

    /// <summary><c>align(8)</c>, and <c>align(4:3:2)</c>: of the host, then the bit, then the host's bytes.</summary>
    private ReferenceType? ReadPointerAlignment(ReferenceType type)
    {
        if (Current.Kind != TokenKind.OpenParenthesis)
        {
            FailHere(SyntaxErrors.Unexpected, "( expected");
            return null;
        }
        bool isBitPointer = type is PointerType && _tokens[Math.Min(_at + 2, _tokens.Count - 1)].Kind == TokenKind.Colon;
        if (!isBitPointer)
            return TakeAlignment() is { } alignment ? type with { Alignment = alignment } : null;
        Take();
        int position = Current.Start;
        if (TakeNumber("an alignment", 0, 1 << 28) is not { } host || !Expect(TokenKind.Colon, ":")
            || TakeNumber("a bit", 0, IntegerType.MostBits) is not { } bit || !Expect(TokenKind.Colon, ":")
            || TakeNumber("a number of bytes", 1, IntegerType.MostBits) is not { } bytes || !Expect(TokenKind.CloseParenthesis, ")"))
            return null;
        if (host != 0 && !BitOperations.IsPow2(host))
        {
            Fail(SyntaxErrors.BadNumber, position, "an alignment is a power of two");
            return null;
        }
        return (PointerType)type with { Alignment = (int)host, BitOffset = (int)bit, HostBytes = (int)bytes };
    }

    private TypeId? ReadBracketed(int level)
    {
        if (TryTake(TokenKind.CloseBracket))
            return ReadPointer(level, new SliceType(default));
        if (TryTake(TokenKind.Star))
            return Expect(TokenKind.CloseBracket, "]") ? ReadPointer(level, new PointerType(default) { IsMany = true }) : null;
        int position = Current.Start;
        if (TakeInteger("a length") is not { } length)
            return null;
        if (length > ulong.MaxValue)
            return FailAs<TypeId>(SyntaxErrors.BadNumber, position, "no array is that long");
        BigInteger? sentinel = null;
        if (TryTake(TokenKind.Colon) && (sentinel = TakeInteger("a sentinel, as a number,", mayBeNegative: true)) is null)
            return null;
        if (!Expect(TokenKind.CloseBracket, "]") || ReadType(level + 1) is not { } child)
            return null;
        return _module.Types.Array(child, (ulong)length, sentinel is { } last ? OptionalId<ValueId>.Some(_module.Values.Integer(child, last)) : default);
    }

    private TypeId? ReadVector(int level)
    {
        if (!Expect(TokenKind.OpenParenthesis, "(") || TakeNumber("a number of lanes", 1, VectorType.MostLanes) is not { } lanes
            || !Expect(TokenKind.Comma, ",") || ReadType(level + 1) is not { } child || !Expect(TokenKind.CloseParenthesis, ")"))
            return null;
        return _module.Types.Vector(child, (int)lanes);
    }

    // ---- Structs, unions, enums ----

    /// <summary>What may have a name; null also, without a message, if there is nothing of the kind.</summary>
    private NamedType? ReadNamedType(int level)
    {
        if (TryTakeWord("opaque"))
            return new OpaqueType();
        if (TryTakeWord("enum"))
            return ReadEnum(level);
        if (TryTakeWord("tuple"))
            return ReadFields(level, isTuple: true) is { } types ? new StructType(ContainerLayout.Auto, types) { IsTuple = true } : null;
        ContainerLayout layout = TryTakeWord("extern") ? ContainerLayout.Extern : TryTakeWord("packed") ? ContainerLayout.Packed : ContainerLayout.Auto;
        OptionalId<TypeId> backing = default;
        if (layout == ContainerLayout.Packed && !TryTypeInParentheses(level, out backing))
            return null;
        if (TryTakeWord("struct"))
            return ReadFields(level, isTuple: false) is { } fields ? new StructType(layout, fields) { BackingInteger = backing } : null;
        if (TryTakeWord("union"))
            return ReadUnion(level, layout);
        if (layout != ContainerLayout.Auto)
            FailHere(SyntaxErrors.Unexpected, "struct or union expected");
        return null;
    }

    private UnionType? ReadUnion(int level, ContainerLayout layout) =>
        TryTypeInParentheses(level, out OptionalId<TypeId> tag) && ReadFields(level, isTuple: false) is { } fields
            ? new UnionType(layout, fields) { Tag = tag }
            : null;

    private bool TryTypeInParentheses(int level, out OptionalId<TypeId> type)
    {
        type = default;
        if (!TryTake(TokenKind.OpenParenthesis))
            return true;
        if (ReadType(level + 1) is not { } written)
            return false;
        type = OptionalId<TypeId>.Some(written);
        return Expect(TokenKind.CloseParenthesis, ")");
    }

    private Sequence<AirField>? ReadFields(int level, bool isTuple)
    {
        if (!Expect(TokenKind.OpenBrace, "{"))
            return null;
        var fields = new List<AirField>();
        while (!TryTake(TokenKind.CloseBrace))
        {
            string? name = "";
            if (!isTuple && (!TryTakeName("the name of a field", out name) || !Expect(TokenKind.Colon, ":")))
                return null;
            if (ReadType(level + 1) is not { } type)
                return null;
            int? alignment = TryTakeWord("align") ? TakeAlignment() : 0;
            if (alignment is null)
                return null;
            fields.Add(new AirField(name, type, alignment.Value));
            if (!TryTake(TokenKind.Comma) && Current.Kind != TokenKind.CloseBrace)
            {
                FailHere(SyntaxErrors.Unexpected, ", or } expected");
                return null;
            }
        }
        return new Sequence<AirField>([.. fields]);
    }

    private EnumType? ReadEnum(int level)
    {
        if (!Expect(TokenKind.OpenParenthesis, "(") || ReadType(level + 1) is not { } tag || !Expect(TokenKind.CloseParenthesis, ")") || !Expect(TokenKind.OpenBrace, "{"))
            return null;
        var fields = new List<EnumField>();
        bool isOpen = false;
        while (!TryTake(TokenKind.CloseBrace))
        {
            if (TryTakeWord("_"))
                isOpen = true;
            else if (!ReadEnumField(fields))
                return null;
            if (!TryTake(TokenKind.Comma) && Current.Kind != TokenKind.CloseBrace)
            {
                FailHere(SyntaxErrors.Unexpected, ", or } expected");
                return null;
            }
        }
        return new EnumType(tag, new Sequence<EnumField>([.. fields])) { IsOpen = isOpen };
    }

    private bool ReadEnumField(List<EnumField> fields)
    {
        if (!TryTakeName("the name of a field", out string? name))
            return false;
        BigInteger value = fields.Count == 0 ? BigInteger.Zero : fields[^1].Value + 1;
        if (TryTake(TokenKind.Equal))
        {
            if (TakeInteger("a value", mayBeNegative: true) is not { } written)
                return false;
            value = written;
        }
        fields.Add(new EnumField(name, value));
        return true;
    }
}
