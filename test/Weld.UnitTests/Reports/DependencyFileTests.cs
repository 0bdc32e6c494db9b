using Weld.UnitTests.Options;
using Xunit;

namespace Weld.UnitTests.Reports;

public sealed class DependencyFileTests
{
    /// <summary>The oracle is lld for ELF, because wasm-ld has no such option.</summary>
    [Fact]
    public void The_rule_is_the_one_of_lld()
    {
        using TempDirectory directory = ReportFixture.Write();
        directory.Write("elf/a.s", "call f"u8);
        directory.Write("elf/f.s", ".globl f\nf: ret"u8);
        string[] names = ["a.o", "with space.o", "ha#sh.o", "dol$lar.o"];
        ExternalTool.Run(directory.Path, "clang-22", "--target=x86_64-linux-gnu", "-c", "elf/a.s", "-o", "elf/a.o");
        ExternalTool.Run(directory.Path, "clang-22", "--target=x86_64-linux-gnu", "-c", "elf/f.s", "-o", "elf/f.o");
        foreach (string name in names[1..])
        {
            File.Copy(directory["elf/f.o"], directory["elf/" + name]);
            directory.Write("wasm/" + name, File.ReadAllBytes(directory["d.o"]));
        }
        string[] inputs = [.. names.Select(name => "elf/" + name)];
        ExternalTool.Run(directory.Path, "ld.lld-22", [.. inputs, "--allow-multiple-definition", "-o", "out", "--dependency-file=elf.d", "-e", "f"]);
        string expected = File.ReadAllText(directory["elf.d"]).Replace("elf/", directory.Path + "/wasm/", StringComparison.Ordinal);

        directory.Write("wasm/a.o", File.ReadAllBytes(directory["d.o"]));
        LinkerRun run = LinkerRun.Weld([.. names.Select(name => directory["wasm/" + name]), "--allow-multiple-definition", "--no-entry", "-o", directory["out"], $"--dependency-file={directory["wasm.d"]}"]);
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Equal($"{directory.Path}/{expected}", File.ReadAllText(directory["wasm.d"]));
    }

    /// <summary>lld does not escape it, so that make reads two targets.</summary>
    [Fact]
    public void The_name_of_the_output_is_escaped_too()
    {
        using TempDirectory directory = ReportFixture.Write();
        LinkerRun.Weld(directory["d.o"], "--no-entry", "-o", directory["out put"], $"--dependency-file={directory["deps"]}");
        Assert.StartsWith($"{directory.Path}/out\\ put: ", File.ReadAllText(directory["deps"]), StringComparison.Ordinal);
    }

    [Fact]
    public void Archives_and_symbol_lists_are_dependencies_and_a_failed_link_writes_nothing()
    {
        using TempDirectory directory = ReportFixture.Write();
        directory.Write("list", "nothing\n"u8);
        LinkerRun run = ReportRun.Weld(directory, "$a.o $libh.a --allow-undefined-file=$list -o $out --dependency-file=$deps");
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(["a.o", "libh.a", "list"], File.ReadLines(directory["deps"]).Where(line => line.EndsWith(':')).Select(line => Path.GetFileName(line.TrimEnd(':'))));
        Assert.Equal(1, ReportRun.Weld(directory, "$a.o $no-such-file -o $out --dependency-file=$deps2").ExitCode);
        Assert.False(File.Exists(directory["deps2"]));
    }
}
