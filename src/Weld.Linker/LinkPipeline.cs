using Weld.Base.Diagnostics;
using Weld.Linker.Commit;
using Weld.Linker.Diagnostics;
using Weld.Linker.Image;
using Weld.Linker.Inputs;
using Weld.Linker.Liveness;
using Weld.Linker.Options;
using Weld.Linker.Planning;
using Weld.Linker.Resolution;

namespace Weld.Linker;

/// <summary>The whole link, in order: Inputs, Resolution, Liveness, Plan, Image, Commit. Each stage takes what an earlier one returned.</summary>
public static class LinkPipeline
{
    /// <summary>Links <see cref="LinkOptions.Inputs"/> into <see cref="LinkOptions.OutputFile"/>.</summary>
    /// <param name="options">What to link, and how.</param>
    /// <param name="diagnostics">Receives every message; the output file is untouched when it ends up holding errors.</param>
    /// <param name="report">Receives what was asked for on standard output, such as <c>--trace</c>.</param>
    /// <returns>True when the output was written.</returns>
    public static bool Run(LinkOptions options, DiagnosticBag diagnostics, TextWriter report)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(report);
        IReadOnlyList<LinkInput> inputs = InputLoader.Run(options, diagnostics);
        if (inputs.Count == 0 && !diagnostics.HasErrors)
            diagnostics.Add(OptionErrors.NoInputFiles());
        if (!diagnostics.HasErrors)
            OptionChecks.Run(options, diagnostics);
        if (diagnostics.HasErrors || !CommitOutput.Check(options, diagnostics))
            return false;
        ResolvedProgram? program = ResolveSymbols.Run(inputs, options, diagnostics, report);
        if (program is null)
            return false;
        LiveSet live = MarkLive.Run(program, options, report);
        OutputPlan? plan = PlanOutput.Run(program, live, options, diagnostics, report);
        if (plan is null)
            return false;
        // From here on nothing is decided any more: sizes and places are known, bytes are not.
        ImageWriter image = ImageWriter.Prepare(plan, diagnostics);
        return !diagnostics.HasErrors && CommitOutput.Run(image, options, diagnostics);
    }
}
