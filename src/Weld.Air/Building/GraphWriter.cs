namespace Weld.Air.Building;

/// <summary>Writes a function as its plan says.</summary>
internal sealed class GraphWriter
{
    private readonly ControlFlowGraph _graph;
    private readonly BlockPlacement _placement;
    private readonly StructurePlan _plan;
    private readonly GraphValues _values;
    private readonly FunctionBuilder _code;
    private readonly FunctionBuilder _function;

    // Of values, by number in the code: the place in memory, the instruction that gives it, and what stands for it in the
    // block that is being written.
    private readonly Operand[] _places;
    private readonly InstructionId[] _results;
    private readonly Operand[] _current;
    private readonly int[] _newIndexes;

    // Of blocks: the label to leave to get there, the loop or region that starts there, and the number of who comes.
    private readonly InstructionId[] _blocks;
    private readonly InstructionId[] _loops;
    private readonly Operand[] _states;

    // Of blocks: the body that their code stands in. Of bodies: whether they are open.
    private readonly int[] _bodies;
    private readonly List<bool> _isOpen = [];
    private readonly Stack<int> _open = new();

    // For each block, its uses that go through memory, and its results that do.
    private readonly List<int>?[] _loads;
    private readonly List<int>?[] _stores;

    private GraphWriter(ControlFlowGraph graph, BlockPlacement placement, GraphValues values, FunctionBuilder code, FunctionBuilder function)
    {
        _graph = graph;
        _placement = placement;
        _plan = new StructurePlan(graph, placement);
        _values = values;
        _code = code;
        _function = function;
        _places = new Operand[code.Count];
        _results = new InstructionId[code.Count];
        _current = new Operand[code.Count];
        _newIndexes = new int[code.Count + 1];
        _blocks = new InstructionId[graph.Blocks.Count];
        _loops = new InstructionId[graph.Blocks.Count];
        _states = new Operand[graph.Blocks.Count];
        _bodies = new int[graph.Blocks.Count];
        Array.Fill(_bodies, -1);
        _loads = new List<int>?[graph.Blocks.Count];
        _stores = new List<int>?[graph.Blocks.Count];
    }

    public static AirFunction Write(ControlFlowGraph graph, BlockPlacement placement, GraphValues values, FunctionBuilder code, FunctionBuilder function)
    {
        var writer = new GraphWriter(graph, placement, values, code, function);
        writer.FindLoads();
        writer.WritePlaces();
        foreach ((PlanStep step, int block, int number) in writer._plan.Steps)
            writer.Write(step, block, number);
        return function.Finish();
    }

    // ---- What goes through memory ----

    private void FindLoads()
    {
        Open();
        foreach ((PlanStep step, int block, _) in _plan.Steps)
        {
            if (Closes(step))
                _isOpen[_open.Pop()] = false;
            if (Opens(step, _graph.Blocks[block].End))
                Open();
            if (step != PlanStep.Code)
                continue;
            _bodies[block] = _open.Peek();
            foreach (int value in _values.Uses[block] ?? [])
                FindLoad(block, value);
        }
    }

    private void FindLoad(int block, int value)
    {
        int body = _bodies[_values.DefinedIn(value)];
        if (body >= 0 && _isOpen[body])
            return;
        (_loads[block] ??= []).Add(value);
        if (_values.InMemory[value])
            return;
        _values.InMemory[value] = true;
        (_stores[_values.DefinedIn(value)] ??= []).Add(value);
    }

    private void Open()
    {
        _open.Push(_isOpen.Count);
        _isOpen.Add(true);
    }

    private static bool Closes(PlanStep step) =>
        step is PlanStep.CloseBody or PlanStep.NextBody or PlanStep.CloseCase or PlanStep.CloseRegionCase;

    private static bool Opens(PlanStep step, GraphEnd end) =>
        step is PlanStep.OpenBlock or PlanStep.OpenLoop or PlanStep.NextBody or PlanStep.OpenCase or PlanStep.OpenRegionCase
        || (step == PlanStep.OpenEnd && end is GraphEnd.Condition or GraphEnd.Try);

    private void WritePlaces()
    {
        for (int i = 0; i < _code.FunctionType.Parameters.Count; i++)
        {
            _current[i] = new InstructionId(i);
            CopyName(i, new InstructionId(i));
        }
        for (int i = 0; i < _code.Count; i++)
            if (_values.InMemory[i] && _code.TypeOf(new InstructionId(i)) != TypeId.Void)
                _places[i] = _function.Alloc(_code.TypeOf(new InstructionId(i)));
        for (int i = 0; i < _graph.Blocks.Count; i++)
            if (_graph.Blocks[i].End == GraphEnd.Dispatch)
                _states[i] = _function.Alloc(TypeId.U32);
    }

    // ---- Steps ----

    private void Write(PlanStep step, int block, int number)
    {
        GraphBlock of = _graph.Blocks[block];
        switch (step)
        {
            case PlanStep.Code:
                WriteCode(block, of);
                break;
            case PlanStep.OpenBlock:
                _blocks[block] = _function.BeginBody(AirOpcode.Block, TypeId.Void);
                break;
            case PlanStep.OpenLoop:
                _loops[block] = _function.BeginBody(AirOpcode.Loop, TypeId.NoReturn);
                break;
            case PlanStep.OpenEnd:
                OpenEnd(of);
                break;
            case PlanStep.OpenCase:
                OpenCase(of, number);
                break;
            case PlanStep.CloseCase when of.End == GraphEnd.Dispatch || number < of.Cases.Count:
                _function.EndCase();
                break;
            case PlanStep.CloseRegionCase:
                _function.EndCase();
                break;
            case PlanStep.NextBody or PlanStep.CloseBody:
                _function.EndBody();
                break;
            case PlanStep.CloseSwitch:
                _function.EndSwitch();
                break;
            case PlanStep.OpenRegion:
                _loops[block] = _function.BeginSwitch(AirOpcode.LoopSwitchBr, Number(_plan.CaseNumber(block)));
                break;
            case PlanStep.OpenRegionCase:
                _function.BeginCase([Number(_plan.CaseNumber(block)).Value]);
                break;
            case PlanStep.Follow:
                Follow(of.Edges[number]);
                break;
        }
    }

    private Operand Number(int value) => _function.Constant(TypeId.U32, value);

    private void WriteCode(int number, GraphBlock block)
    {
        foreach (InstructionId parameter in block.Parameters)
            if (!_places[parameter.Index].IsNone)
                CopyName(parameter.Index, _results[parameter.Index] = Load(parameter.Index));
        foreach (int value in _values.Uses[number] ?? [])
            _current[value] = _results[value];
        foreach (int value in _loads[number] ?? [])
            _current[value] = Load(value);
        foreach (BodyRange range in block.Code)
            Copy(range);
        foreach (int value in _stores[number] ?? [])
            if (!_places[value].IsNone && block.End != GraphEnd.Code)
                _function.Store(_places[value], _results[value]);
        // Now, as what follows uses what is current in other blocks.
        block.Operand = block.End == GraphEnd.Dispatch ? _function.Load(_states[number]) : Translate(block.Operand);
        foreach (GraphEdge edge in block.Edges)
            edge.Written = Array.ConvertAll(edge.Arguments, Translate);
    }

    private InstructionId Load(int value)
    {
        if (_places[value].IsNone)
            return default;
        Operand loaded = _function.Load(_places[value]);
        _current[value] = loaded;
        return loaded.Instruction;
    }

    private Operand Translate(Operand operand)
    {
        operand = _values.Resolve(operand);
        if (!operand.IsInstruction)
            return operand;
        return _code.TypeOf(operand) == TypeId.Void ? ValueId.Void : _current[operand.Instruction.Index];
    }

    // ---- Code ----

    private void Copy(BodyRange range)
    {
        int next = _function.Count;
        for (int i = range.Start; i < range.End; i++)
        {
            _newIndexes[i] = next;
            if (!_values.IsParameter(i))
                next++;
        }
        _newIndexes[range.End] = next;
        Span<int> small = stackalloc int[16];
        for (int i = range.Start; i < range.End; i++)
        {
            if (_values.IsParameter(i))
                continue;
            var id = new InstructionId(i);
            ReadOnlySpan<int> words = _code.WordsOf(id);
            Span<int> translated = words.Length <= small.Length ? small[..words.Length] : new int[words.Length];
            words.CopyTo(translated);
            Translate(AirOpcodeTable.Get(_code.OpcodeOf(id)), translated);
            _results[i] = _function.AppendAsItIs(_code.OpcodeOf(id), _code.TypeOf(id), translated);
            _current[i] = _results[i];
            CopyName(i, _results[i]);
        }
    }

    private void Translate(OpcodeInfo info, Span<int> words)
    {
        for (int i = 0; i < info.Operands.Length; i++)
        {
            switch (info.Operands[i].Kind)
            {
                case OperandKind.Value:
                    words[i] = Translate(Operand.FromRaw(words[i])).Raw;
                    break;
                case OperandKind.Values:
                    foreach (ref int raw in words[i..])
                        raw = Translate(Operand.FromRaw(raw)).Raw;
                    break;
                case OperandKind.Label or OperandKind.Body:
                    words[i] = _newIndexes[words[i]];
                    break;
                case OperandKind.Cases:
                    TranslateCases(words[i..]);
                    break;
            }
        }
    }

    // As SwitchCases reads them.
    private void TranslateCases(Span<int> words)
    {
        int position = 2;
        for (int left = words[0]; left > 0; left--)
        {
            words[position + 2] = _newIndexes[words[position + 2]];
            position += 3 + words[position] + (2 * words[position + 1]);
        }
        words[position] = _newIndexes[words[position]];
    }

    private void CopyName(int from, InstructionId to)
    {
        if (_code.NameOf(new InstructionId(from)) is { } name)
            _function.SetName(to, name);
    }

    // ---- Ends ----

    private void OpenEnd(GraphBlock block)
    {
        switch (block.End)
        {
            case GraphEnd.Condition:
                _function.BeginBody(AirOpcode.CondBr, TypeId.NoReturn, block.Operand.Raw);
                break;
            case GraphEnd.Try:
                TypeId payload = ((ErrorUnionType)_function.Module.Types[_function.TypeOf(block.Operand)]).Payload;
                InstructionId result = _function.BeginBody(AirOpcode.Try, payload, block.Operand.Raw);
                block.Edges[1].Written[0] = result;
                break;
            default:
                _function.BeginSwitch(AirOpcode.SwitchBr, block.Operand);
                break;
        }
    }

    private void OpenCase(GraphBlock block, int number)
    {
        if (block.End == GraphEnd.Dispatch)
            _function.BeginCase([Number(number).Value]);
        else if (number < block.Cases.Count)
            _function.BeginCase(block.Cases[number].Items, block.Cases[number].RangeEnds);
        else
            _function.BeginElse();
    }

    // All arguments are values by now, so that parameters can change places.
    private void Follow(GraphEdge edge)
    {
        List<InstructionId> parameters = _graph.Blocks[edge.Receiver].Parameters;
        for (int i = 0; i < edge.Written.Length; i++)
            if (!_places[parameters[i].Index].IsNone)
                _function.Store(_places[parameters[i].Index], edge.Written[i]);
        if (edge.StateNumber >= 0)
            _function.Store(_states[edge.Target], Number(edge.StateNumber));
        switch (_placement.JumpOf(edge))
        {
            case GraphJump.Leave:
                _function.Br(_blocks[edge.Target]);
                break;
            case GraphJump.Repeat:
                _function.Repeat(_loops[edge.Target]);
                break;
            case GraphJump.Dispatch:
                _function.SwitchDispatch(_loops[_placement.Region(edge.Source)], Number(_plan.CaseNumber(edge.Target)));
                break;
        }
    }
}
