using Weld.Base.Diagnostics;

namespace Weld.Air.Tests.Building;

/// <summary>The example of a graph in docs/air.md; a test compares, and runs it.</summary>
internal static class CollatzExample
{
    public static AirModule Build()
    {
        // example
        var module = new AirModule();
        ControlFlowBuilder graph = module.DefineGraph("collatz", [("n", TypeId.U32)], TypeId.U32);
        FunctionBuilder f = graph.Code;
        Operand zero = f.Constant(TypeId.U32, 0), one = f.Constant(TypeId.U32, 1), three = f.Constant(TypeId.U32, 3);
        BlockId next = graph.AddBlock("next", TypeId.U32, TypeId.U32), step = graph.AddBlock("step");
        BlockId even = graph.AddBlock("even"), odd = graph.AddBlock("odd"), end = graph.AddBlock("end");
        graph.Br(new BranchTarget(next, f.Parameter(0), zero));
        graph.Begin(next);
        Operand n = graph.Parameter(next, 0), steps = graph.Parameter(next, 1);
        graph.CondBr(f.CmpEq(n, one), end, step);
        graph.Begin(step);
        Operand count = f.Add(steps, one);
        graph.CondBr(f.CmpEq(f.BitAnd(n, one), zero), even, odd);
        graph.Begin(even);
        graph.Br(new BranchTarget(next, f.Shr(n, one), count));
        graph.Begin(odd);
        graph.Br(new BranchTarget(next, f.Add(f.Mul(n, three), one), count));
        graph.Begin(end);
        graph.Ret(steps);
        AirFunction? collatz = graph.Finish(new DiagnosticBag());
        // end
        Assert.NotNull(collatz);
        return module;
    }
}
