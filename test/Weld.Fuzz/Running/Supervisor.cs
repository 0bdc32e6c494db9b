using System.Globalization;
using Weld.Fuzz.Inputs;

namespace Weld.Fuzz.Running;

/// <summary>Shares the cases out to child processes, collects the verdicts, and keeps and shrinks what failed.</summary>
public sealed class Supervisor
{
    private const int CasesPerWorker = 100;

    private readonly FuzzOptions _options;
    private readonly Lock _lock = new();
    private readonly SortedDictionary<Verdict, int> _counts = [];
    private readonly SortedDictionary<Verdict, int> _wasmLdCounts = [];
    private readonly List<(int Number, CaseResult Result)> _failures = [];
    private int _next;

    private Supervisor(FuzzOptions options)
    {
        _options = options;
        // The unspoilt programs first: if those do not link, the rest would show nothing.
        _next = options.First == 0 ? FuzzCase.FirstUnspoilt - SeedProgram.All.Count + 1 : options.First;
    }

    /// <returns>The exit code: 0 when no case failed.</returns>
    public static int Run(FuzzOptions options)
    {
        if (Directory.Exists(options.RunDirectory))
            Directory.Delete(options.RunDirectory, recursive: true);
        SeedFiles.Build(options.SeedDirectory);
        var supervisor = new Supervisor(options);
        var threads = new Thread[options.Jobs];
        Exception? error = null;
        for (int i = 0; i < threads.Length; i++)
        {
            threads[i] = new Thread(() =>
            {
                try
                {
                    supervisor.RunWorkers();
                }
                catch (FuzzSetupException e)
                {
                    error = e;
                }
            });
            threads[i].Start();
        }
        foreach (Thread thread in threads)
            thread.Join();
        if (error is not null)
            throw error;
        return supervisor.Report();
    }

    private void RunWorkers()
    {
        while (true)
        {
            int from;
            int to;
            lock (_lock)
            {
                from = _next;
                to = Math.Min(from + CasesPerWorker, _options.First + _options.Count);
                _next = to;
            }
            if (from >= to)
                return;
            while (from < to)
            {
                string[] arguments =
                [
                    "--seed", _options.Seed.ToString(CultureInfo.InvariantCulture), "--worker", $"{from}..{to}",
                    .. _options.Keep is null ? [] : (string[])["--list", _options.Keep],
                    .. _options.CompareWithWasmLd ? (string[])["--wasm-ld"] : [],
                ];
                int? died = ChildProcess.Run(arguments, Note, NoteWasmLd);
                from = died is int number ? number + 1 : to;
            }
        }
    }

    private void Note(int number, CaseResult result)
    {
        // On a busy machine, a case can be late through no fault of its own.
        if (result.Verdict == Verdict.Hang)
            ChildProcess.Run(["--replay", Path.Combine(_options.WorkDirectory, $"{_options.Seed}-{number}")], (_, again) => result = again);
        lock (_lock)
        {
            if (number < 0)
                return;
            _counts[result.Verdict] = _counts.GetValueOrDefault(result.Verdict) + 1;
            if (result.IsFailure)
                _failures.Add((number, result));
            if (result.IsFailure || _options.Keep == result.Verdict.ToString())
                Console.WriteLine($"seed {_options.Seed} case {number}: {result.Verdict}: {result.Detail}");
        }
    }

    private void NoteWasmLd(Verdict verdict)
    {
        lock (_lock)
            _wasmLdCounts[verdict] = _wasmLdCounts.GetValueOrDefault(verdict) + 1;
    }

    private int Report()
    {
        foreach ((int number, CaseResult result) in _failures.Take(20))
        {
            string directory = Keep(number);
            Shrinker.Run(directory, result.Verdict);
            Console.WriteLine($"seed {_options.Seed} case {number}: {result.Verdict}, shrunk: {directory}");
        }
        Console.WriteLine($"fuzz: seed {_options.Seed}, cases {_options.First} to {_options.First + _options.Count - 1}: "
            + Describe(_counts));
        if (_options.CompareWithWasmLd)
            Console.WriteLine("fuzz: wasm-ld-22 on the same inputs: " + Describe(_wasmLdCounts));
        Console.WriteLine(_failures.Count == 0 ? $"fuzz: {_options.Count} passed, 0 failed" : $"fuzz: {_options.Count - _failures.Count} passed, {_failures.Count} failed");
        return _failures.Count == 0 ? 0 : 1;
    }

    /// <summary>Moves a case to where it stays, with everything that it needs.</summary>
    private string Keep(int number)
    {
        string directory = Path.Combine(FuzzOptions.FailureDirectory, $"{_options.Seed}-{number}");
        if (Directory.Exists(directory))
            Directory.Delete(directory, recursive: true);
        Directory.Move(Path.Combine(_options.WorkDirectory, $"{_options.Seed}-{number}"), directory);
        string commandFile = Path.Combine(directory, FuzzCase.CommandFile);
        string[] command = File.ReadAllLines(commandFile);
        for (int i = 0; i < command.Length; i++)
            if (Path.IsPathRooted(command[i]))
            {
                string name = Path.GetFileName(command[i]);
                File.Copy(command[i], Path.Combine(directory, name), overwrite: true);
                command[i] = name;
            }
        File.WriteAllLines(commandFile, command);
        return directory;
    }

    private static string Describe(SortedDictionary<Verdict, int> counts) => string.Join(", ", counts.Select(static pair => $"{pair.Value} {pair.Key}"));
}
