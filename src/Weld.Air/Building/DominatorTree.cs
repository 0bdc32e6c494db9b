namespace Weld.Air.Building;

/// <summary>Which block every way to a block goes through.</summary>
/// <remarks>Semidominators as Lengauer and Tarjan find them, and then the dominators as Georgiadis does (SEMI-NCA): close to
/// linear in practice, and without recursion.</remarks>
internal sealed class DominatorTree
{
    private readonly ControlFlowGraph _graph;

    // By number in a depth-first search from the entry.
    private readonly List<int> _blocks = [];
    private readonly List<int> _parents = [];
    private readonly int[] _numbers;

    // Of the tree, numbered in preorder: where a block's subtree starts and ends.
    private readonly int[] _starts;
    private readonly int[] _ends;

    public DominatorTree(ControlFlowGraph graph)
    {
        _graph = graph;
        _numbers = new int[graph.Blocks.Count];
        _starts = new int[graph.Blocks.Count];
        _ends = new int[graph.Blocks.Count];
        Immediate = new int[graph.Blocks.Count];
        Array.Fill(Immediate, -1);
        Search();
        FindImmediate();
        NumberTree();
    }

    /// <summary>The immediate dominator; -1 of the entry and of blocks that cannot be reached.</summary>
    public int[] Immediate { get; }

    /// <summary>Whether every way to a block goes through another, or is it.</summary>
    public bool Dominates(int over, int block) => _starts[over] <= _starts[block] && _ends[block] <= _ends[over];

    private void Search()
    {
        Array.Fill(_numbers, -1);
        var stack = new Stack<(int Block, int Parent)>();
        stack.Push((ControlFlowGraph.Entry, 0));
        while (stack.TryPop(out (int Block, int Parent) top))
        {
            if (_numbers[top.Block] >= 0)
                continue;
            _numbers[top.Block] = _blocks.Count;
            _blocks.Add(top.Block);
            _parents.Add(top.Parent);
            foreach (GraphEdge edge in _graph.Blocks[top.Block].Edges)
                if (_numbers[edge.Target] < 0)
                    stack.Push((edge.Target, _numbers[top.Block]));
        }
    }

    private void FindImmediate()
    {
        int count = _blocks.Count;
        var semi = new int[count];
        var label = new int[count];
        var ancestor = new int[count];
        for (int i = 0; i < count; i++)
            (semi[i], label[i], ancestor[i]) = (i, i, -1);
        var path = new Stack<int>();
        for (int i = count - 1; i > 0; i--)
        {
            foreach (GraphEdge edge in _graph.Incoming[_blocks[i]])
                semi[i] = Math.Min(semi[i], semi[Evaluate(_numbers[edge.Source], semi, label, ancestor, path)]);
            ancestor[i] = _parents[i];
        }
        var immediate = new int[count];
        for (int i = 1; i < count; i++)
        {
            int over = _parents[i];
            while (over > semi[i])
                over = immediate[over];
            immediate[i] = over;
            Immediate[_blocks[i]] = _blocks[over];
        }
    }

    /// <summary>The one with the least semidominator among the ancestors that are linked, with all links made short.</summary>
    private static int Evaluate(int node, int[] semi, int[] label, int[] ancestor, Stack<int> path)
    {
        if (ancestor[node] < 0)
            return label[node];
        for (int at = node; ancestor[ancestor[at]] >= 0; at = ancestor[at])
            path.Push(at);
        while (path.TryPop(out int at))
        {
            int above = ancestor[at];
            if (semi[label[above]] < semi[label[at]])
                label[at] = label[above];
            ancestor[at] = ancestor[above];
        }
        return label[node];
    }

    private void NumberTree()
    {
        var children = new List<int>[_graph.Blocks.Count];
        foreach (int block in _graph.Order)
            if (Immediate[block] >= 0)
                (children[Immediate[block]] ??= []).Add(block);
        int number = 0;
        var stack = new Stack<(int Block, bool IsDone)>();
        stack.Push((ControlFlowGraph.Entry, false));
        while (stack.TryPop(out (int Block, bool IsDone) top))
        {
            if (top.IsDone)
            {
                _ends[top.Block] = number;
                continue;
            }
            _starts[top.Block] = ++number;
            stack.Push((top.Block, true));
            foreach (int child in children[top.Block] ?? [])
                stack.Push((child, false));
        }
    }
}
