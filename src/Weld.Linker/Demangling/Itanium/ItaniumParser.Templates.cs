namespace Weld.Linker.Demangling.Itanium;

/// <content>Template parameters, declarations of them, and arguments.</content>
/// <remarks>A parameter <c>T_</c> is replaced by the argument it stands for while parsing. Level 0 is the innermost argument
/// list of the encoding being read; the levels above are the parameter lists of lambdas in its signature.</remarks>
internal sealed partial class ItaniumParser
{
    /// <summary>In place of the parameter list of a lambda whose parameters are declared with auto.</summary>
    private const int NoParameterList = -1;

    private const int NoLambda = -1;

    /// <summary>Parameter lists; used as a stack, because levels nest.</summary>
    private readonly List<NodeStack> _parameterLists = [];

    /// <summary>The list of each level, by index in <see cref="_parameterLists"/>; the levels of outer encodings are below.</summary>
    private readonly NodeStack _levels = new();

    /// <summary>Parameters whose arguments come later in the name.</summary>
    private readonly NodeStack _forwardReferences = new();

    private int _parameterListCount;
    private int _firstLevel;
    private int _encodingList;

    /// <summary>The level whose parameters may be auto: that of the lambda signature being read.</summary>
    private int _lambdaLevel;

    private bool _tryTemplateArguments;
    private bool _permitForwardReferences;

    /// <summary>In a constraint: which levels are in scope is not known, so parameters are printed as they are.</summary>
    private bool _keepParameterNames;

    private int _inventedTypes;
    private int _inventedValues;
    private int _inventedTemplates;

    private readonly record struct TemplateScope(int FirstLevel, int LevelCount, int EncodingList, int ListCount);

    private readonly record struct LambdaScope(int LevelCount, int ListCount);

    private int TemplateLevelCount => _levels.Count - _firstLevel;

    private bool AtTemplateParameterDeclaration =>
        Peek() == 'T' && Peek(1) is (byte)'y' or (byte)'p' or (byte)'t' or (byte)'n' or (byte)'k';

    private void ResetTemplateState()
    {
        _nameStateCount = 0;
        _parameterListCount = 0;
        _levels.Clear();
        _forwardReferences.Clear();
        _firstLevel = 0;
        _encodingList = AddParameterList();
        _lambdaLevel = NoLambda;
        _tryTemplateArguments = true;
        _permitForwardReferences = false;
        _keepParameterNames = false;
        _inventedTypes = 0;
        _inventedValues = 0;
        _inventedTemplates = 0;
    }

    /// <summary>Starts an encoding, whose parameters have nothing to do with those around it.</summary>
    private TemplateScope EnterTemplateScope()
    {
        var outer = new TemplateScope(_firstLevel, _levels.Count, _encodingList, _parameterListCount);
        _firstLevel = _levels.Count;
        _encodingList = AddParameterList();
        return outer;
    }

    private void LeaveTemplateScope(TemplateScope outer)
    {
        _firstLevel = outer.FirstLevel;
        _levels.Truncate(outer.LevelCount);
        _encodingList = outer.EncodingList;
        _parameterListCount = outer.ListCount;
    }

    private LambdaScope PushTemplateLevel(out int list)
    {
        var scope = new LambdaScope(_levels.Count, _parameterListCount);
        list = AddParameterList();
        _levels.Push(list);
        return scope;
    }

    private void LeaveTemplateLevel(LambdaScope scope)
    {
        _levels.Truncate(scope.LevelCount);
        _parameterListCount = scope.ListCount;
    }

    private void PopEmptyTemplateLevel() => _levels.Truncate(_levels.Count - 1);

    private void ClearTemplateLevels() => _levels.Truncate(_firstLevel);

    private int AddParameterList()
    {
        if (_parameterListCount == _parameterLists.Count)
            _parameterLists.Add(new NodeStack());
        _parameterLists[_parameterListCount].Clear();
        return _parameterListCount++;
    }

    /// <summary>Connects the parameters that were used before their arguments; false if there is no such argument.</summary>
    private bool ResolveForwardReferences(int first)
    {
        for (int i = first; i < _forwardReferences.Count; i++)
        {
            ref Node reference = ref tree[_forwardReferences[i]];
            int argument = FindTemplateArgument(0, (ulong)reference.A);
            if (argument == None)
                return false;
            reference.B = argument;
        }
        _forwardReferences.Truncate(first);
        return true;
    }

    private int FindTemplateArgument(ulong level, ulong index)
    {
        if (level >= (ulong)TemplateLevelCount)
            return None;
        int list = _levels[_firstLevel + (int)level];
        return list != NoParameterList && index < (ulong)_parameterLists[list].Count ? _parameterLists[list][(int)index] : None;
    }

    // <template-param> ::= T [L <level> _] [<number>] _
    private int ParseTemplateParameter()
    {
        int start = _position;
        if (!Consume('T'))
            return None;

        ulong level = 0;
        if (Consume('L'))
        {
            if (!TryParseUnsigned(out level) || !Consume('_'))
                return None;
            level = unchecked(level + 1);
        }
        ulong index = 0;
        if (!Consume('_'))
        {
            if (!TryParseUnsigned(out index) || !Consume('_'))
                return None;
            index = unchecked(index + 1);
        }

        if (_keepParameterNames)
            return tree.AddText(NodeKind.Name, new TextRange(start, _position - 1 - start));

        if (_permitForwardReferences && level == 0)
        {
            int reference = tree.AddShaped(NodeKind.ForwardReference, Shape.Unknown, (int)Math.Min(index, int.MaxValue));
            _forwardReferences.Push(reference);
            return reference;
        }

        int argument = FindTemplateArgument(level, index);
        if (argument != None)
            return argument;

        // In the signature of a lambda, auto is mangled as a parameter that no list has.
        if (_lambdaLevel < 0 || level != (ulong)_lambdaLevel || level > (ulong)TemplateLevelCount)
            return None;
        if (level == (ulong)TemplateLevelCount)
            _levels.Push(NoParameterList);
        return tree.AddWord(Word.Auto);
    }

    // <template-param-decl> ::= Ty                             # type
    //                       ::= Tk <concept name>              # constrained type
    //                       ::= Tn <type>                      # value
    //                       ::= Tt <template-param-decl>* [Q <constraint>] E
    //                       ::= Tp <template-param-decl>       # pack
    private int ParseTemplateParameterDeclaration(int list)
    {
        if (!Enter() || !Consume('T'))
            return None;
        byte letter = Peek();
        _position++;
        return Leave(letter switch
        {
            (byte)'y' => DeclareTypeParameter(list),
            (byte)'k' => ParseConstrainedParameter(list),
            (byte)'n' => ParseNonTypeParameter(list),
            (byte)'t' => ParseTemplateTemplateParameter(list),
            (byte)'p' => ParseParameterPackDeclaration(list),
            _ => None,
        });
    }

    private int DeclareTypeParameter(int list) =>
        tree.AddShaped(NodeKind.TypeParameter, Shape.RightSide, InventParameter(list, InventedKind.Type, ref _inventedTypes));

    private int ParseConstrainedParameter(int list)
    {
        bool outerKeep = _keepParameterNames;
        _keepParameterNames = true;
        int concept = ParseName(null);
        _keepParameterNames = outerKeep;
        if (concept == None)
            return None;
        int name = InventParameter(list, InventedKind.Type, ref _inventedTypes);
        return tree.AddShaped(NodeKind.ConstrainedParameter, Shape.RightSide, name, concept);
    }

    private int ParseNonTypeParameter(int list)
    {
        int name = InventParameter(list, InventedKind.Value, ref _inventedValues);
        int type = ParseType();
        return type == None ? None : tree.AddShaped(NodeKind.NonTypeParameter, Shape.RightSide, name, type);
    }

    private int ParseTemplateTemplateParameter(int list)
    {
        int name = InventParameter(list, InventedKind.Template, ref _inventedTemplates);
        LambdaScope scope = PushTemplateLevel(out int ownParameters);
        int start = _pending.Count;
        int constraint = None;
        while (!Consume('E'))
        {
            int declaration = ParseTemplateParameterDeclaration(ownParameters);
            if (declaration == None)
                return None;
            _pending.Push(declaration);
            if (Consume('Q'))
            {
                constraint = ParseConstraint();
                if (constraint == None || !Consume('E'))
                    return None;
                break;
            }
        }
        int parameters = TakePending(start);
        LeaveTemplateLevel(scope);
        return tree.AddShaped(NodeKind.TemplateParameter, Shape.RightSide, name, parameters, constraint);
    }

    private int ParseParameterPackDeclaration(int list)
    {
        int parameter = ParseTemplateParameterDeclaration(list);
        return parameter == None ? None : tree.AddShaped(NodeKind.ParameterPackDeclaration, Shape.RightSide, parameter);
    }

    /// <summary>Names a parameter whose name the mangling does not have: $T, $T0, $T1 …</summary>
    private int InventParameter(int list, InventedKind kind, ref int count)
    {
        int name = tree.Add(NodeKind.InventedParameter, (int)kind, count++);
        if (list != NoParameterList)
            _parameterLists[list].Push(name);
        return name;
    }

    // <template-args> ::= I <template-arg>* [Q <constraint>] E
    private int ParseTemplateArguments(bool isEncodingName = false)
    {
        if (!Consume('I'))
            return None;

        // Parameters refer to the innermost arguments.
        if (isEncodingName)
        {
            ClearTemplateLevels();
            _levels.Push(_encodingList);
            _parameterLists[_encodingList].Clear();
        }

        int start = _pending.Count;
        while (!Consume('E'))
        {
            int argument = ParseTemplateArgument();
            if (argument == None)
                return None;
            _pending.Push(argument);
            if (isEncodingName)
                _parameterLists[_encodingList].Push(GetParameterValue(argument));
            if (Consume('Q'))
            {
                // Checked, but left out of the output to keep it readable.
                if (ParseConstraint() == None || !Consume('E'))
                    return None;
                break;
            }
        }
        return tree.Add(NodeKind.TemplateArguments, TakePending(start));
    }

    private int GetParameterValue(int argument) => tree[argument].Kind switch
    {
        NodeKind.QualifiedArgument => tree[argument].A,
        NodeKind.ArgumentPack => AddParameterPack(tree[argument].A),
        _ => argument,
    };

    private int AddParameterPack(int elements)
    {
        Shape all = Shape.Plain;
        foreach (int element in tree.GetList(elements))
            all |= tree[element].Shape;

        Shape shape = Shape.Plain;
        if ((all & Shape.RightSideMask) != 0)
            shape |= Shape.RightSideUnknown;
        if ((all & Shape.ArrayMask) != 0)
            shape |= Shape.ArrayUnknown;
        if ((all & Shape.FunctionMask) != 0)
            shape |= Shape.FunctionUnknown;
        return tree.AddShaped(NodeKind.ParameterPack, shape, elements);
    }

    // <template-arg> ::= <type>
    //                ::= X <expression> E
    //                ::= <expr-primary>
    //                ::= LZ <encoding> E
    //                ::= J <template-arg>* E
    //                ::= <template-param-decl> <template-arg>
    private int ParseTemplateArgument()
    {
        if (!Enter())
            return None;
        switch (Peek())
        {
            case (byte)'X':
                _position++;
                int expression = ParseExpression();
                return expression != None && Consume('E') ? Leave(expression) : None;

            case (byte)'J':
                _position++;
                int elements = ParseTemplateArgumentsUntilEnd();
                return elements >= 0 ? Leave(tree.Add(NodeKind.ArgumentPack, elements)) : None;

            case (byte)'L' when Peek(1) == 'Z':
                _position += 2;
                int encoding = ParseEncoding();
                return encoding != None && Consume('E') ? Leave(encoding) : None;

            case (byte)'L':
                return Leave(ParsePrimaryExpression());

            case (byte)'T' when AtTemplateParameterDeclaration:
                if (ParseTemplateParameterDeclaration(NoParameterList) == None)
                    return None;
                int argument = ParseTemplateArgument();
                return argument == None ? None : Leave(tree.Add(NodeKind.QualifiedArgument, argument));

            default:
                return Leave(ParseType());
        }
    }

    /// <summary>A list of arguments up to the E, or a negative number on failure.</summary>
    private int ParseTemplateArgumentsUntilEnd()
    {
        int start = _pending.Count;
        while (!Consume('E'))
        {
            int argument = ParseTemplateArgument();
            if (argument == None)
                return -1;
            _pending.Push(argument);
        }
        return TakePending(start);
    }

    private int ParseConstraint()
    {
        bool outerKeep = _keepParameterNames;
        _keepParameterNames = true;
        int expression = ParseExpression();
        _keepParameterNames = outerKeep;
        return expression;
    }
}
