using BenchmarkDotNet.Attributes;
using Weld.Base.Diagnostics;
using Weld.Linker;
using Weld.Linker.Options;

namespace Weld.Benchmarks;

/// <summary>A link in a process that has linked before, as a build server or an editor does: options, all stages, and the file.</summary>
public class WholeLinkBenchmarks
{
    private string _output = "";

    [Params("hello-c", "S")]
    public string Input { get; set; } = "";

    [Benchmark]
    public void WholeLink()
    {
        var diagnostics = new DiagnosticBag();
        LinkOptions options = BenchmarkInput.ReadOptions(Input);
        _output = options.OutputFile!;
        // Replacing a file that was written a moment ago waits for the disk, which nobody does who looks at the result in between.
        File.Delete(_output);
        BenchmarkInput.Check(LinkPipeline.Run(options, diagnostics, TextWriter.Null), diagnostics);
    }

    [GlobalCleanup]
    public void DeleteOutput() => File.Delete(_output);
}
