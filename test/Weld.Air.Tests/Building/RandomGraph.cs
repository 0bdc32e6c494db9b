using Weld.Air.Interpretation;

namespace Weld.Air.Tests.Building;

/// <summary>A graph of blocks with any edges, which runs by itself: as numbers in arrays, with nothing of AIR.</summary>
/// <remarks>Each block notes something, so that the way through the graph shows in a number; when too much was noted, the
/// program traps, so that it comes to an end.</remarks>
internal sealed class RandomGraph
{
    public const int MostNotes = 300;

    private readonly Random _random;
    private readonly List<Block> _blocks = [];
    private readonly List<HashSet<int>> _dominators = [];
    private int _values;

    public RandomGraph(int seed)
    {
        _random = new Random(seed);
        int count = _random.Next(1, 16);
        // Few edges make long ways, many make knots.
        int branches = _random.Next(20, 90);
        for (int i = 0; i < count; i++)
            _blocks.Add(new Block(i == 0 ? [] : Values(_random.Next(0, 4))));
        for (int i = 0; i < count; i++)
            AddEdges(i, branches);
        FindDominators();
        for (int i = 0; i < count; i++)
            _blocks[i].Operations.AddRange(Operations(i));
        for (int i = 0; i < count; i++)
            AddArguments(i);
    }

    private enum Kind
    {
        Add,
        Multiply,
        Xor,
        Shift,
    }

    // ---- Making one ----

    private int[] Values(int count) => [.. Enumerable.Range(0, count).Select(_ => ++_values)];

    private void AddEdges(int number, int branches)
    {
        int choice = _random.Next(100);
        int edges = choice >= branches ? 0 : choice % 7 == 0 ? _random.Next(2, 5) : choice % 3 == 0 ? 1 : 2;
        // The first block should go somewhere.
        if (number == 0 && edges == 0)
            edges = 2;
        for (int i = 0; i < edges; i++)
            _blocks[number].Edges.Add(new Edge(_random.Next(_blocks.Count)));
    }

    /// <summary>By the definition: what is in all of those before.</summary>
    private void FindDominators()
    {
        HashSet<int> reached = [0];
        for (bool isNew = true; isNew;)
        {
            isNew = false;
            foreach (Edge edge in reached.ToArray().SelectMany(block => _blocks[block].Edges))
                isNew |= reached.Add(edge.Target);
        }
        for (int i = 0; i < _blocks.Count; i++)
            _dominators.Add(i == 0 || !reached.Contains(i) ? [i] : [.. reached]);
        for (bool isNew = true; isNew;)
        {
            isNew = false;
            foreach (int block in reached.Where(static block => block != 0))
            {
                IEnumerable<HashSet<int>> before = reached.Where(from => _blocks[from].Edges.Exists(edge => edge.Target == block)).Select(from => _dominators[from]);
                HashSet<int> both = before.Aggregate(reached, static (x, y) => [.. x.Intersect(y)]);
                both = [.. both, block];
                isNew |= both.Count != _dominators[block].Count;
                _dominators[block] = both;
            }
        }
        // The first block dominates all that can be reached, and those before have to be known.
        foreach (int block in reached)
            _dominators[block].Add(0);
    }

    private IEnumerable<Operation> Operations(int block)
    {
        for (int left = _random.Next(1, 5); left > 0; left--)
        {
            int[] known = Known(block);
            var operation = new Operation((Kind)_random.Next(4), Pick(known), Pick(known), (uint)_random.Next(1000), ++_values);
            _blocks[block].Defined.Add(operation.Result);
            yield return operation;
        }
    }

    // A block's parameters and results, and those of the blocks above it; 0 is the function's parameter.
    private int[] Known(int block) =>
        [0, .. _dominators[block].SelectMany(above => _blocks[above].Parameters.Concat(_blocks[above].Defined))];

    private int Pick(int[] known) => known[_random.Next(known.Length)];

    private void AddArguments(int block)
    {
        int[] known = Known(block);
        foreach (Edge edge in _blocks[block].Edges)
            edge.Arguments = [.. _blocks[edge.Target].Parameters.Select(_ => Pick(known))];
        _blocks[block].Choice = Pick(known);
    }

    // ---- Running it ----

    /// <summary>What the function gives, or null if it traps, and what was noted until then.</summary>
    public (uint? Result, uint Notes) Run(uint argument)
    {
        var values = new uint[_values + 1];
        values[0] = argument;
        uint notes = 0;
        int at = 0;
        for (int count = 1; ; count++)
        {
            Block block = _blocks[at];
            notes = unchecked((notes * 31) + (uint)at + 1);
            if (count > MostNotes)
                return (null, notes);
            foreach (Operation operation in block.Operations)
                values[operation.Result] = Compute(operation, values[operation.X], values[operation.Y]);
            uint choice = values[block.Choice];
            if (block.Edges.Count == 0)
                return (choice, notes);
            Edge edge = block.Edges[(int)Math.Min(choice % 5, (uint)block.Edges.Count - 1)];
            uint[] arguments = [.. edge.Arguments.Select(value => values[value])];
            for (int i = 0; i < arguments.Length; i++)
                values[_blocks[edge.Target].Parameters[i]] = arguments[i];
            at = edge.Target;
        }
    }

    private static uint Compute(Operation operation, uint x, uint y) => unchecked(operation.Kind switch
    {
        Kind.Add => x + y + operation.Number,
        Kind.Multiply => (x * y) + operation.Number,
        Kind.Xor => x ^ y ^ operation.Number,
        _ => (x >> 3) + y + operation.Number,
    });

    // ---- Building it ----

    /// <summary>Defines the function; the variable receives what is noted.</summary>
    public ControlFlowBuilder Build(AirModule module, string name, AirFunction note)
    {
        ControlFlowBuilder graph = module.DefineGraph(name, [("x", TypeId.U32)], TypeId.U32);
        var operands = new Operand[_values + 1];
        operands[0] = graph.Code.Parameter(0);
        BlockId[] ids = [graph.Entry, .. _blocks.Skip(1).Select(block => graph.AddBlock("block", [.. block.Parameters.Select(static _ => TypeId.U32)]))];
        // Nothing goes to the entry block with arguments, but it can be gone to.
        for (int i = 1; i < _blocks.Count; i++)
            for (int j = 0; j < _blocks[i].Parameters.Length; j++)
                operands[_blocks[i].Parameters[j]] = graph.Parameter(ids[i], j);
        // A block is written after those above it, as it uses their results.
        foreach (int i in Enumerable.Range(0, _blocks.Count).OrderBy(block => _dominators[block].Count))
            Build(graph, ids, i, operands, note);
        return graph;
    }

    private void Build(ControlFlowBuilder graph, BlockId[] ids, int number, Operand[] operands, AirFunction note)
    {
        FunctionBuilder f = graph.Code;
        Block block = _blocks[number];
        graph.Begin(ids[number]);
        f.Call(note, f.Constant(TypeId.U32, number + 1));
        foreach (Operation operation in block.Operations)
            operands[operation.Result] = Build(f, operation, operands[operation.X], operands[operation.Y]);
        Operand choice = operands[block.Choice];
        BranchTarget[] targets = [.. block.Edges.Select(edge => new BranchTarget(ids[edge.Target], [.. edge.Arguments.Select(value => operands[value])]))];
        Operand rest = f.Rem(choice, f.Constant(TypeId.U32, 5));
        if (targets.Length == 0)
            graph.Ret(choice);
        else if (targets.Length == 1)
            graph.Br(targets[0]);
        else if (targets.Length == 2)
            graph.CondBr(f.CmpEq(rest, f.Constant(TypeId.U32, 0)), targets[0], targets[1]);
        else
            graph.Switch(rest, [.. targets[..^1].Select((target, i) => new BranchCase(f.Module.Values.Integer(TypeId.U32, i), target))], targets[^1]);
    }

    private static Operand Build(FunctionBuilder f, Operation operation, Operand x, Operand y)
    {
        Operand number = f.Constant(TypeId.U32, operation.Number);
        return operation.Kind switch
        {
            Kind.Add => f.AddWrap(f.AddWrap(x, y), number),
            Kind.Multiply => f.AddWrap(f.MulWrap(x, y), number),
            Kind.Xor => f.Xor(f.Xor(x, y), number),
            _ => f.AddWrap(f.AddWrap(f.Shr(x, f.Constant(TypeId.U32, 3)), y), number),
        };
    }

    /// <summary>Defines a function that notes a number in a variable, and traps when it was called too often.</summary>
    public static AirFunction DefineNote(AirModule module, out AirVariable notes)
    {
        notes = module.DefineVariable("notes", TypeId.U32, module.Values.Integer(TypeId.U32, 0));
        AirVariable count = module.DefineVariable("count", TypeId.U32, module.Values.Integer(TypeId.U32, 0));
        FunctionBuilder f = module.DefineFunction("note", [TypeId.U32], TypeId.Void);
        f.Store(f.PointerTo(notes), f.AddWrap(f.MulWrap(f.Load(f.PointerTo(notes)), f.Constant(TypeId.U32, 31)), f.Parameter(0)));
        Operand counted = f.Add(f.Load(f.PointerTo(count)), f.Constant(TypeId.U32, 1));
        f.Store(f.PointerTo(count), counted);
        f.If(f.CmpGt(counted, f.Constant(TypeId.U32, MostNotes)), f.Trap);
        f.Ret();
        return f.Finish();
    }

    private sealed class Block(int[] parameters)
    {
        public int[] Parameters { get; } = parameters;

        public List<Operation> Operations { get; } = [];

        public List<int> Defined { get; } = [];

        public List<Edge> Edges { get; } = [];

        public int Choice { get; set; }
    }

    private sealed class Edge(int target)
    {
        public int Target { get; } = target;

        public int[] Arguments { get; set; } = [];
    }

    private sealed record Operation(Kind Kind, int X, int Y, uint Number, int Result);
}
