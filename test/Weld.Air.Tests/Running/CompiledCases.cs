using System.Text;
using Weld.Air.Generator;
using Weld.Air.Interpretation;
using Weld.Air.Verification;
using Weld.Base.Diagnostics;
using Weld.CodeGen;
using Weld.TestSupport;

namespace Weld.Air.Tests.Running;

/// <summary>Compiles cases, each to an object, links them all to one module with weld, and runs their lines in node.</summary>
internal sealed class CompiledCases : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly StringBuilder _calls = new();
    private readonly List<string> _objects = [];
    private readonly List<string> _texts = [];
    private readonly List<string> _wrong = [];
    private readonly CodeGenTarget _target;

    public CompiledCases(CodeGenTarget target) => _target = target;

    /// <summary>How many lines will run.</summary>
    public int Count => _texts.Count;

    /// <summary>How many cases were refused, and may be.</summary>
    public int Refused { get; private set; }

    public void Add(RunCase @case)
    {
        if (_target.Is64 && @case.IsNotForWasm64)
            return;
        RunLines lines = @case.Read();
        string[] expected = [.. lines.Lines.Select(line => Expected(@case, lines, line))];
        var diagnostics = new DiagnosticBag();
        if (!Verifier.Run(lines.Module, _target.Air, diagnostics))
        {
            _wrong.Add($"{@case.Name}: {diagnostics.Diagnostics[0]}");
            return;
        }
        if (ModuleCompiler.Compile(lines.Module, _target, diagnostics).Read(diagnostics) is not ReadOnlyMemory<byte> code || diagnostics.HasErrors)
        {
            if (@case.MayBeRefused)
                Refused++;
            else
                _wrong.Add($"{@case.Name}: {diagnostics.Diagnostics[0]}");
            return;
        }
        string path = _folder[$"{_objects.Count}.o"];
        File.WriteAllBytes(path, code.Span);
        _objects.Add(path);
        AddCalls(@case, lines, expected);
    }

    /// <summary>Links and runs.</summary>
    /// <returns>What is wrong, one line each.</returns>
    public IReadOnlyList<string> Run() => [.. _wrong, .. NodeRun.Run(_folder, _target, _objects, _calls.ToString(), _texts)];

    public void Dispose() => _folder.Dispose();

    // Exports what the line needs, too: the fewer exports there are, the faster instances are made.
    private string Expected(RunCase @case, RunLines lines, RunLine line)
    {
        if (line.Trap == "illegal")
            return "";
        lines.Module.Export(lines.Function(line.Run), $"{@case.Name} {line.Run}");
        if (line.Trap is not null)
            return line.Trap;
        var interpreter = new Interpreter(lines.Module, new InterpreterOptions { Target = _target.Air });
        string export = $"{@case.Name} {line.Want}";
        string expected = ExpectedResult.Describe(lines.Module, _target.Air, Wanted(lines, line, interpreter), export);
        if (expected.StartsWith("same ", StringComparison.Ordinal))
            lines.Module.Export(lines.Function(line.Want), export);
        return expected;
    }

    // A line is: fresh or same (whether it needs an instance of its own), the export, and the expected result.
    private void AddCalls(RunCase @case, RunLines lines, string[] expected)
    {
        string age = lines.Module.Variables.Any(static variable => !variable.IsConst) ? "fresh" : "same";
        foreach ((RunLine line, string result) in lines.Lines.Zip(expected))
        {
            if (result.Length == 0)
                continue;
            _calls.Append(age).Append('\t').Append(@case.Name).Append(' ').Append(line.Run).Append('\t').Append(result).Append('\n');
            _texts.Add(line.Text);
        }
    }

    // The function returns the constant that the line has. A slice keeps what it points to only there.
    private static ValueId Wanted(RunLines lines, RunLine line, Interpreter interpreter)
    {
        Weld.Air.Instructions.FunctionBody body = lines.Function(line.Want).Body!;
        Operand returned = body.Operand(new InstructionId(body.Count - 1), 0);
        return returned.IsInstruction ? interpreter.ToConstant(interpreter.Call(lines.Function(line.Want)).Value) : returned.Value;
    }
}
