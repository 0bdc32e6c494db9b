using Weld.Linker.Options;
using Xunit;

namespace Weld.UnitTests.Options;

/// <summary>Wrong command lines, put to wasm-ld as well: the same messages, and the same exit code.</summary>
public sealed class OptionErrorTests
{
    [Theory]
    [InlineData("")]
    [InlineData("-o $out")]
    [InlineData("$a.o $b.o")]
    [InlineData("$a.o $b.o -o")]
    [InlineData("$a.o $b.o -o $out --export")]
    [InlineData("$a.o $b.o -o $out -entry")]
    [InlineData("$a.o $b.o -o $out --no-such")]
    [InlineData("--no-such --nor-this=1 -w -- --v --s")]
    [InlineData("$a.o $b.o -o $out no-such-file")]
    [InlineData("$a.o $b.o -o $out -")]
    [InlineData("$a.o $b.o -o $out -lno-such")]
    [InlineData("$a.o $b.o -o $no/such/directory/out")]
    [InlineData("$a.o $b.o -o $out --gc-sections=1")]
    [InlineData("$a.o $b.o -o $out -z what -zever")]
    [InlineData("$a.o $b.o -o $out -z stack-size")]
    [InlineData("$a.o $b.o -o $out -z stack-size=x")]
    [InlineData("$a.o $b.o -o $out -z stack-size=0x1000")]
    [InlineData("$a.o $b.o -o $out -z stack-size=0b100000")]
    [InlineData("$a.o $b.o -o $out -z stack-size=0o100")]
    [InlineData("$a.o $b.o -o $out -z stack-size=080")]
    [InlineData("$a.o $b.o -o $out -z stack-size=0x")]
    [InlineData("$a.o $b.o -o $out -z muldefs")]
    [InlineData("$a.o $b.o -o $out -z muldefs-and-more")]
    [InlineData("$a.o $b.o -o $out --fatal-warnings -z what")]
    [InlineData("$a.o $b.o -o $out -z what --fatal-warnings")]
    [InlineData("$a.o $b.o -o $out --fatal-warnings -z what --no-fatal-warnings")]
    [InlineData("$a.o $b.o -o $out --max-memory=1k")]
    [InlineData("$a.o $b.o -o $out --max-memory=0x10000")]
    [InlineData("$a.o $b.o -o $out --max-memory=99999999999999999999")]
    [InlineData("$a.o $b.o -o $out --max-memory=+65536")]
    [InlineData("$a.o $b.o -o $out --max-memory=-65536")]
    [InlineData("$a.o $b.o -o $out --max-memory=x --max-memory=16777216")]
    [InlineData("$a.o $b.o -o $out --initial-memory= --initial-heap=x --global-base=x --table-base=x --error-limit=x")]
    [InlineData("$a.o $b.o -o $out -i")]
    [InlineData("$a.o $b.o -o $out -Onone")]
    [InlineData("$a.o $b.o -o $out -O none")]
    [InlineData("$a.o $b.o -o $out -O=2")]
    [InlineData("$a.o $b.o -o $out --page-size=2")]
    [InlineData("$a.o $b.o -o $out --page-size=x")]
    [InlineData("$a.o $b.o -o $out --max-memory=16777216 --no-growable-memory")]
    [InlineData("$a.o $b.o -o $out -m wasm128")]
    [InlineData("$a.o $b.o -o $out -m wasm128 -mwasm32")]
    [InlineData("$a.o $b.o -o $out --threads=0")]
    [InlineData("$a.o $b.o -o $out -threads=-2")]
    [InlineData("$a.o $b.o -o $out --threads many")]
    [InlineData("$a.o $b.o -o $out --unresolved-symbols=ignore-some")]
    [InlineData("$a.o $b.o -o $out --unresolved-symbols ignore-some --unresolved-symbols=ignore-all")]
    [InlineData("$a.o $b.o -o $out --build-id=md5")]
    [InlineData("$a.o $b.o -o $out --build-id=0xabg")]
    [InlineData("$a.o $b.o -o $out --build-id=md5 --build-id")]
    [InlineData("$a.o $b.o -o $out --color-diagnostics=red")]
    [InlineData("$a.o $b.o -o $out --color-diagnostics=always -z what")]
    [InlineData("$a.o $b.o -o $out --rsp-quoting=dos")]
    [InlineData("$a.o $b.o -o $out --rsp-quoting dos --rsp-quoting=posix")]
    [InlineData("$a.o $b.o -o $out --import-table --export-table")]
    [InlineData("$a.o $b.o -o $out -Bsymbolic")]
    [InlineData("$a.o $b.o -o $out --lto-O4")]
    [InlineData("$a.o $b.o -o $out --lto-Ox")]
    [InlineData("$a.o $b.o -o $out --lto-CGO4")]
    [InlineData("$a.o $b.o -o $out --lto-partitions=0 --thinlto-jobs=x")]
    [InlineData("$a.o $b.o -o $out --thinlto-jobs=all --lto-O3 --lto-CGO0 --lto-partitions=4")]
    [InlineData("$a.o $b.o -o $out --start-lib --start-lib")]
    [InlineData("$a.o $b.o -o $out --end-lib")]
    [InlineData("$a.o $b.o -o $out --allow-undefined-file=$no-such")]
    [InlineData("$a.o $b.o -o $out --allow-undefined-file=$no-such -allow-undefined-file $a.o")]
    [InlineData("@no-such-response-file -o $out")]
    [InlineData("--error-limit=2 p q r s -o $out")]
    [InlineData("--error-limit=0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 -o $out")]
    [InlineData("1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 -o $out")]
    [InlineData("$a.o $b.o -o $out --error-limit=-1")]
    [InlineData("--version --no-such")]
    [InlineData("--help --no-such")]
    [InlineData("-v no-such-file")]
    [InlineData("--version no-such-file")]
    [InlineData("-v")]
    [InlineData("-v -z what")]
    [InlineData("-V --page-size=3")]
    public void Messages_and_exit_code_are_those_of_wasm_ld(string line)
    {
        using TempDirectory directory = TestObjects.Write();
        string[] arguments = TestObjects.Arguments(directory, line);
        LinkerRun expected = LinkerRun.WasmLd(directory, arguments);
        File.Delete(directory["out"]);
        LinkerRun actual = LinkerRun.Weld(arguments);
        Assert.Equal(expected.Messages, actual.Messages);
        Assert.Equal(expected.ExitCode, actual.ExitCode);
        Assert.Equal(expected.ExitCode == 0 && line.Contains("-o", StringComparison.Ordinal), File.Exists(directory["out"]));
    }

    /// <summary>weld does not link these yet, but says the same about combinations that make no sense.</summary>
    [Theory]
    [InlineData("$a.o $b.o -o $out -shared -pie")]
    [InlineData("$a.o $b.o -o $out -shared --global-base=1024")]
    [InlineData("$a.o $b.o -o $out -pie --table-base=3")]
    [InlineData("$a.o $b.o -o $out -r --gc-sections --entry=f")]
    [InlineData("$a.o $b.o -o $out -r -u f --global-base=5 --shared-memory -pie")]
    [InlineData("$a.o $b.o -o $out --compress-relocations")]
    [InlineData("$a.o $b.o -o $out -r --compress-relocations -s")]
    public void Combinations_are_refused_as_by_wasm_ld(string line)
    {
        using TempDirectory directory = TestObjects.Write();
        string[] arguments = TestObjects.Arguments(directory, line);
        LinkerRun expected = LinkerRun.WasmLd(directory, arguments);
        Assert.Equal(1, expected.ExitCode);
        var diagnostics = new Base.Diagnostics.DiagnosticBag();
        OptionChecks.Run(CommandLine.Parse(arguments, diagnostics).Options, diagnostics);
        Assert.Equal(expected.Messages, diagnostics.Diagnostics.Select(d => $"{d.Severity.ToString().ToLowerInvariant()}: {d}").Order());
    }

    [Theory]
    [InlineData("-shared --export-table")]
    [InlineData("-r --export-table --growable-table")]
    [InlineData("-shared --export-memory")]
    public void Contradicting_options_are_refused_as_by_wasm_ld(string line)
    {
        using TempDirectory directory = TestObjects.Write();
        string[] arguments = TestObjects.Arguments(directory, "$a.o $b.o -o $out " + line);
        LinkerRun expected = LinkerRun.WasmLd(directory, arguments);
        Assert.Equal(1, expected.ExitCode);
        var diagnostics = new Base.Diagnostics.DiagnosticBag();
        CommandLine.Parse(arguments, diagnostics);
        Assert.Equal(expected.Messages, diagnostics.Diagnostics.Select(d => $"{d.Severity.ToString().ToLowerInvariant()}: {d}").Order());
    }

    public static TheoryData<string> NotImplemented =>
        [.. OptionTable.Rows.Where(option => option.Status == OptionStatus.NotYet).Select(option => option.Name)];

    [Theory, MemberData(nameof(NotImplemented))]
    public void An_option_that_is_not_implemented_is_named_and_nothing_is_written(string name)
    {
        using TempDirectory directory = TestObjects.Write();
        Option option = OptionTable.Rows.Single(row => row.Name == name);
        string argument = option.Spellings[0] + (option.Spellings[0].Shape == OptionShape.Joined ? "f" : "");
        LinkerRun run = LinkerRun.Weld(TestObjects.Arguments(directory, $"$a.o $b.o -o $out {argument} {argument}"));
        Assert.Equal(1, run.ExitCode);
        Assert.Single(run.Messages, $"error: {name} is not implemented yet");
        Assert.False(File.Exists(directory["out"]));
    }

    /// <summary>Options that are accepted must link: the same bytes as wasm-ld with and without them.</summary>
    [Theory]
    [InlineData("-pie --no-pie")]
    [InlineData("--save-temps --lto-O2 --lto-CGO2 --lto-partitions=3 --lto-debug-pass-manager --disable-verify")]
    [InlineData("--thinlto-cache-dir=d --thinlto-cache-policy=prune_after=3s --thinlto-jobs=2")]
    [InlineData("--rpath=d -rpath d --experimental-pic --no-shlib-sigcheck -Bdynamic -call_shared")]
    [InlineData("--no-color-diagnostics --color-diagnostics --color-diagnostics=auto")]
    [InlineData("--threads=1 -m wasm32 --demangle --no-demangle --no-fatal-warnings")]
    [InlineData("-O0 -O 2 -O1")]
    [InlineData("--unresolved-symbols=report-all --error-unresolved-symbols --warn-unresolved-symbols")]
    public void Accepted_options_link_to_the_same_module(string line)
    {
        using TempDirectory directory = TestObjects.Write();
        string[] arguments = TestObjects.Arguments(directory, "$a.o $b.o -o $out " + line);
        LinkerRun expected = LinkerRun.WasmLd(directory, arguments);
        Assert.Equal((0, "", ""), (expected.ExitCode, expected.Output, expected.Error));
        byte[] bytes = File.ReadAllBytes(directory["out"]);
        File.Delete(directory["out"]);
        LinkerRun actual = LinkerRun.Weld(arguments);
        Assert.Equal((0, "", ""), (actual.ExitCode, actual.Output, actual.Error));
        Assert.Equal(bytes, File.ReadAllBytes(directory["out"]));
    }
}
