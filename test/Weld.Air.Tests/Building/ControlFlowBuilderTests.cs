using Weld.Air.Interpretation;

namespace Weld.Air.Tests.Building;

/// <summary>Graphs of blocks become blocks, loops and switches that do the same.</summary>
public sealed class ControlFlowBuilderTests
{
    [Fact]
    public void A_diamond()
    {
        var built = new BuiltGraph();
        (ControlFlowBuilder graph, FunctionBuilder f) = (built.Graph, built.Code);
        BlockId even = graph.AddBlock("even"), odd = graph.AddBlock("odd"), end = graph.AddBlock("end", TypeId.U32);
        Operand x = f.Parameter(0);
        graph.CondBr(f.CmpEq(f.BitAnd(x, built.Number(1)), built.Number(0)), even, odd);
        graph.Begin(even);
        graph.Br(new BranchTarget(end, f.Shr(x, built.Number(1))));
        graph.Begin(odd);
        graph.Br(new BranchTarget(end, f.AddWrap(f.MulWrap(x, built.Number(3)), built.Number(1))));
        graph.Begin(end);
        graph.Ret(graph.Parameter(end, 0));
        Assert.Equal([5u, 22u], [built.Call(10), built.Call(7)]);
        Assert.DoesNotContain("loop", built.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_loop_whose_parameters_change_places()
    {
        var built = new BuiltGraph(3);
        (ControlFlowBuilder graph, FunctionBuilder f) = (built.Graph, built.Code);
        BlockId head = graph.AddBlock("head", TypeId.U32, TypeId.U32, TypeId.U32), body = graph.AddBlock("body"), end = graph.AddBlock("end");
        graph.Br(new BranchTarget(head, f.Parameter(0), f.Parameter(1), f.Parameter(2)));
        graph.Begin(head);
        Operand a = graph.Parameter(head, 0), b = graph.Parameter(head, 1), left = graph.Parameter(head, 2);
        graph.CondBr(f.CmpEq(left, built.Number(0)), end, body);
        graph.Begin(body);
        graph.Br(new BranchTarget(head, b, a, f.Sub(left, built.Number(1))));
        graph.Begin(end);
        graph.Ret(f.AddWrap(f.MulWrap(a, built.Number(1000)), b));
        Assert.Equal([1002u, 2001u, 1002u], [built.Call(1, 2, 0), built.Call(1, 2, 1), built.Call(1, 2, 4)]);
    }

    [Fact]
    public void Loops_in_each_other_that_are_left_at_once()
    {
        // For i, for j: returns i * 100 + j as soon as i * j reaches the parameter.
        var built = new BuiltGraph();
        (ControlFlowBuilder graph, FunctionBuilder f) = (built.Graph, built.Code);
        BlockId outer = graph.AddBlock("outer", TypeId.U32), inner = graph.AddBlock("inner", TypeId.U32);
        BlockId next = graph.AddBlock("next"), found = graph.AddBlock("found"), more = graph.AddBlock("more"), none = graph.AddBlock("none");
        BlockId start = graph.AddBlock("start"), test = graph.AddBlock("test");
        graph.Br(new BranchTarget(outer, built.Number(0)));
        graph.Begin(outer);
        Operand i = graph.Parameter(outer, 0);
        graph.CondBr(f.CmpEq(i, built.Number(10)), none, start);
        graph.Begin(start);
        graph.Br(new BranchTarget(inner, built.Number(0)));
        graph.Begin(inner);
        Operand j = graph.Parameter(inner, 0);
        graph.CondBr(f.CmpEq(j, built.Number(10)), next, test);
        graph.Begin(test);
        graph.CondBr(f.CmpEq(f.Mul(i, j), f.Parameter(0)), found, more);
        graph.Begin(more);
        graph.Br(new BranchTarget(inner, f.Add(j, built.Number(1))));
        graph.Begin(next);
        graph.Br(new BranchTarget(outer, f.Add(i, built.Number(1))));
        graph.Begin(found);
        graph.Ret(f.Add(f.Mul(i, built.Number(100)), j));
        graph.Begin(none);
        graph.Ret(built.Number(9999));
        Assert.Equal([108u, 909u, 9999u], [built.Call(8), built.Call(81), built.Call(83)]);
        Assert.Equal(2, built.Text.Split("  loop %").Length - 1);
    }

    [Fact]
    public void A_loop_with_two_entries()
    {
        // Enters at a or b by the parameter's lowest bit; both count, and b leaves at 10.
        var built = new BuiltGraph();
        (ControlFlowBuilder graph, FunctionBuilder f) = (built.Graph, built.Code);
        BlockId a = graph.AddBlock("a", TypeId.U32), b = graph.AddBlock("b", TypeId.U32), end = graph.AddBlock("end");
        Operand x = f.Parameter(0);
        Operand isOdd = f.CmpEq(f.BitAnd(x, built.Number(1)), built.Number(1));
        graph.CondBr(isOdd, new BranchTarget(a, x), new BranchTarget(b, x));
        graph.Begin(a);
        graph.Br(new BranchTarget(b, f.Add(graph.Parameter(a, 0), built.Number(1))));
        graph.Begin(b);
        Operand y = f.Add(graph.Parameter(b, 0), built.Number(100));
        graph.CondBr(f.CmpGt(y, built.Number(1000)), end, new BranchTarget(a, y));
        graph.Begin(end);
        graph.Ret(y);
        Assert.Equal([1011u, 1011u, 5100u], [built.Call(2), built.Call(1), built.Call(5000)]);
        Assert.Equal(1, built.Text.Split("  loop %").Length - 1);
    }

    [Fact]
    public void A_switch_in_a_loop()
    {
        // A machine that reads the parameter's digits in base 4: 0 stops, 1 adds one, 2 doubles, 3 goes back to zero.
        var built = new BuiltGraph();
        (ControlFlowBuilder graph, FunctionBuilder f) = (built.Graph, built.Code);
        BlockId next = graph.AddBlock("next", TypeId.U32, TypeId.U32);
        BlockId add = graph.AddBlock("add"), twice = graph.AddBlock("twice"), stop = graph.AddBlock("stop");
        graph.Br(new BranchTarget(next, f.Parameter(0), built.Number(0)));
        graph.Begin(next);
        Operand code = graph.Parameter(next, 0), value = graph.Parameter(next, 1);
        Operand rest = f.Shr(code, built.Number(2));
        graph.Switch(
            f.BitAnd(code, built.Number(3)),
            [new BranchCase(built.Case(1), add), new BranchCase(built.Case(2), twice), new BranchCase([], [built.Case(3), built.Case(3)], new BranchTarget(next, rest, built.Number(0)))],
            stop);
        graph.Begin(add);
        graph.Br(new BranchTarget(next, rest, f.Add(value, built.Number(1))));
        graph.Begin(twice);
        graph.Br(new BranchTarget(next, rest, f.Add(value, value)));
        graph.Begin(stop);
        graph.Ret(value);
        Assert.Equal([0u, 3u, 4u, 1u], [built.Call(0), built.Call(0b01_10_01), built.Call(0b10_10_01), built.Call(0b01_11_10_01)]);
    }

    [Fact]
    public void A_block_that_goes_to_itself()
    {
        var built = new BuiltGraph();
        (ControlFlowBuilder graph, FunctionBuilder f) = (built.Graph, built.Code);
        BlockId self = graph.AddBlock("self", TypeId.U32, TypeId.U32), end = graph.AddBlock("end", TypeId.U32);
        graph.Br(new BranchTarget(self, f.Parameter(0), built.Number(1)));
        graph.Begin(self);
        Operand n = graph.Parameter(self, 0), product = graph.Parameter(self, 1);
        graph.CondBr(f.CmpLte(n, built.Number(1)), new BranchTarget(end, product), new BranchTarget(self, f.SubWrap(n, built.Number(1)), f.MulWrap(product, n)));
        graph.Begin(end);
        graph.Ret(graph.Parameter(end, 0));
        Assert.Equal([1u, 3628800u], [built.Call(0), built.Call(10)]);
    }

    [Fact]
    public void Blocks_that_nothing_goes_to_are_left_out()
    {
        var built = new BuiltGraph();
        (ControlFlowBuilder graph, FunctionBuilder f) = (built.Graph, built.Code);
        BlockId dead = graph.AddBlock("dead", TypeId.U32), other = graph.AddBlock("other");
        graph.Ret(f.Parameter(0));
        graph.Begin(dead);
        graph.CondBr(f.CmpEq(graph.Parameter(dead, 0), built.Number(12345)), other, other);
        graph.Begin(other);
        graph.Br(new BranchTarget(dead, built.Number(1)));
        Assert.Equal(7u, built.Call(7));
        Assert.DoesNotContain("12345", built.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_entry_can_be_gone_to()
    {
        var built = new BuiltGraph(0);
        (ControlFlowBuilder graph, FunctionBuilder f) = (built.Graph, built.Code);
        AirVariable count = built.Module.DefineVariable("count", TypeId.U32, built.Case(0));
        Operand v = f.Add(f.Load(f.PointerTo(count)), built.Number(1));
        f.Store(f.PointerTo(count), v);
        BlockId end = graph.AddBlock("end");
        graph.CondBr(f.CmpLt(v, built.Number(5)), graph.Entry, end);
        graph.Begin(end);
        graph.Ret(v);
        Assert.Equal(5u, built.Call());
    }

    [Fact]
    public void Errors_go_another_way_than_payloads()
    {
        var built = new BuiltGraph();
        (ControlFlowBuilder graph, FunctionBuilder f) = (built.Graph, built.Code);
        TypeId union = built.Module.Types.ErrorUnion(built.Module.Types.ErrorSet("Odd"), TypeId.U32);
        AirFunction half = Half(built, union);
        BlockId good = graph.AddBlock("good", TypeId.U32, TypeId.U32), bad = graph.AddBlock("bad");
        Operand result = f.Call(half, f.Parameter(0));
        graph.Try(result, new BranchTarget(good, built.Number(1000)), bad);
        graph.Begin(good);
        graph.Ret(f.Add(graph.Parameter(good, 0), graph.Parameter(good, 1)));
        graph.Begin(bad);
        graph.Ret(f.Intcast(TypeId.U32, f.Bitcast(TypeId.U16, f.UnwrapErrunionErr(result))));
        Assert.Equal([1021u, 1u], [built.Call(42), built.Call(7)]);
    }

    private static AirFunction Half(BuiltGraph built, TypeId union)
    {
        FunctionBuilder f = built.Module.DefineFunction("half", [("x", TypeId.U32)], union);
        Operand x = f.Parameter(0);
        f.If(f.CmpEq(f.BitAnd(x, f.Constant(TypeId.U32, 1)), f.Constant(TypeId.U32, 1)), () => f.Ret(built.Module.Values.ErrorUnionError(union, built.Module.Errors.Intern("Odd"))));
        f.Ret(f.WrapErrunionPayload(union, f.Shr(x, f.Constant(TypeId.U32, 1))));
        return f.Finish();
    }

    [Fact]
    public void Code_of_a_block_can_have_bodies_and_come_in_pieces()
    {
        var built = new BuiltGraph();
        (ControlFlowBuilder graph, FunctionBuilder f) = (built.Graph, built.Code);
        Operand place = f.Alloc(TypeId.U32);
        f.Store(place, built.Number(1));
        f.If(f.CmpGt(f.Parameter(0), built.Number(5)), () => f.Store(place, built.Number(50)));
        BlockId second = graph.AddBlock("second", TypeId.U32);
        graph.Begin(second);
        Operand sum = f.Add(graph.Parameter(second, 0), f.Load(place));
        graph.Begin(graph.Entry);
        InstructionId block = f.Block(TypeId.U32, label => f.SwitchBr(f.Parameter(0), cases =>
        {
            cases.Case([built.Case(1), built.Case(2)], [built.Case(10), built.Case(20)], () => f.Br(label, built.Number(100)));
            cases.Else(() => f.Br(label, built.Number(200)));
        }));
        graph.Br(new BranchTarget(second, block));
        graph.Begin(second);
        graph.Ret(sum);
        Assert.Equal([101u, 150u, 250u, 201u], [built.Call(2), built.Call(15), built.Call(30), built.Call(5)]);
    }

    [Fact]
    public void The_example_of_the_manual_counts_steps()
    {
        AirModule module = CollatzExample.Build();
        InterpreterResult result = new Interpreter(module).Call(module.Functions.Single(), module.Values.Integer(TypeId.U32, 27));
        Assert.Equal(111u, BitConverter.ToUInt32(result.Value.Bytes.Span));
    }

    [Fact]
    public void Names_are_kept()
    {
        var built = new BuiltGraph();
        (ControlFlowBuilder graph, FunctionBuilder f) = (built.Graph, built.Code);
        BlockId end = graph.AddBlock("end");
        Operand sum = f.Add(f.Parameter(0), built.Number(1));
        f.SetName(sum, "sum");
        graph.Br(end);
        graph.Begin(end);
        graph.Ret(sum);
        Assert.Equal(3u, built.Call(2));
        Assert.Equal("fn @f(%a0: u32) -> u32 {\n  %sum = add u32 %a0, 1\n  ret %sum\n}\n", built.Text);
    }
}
