using Weld.Air.Layouts;
using Weld.Air.Text;

namespace Weld.Air.Verification;

/// <summary>Checks the body of a function, instruction by instruction, in one pass.</summary>
/// <remarks>An instruction's words are checked first, then what is common to all (the row of the table), then what only its
/// family asks for; each only if the one before it found nothing.</remarks>
internal sealed partial class FunctionVerifier
{
    private readonly TypeLayouts _layouts;
    private readonly AirModule _module;
    private readonly Violations _violations;
    private readonly AirFunction _function;
    private readonly FunctionType _functionType;
    private readonly FunctionBody _body;
    private readonly OperandTypes _types;
    private readonly Stack<OpenBody> _open = new();
    private readonly int[] _bodyOf;
    private readonly int[] _openBodiesOf;
    private readonly List<bool> _isOpen = [];

    // The instruction that is being checked.
    private InstructionId _id;
    private OpcodeInfo _info = AirOpcodeTable.Get(AirOpcode.Arg);
    private TypeId _type;
    private TypeId _subject;

    public FunctionVerifier(TypeLayouts layouts, Violations violations, AirFunction function)
    {
        _layouts = layouts;
        _module = layouts.Module;
        _violations = violations;
        _function = function;
        _functionType = (FunctionType)_module.Types[function.Type];
        _body = function.Body!;
        _types = new OperandTypes(_module, _functionType, _body);
        _bodyOf = new int[_body.Count];
        _openBodiesOf = new int[_body.Count];
    }

    /// <summary>A body that the current instruction is in, or a later body of an instruction that it is in.</summary>
    private sealed class OpenBody(InstructionId? owner, int number, int end, int depth)
    {
        public readonly InstructionId? Owner = owner;
        public readonly int Number = number;
        public readonly int End = end;
        public readonly int Depth = depth;
        public bool IsTerminated;
        public bool IsReported;
    }

    public void Run()
    {
        if (!CheckParameters())
            return;
        Push(null, _body.Count, 0);
        for (int index = 0; ; index++)
        {
            CloseBodies(index);
            if (_open.Count == 0)
                return;
            _id = new InstructionId(index);
            _info = AirOpcodeTable.Get(_body.Opcode(_id));
            _type = _body.Type(_id);
            Enter();
            if (!CheckWords())
                return;
            CheckInstruction();
            if (_info.HasBodies && !PushBodies())
                return;
        }
    }

    private bool Fail(VerifierRule rule, string message)
    {
        _violations.Report(rule, _function, _id, message);
        return false;
    }

    private string Print(TypeId type) => AirText.Print(_module, type);

    // ---- Parameters and nesting ----

    private bool CheckParameters()
    {
        bool isGood = _body.ParameterCount == _functionType.Parameters.Count && _body.Count >= _body.ParameterCount;
        for (int i = 0; isGood && i < _body.ParameterCount; i++)
        {
            var id = new InstructionId(i);
            isGood = _body.Opcode(id) == AirOpcode.Arg && _body.Type(id) == _functionType.Parameters[i] && _body.Word(id, 0) == i;
        }
        if (!isGood)
            _violations.Report(VerifierRuleTable.Parameters, _function, "the body does not start with an arg for each parameter");
        return isGood;
    }

    private void Push(InstructionId? owner, int end, int depth)
    {
        _open.Push(new OpenBody(owner, _isOpen.Count, end, depth));
        _isOpen.Add(true);
        if (owner is { } instruction)
            _openBodiesOf[instruction.Index]++;
    }

    private void CloseBodies(int index)
    {
        while (_open.TryPeek(out OpenBody? open) && open.End == index)
        {
            _open.Pop();
            _isOpen[open.Number] = false;
            if (open.Owner is { } instruction)
                _openBodiesOf[instruction.Index]--;
            if (open.IsTerminated)
                continue;
            _id = open.Owner ?? new InstructionId(Math.Max(index - 1, 0));
            if (_body.Count == 0)
                _violations.Report(VerifierRuleTable.Terminator, _function, "the body is empty");
            else
                Fail(VerifierRuleTable.Terminator, open.Owner is null ? "the function's body does not end here: nothing returns" : "a body of this does not end with an instruction that does not come back");
        }
    }

    private void Enter()
    {
        OpenBody open = _open.Peek();
        if (open.IsTerminated && !open.IsReported)
        {
            Fail(VerifierRuleTable.AfterTerminator, "the instruction before does not come back");
            open.IsReported = true;
        }
        open.IsTerminated |= _type == TypeId.NoReturn;
        _bodyOf[_id.Index] = open.Number;
    }

    /// <summary>Opens the bodies of the instruction, the last one first, so that the first one is on top.</summary>
    private bool PushBodies()
    {
        if (_open.Peek().Depth > AirLimits.BodyDepth)
            return Fail(VerifierRuleTable.Nesting, $"bodies nest deeper than {AirLimits.BodyDepth}");
        var ends = new List<int>();
        if (_info.Operands[^1].Kind == OperandKind.Cases)
        {
            foreach (SwitchCase one in _body.Cases(_id))
                ends.Add(one.Body.End);
            if (_body.Cases(_id).HasElse)
                ends.Add(_body.Next(_id));
            else if (_body.Next(_id) != (ends.Count == 0 ? _id.Index + 1 : ends[^1]))
                return Fail(VerifierRuleTable.Nesting, "instructions lie in no case");
        }
        else
        {
            for (int i = 0; i < _info.Operands.Length; i++)
                if (_info.Operands[i].Kind == OperandKind.Body)
                    ends.Add(_body.Word(_id, i));
        }
        int last = _id.Index + 1;
        foreach (int end in ends)
        {
            if (end < last || end > _open.Peek().End)
                return Fail(VerifierRuleTable.Nesting, "a body does not lie within the body around it");
            last = end;
        }
        int depth = _open.Peek().Depth + 1;
        for (int i = ends.Count - 1; i >= 0; i--)
            Push(_id, ends[i], depth);
        return true;
    }

    // ---- Words ----

    /// <summary>Whether each word is one of what its row says; after that, reading them is safe.</summary>
    private bool CheckWords()
    {
        ReadOnlySpan<int> words = _body.Words(_id);
        bool hasList = _info.Operands.Length > _info.FixedWords;
        if ((uint)_type.Index >= (uint)_module.Types.Count || (hasList ? words.Length < _info.FixedWords : words.Length != _info.FixedWords))
            return Fail(VerifierRuleTable.Words, "the instruction has not as many words as it should");
        for (int i = 0; i < _info.Operands.Length; i++)
        {
            OperandSpec spec = _info.Operands[i];
            bool isGood = spec.Kind switch
            {
                OperandKind.Values => AreOperands(words[i..]),
                OperandKind.Lanes => AreLanes(words[i..]),
                OperandKind.Cases => AreCases(words[i..]),
                _ => IsWord(spec.Kind, words[i]),
            };
            if (!isGood)
                return Fail(VerifierRuleTable.Words, $"the operand {spec.Name} is nothing that there is");
        }
        return true;
    }

    private bool IsWord(OperandKind kind, int word) => kind switch
    {
        OperandKind.Value => IsOperand(word),
        OperandKind.Number or OperandKind.Body => word >= 0,
        OperandKind.Type => (uint)word < (uint)_module.Types.Count,
        OperandKind.Item => (uint)word < (uint)_module.Items.Count,
        OperandKind.Label => (uint)word < (uint)_body.Count,
        OperandKind.Name => (uint)word < (uint)_module.Names.Count,
        OperandKind.CompareOperator => (uint)word <= (uint)CompareOperator.Neq,
        OperandKind.RmwOperator => (uint)word <= (uint)RmwOperator.Min,
        OperandKind.ReduceOperator => (uint)word <= (uint)ReduceOperator.Mul,
        _ => (uint)word <= (uint)MemoryOrder.SeqCst,
    };

    private bool IsOperand(int word)
    {
        var operand = Operand.FromRaw(word);
        return operand.IsInstruction
            ? (uint)operand.Instruction.Index < (uint)_body.Count
            : operand.IsConstant && (uint)operand.Value.Index < (uint)_module.Values.Count;
    }

    private bool AreOperands(ReadOnlySpan<int> words)
    {
        foreach (int word in words)
            if (!IsOperand(word))
                return false;
        return true;
    }

    private bool AreLanes(ReadOnlySpan<int> words)
    {
        foreach (int word in words)
            if (word < 0 && (uint)~word >= (uint)_module.Values.Count)
                return false;
        return true;
    }

    private bool AreCases(ReadOnlySpan<int> words)
    {
        if (words.Length < 3 || words[0] < 0)
            return false;
        int position = 2;
        for (int left = words[0]; left > 0; left--)
        {
            if (position + 3 > words.Length - 1)
                return false;
            long values = words[position] + (2L * words[position + 1]);
            if (words[position] < 0 || words[position + 1] < 0 || position + 3 + values > words.Length - 1)
                return false;
            foreach (int value in words.Slice(position + 3, (int)values))
                if ((uint)value >= (uint)_module.Values.Count)
                    return false;
            position += 3 + (int)values;
        }
        return position == words.Length - 1;
    }

    // ---- What all instructions have in common ----

    private void CheckInstruction()
    {
        if (_info.Opcode == AirOpcode.Arg)
        {
            if (_id.Index >= _body.ParameterCount)
                Fail(VerifierRuleTable.Parameters, "args are only at the start");
            return;
        }
        if (!CheckScopes())
            return;
        _subject = _types.Subject(_info, _type, _body.Words(_id));
        if (CheckSubject() && CheckOperandTypes() && CheckResult())
            CheckFamily();
    }

    private bool CheckScopes()
    {
        ReadOnlySpan<int> words = _body.Words(_id);
        for (int i = 0; i < _info.Operands.Length; i++)
        {
            OperandKind kind = _info.Operands[i].Kind;
            if (kind == OperandKind.Label && !CheckLabel(new InstructionId(words[i])))
                return false;
            int count = kind == OperandKind.Value ? 1 : kind == OperandKind.Values ? words.Length - i : 0;
            foreach (int word in words.Slice(i, count))
                if (word < 0 && !CheckScope(Operand.FromRaw(word).Instruction))
                    return false;
        }
        return true;
    }

    private bool CheckScope(InstructionId used)
    {
        if (used.Index >= _id.Index || !_isOpen[_bodyOf[used.Index]] || _body.Next(used) > _id.Index)
            return Fail(VerifierRuleTable.Scope, $"{NameOf(used)} is not in scope here: it is in another body, or comes later");
        return _body.Type(used) != TypeId.NoReturn || Fail(VerifierRuleTable.Scope, $"{NameOf(used)} has no result: it does not come back");
    }

    private string NameOf(InstructionId instruction) => $"%{_body.Name(instruction) ?? $"{instruction.Index}"}";

    private bool CheckLabel(InstructionId label)
    {
        AirOpcode opcode = _body.Opcode(label);
        bool isKind = _info.Opcode switch
        {
            AirOpcode.Br => opcode is AirOpcode.Block or AirOpcode.DbgInlineBlock,
            AirOpcode.Repeat => opcode == AirOpcode.Loop,
            _ => opcode == AirOpcode.LoopSwitchBr,
        };
        if (!isKind)
            return Fail(VerifierRuleTable.Label, $"{NameOf(label)} is no {(_info.Opcode == AirOpcode.Br ? "block" : _info.Opcode == AirOpcode.Repeat ? "loop" : "loop_switch_br")}");
        return _openBodiesOf[label.Index] > 0 || Fail(VerifierRuleTable.Label, "the label's body is not around this");
    }

    private bool CheckSubject()
    {
        if (_info.Written == WrittenType.None)
            return true;
        if (_info.Written == WrittenType.ResultPointee && !IsAllocated())
            return Fail(VerifierRuleTable.ResultType, "the result of an alloc is a plain pointer to one value");
        TypeId lane = _module.Types.LaneOf(_subject);
        bool isVector = lane != _subject;
        SubjectClass found = ClassOf(_module.Types.Kind(lane));
        bool isAllowed = (_info.Class & SubjectClass.Any) != 0 || (_info.Class & (found | (isVector ? SubjectClass.Aggregate : 0))) != 0;
        bool isShape = isVector ? (_info.Class & SubjectClass.Scalar) == 0 : (_info.Class & SubjectClass.Vector) == 0 || _info.Opcode == AirOpcode.Splat;
        bool hasValues = TypeChecks.HasValues(_module, _subject) || (_subject == TypeId.NoReturn && _info.Written == WrittenType.ResultUnlessVoid);
        return (isAllowed && isShape && hasValues) || Fail(VerifierRuleTable.Subject, $"{_info.Name} has no form for {Print(_subject)}");
    }

    private bool IsAllocated() => _module.Types[_type] is PointerType { IsMany: false, IsConst: false, IsAllowZero: false, IsVolatile: false, IsBitPointer: false };

    private static SubjectClass ClassOf(TypeKind kind) => kind switch
    {
        TypeKind.Integer => SubjectClass.Integer,
        TypeKind.Float => SubjectClass.Float,
        TypeKind.Bool => SubjectClass.Bool,
        TypeKind.Pointer => SubjectClass.Pointer,
        TypeKind.Slice => SubjectClass.Slice,
        TypeKind.Enum => SubjectClass.Enum,
        TypeKind.ErrorSet => SubjectClass.ErrorSet,
        TypeKind.Optional => SubjectClass.Optional,
        TypeKind.ErrorUnion => SubjectClass.ErrorUnion,
        TypeKind.Struct or TypeKind.Union or TypeKind.Array or TypeKind.Vector => SubjectClass.Aggregate,
        _ => SubjectClass.None,
    };

    private bool CheckOperandTypes()
    {
        ReadOnlySpan<int> words = _body.Words(_id);
        if (!CheckBases())
            return false;
        for (int i = 0; i < _info.Operands.Length; i++)
        {
            OperandSpec spec = _info.Operands[i];
            int count = spec.Kind == OperandKind.Value ? 1 : spec.Kind == OperandKind.Values ? words.Length - i : 0;
            for (int k = 0; k < count; k++)
                if (!CheckOperandType(spec, words, i + k, k))
                    return false;
        }
        return true;
    }

    private bool CheckOperandType(OperandSpec spec, ReadOnlySpan<int> words, int position, int index)
    {
        TypeId found = TypeOf(position);
        if (spec.Type == OperandTypeRule.ShiftAmount)
        {
            return (_module.Types.Kind(_module.Types.LaneOf(found)) == TypeKind.Integer && LanesOf(found) == LanesOf(_subject))
                || Fail(VerifierRuleTable.OperandType, $"{spec.Name} is of type {Print(found)}, no integer with as many lanes");
        }
        return !_types.TryGetExpected(spec.Type, _subject, words, index, out TypeId expected) || found == expected
            || Fail(VerifierRuleTable.OperandType, $"{spec.Name} is of type {Print(found)}, not {Print(expected)}");
    }

    /// <summary>What other operands' types follow from must be of the right kind.</summary>
    private bool CheckBases()
    {
        foreach (OperandSpec spec in _info.Operands)
        {
            bool isGood = spec.Type switch
            {
                OperandTypeRule.Pointee => _module.Types[TypeOf(0)] is PointerType { IsMany: false },
                OperandTypeRule.PointeeElement => _module.Types.TryGetPointeeElement(TypeOf(0), out _),
                OperandTypeRule.PointeeTag => _module.Types.TryGetPointee(TypeOf(0), out TypeId union) && _module.Types[union] is UnionType { Tag.HasValue: true },
                OperandTypeRule.Parameters => _module.Types[TypeOf(0)] is PointerType { IsMany: false } && _module.Types.TryGetFunction(TypeOf(0), out _),
                _ => true,
            };
            if (!isGood)
                return Fail(VerifierRuleTable.OperandType, $"{_info.Operands[0].Name} is of type {Print(TypeOf(0))}, which has no {spec.Name}");
        }
        return true;
    }

    private bool CheckResult()
    {
        TypeId expected = _type;
        bool isKnown = _info.Result == ResultRule.Written || _types.TryGetResult(_info, _subject, _body.Words(_id), out expected);
        return (isKnown && expected == _type) || Fail(VerifierRuleTable.ResultType, $"the result is of type {Print(expected)}, not {Print(_type)}");
    }

    // ---- For the families ----

    private TypeId TypeOf(int position) => _types.TypeOf(_body.Operand(_id, position));

    private AirType OperandType(int position) => _module.Types[TypeOf(position)];

    private int LanesOf(TypeId type) => _module.Types[type] is VectorType vector ? vector.Length : 0;

    private bool FailOperand(int position, string needed) =>
        Fail(VerifierRuleTable.OperandType, $"{_info.Operands[position].Name} is of type {Print(TypeOf(position))}; {needed} is needed");

    private bool CheckIs(TypeId found, TypeId expected) =>
        found == expected || Fail(VerifierRuleTable.ResultType, $"the result is of type {Print(expected)}, not {Print(found)}");

    /// <summary>The result must be a pointer to one value of that type, and not write to what the operand is const for.</summary>
    private bool CheckPointerResult(TypeId child, ReferenceType from, bool isMany = false)
    {
        if (_module.Types[_type] is not PointerType result || result.IsMany != isMany || result.IsBitPointer || result.Child != child)
            return Fail(VerifierRuleTable.ResultType, $"the result is a pointer to {Print(child)}, not {Print(_type)}");
        return CheckConst(from, result);
    }

    private bool CheckConst(ReferenceType from, ReferenceType to) =>
        !from.IsConst || to.IsConst || Fail(VerifierRuleTable.Const, "the result must be a pointer to const, as the operand is");

    private bool CheckWritable(int position) => OperandType(position) is ReferenceType { IsConst: false }
        || Fail(VerifierRuleTable.Const, $"{_info.Operands[position].Name} is a pointer to const");
}
