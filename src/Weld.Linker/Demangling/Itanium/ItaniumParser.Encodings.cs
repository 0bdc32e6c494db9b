namespace Weld.Linker.Demangling.Itanium;

/// <content>Encodings: a function or a variable, or what the compiler made for one.</content>
internal sealed partial class ItaniumParser
{
    private readonly List<NameState> _nameStates = [];
    private int _nameStateCount;

    /// <summary>What a name says about the encoding that it belongs to.</summary>
    private sealed class NameState
    {
        /// <summary>A constructor, destructor or conversion: no return type follows.</summary>
        public bool IsConstructorDestructorOrConversion;

        /// <summary>The return type follows.</summary>
        public bool EndsWithTemplateArguments;

        public bool HasExplicitObjectParameter;

        /// <summary>Qualifiers of the member function, and its reference qualifier.</summary>
        public byte Qualifiers;

        public int FirstForwardReference;
    }

    // <encoding> ::= <name> <bare-function-type> [Q <requires-clause>]
    //            ::= <name>
    //            ::= <special-name>
    private int ParseEncoding()
    {
        if (!Enter())
            return None;

        TemplateScope outer = EnterTemplateScope();
        int savedStates = _nameStateCount;
        int result = Peek() is (byte)'G' or (byte)'T' ? ParseSpecialName() : ParseFunctionOrVariable();
        _nameStateCount = savedStates;
        LeaveTemplateScope(outer);
        return Leave(result);
    }

    private int ParseFunctionOrVariable()
    {
        NameState state = AddNameState();
        int name = ParseName(state);
        if (name == None || !ResolveForwardReferences(state.FirstForwardReference))
            return None;
        return AtEndOfEncoding ? name : ParseFunctionSignature(name, state);
    }

    // What can follow an encoding; none of these starts a type.
    private bool AtEndOfEncoding => _position >= _end || Peek() is (byte)'E' or (byte)'.' or (byte)'_';

    private int ParseFunctionSignature(int name, NameState state)
    {
        int attributes = None;
        if (Consume("Ua9enable_ifI"u8))
        {
            int conditions = ParseTemplateArgumentsUntilEnd();
            if (conditions < 0)
                return None;
            attributes = tree.Add(NodeKind.EnableIf, conditions);
        }

        int returnType = None;
        if (state.EndsWithTemplateArguments && !state.IsConstructorDestructorOrConversion)
        {
            returnType = ParseType();
            if (returnType == None)
                return None;
        }

        int parameters = ItaniumTree.EmptyList;
        if (!Consume('v'))
        {
            int start = _pending.Count;
            do
            {
                int type = ParseType();
                if (type == None)
                    return None;
                if (state.HasExplicitObjectParameter && _pending.Count == start)
                    type = tree.Add(NodeKind.ExplicitObjectParameter, type);
                _pending.Push(type);
            }
            while (!AtEndOfEncoding && Peek() != 'Q');
            parameters = TakePending(start);
        }

        int constraint = None;
        if (Consume('Q'))
        {
            constraint = ParseConstraint();
            if (constraint == None)
                return None;
        }

        int encoding = tree.Add(NodeKind.FunctionEncoding, name, parameters, returnType, attributes, constraint);
        tree[encoding].Shape = Shape.RightSide | Shape.Function;
        tree[encoding].Flags = state.Qualifiers;
        return encoding;
    }

    // <special-name> ::= T <letter> … | G <letter> …
    private int ParseSpecialName()
    {
        bool isT = Peek() == 'T';
        byte letter = Peek(1);
        _position += 2;
        if (!isT)
        {
            return letter switch
            {
                (byte)'V' => AddSpecialName(Word.GuardVariable, ParseName(null)),
                (byte)'R' => ParseReferenceTemporary(),
                (byte)'I' => ParseModuleInitializer(),
                _ => None,
            };
        }
        switch (letter)
        {
            case (byte)'A':
                return AddSpecialName(Word.TemplateParameterObject, ParseTemplateArgument());
            case (byte)'V':
                return AddSpecialName(Word.Vtable, ParseType());
            case (byte)'T':
                return AddSpecialName(Word.Vtt, ParseType());
            case (byte)'I':
                return AddSpecialName(Word.Typeinfo, ParseType());
            case (byte)'S':
                return AddSpecialName(Word.TypeinfoName, ParseType());
            case (byte)'W':
                return AddSpecialName(Word.TlsWrapper, ParseName(null));
            case (byte)'H':
                return AddSpecialName(Word.TlsInitializer, ParseName(null));
            case (byte)'C':
                return ParseConstructionVtable();
            case (byte)'c':
                return SkipCallOffset() && SkipCallOffset() ? AddSpecialName(Word.CovariantThunk, ParseEncoding()) : None;
            default:
                _position--;   // the letter belongs to the offset
                return SkipCallOffset()
                    ? AddSpecialName(letter == 'v' ? Word.VirtualThunk : Word.NonVirtualThunk, ParseEncoding())
                    : None;
        }
    }

    private int AddSpecialName(Word prefix, int of) => of == None ? None : tree.Add(NodeKind.SpecialName, of, (int)prefix);

    // GR <object name> [[<seq-id>] _]
    private int ParseReferenceTemporary()
    {
        int name = ParseName(null);
        if (name == None)
            return None;
        bool isNumbered = TryParseSequenceId(out _);
        return !Consume('_') && isNumbered ? None : AddSpecialName(Word.ReferenceTemporary, name);
    }

    // GI <module-name>
    private int ParseModuleInitializer()
    {
        int module = None;
        return ParseModuleName(ref module) ? AddSpecialName(Word.ModuleInitializer, module) : None;
    }

    // TC <derived type> <offset number> _ <base type>
    private int ParseConstructionVtable()
    {
        int derived = ParseType();
        if (derived == None || ParseNumber(allowNegative: true).IsEmpty || !Consume('_'))
            return None;
        int inDerived = ParseType();
        return inDerived == None ? None : tree.Add(NodeKind.ConstructionVtable, inDerived, derived);
    }

    // <call-offset> ::= h <number> _
    //               ::= v <number> _ <number> _
    private bool SkipCallOffset()
    {
        if (Consume('h'))
            return SkipOffset();
        return Consume('v') && SkipOffset() && SkipOffset();
    }

    private bool SkipOffset() => !ParseNumber(allowNegative: true).IsEmpty && Consume('_');

    private NameState AddNameState()
    {
        if (_nameStateCount == _nameStates.Count)
            _nameStates.Add(new NameState());
        NameState state = _nameStates[_nameStateCount++];
        state.IsConstructorDestructorOrConversion = false;
        state.EndsWithTemplateArguments = false;
        state.HasExplicitObjectParameter = false;
        state.Qualifiers = 0;
        state.FirstForwardReference = _forwardReferences.Count;
        return state;
    }
}
