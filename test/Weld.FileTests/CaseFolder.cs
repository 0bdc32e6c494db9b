using Weld.TestSupport;
using Xunit;

namespace Weld.FileTests;

/// <summary>Every file in one folder under cases/ is one test. WELD_BLESS=1 rewrites the expected parts instead of failing.</summary>
/// <remarks>A class per folder, because classes run in parallel and the cases of one class do not.</remarks>
public abstract class CaseFolder<TSelf>
    where TSelf : CaseFolder<TSelf>, ICaseFolder
{
    private const string Oracle = "wasm-ld-22";

    public static IEnumerable<TheoryDataRow<string>> Cases => CaseFiles.In(TSelf.Folder).Select(static file => new TheoryDataRow<string>(file));

    /// <summary>The linker under test: WELD_UNDER_TEST, or the weld that was built with these tests.</summary>
    private static string LinkerUnderTest => Environment.GetEnvironmentVariable("WELD_UNDER_TEST") is { Length: > 0 } path ? path : BuiltWeld;

    private static string BuiltWeld => Path.Combine(
        AppContext.BaseDirectory, "..", "..", "Weld.Cli", Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)) + "_net10.0", "weld");

    private static bool IsOracleUnderTest => Path.GetFileName(LinkerUnderTest) == Oracle;

    protected static void Check(string file)
    {
        string path = Path.Combine(CaseFiles.Root, file);
        string text = File.ReadAllText(path);
        FileTestCase test = FileTestCase.Parse(text);
        using var run = new CaseRun(test, LinkerUnderTest);
        List<LinkOutcome> outcomes = run.Run();
        if (test.Unimplemented is not null && !IsOracleUnderTest)
        {
            CheckUnimplemented(outcomes);
            return;
        }
        string transcript = string.Concat(outcomes.Select(static outcome => outcome.Transcript));
        string messages = string.Concat(outcomes.Select(static outcome => outcome.Messages));
        CheckMessages(outcomes, "weld");
        if (test.OracleDiffers is null && !IsOracleUnderTest)
            CheckOracle(test, outcomes);
        Validate(test, run);
        if (Environment.GetEnvironmentVariable("WELD_BLESS") == "1")
        {
            File.WriteAllText(path, FileTestCase.Bless(text, transcript, BlessedErrors(test, messages)));
            return;
        }
        Assert.Equal(test.Expected, transcript);
        if (!IsOracleUnderTest && test.ExpectedErrors is { } expectedErrors)
            Assert.Equal(expectedErrors, messages);
    }

    private static string? BlessedErrors(FileTestCase test, string messages) =>
        test.ExpectedErrors is null || IsOracleUnderTest ? null : messages;

    /// <summary>What weld does not do yet it must say, and must not do wrong.</summary>
    private static void CheckUnimplemented(List<LinkOutcome> outcomes) =>
        Assert.Contains(outcomes, static outcome => !outcome.Succeeded && outcome.Messages.Contains("not implemented yet", StringComparison.Ordinal));

    private static void CheckOracle(FileTestCase test, List<LinkOutcome> outcomes)
    {
        using var oracle = new CaseRun(test, Oracle);
        List<LinkOutcome> expected = oracle.Run();
        CheckMessages(expected, Oracle);
        for (int i = 0; i < outcomes.Count; i++)
            Assert.Equal($"by {Oracle}:\n{expected[i].Transcript}", $"by {Oracle}:\n{outcomes[i].Transcript}");
    }

    /// <summary>A link is silent, or its messages hold the words of the case.</summary>
    private static void CheckMessages(List<LinkOutcome> outcomes, string linker)
    {
        foreach (LinkOutcome outcome in outcomes)
        {
            foreach (string word in outcome.Command.Words)
                Assert.True(outcome.Messages.Contains(word, StringComparison.Ordinal), $"{linker} does not say \"{word}\", but:\n{outcome.Messages}");
            bool mustBeSilent = outcome.Succeeded && outcome.Command.Words.Count == 0;
            Assert.True(!mustBeSilent || outcome.Messages.Length == 0, $"{linker} is not silent:\n{outcome.Messages}");
            bool mustSay = !outcome.Succeeded && outcome.Command.Words.Count == 0;
            Assert.False(mustSay, $"{linker} fails, and the case does not say with which words:\n{outcome.Messages}");
        }
    }

    private static void Validate(FileTestCase test, CaseRun run)
    {
        if (test.Unvalidated is not null)
            return;
        foreach (string module in run.Modules)
        {
            ToolResult result = Tool.Run(Path.GetDirectoryName(module)!, "wasm-validate", "--enable-all", module);
            Assert.True(result.ExitCode == 0, $"the output is not valid:\n{result.Errors}");
        }
    }
}

/// <summary>A folder under cases/ that is run by a class.</summary>
public interface ICaseFolder
{
    static abstract string Folder { get; }
}

/// <summary>The case files of the checkout.</summary>
internal static class CaseFiles
{
    public static string Root { get; } = Repository.Path("test", "Weld.FileTests", "cases");

    /// <summary>The files of a folder, named from the root, in a stable order.</summary>
    public static IEnumerable<string> In(string folder) =>
        Directory.EnumerateFiles(Path.Combine(Root, folder), "*.wft")
            .Select(static file => Path.GetRelativePath(Root, file))
            .Order(StringComparer.Ordinal);

    public static IEnumerable<string> All =>
        Directory.EnumerateFiles(Root, "*.wft", SearchOption.AllDirectories).Select(static file => Path.GetRelativePath(Root, file));
}
