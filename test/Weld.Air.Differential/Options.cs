using System.Globalization;

namespace Weld.Air.Differential;

/// <summary>The command line.</summary>
internal sealed record Options
{
    public const string Usage = "usage: Weld.Air.Differential [--count N] [--seed S] [--only-interpreter] [--all] [--wasm64] [--no-shrink] [--most-failures N] [--print] [--report FILE]";

    /// <summary>Programs to compare.</summary>
    public int Count { get; init; } = 500;

    /// <summary>Of the first program; the next ones count on.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Do not compile: verify, print and parse, and interpret twice.</summary>
    public bool OnlyInterpreter { get; init; }

    /// <summary>With the types that code generation has not got yet.</summary>
    public bool HasAll { get; init; }

    /// <summary>With 64-bit addresses. Programs that need a C library are left out, as there is none.</summary>
    public bool Is64 { get; init; }

    public bool Shrinks { get; init; } = true;

    public int MostFailures { get; init; } = 5;

    /// <summary>Print the program of the seed.</summary>
    public bool Prints { get; init; }

    /// <summary>A file that failures are added to.</summary>
    public string? Report { get; init; }

    public static Options? Parse(string[] arguments)
    {
        var options = new Options();
        for (int i = 0; i < arguments.Length; i++)
        {
            string value = i + 1 < arguments.Length ? arguments[i + 1] : "";
            switch (arguments[i])
            {
                case "--count" when int.TryParse(value, out int count):
                    options = options with { Count = count };
                    i++;
                    break;
                case "--seed" when ulong.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out ulong seed):
                    options = options with { Seed = seed };
                    i++;
                    break;
                case "--most-failures" when int.TryParse(value, out int most):
                    options = options with { MostFailures = most };
                    i++;
                    break;
                case "--report" when value.Length > 0:
                    options = options with { Report = value };
                    i++;
                    break;
                case "--only-interpreter":
                    options = options with { OnlyInterpreter = true };
                    break;
                case "--all":
                    options = options with { HasAll = true };
                    break;
                case "--wasm64":
                    options = options with { Is64 = true };
                    break;
                case "--no-shrink":
                    options = options with { Shrinks = false };
                    break;
                case "--print":
                    options = options with { Prints = true };
                    break;
                default:
                    return null;
            }
        }
        return options;
    }
}
