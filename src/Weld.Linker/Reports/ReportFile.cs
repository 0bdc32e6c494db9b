using System.Text;
using Weld.Base.Diagnostics;
using Weld.Linker.Diagnostics;
using Weld.Linker.Image;

namespace Weld.Linker.Reports;

/// <summary>Puts a finished report where it was asked for; like the output, a file has its old content or all of the new one.</summary>
public static class ReportFile
{
    /// <param name="path">The file, or <c>-</c> for standard output.</param>
    /// <param name="text">The report.</param>
    /// <param name="output">Standard output.</param>
    /// <param name="what">The start of the message when it cannot be written: <c>cannot open map file</c>.</param>
    /// <param name="diagnostics">Receives that message.</param>
    public static void Write(string path, StringBuilder text, TextWriter output, string what, DiagnosticBag diagnostics)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(diagnostics);
        if (path == "-")
        {
            output.Write(text);
            return;
        }
        Write(path, Encoding.UTF8.GetBytes(text.ToString()), what, diagnostics);
    }

    public static void Write(string path, ReadOnlySpan<byte> bytes, string what, DiagnosticBag diagnostics)
    {
        AtomicOutput? file = AtomicOutput.TryCreate(path, bytes.Length, out string? error, isExecutable: false);
        if (file is not null)
        {
            bytes.CopyTo(file.Span(0, bytes.Length));
            if (file.TryCommit(out error))
                return;
        }
        diagnostics.Add(OutputErrors.CannotWriteReport(what, path, error!));
    }
}
