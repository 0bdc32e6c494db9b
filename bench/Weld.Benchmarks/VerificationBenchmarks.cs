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
    private AtomicOutput? _output;
    private byte* _code;

    [IterationSetup]
    public void Setup()
    {
        _plan = BeginAndPlan();
        _image = Prepare(_plan);
        // What an earlier iteration left is dropped here, because the code is read until its end.
        _output?.Discard();
        _output = CreateOutput(_image.Size, inPieces: false);
        _image.Write(_output);
        _code = _output.Pointer + _image.Sections.Single(section => section.Id == SectionId.Code).Start;
    }

    [GlobalCleanup]
    public void Discard() => _output?.Discard();

    [Benchmark]
    public int Verification()
    {
        var verifier = new BodyVerifier(_plan, BodyVerifier.MakeContext(_plan));
        int count = 0;
        for (int i = 0; i < _plan.Functions.Count; i++)
        {
            OutputFunction function = _plan.Functions[i];
            if (function.Owner is null)
                continue;
            int start = (int)_image.Code.OffsetOfFunctionIndex((uint)(_plan.ImportedFunctionCount + i));
            verifier.Verify(function.Owner, function, new ReadOnlySpan<byte>(_code + start, (int)_image.Code.SizeOf(i)), Diagnostics);
            count++;
        }
        return count;
    }
}
