using System.Runtime.InteropServices;
using Weld.Linker.Inputs;
using Weld.UnitTests.Options;
using Weld.UnitTests.Reports;
using Xunit;

namespace Weld.UnitTests.Inputs;

/// <summary>Bitcode among the inputs is compiled by a real LLVM, and what comes out runs as what wasm-ld makes of it.</summary>
public sealed class BitcodeTests
{
    private const string Libraries = "/usr/lib/wasm32-wasi";
    private const string NoDriver = "LLVM bitcode, and there is no LLVM here to compile it";

    private static readonly Lazy<Dictionary<string, byte[]>> Compiled = new(Compile);

    [Theory]
    [InlineData("$main.bc $list.bc")]
    [InlineData("$main.bc $thin.bc")]
    [InlineData("$main.bc $list.o")]
    [InlineData("$main.o $list.bc")]
    [InlineData("$main.bc $bitcode.a")]
    [InlineData("$main.o $mixed.a")]
    [InlineData("$main.bc --whole-archive $bitcode.a")]
    [InlineData("$main.bc --start-lib $list.bc --end-lib")]
    [InlineData("$wrapped.bc $list.bc")]
    [InlineData("--lto-O0 $main.bc $list.bc")]
    [InlineData("--lto-O3 --lto-CGO3 -O2 $main.bc $list.bc")]
    [InlineData("-mllvm --disable-lsr $main.bc $bitcode.a")]
    public void Runs_as_what_wasm_ld_makes(string line)
    {
        using TempDirectory directory = Write();
        string[] arguments = TestObjects.Arguments(directory, $"{Libraries}/crt1-command.o {line} {Libraries}/libc.a -o $out.wasm");
        ExternalTool.Run(directory.Path, "wasm-ld-22", arguments);
        string expected = ExternalTool.Run(directory.Path, "node", "--no-warnings", "run.mjs", "out.wasm");
        Assert.Equal("sum 60\n", expected);
        foreach (string driver in (string[])["clang-22", "llc-22"])
        {
            File.Delete(directory["out.wasm"]);
            LinkerRun run = LinkerRun.Weld([$"--lto-driver={driver}", .. arguments]);
            Assert.Equal((0, ""), (run.ExitCode, run.Error));
            Assert.Equal(expected, ExternalTool.Run(directory.Path, "node", "--no-warnings", "run.mjs", "out.wasm"));
        }
    }

    [Fact]
    public void A_member_that_nothing_needs_is_not_linked()
    {
        using TempDirectory directory = Write();
        string said = Weld(directory, "--no-entry", "--import-undefined", "-t", "main.bc", "bitcode.a", "-o", "out.wasm").Output;
        Assert.Equal("main.bc\nbitcode.a(list.bc)\n", said);
    }

    [Theory]
    [InlineData("mvp")]
    [InlineData("generic")]
    [InlineData("bleeding-edge")]
    public void Features_are_those_the_bitcode_was_made_for(string cpu)
    {
        using TempDirectory directory = Write();
        directory.Write("f.c", "int f(int *a, int *b, int n) { __builtin_memcpy(a, b, n); return (int)*(float *)a; }"u8);
        ExternalTool.Run(directory.Path, "clang-22", "--target=wasm32", "-mcpu=" + cpu, "-c", "f.c", "-o", "f.o");
        ExternalTool.Run(directory.Path, "clang-22", "--target=wasm32", "-mcpu=" + cpu, "-flto", "-c", "f.c", "-o", "f.bc");
        string expected = Features(directory, "f.o");
        Assert.Equal(cpu != "mvp", expected.Contains("bulk-memory", StringComparison.Ordinal));
        Assert.Equal(expected, Features(directory, "f.bc", "--lto-driver=clang-22"));
        Assert.Equal(expected, Features(directory, "f.bc", "--lto-driver=llc-22"));
    }

    [Theory]
    [InlineData("clang-22")]
    [InlineData("llc-22")]
    public void Thread_local_data_alone_stays_thread_local(string driver)
    {
        using TempDirectory directory = Write();
        directory.Write("t.c", "_Thread_local int t = 7;"u8);
        ExternalTool.Run(directory.Path, "clang-22", "--target=wasm32", "-pthread", "-matomics", "-mbulk-memory", "-flto", "-c", "t.c", "-o", "t.bc");
        Weld(directory, "--no-entry", "--shared-memory", "--max-memory=131072", "--export=t", "--export=__wasm_init_tls", "t.bc", "-o", "out.wasm",
            "--lto-driver=" + driver);
        Assert.Contains("<__wasm_init_tls>", ExternalTool.Run(directory.Path, "wasm-objdump", "-x", "out.wasm"), StringComparison.Ordinal);
        Assert.Contains("[+] atomics", Features(directory, "out.wasm"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("clang-22")]
    [InlineData("clang-22 -mllvm -wasm-enable-eh -mllvm -exception-model=wasm")]
    [InlineData("llc-22")]
    [InlineData("llc-22 -mllvm -wasm-enable-eh -mllvm -exception-model=wasm")]
    public void Handlers_of_exceptions_are_compiled(string driver)
    {
        using TempDirectory directory = Write();
        directory.Write("e.cpp", "void g(); int f() { try { g(); } catch (int i) { return i; } return 0; }"u8);
        ExternalTool.Run(directory.Path, "clang++-22", "--target=wasm32", "-fwasm-exceptions", "-flto", "-c", "e.cpp", "-o", "e.bc");
        Weld(directory, [.. $"-r e.bc -o out.o --lto-driver={driver}".Split(' ')]);
        Assert.Contains("U __cpp_exception", ExternalTool.Run(directory.Path, "llvm-nm-22", "out.o"), StringComparison.Ordinal);
    }

    [Fact]
    public void Position_independent_output_gets_position_independent_code()
    {
        using TempDirectory directory = Write();
        directory.Write("p.c", "extern int v; int f(void) { return v; }"u8);
        ExternalTool.Run(directory.Path, "clang-22", "--target=wasm32", "-fPIC", "-flto", "-c", "p.c", "-o", "p.bc");
        foreach (string driver in (string[])["clang-22", "llc-22"])
        {
            Weld(directory, "-shared", "--experimental-pic", "--unresolved-symbols=import-dynamic", "--export=f", "p.bc", "-o", "out.wasm", "--lto-driver=" + driver);
            Assert.Contains("GOT.mem.v", ExternalTool.Run(directory.Path, "wasm-objdump", "-x", "out.wasm"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Objects_are_kept_on_request_and_nothing_else_is()
    {
        using TempDirectory directory = Write();
        Directory.CreateDirectory(directory["tmp"]);
        string[] link = ["--no-entry", "--import-undefined", "main.bc", "bitcode.a", "-o", "out.wasm"];
        Weld(directory, link);
        byte[] plain = File.ReadAllBytes(directory["out.wasm"]);
        string[] before = [.. Directory.GetFiles(directory.Path).Order()];
        Weld(directory, [.. link, "--save-temps", "--lto-obj-path=kept.o"]);
        string[] kept = [.. Directory.GetFiles(directory.Path).Except(before).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];
        Assert.Equal(["kept.o", "kept.o1", "kept.o2", "out.wasm.lto.bitcode.list.o", "out.wasm.lto.bitcode.other.o", "out.wasm.lto.main.o"], kept);
        Assert.Equal(File.ReadAllBytes(directory["kept.o"]), File.ReadAllBytes(directory["out.wasm.lto.main.o"]));
        Assert.Equal(plain, File.ReadAllBytes(directory["out.wasm"]));
        Assert.Equal(1, TryWeld(directory, ["--lto-driver=false", .. link]).ExitCode);
        Assert.Empty(Directory.GetFileSystemEntries(directory["tmp"]));
    }

    [Fact]
    public void Without_llvm_the_message_says_what_to_do()
    {
        using TempDirectory directory = Write();
        ExternalTool.Result run = TryWeld(directory, ["main.bc", "bitcode.a", "-o", "out.wasm"], "PATH=/nowhere");
        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith($"weld: error: main.bc: {NoDriver} [WELD0205]\n", run.Error, StringComparison.Ordinal);
        Assert.Contains($"weld: error: bitcode.a(list.bc): {NoDriver} [WELD0205]\n", run.Error, StringComparison.Ordinal);
        Assert.Contains("--lto-driver=PROGRAM or WELD_LTO_DRIVER", run.Error, StringComparison.Ordinal);
        Assert.Contains("compile without -flto", run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(directory["out.wasm"]));
    }

    [Fact]
    public void The_environment_can_name_the_driver_and_the_option_wins()
    {
        using TempDirectory directory = Write();
        string[] link = ["--no-entry", "--import-undefined", "main.bc", "-o", "out.wasm"];
        Assert.Contains("cannot run the LTO driver no-such-driver: no such program [WELD0213]",
            TryWeld(directory, link, "WELD_LTO_DRIVER=no-such-driver").Error, StringComparison.Ordinal);
        ExternalTool.Result run = TryWeld(directory, [.. link, "--lto-driver=llc-22"], "WELD_LTO_DRIVER=no-such-driver");
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
    }

    [Fact]
    public void A_driver_that_cannot_run_is_named_once()
    {
        using TempDirectory directory = Write();
        ExternalTool.Result run = TryWeld(directory, ["main.bc", "list.bc", "other.bc", "-o", "out.wasm", "--lto-driver=./run.mjs"]);
        Assert.Equal(1, run.ExitCode);
        Assert.Matches(@"^weld: error: cannot run the LTO driver \S*/run\.mjs: .*\[WELD0213\]\n>>> .*\n$", run.Error);
    }

    [Fact]
    public void What_the_driver_says_is_shown_with_the_file()
    {
        using TempDirectory directory = Write();
        byte[] damaged = Compiled.Value["list.bc"];
        directory.Write("list.bc", damaged.AsSpan(0, damaged.Length / 2));
        foreach (string driver in (string[])["clang-22", "llc-22"])
        {
            ExternalTool.Result run = TryWeld(directory, ["main.bc", "list.bc", "-o", "out.wasm", "--lto-driver=" + driver]);
            Assert.Equal(1, run.ExitCode);
            Assert.Matches($@"^weld: error: list\.bc: LLVM bitcode could not be compiled: \S*/{driver} failed with exit code 1 \[WELD0214\]\n>>> .*error: ", run.Error);
            Assert.DoesNotContain(directory["tmp"], run.Error, StringComparison.Ordinal);
        }
        ExternalTool.Result nothing = TryWeld(directory, ["main.bc", "-o", "out.wasm", "--lto-driver=true"]);
        Assert.Matches(@"^weld: error: main\.bc: LLVM bitcode could not be compiled: \S*/true made no wasm object \[WELD0214\]\n$", nothing.Error);
        Assert.Empty(Directory.GetFileSystemEntries(directory["tmp"]));
    }

    [Fact]
    public void Bitcode_for_another_machine_is_refused_as_wasm_ld_does()
    {
        using TempDirectory directory = Write();
        ExternalTool.Run(directory.Path, "clang-22", "--target=x86_64-linux-gnu", "-flto", "-c", "other.c", "-o", "x86.bc");
        const string Message = "x86.bc: machine type must be wasm32 or wasm64";
        Assert.Contains(Message, ExternalTool.TryRun(directory.Path, "wasm-ld-22", "x86.bc", "-o", "out.wasm").Error, StringComparison.Ordinal);
        ExternalTool.Result run = TryWeld(directory, ["x86.bc", "-o", "out.wasm"]);
        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith($"weld: error: {Message} [WELD0205]\n>>> this is LLVM bitcode for x86_64", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("main.bc", "wasm32-unknown-wasi")]
    [InlineData("wrapped.bc", "wasm32-unknown-wasi")]
    [InlineData("thin.bc", "wasm32-unknown-wasi")]
    public void The_triple_is_found(string name, string expected) => Assert.StartsWith(expected, BitcodeTriple.Find(Compiled.Value[name]), StringComparison.Ordinal);

    [Fact]
    public void Damaged_bitcode_has_no_triple_or_a_wrong_one_but_is_read_to_its_end()
    {
        byte[] bytes = Compiled.Value["main.bc"];
        for (int length = 0; length < 64; length++)
            Assert.Null(BitcodeTriple.Find(bytes.AsSpan(0, length)));
        var random = new Random(1);
        for (int i = 0; i < 2000; i++)
        {
            byte[] damaged = [.. bytes];
            for (int changes = 0; changes < 4; changes++)
                damaged[random.Next(8, Math.Min(damaged.Length, 512))] = (byte)random.Next(256);
            Assert.True(BitcodeTriple.Find(damaged) is not { Length: > 256 });
        }
    }

    private static string Features(TempDirectory directory, string input, params string[] options)
    {
        string module = input;
        if (options.Length != 0)
            Weld(directory, [.. options, "--no-entry", "--export=f", "--import-undefined", input, "-o", module = "features.wasm"]);
        ExternalTool.Result run = ExternalTool.TryRun(directory.Path, "wasm-objdump", "-x", "-j", "target_features", module);
        return string.Join(' ', run.Output.Split('\n').Where(line => line.Contains("[+]", StringComparison.Ordinal)));
    }

    private static ExternalTool.Result Weld(TempDirectory directory, params string[] arguments)
    {
        ExternalTool.Result run = TryWeld(directory, arguments);
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        return run;
    }

    private static ExternalTool.Result TryWeld(TempDirectory directory, string[] arguments, params string[] variables)
    {
        // Where PATH is empty, the runtime must be found without it.
        string runtime = Path.GetFullPath(Path.Join(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        return ExternalTool.TryRun(directory.Path, "env", [$"TMPDIR={directory["tmp"]}", $"DOTNET_ROOT={runtime}", .. variables, ReportRun.WeldProgram, .. arguments]);
    }

    private static TempDirectory Write()
    {
        var directory = new TempDirectory();
        Directory.CreateDirectory(directory["tmp"]);
        foreach ((string name, byte[] bytes) in Compiled.Value)
            directory.Write(name, bytes);
        return directory;
    }

    private static Dictionary<string, byte[]> Compile()
    {
        using var directory = new TempDirectory();
        directory.Write("main.c", """
            #include <stdio.h>
            struct node { int value; struct node *next; };
            struct node *push(struct node *, int);
            int sum(const struct node *);
            int main(void) { printf("sum %d\n", sum(push(push(push(0, 10), 20), 30))); return 0; }
            """u8);
        directory.Write("list.c", """
            #include <stdlib.h>
            struct node { int value; struct node *next; };
            struct node *push(struct node *next, int value) { struct node *n = malloc(sizeof *n); n->value = value; n->next = next; return n; }
            int sum(const struct node *n) { return n ? n->value + sum(n->next) : 0; }
            """u8);
        directory.Write("other.c", "int unneeded(void) { return 1; }"u8);
        directory.Write("run.mjs", """
            import { WASI } from 'node:wasi';
            import { readFileSync } from 'node:fs';
            const wasi = new WASI({ version: 'preview1', returnOnExit: true });
            const { instance } = await WebAssembly.instantiate(readFileSync(process.argv[2]), wasi.getImportObject());
            process.exitCode = wasi.start(instance);
            """u8);
        string[] compiler = ["--target=wasm32-wasi", "-Wno-deprecated", "-O1", "-c"];
        foreach (string name in (string[])["main", "list", "other"])
        {
            ExternalTool.Run(directory.Path, "clang-22", [.. compiler, name + ".c"]);
            ExternalTool.Run(directory.Path, "clang-22", [.. compiler, "-flto", name + ".c", "-o", name + ".bc"]);
        }
        ExternalTool.Run(directory.Path, "clang-22", [.. compiler, "-flto=thin", "list.c", "-o", "thin.bc"]);
        ExternalTool.Run(directory.Path, "llvm-ar-22", "rcs", "bitcode.a", "other.bc", "list.bc");
        ExternalTool.Run(directory.Path, "llvm-ar-22", "rcs", "mixed.a", "other.o", "list.bc");
        byte[] main = File.ReadAllBytes(directory["main.bc"]);
        byte[] wrapper = new byte[20];
        BitConverter.TryWriteBytes(wrapper.AsSpan(0), 0x0B17C0DEu);
        BitConverter.TryWriteBytes(wrapper.AsSpan(8), wrapper.Length);
        BitConverter.TryWriteBytes(wrapper.AsSpan(12), main.Length);
        directory.Write("wrapped.bc", [.. wrapper, .. main]);
        return Directory.GetFiles(directory.Path).ToDictionary(path => Path.GetFileName(path), File.ReadAllBytes);
    }
}
