using Weld.Air.Text;
using Weld.Base.Diagnostics;

namespace Weld.Air.Building;

/// <summary>Finds what is wrong with a graph, before anything is made of it.</summary>
internal sealed class GraphChecks
{
    private const int Nowhere = -1;

    private readonly ControlFlowGraph _graph;
    private readonly FunctionBuilder _code;
    private readonly Action<DiagnosticDescriptor, int, string> _report;
    private readonly int[] _depths;

    // Whether a result is in a body of an instruction, where other blocks do not see it.
    private readonly bool[] _isInner;
    private bool _isGood = true;

    public GraphChecks(ControlFlowGraph graph, FunctionBuilder code, Dictionary<int, int> parameterBlocks, Action<DiagnosticDescriptor, int, string> report)
    {
        _graph = graph;
        _code = code;
        _report = report;
        _depths = new int[graph.Blocks.Count];
        _isInner = new bool[code.Count];
        DefinedIn = new int[code.Count];
        Array.Fill(DefinedIn, Nowhere);
        foreach ((int parameter, int block) in parameterBlocks)
            DefinedIn[parameter] = block;
    }

    /// <summary>The block of each result and parameter.</summary>
    public int[] DefinedIn { get; }

    /// <summary>How deep bodies are in each other in a block's code.</summary>
    public int DepthOfCode(int block) => block < _depths.Length ? _depths[block] : 0;

    /// <summary>Reports what is wrong, and finds the graph's order.</summary>
    public void Run()
    {
        for (int i = 0; i < _graph.Blocks.Count; i++)
        {
            FindResults(i);
            if (_graph.Blocks[i].End == GraphEnd.None)
                Report(GraphErrors.NoTerminator, i, "the block has no end: a branch, or an instruction that does not come back");
        }
        for (int i = 0; i < _graph.Blocks.Count; i++)
            CheckEnd(i);
        if (!_isGood)
            return;
        _graph.FindOrder();
        var dominators = new DominatorTree(_graph);
        foreach (int block in _graph.Order)
            CheckUses(block, dominators);
    }

    private void Report(DiagnosticDescriptor descriptor, int block, string message)
    {
        _isGood = false;
        _report(descriptor, block, message);
    }

    private void FindResults(int number)
    {
        GraphBlock block = _graph.Blocks[number];
        for (int part = 0; part < block.Code.Count; part++)
        {
            BodyRange range = block.Code[part];
            var ends = new Stack<int>();
            // Parameters of any block may have been added here.
            int last = range.End;
            while (DefinedIn[last - 1] != Nowhere)
                last--;
            for (int i = range.Start; i < range.End; i++)
            {
                var id = new InstructionId(i);
                while (ends.TryPeek(out int end) && end <= i)
                    ends.Pop();
                _depths[number] = Math.Max(_depths[number], ends.Count);
                _isInner[i] = ends.Count > 0;
                OpcodeInfo info = AirOpcodeTable.Get(_code.OpcodeOf(id));
                if (DefinedIn[i] != Nowhere)
                    continue;
                DefinedIn[i] = number;
                if (info.HasBodies)
                    ends.Push(_code.WordsOf(id)[^1]);
                bool isLast = part == block.Code.Count - 1 && (info.HasBodies ? ends.Peek() : i + 1) >= last;
                if (_code.TypeOf(id) == TypeId.NoReturn && !_isInner[i] && !isLast)
                    Report(GraphErrors.AfterTerminator, number, $"instructions follow {info.Name}, which does not come back");
            }
        }
    }

    // ---- Ends ----

    private void CheckEnd(int number)
    {
        GraphBlock block = _graph.Blocks[number];
        TypeId type = block.Operand.IsNone ? default : TypeOf(number, block.Operand);
        AirModule module = _code.Module;
        bool isRight = block.End switch
        {
            GraphEnd.Condition => type == TypeId.Bool,
            GraphEnd.Switch => module.Types[type] is IntegerType or EnumType or ErrorSetType || type == TypeId.Bool,
            GraphEnd.Try => module.Types[type] is ErrorUnionType,
            _ => true,
        };
        string wanted = block.End switch
        {
            GraphEnd.Condition => "a condition is a bool",
            GraphEnd.Switch => "a switch is on an integer, bool, enum or error",
            _ => "a try is of an error union",
        };
        if (!isRight)
            Report(GraphErrors.OperandType, number, $"{wanted}, not {AirText.Print(module, type)}");
        foreach (BranchCase branch in block.Cases)
            foreach (ValueId value in branch.Items.Concat(branch.RangeEnds))
                if (isRight && module.Values.TypeOf(value) != type)
                    Report(GraphErrors.OperandType, number, $"a case is {AirText.Print(module, module.Values.TypeOf(value))}, not {AirText.Print(module, type)}");
        foreach (GraphEdge edge in block.Edges)
            CheckArguments(number, edge);
    }

    private void CheckArguments(int number, GraphEdge edge)
    {
        GraphBlock target = _graph.Blocks[edge.Target];
        bool isTry = _graph.Blocks[number].End == GraphEnd.Try && edge == _graph.Blocks[number].Edges[1];
        if (edge.Arguments.Length != target.Parameters.Count)
        {
            string payload = isTry ? ", of which the payload is the first" : "";
            Report(GraphErrors.ArgumentCount, number, $"{edge.Arguments.Length} arguments go to block {target.Name}, which has {target.Parameters.Count} parameters{payload}");
            return;
        }
        for (int i = 0; i < edge.Arguments.Length; i++)
        {
            TypeId given = TypeOf(number, edge.Arguments[i]);
            TypeId wanted = _code.TypeOf(target.Parameters[i]);
            if (given != wanted)
                Report(GraphErrors.ArgumentType, number, $"argument {i} to block {target.Name} is {AirText.Print(_code.Module, given)}, not {AirText.Print(_code.Module, wanted)}");
        }
    }

    private TypeId TypeOf(int number, Operand operand)
    {
        bool isKnown = operand.IsInstruction ? operand.Instruction.Index < _code.Count : operand.IsConstant && operand.Value.Index < _code.Module.Values.Count;
        if (isKnown)
            return _code.TypeOf(operand);
        Report(GraphErrors.NoSuchValue, number, "an operand is neither a constant nor a result of this function");
        return TypeId.Void;
    }

    // ---- Uses ----

    private void CheckUses(int number, DominatorTree dominators) =>
        _graph.ForEachUse(number, _code, (user, operand) => CheckUse(number, user, operand, dominators));

    private void CheckUse(int number, int user, Operand operand, DominatorTree dominators)
    {
        if (operand.IsNone || operand.IsConstant)
            return;
        int value = operand.Instruction.Index;
        if (value >= _code.Count)
        {
            Report(GraphErrors.NoSuchValue, number, "an operand is no result of this function");
            return;
        }
        if (value < _code.FunctionType.Parameters.Count || (DefinedIn[value] == number && !_isInner[value]))
            return;
        int block = DefinedIn[value];
        // Within a body of the same block, the verifier knows more.
        if (block == number && user != int.MaxValue)
            return;
        string name = $"%{_code.NameOf(new InstructionId(value)) ?? $"{value}"}";
        if (block == Nowhere)
            Report(GraphErrors.NoSuchValue, number, $"{name} is used, but it is in no block");
        else if (_isInner[value])
            Report(GraphErrors.NotDominated, number, $"{name} is used, but it is in a body of an instruction of block {_graph.Blocks[block].Name}");
        else if (!_graph.IsReached(block) || !dominators.Dominates(block, number))
            Report(GraphErrors.NotDominated, number, $"{name} is used, but not every way to here goes through block {_graph.Blocks[block].Name}, where it is defined");
    }
}
