using Weld.UnitTests.Options;
using Xunit;

namespace Weld.UnitTests.Reports;

public sealed class WhyLiveTests
{
    [Theory]
    [InlineData("--why-live=deep", "live: deep in libh.a(d.o)\n>>> referenced by helper in libh.a(h.o)\n>>> referenced by _start in a.o\n>>> the entry\n")]
    [InlineData("--why-live=in_section", "live: in_section in libh.a(h.o)\n>>> referenced by helper in libh.a(h.o)\n>>> referenced by _start in a.o\n>>> the entry\n")]
    [InlineData("--why-live=constructor", "live: constructor in a.o\n>>> constructor or kept data of a.o\n>>> the entry\n")]
    [InlineData("--why-live=_start", "live: _start in a.o\n>>> the entry\n")]
    [InlineData("--why-live=unused --export=unused", "live: unused in a.o\n>>> exported\n")]
    [InlineData("--why-live=local", "live: local in a.o\n>>> referenced by _start in a.o\n>>> the entry\n")]
    [InlineData("--why-live=unused", "dropped: unused in a.o\n")]
    [InlineData("--why-live=pointer", "dropped: pointer in a.o\n")]
    [InlineData("--why-live=maybe", "live: maybe in <internal>\n>>> referenced by _start in a.o\n>>> the entry\n")]
    [InlineData("--why-live=nothing", "no symbol: nothing\n")]
    [InlineData("--why-live=unused --no-gc-sections", "live: unused in a.o\n>>> garbage collection is off\n")]
    [InlineData("--why-live=un*d --why-live=e*a", "dropped: unused in a.o\ndropped: extra in libh.a(d.o)\n")]
    public void Chains_lead_from_the_symbol_to_a_root(string options, string expected)
    {
        using TempDirectory directory = ReportFixture.Write();
        LinkerRun run = ReportRun.Weld(directory, $"$a.o $libh.a -o $out {options}");
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Equal(expected, run.Output.Replace(directory.Path + "/", "", StringComparison.Ordinal));
    }

    [Fact]
    public void Demangled_names_are_found()
    {
        using TempDirectory directory = ReportFixture.Write();
        LinkerRun run = ReportRun.Weld(directory, "$cpp.o -o $out --why-live=space::counter");
        Assert.Equal("live: space::counter in cpp.o\n>>> referenced by caller(int) in cpp.o\n>>> referenced by _start in cpp.o\n>>> the entry\n",
            run.Output.Replace(directory.Path + "/", "", StringComparison.Ordinal));
    }

    [Fact]
    public void Members_that_are_not_linked_are_named()
    {
        using TempDirectory directory = ReportFixture.Write();
        LinkerRun run = ReportRun.Weld(directory, "$d.o $libh.a --no-entry -o $out --why-live=helper");
        Assert.Equal($"not linked: helper in {directory["libh.a"]}(h.o)\n", run.Output);
    }
}
