using Weld.Base.Diagnostics;

namespace Weld.Air.Building;

/// <summary>Builds a function of basic blocks that have parameters and go to each other as they like.</summary>
/// <remarks>
/// Code is written with <see cref="Code"/>, into the block that was begun last; a block ends with a branch of this class, or with
/// an instruction that does not come back, such as ret. A value may be used in all blocks that its block dominates.
/// <see cref="Finish"/> makes blocks, loops and switches of it. What is not right is reported there, and nothing throws.
/// </remarks>
public sealed class ControlFlowBuilder
{
    private const int NoBlock = -1;

    private readonly List<GraphBlock> _blocks = [];
    private readonly Dictionary<int, int> _parameterBlocks = [];
    private readonly List<Diagnostic> _mistakes = [];
    private int _current;
    private int _start;
    private int _last;

    internal ControlFlowBuilder(AirModule module, AirFunction function)
    {
        Code = new FunctionBuilder(module, function);
        _start = Code.Count;
        // So that nothing goes to the first block.
        var first = new GraphBlock("the start") { End = GraphEnd.Branch };
        first.Edges.Add(new GraphEdge(0, 1, []));
        _blocks.Add(first);
        _blocks.Add(new GraphBlock("entry"));
        _current = _last = Entry.Index;
    }

    /// <summary>Writes into the current block. Not to be finished.</summary>
    public FunctionBuilder Code { get; }

    /// <summary>Where the function starts; its parameters are those of <see cref="Code"/>.</summary>
    public BlockId Entry { get; } = new(1);

    private AirModule Module => Code.Module;

    /// <summary>Adds a block without code.</summary>
    /// <param name="name">For messages.</param>
    /// <param name="parameters">The types of what who comes here has to give.</param>
    public BlockId AddBlock(string name, params ReadOnlySpan<TypeId> parameters)
    {
        var block = new GraphBlock(name);
        foreach (TypeId type in parameters)
        {
            InstructionId placeholder = Code.AppendAsItIs(AirOpcode.Alloc, type, []);
            block.Parameters.Add(placeholder);
            _parameterBlocks.Add(placeholder.Index, _blocks.Count);
        }
        _blocks.Add(block);
        return new BlockId(_blocks.Count - 1);
    }

    /// <summary>A parameter of a block.</summary>
    public Operand Parameter(BlockId block, int number)
    {
        if (Find(block) is { } found && (uint)number < (uint)found.Parameters.Count)
            return found.Parameters[number];
        Report(GraphErrors.NoSuchValue, _last, $"there is no parameter {number} of block {NameOf(block)}");
        return Module.Values.Undefined(TypeId.U32);
    }

    /// <summary>What is written from here on belongs to the block. A block may be gone on with until it has an end.</summary>
    public void Begin(BlockId block)
    {
        EndRange();
        if (Find(block) is null)
        {
            Report(GraphErrors.NoSuchBlock, _last, $"there is no block {block.Index} to go on with");
            _current = NoBlock;
            return;
        }
        _current = _last = block.Index;
    }

    // ---- Ends of blocks ----

    /// <summary>Goes to a block.</summary>
    public void Br(BranchTarget target) => End(GraphEnd.Branch, default, [target]);

    /// <summary>Goes to one of two blocks.</summary>
    public void CondBr(Operand condition, BranchTarget then, BranchTarget otherwise) => End(GraphEnd.Condition, condition, [then, otherwise]);

    /// <summary>Goes where the case says that has the value. Without the last target, another value is illegal.</summary>
    public void Switch(Operand value, IReadOnlyList<BranchCase> cases, BranchTarget? otherwise = null)
    {
        ArgumentNullException.ThrowIfNull(cases);
        BranchTarget[] targets = [.. cases.Select(static branch => branch.Target), .. otherwise is null ? (BranchTarget[])[] : [otherwise]];
        if (End(GraphEnd.Switch, value, targets) is not { } block)
            return;
        block.Cases.AddRange(cases);
        block.HasElse = otherwise is not null;
    }

    /// <summary>Goes to one block with the payload of an error union, before its other arguments, or to another if it is an error.</summary>
    public void Try(Operand errorUnion, BranchTarget onPayload, BranchTarget onError)
    {
        ArgumentNullException.ThrowIfNull(onPayload);
        TypeId payload = Code.TypeOf(errorUnion) is var type && Module.Types[type] is ErrorUnionType union ? union.Payload : TypeId.U32;
        End(GraphEnd.Try, errorUnion, [onError, new BranchTarget(onPayload.Block, [Module.Values.Undefined(payload), .. onPayload.Arguments])]);
    }

    /// <summary>Returns nothing.</summary>
    public void Ret() => Code.Ret();

    /// <summary>Returns a value.</summary>
    public void Ret(Operand result) => Code.Ret(result);

    /// <summary>It is illegal to get here.</summary>
    public void Unreach() => Code.Unreach();

    private GraphBlock? End(GraphEnd end, Operand operand, BranchTarget[] targets)
    {
        bool isEnded = _current == NoBlock || Code.IsTerminated;
        EndRange();
        int number = _current;
        _current = NoBlock;
        if (isEnded || _blocks[number].End != GraphEnd.None)
        {
            Report(GraphErrors.AfterTerminator, _last, "the block has ended already");
            return null;
        }
        GraphBlock block = _blocks[number];
        block.End = end;
        block.Operand = operand;
        foreach (BranchTarget target in targets)
        {
            if (target is null || Find(target.Block) is null)
            {
                Report(GraphErrors.NoSuchBlock, number, $"there is no block {target?.Block.Index ?? -1} to branch to");
                return null;
            }
            block.Edges.Add(new GraphEdge(number, target.Block.Index, target.Arguments.ToArray()));
        }
        return block;
    }

    /// <summary>What was written since the block was begun is its code.</summary>
    private void EndRange()
    {
        var range = new BodyRange(_start, Code.Count);
        bool isTerminated = Code.IsTerminated;
        _start = Code.Count;
        Code.StartElsewhere();
        if (Code.OpenBodies > 0)
            Report(GraphErrors.OpenBody, _last, $"{Code.OpenBodies} bodies are open at the end of the block");
        if (!HasCode(range))
            return;
        if (_current == NoBlock || _blocks[_current].End != GraphEnd.None)
        {
            Report(GraphErrors.AfterTerminator, _last, "instructions follow the end of the block");
            return;
        }
        _blocks[_current].Code.Add(range);
        if (isTerminated)
            _blocks[_current].End = GraphEnd.Code;
    }

    private bool HasCode(BodyRange range)
    {
        for (int i = range.Start; i < range.End; i++)
            if (!_parameterBlocks.ContainsKey(i))
                return true;
        return false;
    }

    // ---- The whole ----

    /// <summary>Gives the function its body, if the graph is right.</summary>
    /// <param name="diagnostics">Receives what is not.</param>
    /// <returns>The function; null if something is not right.</returns>
    public AirFunction? Finish(DiagnosticBag diagnostics)
    {
        ArgumentNullException.ThrowIfNull(diagnostics);
        EndRange();
        var graph = new ControlFlowGraph(_blocks);
        var checks = new GraphChecks(graph, Code, _parameterBlocks, Report);
        if (_mistakes.Count == 0)
            checks.Run();
        foreach (Diagnostic mistake in _mistakes)
            diagnostics.Add(mistake);
        if (_mistakes.Count > 0)
            return null;
        IrreducibleRegions.Run(graph);
        var placement = new BlockPlacement(graph, checks.DepthOfCode);
        return GraphWriter.Write(graph, placement, new GraphValues(graph, Code, checks.DefinedIn), Code, new FunctionBuilder(Module, Code.Function));
    }

    private void Report(DiagnosticDescriptor descriptor, int block, string message) =>
        _mistakes.Add(new Diagnostic(descriptor, $"@{Code.Function.Name}, block {_blocks[block].Name}", message));

    private GraphBlock? Find(BlockId block) => block.Index > 0 && block.Index < _blocks.Count ? _blocks[block.Index] : null;

    private string NameOf(BlockId block) => Find(block)?.Name ?? block.Index.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
