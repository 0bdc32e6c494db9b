namespace Weld.Air.Tests.Building;

/// <summary>What is wrong with a graph is said where it is, and nothing throws.</summary>
public sealed class ControlFlowMistakeTests
{
    [Fact]
    public void A_block_without_an_end()
    {
        var built = new BuiltGraph();
        BlockId open = built.Graph.AddBlock("open");
        built.Graph.Br(open);
        Assert.Equal(["WELD1301 @f, block open: the block has no end: a branch, or an instruction that does not come back"], built.Mistakes());
    }

    [Fact]
    public void What_follows_the_end()
    {
        var built = new BuiltGraph();
        BlockId next = built.Graph.AddBlock("next");
        built.Graph.Br(next);
        built.Code.Breakpoint();
        built.Graph.Begin(next);
        built.Graph.Ret(built.Number(1));
        built.Graph.Br(next);
        built.Graph.Begin(next);
        built.Code.Trap();
        Assert.Equal(
            [
                "WELD1302 @f, block entry: instructions follow the end of the block",
                "WELD1302 @f, block next: the block has ended already",
                "WELD1302 @f, block next: instructions follow the end of the block",
            ],
            built.Mistakes());
    }

    [Fact]
    public void An_instruction_after_one_that_does_not_come_back()
    {
        var built = new BuiltGraph();
        built.Code.Trap();
        built.Code.Breakpoint();
        built.Graph.Ret(built.Number(1));
        Assert.Equal(["WELD1302 @f, block entry: instructions follow trap, which does not come back"], built.Mistakes());
    }

    [Fact]
    public void A_body_that_is_open()
    {
        var built = new BuiltGraph();
        BlockId end = built.Graph.AddBlock("end");
        built.Code.BeginBody(AirOpcode.Block, TypeId.Void);
        built.Graph.Br(end);
        Assert.StartsWith("WELD1303 @f, block entry: 1 bodies are open", built.Mistakes()[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Arguments_that_do_not_fit()
    {
        var built = new BuiltGraph();
        BlockId end = built.Graph.AddBlock("end", TypeId.U32, TypeId.Bool);
        BlockId other = built.Graph.AddBlock("other");
        built.Graph.CondBr(FunctionBuilder.Constant(true), new BranchTarget(end, built.Number(1)), other);
        built.Graph.Begin(other);
        built.Graph.Br(new BranchTarget(end, built.Number(1), built.Number(2)));
        built.Graph.Begin(end);
        built.Graph.Ret(built.Number(1));
        Assert.Equal(
            [
                "WELD1304 @f, block entry: 1 arguments go to block end, which has 2 parameters",
                "WELD1305 @f, block other: argument 1 to block end is u32, not bool",
            ],
            built.Mistakes());
    }

    [Fact]
    public void Conditions_and_cases_of_other_types()
    {
        var built = new BuiltGraph();
        BlockId a = built.Graph.AddBlock("a"), b = built.Graph.AddBlock("b"), c = built.Graph.AddBlock("c");
        built.Graph.CondBr(built.Number(1), a, b);
        built.Graph.Begin(a);
        built.Graph.Switch(FunctionBuilder.Constant(true), [new BranchCase(built.Case(1), b)], b);
        built.Graph.Begin(b);
        built.Graph.Try(built.Number(1), new BranchTarget(c), c);
        built.Graph.Begin(c);
        built.Graph.Switch(built.Code.Constant(TypeId.F32, 1.0), [], c);
        string[] mistakes = built.Mistakes();
        Assert.Contains("WELD1306 @f, block entry: a condition is a bool, not u32", mistakes);
        Assert.Contains("WELD1306 @f, block a: a case is u32, not bool", mistakes);
        Assert.Contains("WELD1306 @f, block b: a try is of an error union, not u32", mistakes);
        Assert.Contains("WELD1304 @f, block b: 1 arguments go to block c, which has 0 parameters, of which the payload is the first", mistakes);
        Assert.Contains("WELD1306 @f, block c: a switch is on an integer, bool, enum or error, not f32", mistakes);
    }

    [Fact]
    public void A_value_that_is_not_always_there()
    {
        var built = new BuiltGraph();
        FunctionBuilder f = built.Code;
        BlockId left = built.Graph.AddBlock("left"), right = built.Graph.AddBlock("right"), end = built.Graph.AddBlock("end");
        Operand inner = default;
        f.If(FunctionBuilder.Constant(true), () => inner = f.Add(f.Parameter(0), f.Parameter(0)));
        built.Graph.CondBr(FunctionBuilder.Constant(true), left, right);
        built.Graph.Begin(left);
        Operand sum = f.Add(f.Parameter(0), built.Number(1));
        f.SetName(sum, "sum");
        f.SetName(inner, "inner");
        built.Graph.Br(end);
        built.Graph.Begin(right);
        f.Add(inner, built.Number(1));
        built.Graph.Br(end);
        built.Graph.Begin(end);
        built.Graph.Ret(sum);
        Assert.Equal(
            [
                "WELD1307 @f, block right: %inner is used, but it is in a body of an instruction of block entry",
                "WELD1307 @f, block end: %sum is used, but not every way to here goes through block left, where it is defined",
            ],
            built.Mistakes().Order().Reverse().OrderBy(static text => text.Contains("end:", StringComparison.Ordinal)));
    }

    [Fact]
    public void Blocks_and_parameters_that_do_not_exist()
    {
        var built = new BuiltGraph();
        built.Graph.Parameter(built.Graph.Entry, 0);
        built.Graph.Begin(new BlockId(77));
        built.Graph.Begin(built.Graph.Entry);
        built.Graph.Br(new BlockId(-5));
        Assert.Equal(
            [
                "WELD1309 @f, block entry: there is no parameter 0 of block entry",
                "WELD1308 @f, block entry: there is no block 77 to go on with",
                "WELD1308 @f, block entry: there is no block -5 to branch to",
            ],
            built.Mistakes());
    }
}
