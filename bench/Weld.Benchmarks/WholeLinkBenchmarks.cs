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
        BenchmarkInput.Check(LinkPipeline.Run(options, diagnostics, TextWriter.Null), diagnostics);
    }

    [GlobalCleanup]
    public void DeleteOutput() => File.Delete(_output);
}
