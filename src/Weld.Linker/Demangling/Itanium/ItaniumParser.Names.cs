using System.Runtime.CompilerServices;

namespace Weld.Linker.Demangling.Itanium;

/// <content>Names: nested, local, unqualified, of operators, constructors, lambdas and modules.</content>
internal sealed partial class ItaniumParser
{
    // <name> ::= <nested-name>
    //        ::= <local-name>
    //        ::= <unscoped-name> [<template-args>]
    //        ::= <substitution> <template-args>
    private int ParseName(NameState? state)
    {
        if (!Enter())
            return None;
        return Leave(Peek() switch
        {
            (byte)'N' => ParseNestedName(state),
            (byte)'Z' => ParseLocalName(state),
            _ => ParseUnscopedNameWithArguments(state),
        });
    }

    private int ParseUnscopedNameWithArguments(NameState? state)
    {
        int name = ParseUnscopedName(state, out bool isSubstitution);
        if (name == None)
            return None;
        if (Peek() != 'I')
            return isSubstitution ? None : name;

        if (!isSubstitution)
            _substitutions.Push(name);
        int arguments = ParseTemplateArguments(isEncodingName: state != null);
        if (arguments == None)
            return None;
        if (state != null)
            state.EndsWithTemplateArguments = true;
        return tree.Add(NodeKind.TemplateInstance, name, arguments);
    }

    // <unscoped-name> ::= [St] <unqualified-name>
    //                 ::= <substitution>
    private int ParseUnscopedName(NameState? state, out bool isSubstitution)
    {
        isSubstitution = false;
        int std = None;
        if (Consume('S', 't'))
            std = tree.AddWord(Word.Std);

        int module = None;
        if (Peek() == 'S')
        {
            int substitution = ParseSubstitution();
            if (substitution == None)
                return None;
            if (tree[substitution].Kind == NodeKind.ModuleName)
            {
                module = substitution;
            }
            else
            {
                isSubstitution = std == None;
                return isSubstitution ? substitution : None;
            }
        }
        return ParseUnqualifiedName(state, std, module);
    }

    // <nested-name> ::= N [<CV-qualifiers>] [<ref-qualifier>] <prefix> <unqualified-name> E
    //               ::= N H <prefix> <unqualified-name> E
    private int ParseNestedName(NameState? state)
    {
        _position++;
        if (Consume('H'))
        {
            if (state != null)
                state.HasExplicitObjectParameter = true;
        }
        else
        {
            byte qualifiers = (byte)(ParseQualifiers() | ParseReferenceQualifier());
            if (state != null)
                state.Qualifiers = qualifiers;
        }

        int name = None;
        while (!Consume('E'))
        {
            if (state != null)
                state.EndsWithTemplateArguments = false;
            name = ParseNextComponent(state, name, out bool isSubstitution);
            if (name == None)
                return None;
            if (isSubstitution)
                continue;
            _substitutions.Push(name);
            Consume('M');   // once marked the initializer of a data member
        }
        if (name == None || _substitutions.Count == 0)
            return None;
        _substitutions.Truncate(_substitutions.Count - 1);   // the whole name is entered by whoever uses it as a type
        return name;
    }

    private int ParseNextComponent(NameState? state, int scope, out bool isSubstitution)
    {
        isSubstitution = false;
        switch (Peek())
        {
            case (byte)'T':
                return scope == None ? ParseTemplateParameter() : None;

            case (byte)'I':
                if (scope == None)
                    return None;
                int arguments = ParseTemplateArguments(isEncodingName: state != null);
                if (arguments == None || tree[scope].Kind == NodeKind.TemplateInstance)
                    return None;
                if (state != null)
                    state.EndsWithTemplateArguments = true;
                return tree.Add(NodeKind.TemplateInstance, scope, arguments);

            case (byte)'D' when Peek(1) is (byte)'t' or (byte)'T':
                return scope == None ? ParseDecltype() : None;

            case (byte)'S':
                int substitution = Consume('S', 't') ? tree.AddWord(Word.Std) : ParseSubstitution();
                if (substitution == None)
                    return None;
                if (tree[substitution].Kind == NodeKind.ModuleName)
                    return ParseUnqualifiedName(state, scope, substitution);
                isSubstitution = true;
                return scope == None ? substitution : None;

            default:
                return ParseUnqualifiedName(state, scope, None);
        }
    }

    private byte ParseReferenceQualifier()
    {
        if (Consume('O'))
            return NodeFlag.RValue;
        return Consume('R') ? NodeFlag.LValue : (byte)0;
    }

    // <CV-qualifiers> ::= [r] [V] [K]
    private byte ParseQualifiers()
    {
        int qualifiers = 0;
        if (Consume('r'))
            qualifiers |= NodeFlag.Restrict;
        if (Consume('V'))
            qualifiers |= NodeFlag.Volatile;
        if (Consume('K'))
            qualifiers |= NodeFlag.Const;
        return (byte)qualifiers;
    }

    // <local-name> ::= Z <encoding> E <name> [<discriminator>]
    //              ::= Z <encoding> E s [<discriminator>]
    //              ::= Z <encoding> E d [<number>] _ <name>
    private int ParseLocalName(NameState? state)
    {
        _position++;
        int encoding = ParseEncoding();
        if (encoding == None || !Consume('E'))
            return None;

        if (Consume('s'))
        {
            SkipDiscriminator();
            return tree.Add(NodeKind.LocalName, encoding, tree.AddWord(Word.StringLiteral));
        }

        TemplateScope outer = EnterTemplateScope();
        bool isDefaultArgument = Consume('d');
        if (isDefaultArgument)
        {
            ParseNumber(allowNegative: true);
            if (!Consume('_'))
                return None;
        }
        int entity = ParseName(state);
        if (entity == None)
            return None;
        if (!isDefaultArgument)
            SkipDiscriminator();
        LeaveTemplateScope(outer);
        return tree.Add(NodeKind.LocalName, encoding, entity);
    }

    // <discriminator> ::= _ <digit>
    //                 ::= __ <number> _
    //                 ::= <number>, at the end of the name
    private void SkipDiscriminator()
    {
        int ahead = 0;
        if (Peek() == '_')
        {
            if (IsDigit(Peek(1)))
            {
                _position += 2;
            }
            else if (Peek(1) == '_')
            {
                for (ahead = 2; IsDigit(Peek(ahead));)
                    ahead++;
                if (Peek(ahead) == '_')
                    _position += ahead + 1;
            }
            return;
        }
        while (IsDigit(Peek(ahead)))
            ahead++;
        if (_position + ahead == _end)
            _position = _end;
    }

    // <unqualified-name> ::= [<module-name>] [F] [L] <operator-name> | <source-name> | <unnamed-type-name> [<abi-tags>]
    //                    ::= [<module-name>] <ctor-dtor-name> [<abi-tags>]
    //                    ::= [<module-name>] [L] DC <source-name>+ E
    private int ParseUnqualifiedName(NameState? state, int scope, int module)
    {
        // Most often it is a name alone.
        if (module == None && Peek() is >= (byte)'1' and <= (byte)'9')
        {
            int plain = ParseSourceName();
            if (plain != None && Peek() == 'B')
                plain = ParseAbiTags(plain);
            return plain == None || scope == None ? plain : tree.Add(NodeKind.NestedName, scope, plain);
        }
        if (!ParseModuleName(ref module))
            return None;
        bool isMemberLikeFriend = scope != None && Consume('F');
        Consume('L');   // internal linkage

        int name;
        byte first = Peek();
        if (first is >= (byte)'1' and <= (byte)'9')
        {
            name = ParseSourceName();
        }
        else if (first == 'U')
        {
            name = ParseUnnamedTypeName(state);
        }
        else if (Consume('D', 'C'))
        {
            name = ParseStructuredBinding();
        }
        else if (first is (byte)'C' or (byte)'D')
        {
            if (scope == None || module != None)
                return None;
            name = ParseConstructorOrDestructor(ref scope, state);
        }
        else
        {
            name = ParseOperatorName(state);
        }

        if (name != None && module != None)
            name = tree.Add(NodeKind.ModuleEntity, name, module);
        if (name != None)
            name = ParseAbiTags(name);
        if (name == None || scope == None)
            return name;
        return tree.Add(isMemberLikeFriend ? NodeKind.MemberLikeFriend : NodeKind.NestedName, scope, name);
    }

    // <module-name> ::= (W [P] <source-name>)*
    private bool ParseModuleName(ref int module)
    {
        while (Consume('W'))
        {
            byte flags = Consume('P') ? NodeFlag.Partition : (byte)0;
            int name = ParseSourceName();
            if (name == None)
                return false;
            module = tree.AddFlagged(NodeKind.ModuleName, flags, module, name);
            _substitutions.Push(module);
        }
        return true;
    }

    // <source-name> ::= <length> <identifier>
    private int ParseSourceName()
    {
        if (!TryParseLength(out ulong length) || length > (ulong)BytesLeft || length == 0)
            return None;
        var range = new TextRange(_position, (int)length);
        _position += range.Length;
        return _text[range.Start] == '_' && tree.GetText(range).StartsWith("_GLOBAL__N"u8)
            ? tree.AddWord(Word.AnonymousNamespace)
            : tree.AddText(NodeKind.Name, range);
    }

    /// <summary>As <see cref="TryParseUnsigned"/>; nearly all lengths have one or two digits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryParseLength(out ulong value)
    {
        byte[] text = _text;
        int position = _position;
        uint first = text[position] - (uint)'0';
        uint second = text[position + 1] - (uint)'0';
        if (first > 9 || (second <= 9 && IsDigit(text[position + 2])))
            return TryParseUnsigned(out value);
        value = second <= 9 ? (first * 10) + second : first;
        _position = position + (second <= 9 ? 2 : 1);
        return true;
    }

    /// <summary>A source name as text only; empty on failure.</summary>
    private TextRange ParseIdentifier()
    {
        if (!TryParseUnsigned(out ulong length) || length > (ulong)BytesLeft)
            return default;
        var range = new TextRange(_position, (int)length);
        _position += range.Length;
        return range;
    }

    // <abi-tags> ::= (B <source-name>)*
    private int ParseAbiTags(int name)
    {
        while (Consume('B'))
        {
            TextRange tag = ParseIdentifier();
            if (tag.IsEmpty)
                return None;
            name = tree.AddShaped(NodeKind.AbiTagged, tree[name].Shape, name, tag.Start, tag.Length);
        }
        return name;
    }

    // DC <source-name>+ E
    private int ParseStructuredBinding()
    {
        int start = _pending.Count;
        do
        {
            int binding = ParseSourceName();
            if (binding == None)
                return None;
            _pending.Push(binding);
        }
        while (!Consume('E'));
        return tree.Add(NodeKind.StructuredBinding, TakePending(start));
    }

    // <unnamed-type-name> ::= Ut [<number>] _
    //                     ::= Ul <lambda-sig> E [<number>] _
    //                     ::= Ub [<number>] _
    private int ParseUnnamedTypeName(NameState? state)
    {
        if (state != null)
            ClearTemplateLevels();   // parameters refer to the innermost arguments, and those are not for this name

        if (Consume('U', 't'))
        {
            TextRange count = ParseNumber();
            return Consume('_') ? tree.AddText(NodeKind.UnnamedType, count) : None;
        }
        if (Consume('U', 'l'))
            return ParseClosure();
        if (Consume('U', 'b'))
        {
            ParseNumber();
            return Consume('_') ? tree.AddWord(Word.BlockLiteral) : None;
        }
        return None;
    }

    // <lambda-sig> ::= <template-param-decl>* [Q <constraint>] <type>+ | v [Q <constraint>]
    private int ParseClosure()
    {
        int outerLambdaLevel = _lambdaLevel;
        _lambdaLevel = TemplateLevelCount;
        LambdaScope scope = PushTemplateLevel(out int ownParameters);

        int start = _pending.Count;
        while (AtTemplateParameterDeclaration)
        {
            int declaration = ParseTemplateParameterDeclaration(ownParameters);
            if (declaration == None)
                return None;
            _pending.Push(declaration);
        }
        int templateParameters = TakePending(start);
        if (templateParameters == ItaniumTree.EmptyList)
            PopEmptyTemplateLevel();   // an auto parameter pushes it again

        int firstConstraint = None;
        if (Consume('Q') && (firstConstraint = ParseConstraint()) == None)
            return None;

        if (!Consume('v'))
        {
            do
            {
                int type = ParseType();
                if (type == None)
                    return None;
                _pending.Push(type);
            }
            while (Peek() is not ((byte)'E' or (byte)'Q'));
        }
        int parameters = TakePending(start);

        int secondConstraint = None;
        if (Consume('Q') && (secondConstraint = ParseConstraint()) == None)
            return None;
        if (!Consume('E'))
            return None;
        TextRange count = ParseNumber();
        if (!Consume('_'))
            return None;

        LeaveTemplateLevel(scope);
        _lambdaLevel = outerLambdaLevel;
        return tree.Add(
            NodeKind.Closure, templateParameters, firstConstraint, parameters, secondConstraint, tree.AddText(NodeKind.Name, count));
    }

    // <operator-name> ::= <two letters>
    //                 ::= cv <type>
    //                 ::= li <source-name>
    //                 ::= v <digit> <source-name>
    private int ParseOperatorName(NameState? state)
    {
        int row = ParseOperatorCode();
        if (row != OperatorTable.None)
        {
            OperatorInfo info = OperatorTable.Get(row);
            if (info.Kind == OperatorKind.Conversion)
                return ParseConversionOperator(state);
            return info.NamesFunction ? tree.Add(NodeKind.OperatorName, row) : None;
        }

        if (Consume('l', 'i'))
            return AddUnlessNone(NodeKind.LiteralOperator, ParseSourceName());
        if (Peek() == 'v' && IsDigit(Peek(1)))
        {
            _position += 2;
            return AddUnlessNone(NodeKind.ConversionOperator, ParseSourceName());
        }
        return None;
    }

    private int ParseConversionOperator(NameState? state)
    {
        bool outerTry = _tryTemplateArguments;
        bool outerPermit = _permitForwardReferences;
        _tryTemplateArguments = false;
        _permitForwardReferences |= state != null;   // the type may use arguments that come after the operator's name
        int type = ParseType();
        _tryTemplateArguments = outerTry;
        _permitForwardReferences = outerPermit;
        if (type != None && state != null)
            state.IsConstructorDestructorOrConversion = true;
        return AddUnlessNone(NodeKind.ConversionOperator, type);
    }

    private int AddUnlessNone(NodeKind kind, int operand) => operand == None ? None : tree.Add(kind, operand);

    private int ParseOperatorCode()
    {
        int row = OperatorTable.Find(Peek(), Peek(1));
        if (row != OperatorTable.None)
            _position += 2;
        return row;
    }

    // <ctor-dtor-name> ::= C [I] <1-5> [<base name>]
    //                  ::= D <0, 1, 2, 4, 5>
    private int ParseConstructorOrDestructor(ref int scope, NameState? state)
    {
        // The constructor of std::string is that of basic_string.
        if (tree[scope].Kind == NodeKind.SpecialSubstitution)
            scope = tree.Add(NodeKind.ExpandedSubstitution, tree[scope].A);

        if (Consume('C'))
        {
            bool isInherited = Consume('I');
            if (Peek() is < (byte)'1' or > (byte)'5')
                return None;
            _position++;
            if (state != null)
                state.IsConstructorDestructorOrConversion = true;
            if (isInherited && ParseName(state) == None)
                return None;
            return tree.Add(NodeKind.ConstructorOrDestructor, scope);
        }
        if (Peek() == 'D' && Peek(1) is (byte)'0' or (byte)'1' or (byte)'2' or (byte)'4' or (byte)'5')
        {
            _position += 2;
            if (state != null)
                state.IsConstructorDestructorOrConversion = true;
            return tree.AddFlagged(NodeKind.ConstructorOrDestructor, NodeFlag.Destructor, scope);
        }
        return None;
    }

    // <substitution> ::= S <seq-id> _ | S_ | Sa | Sb | Sd | Si | So | Ss
    private int ParseSubstitution()
    {
        if (!Consume('S'))
            return None;

        byte letter = Peek();
        if (letter is >= (byte)'a' and <= (byte)'z')
        {
            if (letter is not ((byte)'a' or (byte)'b' or (byte)'d' or (byte)'i' or (byte)'o' or (byte)'s'))
                return None;
            _position++;
            int special = tree.Add(NodeKind.SpecialSubstitution, letter);
            int tagged = ParseAbiTags(special);
            if (tagged != special)
                _substitutions.Push(tagged);
            return tagged;
        }

        if (Consume('_'))
            return _substitutions.Count == 0 ? None : _substitutions[0];
        if (!TryParseSequenceId(out ulong index))
            return None;
        index = unchecked(index + 1);
        return Consume('_') && index < (ulong)_substitutions.Count ? _substitutions[(int)index] : None;
    }
}
