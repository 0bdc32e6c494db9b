using System.Runtime.InteropServices;
using BenchmarkDotNet.Attributes;
using Weld.Linker.Image;
using Weld.Linker.Planning;

namespace Weld.Benchmarks;

/// <summary>Stage 5: sizes and small sections, then all bytes, into memory that is there already.</summary>
public unsafe class ImageBenchmarks : StageBenchmark
{
    private OutputPlan _plan = null!;
    private byte* _bytes;

    [IterationSetup]
    public void Setup()
    {
        _plan = BeginAndPlan();
        if (_bytes == null)
            _bytes = (byte*)NativeMemory.AllocZeroed((nuint)Prepare(_plan).Size);
    }

    [GlobalCleanup]
    public void Free() => NativeMemory.Free(_bytes);

    [Benchmark]
    public long Image()
    {
        ImageWriter image = Prepare(_plan);
        image.Write(_bytes);
        return image.Size;
    }
}
