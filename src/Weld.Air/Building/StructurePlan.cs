namespace Weld.Air.Building;

/// <summary>What is written next.</summary>
internal enum PlanStep : byte
{
    /// <summary>The code of a block, up to its end.</summary>
    Code,

    /// <summary>An AIR block that is left to get to the graph's block, which follows.</summary>
    OpenBlock,
    OpenLoop,

    /// <summary>The condition, switch or try at the end of a block.</summary>
    OpenEnd,

    /// <summary>Case by case of a switch.</summary>
    OpenCase,
    CloseCase,

    /// <summary>Between the two bodies of a condition.</summary>
    NextBody,

    /// <summary>Ends a body: of a block, a loop, a condition, a try.</summary>
    CloseBody,

    /// <summary>Ends a switch.</summary>
    CloseSwitch,

    /// <summary>The loop and switch over all blocks of a region.</summary>
    OpenRegion,
    OpenRegionCase,
    CloseRegionCase,

    /// <summary>Along an edge: the arguments, and the jump, if one is needed.</summary>
    Follow,

    // These three are taken apart into the others.
    Place,
    PlaceHere,
    End,
}

/// <summary>The order in which a function is written, as a list, so that nothing needs to recurse.</summary>
internal sealed class StructurePlan
{
    private readonly ControlFlowGraph _graph;
    private readonly BlockPlacement _placement;
    private readonly List<int>[] _regions;
    private readonly int[] _caseNumbers;
    private readonly List<(PlanStep Step, int Block, int Number)> _steps = [];
    private readonly Stack<(PlanStep Step, int Block, int Number)> _pending = new();

    // What one step is taken apart into, before it is turned round.
    private readonly List<(PlanStep Step, int Block, int Number)> _parts = [];

    public StructurePlan(ControlFlowGraph graph, BlockPlacement placement)
    {
        _graph = graph;
        _placement = placement;
        _regions = new List<int>[graph.Blocks.Count];
        _caseNumbers = new int[graph.Blocks.Count];
        foreach (int block in graph.Order)
            if (placement.Region(block) is var region && region >= 0 && !IsContinuation(block))
                AddCase(_regions[region] ??= [], block);
        _pending.Push((PlanStep.Place, ControlFlowGraph.Entry, 0));
        while (_pending.TryPop(out (PlanStep Step, int Block, int Number) next))
            Take(next);
    }

    /// <summary>The number is that of an edge or case.</summary>
    public IReadOnlyList<(PlanStep Step, int Block, int Number)> Steps => _steps;

    /// <summary>What the switch of a region has for a block.</summary>
    public int CaseNumber(int block) => _caseNumbers[block];

    private bool IsContinuation(int block) => _graph.Incoming[block] is [{ } only] && _placement.IsContinued(only);

    private void AddCase(List<int> region, int block)
    {
        _caseNumbers[block] = region.Count;
        region.Add(block);
    }

    private void Take((PlanStep Step, int Block, int Number) next)
    {
        _parts.Clear();
        switch (next.Step)
        {
            case PlanStep.Place when _placement.Region(next.Block) == next.Block:
                AddRegion(next.Block);
                break;
            case PlanStep.Place:
                AddLoop(next.Block);
                break;
            case PlanStep.PlaceHere:
                AddHere(next.Block);
                break;
            case PlanStep.End:
                AddEnd(next.Block);
                break;
            default:
                _steps.Add(next);
                break;
        }
        for (int i = _parts.Count - 1; i >= 0; i--)
            _pending.Push(_parts[i]);
    }

    private void Add(PlanStep step, int block, int number = 0) => _parts.Add((step, block, number));

    private void AddLoop(int block)
    {
        if (!_placement.IsHeader(block))
        {
            AddHere(block);
            return;
        }
        OpenBlocks(_placement.Outside[block]);
        Add(PlanStep.OpenLoop, block);
        Add(PlanStep.PlaceHere, block);
        Add(PlanStep.CloseBody, block);
        CloseBlocks(_placement.Outside[block]);
    }

    // The code stands before the AIR blocks that its end leaves, so that what follows them can use its results.
    private void AddHere(int block)
    {
        Add(PlanStep.Code, block);
        OpenBlocks(_placement.Inside[block]);
        Add(PlanStep.End, block);
        CloseBlocks(_placement.Inside[block]);
    }

    private void OpenBlocks(List<int>? followers)
    {
        for (int i = (followers?.Count ?? 0) - 1; i >= 0; i--)
            Add(PlanStep.OpenBlock, followers![i]);
    }

    private void CloseBlocks(List<int>? followers)
    {
        foreach (int follower in followers ?? [])
        {
            Add(PlanStep.CloseBody, follower);
            Add(PlanStep.Place, follower);
        }
    }

    private void AddRegion(int first)
    {
        Add(PlanStep.OpenRegion, first);
        foreach (int block in _regions[first])
        {
            Add(PlanStep.OpenRegionCase, block);
            Add(PlanStep.Code, block);
            Add(PlanStep.End, block);
            Add(PlanStep.CloseRegionCase, block);
        }
        Add(PlanStep.CloseSwitch, first);
    }

    private void AddEnd(int number)
    {
        GraphBlock block = _graph.Blocks[number];
        switch (block.End)
        {
            case GraphEnd.Branch:
                AddEdge(number, 0);
                break;
            case GraphEnd.Condition:
                Add(PlanStep.OpenEnd, number);
                AddEdge(number, 0);
                Add(PlanStep.NextBody, number);
                AddEdge(number, 1);
                Add(PlanStep.CloseBody, number);
                break;
            case GraphEnd.Try:
                Add(PlanStep.OpenEnd, number);
                AddEdge(number, 0);
                Add(PlanStep.CloseBody, number);
                AddEdge(number, 1);
                break;
            case GraphEnd.Switch or GraphEnd.Dispatch:
                Add(PlanStep.OpenEnd, number);
                for (int i = 0; i < block.Edges.Count; i++)
                {
                    Add(PlanStep.OpenCase, number, i);
                    AddEdge(number, i);
                    Add(PlanStep.CloseCase, number, i);
                }
                Add(PlanStep.CloseSwitch, number);
                break;
        }
    }

    private void AddEdge(int block, int number)
    {
        GraphEdge edge = _graph.Blocks[block].Edges[number];
        Add(PlanStep.Follow, block, number);
        if (_placement.JumpOf(edge) != GraphJump.None)
            return;
        if (_placement.Region(block) < 0)
        {
            Add(PlanStep.Place, edge.Target);
            return;
        }
        Add(PlanStep.Code, edge.Target);
        Add(PlanStep.End, edge.Target);
    }
}
