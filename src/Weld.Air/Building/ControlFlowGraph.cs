namespace Weld.Air.Building;

/// <summary>How a block ends.</summary>
internal enum GraphEnd : byte
{
    /// <summary>Not yet.</summary>
    None,

    /// <summary>With an instruction of its code, such as ret.</summary>
    Code,
    Branch,
    Condition,
    Switch,

    /// <summary>A switch over the number in <see cref="GraphBlock.State"/>, which those who come here have stored.</summary>
    Dispatch,

    /// <summary>First to where the error goes, then to where the payload does.</summary>
    Try,
}

/// <summary>From a block to a block.</summary>
internal sealed class GraphEdge(int source, int target, Operand[] arguments)
{
    public int Source { get; } = source;

    /// <summary>Where the edge goes: the block that was asked for, or the one that dispatches to it.</summary>
    public int Target { get; set; } = target;

    /// <summary>The block whose parameters get the arguments.</summary>
    public int Receiver { get; } = target;

    public Operand[] Arguments { get; } = arguments;

    /// <summary>The arguments as operands of the function, when it is written.</summary>
    public Operand[] Written { get; set; } = [];

    /// <summary>What the dispatching block is told; -1 if there is none.</summary>
    public int StateNumber { get; set; } = -1;
}

/// <summary>A basic block: parameters, pieces of code, and an end.</summary>
internal sealed class GraphBlock(string name)
{
    public string Name { get; } = name;

    /// <summary>Placeholders in the list of all instructions.</summary>
    public List<InstructionId> Parameters { get; } = [];

    /// <summary>Of the list of all instructions.</summary>
    public List<BodyRange> Code { get; } = [];

    public GraphEnd End { get; set; }

    /// <summary>The condition, or what is switched on or tried.</summary>
    public Operand Operand { get; set; }

    public List<GraphEdge> Edges { get; } = [];

    /// <summary>Of a switch, what each edge but the last is for; the last one is for all else, if <see cref="HasElse"/>.</summary>
    public List<BranchCase> Cases { get; } = [];

    public bool HasElse { get; set; }

    /// <summary>Of a block that dispatches: the number of its state.</summary>
    public int State { get; set; } = -1;
}

/// <summary>Blocks and what is known about their order. Blocks that cannot be reached are in no order.</summary>
internal sealed class ControlFlowGraph(List<GraphBlock> blocks)
{
    /// <summary>The block that nothing goes to.</summary>
    public const int Entry = 0;

    public List<GraphBlock> Blocks { get; } = blocks;

    /// <summary>Reverse postorder: every block after those that it can only be reached through.</summary>
    public int[] Order { get; private set; } = [];

    /// <summary>The position of each block in <see cref="Order"/>; -1 if it cannot be reached.</summary>
    public int[] Position { get; private set; } = [];

    /// <summary>The edges to each block, from blocks that can be reached.</summary>
    public List<GraphEdge>[] Incoming { get; private set; } = [];

    public bool IsReached(int block) => Position[block] >= 0;

    /// <summary>After edges have changed.</summary>
    public void FindOrder()
    {
        Position = new int[Blocks.Count];
        Array.Fill(Position, -1);
        var postorder = new List<int>();
        var stack = new Stack<(int Block, int Edge)>();
        stack.Push((Entry, 0));
        Position[Entry] = 0;
        while (stack.TryPop(out (int Block, int Edge) top))
        {
            List<GraphEdge> edges = Blocks[top.Block].Edges;
            if (top.Edge == edges.Count)
            {
                postorder.Add(top.Block);
                continue;
            }
            stack.Push((top.Block, top.Edge + 1));
            // The last edge first, so that what comes first in the end comes first in the order.
            int next = edges[edges.Count - 1 - top.Edge].Target;
            if (Position[next] >= 0)
                continue;
            Position[next] = 0;
            stack.Push((next, 0));
        }
        postorder.Reverse();
        Order = [.. postorder];
        for (int i = 0; i < Order.Length; i++)
            Position[Order[i]] = i;
        FindIncoming();
    }

    /// <summary>Goes over all that a block uses: the operands of its instructions, then what its end needs.</summary>
    /// <param name="number">The block.</param>
    /// <param name="code">The instructions.</param>
    /// <param name="use">Called with the instruction, <see cref="int.MaxValue"/> for the end, and each operand.</param>
    public void ForEachUse(int number, FunctionBuilder code, Action<int, Operand> use)
    {
        GraphBlock block = Blocks[number];
        foreach (BodyRange range in block.Code)
            for (int i = range.Start; i < range.End; i++)
                ForEachOperand(i, code, use);
        use(int.MaxValue, block.Operand);
        foreach (GraphEdge edge in block.Edges)
            foreach (Operand argument in edge.Arguments)
                use(int.MaxValue, argument);
    }

    /// <summary>The edges that have come to the newest block.</summary>
    public void AddIncoming(List<GraphEdge> edges) => Incoming = [.. Incoming, edges];

    private void FindIncoming()
    {
        Incoming = new List<GraphEdge>[Blocks.Count];
        for (int i = 0; i < Incoming.Length; i++)
            Incoming[i] = [];
        foreach (int block in Order)
            foreach (GraphEdge edge in Blocks[block].Edges)
                Incoming[edge.Target].Add(edge);
    }

    private static void ForEachOperand(int instruction, FunctionBuilder code, Action<int, Operand> use)
    {
        ReadOnlySpan<int> words = code.WordsOf(new InstructionId(instruction));
        OpcodeInfo info = AirOpcodeTable.Get(code.OpcodeOf(new InstructionId(instruction)));
        for (int word = 0; word < info.Operands.Length; word++)
        {
            if (info.Operands[word].Kind == OperandKind.Value)
                use(instruction, Operand.FromRaw(words[word]));
            else if (info.Operands[word].Kind == OperandKind.Values)
                foreach (int raw in words[word..])
                    use(instruction, Operand.FromRaw(raw));
        }
    }
}
