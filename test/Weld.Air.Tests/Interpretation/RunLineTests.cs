using Weld.Air.Generator;
using Weld.Air.Interpretation;
using Weld.Air.Text;
using Weld.Air.Verification;
using Weld.Base.Diagnostics;

namespace Weld.Air.Tests.Interpretation;

/// <summary>Every run line of every case gives what it says.</summary>
public sealed class RunLineTests
{
    public static TheoryData<string> Files => CaseFiles.In("run");

    [Theory]
    [MemberData(nameof(Files))]
    public void Run_lines_hold(string file)
    {
        RunLines lines = RunLines.Read(file, CaseFiles.Read("run", file));
        Assert.NotEmpty(lines.Lines);
        var wrong = new List<string>();
        foreach (RunLine line in lines.Lines)
            if (lines.Check(new Interpreter(lines.Module), line) is { } message)
                wrong.Add(message);
        Assert.Empty(wrong);
    }

    /// <summary>Only what the verifier accepts has a meaning.</summary>
    [Theory]
    [MemberData(nameof(Files))]
    public void The_file_keeps_the_rules(string file)
    {
        var diagnostics = new DiagnosticBag();
        ParsedModule? parsed = AirText.Parse(file, CaseFiles.Read("run", file), diagnostics);
        Assert.True(parsed is not null && Verifier.Run(parsed.Module, AirTarget.Wasm32, diagnostics, parsed.Positions), string.Concat(diagnostics.Diagnostics.Select(DiagnosticText.Format)));
    }

    [Fact]
    public void A_wrong_line_is_noticed()
    {
        RunLines lines = RunLines.Read("t.air", "fn @f(%a: u8) -> u8 {\n  ret %a\n}\n; run: f(1) == 2\n; run: f(1) == trap\n");
        Assert.Equal(
            ["t.air:4: f(1) == 2: (u8 1)", "t.air:5: f(1) == trap: (u8 1)"],
            lines.Lines.Select(line => lines.Check(new Interpreter(lines.Module), line)));
    }
}
