using System.Formats.Tar;
using Weld.TestSupport;
using Weld.Wasm.Text;
using Xunit;

namespace Weld.Cli.Tests;

/// <summary><c>weld build</c>: what it compiles and links, where its options stand, and what it says.</summary>
public sealed class BuildCommandTests : IDisposable
{
    private const string One = """
        fn @one() -> i32 {
          ret 1
        }

        export @one as "one"

        """;

    private const string CallsTwo = """
        extern fn @two() -> i32

        fn @three() -> i32 {
          %x = call @two()
          %r = add i32 %x, 1
          ret %r
        }

        export @three as "three"

        """;

    private const string Two = """
        strong fn @two() -> i32 {
          ret 2
        }

        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Files_are_compiled_and_linked_in_the_order_of_the_command_line()
    {
        Build(Write("three.air", CallsTwo), Write("one.air", One), Write("two.air", Two));
        Assert.Equal(["three", "one"], Exports("out.wasm"));
        Assert.Equal(["3", "1"], Call("out.wasm", "three()", "one()"));
        Build(Write("one.air", One), Write("three.air", CallsTwo), Write("two.air", Two));
        Assert.Equal(["one", "three"], Exports("out.wasm"));
    }

    [Fact]
    public void Options_of_the_linker_stand_anywhere()
    {
        string one = Write("one.air", One);
        CliRun.Run("build", "--no-entry", "-z", "stack-size=1024", one, "--export-memory=m", "-o", _folder["a.wasm"], "--strip-all").RequireSuccess();
        CliRun.Run("build", one, $"-o{_folder["b.wasm"]}", "--export-memory=m", "-s", "-zstack-size=1024", "--no-entry").RequireSuccess();
        Assert.Equal(["m", "one"], Exports("a.wasm"));
        Assert.Equal(File.ReadAllBytes(_folder["a.wasm"]), File.ReadAllBytes(_folder["b.wasm"]));
    }

    [Fact]
    public void Objects_and_archives_are_linked_with_it()
    {
        string two = _folder["two.o"];
        CliRun.Run("build", "-c", Write("two.air", Two), "-o", two).RequireSuccess();
        ProcessRunner.Run(Tools.LlvmAr, ["rcs", _folder["libtwo.a"], two]).RequireSuccess();
        string three = Write("three.air", CallsTwo);
        Build(three, two);
        Assert.Equal(["3"], Call("out.wasm", "three()"));
        Build(three, _folder["libtwo.a"]);
        Assert.Equal(["3"], Call("out.wasm", "three()"));
        Build("-L", _folder.Root, three, "-ltwo");
        Assert.Equal(["3"], Call("out.wasm", "three()"));
    }

    [Fact]
    public void A_response_file_names_files_too()
    {
        string response = _folder.Write("all.rsp", $"{Write("three.air", CallsTwo)} --no-entry\n{Write("two.air", Two)} -o {_folder["out.wasm"]}\n");
        CliRun.Run("build", $"@{response}").RequireSuccess();
        Assert.Equal(["3"], Call("out.wasm", "three()"));
    }

    [Fact]
    public void The_standard_input_is_a_file_of_AIR()
    {
        CliRun.RunWith(CallsTwo, "build", "--no-entry", Write("two.air", Two), "-", "-o", _folder["out.wasm"]).RequireSuccess();
        Assert.Equal(["3"], Call("out.wasm", "three()"));
        Assert.StartsWith("<stdin>:1:1: error: ", CliRun.RunWith("what", "build", "-", "-o", _folder["bad.wasm"]).RequireFailure(), StringComparison.Ordinal);
    }

    [Fact]
    public void All_mistakes_of_all_files_come_in_one_run_and_the_output_stays_as_it_was()
    {
        string output = _folder.Write("out.wasm", "old");
        string a = Write("a.air", "fn @a() -> i32 {\n  %x = frob i32 1\n  ret true\n}\n");
        string b = Write("b.air", "fn @b() -> i32 {\n  %x = add i32 1, 2\n  ret\n}\n");
        string missing = _folder["missing.air"];
        string error = CliRun.Run("build", a, missing, Write("one.air", One), b, "-o", output).RequireFailure();
        string[] firstLines = [.. error.Split('\n').Where(static line => line.Contains(" error: ", StringComparison.Ordinal))];
        Assert.Collection(
            firstLines,
            line => Assert.StartsWith($"{a}:2:8: error: ", line, StringComparison.Ordinal),
            line => Assert.StartsWith($"{a}:3:7: error: ", line, StringComparison.Ordinal),
            line => Assert.Equal($"weld: error: cannot open {missing}: No such file or directory [WELD0201]", line),
            line => Assert.StartsWith($"{b}:3:6: error: ", line, StringComparison.Ordinal));
        Assert.Contains("\n      %x = frob i32 1\n           ^\n", error, StringComparison.Ordinal);
        Assert.Equal("old", File.ReadAllText(output));
    }

    [Fact]
    public void What_code_generation_cannot_do_is_located()
    {
        string wide = Write("wide.air", "strong fn @wide(%x: @Vector(4, f32)) -> @Vector(4, f32) {\n  %r = sqrt @Vector(4, f32) %x\n  ret %r\n}\n");
        Assert.Equal(
            $"{wide}:2:3: error: cannot compile sqrt of @Vector(4, f32): not supported yet [WELD0801]\n      %r = sqrt @Vector(4, f32) %x\n      ^\n",
            CliRun.Run("build", "-c", wide, "-o", _folder["wide.o"]).RequireFailure());
        Assert.False(File.Exists(_folder["wide.o"]));
    }

    [Fact]
    public void What_is_too_large_is_located()
    {
        string frame = Write("frame.air", "strong fn @f() {\n  %a = alloc [400000000]u8\n  %b = alloc [400000000]u8\n  %c = alloc [400000000]u8\n  store %a, undefined\n  memcpy %b, %a\n  memcpy %c, %a\n  ret\n}\n");
        Assert.StartsWith($"{frame}:4:3: error: no room: the function's frame would have more than 512 MiB [WELD0803]\n", CliRun.Run("build", "-c", frame, "-o", _folder["x.o"]).RequireFailure(), StringComparison.Ordinal);
        string data = Write("data.air", "var @a: [400000000]u8 = {0...}\n\nvar @b: [400000000]u8 = {0...}\n");
        Assert.StartsWith($"{data}:3:5: error: with this variable, the module has more than 512 MiB of data [WELD1108]\n", CliRun.Run("build", "-c", data, "-o", _folder["x.o"]).RequireFailure(), StringComparison.Ordinal);
    }

    [Fact]
    public void Messages_of_the_linker_name_the_files()
    {
        string a = Write("a.air", Two);
        string b = Write("b.air", Two);
        Assert.Equal(
            $"weld: error: duplicate symbol: two [WELD0301]\n>>> defined in {a}\n>>> defined in {b}\n",
            CliRun.Run("build", "--no-entry", a, b, "-o", _folder["out.wasm"]).RequireFailure());
        string three = Write("three.air", CallsTwo);
        Assert.StartsWith($"weld: error: {three}: undefined symbol: two [", CliRun.Run("build", "--no-entry", three, "-o", _folder["out.wasm"]).RequireFailure(), StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["out.wasm"]));
    }

    [Fact]
    public void A_missing_routine_is_explained_by_the_operation_that_needs_it()
    {
        string sine = Write("sine.air", "fn @s(%x: f64) -> f64 {\n  %r = sin f64 %x\n  ret %r\n}\n\nexport @s as \"s\"\n");
        string error = CliRun.Run("build", "--no-entry", sine, "-o", _folder["out.wasm"]).RequireFailure();
        Assert.StartsWith($"weld: error: {sine}: undefined symbol: sin [WELD0317]\n", error, StringComparison.Ordinal);
        Assert.Contains("\n>>> f64 sine calls it: add libm.a or libc.a to the link\n", error, StringComparison.Ordinal);
        Build(sine, Wasi.Libraries[^2], "-lc");
        Assert.Equal(["0"], Call("out.wasm", "s(0)"));
    }

    public static TheoryData<string, byte[], string> NoSources => new()
    {
        { "binary.air", [0x80, 0xff, 0x00], "{0}: not a text in UTF-8, so it is not AIR [WELD1201]\n" },
        { "elf.air", [0x7f, (byte)'E', (byte)'L', (byte)'F', 0xff], "{0}: not a text in UTF-8, so it is not AIR [WELD1201]\n>>> it looks like an ELF file, made for another target\n" },
        { "module.air", [0, (byte)'a', (byte)'s', (byte)'m', 1, 0, 0, 0, 0xff], "{0}: not a text in UTF-8, so it is not AIR [WELD1201]\n>>> it looks like a wasm module\n" },
    };

    [Theory]
    [MemberData(nameof(NoSources))]
    public void What_is_no_text_is_refused(string name, byte[] bytes, string message)
    {
        File.WriteAllBytes(_folder[name], bytes);
        Assert.Equal($"weld: error: {string.Format(null, message, _folder[name])}", CliRun.Run("build", _folder[name], "-o", _folder["out.wasm"]).RequireFailure());
    }

    [Fact]
    public void A_folder_is_no_file()
    {
        string folder = Directory.CreateDirectory(_folder["folder.air"]).FullName;
        Assert.Equal($"weld: error: cannot open {folder}: Is a directory [WELD0201]\n", CliRun.Run("build", folder, "-o", _folder["out.wasm"]).RequireFailure());
    }

    [Fact]
    public void An_empty_file_is_an_empty_module()
    {
        Build(Write("empty.air", ""), Write("comment.air", "; nothing\r\n"), Write("one.air", One));
        Assert.Equal(["one"], Exports("out.wasm"));
        File.WriteAllBytes(_folder["mark.air"], [0xef, 0xbb, 0xbf, .. System.Text.Encoding.UTF8.GetBytes(One.ReplaceLineEndings("\r\n"))]);
        Build(_folder["mark.air"]);
        Assert.Equal(["one"], Exports("out.wasm"));
    }

    [Fact]
    public void Other_text_is_for_the_linker_to_refuse() =>
        Assert.Equal(
            $"weld: error: unknown file type: {Write("notes.txt", "fn @f() {\n}\n")} [WELD0203]\n>>> it looks like a text file\n",
            CliRun.Run("build", _folder["notes.txt"], "-o", _folder["out.wasm"]).RequireFailure());

    [Fact]
    public void Nothing_to_build_is_an_error()
    {
        Assert.Equal("weld: error: no input files [WELD0108]\n", CliRun.Run("build", "-o", _folder["out.wasm"]).RequireFailure());
        Assert.StartsWith("weld: error: no file of AIR [WELD1203]\n", CliRun.Run("build", "-c").RequireFailure(), StringComparison.Ordinal);
        Assert.StartsWith("weld: error: no output file specified", CliRun.Run("build", Write("one.air", One)).RequireFailure(), StringComparison.Ordinal);
    }

    [Fact]
    public void Any_number_of_threads_gives_the_same_bytes()
    {
        string[] sources = [.. Enumerable.Range(0, 12).Select(file => Write($"f{file}.air", string.Concat(Enumerable.Range(0, 40).Select(n =>
            $"strong fn @f{file}_{n}(%x: i32) -> i32 {{\n  %r = add_wrap i32 %x, {n}\n  ret %r\n}}\n\n"))))];
        Build([.. sources, "--export-all", "--threads=1"]);
        byte[] expected = File.ReadAllBytes(_folder["out.wasm"]);
        foreach (string threads in new[] { "--threads=2", "--threads=7" })
        {
            Build([.. sources, "--export-all", threads]);
            Assert.Equal(expected, File.ReadAllBytes(_folder["out.wasm"]));
        }
    }

    // ── target ──

    [Theory]
    [InlineData("", "+bulk-memory +bulk-memory-opt +call-indirect-overlong +multivalue +mutable-globals +nontrapping-fptoint +reference-types +sign-ext")]
    [InlineData("-mcpu=mvp", "")]
    [InlineData("-mcpu=mvp -mbulk-memory", "+bulk-memory +bulk-memory-opt")]
    [InlineData("-msign-ext -mcpu=mvp", "+sign-ext")]
    [InlineData("--target-features=+tail-call,-reference-types,-multivalue -mno-bulk-memory", "+mutable-globals +nontrapping-fptoint +sign-ext +tail-call")]
    [InlineData("-mtail-call -mno-tail-call -mcpu=mvp", "")]
    public void Features_are_those_that_were_asked_for(string options, string expected)
    {
        string source = Write("one.air", One);
        CliRun.Run(["build", "-c", source, "-o", _folder["one.o"], .. Words(options)]).RequireSuccess();
        string[] features = [.. ModuleDump.Print(File.ReadAllBytes(_folder["one.o"]), "features").Split('\n')[1..].Select(static line => line.Trim()).Where(static line => line.Length > 0)];
        Assert.Equal(Words(expected), features);
    }

    [Theory]
    [InlineData("--target-features=bulk-memory", "weld: error: unknown --target-features value: bulk-memory [WELD1202]")]
    [InlineData("--target-features=+sign-ext,-frob", "weld: error: unknown --target-features value: -frob [WELD1202]")]
    [InlineData("-mcpu=z80", "weld: error: unknown -mcpu value: z80 [WELD1202]")]
    [InlineData("-mfrob", "weld: error: invalid target architecture: frob [WELD0104]")]
    [InlineData("--emit=exe", "weld: error: unknown --emit value: exe [WELD1202]")]
    [InlineData("--emti=wat", "weld: error: unknown argument: --emti=wat [WELD0101]")]
    [InlineData("--threads", "weld: error: --threads: missing argument [WELD0102]")]
    [InlineData("--linker=wasm-ld-22", "weld: error: weld build links by itself, and not with wasm-ld-22 [WELD1206]")]
    public void Wrong_options_are_named(string option, string expected) =>
        Assert.Equal(expected, CliRun.Run("build", Write("one.air", One), "-o", _folder["out.wasm"], option).RequireFailure().Split('\n')[0]);

    [Fact]
    public void Code_for_64_bit_addresses()
    {
        string size = Write("size.air", "fn @size() -> usize {\n  %r = wasm_memory_size 0\n  ret %r\n}\n\nexport @size as \"size\"\n");
        CliRun.Run("build", "-mwasm64", "--no-entry", size, "-o", _folder["out.wasm"]).RequireSuccess();
        Assert.Equal("1n", Run(Tools.CurrentNode, "out.wasm", "size()"));
        CliRun.Run("build", "-m", "wasm64", "--no-entry", "-c", size, "-o", _folder["size.o"]).RequireSuccess();
        Assert.Contains("must specify -mwasm64", CliRun.Run("build", "--no-entry", _folder["size.o"], "-o", _folder["bad.wasm"]).RequireFailure(), StringComparison.Ordinal);
    }

    // ── objects and listings ──

    [Fact]
    public void Objects_are_written_beside_each_other_in_the_current_folder()
    {
        Write("a.air", One);
        Directory.CreateDirectory(_folder["sub"]);
        _folder.Write(Path.Combine("sub", "b.air"), Two);
        ProcessResult result = ProcessRunner.Run(Program, ["build", "-c", "a.air", Path.Combine("sub", "b.air")], _folder.Root);
        Assert.Equal((0, ""), (result.ExitCode, result.AllOutput));
        Assert.Equal(["a.o", "b.o"], Directory.GetFiles(_folder.Root, "*.o").Select(Path.GetFileName).Order());
        ProcessRunner.Run(Tools.WasmLd, ["--no-entry", "--export=two", _folder["a.o"], _folder["b.o"], "-o", _folder["out.wasm"]]).RequireSuccess();
        Assert.Equal(["1", "2"], Call("out.wasm", "one()", "two()"));
    }

    [Fact]
    public void Objects_need_names_of_their_own()
    {
        string a = Write("a.air", One);
        string b = Write("b.air", Two);
        string other = _folder.Write(Path.Combine("sub", "a.air"), Two);
        Assert.Contains("-o names one file, and there are 2 objects to write [WELD1204]", CliRun.Run("build", "-c", a, b, "-o", _folder["x.o"]).RequireFailure(), StringComparison.Ordinal);
        Assert.Contains($"{a} and {other} would both become a.o [WELD1204]", CliRun.Run("build", "-c", a, other).RequireFailure(), StringComparison.Ordinal);
        Assert.Contains("what is compiled from the standard input has no name [WELD1204]", CliRun.RunWith(One, "build", "-c", "-").RequireFailure(), StringComparison.Ordinal);
        CliRun.RunWith(One, "build", "--emit=obj", "-", "-o", _folder["x.o"]).RequireSuccess();
        Assert.True(File.Exists(_folder["x.o"]));
    }

    [Fact]
    public void What_is_not_linked_is_a_warning()
    {
        CliRun run = CliRun.Run("build", "-c", Write("a.air", One), "lib.a", "-o", _folder["a.o"]);
        Assert.Equal((0, "weld: warning: lib.a: not used, because nothing is linked [WELD1205]\n"), (run.ExitCode, run.Error));
        Assert.Equal(1, CliRun.Run("build", "-c", _folder["a.air"], "lib.a", "-o", _folder["b.o"], "--fatal-warnings").ExitCode);
        Assert.False(File.Exists(_folder["b.o"]));
    }

    [Fact]
    public void A_listing_of_the_machine_code()
    {
        string listing = CliRun.Run("build", "--emit=mir", Write("three.air", CallsTwo), Write("one.air", One)).RequireSuccess().Output;
        Assert.StartsWith("function @three () -> i32\n", listing, StringComparison.Ordinal);
        Assert.Contains("  call @two\n", listing, StringComparison.Ordinal);
        Assert.Contains("function @one () -> i32\n", listing, StringComparison.Ordinal);
        CliRun.Run("build", "--emit=mir", _folder["three.air"], _folder["one.air"], "-o", _folder["all.mir"]).RequireSuccess();
        Assert.Equal(listing, File.ReadAllText(_folder["all.mir"]));
    }

    // ── reports ──

    [Fact]
    public void Reports_name_the_files()
    {
        string three = Write("three.air", CallsTwo);
        string two = Write("two.air", Two);
        CliRun run = CliRun.Run("build", "--no-entry", three, two, "-o", _folder["out.wasm"], "--trace", "--why-live=two", $"-Map={_folder["map"]}").RequireSuccess();
        Assert.Equal($"{three}\n{two}\nlive: two in {two}\n>>> referenced by three in {three}\n>>> exported\n", run.Output);
        string map = File.ReadAllText(_folder["map"]);
        Assert.Contains($"{three}:(three)\n", map, StringComparison.Ordinal);
        Assert.Contains($"{two}:(two)\n", map, StringComparison.Ordinal);
    }

    [Fact]
    public void The_module_depends_on_the_files()
    {
        string two = Write("two.air", Two);
        CliRun.RunWith(CallsTwo, "build", "--no-entry", "-", two, "-o", _folder["out.wasm"], $"--dependency-file={_folder["out.d"]}").RequireSuccess();
        Assert.Equal($"{_folder["out.wasm"]}: \\\n {two}\n\n{two}:\n", File.ReadAllText(_folder["out.d"]));
    }

    [Fact]
    public void A_reproduction_has_the_sources()
    {
        string three = Write("three.air", CallsTwo);
        string two = Write("two.air", Two);
        CliRun.Run("build", "--no-entry", three, two, "-o", _folder["out.wasm"], "-mtail-call", $"--reproduce={_folder["repro.tar"]}").RequireSuccess();
        TarFile.ExtractToDirectory(_folder["repro.tar"], _folder.Root, overwriteFiles: false);
        string root = _folder["repro"];
        Assert.Equal(CallsTwo, File.ReadAllText(Path.Join(root, three)));
        ProcessRunner.Run(Program, ["build", "@response.txt"], root).RequireSuccess();
        Assert.Equal(File.ReadAllBytes(_folder["out.wasm"]), File.ReadAllBytes(Path.Combine(root, "out.wasm")));
    }

    // ── the word ──

    [Theory]
    [InlineData("wasm-ld", "build")]
    [InlineData("weld", "-flavor wasm build")]
    [InlineData("weld", "--no-entry build")]
    [InlineData("weld", "./build")]
    public void The_word_counts_in_first_place_and_for_weld_only(string program, string line)
    {
        using var error = new StringWriter();
        int exitCode = Subcommands.Run([.. Words(line), "-o", _folder["out.wasm"]], new CommandShell(ProgramName.FromPath(program), TextWriter.Null, () => error));
        Assert.Equal(1, exitCode);
        Assert.Equal($"{program}: error: cannot open {Words(line)[^1]}: No such file or directory [WELD0201]\n", error.ToString());
    }

    [Fact]
    public void Help_and_version()
    {
        string help = CliRun.Run("build", "--help", "no-such.air").RequireSuccess().Output;
        Assert.StartsWith("OVERVIEW: compile AIR, and link it", help, StringComparison.Ordinal);
        Assert.Contains("\n  --emit=[wasm,obj,mir,wat] ", help, StringComparison.Ordinal);
        Assert.Contains("nontrapping-fptoint\n", help, StringComparison.Ordinal);
        Assert.Contains("\n  weld build ", CliRun.Run("--help").RequireSuccess().Output, StringComparison.Ordinal);
        Assert.StartsWith("weld ", CliRun.Run("build", "--version").RequireSuccess().Output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_program_of_the_manual_runs()
    {
        string manual = File.ReadAllText(Repository.Path("docs", "build.md"));
        string program = manual.Split("<!-- hello -->\n```air\n")[1].Split("```")[0];
        CliRun.Run(["build", Write("hello.air", program), .. Wasi.Libraries, "-o", _folder["hello.wasm"]]).RequireSuccess();
        Assert.Equal("Hello from AIR\n", WasiRunner.Run(_folder["hello.wasm"]).RequireSuccess().StandardOutput);
        CliRun.RunWith(program, "fmt", "--check", "-").RequireSuccess();
    }

    /// <summary>The program itself: exit code and streams.</summary>
    [Fact]
    public void The_program_builds()
    {
        Write("one.air", One);
        ProcessResult good = ProcessRunner.Run(Program, ["build", "--no-entry", "-", "-o", "out.wasm"], _folder.Root, standardInput: One);
        Assert.Equal((0, ""), (good.ExitCode, good.AllOutput));
        Assert.Equal(["1"], Call("out.wasm", "one()"));
        ProcessResult bad = ProcessRunner.Run(Program, ["build", "no-such.air", "-o", "bad.wasm"], _folder.Root);
        Assert.Equal((1, "", "weld: error: cannot open no-such.air: No such file or directory [WELD0201]\n"), (bad.ExitCode, bad.StandardOutput, bad.StandardError));
    }

    private static string Program => Path.Combine(AppContext.BaseDirectory, "weld");

    private string Write(string name, string text) => _folder.Write(name, text);

    private void Build(params string[] arguments) => CliRun.Run(["build", "--no-entry", .. arguments, "-o", _folder["out.wasm"]]).RequireSuccess();

    private string[] Exports(string module) =>
        [.. ModuleDump.Print(File.ReadAllBytes(_folder[module]), "exports").Split('\n')[1..].Where(static line => line.Length > 0).Select(static line => line.Trim().Split('"')[1]).Where(static name => name != "memory")];

    private string[] Call(string module, params string[] calls)
    {
        Assert.Equal("", WasiRunner.ValidateQuickly(_folder[module]));
        return Run(Tools.Node, module, calls).Split('\n');
    }

    private string Run(string node, string module, params string[] calls) =>
        ProcessRunner.Run(node, ["--no-warnings", Repository.Path("test", "Weld.CodeGen.Tests", "call.mjs"), _folder[module], .. calls]).RequireSuccess().StandardOutput.TrimEnd('\n');

    private static string[] Words(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
