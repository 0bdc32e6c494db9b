using Weld.Base.Diagnostics;
using Weld.Linker.Commit;
using Weld.Linker.Diagnostics;
using Weld.Linker.Image;
using Weld.Linker.Inputs;
using Weld.Linker.Liveness;
using Weld.Linker.Options;
using Weld.Linker.Planning;
using Weld.Linker.Reports;
using Weld.Linker.Resolution;

namespace Weld.Linker;

/// <summary>The whole link, in order: Inputs, Resolution, Liveness, Plan, Image, Commit. Each stage takes what an earlier one returned.</summary>
public static class LinkPipeline
{
    /// <summary>Links <see cref="LinkOptions.Inputs"/> into <see cref="LinkOptions.OutputFile"/>.</summary>
    /// <param name="options">What to link, and how.</param>
    /// <param name="diagnostics">Receives every message; the output file is untouched when it ends up holding errors.</param>
    /// <param name="report">Receives what was asked for on standard output, such as <c>--trace</c>.</param>
    /// <param name="log">Receives what <c>--verbose</c> says; null for nowhere.</param>
    /// <param name="isLast">Whether the process ends when this link does: then what it holds is left to the system, which is faster.</param>
    /// <returns>True when the output was written.</returns>
    public static bool Run(LinkOptions options, DiagnosticBag diagnostics, TextWriter report, VerboseLog? log = null, bool isLast = false)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(report);
        var reports = new LinkReports(options, report, log);
        var writer = new ReportWriter(options, reports, diagnostics);
        writer.Begin();
        bool isDone;
        using (reports.Time("Link", options.OutputFile))
            isDone = Run(options, diagnostics, reports, writer, isLast);
        writer.End();
        if (!isLast)
            foreach (MappedFile file in reports.Files)
                file.Release();
        return isDone && !diagnostics.HasErrors;
    }

    private static bool Run(LinkOptions options, DiagnosticBag diagnostics, LinkReports reports, ReportWriter writer, bool isLast)
    {
        LinkInputs inputs;
        ResolveSymbols? resolution = null;
        using (reports.Time("Inputs"))
        {
            inputs = InputLoader.Open(options, diagnostics, reports, isLast ? ProcessMemory.Reserve : null);
            if (diagnostics.HasErrors || !ResolveSymbols.MayBeginEarly(options, reports))
                InputLoader.Parse(inputs, options, diagnostics, reports);
            else
                resolution = ResolveSymbols.BeginEarly(inputs, options, diagnostics, reports);
        }
        writer.AfterInputs(inputs);
        if (inputs.Count == 0 && !diagnostics.HasErrors)
            diagnostics.Add(OptionErrors.NoInputFiles());
        if (!diagnostics.HasErrors)
            OptionChecks.Run(options, diagnostics);
        if (diagnostics.HasErrors || !CommitOutput.Check(options, diagnostics))
            return false;
        ResolvedProgram? program;
        using (reports.Time("Resolution"))
            program = (resolution ?? ResolveSymbols.Begin(inputs, options, diagnostics.FatalWarnings, reports)).Finish(diagnostics);
        writer.AfterResolution(program);
        if (program is null)
            return false;
        LiveSet live;
        using (reports.Time("Liveness"))
            live = MarkLive.Run(program, options, reports);
        writer.AfterLiveness(program, live);
        OutputPlan? plan;
        using (reports.Time("Planning"))
            plan = PlanOutput.Run(program, live, options, diagnostics, reports.Output);
        if (plan is null)
            return false;
        // From here on nothing is decided any more: sizes and places are known, bytes are not.
        ImageWriter image;
        using (reports.Time("Image"))
            image = ImageWriter.Prepare(plan, diagnostics);
        if (diagnostics.HasErrors)
            return false;
        writer.AfterImage(plan, image);
        if (diagnostics.HasErrors)
            return false;
        using (reports.Time("Commit"))
            return CommitOutput.Run(image, options.SeparateDebugFile is null ? null : ImageWriter.PrepareDebug(plan, diagnostics), options, diagnostics, reports);
    }
}
