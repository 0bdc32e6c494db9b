using Weld.TestSupport;
using Xunit;

namespace Weld.Cli.Tests;

/// <summary><c>weld run</c>: arguments of every type, results, and what it says when a function does not return.</summary>
public sealed class RunCommandTests
{
    private const string Program = """
        errors { Bad, "not good" }

        type $Color = enum(u8) { red = 0, green = 5 }

        type $Point = struct { x: i32, y: f32 }

        extern fn @elsewhere(u32) callconv(c) -> u32

        var @counter: u32 = 40

        fn @u8(%x: u8) -> u8 { ret %x }

        fn @i8(%x: i8) -> i8 { ret %x }

        fn @u64(%x: u64) -> u64 { ret %x }

        fn @i128(%x: i128) -> i128 { ret %x }

        fn @usize(%x: usize) -> usize { ret %x }

        fn @f32(%x: f32) -> f32 { ret %x }

        fn @f64(%x: f64) -> f64 { ret %x }

        fn @bool(%x: bool) -> bool { ret %x }

        fn @color(%x: $Color) -> $Color { ret %x }

        fn @point(%x: $Point) -> $Point { ret %x }

        fn @text(%x: []const u8) -> []const u8 { ret %x }

        fn @maybe(%x: ?u8) -> ?u8 { ret %x }

        fn @result(%x: anyerror!u8) -> anyerror!u8 { ret %x }

        fn @pointer(%x: *u32) -> u32 {
          %r = load u32 %x
          ret %r
        }

        fn @function(%f: *const fn(u8) -> u8, %x: u8) -> u8 {
          %r = call %f(%x)
          ret %r
        }

        fn @nothing() { ret }

        fn @sub(%x: i32, %y: i32) -> i32 {
          %r = sub_safe i32 %x, %y
          ret %r
        }

        fn @variadic(%n: u32, ...) callconv(c) -> u32 { ret %n }

        fn @trap() { trap }

        fn @unreachable() { unreach }

        fn @calls() -> u32 {
          %r = call @elsewhere(1)
          ret %r
        }

        fn @forever() {
          loop %again {
            repeat %again
          }
        }

        fn @deep() {
          call @deep()
          ret
        }

        fn @large() {
          %x = alloc [3000000]u8
          ret
        }

        fn @assembly() {
          assembly "nop"
          ret
        }

        """;

    [Theory]
    [InlineData("u8 255", "255")]
    [InlineData("u8 0xff", "255")]
    [InlineData("@u8 7", "7")]
    [InlineData("i8 -128", "-128")]
    [InlineData("u64 18446744073709551615", "18446744073709551615")]
    [InlineData("i128 -170141183460469231731687303715884105728", "-170141183460469231731687303715884105728")]
    [InlineData("usize 4294967295", "4294967295")]
    [InlineData("f32 0.1", "0.1")]
    [InlineData("f32 -0", "-0")]
    [InlineData("f64 1e300", "1e300")]
    [InlineData("f64 -inf", "-inf")]
    [InlineData("f64 nan", "nan")]
    [InlineData("f64 0x1.8p3", "12")]
    [InlineData("bool true", "true")]
    [InlineData("bool false", "false")]
    [InlineData("color .green", ".green")]
    [InlineData("color 5", ".green")]
    [InlineData("point {-1,2.5}", "{-1, 2.5}")]
    [InlineData("text \"a\\n\\\"\"", "\"a\\n\\\"\"")]
    [InlineData("maybe null", "null")]
    [InlineData("maybe ?5", "?5")]
    [InlineData("result ok(5)", "ok(5)")]
    [InlineData("result error.Bad", "error.Bad")]
    [InlineData("pointer @counter", "40")]
    [InlineData("function @u8 9", "9")]
    [InlineData("sub -5 -0x3", "-2")]
    [InlineData("variadic 3 (u8|1) @counter", "3")]
    public void Arguments_and_results_are_constants(string call, string expected) =>
        Assert.Equal(expected + "\n", Call(call).RequireSuccess().Output);

    [Fact]
    public void Void_prints_nothing() => Assert.Equal("", Call("nothing").RequireSuccess().Output);

    [Theory]
    [InlineData("trap", "error: trap [WELD1211]\n    fn @trap() { trap }\n                 ^\n")]
    [InlineData("unreachable", "error: trap: unreach was reached [WELD1211]\n    fn @unreachable() { unreach }\n                        ^\n")]
    [InlineData("sub -2147483648 1", "error: trap: sub_safe of -2147483648 and 1 [WELD1211]\n      %r = sub_safe i32 %x, %y\n      ^\n")]
    [InlineData("pointer ptr(4)", "error: illegal: reads from 0x00000004 (4 bytes), where nothing is [WELD1212]\n      %r = load u32 %x\n      ^\n")]
    [InlineData("calls", "error: not possible in the interpreter: @elsewhere is defined elsewhere [WELD1214]\n      %r = call @elsewhere(1)\n      ^\n")]
    [InlineData("assembly", "error: not possible in the interpreter: wasm as text [WELD1214]\n      assembly \"nop\"\n      ^\n")]
    [InlineData("forever", "error: more than 5000 instructions; --max-steps=<number> allows more [WELD1213]\n        repeat %again\n        ^\n")]
    [InlineData("deep", "error: more than 2000 calls in each other [WELD1213]\n      call @deep()\n      ^\n")]
    [InlineData("large", "error: no memory for 3000000 more bytes; --max-memory=<MiB> allows more [WELD1213]\n      %x = alloc [3000000]u8\n      ^\n")]
    public void What_does_not_return_says_where_and_why(string call, string expected)
    {
        string error = Call(call).RequireFailure(exitCode: 2);
        Assert.Matches("^<stdin>:[0-9]+:[0-9]+: error: ", error);
        Assert.EndsWith(expected, error, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_defined_elsewhere_cannot_be_called() =>
        Assert.Equal(
            "weld: error: <stdin>: not possible in the interpreter: @elsewhere is defined elsewhere [WELD1214]\n",
            Call("elsewhere 1").RequireFailure(exitCode: 2));

    [Theory]
    [InlineData("u8 256", "argument 1:1:1: error: u8 has no such number [WELD1005]\n    256\n    ^\n")]
    [InlineData("u8 -1", "argument 1:1:1: error: u8 has no such number [WELD1005]\n    -1\n    ^\n")]
    [InlineData("u8 one", "argument 1:1:1: error: not a constant of type u8 [WELD1004]\n    one\n    ^\n")]
    [InlineData("u8 1,2", "argument 1:1:2: error: nothing more expected [WELD1001]\n    1,2\n     ^\n")]
    [InlineData("u8", "weld: error: u8 does not take 0 arguments [WELD1209]\n>>> it is a fn(u8) -> u8\n")]
    [InlineData("u8 1 2", "weld: error: u8 does not take 2 arguments [WELD1209]\n>>> it is a fn(u8) -> u8\n")]
    [InlineData("variadic", "weld: error: variadic does not take 0 arguments [WELD1209]\n>>> it is a fn(u32, ...) callconv(c) -> u32\n")]
    [InlineData("pointer @none", "argument 1:1:1: error: there is no item @none [WELD1002]\n    @none\n    ^\n")]
    [InlineData("counter", "weld: error: there is no function counter [WELD1209]\n")]
    [InlineData("", "weld: error: no function to call: add --call <function> <argument>... [WELD1209]\n")]
    public void Wrong_calls(string call, string expected) =>
        Assert.StartsWith(expected, Call(call).RequireFailure(), StringComparison.Ordinal);

    [Fact]
    public void Wrong_arguments_are_all_reported()
    {
        string error = Call("sub x y").RequireFailure();
        Assert.Contains("argument 1:1:1: ", error, StringComparison.Ordinal);
        Assert.Contains("argument 2:1:1: ", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-", "weld: error: no function to call: add --call <function> <argument>... [WELD1209]\n>>> the file defines u8, i8, u64, i128, usize, f32, f64, bool, color, point and 15 more\n")]
    [InlineData("", "weld: error: no file of AIR [WELD1203]\n")]
    [InlineData("- x.air --call f", "weld: error: weld run takes one file [WELD1209]\n")]
    [InlineData("--what - --call f", "weld: error: unknown argument: --what [WELD0101]\n")]
    [InlineData("--max-steps=many - --call f", "weld: error: --max-steps=many: number expected, but got 'many' [WELD0103]\n")]
    [InlineData("no-such.air --call f", "weld: error: cannot open no-such.air: No such file or directory [WELD0201]\n")]
    public void Wrong_command_lines(string line, string expected) =>
        Assert.StartsWith(expected, CliRun.RunWith(Program, ["run", .. Words(line)]).RequireFailure(), StringComparison.Ordinal);

    [Fact]
    public void A_wrong_program_is_not_run() =>
        Assert.StartsWith("<stdin>:1:", CliRun.RunWith("fn @f() -> u8 { ret true }", "run", "-", "--call", "f").RequireFailure(), StringComparison.Ordinal);

    [Fact]
    public void Addresses_have_the_width_of_the_target()
    {
        const string Text = "fn @f(%x: usize) -> usize {\n  ret %x\n}\n";
        Assert.Equal("4294967296\n", CliRun.RunWith(Text, "run", "-mwasm64", "-", "--call", "f", "4294967296").RequireSuccess().Output);
        Assert.StartsWith("weld: error: constant: ", CliRun.RunWith(Text, "run", "-", "--call", "f", "4294967296").RequireFailure(), StringComparison.Ordinal);
    }

    [Fact]
    public void Help() => Assert.Contains("\n  --call <function> <argument>...\n", CliRun.Run("run", "--help").RequireSuccess().Output, StringComparison.Ordinal);

    // A space within an argument is written as |.
    private static CliRun Call(string call) => CliRun.RunWith(
        Program, ["run", "--max-steps=5000", "--max-memory=1", "-", "--call", .. Words(call).Select(static word => word.Replace('|', ' '))]);

    private static string[] Words(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
