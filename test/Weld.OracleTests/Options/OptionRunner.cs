using Weld.OracleTests.Linking;
using Weld.TestSupport;
using Xunit;

namespace Weld.OracleTests.Options;

/// <summary>Links one case of the option matrix with both linkers and compares the outcomes.</summary>
public static class OptionRunner
{
    public static void Compare(OptionCase[] group, string name)
    {
        OptionCase option = group.Single(option => option.Name == name);
        using var folder = new TemporaryFolder();
        LinkOutcome expected = Link(option, Path.Combine(folder.Root, "oracle"), arguments => ProcessRunner.Run(Tools.WasmLd, arguments, OptionFixture.Folder));
        LinkOutcome actual = Link(option, Path.Combine(folder.Root, "weld"), arguments => WeldTool.Link(arguments, OptionFixture.Folder));

        // The case says what must happen: it is wrong itself when wasm-ld does not agree.
        Assert.True(expected.Succeeded == option.Fails is null, $"the case expects something else of wasm-ld: {expected.Run}");
        Assert.True(actual.Succeeded == expected.Succeeded, $"wasm-ld: {expected.Run}\nweld: {actual.Run}");
        if (option.Fails is not null)
            AssertFailed(option.Fails, expected, actual);
        else if (!option.OnlyPrints)
            AssertLinked(option, expected, actual);
        else
            Assert.NotEmpty(actual.Run.StandardOutput);
    }

    private static LinkOutcome Link(OptionCase option, string folder, Func<string[], ProcessResult> link)
    {
        Directory.CreateDirectory(folder);
        string output = Path.Combine(folder, "out.wasm");
        List<string> arguments = [.. option.Arguments.Replace("{out}", folder, StringComparison.Ordinal).Split(' ', StringSplitOptions.RemoveEmptyEntries)];
        if (!option.OnlyPrints && !arguments.Any(argument => argument.StartsWith("-o", StringComparison.Ordinal)))
            arguments.AddRange(["-o", output]);
        return new LinkOutcome(link([.. arguments]), output);
    }

    private static void AssertFailed(string[] words, LinkOutcome expected, LinkOutcome actual)
    {
        Assert.All(words, word => Assert.Contains(word, expected.Run.StandardError, StringComparison.Ordinal));
        Assert.All(words, word => Assert.Contains(word, actual.Run.StandardError, StringComparison.Ordinal));
        Assert.False(File.Exists(actual.Output), "a failed link must not leave an output file");
    }

    private static void AssertLinked(OptionCase option, LinkOutcome expected, LinkOutcome actual)
    {
        Assert.All(option.Warns, word => Assert.Contains(word, expected.Run.StandardError, StringComparison.Ordinal));
        Assert.All(option.Warns, word => Assert.Contains(word, actual.Run.StandardError, StringComparison.Ordinal));
        if (option.Warns.Length == 0 && !option.AlsoPrints)
            Assert.Equal("", actual.Run.StandardError);
        LinkComparison.AssertEqual($"option: {option.Name}", expected.Output, actual.Output, option.Allowed);
        if (option.NotValidated is null)
            Assert.Equal("", WasiRunner.ValidateQuickly(actual.Output));
        if (!option.AlsoPrints)
            Assert.Equal(option.SameReport ? expected.Run.StandardOutput : "", actual.Run.StandardOutput);
        if (option.ReportFile is string report)
            Assert.Equal(Report(expected, report), Report(actual, report));
    }

    private static string Report(LinkOutcome link, string name) =>
        File.ReadAllText(Path.Combine(Path.GetDirectoryName(link.Output)!, name));
}
