using Weld.Air.Text;
using Weld.Base.Diagnostics;
using Weld.CodeGen;
using Weld.Linker;

namespace Weld.Cli;

/// <summary>Reads and compiles files of AIR, several at a time; messages come in the order of the files.</summary>
internal static class AirCompiler
{
    // Fewer are compiled before a thread has started.
    private const int FunctionsPerThread = 16;

    /// <param name="paths">The files, each once.</param>
    /// <param name="target">For what.</param>
    /// <param name="threads">How many threads; 0 for one per core.</param>
    /// <param name="shell">Receives what is wrong.</param>
    /// <returns>A module for each file; null after an error.</returns>
    public static CompiledModule[]? Run(IReadOnlyList<string> paths, CodeGenTarget target, int threads, CommandShell shell)
    {
        int threadsPerFile = Math.Max(Workers.Count(threads) / Math.Max(paths.Count, 1), 1);
        CompiledModule?[] modules = ForEach(paths, threads, shell, (source, diagnostics) => Compile(source, target, threadsPerFile, diagnostics));
        return shell.Diagnostics.HasErrors ? null : Array.ConvertAll(modules, static module => module!);
    }

    /// <summary>Reads files and does something with each.</summary>
    /// <param name="paths">The files.</param>
    /// <param name="threads">How many threads; 0 for one per core.</param>
    /// <param name="shell">Receives what is wrong.</param>
    /// <param name="action">What to do; null after an error.</param>
    public static T?[] ForEach<T>(IReadOnlyList<string> paths, int threads, CommandShell shell, Func<AirSource, DiagnosticBag, T?> action)
        where T : class
    {
        var results = new T?[paths.Count];
        var bags = new DiagnosticBag[paths.Count];
        Workers.ForEach(
            paths.Count,
            threads,
            i => results[i] = AirSource.Read(paths[i], shell, bags[i] = new DiagnosticBag()) is { } source ? action(source, bags[i]) : null,
            minimumPerThread: 1);
        foreach (DiagnosticBag bag in bags)
            shell.Diagnostics.AddRange(bag.Diagnostics);
        return results;
    }

    private static CompiledModule? Compile(AirSource source, CodeGenTarget target, int threads, DiagnosticBag diagnostics)
    {
        if (source.Load(target.Air, diagnostics) is not ParsedModule parsed)
            return null;
        int useful = Math.Min(threads, 1 + (parsed.Module.Functions.Count() / FunctionsPerThread));
        return new CompiledModule(source, ModuleCompiler.Compile(parsed.Module, target, diagnostics, useful));
    }
}
