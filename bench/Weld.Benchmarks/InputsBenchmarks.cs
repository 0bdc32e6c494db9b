using BenchmarkDotNet.Attributes;

namespace Weld.Benchmarks;

/// <summary>Stage 1: opening files, taking archives apart, parsing objects.</summary>
public class InputsBenchmarks : StageBenchmark
{
    [IterationSetup]
    public void Setup() => Begin();

    [Benchmark]
    public int Inputs() => Load().Count;
}
