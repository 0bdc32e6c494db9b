using Weld.Base.Diagnostics;
using Weld.Linker.Diagnostics;
using Weld.Linker.Image;

namespace Weld.Cli;

/// <summary>Writes a file at once: its path has the old contents or all of the new ones.</summary>
internal static class OutputFile
{
    /// <param name="path">The file; <c>-</c> is the standard output.</param>
    /// <param name="bytes">Its contents.</param>
    /// <param name="diagnostics">Receives what goes wrong.</param>
    public static bool Write(string path, ReadOnlySpan<byte> bytes, DiagnosticBag diagnostics)
    {
        if (AtomicOutput.TryCreate(path, bytes.Length, out string? error, isExecutable: false) is not AtomicOutput file)
        {
            diagnostics.Add(OutputErrors.CannotOpen(path, error!));
            return false;
        }
        bytes.CopyTo(file.Span(0, bytes.Length));
        if (file.TryCommit(out error))
            return true;
        diagnostics.Add(OutputErrors.CannotWrite(path, error!));
        return false;
    }
}
