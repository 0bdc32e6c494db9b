using Weld.OracleTests.Modules;
using Weld.TestSupport;
using Xunit;

namespace Weld.OracleTests.Linking;

/// <summary>Asserts that weld's module is the one wasm-ld makes, apart from what a case lists as expected.</summary>
public static class LinkComparison
{
    private const int MostDifferencesShown = 15;
    private static readonly Lock ReportLock = new();
    private static readonly string Report = NewReport();

    /// <param name="title">For the report in artifacts/oracle-report.txt.</param>
    public static void AssertEqual(string title, string expectedFile, string actualFile, params ReadOnlySpan<ExpectedDifference> allowed)
    {
        ExpectedDifference[] list = [.. allowed];
        Module expected = ModuleReader.Read(expectedFile);
        Module actual = ModuleReader.Read(actualFile);
        IReadOnlyList<Difference> all = ModuleDiff.Compare(expected, actual);
        Difference[] unexpected = [.. all.Where(difference => !list.Any(entry => entry.Covers(difference)))];
        bool identical = expected.Bytes.AsSpan().SequenceEqual(actual.Bytes);
        Note($"{title}: {(identical ? "identical" : $"{all.Count} differences")}, {actual.Bytes.Length} of {expected.Bytes.Length} bytes");
        if (unexpected.Length > 0)
            Assert.Fail(Describe(title, expectedFile, actualFile, unexpected));
    }

    /// <summary>Both validators must accept the module.</summary>
    public static void AssertValid(string file) => Assert.Equal("", WasiRunner.Validate(file));

    private static string Describe(string title, string expectedFile, string actualFile, Difference[] differences)
    {
        IEnumerable<string> shown = differences.Take(MostDifferencesShown).Select(difference => difference.ToString());
        string more = differences.Length > MostDifferencesShown ? $"\n… and {differences.Length - MostDifferencesShown} more" : "";
        return $"{title}: {differences.Length} differences\n{string.Join('\n', shown)}{more}\n{Keep(title, expectedFile)}\n{Keep(title, actualFile)}";
    }

    /// <summary>The test's folder goes away: a copy stays for looking at.</summary>
    private static string Keep(string title, string file)
    {
        string folder = Repository.Path("artifacts", "oracle-failures", string.Concat(title.Select(letter => char.IsLetterOrDigit(letter) ? letter : '-')));
        string copy = Path.Combine(Directory.CreateDirectory(folder).FullName, $"{Path.GetFileName(Path.GetDirectoryName(file))}.wasm");
        File.Copy(file, copy, overwrite: true);
        return copy;
    }

    private static string NewReport()
    {
        string path = Repository.Path("artifacts", "oracle-report.txt");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, "");
        return path;
    }

    private static void Note(string line)
    {
        TestContext.Current.TestOutputHelper?.WriteLine(line);
        lock (ReportLock)
            File.AppendAllText(Report, line + "\n");
    }
}
