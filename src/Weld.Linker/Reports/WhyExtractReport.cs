using System.Text;
using Weld.Base.Diagnostics;
using Weld.Linker.Diagnostics;
using Weld.Linker.Options;
using Weld.Linker.Resolution;

namespace Weld.Linker.Reports;

/// <summary>The table of <c>--why-extract</c>: what needed each archive member that is linked.</summary>
public static class WhyExtractReport
{
    public static void Write(IReadOnlyList<Extraction> extractions, LinkOptions options, TextWriter output, DiagnosticBag diagnostics)
    {
        var text = new StringBuilder("reference\textracted\tsymbol\n");
        foreach (Extraction extraction in extractions)
        {
            string symbol = SymbolNames.Display(extraction.Symbol, options.Demangle);
            text.Append(extraction.Reference).Append('\t').Append(extraction.Member.DisplayName).Append('\t').Append(symbol).Append('\n');
        }
        ReportFile.Write(options.WhyExtractFile!, text, output, "cannot open --why-extract= file", diagnostics);
    }
}
