using Weld.TestSupport;
using Xunit;

namespace Weld.FileTests;

/// <summary>Every file in one folder under cases/ is one test.</summary>
/// <remarks>What a case expects is compared with weld and, in the same test, with wasm-ld; WELD_UPDATE=1 writes what wasm-ld
/// does into the case instead. A class per folder, because classes run in parallel and the cases of one class do not.</remarks>
public abstract class CaseFolder<TSelf>
    where TSelf : CaseFolder<TSelf>, ICaseFolder
{
    private static readonly Oracle Oracle = new();

    public static IEnumerable<TheoryDataRow<string>> Cases => CaseFiles.In(TSelf.Folder).Select(static file => new TheoryDataRow<string>(file));

    [Theory, MemberData(nameof(Cases))]
    public void Case(string file)
    {
        string path = Path.Combine(CaseFiles.Root, file);
        string text = File.ReadAllText(path);
        FileTestCase test = FileTestCase.Parse(text);
        using var run = new CaseRun(test);
        CheckObjects(test, run);
        List<LinkOutcome> byOracle = run.Run(Oracle);
        bool isUpdate = Environment.GetEnvironmentVariable("WELD_UPDATE") == "1";
        if (isUpdate && test.Differs is null)
        {
            CheckMessages(byOracle, Oracle.Name);
            File.WriteAllText(path, FileTestCase.WithExpected(text, Transcript(byOracle)));
            return;
        }
        List<LinkOutcome> byWeld = run.Run(LinkerUnderTest());
        CheckMessages(byWeld, "weld");
        if (isUpdate)
            File.WriteAllText(path, FileTestCase.WithExpected(text, Transcript(byWeld)));
        else
            Assert.Equal(By("weld", test.Expected), By("weld", Transcript(byWeld)));
        CheckOracle(test, byOracle, Transcript(byWeld));
        Validate(test, run);
    }

    /// <summary>WELD_UNDER_TEST, or the weld that was built with these tests.</summary>
    private static ILinker LinkerUnderTest() =>
        Environment.GetEnvironmentVariable("WELD_UNDER_TEST") is { Length: > 0 } path ? new WeldProgram(path) : new WeldInProcess();

    /// <summary>The objects are what LLVM takes for objects, unless the case is about ones that are not.</summary>
    private static void CheckObjects(FileTestCase test, CaseRun run)
    {
        if (test.MalformedObjects is not null)
            return;
        string[] objects = [.. run.Objects];
        if (objects.Length == 0)
            return;
        ToolResult result = Tool.Run(Path.GetDirectoryName(objects[0])!, "llvm-readobj-22", ["--sections", "--symbols", "--relocs", .. objects]);
        Assert.True(result.ExitCode == 0 && result.Errors.Length == 0, $"llvm-readobj refuses an object:\n{result.Errors}");
    }

    private static void CheckOracle(FileTestCase test, List<LinkOutcome> byOracle, string weldTranscript)
    {
        string transcript = Transcript(byOracle);
        if (test.Differs is null)
        {
            CheckMessages(byOracle, Oracle.Name);
            Assert.Equal(By(Oracle.Name, test.Expected), By(Oracle.Name, transcript));
            return;
        }
        bool differs = transcript != weldTranscript || byOracle.Exists(static outcome => MessageFault(outcome, "weld") is not null);
        Assert.True(differs, "wasm-ld does the same: the line 'differs:' has to go");
    }

    private static string Transcript(List<LinkOutcome> outcomes) => string.Concat(outcomes.Select(static outcome => outcome.Transcript));

    private static string By(string linker, string transcript) => $"by {linker}:\n{transcript}";

    private static void CheckMessages(List<LinkOutcome> outcomes, string linker)
    {
        foreach (LinkOutcome outcome in outcomes)
            if (MessageFault(outcome, linker) is { } fault)
                Assert.Fail(fault);
    }

    /// <summary>A link is silent, or its messages hold the words of the case.</summary>
    private static string? MessageFault(LinkOutcome outcome, string linker)
    {
        if (outcome.ExitCode is not (0 or 1))
            return $"{linker} crashes with exit code {outcome.ExitCode}:\n{outcome.Messages}";
        IEnumerable<string> words = linker == Oracle.Name ? outcome.Command.Words : outcome.Command.Words.Concat(outcome.Command.WeldWords);
        foreach (string word in words)
            if (!outcome.Messages.Contains(word, StringComparison.Ordinal))
                return $"{linker} does not say \"{word}\", but:\n{outcome.Messages}";
        if (words.Any())
            return null;
        if (!outcome.Succeeded)
            return $"{linker} fails, and the case does not say with which words:\n{outcome.Messages}";
        return outcome.Messages.Length == 0 ? null : $"{linker} is not silent:\n{outcome.Messages}";
    }

    private static void Validate(FileTestCase test, CaseRun run)
    {
        if (test.Unvalidated is not null)
            return;
        foreach (string module in run.Modules)
        {
            ToolResult result = Tool.Run(Path.GetDirectoryName(module)!, "wasm-validate", "--enable-all", module);
            Assert.True(result.ExitCode == 0, $"an output is not valid: {result.Errors}");
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

    /// <summary>The folders that hold cases, named from the root.</summary>
    public static IEnumerable<string> Folders =>
        Directory.EnumerateFiles(Root, "*.wft", SearchOption.AllDirectories)
            .Select(static file => Path.GetRelativePath(Root, Path.GetDirectoryName(file)!))
            .Distinct()
            .Order(StringComparer.Ordinal);
}
