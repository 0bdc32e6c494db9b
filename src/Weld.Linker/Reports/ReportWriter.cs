using Weld.Base.Diagnostics;
using Weld.Linker.Image;
using Weld.Linker.Inputs;
using Weld.Linker.Liveness;
using Weld.Linker.Options;
using Weld.Linker.Planning;
using Weld.Linker.Resolution;

namespace Weld.Linker.Reports;

/// <summary>Writes each report that was asked for, as soon as a stage has made what it is about; so a link that fails later leaves it.</summary>
public sealed class ReportWriter
{
    private readonly LinkOptions _options;
    private readonly LinkReports _reports;
    private readonly DiagnosticBag _diagnostics;
    private readonly LinkCounts _counts = new();

    public ReportWriter(LinkOptions options, LinkReports reports, DiagnosticBag diagnostics)
    {
        _options = options;
        _reports = reports;
        _diagnostics = diagnostics;
    }

    public void Begin()
    {
        if (_reports.Log is not VerboseLog log)
            return;
        foreach (string option in _options.IgnoredOptions)
            log.Write($"{option} has no effect here; it is accepted for build systems that pass it to every linker");
    }

    public void AfterInputs(IReadOnlyList<LinkInput> inputs)
    {
        _counts.Set(_reports.Files, inputs);
        if (_options.ReproduceFile is not null)
            ReproduceArchive.Write(_options, _reports.Files, _diagnostics);
        if (_options.DependencyFile is not null && _options.OutputFile is not null && !_diagnostics.HasErrors)
            DependencyFile.Write(_options, _reports.Files, _reports.Output, _diagnostics);
    }

    /// <param name="program">Null when resolution failed.</param>
    public void AfterResolution(ResolvedProgram? program)
    {
        if (_options.WhyExtractFile is not null && _reports.Extractions is not null)
            WhyExtractReport.Write(_reports.Extractions, _options, _reports.Output, _diagnostics);
        if (program is not null)
            _counts.Set(program, _reports.Extractions!.Count);
    }

    public void AfterLiveness(ResolvedProgram program, LiveSet live)
    {
        _counts.Set(live);
        if (_options.PrintGcSections && _options.GcSections)
            new GarbageReport(program, live, _reports.Output).Write();
        if (_options.WhyLive.Count != 0)
            WhyLiveReport.Write(program, live, _reports.Reasons!, _options, _reports.Output);
    }

    public void AfterImage(OutputPlan plan, ImageWriter image)
    {
        _counts.OutputBytes = image.Size;
        if (_options.MapFile is not null)
            MapReport.Write(plan, image, _reports, _diagnostics);
        if (_reports.Log is VerboseLog log)
            LogPlan(log, plan, image);
    }

    /// <summary>Writes what is about the whole link.</summary>
    public void End()
    {
        if (_options.Stats)
            StatsReport.Write(_reports.Times!, _counts, _reports.Output);
        if (_options.TimeTraceFile is not null)
            TimeTrace.Write(_reports.Times!, _options, _reports.Output, _diagnostics);
    }

    private void LogPlan(VerboseLog log, OutputPlan plan, ImageWriter image)
    {
        log.Write($"features: {string.Join(", ", plan.Features)}");
        foreach (OutputSegment segment in plan.Data.Segments)
            log.Write($"segment {segment.Name} at {segment.Address}, {segment.Size} bytes");
        log.Write($"memory: stack ends at {plan.Data.StackTop}, {plan.Data.MinimumPages} pages at start");
        log.Write($"output: {plan.ImportedFunctionCount} functions imported, {plan.Functions.Count} defined, {plan.Globals.Count} globals, {plan.Exports.Count} exports");
        log.Write($"writing {_options.OutputFile}, {image.Size} bytes");
    }
}
