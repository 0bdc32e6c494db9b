using Weld.UnitTests.Options;
using Xunit;

namespace Weld.UnitTests.Reports;

public sealed class VerboseTests
{
    [Fact]
    public void It_tells_what_is_read_and_linked_and_why()
    {
        using TempDirectory directory = ReportFixture.Write();
        LinkerRun run = ReportRun.Weld(directory, "$a.o -L$ -lh -o $out --verbose");
        Assert.Equal((0, ""), (run.ExitCode, run.Output));
        string[] lines = [.. run.Error.Replace(directory.Path + "/", "", StringComparison.Ordinal).Split('\n', StringSplitOptions.RemoveEmptyEntries)];
        Assert.All(lines, line => Assert.StartsWith("weld: ", line, StringComparison.Ordinal));
        string[] expected =
        [
            $"weld: reading a.o, {new FileInfo(directory["a.o"]).Length} bytes",
            "weld: -lh is libh.a",
            $"weld: reading libh.a, {new FileInfo(directory["libh.a"]).Length} bytes",
            "weld: linking a.o",
            "weld: a.o needs helper of libh.a(h.o)",
            "weld: linking libh.a(h.o)",
            "weld: libh.a(h.o) needs deep of libh.a(d.o)",
            "weld: linking libh.a(d.o)",
        ];
        Assert.Equal(expected, lines[..expected.Length]);
        Assert.Contains($"weld: writing out, {new FileInfo(directory["out"]).Length} bytes", lines);
    }

    [Fact]
    public void Errors_come_after_it()
    {
        using TempDirectory directory = ReportFixture.Write();
        LinkerRun run = ReportRun.Weld(directory, "$a.o $h.o -o $out --verbose");
        Assert.Equal(1, run.ExitCode);
        Assert.Matches(@"(?s)^weld: reading .*weld: linking .*weld: error: .*undefined symbol: deep", run.Error);
    }
}
