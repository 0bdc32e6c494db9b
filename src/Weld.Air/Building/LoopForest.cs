namespace Weld.Air.Building;

/// <summary>The loops of a reducible graph, in each other: a loop is all that can get back to a block that dominates it.</summary>
internal sealed class LoopForest
{
    private readonly int[] _outer;
    private readonly bool[] _isHeader;
    private readonly int[] _collapsed;

    public LoopForest(ControlFlowGraph graph)
    {
        _outer = new int[graph.Blocks.Count];
        _isHeader = new bool[graph.Blocks.Count];
        _collapsed = new int[graph.Blocks.Count];
        Array.Fill(_outer, -1);
        for (int i = 0; i < _collapsed.Length; i++)
            _collapsed[i] = i;
        var pending = new Stack<int>();
        for (int i = graph.Order.Length - 1; i >= 0; i--)
            Collect(graph, graph.Order[i], pending);
    }

    public bool IsHeader(int block) => _isHeader[block];

    /// <summary>The header of the innermost loop that a block is in, other than the one that it is the header of; -1 if there is none.</summary>
    public int Outer(int block) => _outer[block];

    /// <summary>The header of the innermost loop that a block is in.</summary>
    public int Of(int block) => _isHeader[block] ? block : _outer[block];

    // Inner loops are found before the loops around them, and then count as one block.
    private void Collect(ControlFlowGraph graph, int header, Stack<int> pending)
    {
        foreach (GraphEdge edge in graph.Incoming[header])
        {
            if (graph.Position[edge.Source] < graph.Position[header])
                continue;
            _isHeader[header] = true;
            pending.Push(Find(edge.Source));
        }
        while (pending.TryPop(out int block))
        {
            if (block == header || _outer[block] >= 0)
                continue;
            _outer[block] = header;
            _collapsed[block] = header;
            foreach (GraphEdge edge in graph.Incoming[block])
                if (Find(edge.Source) is var before && before != header && before != block)
                    pending.Push(before);
        }
    }

    private int Find(int block)
    {
        while (_collapsed[block] != block)
            block = _collapsed[block] = _collapsed[_collapsed[block]];
        return block;
    }
}
