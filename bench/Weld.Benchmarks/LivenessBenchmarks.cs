using BenchmarkDotNet.Attributes;
using Weld.Linker.Resolution;

namespace Weld.Benchmarks;

/// <summary>Stage 3: what is needed.</summary>
public class LivenessBenchmarks : StageBenchmark
{
    private ResolvedProgram _program = null!;

    [IterationSetup]
    public void Setup()
    {
        Begin();
        _program = Resolve(Load());
    }

    [Benchmark]
    public object Liveness() => Mark(_program);
}
