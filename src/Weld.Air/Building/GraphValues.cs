namespace Weld.Air.Building;

/// <summary>Which values cross from block to block, and which of them have to go through memory.</summary>
/// <remarks>A parameter lies in memory, as each edge to the block gives it another value; if there is one edge only, it is that
/// edge's argument. A result lies in memory if it is used where AIR does not see it any more: in a block that dominance allows to
/// use it, but that does not stand in the body of the result.</remarks>
internal sealed class GraphValues
{
    private readonly ControlFlowGraph _graph;
    private readonly FunctionBuilder _code;
    private readonly int _parameterCount;
    private readonly Operand[] _meanings;
    private readonly int[] _definedIn;
    private readonly int[] _lastUser;
    private readonly bool[] _isParameter;

    public GraphValues(ControlFlowGraph graph, FunctionBuilder code, int[] definedIn)
    {
        _graph = graph;
        _code = code;
        _parameterCount = code.FunctionType.Parameters.Count;
        _definedIn = definedIn;
        _meanings = new Operand[code.Count];
        _lastUser = new int[code.Count];
        _isParameter = new bool[code.Count];
        InMemory = new bool[code.Count];
        Array.Fill(_lastUser, -1);
        Uses = new List<int>?[graph.Blocks.Count];
        foreach (GraphBlock block in graph.Blocks)
            foreach (InstructionId parameter in block.Parameters)
                _isParameter[parameter.Index] = true;
        FindMeanings();
        foreach (int block in graph.Order)
            graph.ForEachUse(block, code, (_, operand) => Use(block, operand));
    }

    /// <summary>For each block, what it uses of other blocks.</summary>
    public List<int>?[] Uses { get; }

    /// <summary>Whether a result or parameter has a place in memory.</summary>
    public bool[] InMemory { get; }

    public bool IsParameter(int value) => _isParameter[value];

    public int DefinedIn(int value) => _definedIn[value];

    /// <summary>What an operand is: a parameter with one edge is that edge's argument.</summary>
    public Operand Resolve(Operand operand)
    {
        while (operand.IsInstruction && !_meanings[operand.Instruction.Index].IsNone)
            operand = _meanings[operand.Instruction.Index];
        return operand;
    }

    // The block before mostly comes first in the order, so that what its parameters are is known, and nobody has far to go.
    private void FindMeanings()
    {
        var edges = new (GraphEdge? Edge, int Count)[_graph.Blocks.Count];
        foreach (int block in _graph.Order)
            foreach (GraphEdge edge in _graph.Blocks[block].Edges)
                if (edge.Arguments.Length > 0)
                    edges[edge.Receiver] = (edge, edges[edge.Receiver].Count + 1);
        foreach (int block in _graph.Order)
        {
            for (int i = 0; i < _graph.Blocks[block].Parameters.Count; i++)
            {
                int parameter = _graph.Blocks[block].Parameters[i].Index;
                if (_code.TypeOf(new InstructionId(parameter)) == TypeId.Void)
                    _meanings[parameter] = ValueId.Void;
                else if (edges[block] is { Count: 1, Edge: { } edge } && _graph.Blocks[edge.Source].End != GraphEnd.Try)
                    _meanings[parameter] = Resolve(edge.Arguments[i]);
            }
        }
    }

    private void Use(int block, Operand operand)
    {
        operand = Resolve(operand);
        if (!operand.IsInstruction || operand.Instruction.Index < _parameterCount)
            return;
        int value = operand.Instruction.Index;
        InMemory[value] |= _isParameter[value];
        if (_definedIn[value] == block || _lastUser[value] == block)
            return;
        _lastUser[value] = block;
        (Uses[block] ??= []).Add(value);
    }
}
