using System.Diagnostics;

namespace Weld.Air.Tests.Building;

/// <summary>Graphs that are long or deep need no stack, no deep nesting, and no more than linear time.</summary>
public sealed class DeepGraphTests
{
    // Chains of 100,000 blocks, and as many blocks in each other.
    private const int Chain = 100_000;
    private const int Many = 20_000;
    private const int Loops = 34_000;
    private const int Conditions = 50_000;

    // Each takes about a second on a quiet machine; quadratic time would be minutes.
    private static readonly TimeSpan Most = TimeSpan.FromSeconds(60);

    [Fact]
    public void A_chain()
    {
        BuiltGraph built = Build(static (built, block, next, _, sum) => built.Graph.Br(new BranchTarget(next, built.Code.AddWrap(sum, built.Number(1)))), Chain);
        Assert.Equal((uint)Chain + 5, built.Call(5));
        Assert.Equal(1, built.Depth);
    }

    [Fact]
    public void A_chain_of_diamonds()
    {
        BuiltGraph built = Build(static (built, block, next, _, sum) =>
        {
            BlockId left = built.Graph.AddBlock("left"), right = built.Graph.AddBlock("right");
            built.Graph.CondBr(built.Code.CmpLt(sum, built.Number(100)), left, right);
            built.Graph.Begin(left);
            built.Graph.Br(new BranchTarget(next, built.Code.AddWrap(sum, built.Number(2))));
            built.Graph.Begin(right);
            built.Graph.Br(new BranchTarget(next, built.Code.AddWrap(sum, built.Number(1))));
        });
        Assert.Equal((uint)Many + 50, built.Call(0));
        Assert.InRange(built.Depth, 1, 5);
    }

    [Fact]
    public void A_chain_of_conditions_to_one_block()
    {
        BuiltGraph built = Build(static (built, block, next, end, sum) =>
            built.Graph.CondBr(built.Code.CmpGt(sum, built.Number(Many / 2)), new BranchTarget(end, sum), new BranchTarget(next, built.Code.AddWrap(sum, built.Number(1)))));
        Assert.Equal((uint)(Many / 2) + 1, built.Call(0));
        Assert.InRange(built.Depth, 1, 15);
    }

    [Fact]
    public void A_chain_of_loops()
    {
        BuiltGraph built = Build(static (built, block, next, _, sum) =>
        {
            BlockId loop = built.Graph.AddBlock("loop", TypeId.U32);
            built.Graph.Br(new BranchTarget(loop, built.Code.AddWrap(sum, built.Number(3))));
            built.Graph.Begin(loop);
            Operand less = built.Code.SubWrap(built.Graph.Parameter(loop, 0), built.Number(1));
            // Twice around each.
            built.Graph.CondBr(built.Code.CmpGt(less, built.Code.AddWrap(sum, built.Number(1))), new BranchTarget(loop, less), new BranchTarget(next, less));
        });
        Assert.Equal((uint)Many, built.Call(0));
        Assert.InRange(built.Depth, 1, 5);
    }

    [Fact]
    public void Conditions_in_each_other()
    {
        // if (x > 0) { if (x > 1) { ... } sum += 1 } sum += 1
        var built = new BuiltGraph();
        var ends = new Stack<BlockId>();
        BlockId innermost = built.Graph.AddBlock("innermost");
        for (int i = 0; i < Conditions; i++)
        {
            BlockId then = built.Graph.AddBlock("then"), end = built.Graph.AddBlock("end", TypeId.U32);
            ends.Push(end);
            built.Graph.CondBr(built.Code.CmpGt(built.Code.Parameter(0), built.Number(i)), then, new BranchTarget(end, built.Number(0)));
            built.Graph.Begin(then);
        }
        built.Graph.Br(innermost);
        built.Graph.Begin(innermost);
        Operand sum = built.Number(1000);
        while (ends.TryPop(out BlockId end))
        {
            built.Graph.Br(new BranchTarget(end, sum));
            built.Graph.Begin(end);
            sum = built.Code.AddWrap(built.Graph.Parameter(end, 0), built.Number(1));
        }
        built.Graph.Ret(sum);
        Finish(built);
        Assert.Equal([1u, 11u, 25_001u, (uint)Conditions + 1000], [built.Call(0), built.Call(10), built.Call(25_000), built.Call(Conditions)]);
        Assert.InRange(built.Depth, 10, 200);
    }

    [Fact]
    public void Loops_in_each_other()
    {
        // Each loop goes on with the one in it, and from there to the start of the one around it, while there is fuel.
        var built = new BuiltGraph();
        var heads = new List<BlockId>();
        BlockId end = built.Graph.AddBlock("end", TypeId.U32);
        Operand fuel = built.Code.Parameter(0);
        for (int i = 0; i < Loops; i++)
        {
            BlockId head = built.Graph.AddBlock("head", TypeId.U32);
            heads.Add(head);
            built.Graph.Br(new BranchTarget(head, fuel));
            built.Graph.Begin(head);
            fuel = built.Graph.Parameter(head, 0);
        }
        for (int i = Loops - 1; i >= 0; i--)
        {
            BlockId next = built.Graph.AddBlock("next"), more = built.Graph.AddBlock("more");
            built.Graph.CondBr(built.Code.CmpEq(fuel, built.Number(0)), new BranchTarget(end, built.Number(i)), more);
            built.Graph.Begin(more);
            // Back where the fuel ends in the number of the loop, so that this happens once in each.
            built.Graph.CondBr(built.Code.CmpEq(fuel, built.Number(i)), new BranchTarget(heads[i], built.Code.SubWrap(fuel, built.Number(1))), next);
            built.Graph.Begin(next);
        }
        built.Graph.Ret(built.Number(77));
        built.Graph.Begin(end);
        built.Graph.Ret(built.Graph.Parameter(end, 0));
        Finish(built);
        Assert.Equal([(uint)Loops - 1, 77u, 0u], [built.Call(0), built.Call(Loops * 2), built.Call(1) - built.Call(0)]);
        Assert.InRange(built.Depth, 10, 200);
    }

    [Fact]
    public void A_switch_with_many_cases_that_fall_into_the_next()
    {
        var built = new BuiltGraph();
        const int Cases = 10_000;
        BlockId[] blocks = [.. Enumerable.Range(0, Cases).Select(_ => built.Graph.AddBlock("case", TypeId.U32))];
        BlockId end = built.Graph.AddBlock("end", TypeId.U32);
        built.Graph.Switch(
            built.Code.Parameter(0),
            [.. blocks.Select((block, i) => new BranchCase(built.Case(i), new BranchTarget(block, built.Number(0))))],
            new BranchTarget(end, built.Number(5)));
        for (int i = 0; i < Cases; i++)
        {
            built.Graph.Begin(blocks[i]);
            Operand sum = built.Code.AddWrap(built.Graph.Parameter(blocks[i], 0), built.Number(1));
            built.Graph.Br(new BranchTarget(i + 1 < Cases ? blocks[i + 1] : end, sum));
        }
        built.Graph.Begin(end);
        built.Graph.Ret(built.Graph.Parameter(end, 0));
        Finish(built);
        Assert.Equal([(uint)Cases, 1u, 5u], [built.Call(0), built.Call(Cases - 1), built.Call(Cases)]);
        Assert.InRange(built.Depth, 1, 200);
    }

    [Fact]
    public void A_large_knot()
    {
        // Every block goes to two others, anywhere: one cycle with many entries, and cycles in it.
        var built = new BuiltGraph(0);
        const int Blocks = 5_000;
        var random = new Random(5);
        BlockId[] blocks = [.. Enumerable.Range(0, Blocks).Select(_ => built.Graph.AddBlock("knot", TypeId.U32))];
        BlockId end = built.Graph.AddBlock("end");
        built.Graph.Br(new BranchTarget(blocks[0], built.Number(1)));
        uint wanted = 1;
        int[] targets = [.. Enumerable.Range(0, Blocks * 2).Select(_ => random.Next(Blocks))];
        for (int i = 0; i < Blocks; i++)
        {
            built.Graph.Begin(blocks[i]);
            Operand v = built.Code.AddWrap(built.Code.MulWrap(built.Graph.Parameter(blocks[i], 0), built.Number(1103515245)), built.Number(i));
            BlockId choose = built.Graph.AddBlock("choose");
            built.Graph.CondBr(built.Code.CmpLt(v, built.Number(1 << 22)), end, choose);
            built.Graph.Begin(choose);
            built.Graph.CondBr(
                built.Code.CmpEq(built.Code.BitAnd(v, built.Number(256)), built.Number(0)),
                new BranchTarget(blocks[targets[i * 2]], v), new BranchTarget(blocks[targets[(i * 2) + 1]], v));
        }
        built.Graph.Begin(end);
        built.Graph.Ret(built.Number(3));
        for (int at = 0; ;)
        {
            wanted = unchecked((wanted * 1103515245) + (uint)at);
            if (wanted < 1 << 22)
                break;
            at = targets[(at * 2) + ((wanted & 256) == 0 ? 0 : 1)];
        }
        Finish(built);
        Assert.Equal(3u, built.Call());
        Assert.InRange(built.Depth, 1, 900);
    }

    private static void Finish(BuiltGraph built)
    {
        var clock = Stopwatch.StartNew();
        Assert.NotNull(built.Function.Body);
        Assert.True(clock.Elapsed < Most, $"{clock.Elapsed}");
    }

    private static BuiltGraph Build(Action<BuiltGraph, BlockId, BlockId, BlockId, Operand> end, int count = Many)
    {
        var built = new BuiltGraph();
        BlockId last = built.Graph.AddBlock("last", TypeId.U32);
        Operand sum = built.Code.Parameter(0);
        BlockId block = built.Graph.Entry;
        for (int i = 0; i < count; i++)
        {
            BlockId next = built.Graph.AddBlock("next", TypeId.U32);
            end(built, block, next, last, sum);
            built.Graph.Begin(next);
            block = next;
            sum = built.Graph.Parameter(next, 0);
        }
        built.Graph.Br(new BranchTarget(last, sum));
        built.Graph.Begin(last);
        built.Graph.Ret(built.Graph.Parameter(last, 0));
        Finish(built);
        return built;
    }
}
