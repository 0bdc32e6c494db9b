using System.Globalization;
using System.Text.RegularExpressions;
using Weld.TestSupport;
using Xunit;

namespace Weld.Cli.Tests;

/// <summary>Any text gives <c>weld build</c> a valid module or messages, and no output with messages.</summary>
/// <remarks>WELD_FUZZ_CASES sets how many texts, WELD_FUZZ_SEED the first seed.</remarks>
public sealed partial class BuildFuzzTests
{
    private static readonly int Cases = Number("WELD_FUZZ_CASES", 1000);
    private static readonly int FirstSeed = Number("WELD_FUZZ_SEED", 1);

    private static readonly string[][] Targets = [[], ["-mcpu=mvp"], ["-mwasm64"], ["-mtail-call"]];

    [Fact]
    public void Damaged_texts_give_messages_or_valid_modules()
    {
        string[] corpus = [.. Corpus()];
        using var folder = new TemporaryFolder();
        var built = new List<int>();
        int compiled = 0;
        for (int i = 0; i < Cases; i++)
        {
            int seed = FirstSeed + i;
            string text = new ProgramMutator(corpus, seed).Next();
            string output = folder[$"{seed}.wasm"];
            string[] target = Targets[seed % Targets.Length];
            CliRun run = CliRun.RunWith(text, ["build", "--no-entry", "--export-all", "--import-undefined", "--error-limit=0", "-", "-o", output, .. target]);
            string about = $"seed {seed} {string.Concat(target)}: {run.Error}\n--- text:\n{text}";
            Assert.True((run.ExitCode == 0) == File.Exists(output), about);
            Assert.True((run.ExitCode == 0) == !run.Error.Contains("error: ", StringComparison.Ordinal), about);
            // Of the linker, only what is about names; of code generation, only what it says that it cannot do.
            Assert.All(Codes().Matches(run.Error), code => Assert.True(code.Value is "[WELD0801]" or "[WELD0802]" or "[WELD0803]" or "[WELD0301]" || code.Value.StartsWith("[WELD1", StringComparison.Ordinal), about));
            compiled += run.ExitCode == 0 || run.Error.Contains("[WELD0801]", StringComparison.Ordinal) ? 1 : 0;
            if (run.ExitCode == 0)
                built.Add(seed);
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"{Cases} texts, {compiled} reached code generation, {built.Count} modules");
        // Otherwise code generation would not have been tried.
        Assert.True(built.Count > Cases / 10, $"of {Cases} texts only {built.Count} were built");
        foreach (int[] some in built.Chunk(200))
            Assert.Equal("", ProcessRunner.Run(Tools.CurrentNode, [Repository.Path("test", "Weld.TestSupport", "wasm-validate.mjs"), .. some.Select(seed => folder[$"{seed}.wasm"])]).AllOutput);
    }

    // Functions alone: in a whole file, some line would nearly always be wrong.
    private static IEnumerable<string> Corpus()
    {
        string cases = Repository.Path("test", "Weld.Air.Tests", "cases");
        string[] files =
        [
            .. new[] { "text", "run", "verify" }.SelectMany(name => Directory.GetFiles(Path.Combine(cases, name), "*.air")),
            .. Directory.GetFiles(Repository.Path("samples"), "*.air", SearchOption.AllDirectories),
        ];
        return files.Order(StringComparer.Ordinal).Select(File.ReadAllText).SelectMany(Parts);
    }

    private static IEnumerable<string> Parts(string text)
    {
        string[] items = text.Split("\n\n");
        string[] types = [.. items.Where(static item => item.StartsWith("type ", StringComparison.Ordinal) || item.StartsWith("errors ", StringComparison.Ordinal))];
        return items.Except(types).Select(item => string.Join("\n\n", types.Append(item)) + "\n");
    }

    private static int Number(string name, int usual) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : usual;

    [GeneratedRegex(@"\[WELD[0-9]{4}\]")]
    private static partial Regex Codes();
}
