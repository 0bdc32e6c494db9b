namespace Weld.Air.Building;

/// <summary>Gives every cycle one block that it is entered through, which AIR's loops need.</summary>
/// <remarks>
/// A cycle with several entries gets a new block before it, which switches on a number: who went to an entry now stores the
/// entry's number and goes there. Nothing is copied, and each cycle gets one block at most, so that the graph grows by less than
/// a block for each block. What is in a cycle without the way back to its entry is looked at again, for cycles in it.
/// </remarks>
internal sealed class IrreducibleRegions
{
    // In deeper cycles all blocks become entries, so that the time stays linear.
    private const int MostLevels = 64;

    private readonly ControlFlowGraph _graph;
    private readonly Stack<(List<int> Blocks, int Level)> _pending = new();

    // The set that a block is in while it is looked at, and its cycle there.
    private readonly List<int> _set = [];
    private readonly List<int> _cycle = [];
    private int _sets;
    private int _cycles;

    private IrreducibleRegions(ControlFlowGraph graph) => _graph = graph;

    /// <summary>Makes the graph reducible if it is not.</summary>
    /// <returns>How many blocks that dispatch there are now.</returns>
    public static int Run(ControlFlowGraph graph)
    {
        var dominators = new DominatorTree(graph);
        bool isReducible = true;
        foreach (int block in graph.Order)
            foreach (GraphEdge edge in graph.Blocks[block].Edges)
                isReducible &= graph.Position[edge.Target] > graph.Position[block] || dominators.Dominates(edge.Target, block);
        if (isReducible)
            return 0;
        var regions = new IrreducibleRegions(graph);
        return regions.Run();
    }

    private int Run()
    {
        int before = _graph.Blocks.Count;
        _pending.Push(([.. _graph.Order], 0));
        while (_pending.TryPop(out (List<int> Blocks, int Level) next))
            LookAt(next.Blocks, next.Level);
        _graph.FindOrder();
        return _graph.Blocks.Count - before;
    }

    private void LookAt(List<int> blocks, int level)
    {
        _sets++;
        foreach (int block in blocks)
            Set(_set, block, _sets);
        foreach (List<int> cycle in FindCycles(blocks))
        {
            _cycles++;
            foreach (int block in cycle)
                Set(_cycle, block, _cycles);
            List<int> entries = level == MostLevels ? cycle : FindEntries(cycle);
            if (entries.Count == 1)
            {
                cycle.Remove(entries[0]);
            }
            else
            {
                Dispatch(entries);
                if (level == MostLevels)
                    continue;
            }
            _pending.Push((cycle, level + 1));
        }
    }

    private List<int> FindEntries(List<int> cycle)
    {
        var entries = new List<int>();
        foreach (int block in cycle)
            if (block == ControlFlowGraph.Entry || _graph.Incoming[block].Exists(edge => Get(_cycle, edge.Source) != _cycles))
                entries.Add(block);
        return entries;
    }

    private void Dispatch(List<int> entries)
    {
        int number = _graph.Blocks.Count;
        var block = new GraphBlock($"dispatch.{number}") { End = GraphEnd.Dispatch, State = number };
        _graph.Blocks.Add(block);
        var incoming = new List<GraphEdge>();
        for (int i = 0; i < entries.Count; i++)
        {
            foreach (GraphEdge edge in _graph.Incoming[entries[i]])
            {
                edge.Target = number;
                edge.StateNumber = i;
                incoming.Add(edge);
            }
            block.Edges.Add(new GraphEdge(number, entries[i], []));
            _graph.Incoming[entries[i]].Clear();
            _graph.Incoming[entries[i]].Add(block.Edges[i]);
        }
        _graph.AddIncoming(incoming);
    }

    /// <summary>The strongly connected parts of the set that have a cycle, by Tarjan's method.</summary>
    private List<List<int>> FindCycles(List<int> blocks)
    {
        var cycles = new List<List<int>>();
        var numbers = new Dictionary<int, (int Number, int Low, bool IsOpen)>();
        var open = new Stack<int>();
        var stack = new Stack<(int Block, int Edge)>();
        foreach (int root in blocks)
        {
            if (numbers.ContainsKey(root))
                continue;
            stack.Push((root, 0));
            while (stack.TryPop(out (int Block, int Edge) top))
            {
                if (top.Edge == 0)
                {
                    numbers[top.Block] = (numbers.Count, numbers.Count, true);
                    open.Push(top.Block);
                }
                List<GraphEdge> edges = _graph.Blocks[top.Block].Edges;
                (int number, int low, _) = numbers[top.Block];
                int next = -1;
                int at = top.Edge;
                // The edge before is one that was followed, or of which all is known.
                for (; at <= edges.Count && next < 0; at++)
                {
                    if (at > 0 && Get(_set, edges[at - 1].Target) == _sets && numbers.TryGetValue(edges[at - 1].Target, out var known) && known.IsOpen)
                        low = Math.Min(low, known.Low);
                    if (at < edges.Count && Get(_set, edges[at].Target) == _sets && !numbers.ContainsKey(edges[at].Target))
                        next = edges[at].Target;
                }
                numbers[top.Block] = (number, low, true);
                if (next >= 0)
                {
                    stack.Push((top.Block, at));
                    stack.Push((next, 0));
                    continue;
                }
                if (low != number)
                    continue;
                var part = new List<int>();
                int member;
                do
                {
                    member = open.Pop();
                    numbers[member] = numbers[member] with { IsOpen = false };
                    part.Add(member);
                }
                while (member != top.Block);
                if (part.Count > 1 || edges.Exists(edge => edge.Target == top.Block))
                    cycles.Add(part);
            }
        }
        return cycles;
    }

    private static int Get(List<int> list, int block) => block < list.Count ? list[block] : 0;

    private static void Set(List<int> list, int block, int value)
    {
        while (list.Count <= block)
            list.Add(0);
        list[block] = value;
    }
}
