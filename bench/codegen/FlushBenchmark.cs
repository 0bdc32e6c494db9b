using System.Globalization;
using Weld.Air;
using Weld.Air.Items;
using Weld.Base.Diagnostics;
using Weld.CodeGen;
using Weld.Linker;
using Weld.Linker.Options;
using Weld.Mir;
using Weld.Mir.Modules;

namespace Weld.CodeGen.Bench;

/// <summary>What it costs to write a module again after a change: of one function, and of all.</summary>
internal static class FlushBenchmark
{
    private const int Runs = 40;
    private const int LongRuns = 8;

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
        string output = Path.Combine(Path.GetTempPath(), $"weld-bench-{Environment.ProcessId}.wasm");
        double link = Best(
            () =>
            {
                compiler.Update(all[functions / 2], diagnostics);
                Link(target, output, diagnostics);
            },
            LongRuns);
        File.Delete(output);
        double encodeAll = Best(() => SetAll(target), LongRuns);
        double everything = Best(
            () =>
            {
                compiler.UpdateAll(diagnostics);
                Flush(target, diagnostics);
            },
            LongRuns);
        if (diagnostics.HasErrors)
            throw new InvalidOperationException(diagnostics.Diagnostics[0].ToString());
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{functions} functions, {size} bytes: flush {flush:F1} ms; one function compiled {compileOne * 1000:F0} us, with flush {one:F1} ms, with flush and link {link:F1} ms; all encoded {encodeAll:F1} ms; all compiled, with flush {everything:F1} ms"));
    }

    // As a link does it.
    private static int Flush(ModuleObject module, DiagnosticBag diagnostics)
    {
        ReadOnlyMemory<byte> bytes = module.Read(diagnostics)!.Value;
        module.Release(bytes);
        return bytes.Length;
    }

    private static void Link(ModuleObject module, string output, DiagnosticBag diagnostics)
    {
        var options = new LinkOptions { OutputFile = output, Entry = "" };
        options.AddInput("module", module);
        LinkPipeline.Run(options, diagnostics, TextWriter.Null);
    }

    private static void SetAll(ModuleObject module)
    {
        foreach ((MirFunctionId id, MirFunctionItem item) in module.Functions.All())
            module.Functions.Set(id, item);
    }

    /// <summary>The least processor time of some runs, in milliseconds: less than time that passes does it depend on what else runs.</summary>
    private static double Best(Action action, int runs = Runs)
    {
        double best = double.MaxValue;
        for (int i = 0; i < runs; i++)
        {
            TimeSpan start = Environment.CpuUsage.TotalTime;
            action();
            best = Math.Min(best, (Environment.CpuUsage.TotalTime - start).TotalMilliseconds);
        }
        return best;
    }
}
