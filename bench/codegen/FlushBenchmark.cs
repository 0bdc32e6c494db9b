using System.Diagnostics;
using System.Globalization;
using Weld.Air;
using Weld.Air.Items;
using Weld.Base.Diagnostics;
using Weld.CodeGen;
using Weld.Mir;
using Weld.Mir.Modules;

namespace Weld.CodeGen.Bench;

/// <summary>What it costs to write a module again after a change: of one function, and of all.</summary>
internal static class FlushBenchmark
{
    private const int Runs = 15;

    public static void Run(int functions, int statements)
    {
        (AirModule module, _, _) = ProgramGenerator.Make(functions, statements);
        AirFunction[] all = [.. module.Functions];
        var compiler = new ModuleCompiler(module, CodeGenTarget.Wasm32);
        var diagnostics = new DiagnosticBag();
        compiler.UpdateAll(diagnostics);
        ModuleObject target = compiler.Object;
        int size = Flush(target, diagnostics);
        double flush = Best(() => Flush(target, diagnostics));
        double compileOne = Best(() => compiler.Update(all[functions / 2], diagnostics));
        double one = Best(() =>
        {
            compiler.Update(all[functions / 2], diagnostics);
            Flush(target, diagnostics);
        });
        double encodeAll = Best(() => SetAll(target));
        double everything = Best(() =>
        {
            compiler.UpdateAll(diagnostics);
            Flush(target, diagnostics);
        });
        if (diagnostics.HasErrors)
            throw new InvalidOperationException(diagnostics.Diagnostics[0].ToString());
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{functions} functions, {size} bytes: flush {flush:F1} ms; one function compiled {compileOne * 1000:F0} us, with flush {one:F1} ms; all encoded {encodeAll:F1} ms; all compiled, with flush {everything:F1} ms"));
    }

    private static int Flush(ModuleObject module, DiagnosticBag diagnostics) => module.Read(diagnostics)!.Value.Length;

    private static void SetAll(ModuleObject module)
    {
        foreach ((MirFunctionId id, MirFunctionItem item) in module.Functions.All())
            module.Functions.Set(id, item);
    }

    private static double Best(Action action)
    {
        double best = double.MaxValue;
        for (int i = 0; i < Runs; i++)
        {
            long start = Stopwatch.GetTimestamp();
            action();
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
        return best;
    }
}
