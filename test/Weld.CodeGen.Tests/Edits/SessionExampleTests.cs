using Weld.Base.Diagnostics;
using Weld.TestSupport;
using Xunit;

namespace Weld.CodeGen.Tests.Edits;

public sealed class SessionExampleTests
{
    [Fact]
    public void The_example_runs_before_and_after_the_change()
    {
        using var folder = new TemporaryFolder();
        var diagnostics = new DiagnosticBag();
        Assert.True(SessionExample.Run(folder.Root, "/usr/lib/wasm32-wasi", diagnostics));
        Assert.Empty(diagnostics.Diagnostics);
        foreach ((string name, string line) in new[] { ("first.wasm", "one\n"), ("second.wasm", "two\n") })
            Assert.Equal(line, WasiRunner.Run(folder[name]).RequireSuccess().StandardOutput);
    }

    /// <summary>WELD_BLESS=1 puts the example into README.md.</summary>
    [Fact]
    public void The_readme_has_the_example()
    {
        const string Start = "<!-- session -->\n";
        string page = Repository.Path("README.md");
        string text = File.ReadAllText(page);
        int from = text.IndexOf(Start, StringComparison.Ordinal) + Start.Length;
        int to = text.IndexOf("<!-- end -->", from, StringComparison.Ordinal);
        Assert.True(from >= Start.Length && to > from);
        string source = File.ReadAllText(Repository.Path("test", "Weld.CodeGen.Tests", "Edits", "SessionExample.cs"));
        string[] lines = source[source.IndexOf("// example\n", StringComparison.Ordinal)..source.IndexOf("        // end", StringComparison.Ordinal)].TrimEnd().Split('\n');
        string expected = $"```cs\n{string.Join('\n', lines[1..].Select(static line => line.Length > 8 ? line[8..] : ""))}\n```\n";
        if (Environment.GetEnvironmentVariable("WELD_BLESS") == "1")
            File.WriteAllText(page, text[..from] + expected + text[to..]);
        else
            Assert.Equal(expected, text[from..to]);
    }
}
