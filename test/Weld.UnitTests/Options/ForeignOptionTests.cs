using Weld.Linker.Options;
using Xunit;

namespace Weld.UnitTests.Options;

/// <summary>Options of other linkers: with them and without, the same module; and a note for who asks.</summary>
public sealed class ForeignOptionTests
{
    /// <summary>Link lines of real builds, without their inputs.</summary>
    [Theory]
    [InlineData("--as-needed --no-undefined $b.o")]
    [InlineData("--as-needed --no-undefined -( $b.o -)")]
    [InlineData("--hash-style=gnu --hash-style both --eh-frame-hdr -z relro -z now -znoexecstack --sysroot=/x -rpath-link /x -rpath-link=/y $b.o")]
    [InlineData("-plugin /x/liblto_plugin.so -plugin-opt=/x/lto-wrapper -plugin-opt=-pass-through=-lgcc --sort-common --sort-section=alignment $b.o")]
    [InlineData("--warn-common --no-warn-mismatch --warn-section-align --no-threads --enable-new-dtags --dynamic-linker /x $b.o")]
    [InlineData("-O1 -Os -Og -O2 --gdb-index --version-script=/x -soname x.so -Bsymbolic-functions -nostdlib -x -X $b.o")]
    public void Other_linkers_options_change_nothing(string line)
    {
        using TempDirectory directory = TestObjects.Write();
        // These have an effect, in wasm-ld as well.
        string[] compared = line.Contains("-soname", StringComparison.Ordinal) ? ["-soname", "x.so", "-O2"] : [];
        byte[] expected = Link(directory, ["$a.o", "$b.o", "-o", "$out", .. compared]);
        Assert.Equal(expected, Link(directory, ["$a.o", .. line.Split(' '), "-o", "$out"]));
    }

    public static TheoryData<string> Rows() => [.. OptionTable.Rows.Where(option => option is { IsExtra: true, Status: OptionStatus.Ignored }).Select(option => option.Name)];

    [Theory, MemberData(nameof(Rows))]
    public void Each_is_silent_and_noted_when_asked(string name)
    {
        Option option = OptionTable.Rows.Single(row => row.Name == name);
        using TempDirectory directory = TestObjects.Write();
        foreach (OptionSpelling spelling in option.Spellings.Concat(option.Aliases))
        {
            string[] arguments = spelling.Shape switch
            {
                OptionShape.Flag => [spelling.ToString()],
                OptionShape.Joined => [spelling + "value"],
                _ => [spelling.ToString(), "value"],
            };
            Link(directory, ["$a.o", "$b.o", "-o", "$out", .. arguments]);
            LinkerRun run = LinkerRun.Weld([directory["a.o"], directory["b.o"], "-o", directory["out"], "--verbose", .. arguments]);
            Assert.Equal((0, ""), (run.ExitCode, run.Output));
            Assert.Contains($"weld: {string.Join(' ', arguments)} has no effect here", run.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Exported_dynamic_symbols_are_exported_if_defined()
    {
        using TempDirectory directory = TestObjects.Write();
        byte[] expected = Link(directory, ["$a.o", "$b.o", "-o", "$out", "--export-if-defined=f", "--export-if-defined=nothing"]);
        Assert.Equal(expected, Link(directory, ["$a.o", "$b.o", "-o", "$out", "--export-dynamic-symbol=f", "--export-dynamic-symbol", "nothing"]));
    }

    [Fact]
    public void What_would_have_an_effect_is_still_refused()
    {
        using TempDirectory directory = TestObjects.Write();
        LinkerRun run = LinkerRun.Weld([directory["a.o"], directory["b.o"], "-o", directory["out"], "-T", "script", "--defsym=a=b", "-z", "what"]);
        Assert.Equal(1, run.ExitCode);
        Assert.Equal(["error: cannot open script: No such file or directory", "error: unknown argument: --defsym=a=b", "error: unknown argument: -T", "warning: unknown -z value: what"],
            run.Messages.Order());
    }

    private static byte[] Link(TempDirectory directory, string[] arguments)
    {
        LinkerRun run = LinkerRun.Weld(TestObjects.Arguments(directory, string.Join(' ', arguments)));
        Assert.Equal((0, "", ""), (run.ExitCode, run.Output, run.Error));
        return File.ReadAllBytes(directory["out"]);
    }
}
