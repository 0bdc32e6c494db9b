using Weld.Base.Diagnostics;
using Weld.Linker.Diagnostics;
using Weld.Linker.Image;
using Weld.Linker.Options;
using Weld.Linker.Reports;

namespace Weld.Linker.Commit;

/// <summary>The last stage, Commit: the output path has either the old file or the whole new one.</summary>
public static unsafe class CommitOutput
{
    /// <summary>Says early what would otherwise be found out only when the link is done.</summary>
    public static bool Check(LinkOptions options, DiagnosticBag diagnostics)
    {
        if (AtomicOutput.TryCheckWritable(options.OutputFile!, out string? error))
            return true;
        diagnostics.Add(OutputErrors.CannotOpen(options.OutputFile!, error!));
        return false;
    }

    /// <summary>Writes the image and puts it into place.</summary>
    /// <returns>False when <paramref name="diagnostics"/> holds errors; the path is as it was then.</returns>
    public static bool Run(ImageWriter image, LinkOptions options, DiagnosticBag diagnostics, LinkReports reports)
    {
        if (AtomicOutput.TryCreate(options.OutputFile!, image.Size, out string? error) is not AtomicOutput output)
        {
            diagnostics.Add(OutputErrors.CannotOpen(options.OutputFile!, error!));
            return false;
        }
        using (reports.Time("Write image"))
            image.Write(output.Pointer);
        if (diagnostics.HasErrors)
        {
            output.Discard();
            return false;
        }
        using (reports.Time("Replace output"))
        {
            if (output.TryCommit(out error))
                return true;
        }
        diagnostics.Add(OutputErrors.CannotWrite(options.OutputFile!, error!));
        return false;
    }
}
