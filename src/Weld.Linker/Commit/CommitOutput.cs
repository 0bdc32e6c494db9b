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

    /// <summary>Writes the image and puts it into place, with the debug information's file beside it if there is one.</summary>
    /// <param name="image">The output.</param>
    /// <param name="debug">What goes to <see cref="LinkOptions.SeparateDebugFile"/>; null for none.</param>
    /// <param name="options">Where to write.</param>
    /// <param name="diagnostics">Receives what goes wrong.</param>
    /// <param name="reports">Receives times.</param>
    /// <returns>False when <paramref name="diagnostics"/> holds errors; the paths are as they were then.</returns>
    public static bool Run(ImageWriter image, ImageWriter? debug, LinkOptions options, DiagnosticBag diagnostics, LinkReports reports)
    {
        if (Write(image, options.OutputFile!, diagnostics, reports) is not AtomicOutput output)
            return false;
        if (debug is not null)
        {
            if (Write(debug, options.SeparateDebugFile!, diagnostics, reports) is not AtomicOutput debugOutput)
            {
                output.Discard();
                return false;
            }
            debug.CopyBuildId(debugOutput.Pointer, image.BuildIdIn(output.Pointer));
            if (!Commit(debugOutput, options.SeparateDebugFile!, diagnostics, reports))
            {
                output.Discard();
                return false;
            }
        }
        return Commit(output, options.OutputFile!, diagnostics, reports);
    }

    private static AtomicOutput? Write(ImageWriter image, string path, DiagnosticBag diagnostics, LinkReports reports)
    {
        if (AtomicOutput.TryCreate(path, image.Size, out string? error, inPieces: image.IsInPieces) is not AtomicOutput output)
        {
            diagnostics.Add(OutputErrors.CannotOpen(path, error!));
            return null;
        }
        using (reports.Time("Write image"))
            image.Write(output);
        if (!diagnostics.HasErrors)
            return output;
        output.Discard();
        return null;
    }

    private static bool Commit(AtomicOutput output, string path, DiagnosticBag diagnostics, LinkReports reports)
    {
        string? error;
        using (reports.Time("Replace output"))
        {
            if (output.TryCommit(out error))
                return true;
        }
        diagnostics.Add(OutputErrors.CannotWrite(path, error!));
        return false;
    }
}
