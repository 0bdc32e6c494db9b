using Weld.Air.Generator;
using Weld.Air.Interpretation;
using Weld.Air.Text;
using Weld.Air.Verification;
using Weld.Base.Diagnostics;
using Weld.CodeGen;

namespace Weld.Air.Tests.Running;

/// <summary>Every run line of every case gives what it says: in the interpreter, and compiled, linked and run in node.</summary>
public sealed class RunCaseTests
{
    public static TheoryData<string> Files => [.. RunCase.Names];

    public static TheoryData<string> Targets => ["wasm32", "first version", "wasm64"];

    [Theory, MemberData(nameof(Files))]
    public void Interpreted(string file)
    {
        RunCase @case = RunCase.Load(file);
        RunLines lines = @case.Read();
        Assert.NotEmpty(lines.Lines);
        var diagnostics = new DiagnosticBag();
        Assert.True(Verifier.Run(lines.Module, AirTarget.Wasm32, diagnostics), string.Concat(diagnostics.Diagnostics.Select(DiagnosticText.Format)));
        if (@case.IsNotInterpreted)
            return;
        var wrong = new List<string>();
        foreach (RunLine line in lines.Lines)
        {
            if (lines.Check(new Interpreter(lines.Module), line) is { } message)
                wrong.Add(message);
            if (!@case.IsNotForWasm64 && lines.Check(new Interpreter(lines.Module, new InterpreterOptions { Target = AirTarget.Wasm64 }), line) is { } message64)
                wrong.Add($"wasm64: {message64}");
        }
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Theory, MemberData(nameof(Targets))]
    public void Compiled(string target)
    {
        using var cases = new CompiledCases(Target(target));
        foreach (RunCase @case in RunCase.All)
            cases.Add(@case);
        IReadOnlyList<string> wrong = cases.Run();
        Assert.True(wrong.Count == 0, $"{wrong.Count} wrong:\n{string.Join('\n', wrong.Take(40))}");
        Assert.True(cases.Count > 500, $"only {cases.Count} lines");
    }

    /// <summary>A comment says first what the case is about, and every function is there for a line.</summary>
    [Theory, MemberData(nameof(Files))]
    public void Tidy(string file)
    {
        RunCase @case = RunCase.Load(file);
        Assert.StartsWith("; ", @case.Text, StringComparison.Ordinal);
        foreach (AirFunction function in @case.Read().Module.Functions)
            Assert.True(
                function.Name.Contains(' ', StringComparison.Ordinal) || Mentions(@case.Text, function.Name) > 1,
                $"no line calls @{function.Name}");
    }

    [Fact]
    public void A_wrong_line_is_noticed()
    {
        RunLines lines = RunLines.Read("t.air", "fn @f(%a: u8) -> u8 {\n  ret %a\n}\n; run: f(1) == 2\n; run: f(1) == trap\n");
        Assert.Equal(
            ["t.air:4: f(1) == 2: (u8 1)", "t.air:5: f(1) == trap: (u8 1)"],
            lines.Lines.Select(line => lines.Check(new Interpreter(lines.Module), line)));
    }

    private static int Mentions(string text, string name) =>
        text.Split($"@{name}").Length - 1 + text.Split($"; run: {name}(").Length - 1;

    private static CodeGenTarget Target(string name) => name switch
    {
        "wasm64" => CodeGenTarget.Wasm64,
        "wasm32" => CodeGenTarget.Wasm32,
        // Without bulk memory, sign extension and conversions that saturate.
        _ => new CodeGenTarget(false, WasmFeatures.MutableGlobals),
    };
}
