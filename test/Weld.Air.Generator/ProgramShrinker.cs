namespace Weld.Air.Generator;

/// <summary>Makes a program smaller as long as it still does what it is kept for.</summary>
/// <remarks>What is made smaller is the list of choices: parts of it are left out or become 0, and the program is generated
/// again. Every attempt is a legal program, so nothing has to be repaired.</remarks>
public static class ProgramShrinker
{
    /// <param name="program">The program.</param>
    /// <param name="options">What it was generated with.</param>
    /// <param name="isKept">Whether a smaller program is as good.</param>
    /// <param name="mostAttempts">When to stop.</param>
    public static GeneratedProgram Shrink(GeneratedProgram program, GeneratorOptions options, Func<GeneratedProgram, bool> isKept, int mostAttempts = 8000)
    {
        int attempts = 0;
        GeneratedProgram best = program;
        while (attempts < mostAttempts)
        {
            GeneratedProgram before = best;
            for (int size = Math.Max(best.Choices.Count / 2, 1); size > 0; size /= 2)
            {
                Pass(size, static (choices, start, count) => [.. choices.Take(start), .. choices.Skip(start + count)]);
                Pass(size, static (choices, start, count) => [.. choices.Select((choice, i) => i >= start && i < start + count ? 0 : choice)]);
            }
            Pass(1, static (choices, start, _) => [.. choices.Select((choice, i) => i == start ? choice / 2 : choice)]);
            Pass(1, static (choices, start, _) => [.. choices.Select((choice, i) => i == start ? Math.Max(choice - 1, 0) : choice)]);
            if (best.Choices.Count == before.Choices.Count && best.Choices.SequenceEqual(before.Choices))
                break;
        }
        return best;

        void Pass(int size, Func<IReadOnlyList<int>, int, int, IReadOnlyList<int>> change)
        {
            // From the end, where a change moves least of the rest.
            for (int start = best.Choices.Count - size; start >= 0 && attempts < mostAttempts; start -= size)
            {
                if (start + size > best.Choices.Count)
                    continue;
                IReadOnlyList<int> smaller = change(best.Choices, start, size);
                if (smaller.SequenceEqual(best.Choices))
                    continue;
                attempts++;
                if (Try(smaller) is { } candidate && IsSmaller(candidate.Choices, best.Choices) && isKept(candidate))
                    best = candidate;
            }
        }

        GeneratedProgram? Try(IReadOnlyList<int> choices)
        {
            try
            {
                return ProgramGenerator.Generate(choices, options);
            }
            // A generator's own mistake, which some other list of choices led to.
            catch (InvalidOperationException)
            {
                return null;
            }
        }
    }

    private static bool IsSmaller(IReadOnlyList<int> x, IReadOnlyList<int> y) =>
        x.Count < y.Count || (x.Count == y.Count && x.Sum(static choice => (long)choice) < y.Sum(static choice => (long)choice));
}
