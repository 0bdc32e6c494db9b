using System.Buffers;

namespace Weld.Linker.Demangling.Itanium;

/// <content>Expressions: in template arguments, array bounds, decltype, noexcept and constraints.</content>
internal sealed partial class ItaniumParser
{
    private static readonly SearchValues<byte> HexDigits = SearchValues.Create("0123456789abcdef"u8);

    // <expression> ::= [gs] <operator code> …
    //              ::= <expr-primary> | <template-param> | <function-param> | <fold-expr> | <unresolved-name>
    //              ::= (il | tl <type>) <braced-expression>* E
    //              ::= mc | nx | rq | rQ | so | sp | sZ | sP | tr | tw | u …
    private int ParseExpression()
    {
        if (!Enter())
            return None;
        bool isGlobal = Consume('g', 's');
        int row = ParseOperatorCode();
        if (row != OperatorTable.None)
            return Leave(ParseOperation(row, OperatorTable.Get(row), isGlobal));
        return BytesLeft < 2 ? None : Leave(ParseOtherExpression(isGlobal));
    }

    private int ParseOperation(int row, OperatorInfo info, bool isGlobal) => info.Kind switch
    {
        OperatorKind.Binary => ParseTwoOperands(NodeKind.Binary, row, info.Precedence),
        OperatorKind.Prefix => ParsePrefixOperation(row, info),
        OperatorKind.Postfix => ParsePostfixOperation(row, info),
        OperatorKind.Subscript => ParseTwoOperands(NodeKind.Subscript, row, info.Precedence),
        OperatorKind.Member => ParseTwoOperands(NodeKind.Member, row, info.Precedence),
        OperatorKind.New => ParseNew(info, isGlobal),
        OperatorKind.Delete => ParseDelete(info, isGlobal),
        OperatorKind.Call => ParseCall(info),
        OperatorKind.Conversion => ParseConversion(info),
        OperatorKind.Conditional => ParseConditional(info),
        OperatorKind.NamedCast => ParseNamedCast(row, info),
        OperatorKind.TypeOrExpression => ParseTypeOrExpression(row, info),
        _ => None,
    };

    private int ParseTwoOperands(NodeKind kind, int row, Precedence precedence)
    {
        int left = ParseExpression();
        if (left == None)
            return None;
        int right = ParseExpression();
        return right == None ? None : tree.AddExpression(kind, precedence, left, right, row);
    }

    private int ParsePrefixOperation(int row, OperatorInfo info)
    {
        int operand = ParseExpression();
        return operand == None ? None : tree.AddExpression(NodeKind.PrefixOperator, info.Precedence, operand, row);
    }

    // pp_ <expression> is ++x, pp <expression> is x++
    private int ParsePostfixOperation(int row, OperatorInfo info)
    {
        if (Consume('_'))
            return ParsePrefixOperation(row, info);
        int operand = ParseExpression();
        return operand == None ? None : tree.AddExpression(NodeKind.PostfixOperator, info.Precedence, operand, row);
    }

    // [gs] (nw | na) <expression>* _ <type> [pi <expression>*] E
    private int ParseNew(OperatorInfo info, bool isGlobal)
    {
        int placement = ParseExpressionsUntil('_');
        if (placement < 0)
            return None;
        int type = ParseType();
        if (type == None)
            return None;
        int initializers = ItaniumTree.EmptyList;
        if (Consume('p', 'i'))
        {
            initializers = ParseExpressionsUntil('E');
            if (initializers < 0)
                return None;
        }
        else if (!Consume('E'))
        {
            return None;
        }
        int expression = tree.AddExpression(NodeKind.New, info.Precedence, type, placement, initializers);
        tree[expression].Flags = GetAllocationFlags(info, isGlobal);
        return expression;
    }

    private int ParseDelete(OperatorInfo info, bool isGlobal)
    {
        int operand = ParseExpression();
        if (operand == None)
            return None;
        int expression = tree.AddExpression(NodeKind.Delete, info.Precedence, operand);
        tree[expression].Flags = GetAllocationFlags(info, isGlobal);
        return expression;
    }

    private static byte GetAllocationFlags(OperatorInfo info, bool isGlobal) =>
        (byte)((isGlobal ? NodeFlag.Global : 0) | (info.Flag ? NodeFlag.ArrayForm : 0));

    // (cl | cp) <expression>+ E
    private int ParseCall(OperatorInfo info)
    {
        int callee = ParseExpression();
        if (callee == None)
            return None;
        int arguments = ParseExpressionsUntil('E');
        if (arguments < 0)
            return None;
        int expression = tree.AddExpression(NodeKind.Call, info.Precedence, callee, arguments);
        tree[expression].Flags = info.Flag ? NodeFlag.Parenthesized : (byte)0;
        return expression;
    }

    // cv <type> <expression> | cv <type> _ <expression>* E
    private int ParseConversion(OperatorInfo info)
    {
        bool outerTry = _tryTemplateArguments;
        _tryTemplateArguments = false;
        int type = ParseType();
        _tryTemplateArguments = outerTry;
        if (type == None)
            return None;

        int operands;
        if (Consume('_'))
        {
            operands = ParseExpressionsUntil('E');
            if (operands < 0)
                return None;
        }
        else
        {
            int operand = ParseExpression();
            if (operand == None)
                return None;
            operands = tree.AddList([operand]);
        }
        return tree.AddExpression(NodeKind.Conversion, info.Precedence, type, operands);
    }

    private int ParseConditional(OperatorInfo info)
    {
        int condition = ParseExpression();
        if (condition == None)
            return None;
        int whenTrue = ParseExpression();
        if (whenTrue == None)
            return None;
        int whenFalse = ParseExpression();
        return whenFalse == None
            ? None
            : tree.AddExpression(NodeKind.Conditional, info.Precedence, condition, whenTrue, whenFalse);
    }

    private int ParseNamedCast(int row, OperatorInfo info)
    {
        int type = ParseType();
        if (type == None)
            return None;
        int operand = ParseExpression();
        return operand == None ? None : tree.AddExpression(NodeKind.Cast, info.Precedence, operand, type, row);
    }

    private int ParseTypeOrExpression(int row, OperatorInfo info)
    {
        int operand = info.Flag ? ParseType() : ParseExpression();
        return operand == None ? None : tree.AddExpression(NodeKind.Enclosing, info.Precedence, operand, (int)Word.None, row);
    }

    private int ParseOtherExpression(bool isGlobal)
    {
        switch (Peek())
        {
            case (byte)'L':
                return ParsePrimaryExpression();
            case (byte)'T':
                return ParseTemplateParameter();
            case (byte)'f':
                return Peek(1) == 'p' || (Peek(1) == 'L' && IsDigit(Peek(2))) ? ParseFunctionParameter() : ParseFold();
            case (byte)'i' when Consume('i', 'l'):
                return ParseInitializerList(None);
            case (byte)'m' when Consume('m', 'c'):
                return ParsePointerToMemberConversion();
            case (byte)'n' when Consume('n', 'x'):
                return ParseEnclosed(ParseExpression(), Word.NoexceptOf, Precedence.Unary);
            case (byte)'r' when Peek(1) is (byte)'q' or (byte)'Q':
                return ParseRequires();
            case (byte)'s' when Consume('s', 'o'):
                return ParseSubobject();
            case (byte)'s' when Consume('s', 'p'):
                return AddUnlessNone(NodeKind.PackExpansion, ParseExpression());
            case (byte)'s' when Consume('s', 'Z'):
                return Peek() == 'T'
                    ? AddUnlessNone(NodeKind.SizeofPack, ParseTemplateParameter())
                    : ParseEnclosed(ParseFunctionParameter(), Word.SizeofPackOf, Precedence.Primary);
            case (byte)'s' when Consume('s', 'P'):
                int captured = ParseTemplateArgumentsUntilEnd();
                return captured < 0 ? None : ParseEnclosed(tree.Add(NodeKind.List, captured), Word.SizeofPackOf, Precedence.Primary);
            case (byte)'t' when Consume('t', 'l'):
                int type = ParseType();
                return type == None ? None : ParseInitializerList(type);
            case (byte)'t' when Consume('t', 'r'):
                return tree.AddWord(Word.Throw);
            case (byte)'t' when Consume('t', 'w'):
                return AddUnlessNone(NodeKind.Throw, ParseExpression());
            case (byte)'u':
                _position++;
                return ParseVendorExpression();
            default:
                return ParseUnresolvedName(isGlobal);
        }
    }

    private int ParseEnclosed(int operand, Word prefix, Precedence precedence) =>
        operand == None ? None : tree.AddExpression(NodeKind.Enclosing, precedence, operand, (int)prefix);

    /// <summary>A list of expressions up to the terminator, or a negative number on failure.</summary>
    private int ParseExpressionsUntil(char terminator)
    {
        int start = _pending.Count;
        while (!Consume(terminator))
        {
            int expression = ParseExpression();
            if (expression == None)
                return -1;
            _pending.Push(expression);
        }
        return TakePending(start);
    }

    // <expr-primary> ::= L <type> <value> E
    //                ::= L <string type> E
    //                ::= L <lambda type> E
    //                ::= L Dn [0] E
    //                ::= L _Z <encoding> E
    private int ParsePrimaryExpression()
    {
        if (!Consume('L'))
            return None;
        byte first = Peek();
        switch (first)
        {
            case (byte)'b':
                if (Consume("b0E"u8))
                    return tree.AddWord(Word.False);
                return Consume("b1E"u8) ? tree.AddWord(Word.True) : None;
            case (byte)'f':
                return ParseFloatLiteral(digits: 8, NodeFlag.Float);
            case (byte)'d':
                return ParseFloatLiteral(digits: 16, 0);
            case (byte)'e':
                return ParseFloatLiteral(digits: 20, NodeFlag.LongDouble);   // x87 extended, as on the hosts that wasm-ld runs on
            case (byte)'_':
                if (!Consume("_Z"u8))
                    return None;
                int encoding = ParseEncoding();
                return encoding != None && Consume('E') ? encoding : None;
            case (byte)'A':
                int stringType = ParseType();
                return stringType != None && Consume('E') ? tree.Add(NodeKind.StringLiteral, stringType) : None;
            case (byte)'D':
                if (!Consume('D', 'n'))
                    return None;
                Consume('0');
                return Consume('E') ? tree.AddWord(Word.Nullptr) : None;
            case (byte)'T':
                return None;
            case (byte)'U':
                if (Peek(1) != 'l')
                    return None;
                int lambda = ParseUnnamedTypeName(null);
                return lambda != None && Consume('E') ? tree.Add(NodeKind.Lambda, lambda) : None;
            default:
                return IsIntegerType(first, out Word suffix) ? ParseIntegerLiteral(suffix) : ParseEnumLiteral();
        }
    }

    /// <summary>What marks a literal of this type: nothing for int, a suffix, or the type's name.</summary>
    private static bool IsIntegerType(byte letter, out Word suffix)
    {
        suffix = GetIntegerSuffix(letter);
        if (suffix != Word.None)
            return true;
        suffix = letter switch
        {
            (byte)'w' or (byte)'c' or (byte)'a' or (byte)'h' or (byte)'s' or (byte)'t' or (byte)'n' or (byte)'o' => GetBuiltinType(letter),
            _ => Word.None,
        };
        return suffix != Word.None || letter == 'i';
    }

    /// <summary>What follows a literal of this type.</summary>
    internal static Word GetIntegerSuffix(byte letter) => letter switch
    {
        (byte)'j' => Word.SuffixUnsigned,
        (byte)'l' => Word.SuffixLong,
        (byte)'m' => Word.SuffixUnsignedLong,
        (byte)'x' => Word.SuffixLongLong,
        (byte)'y' => Word.SuffixUnsignedLongLong,
        _ => Word.None,
    };

    private int ParseIntegerLiteral(Word suffix)
    {
        _position++;
        TextRange value = ParseNumber(allowNegative: true);
        return !value.IsEmpty && Consume('E') ? tree.AddText(NodeKind.IntegerLiteral, value, (int)suffix) : None;
    }

    private int ParseEnumLiteral()
    {
        int type = ParseType();
        if (type == None)
            return None;
        TextRange value = ParseNumber(allowNegative: true);
        return !value.IsEmpty && Consume('E') ? tree.AddText(NodeKind.EnumLiteral, value, type) : None;
    }

    private int ParseFloatLiteral(int digits, byte flags)
    {
        _position++;
        if (BytesLeft <= digits || _text.AsSpan(_position, digits).IndexOfAnyExcept(HexDigits) >= 0)
            return None;
        int start = _position;
        _position += digits;
        return Consume('E') ? tree.AddFlagged(NodeKind.FloatLiteral, flags, start, digits) : None;
    }

    // <function-param> ::= fpT
    //                  ::= (fp | fL <level> p) <CV-qualifiers> [<number>] _
    private int ParseFunctionParameter()
    {
        if (Consume("fpT"u8))
            return tree.AddWord(Word.This);
        if (!Consume('f', 'p'))
        {
            if (!Consume('f', 'L') || ParseNumber().IsEmpty || !Consume('p'))
                return None;
        }
        ParseQualifiers();
        TextRange number = ParseNumber();
        return Consume('_') ? tree.AddText(NodeKind.FunctionParameter, number) : None;
    }

    // <fold-expr> ::= (fl | fr) <operator> <pack>
    //             ::= (fL | fR) <operator> <expression> <expression>
    private int ParseFold()
    {
        byte kind = Peek(1);
        if (kind is not ((byte)'l' or (byte)'r' or (byte)'L' or (byte)'R'))
            return None;
        _position += 2;
        int row = ParseOperatorCode();
        if (row == OperatorTable.None || !OperatorTable.Get(row).Folds)
            return None;

        int pack = ParseExpression();
        if (pack == None)
            return None;
        int initial = None;
        if (kind is (byte)'L' or (byte)'R')
        {
            initial = ParseExpression();
            if (initial == None)
                return None;
            if (kind == 'L')
                (pack, initial) = (initial, pack);
        }
        int fold = tree.Add(NodeKind.Fold, pack, initial, row);
        tree[fold].Flags = kind is (byte)'l' or (byte)'L' ? NodeFlag.Left : (byte)0;
        return fold;
    }

    // (il | tl <type>) <braced-expression>* E
    private int ParseInitializerList(int type)
    {
        int start = _pending.Count;
        while (!Consume('E'))
        {
            int element = ParseBracedExpression();
            if (element == None)
                return None;
            _pending.Push(element);
        }
        return tree.Add(NodeKind.InitializerList, type, TakePending(start));
    }

    // <braced-expression> ::= <expression>
    //                     ::= di <field source-name> <braced-expression>
    //                     ::= dx <index expression> <braced-expression>
    //                     ::= dX <first expression> <last expression> <braced-expression>
    private int ParseBracedExpression()
    {
        if (!Enter())
            return None;
        if (Consume('d', 'i'))
        {
            int field = ParseSourceName();
            return field == None ? None : ParseBracedRest(NodeKind.BracedField, field, None);
        }
        if (Consume('d', 'x'))
        {
            int index = ParseExpression();
            return index == None ? None : ParseBracedRest(NodeKind.BracedElement, index, None);
        }
        if (Consume('d', 'X'))
        {
            int first = ParseExpression();
            if (first == None)
                return None;
            int last = ParseExpression();
            return last == None ? None : ParseBracedRest(NodeKind.BracedRange, first, last);
        }
        return Leave(ParseExpression());
    }

    private int ParseBracedRest(NodeKind kind, int first, int last)
    {
        int initializer = ParseBracedExpression();
        return initializer == None ? None : Leave(tree.Add(kind, first, last, initializer));
    }

    // mc <type> <expression> [<offset number>] E
    private int ParsePointerToMemberConversion()
    {
        int type = ParseType();
        if (type == None)
            return None;
        int operand = ParseExpression();
        if (operand == None)
            return None;
        ParseNumber(allowNegative: true);
        return Consume('E') ? tree.AddExpression(NodeKind.PointerToMemberConversion, Precedence.Unary, type, operand) : None;
    }

    // so <type> <expression> [<offset number>] (_ [<number>])* [p] E
    private int ParseSubobject()
    {
        int type = ParseType();
        if (type == None)
            return None;
        int of = ParseExpression();
        if (of == None)
            return None;
        TextRange offset = ParseNumber(allowNegative: true);
        while (Consume('_'))
            ParseNumber();
        Consume('p');
        return Consume('E') ? tree.Add(NodeKind.Subobject, offset.Start, offset.Length, type, of) : None;
    }

    // rq <requirement>+ E | rQ <type>* _ <requirement>+ E
    private int ParseRequires()
    {
        bool hasParameters = Peek(1) == 'Q';
        _position += 2;
        int start = _pending.Count;
        if (hasParameters)
        {
            while (!Consume('_'))
            {
                int type = ParseType();
                if (type == None)
                    return None;
                _pending.Push(type);
            }
        }
        int parameters = TakePending(start);
        do
        {
            int requirement = ParseRequirement();
            if (requirement == None)
                return None;
            _pending.Push(requirement);
        }
        while (!Consume('E'));
        return tree.Add(NodeKind.Requires, parameters, TakePending(start));
    }

    // <requirement> ::= X <expression> [N] [R <type-constraint>]
    //               ::= T <type>
    //               ::= Q <constraint>
    private int ParseRequirement()
    {
        if (Consume('T'))
            return AddUnlessNone(NodeKind.TypeRequirement, ParseType());
        if (Consume('Q'))
            return AddUnlessNone(NodeKind.NestedRequirement, ParseExpression());
        if (!Consume('X'))
            return None;

        int expression = ParseExpression();
        if (expression == None)
            return None;
        byte flags = Consume('N') ? NodeFlag.Noexcept : (byte)0;
        int constraint = None;
        if (Consume('R') && (constraint = ParseName(null)) == None)
            return None;
        return tree.AddFlagged(NodeKind.ExpressionRequirement, flags, expression, constraint);
    }

    // u <source-name> <template-arg>* E; the older __uuidof has t <type> or z <expression> instead
    private int ParseVendorExpression()
    {
        int name = ParseSourceName();
        if (name == None)
            return None;
        int arguments;
        if (tree.IsName(name, "__uuidof"u8) && Peek() is (byte)'t' or (byte)'z')
        {
            _position++;
            int argument = _text[_position - 1] == 't' ? ParseType() : ParseExpression();
            if (argument == None)
                return None;
            arguments = tree.AddList([argument]);
        }
        else
        {
            arguments = ParseTemplateArgumentsUntilEnd();
            if (arguments < 0)
                return None;
        }
        return tree.AddExpression(NodeKind.Call, Precedence.Postfix, name, arguments);
    }

    // <unresolved-name> ::= [gs] <base-unresolved-name>
    //                   ::= sr <unresolved-type> [<template-args>] <base-unresolved-name>
    //                   ::= srN <unresolved-type> [<template-args>] <simple-id>* E <base-unresolved-name>
    //                   ::= [gs] sr <simple-id>+ E <base-unresolved-name>
    private int ParseUnresolvedName(bool isGlobal)
    {
        if (!Consume('s', 'r'))
        {
            int name = ParseBaseUnresolvedName();
            return name != None && isGlobal ? tree.Add(NodeKind.GlobalName, name) : name;
        }

        int scope;
        bool hasLevels = Consume('N');
        if (hasLevels || !IsDigit(Peek()))
        {
            scope = ParseUnresolvedScope();
        }
        else
        {
            scope = ParseSimpleId();
            if (scope != None && isGlobal)
                scope = tree.Add(NodeKind.GlobalName, scope);
            hasLevels = true;
        }
        if (scope == None)
            return None;
        while (hasLevels && !Consume('E'))
        {
            int level = ParseSimpleId();
            if (level == None)
                return None;
            scope = tree.Add(NodeKind.NestedName, scope, level);
        }
        int member = ParseBaseUnresolvedName();
        return member == None ? None : tree.Add(NodeKind.NestedName, scope, member);
    }

    private int ParseUnresolvedScope()
    {
        int type = ParseUnresolvedType();
        if (type == None || Peek() != 'I')
            return type;
        int arguments = ParseTemplateArguments();
        return arguments == None ? None : tree.Add(NodeKind.TemplateInstance, type, arguments);
    }

    // <unresolved-type> ::= <template-param> | <decltype> | <substitution>
    private int ParseUnresolvedType()
    {
        int type;
        switch (Peek())
        {
            case (byte)'T':
                type = ParseTemplateParameter();
                break;
            case (byte)'D' when Peek(1) is (byte)'t' or (byte)'T':
                type = ParseDecltype();
                break;
            case (byte)'D':
                return None;
            default:
                return ParseSubstitution();
        }
        if (type != None)
            _substitutions.Push(type);
        return type;
    }

    // <simple-id> ::= <source-name> [<template-args>]
    private int ParseSimpleId()
    {
        int name = ParseSourceName();
        return name == None ? None : ParseOptionalArguments(name);
    }

    // <base-unresolved-name> ::= <simple-id>
    //                        ::= dn (<unresolved-type> | <simple-id>)
    //                        ::= [on] <operator-name> [<template-args>]
    private int ParseBaseUnresolvedName()
    {
        if (IsDigit(Peek()))
            return ParseSimpleId();
        if (Consume('d', 'n'))
            return AddUnlessNone(NodeKind.DestructorOfType, IsDigit(Peek()) ? ParseSimpleId() : ParseUnresolvedType());
        Consume('o', 'n');
        int name = ParseOperatorName(null);
        return name == None ? None : ParseOptionalArguments(name);
    }

    private int ParseOptionalArguments(int name)
    {
        if (Peek() != 'I')
            return name;
        int arguments = ParseTemplateArguments();
        return arguments == None ? None : tree.Add(NodeKind.TemplateInstance, name, arguments);
    }
}
