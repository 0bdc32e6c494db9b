using BenchmarkDotNet.Attributes;
using Weld.Linker.Image;
using Weld.Linker.Planning;

namespace Weld.Benchmarks;

/// <summary>Stage 5: sizes and small sections, then all bytes, relocated and verified; the file is dropped.</summary>
public class ImageBenchmarks : StageBenchmark
{
    private OutputPlan _plan = null!;

    [IterationSetup]
    public void Setup() => _plan = BeginAndPlan();

    [Benchmark]
    public long Image()
    {
        ImageWriter image = Prepare(_plan);
        AtomicOutput output = CreateOutput(image.Size, image.IsInPieces);
        image.Write(output);
        output.Discard();
        return image.Size;
    }
}
