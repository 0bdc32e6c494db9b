using BenchmarkDotNet.Attributes;
using Weld.Linker.Liveness;
using Weld.Linker.Resolution;

namespace Weld.Benchmarks;

/// <summary>Stage 4: indexes, slots, addresses, order; merging of strings.</summary>
public class PlanningBenchmarks : StageBenchmark
{
    private ResolvedProgram _program = null!;
    private LiveSet _live = null!;

    [IterationSetup]
    public void Setup()
    {
        Begin();
        _program = Resolve(Load());
        _live = Mark(_program);
    }

    [Benchmark]
    public object Planning() => Plan(_program, _live);
}
