using Weld.UnitTests.Options;
using Xunit;

namespace Weld.UnitTests.Reports;

/// <summary>The reports that wasm-ld has too: what both print on standard output, and write to $report, is the same text.</summary>
public sealed class WasmLdReportTests
{
    [Theory]
    // Maps.
    [InlineData("$a.o $libh.a -M")]
    [InlineData("$a.o $libh.a --print-map --export-all")]
    [InlineData("$a.o $libh.a --Map=$report")]
    [InlineData("$a.o $libh.a -M --Map=$report")]
    [InlineData("$a.o $libh.a --Map=-")]
    [InlineData("$a.o $libh.a -M -r")]
    [InlineData("$a.o $libh.a -M -O0 --no-merge-data-segments --no-gc-sections")]
    [InlineData("$a.o $libh.a -M --import-memory --export-table --build-id")]
    [InlineData("$a.o $libh.a -M --compress-relocations -s")]
    [InlineData("$a.o $libh.a -M --shared-memory --no-check-features")]
    [InlineData("$a.o $h.o -M --import-undefined")]
    [InlineData("$cpp.o -M")]
    [InlineData("$cpp.o -M --no-demangle")]
    // Symbol traces.
    [InlineData("$a.o $libh.a -y helper -y maybe -y deep -y _start -y nothing -y outer")]
    [InlineData("$libh.a $a.o -y helper --trace-symbol=__wasm_call_ctors -y __heap_base -y __stack_pointer")]
    [InlineData("$a.o $libh.a -y extra -y maybe --export=extra -y nothing -u nothing")]
    [InlineData("$v.o $a.o $libh.a -y maybe -y helper")]
    [InlineData("$a.o $h.o $d.o -y nothing --wrap=deep -y deep -y __wrap_deep --allow-undefined -y inner -y local")]
    [InlineData("-t $a.o $libh.a -y helper")]
    [InlineData("$cpp.o -y _ZN5space7counterE -y _Z6calleri")]
    // Extraction.
    [InlineData("$a.o $libh.a --why-extract=$report")]
    [InlineData("$libh.a $a.o --why-extract=$report")]
    [InlineData("$a.o $libdh.a --why-extract=$report")]
    [InlineData("$libdh.a $a.o --export=extra --why-extract=$report")]
    [InlineData("$a.o $libh.a --export=extra --why-extract=-")]
    [InlineData("$libh.a --export=extra --entry=helper --why-extract=-")]
    [InlineData("--start-lib $h.o $d.o --end-lib --no-entry -u helper --why-extract=-")]
    [InlineData("$cpp.o --why-extract=-")]
    public void Reports_are_those_of_wasm_ld(string line)
    {
        using TempDirectory directory = ReportFixture.Write();
        string expected = Run(directory, line, ReportRun.WasmLd);
        Assert.NotEmpty(expected);
        Assert.Equal(expected, Run(directory, line, ReportRun.Weld));
    }

    /// <summary>Links that fail: what is there all the same, and what is not.</summary>
    [Theory]
    [InlineData("$a.o $h.o --why-extract=$report", true)]
    [InlineData("$a.o $h.o --Map=$report", false)]
    [InlineData("$libh.a --why-extract=$report", false)]
    [InlineData("$a.o $no-such-file $libh.a --why-extract=$report", false)]
    [InlineData("$a.o $libh.a --why-extract=$no/such/directory", false)]
    [InlineData("$a.o $libh.a --Map=$no/such/directory", false)]
    [InlineData("$a.o $libh.a --reproduce=$no/such/directory", false)]
    public void A_failed_link_leaves_the_same_reports_and_no_output(string line, bool leavesReport)
    {
        using TempDirectory directory = ReportFixture.Write();
        LinkerRun expected = ReportRun.WasmLd(directory, $"{line} -o $out");
        Assert.Equal(1, expected.ExitCode);
        Assert.Equal(leavesReport, File.Exists(directory["report"]));
        File.Delete(directory["report"]);
        LinkerRun actual = ReportRun.Weld(directory, $"{line} -o $out");
        Assert.Equal(1, actual.ExitCode);
        Assert.Equal(leavesReport, File.Exists(directory["report"]));
        Assert.False(File.Exists(directory["out"]));
    }

    [Theory]
    [InlineData("--Map=$no/such/directory", "cannot open map file")]
    [InlineData("--why-extract=$no/such/directory", "cannot open --why-extract= file")]
    public void A_report_that_cannot_be_written_is_an_error_in_wasm_lds_words(string option, string words)
    {
        using TempDirectory directory = ReportFixture.Write();
        string line = $"$a.o $libh.a -o $out {option}";
        LinkerRun expected = ReportRun.WasmLd(directory, line);
        Assert.Contains(words, expected.Error, StringComparison.Ordinal);
        Assert.Equal(expected.Messages, ReportRun.Weld(directory, line).Messages);
    }

    private static string Run(TempDirectory directory, string line, Func<TempDirectory, string, LinkerRun> link)
    {
        string path = directory["report"];
        File.Delete(path);
        LinkerRun run = link(directory, $"{line} -o $out.wasm");
        Assert.True(run.ExitCode == 0, run.Error);
        return run.Output + (File.Exists(path) ? $"report:\n{File.ReadAllText(path)}" : "");
    }
}
