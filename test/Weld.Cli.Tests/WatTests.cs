using System.Text.RegularExpressions;
using Weld.Air.Generator;
using Weld.Air.Text;
using Weld.TestSupport;
using Weld.Wasm.Text;
using Xunit;

namespace Weld.Cli.Tests;

/// <summary><c>--emit=wat</c> prints what an assembler makes the same code of.</summary>
public sealed partial class WatTests
{
    public static TheoryData<string> Samples =>
    [
        .. Directory.GetFiles(Repository.Path("samples"), "*.air", SearchOption.AllDirectories)
            .Select(static path => Path.GetRelativePath(Repository.Root, path)).Order(StringComparer.Ordinal),
    ];

    [Theory]
    [MemberData(nameof(Samples))]
    public void The_text_of_a_sample_says_what_its_object_does(string sample) => Check(File.ReadAllText(Repository.Path(sample)));

    [Theory]
    [InlineData("-mcpu=generic")]
    [InlineData("-mcpu=mvp")]
    public void The_text_of_a_random_program_says_what_its_object_does(string target)
    {
        for (ulong seed = 1; seed <= 5; seed++)
            if (ProgramGenerator.Generate(seed, new GeneratorOptions()) is { } program)
                Check(AirText.Print(program.Module), target);
    }

    [Fact]
    public void Names_and_addresses_are_shown()
    {
        const string Text = """
            var @"odd (name)": [3]u8 = "a;)"

            const @pointer: *u8 = @"odd (name)" + 1

            extern fn @"odd (name);"(f32) -> f64 module("host") field("f")

            strong fn @main(%x: usize) -> f64 {
              %p = ptr_elem_ptr *u8 @"odd (name)", %x
              store %p, 1
              %y = load *u8 @pointer
              store %y, 2
              %z = call @"odd (name);"(-inf)
              ret %z
            }

            """;
        string wat = CliRun.RunWith(Text, "build", "--emit=wat", "-").RequireSuccess().Output;
        Assert.Equal("""
            (module
              (type (;0;) (func (param i32) (result f64)))
              (type (;1;) (func (param f32) (result f64)))
              (import "env" "__linear_memory" (memory 1))
              (import "host" "f" (func $odd__name__ (type 1)))
              (func $main (type 0) (param i32) (result f64)
            """.ReplaceLineEndings("\n"), string.Join('\n', wat.Split('\n')[..6]));
        Assert.Contains("i32.const 0 (; @odd (name) ;)\n", wat, StringComparison.Ordinal);
        Assert.Contains("f32.const -inf\n", wat, StringComparison.Ordinal);
        Assert.Contains("\"a;)\" (; odd (name): ;)\n", wat, StringComparison.Ordinal);
        Assert.Contains("(; pointer: @odd (name)+1 ;)\n", wat, StringComparison.Ordinal);
    }

    private static void Check(string text, params string[] options)
    {
        using var folder = new TemporaryFolder();
        CliRun.RunWith(text, ["build", "-c", "-", "-o", folder["code.o"], .. options]).RequireSuccess();
        CliRun.RunWith(text, ["build", "--emit=wat", "-", "-o", folder["code.wat"], .. options]).RequireSuccess();
        ProcessRunner.Run(Tools.Find("wat2wasm", "wabt"), ["--enable-all", folder["code.wat"], "-o", folder["code.wasm"]]).RequireSuccess();
        Assert.Equal(Dump(folder["code.o"]), Dump(folder["code.wasm"]));
    }

    // Numbers that the linker fills in have more bytes in objects, and only segments of objects have names.
    private static string Dump(string path) => Detail().Replace(ModuleDump.Print(File.ReadAllBytes(path), "types", "imports", "code", "data"), "");

    [GeneratedRegex("(?: <[^\n]*>)| \\d+ bytes")]
    private static partial Regex Detail();
}
