using Weld.Base.Diagnostics;
using Weld.Linker.Options;
// A dependency of BenchmarkDotNet has a namespace of that name.
using LinkerCommandLine = Weld.Linker.Options.CommandLine;

namespace Weld.Benchmarks;

/// <summary>The links that benchmarks run: folders with a link.rsp, as bench/macro/run.sh makes them.</summary>
internal static class BenchmarkInput
{
    /// <summary>The folder of the repository.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The options of the link.</summary>
    /// <param name="name">hello-c, hello-c++, S, M or L.</param>
    public static LinkOptions ReadOptions(string name)
    {
        string folder = FolderOf(name);
        string[] arguments = File.ReadAllText(Path.Combine(folder, "link.rsp")).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        for (int i = 0; i < arguments.Length; i++)
            if (!arguments[i].StartsWith('-') && Path.Combine(folder, arguments[i]) is string path && File.Exists(path))
                arguments[i] = path;
        var diagnostics = new DiagnosticBag();
        LinkOptions options = LinkerCommandLine.Parse([.. arguments, "-o", Path.Combine(Path.GetTempPath(), $"weld-benchmark-{Environment.ProcessId}.wasm")], diagnostics).Options;
        Check(!diagnostics.HasErrors, diagnostics);
        return options;
    }

    /// <summary>A benchmark of a link that fails would measure nothing.</summary>
    public static void Check(bool isGood, DiagnosticBag diagnostics)
    {
        if (!isGood)
            throw new InvalidOperationException(string.Join('\n', diagnostics.Diagnostics.Select(diagnostic => diagnostic.ToString())));
    }

    private static string FolderOf(string name)
    {
        string corpora = Environment.GetEnvironmentVariable("WELD_CORPUS") is { Length: > 0 } path ? path
            : Path.Combine(Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache ? cache
                : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"), "weld", "corpus");
        string folder = name is "S" or "M" or "L" ? Path.Combine(corpora, name) : Path.Combine(Root, "artifacts", "bench", "macro", name);
        return Directory.Exists(folder) ? folder : throw new DirectoryNotFoundException($"{folder} is missing; run: bench/macro/run.sh --rounds 1 {name}");
    }

    private static string FindRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "weld.slnx")))
            folder = Path.GetDirectoryName(folder);
        return folder ?? throw new DirectoryNotFoundException("no weld.slnx above " + AppContext.BaseDirectory);
    }
}
