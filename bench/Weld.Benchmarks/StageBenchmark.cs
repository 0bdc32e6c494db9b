using BenchmarkDotNet.Attributes;
using Weld.Base.Diagnostics;
using Weld.Linker.Image;
using Weld.Linker.Inputs;
using Weld.Linker.Liveness;
using Weld.Linker.Options;
using Weld.Linker.Planning;
using Weld.Linker.Reports;
using Weld.Linker.Resolution;

namespace Weld.Benchmarks;

/// <summary>The stages of a link, one method each, as LinkPipeline calls them; a benchmark measures one and prepares it with the others.</summary>
/// <remarks>Stages change what earlier ones made, so a link starts anew for each measurement.</remarks>
public abstract class StageBenchmark
{
    private LinkReports _reports = null!;

    [Params("hello-c", "S")]
    public string Input { get; set; } = "";

    private protected LinkOptions Options { get; private set; } = null!;

    private protected DiagnosticBag Diagnostics { get; private set; } = null!;

    private protected void Begin()
    {
        Options = BenchmarkInput.ReadOptions(Input);
        Diagnostics = new DiagnosticBag();
        _reports = new LinkReports(Options, TextWriter.Null);
    }

    private protected LinkInputs Load()
    {
        LinkInputs inputs = InputLoader.Open(Options, Diagnostics, _reports);
        InputLoader.Parse(inputs, Options, Diagnostics, _reports);
        return inputs;
    }

    private protected ResolvedProgram Resolve(LinkInputs inputs) => Checked(ResolveSymbols.Begin(inputs, Options, fatalWarnings: false, _reports).Finish(Diagnostics));

    private protected LiveSet Mark(ResolvedProgram program) => MarkLive.Run(program, Options, _reports);

    private protected OutputPlan Plan(ResolvedProgram program, LiveSet live) =>
        Checked(PlanOutput.Run(program, live, Options, Diagnostics, TextWriter.Null));

    private protected ImageWriter Prepare(OutputPlan plan) => ImageWriter.Prepare(plan, Diagnostics);

    /// <summary>Memory and a temporary file for the image, as CommitOutput makes them.</summary>
    private protected AtomicOutput CreateOutput(long size, bool inPieces) =>
        AtomicOutput.TryCreate(Options.OutputFile!, size, out string? error, inPieces: inPieces) ?? throw new IOException(error);

    /// <summary>Everything up to the plan.</summary>
    private protected OutputPlan BeginAndPlan()
    {
        Begin();
        ResolvedProgram program = Resolve(Load());
        return Plan(program, Mark(program));
    }

    /// <summary>Unmaps the inputs: a process that links a thousand times must not hold a thousand mappings.</summary>
    [IterationCleanup]
    public void End()
    {
        BenchmarkInput.Check(!Diagnostics.HasErrors, Diagnostics);
        foreach (MappedFile file in _reports.Files)
            file.Release();
    }

    private T Checked<T>(T? result)
        where T : class
    {
        BenchmarkInput.Check(result is not null, Diagnostics);
        return result!;
    }
}
