using Weld.Air.Layouts;

namespace Weld.Air.Text;

/// <content>Constants.</content>
internal sealed partial class ModuleParser
{
    /// <summary>Less than the table allows, for the parts that a short form stands for.</summary>
    private const int MostValueLevels = AirLimits.ValueDepth / 2;

    private ValueId? ReadValue(TypeId type, int level)
    {
        int position = Current.Start;
        ValueId? value = ReadAnyValue(type, level);
        if (value is { } known)
            _positions.AddFirst(known, position);
        return value;
    }

    private ValueId? ReadAnyValue(TypeId type, int level)
    {
        if (level > MostValueLevels)
            return FailAs<ValueId>(SyntaxErrors.TooDeep, Current.Start, $"constants nest deeper than {MostValueLevels}: make a const of an inner one");
        Token token = Current;
        switch (token.Kind)
        {
            case TokenKind.OpenParenthesis:
                return ReadTypedValue(level);
            case TokenKind.Number or TokenKind.Minus:
                return ReadNumber(type);
            case TokenKind.String:
                return ReadBytes(type);
            case TokenKind.OpenBrace:
                return ReadAggregate(type, level);
            case TokenKind.Question:
                Take();
                return _module.Types[type] is OptionalType optional
                    ? ReadValue(optional.Child, level + 1) is { } payload ? _module.Values.Optional(type, payload) : null
                    : NoSuch(token, type);
            case TokenKind.Dot:
                Take();
                return ReadEnumValue(token, type);
            case TokenKind.Item or TokenKind.Ampersand:
                return ReadPointerValue(type, level);
            case TokenKind.Word:
                return ReadWordValue(type, level);
            default:
                FailHere(SyntaxErrors.Unexpected, "a constant expected");
                return null;
        }
    }

    /// <summary><c>(type constant)</c></summary>
    private ValueId? ReadTypedValue(int level)
    {
        Take();
        return ReadType(1) is { } type && ReadValue(type, level + 1) is { } value && Expect(TokenKind.CloseParenthesis, ")") ? value : null;
    }

    private ValueId? NoSuch(Token token, TypeId type) =>
        FailAs<ValueId>(SyntaxErrors.BadLiteral, token.Start, $"not a constant of type {AirText.Print(_module, type)}");

    // ---- Numbers ----

    private ValueId? ReadNumber(TypeId type)
    {
        Token token = Current;
        bool isNegative = TryTake(TokenKind.Minus);
        if (isNegative && TryTakeWord("inf"))
            return FloatOf(type) is { } infinite ? _module.Values.FloatBits(type, infinite.Infinity(true)) : NoSuch(token, type);
        if (Current.Kind != TokenKind.Number)
        {
            FailHere(SyntaxErrors.Unexpected, "a number expected");
            return null;
        }
        Token number = Take();
        if (FloatOf(type) is { } format)
        {
            return NumberLiteral.TryParseFloat(TextOf(number), isNegative, format, out UInt128 bits)
                ? _module.Values.FloatBits(type, bits)
                : FailAs<ValueId>(SyntaxErrors.BadNumber, number.Start, "not a number");
        }
        if (!NumberLiteral.TryParseInteger(TextOf(number), out BigInteger value))
            return FailAs<ValueId>(SyntaxErrors.BadNumber, number.Start, "not an integer");
        return ToInteger(token, type, isNegative ? -value : value);
    }

    private FloatFormat? FloatOf(TypeId type) => _module.Types[type] is FloatType number ? FloatFormat.Of(number.Bits) : null;

    private ValueId? ToInteger(Token token, TypeId type, BigInteger value)
    {
        AirType found = _module.Types[type];
        if (found is not (IntegerType or EnumType))
            return NoSuch(token, type);
        return found is IntegerType { IsPointerSized: false } integer && !new IntegerShape(integer.IsSigned, integer.Bits).Has(value)
            ? FailAs<ValueId>(SyntaxErrors.BadNumber, token.Start, $"{AirText.Print(_module, type)} has no such number")
            : _module.Values.Integer(type, value);
    }

    // ---- Words ----

    private ValueId? ReadWordValue(TypeId type, int level)
    {
        Token token = Take();
        AirType found = _module.Types[type];
        switch (TextOf(token))
        {
            case "true" when type == TypeId.Bool:
                return ValueId.True;
            case "false" when type == TypeId.Bool:
                return ValueId.False;
            case "undefined":
                return _module.Values.Undefined(type);
            case "null" when found is OptionalType:
                return _module.Values.Null(type);
            case "inf" when FloatOf(type) is { } format:
                return _module.Values.FloatBits(type, format.Infinity(false));
            case "nan" when FloatOf(type) is { } format:
                return _module.Values.FloatBits(type, format.NaN);
            case "bits" when FloatOf(type) is { } format:
                return ReadBits(type, format);
            case "ptr" when found is PointerType:
                return ReadAddress(type);
            case "slice" when found is SliceType slice:
                return ReadSlice(type, slice, level);
            case "ok" when found is ErrorUnionType union:
                return ReadOk(type, union, level);
            case "error" when found is ErrorSetType or ErrorUnionType:
                return ReadErrorValue(type, found);
            default:
                return NoSuch(token, type);
        }
    }

    private ValueId? ReadBits(TypeId type, FloatFormat format)
    {
        if (!Expect(TokenKind.OpenParenthesis, "("))
            return null;
        int position = Current.Start;
        if (TakeInteger("the bits") is not { } bits || !Expect(TokenKind.CloseParenthesis, ")"))
            return null;
        return bits.GetBitLength() <= format.Bits
            ? _module.Values.FloatBits(type, (UInt128)bits)
            : FailAs<ValueId>(SyntaxErrors.BadNumber, position, $"a number of {format.Bits} bits expected");
    }

    private ValueId? ReadAddress(TypeId type) =>
        Expect(TokenKind.OpenParenthesis, "(") && TakeNumber("an address", 0, long.MaxValue) is { } address && Expect(TokenKind.CloseParenthesis, ")")
            ? _module.Values.Address(type, address)
            : null;

    private ValueId? ReadSlice(TypeId type, SliceType slice, int level)
    {
        if (!Expect(TokenKind.OpenParenthesis, "(") || ReadValue(PointerOf(slice), level + 1) is not { } pointer || !Expect(TokenKind.Comma, ",")
            || ReadValue(TypeId.Usize, level + 1) is not { } length || !Expect(TokenKind.CloseParenthesis, ")"))
            return null;
        return _module.Values.Intern(new SliceValue(type, pointer, length));
    }

    private TypeId PointerOf(SliceType slice) => _module.Types.Intern(new PointerType(slice.Child, slice.Alignment)
    {
        IsMany = true,
        IsConst = slice.IsConst,
        IsVolatile = slice.IsVolatile,
        IsAllowZero = slice.IsAllowZero,
    });

    /// <summary><c>ok(constant)</c>: the payload of an error union.</summary>
    private ValueId? ReadOk(TypeId type, ErrorUnionType union, int level) =>
        Expect(TokenKind.OpenParenthesis, "(") && ReadValue(union.Payload, level + 1) is { } value && Expect(TokenKind.CloseParenthesis, ")")
            ? _module.Values.ErrorUnionPayload(type, value)
            : null;

    private ValueId? ReadErrorValue(TypeId type, AirType found)
    {
        if (!Expect(TokenKind.Dot, ".") || !TryTakeError(out ErrorId error))
            return null;
        return found is ErrorUnionType
            ? _module.Values.ErrorUnionError(type, error)
            : _module.Values.Intern(new ErrorValue(type, error));
    }

    private ValueId? ReadEnumValue(Token dot, TypeId type)
    {
        Token token = Current;
        if (_module.Types[type] is not EnumType tags)
            return NoSuch(dot, type);
        if (!TryTakeName("the name of a field", out string? name))
            return null;
        foreach (EnumField field in tags.Fields)
            if (field.Name == name)
                return _module.Values.Integer(type, field.Value);
        return FailAs<ValueId>(SyntaxErrors.UnknownName, token.Start, $"{AirText.Print(_module, type)} has no field {name}");
    }

    // ---- Strings and aggregates ----

    private ValueId? ReadBytes(TypeId type)
    {
        Token token = Take();
        if (StringLiteral.TryParse(TextOf(token), out byte[] bytes) is { } error)
            return FailAs<ValueId>(SyntaxErrors.BadLiteral, token.Start, error);
        switch (_module.Types[type])
        {
            case ArrayType array when array.Child == TypeId.U8:
                return array.Length == (ulong)bytes.Length
                    ? _module.Values.Bytes(type, bytes)
                    : FailAs<ValueId>(SyntaxErrors.BadLiteral, token.Start, $"the array has {array.Length} bytes, the string {bytes.Length}");
            case SliceType slice when slice.Child == TypeId.U8:
                ValueId constant = _module.Values.Bytes(_module.Types.Array(TypeId.U8, (ulong)bytes.Length), bytes);
                return _module.Values.Slice(type, _module.Values.Pointer(PointerOf(slice), constant), (ulong)bytes.Length);
            default:
                return NoSuch(token, type);
        }
    }

    private ValueId? ReadAggregate(TypeId type, int level)
    {
        Token open = Take();
        if (type == TypeId.Void)
            return Expect(TokenKind.CloseBrace, "}") ? ValueId.Void : null;
        if (_module.Types[type] is UnionType union)
            return ReadUnionValue(type, union, level);
        if (!TryCount(type, out ulong count))
            return NoSuch(open, type);
        var elements = new List<ValueId>();
        while (!TryTake(TokenKind.CloseBrace))
        {
            if ((ulong)elements.Count == count)
                return FailAs<ValueId>(SyntaxErrors.BadLiteral, Current.Start, $"more than {count} elements");
            if (ReadValue(ElementType(type, elements.Count), level + 1) is not { } element)
                return null;
            if (elements.Count == 0 && TryTake(TokenKind.Ellipsis))
                return Expect(TokenKind.CloseBrace, "}") ? Repeated(open, type, element) : null;
            elements.Add(element);
            if (!TryTake(TokenKind.Comma) && Current.Kind != TokenKind.CloseBrace)
            {
                FailHere(SyntaxErrors.Unexpected, ", or } expected");
                return null;
            }
        }
        return (ulong)elements.Count == count
            ? _module.Values.Intern(new AggregateValue(type, new Sequence<ValueId>([.. elements])))
            : FailAs<ValueId>(SyntaxErrors.BadLiteral, open.Start, $"{elements.Count} elements instead of {count}");
    }

    private ValueId? Repeated(Token open, TypeId type, ValueId element) =>
        _module.Types[type] is ArrayType or VectorType ? _module.Values.Repeated(type, element) : NoSuch(open, type);

    private bool TryCount(TypeId type, out ulong count)
    {
        (bool isAggregate, count) = _module.Types[type] switch
        {
            ArrayType array => (true, array.Length),
            VectorType vector => (true, (ulong)vector.Length),
            StructType fields => (true, (ulong)fields.Fields.Count),
            _ => default,
        };
        return isAggregate;
    }

    private TypeId ElementType(TypeId type, int index) => _module.Types[type] switch
    {
        ArrayType array => array.Child,
        VectorType vector => vector.Child,
        StructType fields => fields.Fields[index].Type,
        _ => default,
    };

    /// <summary><c>{.field = constant}</c></summary>
    private ValueId? ReadUnionValue(TypeId type, UnionType union, int level)
    {
        if (!Expect(TokenKind.Dot, "."))
            return null;
        Token token = Current;
        if (!TryTakeName("the name of a field", out string? name))
            return null;
        int number = IndexOf(union.Fields, name);
        if (number < 0)
            return FailAs<ValueId>(SyntaxErrors.UnknownName, token.Start, $"{AirText.Print(_module, type)} has no field {name}");
        return Expect(TokenKind.Equal, "=") && ReadValue(union.Fields[number].Type, level + 1) is { } payload && Expect(TokenKind.CloseBrace, "}")
            ? _module.Values.Union(type, number, payload)
            : null;
    }

    private static int IndexOf(Sequence<AirField> fields, string name)
    {
        for (int i = 0; i < fields.Count; i++)
            if (fields[i].Name == name)
                return i;
        return -1;
    }

    // ---- Pointers ----

    /// <summary><c>@item</c> or <c>&amp;(type constant)</c>, and an offset.</summary>
    private ValueId? ReadPointerValue(TypeId type, int level)
    {
        Token token = Current;
        if (_module.Types[type] is not PointerType)
            return NoSuch(token, type);
        var value = new PointerValue(type, PointerBase.Item, default, default, 0);
        if (TryTake(TokenKind.Ampersand))
        {
            if (Current.Kind != TokenKind.OpenParenthesis)
            {
                FailHere(SyntaxErrors.Unexpected, "( with a type and a constant expected");
                return null;
            }
            if (ReadTypedValue(level) is not { } constant)
                return null;
            value = value with { Base = PointerBase.Constant, Constant = constant };
        }
        else if (TryTakeItem(out AirItem? item))
        {
            value = value with { Item = item.Id };
        }
        else
        {
            return null;
        }
        return TryOffset(out long offset) ? _module.Values.Intern(value with { Offset = offset }) : null;
    }

    private bool TryOffset(out long offset)
    {
        offset = 0;
        bool isNegative = Current.Kind == TokenKind.Minus;
        if (Current.IsFirstOnLine || !(TryTake(TokenKind.Plus) || TryTake(TokenKind.Minus)))
            return true;
        if (TakeNumber("an offset", 0, long.MaxValue) is not { } distance)
            return false;
        offset = isNegative ? -distance : distance;
        return true;
    }

    /// <summary>A constant whose type nothing says: with its type, or an item, to which a plain pointer is meant.</summary>
    private ValueId? ReadSelfTypedValue()
    {
        if (Current.Kind == TokenKind.OpenParenthesis)
            return ReadTypedValue(1);
        if (Current.Kind == TokenKind.Item)
            return TryTakeItem(out AirItem? item) && TryOffset(out long offset) ? NaturalPointer(item, offset) : null;
        FailHere(SyntaxErrors.Unexpected, "%name, @item or (type constant) expected");
        return null;
    }

    private ValueId NaturalPointer(AirItem item, long offset)
    {
        ValueId pointer = _module.Values.PointerTo(item.Id);
        return offset == 0 ? pointer : _module.Values.Pointer(_module.Values.TypeOf(pointer), item.Id, offset);
    }
}
