using BenchmarkDotNet.Attributes;
using Weld.Base;
using Weld.Linker.Demangling;
using Weld.Linker.Inputs;

namespace Weld.Benchmarks;

/// <summary>Display names of all symbols of the objects, on one thread.</summary>
public class DemanglingBenchmarks : StageBenchmark
{
    private readonly List<Utf8String> _names = [];

    [IterationSetup]
    public void Setup()
    {
        Begin();
        _names.Clear();
        foreach (ObjectFile file in Load().Select(input => input.Object).OfType<ObjectFile>())
            foreach (InputSymbol symbol in file.Symbols)
                _names.Add(file.NameOf(symbol));
    }

    [Benchmark]
    public long Demangling()
    {
        long length = 0;
        foreach (Utf8String name in _names)
            length += Demangler.ForThisThread.GetDisplayName(name.Bytes).Length;
        return length;
    }
}
