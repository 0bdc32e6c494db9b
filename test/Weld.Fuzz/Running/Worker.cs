using Weld.Fuzz.Inputs;

namespace Weld.Fuzz.Running;

/// <summary>The child process: runs cases one after the other and says on standard output which one it is at.</summary>
/// <remarks>The linker never frees its inputs, because a process that links ends soon; so a worker gets a limited number of cases.</remarks>
public static class Worker
{
    public const int SetupExitCode = 2;

    public const int MemoryExitCode = 86;

    private const long MemoryLimit = 768L << 20;

    private static long _limitOfCase = long.MaxValue;

    public static int Run(FuzzOptions options, int from, int to)
    {
        new Thread(WatchMemory) { IsBackground = true }.Start();
        using var runner = new CaseRunner();
        using var validator = new ModuleValidator();
        for (int number = from; number < to; number++)
        {
            Console.WriteLine($"begin {number}");
            string directory = Path.Combine(options.WorkDirectory, $"{options.Seed}-{number}");
            FuzzCase fuzzCase = FuzzCase.Make(options.Seed, number, options.SeedDirectory);
            fuzzCase.Save(directory);
            Interlocked.Exchange(ref _limitOfCase, Environment.WorkingSet + MemoryLimit);
            CaseResult result = runner.Run(directory);
            Console.WriteLine($"end {number} {result.Verdict} {fuzzCase.Name}[{string.Join(',', fuzzCase.Spoilt)}]: {result.Detail.ReplaceLineEndings(" ")}");
            bool isImplemented = !result.Detail.Contains(CaseRunner.NotImplemented, StringComparison.Ordinal);
            if (number <= FuzzCase.FirstUnspoilt && isImplemented && result.Verdict != Verdict.Linked)
                throw new FuzzSetupException($"{fuzzCase.Name} does not even link unspoilt: {result.Detail}");
            if (options.CompareWithWasmLd && number >= 0)
                Console.WriteLine($"wasm-ld {number} {WasmLdComparison.Run(directory, validator).Verdict}");
            if (!result.IsFailure && options.Keep != result.Verdict.ToString())
                Directory.Delete(directory, recursive: true);
        }
        return 0;
    }

    /// <summary>Runs one case that was saved before, and prints its verdict.</summary>
    public static int Replay(string directory)
    {
        new Thread(WatchMemory) { IsBackground = true }.Start();
        Interlocked.Exchange(ref _limitOfCase, Environment.WorkingSet + MemoryLimit);
        using var runner = new CaseRunner();
        CaseResult result = runner.Run(directory);
        Console.WriteLine($"end 0 {result.Verdict} {Path.GetFileName(directory)}: {result.Detail.ReplaceLineEndings(" ")}");
        return result.IsFailure ? 1 : 0;
    }

    private static void WatchMemory()
    {
        while (true)
        {
            if (Environment.WorkingSet > Interlocked.Read(ref _limitOfCase))
                Environment.Exit(MemoryExitCode);
            Thread.Sleep(20);
        }
    }
}
