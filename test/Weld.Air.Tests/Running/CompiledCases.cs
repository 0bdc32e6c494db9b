using System.Text;
using Weld.Air.Generator;
using Weld.Air.Interpretation;
using Weld.Air.Verification;
using Weld.Base.Diagnostics;
using Weld.CodeGen;
using Weld.Linker;
using Weld.Linker.Options;
using Weld.Mir.Modules;
using Weld.Mir.Objects;
using Weld.TestSupport;

namespace Weld.Air.Tests.Running;

/// <summary>Compiles cases, each to an object, links them all to one module with weld, and runs their lines in node.</summary>
internal sealed class CompiledCases : IDisposable
{
    private const string Builtins = "/usr/lib/llvm-22/lib/clang/22/lib/wasi/libclang_rt.builtins-wasm32.a";
    private const string CLibrary = "/usr/lib/wasm32-wasi/libc.a";

    // Debian's builtins are compiled with stack protection.
    private const string StackProtection = "unsigned long __stack_chk_guard = 1; void __stack_chk_fail(void) { __builtin_trap(); }";

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
        MirModule module = ModuleCompiler.Compile(lines.Module, _target, diagnostics);
        if (diagnostics.HasErrors)
        {
            if (@case.MayBeRefused)
                Refused++;
            else
                _wrong.Add($"{@case.Name}: {diagnostics.Diagnostics[0]}");
            return;
        }
        string path = _folder[$"{_objects.Count}.o"];
        File.WriteAllBytes(path, ObjectWriter.Write(module));
        _objects.Add(path);
        AddCalls(@case, lines, expected);
    }

    /// <summary>Links and runs.</summary>
    /// <returns>What is wrong, one line each.</returns>
    public IReadOnlyList<string> Run()
    {
        string output = _folder["cases.wasm"];
        var diagnostics = new DiagnosticBag();
        string[] arguments = ["--no-entry", "--export=__stack_pointer", "-z", "stack-size=65536", .. _target.Is64 ? (string[])["-mwasm64"] : [], .. _objects, .. Libraries(), "-o", output];
        if (!LinkPipeline.Run(CommandLine.Parse(arguments, diagnostics).Options, diagnostics, TextWriter.Null))
            return [.. _wrong, .. diagnostics.Diagnostics.Select(static diagnostic => diagnostic.ToString())];
        if (!_target.Is64)
            Assert.Equal("", WasiRunner.ValidateQuickly(output));
        string calls = _folder.Write("calls", _calls.ToString());
        string[] results = ProcessRunner.Run(
            _target.Is64 ? Tools.CurrentNode : Tools.Node,
            ["--no-warnings", Repository.Path("test", "Weld.Air.Tests", "Running", "run.mjs"), output, calls]).RequireSuccess().StandardOutput.TrimEnd('\n').Split('\n');
        if (results.Length != _texts.Count)
            return [.. _wrong, $"{_texts.Count} calls, but {results.Length} results"];
        return [.. _wrong, .. _texts.Zip(results).Where(static pair => pair.Second != "right").Select(static pair => $"{pair.First}: {pair.Second}")];
    }

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

    private string[] Libraries()
    {
        if (_target.Is64)
            return [];
        ProcessRunner.Run(Tools.Clang, ["--target=wasm32-unknown-unknown", "-O1", "-c", _folder.Write("guard.c", StackProtection), "-o", _folder["guard.o"]]).RequireSuccess();
        return [_folder["guard.o"], Builtins, CLibrary];
    }
}
