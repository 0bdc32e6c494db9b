using Weld.Air.Interpretation;
using Weld.Air.Text;
using Weld.Air.Verification;
using Weld.Base.Diagnostics;

namespace Weld.Air.Tests.Building;

/// <summary>A function from u32 to u32 that a test builds of blocks, verified and run in the interpreter.</summary>
internal sealed class BuiltGraph
{
    private AirFunction? _function;

    public BuiltGraph(int parameters = 1)
    {
        Graph = Module.DefineGraph("f", [.. Enumerable.Range(0, parameters).Select(static i => ($"a{i}", TypeId.U32))], TypeId.U32);
    }

    public AirModule Module { get; } = new();

    public ControlFlowBuilder Graph { get; }

    public FunctionBuilder Code => Graph.Code;

    public Operand Number(long value) => Code.Constant(TypeId.U32, value);

    public ValueId Case(long value) => Module.Values.Integer(TypeId.U32, value);

    public string Text => AirText.Print(Module);

    public AirFunction Function => _function ??= Finish();

    /// <summary>How deep bodies are in each other.</summary>
    public int Depth => Text.Split('\n').Max(static line => (line.Length - line.TrimStart(' ').Length) / 2);

    public uint Call(params uint[] arguments)
    {
        InterpreterResult result = new Interpreter(Module, new InterpreterOptions { MostSteps = 100_000_000 }).Call(
            Function, [.. arguments.Select(argument => Module.Values.Integer(TypeId.U32, argument))]);
        Assert.True(!result.IsTrap, $"{result.Trap}\n{Text}");
        return BitConverter.ToUInt32(result.Value.Bytes.Span);
    }

    /// <summary>What is wrong with the graph.</summary>
    public string[] Mistakes()
    {
        var diagnostics = new DiagnosticBag();
        Assert.Null(Graph.Finish(diagnostics));
        return [.. diagnostics.Diagnostics.Select(static diagnostic => $"{diagnostic.Descriptor.Code} {diagnostic}")];
    }

    private AirFunction Finish()
    {
        var diagnostics = new DiagnosticBag();
        AirFunction? function = Graph.Finish(diagnostics);
        Assert.Empty(diagnostics.Diagnostics.Select(static diagnostic => diagnostic.ToString()));
        bool isGood = Verifier.Run(Module, AirTarget.Wasm32, diagnostics);
        Assert.True(isGood, isGood ? "" : string.Join('\n', diagnostics.Diagnostics.Take(5)) + (Module.Functions.First().Body!.Count < 2000 ? "\n" + Text : ""));
        return function!;
    }
}
