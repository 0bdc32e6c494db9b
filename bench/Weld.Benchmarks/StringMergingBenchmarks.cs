using BenchmarkDotNet.Attributes;
using Weld.Base;
using Weld.Linker.Inputs;
using Weld.Linker.Planning;
using Weld.Wasm.Linking;

namespace Weld.Benchmarks;

/// <summary>Sharing of equal strings and equal tails among all mergeable strings of the objects, on one thread.</summary>
public class StringMergingBenchmarks : StageBenchmark
{
    private readonly List<Utf8String> _sections = [];

    [IterationSetup]
    public void Setup()
    {
        Begin();
        _sections.Clear();
        foreach (ObjectFile file in Load().Select(input => input.Object).OfType<ObjectFile>())
            foreach (InputSegment segment in file.Segments)
                if ((segment.Flags & SegmentFlags.Strings) != 0)
                    _sections.Add(file.File.Slice(segment.Offset, segment.Size));
    }

    [Benchmark]
    public unsafe int StringMerging()
    {
        var merger = new StringTailMerger();
        foreach (Utf8String section in _sections)
        {
            int start = 0;
            for (int length; (length = section.Bytes[start..].IndexOf((byte)0) + 1) > 0; start += length)
            {
                var piece = new Utf8String(section.Pointer + start, length);
                merger.Add(piece, NameHash.Compute(piece.Bytes));
            }
        }
        merger.Finish();
        return merger.Size;
    }
}
