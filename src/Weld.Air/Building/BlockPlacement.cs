namespace Weld.Air.Building;

/// <summary>What an edge becomes.</summary>
internal enum GraphJump : byte
{
    /// <summary>Nothing: the block comes next.</summary>
    None,

    /// <summary>Leaves an AIR block, which the block follows.</summary>
    Leave,

    /// <summary>Repeats a loop.</summary>
    Repeat,

    /// <summary>Has a region choose another of its blocks.</summary>
    Dispatch,
}

/// <summary>Decides where the blocks of a reducible graph stand in the function: in the block before them, or after it.</summary>
/// <remarks>
/// The method is Ramsey's ("Beyond Relooper", 2022): blocks stand in the one that dominates them. Where several edges meet,
/// the block follows an AIR block that they leave; a loop stands around its header and what can get back there. Two things are
/// different. What leaves a loop stands after it, so that loops that follow each other are not in each other. And of the ways
/// that a branch goes, the one with the deepest nesting follows too, so that a chain of conditions does not nest.
/// What is deeper all the same becomes a region: a loop around a switch over all its blocks, which has no depth.
/// </remarks>
internal sealed class BlockPlacement
{
    /// <summary>Levels of bodies that a block and what is in it may have.</summary>
    private const int MostDepth = 120;

    // Less than this stays where it is.
    private const int SmallDepth = 8;

    private readonly ControlFlowGraph _graph;
    private readonly DominatorTree _dominators;
    private readonly LoopForest _loops;
    private readonly int[] _parent;
    private readonly int[] _depth;
    private readonly bool[] _follows;
    private readonly bool[] _isRegion;
    private readonly int[] _region;

    public BlockPlacement(ControlFlowGraph graph, Func<int, int> depthOfCode)
    {
        _graph = graph;
        _dominators = new DominatorTree(graph);
        _loops = new LoopForest(graph);
        int count = graph.Blocks.Count;
        _parent = new int[count];
        _depth = new int[count];
        _follows = new bool[count];
        _isRegion = new bool[count];
        _region = new int[count];
        Inside = new List<int>?[count];
        Outside = new List<int>?[count];
        Array.Fill(_region, -1);
        Place();
        for (int i = graph.Order.Length - 1; i >= 0; i--)
            Measure(graph.Order[i], depthOfCode(graph.Order[i]));
        KeepFollowers();
        FindRegions();
    }

    /// <summary>The blocks that follow in the loop, or where there is none, in the order in which they stand.</summary>
    public List<int>?[] Inside { get; }

    /// <summary>The blocks that follow a loop.</summary>
    public List<int>?[] Outside { get; }

    public bool IsHeader(int block) => _loops.IsHeader(block);

    /// <summary>The first block of the region that a block is in; -1 if it is in none.</summary>
    public int Region(int block) => _region[block];

    /// <summary>How to get to where an edge goes.</summary>
    public GraphJump JumpOf(GraphEdge edge)
    {
        int region = _region[edge.Source];
        if (region >= 0 && _region[edge.Target] == region)
            return IsContinued(edge) ? GraphJump.None : GraphJump.Dispatch;
        if (_graph.Position[edge.Target] <= _graph.Position[edge.Source])
            return GraphJump.Repeat;
        return _follows[edge.Target] ? GraphJump.Leave : GraphJump.None;
    }

    /// <summary>Whether a block of a region goes on in another without a choice, which nobody else goes to.</summary>
    public bool IsContinued(GraphEdge edge) =>
        _graph.Blocks[edge.Source].End == GraphEnd.Branch && _graph.Incoming[edge.Target].Count == 1 && _region[edge.Target] == _region[edge.Source];

    // The parents of all blocks, and the followers without those that are only too deep.
    private void Place()
    {
        foreach (int block in _graph.Order)
        {
            int over = _dominators.Immediate[block];
            if (over < 0)
                continue;
            int header = LoopLeft(over, block);
            bool isSmall = _graph.Incoming[block].Count == 1 && _graph.Blocks[block].Edges.Count == 0;
            if (header >= 0 && !isSmall)
            {
                _parent[block] = header;
                _follows[block] = true;
                (Outside[header] ??= []).Add(block);
                continue;
            }
            _parent[block] = over;
            _follows[block] = CountForward(block) > 1;
            (Inside[over] ??= []).Add(block);
        }
    }

    /// <summary>The outermost loop that the one above is in and the other is not; -1 if there is none.</summary>
    private int LoopLeft(int over, int block)
    {
        int stays = _loops.Outer(block);
        int left = -1;
        for (int at = _loops.Of(over); at != stays; at = _loops.Outer(at))
            left = at;
        return left;
    }

    private int CountForward(int block)
    {
        int count = 0;
        foreach (GraphEdge edge in _graph.Incoming[block])
            if (_graph.Position[edge.Source] < _graph.Position[block])
                count++;
        return count;
    }

    // Those inside of each block were measured before: they come later in the order.
    private void Measure(int block, int ofCode)
    {
        bool isChoice = _graph.Blocks[block].Edges.Count > 1;
        if (isChoice)
            MoveDeepest(block);
        int here = isChoice ? 1 : 0;
        int followers = 0;
        foreach (int child in Inside[block] ?? [])
        {
            if (_follows[child])
                followers++;
            else
                here = Math.Max(here, _depth[child] + (isChoice ? 1 : 0));
        }
        int depth = Math.Max(Around(Inside[block], here, followers), ofCode);
        if (_loops.IsHeader(block))
            depth = Around(Outside[block], depth + 1, Outside[block]?.Count ?? 0);
        _isRegion[block] = depth > MostDepth;
        _depth[block] = _isRegion[block] ? 3 + ofCode : depth;
    }

    // The first follower stands in the AIR blocks of all others.
    private int Around(List<int>? children, int here, int followers)
    {
        int depth = here + followers;
        foreach (int child in children ?? [])
            if (_follows[child])
                depth = Math.Max(depth, _depth[child] + --followers);
        return depth;
    }

    private void MoveDeepest(int block)
    {
        int deepest = -1;
        foreach (int child in Inside[block] ?? [])
            if (!_follows[child] && _depth[child] > SmallDepth && (deepest < 0 || _depth[child] > _depth[deepest]))
                deepest = child;
        if (deepest >= 0)
            _follows[deepest] = true;
    }

    private void KeepFollowers()
    {
        foreach (int block in _graph.Order)
            Inside[block]?.RemoveAll(child => !_follows[child]);
    }

    private void FindRegions()
    {
        foreach (int block in _graph.Order)
        {
            int around = _dominators.Immediate[block] < 0 ? -1 : _region[_parent[block]];
            _region[block] = around >= 0 ? around : _isRegion[block] ? block : -1;
        }
    }
}
