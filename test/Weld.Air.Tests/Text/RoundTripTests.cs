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
