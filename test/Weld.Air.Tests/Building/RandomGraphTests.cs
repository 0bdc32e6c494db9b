using System.Globalization;
using System.Text;
using Weld.Air.Interpretation;
using Weld.Air.Tests.Running;
using Weld.Air.Text;
using Weld.Air.Verification;
using Weld.Base.Diagnostics;
using Weld.CodeGen;
using Weld.TestSupport;

namespace Weld.Air.Tests.Building;

/// <summary>Random graphs, most of them irreducible, do as structured AIR what they do by themselves.</summary>
public sealed class RandomGraphTests
{
    private static readonly uint[] Arguments = [0, 1, 7, 123456789];

    [Fact]
    public void Interpreted()
    {
        int returned = 0;
        int dispatching = 0;
        for (int seed = 0; seed < 500; seed++)
        {
            var graph = new RandomGraph(seed);
            AirModule module = Build([graph], out _);
            dispatching += AirText.Print(module).Contains("repeat", StringComparison.Ordinal) ? 1 : 0;
            foreach (uint argument in Arguments)
            {
                var interpreter = new Interpreter(module);
                InterpreterResult result = interpreter.Call(Function(module, "f0"), module.Values.Integer(TypeId.U32, argument));
                uint notes = BitConverter.ToUInt32(interpreter.Call(Function(module, "read")).Value.Bytes.Span);
                (uint? wanted, uint wantedNotes) = graph.Run(argument);
                uint? given = result.IsTrap ? null : BitConverter.ToUInt32(result.Value.Bytes.Span);
                Assert.True((given, notes) == (wanted, wantedNotes), $"seed {seed}, f0({argument}): {result.Trap} {given} {notes}, not {wanted} {wantedNotes}\n{AirText.Print(module)}");
                returned += wanted is null ? 0 : 1;
            }
        }
        Assert.True(returned > 500, $"only {returned} returned");
        Assert.True(dispatching > 150, $"only {dispatching} have loops");
    }

    [Fact]
    public void Compiled()
    {
        RandomGraph[] graphs = [.. Enumerable.Range(0, 150).Select(static seed => new RandomGraph(seed))];
        AirModule module = Build(graphs, out AirFunction read);
        var calls = new StringBuilder();
        var texts = new List<string>();
        for (int i = 0; i < graphs.Length; i++)
        {
            foreach (uint argument in Arguments)
            {
                string name = $"f{i}({argument})";
                FunctionBuilder f = module.DefineFunction(name, ReadOnlySpan<TypeId>.Empty, TypeId.U32);
                f.Ret(f.Call(Function(module, $"f{i}"), f.Constant(TypeId.U32, argument)));
                module.Export(f.Finish(), name);
                (uint? wanted, uint notes) = graphs[i].Run(argument);
                calls.Append(CultureInfo.InvariantCulture, $"fresh\t{name}\t{(wanted is { } result ? $"i32 {result:x}" : "trap")}\n");
                calls.Append(CultureInfo.InvariantCulture, $"same\tread\ti32 {notes:x}\n");
                texts.AddRange([name, $"notes of {name}"]);
            }
        }
        module.Export(read, "read");
        var diagnostics = new DiagnosticBag();
        ReadOnlyMemory<byte>? code = ModuleCompiler.Compile(module, CodeGenTarget.Wasm32, diagnostics).Read(diagnostics);
        Assert.Empty(diagnostics.Diagnostics);
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["graphs.o"], code!.Value.Span);
        Assert.Empty(NodeRun.Run(folder, CodeGenTarget.Wasm32, [folder["graphs.o"]], calls.ToString(), texts));
    }

    private static AirModule Build(RandomGraph[] graphs, out AirFunction read)
    {
        var module = new AirModule();
        AirFunction note = RandomGraph.DefineNote(module, out AirVariable notes);
        FunctionBuilder f = module.DefineFunction("read", ReadOnlySpan<TypeId>.Empty, TypeId.U32);
        f.Ret(f.Load(f.PointerTo(notes)));
        read = f.Finish();
        var diagnostics = new DiagnosticBag();
        for (int i = 0; i < graphs.Length; i++)
            graphs[i].Build(module, $"f{i}", note).Finish(diagnostics);
        Assert.Empty(diagnostics.Diagnostics.Select(static diagnostic => diagnostic.ToString()));
        bool isGood = Verifier.Run(module, AirTarget.Wasm32, diagnostics);
        Assert.True(isGood, isGood ? "" : $"{diagnostics.Diagnostics[0]}\n{AirText.Print(module)}");
        return module;
    }

    private static AirFunction Function(AirModule module, string name) => module.Functions.First(function => function.Name == name);
}
