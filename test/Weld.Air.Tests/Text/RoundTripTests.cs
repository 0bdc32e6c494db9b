using Weld.Air.Text;
using Weld.Base.Diagnostics;

namespace Weld.Air.Tests.Text;

/// <summary>Text that is printed and parsed again gives the same module.</summary>
public sealed class RoundTripTests
{
    public static TheoryData<string> Files => CaseFiles.In("text");

    [Theory]
    [MemberData(nameof(Files))]
    public void Canonical_text_is_printed_as_it_was(string file)
    {
        string text = CaseFiles.Read("text", file);
        Assert.Equal(text, AirText.Print(Parsing.Succeeds(text)));
    }

    [Fact]
    public void The_files_have_every_instruction()
    {
        var found = new HashSet<AirOpcode>();
        foreach (string file in Directory.GetFiles(CaseFiles.Path("text")))
            foreach (AirFunction function in Parsing.Succeeds(File.ReadAllText(file)).Functions)
                found.UnionWith(function.Body is { } body ? body.Opcodes.ToArray() : []);
        Assert.Empty(Enum.GetValues<AirOpcode>().Except(found));
    }

    [Fact]
    public void Formatting_keeps_comments()
    {
        const string Text = """
            ; about the file
            ;   and more

            type $T = opaque ; about T

            ; about f
            fn @f(%x: u8) -> u8 { ; about its head
              ; first
              %y = add u8 %x, 1 ; behind
              block %b {
                ; inside
                br %b
              }
              ; before the end
              ret %y
            }

            ; about the export
            export @f as "f" ; behind
            ; run: f(1) == 2

            """;
        string loose = Text.Replace("%y = add u8 %x, 1", "  %y   =  add u8 %x,1", StringComparison.Ordinal).Replace("  ; first", "; first", StringComparison.Ordinal);
        var diagnostics = new DiagnosticBag();
        Assert.Equal(Text, AirText.Format(AirText.Parse("x.air", loose, diagnostics)!));
    }

    [Theory]
    [InlineData("; About\n; all.\n\n; More.\n\nerrors { A }\n\n; T\ntype $T = struct { x: u8 }\n\n; F\nfn @f() {\n  ret\n}\n")]
    [InlineData("; About all.\n\nfn @f() {\n  ret\n}\n")]
    [InlineData("; F\nfn @f() {\n  ret\n}\n; The end.\n")]
    [InlineData("; Nothing else.\n")]
    public void Formatting_leaves_a_canonical_text_as_it_is(string text)
    {
        Assert.Equal(text, Format(text));
        Assert.Equal(text, Format(text.Replace("\n", "\r\n", StringComparison.Ordinal)));
    }

    [Fact]
    public void What_is_about_the_file_stays_at_its_start_when_types_move() =>
        Assert.Equal(
            "; About all.\n\n; T\ntype $T = struct { x: u8 }\n\n; F\nfn @f(%x: $T) {\n  ret\n}\n",
            Format("; About all.\n\n; F\nfn @f(%x: $T) { ret }\n; T\ntype $T = struct { x: u8 }\n"));

    [Fact]
    public void Long_constants_take_several_lines()
    {
        string numbers = string.Join(", ", Enumerable.Range(100, 60));
        string rows = string.Join(", ", Enumerable.Range(10, 20).Select(n => $"{{{n}, \"ab\"}}"));
        string text = Format($"type $T = struct {{ a: u8, b: [2]u8 }}\nconst @n: [60]u16 = {{{numbers}}}\nconst @t: [20]$T = {{{rows}}}\n");
        string[] lines = text.Split('\n');
        Assert.Equal("const @n: [60]u16 = {", lines[2]);
        Assert.StartsWith("  100, 101, 102, ", lines[3], StringComparison.Ordinal);
        Assert.All(lines, static line => Assert.InRange(line.Length, 0, 120));
        Assert.Equal(3, lines[3..].TakeWhile(static line => line != "}").Count());
        Assert.Contains("  {10, \"ab\"},\n  {11, \"ab\"},\n", text, StringComparison.Ordinal);
        Assert.Contains("  {29, \"ab\"}\n}\n", text, StringComparison.Ordinal);
        Assert.Equal(text, Format(text));
    }

    private static string Format(string text)
    {
        var diagnostics = new DiagnosticBag();
        ParsedModule? parsed = AirText.Parse("x.air", text, diagnostics);
        Assert.True(parsed is not null, string.Concat(diagnostics.Diagnostics.Select(DiagnosticText.Format)));
        return AirText.Format(parsed);
    }

    [Fact]
    public void A_built_module_is_printed_and_read()
    {
        AirModule module = Building.GcdExample.Build();
        string text = AirText.Print(module);
        Assert.Equal(text, AirText.Print(Parsing.Succeeds(text)));
    }
}

/// <summary>Parsing as tests want it.</summary>
internal static class Parsing
{
    public static AirModule Succeeds(string text)
    {
        var diagnostics = new DiagnosticBag();
        ParsedModule? parsed = AirText.Parse("test.air", text, diagnostics);
        Assert.True(parsed is not null, string.Concat(diagnostics.Diagnostics.Select(DiagnosticText.Format)));
        Assert.Empty(diagnostics.Diagnostics);
        return parsed.Module;
    }

    public static string[] Fails(string text)
    {
        var diagnostics = new DiagnosticBag();
        Assert.Null(AirText.Parse("test.air", text, diagnostics));
        Assert.True(diagnostics.HasErrors);
        return [.. diagnostics.Diagnostics.Select(DiagnosticText.Format)];
    }
}
