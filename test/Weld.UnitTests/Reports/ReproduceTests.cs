using Weld.UnitTests.Options;
using Xunit;

namespace Weld.UnitTests.Reports;

/// <summary>An archive of --reproduce is unpacked with tar, and must link there to the same bytes, with weld and with wasm-ld.</summary>
public sealed class ReproduceTests
{
    [Theory]
    [InlineData("$a.o $libh.a")]
    [InlineData("$a.o -L$ -lh")]
    [InlineData("-L $ -l h $a.o --Map=$map.txt --why-extract=$why.txt --keep-section=na\"me\\x")]
    [InlineData("$a.o --start-lib $h.o $d.o $v.o --end-lib --export=extra -z stack-size=131072")]
    [InlineData("$a.o $h.o --allow-undefined-file=$list")]
    [InlineData("$a.o @$response")]
    [InlineData("$a.o $thin.a")]
    [InlineData("$a.o $a-directory-with-a-very-long-name-that-does-not-fit-into-the-name-field-of-a-tar-header-which-has-only-100-bytes/and-one-more/libh.a")]
    [InlineData("$a.o $a-name-without-a-slash-that-does-not-fit-into-the-name-field-of-a-tar-header-which-has-only-one-hundred-bytes-.a")]
    public void What_is_unpacked_links_to_the_same_module(string line)
    {
        using TempDirectory directory = Prepare();
        LinkerRun run = ReportRun.Weld(directory, $"{line} -o $out --reproduce=$repro.tar");
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        byte[] expected = File.ReadAllBytes(directory["out"]);
        // Nothing outside of the archive may be needed.
        foreach (string path in Directory.EnumerateFiles(directory.Path).Where(path => !path.EndsWith("repro.tar", StringComparison.Ordinal)))
            File.Delete(path);
        ExternalTool.Run(directory.Path, "tar", "xf", "repro.tar");
        Assert.Contains("LLD", File.ReadAllText(directory["repro/version.txt"]), StringComparison.Ordinal);
        ExternalTool.Run(directory["repro"], "wasm-ld-22", "@response.txt");
        Assert.Equal(expected, File.ReadAllBytes(directory["repro/out"]));
        File.Delete(directory["repro/out"]);
        Assert.Equal("", ExternalTool.Run(directory["repro"], ReportRun.WeldProgram, "@response.txt"));
        Assert.Equal(expected, File.ReadAllBytes(directory["repro/out"]));
    }

    [Fact]
    public void Equal_links_give_equal_archives()
    {
        using TempDirectory directory = Prepare();
        ReportRun.Weld(directory, "$a.o $libh.a -o $out --reproduce $repro.tar");
        byte[] first = File.ReadAllBytes(directory["repro.tar"]);
        ReportRun.Weld(directory, "$a.o $libh.a -o $out --reproduce $repro.tar");
        Assert.Equal(first, File.ReadAllBytes(directory["repro.tar"]));
    }

    [Fact]
    public void A_link_that_fails_can_be_reproduced()
    {
        using TempDirectory directory = Prepare();
        LinkerRun run = ReportRun.Weld(directory, "$a.o $h.o -o $out --reproduce=$repro.tar");
        Assert.Equal(1, run.ExitCode);
        ExternalTool.Run(directory.Path, "tar", "xf", "repro.tar");
        Assert.Contains("undefined symbol: deep", ExternalTool.TryRun(directory["repro"], "wasm-ld-22", "@response.txt").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_environment_can_ask_for_it()
    {
        using TempDirectory directory = Prepare();
        ExternalTool.Run(directory.Path, "env", "LLD_REPRODUCE=repro.tar", ReportRun.WeldProgram, "a.o", "libh.a", "-o", "out");
        Assert.Contains("repro/response.txt", ExternalTool.Run(directory.Path, "tar", "tf", "repro.tar"), StringComparison.Ordinal);
    }

    private static TempDirectory Prepare()
    {
        TempDirectory directory = ReportFixture.Write();
        directory.Write("list", "deep\n"u8);
        directory.Write("response", System.Text.Encoding.UTF8.GetBytes($"{directory["libh.a"]} --export=\"extra\""));
        ExternalTool.Run(directory.Path, "llvm-ar-22", "rcT", "thin.a", "h.o", "d.o", "v.o");
        byte[] library = File.ReadAllBytes(directory["libh.a"]);
        directory.Write("a-directory-with-a-very-long-name-that-does-not-fit-into-the-name-field-of-a-tar-header-which-has-only-100-bytes/and-one-more/libh.a", library);
        directory.Write("a-name-without-a-slash-that-does-not-fit-into-the-name-field-of-a-tar-header-which-has-only-one-hundred-bytes-.a", library);
        return directory;
    }
}
