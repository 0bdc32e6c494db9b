using System.Text;
using Weld.Air.Text;
using Weld.TestSupport;
using Xunit;

namespace Weld.Cli.Tests;

/// <summary>The programs in samples/: linked by <c>weld build</c>, and by wasm-ld from objects of <c>weld build -c</c>, they print the same;
/// where they need no C, functions give in the interpreter what they give as wasm.</summary>
public sealed class SampleTests(JsonProgram json) : IClassFixture<JsonProgram>
{
    [Fact]
    public void Quicksort() => Check("quicksort", ["main.air", "quicksort.air", "order.c"], "", """
        By distance
        Mercury     57.9 Gm    0 moons
        Venus      108.2 Gm    0 moons
        Earth      149.6 Gm    1 moons
        Mars       228.0 Gm    2 moons
        Jupiter    778.5 Gm   95 moons
        Saturn    1432.0 Gm  146 moons
        Uranus    2867.0 Gm   28 moons
        Neptune   4515.0 Gm   16 moons

        By name
        Earth      149.6 Gm    1 moons
        Jupiter    778.5 Gm   95 moons
        Mars       228.0 Gm    2 moons
        Mercury     57.9 Gm    0 moons
        Neptune   4515.0 Gm   16 moons
        Saturn    1432.0 Gm  146 moons
        Uranus    2867.0 Gm   28 moons
        Venus      108.2 Gm    0 moons

        By moons
        Saturn    1432.0 Gm  146 moons
        Jupiter    778.5 Gm   95 moons
        Uranus    2867.0 Gm   28 moons
        Neptune   4515.0 Gm   16 moons
        Mars       228.0 Gm    2 moons
        Earth      149.6 Gm    1 moons
        Mercury     57.9 Gm    0 moons
        Venus      108.2 Gm    0 moons

        """);

    /// <summary>C's qsort and the sample sort the same; here without any C, and with equal numbers.</summary>
    [Theory]
    [InlineData(0, 10, 1)]
    [InlineData(1, 10, 1)]
    [InlineData(11, 1000, 3)]
    [InlineData(12, 1000, 3)]
    [InlineData(1000, 1000000, 7)]
    [InlineData(1000, 3, 9)]
    [InlineData(1000, 1, 9)]
    public void Quicksort_of_numbers(int count, int limit, int seed)
    {
        string interpreted = Interpret("quicksort/quicksort.air", "check", $"{count}", $"{limit}", $"{seed}");
        Assert.StartsWith("{0, ", interpreted, StringComparison.Ordinal);
        Assert.Equal(interpreted, Compute("quicksort/quicksort.air", $$"""
            type $Report = struct { inversions: u32, sum: u32 }

            extern fn @check(usize, u32, u32) -> $Report

            fn @run(%number: u32) -> u32 {
              %report = call @check({{count}}, {{limit}}, {{seed}})
              %inversions = struct_field_val u32 %report, 0
              %sum = struct_field_val u32 %report, 1
              %is_first = cmp_eq u32 %number, 0
              %r = select u32 %is_first, %inversions, %sum
              ret %r
            }

            export @run as "run"

            """, "`{${run(0)}, ${run(1) >>> 0}}`"));
    }

    [Fact]
    public void Words() => Check("hash-map", ["words.air", "map.air"], "The cat and the dog and the bird; the CAT sat.\nA-a-a! Zebra; o'clock\n", """
        10 words, 8 of weight
            3  a
            2  cat
            1  bird
            1  clock
            1  dog
            1  o
            1  sat
            1  zebra

        """);

    [Fact]
    public void No_words() => Check("hash-map", ["words.air", "map.air"], "", "0 words, 0 of weight\n");

    /// <summary>A third of the entries is removed again; the sum is that of the numbers which stay.</summary>
    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(1, 0, 8)]
    [InlineData(10, 6, 16)]
    [InlineData(100, 66, 256)]
    [InlineData(1000, 666, 2048)]
    public void A_hash_map(int count, int left, int capacity)
    {
        int sum = Enumerable.Range(0, count).Where(static n => n % 3 != 0).Sum();
        Assert.Equal($"ok({{{left}, 0, {sum}, {capacity}}})", Interpret("hash-map/map.air", "check", $"{count}"));
        Assert.Equal($"{left} 0 {sum} {capacity}", Compute("hash-map/map.air", $$"""
            errors { OutOfMemory }

            type $Report = struct { count: usize, wrong: u32, sum: u32, capacity: usize }

            extern fn @check(usize) -> error{OutOfMemory}!$Report

            var @report: $Report = undefined

            fn @run() -> *$Report {
              %result = call @check({{count}})
              %value = try $Report %result {
                trap
              }
              store @report, %value
              ret @report
            }

            export @run as "run"

            """, "[0, 4, 8, 12].map(offset => u32(at + offset)).join(' ')", "run()"));
    }

    [Fact]
    public void Out_of_memory_is_an_error() =>
        Assert.Equal("error.OutOfMemory", Interpret("hash-map/map.air", "exhaust"));

    [Fact]
    public void Mandelbrot()
    {
        string expected = File.ReadAllText(Repository.Path("samples", "mandelbrot", "expected.txt"));
        Check("mandelbrot", ["mandelbrot.air"], "", expected, libraries: []);
        Assert.Equal($"\"{expected.Replace("\n", "\\n", StringComparison.Ordinal)}\"", Interpret("mandelbrot/mandelbrot.air", "picture"));
    }

    [Fact]
    public void Programs_of_a_stack_machine() => Check("interpreter", ["main.air", "machine.air"], "", """
        primes: 2 3 5 7 11 13 17 19 23 29 31 37 41 43 47
        factorials: 1 2 6 24 120 720 5040 40320 362880 3628800 39916800 479001600 6227020800 87178291200 1307674368000 20922789888000 355687428096000 6402373705728000 121645100408832000 2432902008176640000
        endless: error: TooManyCalls
        empty stack: error: StackUnderflow
        by zero: error: DivisionByZero
        astray: error: NoSuchInstruction

        """);

    [Theory]
    [InlineData(0, new long[] { 2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47 }, "")]
    [InlineData(1, new long[] { 1, 2, 6, 24, 120, 720, 5040, 40320, 362880, 3628800, 39916800, 479001600, 6227020800, 87178291200, 1307674368000, 20922789888000, 355687428096000, 6402373705728000, 121645100408832000, 2432902008176640000 }, "")]
    [InlineData(2, new long[0], "TooManyCalls")]
    [InlineData(3, new long[0], "StackUnderflow")]
    [InlineData(4, new long[0], "DivisionByZero")]
    [InlineData(5, new long[0], "NoSuchInstruction")]
    public void A_stack_machine_that_is_interpreted(int program, long[] printed, string error)
    {
        ulong fold = printed.Aggregate(0ul, static (fold, number) => unchecked((fold * 31) + (ulong)number));
        Assert.Equal($"{{{printed.Length}, {fold}, {error.Length}}}", Interpret("interpreter/machine.air", "check", $"{program}"));
    }

    public static TheoryData<string, string> Texts => new()
    {
        {
            """{"a":[1,-2.50e-3 ,true,false,null,{},[ ]],"k\u0041\u00e9\ud83d\ude00\n\/\u0001\u0022":{"b":{"c":["x"]}} }""",
            """
            {
              "a": [
                1,
                -2.50e-3,
                true,
                false,
                null,
                {},
                []
              ],
              "kAé😀\n/\u0001\"": {
                "b": {
                  "c": [
                    "x"
                  ]
                }
              }
            }

            """
        },
        { " \"\\u2028\\u007f\\\\\" ", "\"\u2028\u007f\\\\\"\n" },
        { "-0\r\n", "-0\n" },
    };

    [Theory]
    [MemberData(nameof(Texts))]
    public void Json(string text, string expected)
    {
        Check("json", ["main.air", "json.air"], text, expected);
        string literal = Interpret("json/json.air", "check", Literal(text));
        Assert.Equal(Literal(expected), literal);
    }

    [Theory]
    [InlineData("", 1, 1, "unexpected end")]
    [InlineData("{\n  \"é\": [1, 2,, 3]}", 2, 14, "unexpected character")]
    [InlineData("[1", 1, 3, "unexpected end")]
    [InlineData("[1}", 1, 3, "unexpected character")]
    [InlineData("{\"a\" 1}", 1, 6, "unexpected character")]
    [InlineData("{1:2}", 1, 2, "unexpected character")]
    [InlineData("{\"a\":1,}", 1, 8, "unexpected character")]
    [InlineData("01", 1, 2, "not a number")]
    [InlineData("1.", 1, 3, "not a number")]
    [InlineData("-", 1, 2, "not a number")]
    [InlineData("1e+", 1, 4, "not a number")]
    [InlineData("\"\\x\"", 1, 3, "not an escape")]
    [InlineData("\"\\u12g4\"", 1, 6, "not an escape")]
    [InlineData("\"\\ud800\"", 1, 8, "half of a character")]
    [InlineData("\"\\ud800\\u0041\"", 1, 14, "half of a character")]
    [InlineData("\"\\udc00\"", 1, 8, "half of a character")]
    [InlineData("\"a\nb\"", 1, 3, "control character in a string")]
    [InlineData("\"a", 1, 3, "unexpected end")]
    [InlineData("trux", 1, 4, "unexpected character")]
    [InlineData("1\n 2", 2, 2, "more than one value")]
    public void Json_errors(string text, int line, int column, string message)
    {
        Assert.Equal($"\"{message}\"", Interpret("json/json.air", "check", Literal(text)));
        Assert.Equal($"{{{line}, {column}}}", Interpret("json/json.air", "check_place", Literal(text)));
        ProcessResult result = WasiRunner.Run(json.Module, standardInput: text);
        Assert.Equal((1, "", $"json: line {line}, column {column}: {message}\n"), (result.ExitCode, result.StandardOutput, result.StandardError));
    }

    [Fact]
    public void Json_that_is_nested_too_deep()
    {
        string deep = new('[', 501);
        ProcessResult result = WasiRunner.Run(json.Module, standardInput: deep);
        Assert.Equal((1, "", "json: line 1, column 501: more than 500 levels\n"), (result.ExitCode, result.StandardOutput, result.StandardError));
        string most = new string('[', 500) + new string(']', 500);
        Assert.Equal(0, WasiRunner.Run(json.Module, standardInput: most).ExitCode);
    }

    private static string Sample(string path) => Repository.Path(["samples", .. path.Split('/')]);

    /// <summary>A string as AIR writes it.</summary>
    private static string Literal(string text) => AirText.PrintString(Encoding.UTF8.GetBytes(text));

    /// <summary>What a function of a sample gives in the interpreter.</summary>
    private static string Interpret(string path, string function, params string[] arguments) =>
        CliRun.Run(["run", Sample(path), "--call", function, .. arguments]).RequireSuccess().Output.TrimEnd('\n');

    /// <summary>What a sample gives when it is compiled, linked with a file of AIR that exports functions, and called.</summary>
    private static string Compute(string path, string exports, string show, string at = "0")
    {
        using var folder = new TemporaryFolder();
        string module = folder["sample.wasm"];
        CliRun.RunWith(exports, "build", "--no-entry", Sample(path), "-", "-o", module).RequireSuccess();
        Assert.Equal("", WasiRunner.ValidateQuickly(module));
        string call = at == "0" ? show : $"(at => {show})({at})";
        return ProcessRunner.Run(Tools.Node, ["--no-warnings", Repository.Path("test", "Weld.CodeGen.Tests", "call.mjs"), module, call]).RequireSuccess().StandardOutput.TrimEnd('\n');
    }

    private static void Check(string sample, string[] files, string input, string expected, string[]? libraries = null)
    {
        libraries ??= Wasi.Libraries;
        using var folder = new TemporaryFolder();
        string[] paths = [.. files.Select(file => Repository.Path("samples", sample, file))];
        string[] inputs = [.. paths.Select(path => path.EndsWith(".c", StringComparison.Ordinal) ? Wasi.Compile(path) : path)];
        CliRun.Run(["build", .. inputs, .. libraries, "-o", folder["weld.wasm"]]).RequireSuccess();
        Assert.Equal(expected, Run(folder["weld.wasm"], input));

        string[] objects = [.. inputs.Select(path => path.EndsWith(".air", StringComparison.Ordinal) ? CompileToObject(path, folder) : path)];
        ProcessRunner.Run(Tools.WasmLd, [.. objects, .. libraries, "-o", folder["wasm-ld.wasm"]]).RequireSuccess();
        Assert.Equal(expected, Run(folder["wasm-ld.wasm"], input));
    }

    private static string CompileToObject(string path, TemporaryFolder folder)
    {
        string output = folder[Path.GetFileNameWithoutExtension(path) + ".o"];
        CliRun.Run("build", "-c", path, "-o", output).RequireSuccess();
        return output;
    }

    private static string Run(string module, string input)
    {
        Assert.Equal("", WasiRunner.ValidateQuickly(module));
        return WasiRunner.Run(module, standardInput: input).RequireSuccess().StandardOutput;
    }
}
