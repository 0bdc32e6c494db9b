using System.Runtime.InteropServices;
using BenchmarkDotNet.Attributes;
using Weld.Linker.Image;
using Weld.Linker.Planning;
using Weld.Wasm.Sections;

namespace Weld.Benchmarks;

/// <summary>The check of every function body in the output, on one thread.</summary>
public unsafe class VerificationBenchmarks : StageBenchmark
{
    private OutputPlan _plan = null!;
    private ImageWriter _image = null!;
    private byte* _bytes;
    private byte* _code;

    [IterationSetup]
    public void Setup()
    {
        _plan = BeginAndPlan();
        _image = Prepare(_plan);
        if (_bytes == null)
            _bytes = (byte*)NativeMemory.AllocZeroed((nuint)_image.Size);
        _image.Write(_bytes);
        _code = _bytes + _image.Sections.Single(section => section.Id == SectionId.Code).Start;
    }

    [GlobalCleanup]
    public void Free() => NativeMemory.Free(_bytes);

    [Benchmark]
    public int Verification()
    {
        var verifier = new BodyVerifier(_plan, BodyVerifier.MakeContext(_plan), Diagnostics);
        int count = 0;
        for (int i = 0; i < _plan.Functions.Count; i++)
        {
            OutputFunction function = _plan.Functions[i];
            if (function.Owner is null)
                continue;
            int start = (int)_image.Code.OffsetOfFunctionIndex((uint)(_plan.ImportedFunctionCount + i));
            verifier.Verify(function.Owner, function.Function, new ReadOnlySpan<byte>(_code + start, (int)_image.Code.SizeOf(i)));
            count++;
        }
        return count;
    }
}
