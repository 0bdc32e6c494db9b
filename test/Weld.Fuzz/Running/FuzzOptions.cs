using System.Globalization;
using Weld.TestSupport;

namespace Weld.Fuzz.Running;

/// <summary>The fuzzer's command line.</summary>
public sealed record FuzzOptions
{
    public const string Usage = """
        usage: Weld.Fuzz [--count N] [--seed S] [--first K] [--jobs J] [--wasm-ld] [--list VERDICT]
               Weld.Fuzz --replay DIRECTORY
          --count N       cases to run (500)
          --seed S        the seed of all random choices (1)
          --first K       the number of the first case (0)
          --jobs J        processes at a time (one per core)
          --wasm-ld       also give the same inputs to wasm-ld-22, for comparison
          --list VERDICT  print every case that ends so, and keep its files
          --replay DIR    run a saved case again
        """;

    public int Count { get; init; } = 500;

    public int Seed { get; init; } = 1;

    public int First { get; init; }

    public int Jobs { get; init; } = Environment.ProcessorCount;

    public bool CompareWithWasmLd { get; init; }

    /// <summary>A verdict whose cases are kept; null for failures only.</summary>
    public string? Keep { get; init; }

    public string? ReplayDirectory { get; init; }

    /// <summary>In a child process: the cases to run, as FROM..TO.</summary>
    public string? WorkerRange { get; init; }

    /// <summary>Where failed cases are kept.</summary>
    public static string FailureDirectory => Repository.Path("artifacts", "fuzz");

    /// <summary>Runs with different seeds can go on at the same time.</summary>
    public string RunDirectory => Path.Combine(FailureDirectory, $"run-{Seed}");

    public string SeedDirectory => Path.Combine(RunDirectory, "seeds");

    public string WorkDirectory => Path.Combine(RunDirectory, "work");

    /// <returns>Null when the arguments make no sense.</returns>
    public static FuzzOptions? Parse(string[] arguments)
    {
        var options = new FuzzOptions();
        for (int i = 0; i < arguments.Length; i++)
        {
            string name = arguments[i];
            if (name == "--wasm-ld")
            {
                options = options with { CompareWithWasmLd = true };
                continue;
            }
            if (++i == arguments.Length)
                return null;
            string value = arguments[i];
            bool isNumber = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number);
            switch (name)
            {
                case "--count" when isNumber:
                    options = options with { Count = number };
                    break;
                case "--seed" when isNumber:
                    options = options with { Seed = number };
                    break;
                case "--first" when isNumber:
                    options = options with { First = number };
                    break;
                case "--jobs" when isNumber && number > 0:
                    options = options with { Jobs = number };
                    break;
                case "--list":
                    options = options with { Keep = value };
                    break;
                case "--replay":
                    options = options with { ReplayDirectory = Path.GetFullPath(value) };
                    break;
                case "--worker":
                    options = options with { WorkerRange = value };
                    break;
                default:
                    return null;
            }
        }
        return options;
    }
}
