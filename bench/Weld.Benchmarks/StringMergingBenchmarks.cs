using BenchmarkDotNet.Attributes;
using Weld.Base;
using Weld.Linker.Image;
using Weld.Linker.Inputs;
using Weld.Wasm.Linking;

namespace Weld.Benchmarks;

/// <summary>Sharing of equal strings and equal tails among all mergeable strings of the objects, on one thread.</summary>
public class StringMergingBenchmarks : StageBenchmark
{
    private readonly List<StringPieces> _sections = [];

    [IterationSetup]
    public void Setup()
    {
        Begin();
        _sections.Clear();
        foreach (ObjectFile file in Load().Select(input => input.Object).OfType<ObjectFile>())
            foreach (InputSegment segment in file.Segments)
                if ((segment.Flags & SegmentFlags.Strings) != 0)
                    _sections.Add(StringPieces.Split(file.File.Slice(segment.Offset, segment.Size), segment.Offset));
    }

    [Benchmark]
    public int StringMerging()
    {
        var merger = new StringTailMerger();
        foreach (StringPieces section in _sections)
            for (int i = 0; i < section.Count; i++)
                merger.Add(section[i], NameHash.Compute(section[i].Bytes));
        merger.Finish();
        return merger.Size;
    }
}
