using BenchmarkDotNet.Attributes;
using Weld.Linker.Inputs;

namespace Weld.Benchmarks;

/// <summary>Stage 2: symbols, and which archive members are needed.</summary>
public class ResolutionBenchmarks : StageBenchmark
{
    private LinkInputs _inputs = null!;

    [IterationSetup]
    public void Setup()
    {
        Begin();
        _inputs = Load();
    }

    [Benchmark]
    public object Resolution() => Resolve(_inputs);
}
