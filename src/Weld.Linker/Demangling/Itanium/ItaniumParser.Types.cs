namespace Weld.Linker.Demangling.Itanium;

/// <content>Types.</content>
internal sealed partial class ItaniumParser
{
    // <type> ::= <builtin-type>
    //        ::= <qualified-type>
    //        ::= <function-type>
    //        ::= <class-enum-type>
    //        ::= <array-type>
    //        ::= <pointer-to-member-type>
    //        ::= <template-param> [<template-args>]
    //        ::= <substitution> [<template-args>]
    //        ::= <decltype>
    //        ::= (P | R | O | C | G) <type>
    //        ::= D …
    private int ParseType()
    {
        if (!Enter())
            return None;
        Word builtin = GetBuiltinType(Peek());
        if (builtin != Word.None)
        {
            _position++;
            return Leave(tree.AddWord(builtin));
        }
        int type = ParseCompoundType(out bool isSubstitutable);
        if (type == None)
            return None;
        if (isSubstitutable)
            _substitutions.Push(type);
        return Leave(type);
    }

    private int ParseCompoundType(out bool isSubstitutable)
    {
        isSubstitutable = true;
        switch (Peek())
        {
            case (byte)'r' or (byte)'V' or (byte)'K':
                return AtQualifiedFunctionType() ? ParseFunctionType() : ParseQualifiedType();
            case (byte)'U':
                return ParseQualifiedType();
            case (byte)'u':
                _position++;
                return ParseVendorType();
            case (byte)'D':
                return ParseTypeOfD(out isSubstitutable);
            case (byte)'F':
                return ParseFunctionType();
            case (byte)'A':
                return ParseArrayType();
            case (byte)'M':
                return ParsePointerToMember();
            case (byte)'T' when Peek(1) is not ((byte)'s' or (byte)'u' or (byte)'e'):
                return ParseTemplateParameterType();
            case (byte)'P':
                _position++;
                int pointee = ParseType();
                return pointee == None ? None : tree.AddShaped(NodeKind.Pointer, tree[pointee].Shape & Shape.RightSideMask, pointee);
            case (byte)'R':
                _position++;
                return ParseReference(NodeFlag.LValue);
            case (byte)'O':
                _position++;
                return ParseReference(NodeFlag.RValue);
            case (byte)'C':
                _position++;
                return AddPostfixQualified(ParseType(), Word.AfterComplex);
            case (byte)'G':
                _position++;
                return AddPostfixQualified(ParseType(), Word.AfterImaginary);
            case (byte)'S' when Peek(1) != 't':
                return ParseSubstitutedType(out isSubstitutable);
            default:
                return ParseClassOrEnum();
        }
    }

    internal static Word GetBuiltinType(byte letter) => letter switch
    {
        (byte)'v' => Word.Void,
        (byte)'w' => Word.WideChar,
        (byte)'b' => Word.Bool,
        (byte)'c' => Word.Char,
        (byte)'a' => Word.SignedChar,
        (byte)'h' => Word.UnsignedChar,
        (byte)'s' => Word.Short,
        (byte)'t' => Word.UnsignedShort,
        (byte)'i' => Word.Int,
        (byte)'j' => Word.UnsignedInt,
        (byte)'l' => Word.Long,
        (byte)'m' => Word.UnsignedLong,
        (byte)'x' => Word.LongLong,
        (byte)'y' => Word.UnsignedLongLong,
        (byte)'n' => Word.Int128,
        (byte)'o' => Word.UnsignedInt128,
        (byte)'f' => Word.Float,
        (byte)'d' => Word.Double,
        (byte)'e' => Word.LongDouble,
        (byte)'g' => Word.Float128,
        (byte)'z' => Word.Ellipsis,
        _ => Word.None,
    };

    // The types that start with D; those that are not builtin can be substituted.
    private int ParseTypeOfD(out bool isSubstitutable)
    {
        byte letter = Peek(1);
        isSubstitutable = false;
        Word builtin = GetBuiltinTypeOfD(letter);
        if (builtin != Word.None)
        {
            _position += 2;
            return tree.AddWord(builtin);
        }
        switch (letter)
        {
            case (byte)'F':
                _position += 2;
                return ParseBinaryFloat();
            case (byte)'A' or (byte)'R':
                return ParseFixedPoint(isSaturated: false);
            case (byte)'S':
                _position += 2;
                return Peek() == 'D' && Peek(1) is (byte)'A' or (byte)'R' ? ParseFixedPoint(isSaturated: true) : None;
            case (byte)'k':
                _position += 2;
                return AddPostfixQualified(ParseName(null), Word.AfterAuto);
            case (byte)'K':
                _position += 2;
                return AddPostfixQualified(ParseName(null), Word.AfterDecltypeAuto);
        }

        isSubstitutable = true;
        switch (letter)
        {
            case (byte)'t' or (byte)'T':
                return ParseDecltype();
            case (byte)'v':
                return ParseVector();
            case (byte)'B' or (byte)'U':   // builtin, but LLVM counts it among the substitutions
                _position += 2;
                return ParseBitInt(letter == 'U' ? NodeFlag.Unsigned : (byte)0);
            case (byte)'p':
                _position += 2;
                return AddUnlessNone(NodeKind.PackExpansion, ParseType());
            case (byte)'o' or (byte)'O' or (byte)'w' or (byte)'x':
                return ParseFunctionType();
            default:
                return None;
        }
    }

    private static Word GetBuiltinTypeOfD(byte letter) => letter switch
    {
        (byte)'d' => Word.Decimal64,
        (byte)'e' => Word.Decimal128,
        (byte)'f' => Word.Decimal32,
        (byte)'h' => Word.Half,
        (byte)'i' => Word.Char32,
        (byte)'s' => Word.Char16,
        (byte)'u' => Word.Char8,
        (byte)'a' => Word.Auto,
        (byte)'c' => Word.DecltypeAuto,
        (byte)'n' => Word.NullptrType,
        _ => Word.None,
    };

    // DF 16b | DF [<bits>] _
    private int ParseBinaryFloat()
    {
        if (Consume("16b"u8))
            return tree.AddWord(Word.BrainFloat);
        TextRange bits = ParseNumber();
        return Consume('_') ? tree.AddText(NodeKind.BinaryFloat, bits) : None;
    }

    // [DS] (DA | DR) <size>
    private int ParseFixedPoint(bool isSaturated)
    {
        Word first = (isSaturated, Peek(1)) switch
        {
            (false, (byte)'A') => Word.ShortAccum,
            (false, _) => Word.ShortFract,
            (true, (byte)'A') => Word.SaturatedShortAccum,
            (true, _) => Word.SaturatedShortFract,
        };
        int size = Peek(2) switch
        {
            (byte)'s' => 0,
            (byte)'t' => 1,
            (byte)'i' => 2,
            (byte)'j' => 3,
            (byte)'l' => 4,
            (byte)'m' => 5,
            _ => -1,
        };
        _position += 3;
        return size < 0 ? None : tree.AddWord(first + size);
    }

    // (DB | DU) (<bits> | <expression>) _
    private int ParseBitInt(byte flags)
    {
        int size = IsDigit(Peek()) ? tree.AddText(NodeKind.Name, ParseNumber()) : ParseExpression();
        return size != None && Consume('_') ? tree.AddFlagged(NodeKind.BitInt, flags, size) : None;
    }

    private int AddPostfixQualified(int type, Word postfix) =>
        type == None ? None : tree.Add(NodeKind.PostfixQualified, type, (int)postfix);

    private int ParseReference(byte kind)
    {
        int type = ParseType();
        if (type == None)
            return None;
        int reference = tree.AddFlagged(NodeKind.Reference, kind, type);
        tree[reference].Shape = tree[type].Shape & Shape.RightSideMask;
        return reference;
    }

    // u <source-name> [I <type> E]
    private int ParseVendorType()
    {
        TextRange name = ParseIdentifier();
        if (name.IsEmpty)
            return None;
        if (!Consume('I'))
            return tree.AddText(NodeKind.Name, name);
        int of = ParseType();
        return of != None && Consume('E') ? tree.AddText(NodeKind.Transformed, name, of) : None;
    }

    private int ParseTemplateParameterType()
    {
        int parameter = ParseTemplateParameter();
        if (parameter == None || !_tryTemplateArguments || Peek() != 'I')
            return parameter;
        _substitutions.Push(parameter);
        int arguments = ParseTemplateArguments();
        return arguments == None ? None : tree.Add(NodeKind.TemplateInstance, parameter, arguments);
    }

    private int ParseSubstitutedType(out bool isSubstitutable)
    {
        isSubstitutable = false;
        int name = ParseUnscopedName(null, out bool isSubstitution);
        if (name == None)
            return None;
        if (Peek() == 'I' && (!isSubstitution || _tryTemplateArguments))
        {
            isSubstitutable = true;
            if (!isSubstitution)
                _substitutions.Push(name);
            int arguments = ParseTemplateArguments();
            return arguments == None ? None : tree.Add(NodeKind.TemplateInstance, name, arguments);
        }
        isSubstitutable = !isSubstitution;
        return name;
    }

    // <class-enum-type> ::= [Ts | Tu | Te] <name>
    private int ParseClassOrEnum()
    {
        Word keyword = Word.None;
        if (Consume('T', 's'))
            keyword = Word.Struct;
        else if (Consume('T', 'u'))
            keyword = Word.Union;
        else if (Consume('T', 'e'))
            keyword = Word.Enum;

        int name = ParseName(null);
        return name == None || keyword == Word.None ? name : tree.Add(NodeKind.Elaborated, name, (int)keyword);
    }

    private bool AtQualifiedFunctionType()
    {
        int after = 0;
        if (Peek(after) == 'r')
            after++;
        if (Peek(after) == 'V')
            after++;
        if (Peek(after) == 'K')
            after++;
        return Peek(after) == 'F'
            || (Peek(after) == 'D' && Peek(after + 1) is (byte)'o' or (byte)'O' or (byte)'w' or (byte)'x');
    }

    // <qualified-type> ::= (U <source-name> [<template-args>])* <CV-qualifiers> <type>
    private int ParseQualifiedType()
    {
        if (!Enter())
            return None;
        if (Consume('U'))
            return Leave(ParseVendorQualifiedType());

        byte qualifiers = ParseQualifiers();
        int type = ParseType();
        if (type == None || qualifiers == 0)
            return type == None ? None : Leave(type);
        int qualified = tree.AddFlagged(NodeKind.Qualified, qualifiers, type);
        tree[qualified].Shape = tree[type].Shape;
        return Leave(qualified);
    }

    private int ParseVendorQualifiedType()
    {
        TextRange qualifier = ParseIdentifier();
        if (qualifier.IsEmpty)
            return None;
        if (tree.GetText(qualifier).StartsWith("objcproto"u8))
            return ParseObjCProtocol(qualifier);

        int arguments = None;
        if (Peek() == 'I')
        {
            arguments = ParseTemplateArguments();
            if (arguments == None)
                return None;
        }
        int type = ParseQualifiedType();
        return type == None ? None : tree.Add(NodeKind.VendorQualified, type, qualifier.Start, qualifier.Length, arguments);
    }

    // U <length> objcproto <source-name> <type>: the protocol's name is within the qualifier's
    private int ParseObjCProtocol(TextRange qualifier)
    {
        int position = qualifier.Start + "objcproto".Length;
        int end = qualifier.Start + qualifier.Length;
        ulong length = 0;
        for (; position < end && IsDigit(_text[position]); position++)
            length = unchecked((length * 10) + _text[position] - '0');
        if (length == 0 || length > (ulong)(end - position))
            return None;

        int type = ParseQualifiedType();
        return type == None ? None : tree.Add(NodeKind.ObjCProtocol, type, position, (int)length);
    }

    // <function-type> ::= [<CV-qualifiers>] [Do | DO <expression> E | Dw <type>+ E] [Dx] F [Y] <type>+ [R | O] E
    private int ParseFunctionType()
    {
        int flags = ParseQualifiers();
        if (!ParseExceptionSpecification(out int exceptions))
            return None;
        Consume('D', 'x');   // transaction-safe
        if (!Consume('F'))
            return None;
        Consume('Y');        // extern "C"
        int returnType = ParseType();
        if (returnType == None)
            return None;

        int start = _pending.Count;
        while (!Consume('E'))
        {
            if (Consume('v'))
                continue;
            if (Consume('R', 'E'))
            {
                flags |= NodeFlag.LValue;
                break;
            }
            if (Consume('O', 'E'))
            {
                flags |= NodeFlag.RValue;
                break;
            }
            int type = ParseType();
            if (type == None)
                return None;
            _pending.Push(type);
        }
        int function = tree.AddFlagged(NodeKind.Function, (byte)flags, returnType, TakePending(start), exceptions);
        tree[function].Shape = Shape.RightSide | Shape.Function;
        return function;
    }

    private bool ParseExceptionSpecification(out int node)
    {
        node = None;
        if (Consume('D', 'o'))
        {
            node = tree.AddWord(Word.Noexcept);
            return true;
        }
        if (Consume('D', 'O'))
        {
            int condition = ParseExpression();
            node = AddUnlessNone(NodeKind.Noexcept, condition);
            return node != None && Consume('E');
        }
        if (Consume('D', 'w'))
        {
            int start = _pending.Count;
            while (!Consume('E'))
            {
                int type = ParseType();
                if (type == None)
                    return false;
                _pending.Push(type);
            }
            node = tree.Add(NodeKind.DynamicExceptions, TakePending(start));
        }
        return true;
    }

    // <vector-type> ::= Dv (<number> | [<expression>]) _ (<type> | p)
    private int ParseVector()
    {
        _position += 2;
        int dimension = None;
        if (Peek() is >= (byte)'1' and <= (byte)'9')
        {
            dimension = tree.AddText(NodeKind.Name, ParseNumber());
            if (!Consume('_'))
                return None;
            if (Consume('p'))
                return tree.Add(NodeKind.PixelVector, dimension);
        }
        else if (!Consume('_'))
        {
            dimension = ParseExpression();
            if (dimension == None || !Consume('_'))
                return None;
        }
        int element = ParseType();
        return element == None ? None : tree.Add(NodeKind.Vector, element, dimension);
    }

    // <decltype> ::= (Dt | DT) <expression> E
    private int ParseDecltype()
    {
        _position += 2;
        int expression = ParseExpression();
        return expression != None && Consume('E') ? tree.Add(NodeKind.Enclosing, expression, (int)Word.DecltypeOf) : None;
    }

    // <array-type> ::= A (<number> | [<expression>]) _ <type>
    private int ParseArrayType()
    {
        _position++;
        int dimension = None;
        if (IsDigit(Peek()))
        {
            dimension = tree.AddText(NodeKind.Name, ParseNumber());
            if (!Consume('_'))
                return None;
        }
        else if (!Consume('_'))
        {
            dimension = ParseExpression();
            if (dimension == None || !Consume('_'))
                return None;
        }
        int element = ParseType();
        return element == None ? None : tree.AddShaped(NodeKind.Array, Shape.RightSide | Shape.Array, element, dimension);
    }

    // <pointer-to-member-type> ::= M <class type> <member type>
    private int ParsePointerToMember()
    {
        _position++;
        int classType = ParseType();
        if (classType == None)
            return None;
        int memberType = ParseType();
        return memberType == None
            ? None
            : tree.AddShaped(NodeKind.PointerToMember, tree[memberType].Shape & Shape.RightSideMask, classType, memberType);
    }
}
