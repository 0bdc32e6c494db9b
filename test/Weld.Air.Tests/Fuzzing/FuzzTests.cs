using System.Globalization;
using Weld.Air.Text;
using Weld.Air.Verification;
using Weld.Base.Diagnostics;

namespace Weld.Air.Tests.Fuzzing;

/// <summary>Any text gives a module or messages, never an exception; what can be parsed is printed and parsed to the same.</summary>
/// <remarks>WELD_FUZZ_CASES sets how many texts, WELD_FUZZ_SEED the first seed.</remarks>
public sealed class FuzzTests
{
    private static readonly int Cases = Number("WELD_FUZZ_CASES", 3000);
    private static readonly int FirstSeed = Number("WELD_FUZZ_SEED", 1);

    [Fact]
    public void Damaged_texts_give_messages_or_modules_that_are_printed_and_parsed()
    {
        string[] folders = ["text", "syntax", "verify"];
        string[] corpus = [.. folders.SelectMany(folder => Directory.GetFiles(CaseFiles.Path(folder), "*.air").Order(StringComparer.Ordinal)).Select(File.ReadAllText)];
        // Whole files have so many lines that few texts would stay without errors; a few functions are more often right.
        corpus = [.. corpus, .. corpus.SelectMany(Parts)];
        int parsed = 0;
        int verified = 0;
        for (int i = 0; i < Cases; i++)
        {
            string text = new TextMutator(corpus, FirstSeed + i).Next();
            try
            {
                (bool isParsed, bool isVerified) = Check(text);
                parsed += isParsed ? 1 : 0;
                verified += isVerified ? 1 : 0;
            }
            catch (Exception exception)
            {
                Assert.Fail($"seed {FirstSeed + i}: {exception}\n--- text:\n{text}");
            }
        }
        // Otherwise the printer and the verifier would not have been tried.
        TestContext.Current.TestOutputHelper?.WriteLine($"{Cases} texts, {parsed} parsed, {verified} without violations");
        Assert.True(parsed > Cases / 20 && verified > Cases / 50, $"of {Cases} texts only {parsed} could be parsed, {verified} verified");
    }

    private static (bool IsParsed, bool IsVerified) Check(string text)
    {
        var diagnostics = new DiagnosticBag();
        ParsedModule? first = AirText.Parse("fuzz.air", text, diagnostics);
        if (first is null)
        {
            Assert.True(diagnostics.HasErrors);
            return (false, false);
        }
        Assert.Empty(diagnostics.Diagnostics);
        string printed = AirText.Print(first.Module);
        if (!Verifier.Run(first.Module, AirTarget.Wasm32, diagnostics, first.Positions))
        {
            Assert.True(diagnostics.HasErrors);
            return (true, false);
        }
        Assert.Empty(diagnostics.Diagnostics);
        ParsedModule? second = AirText.Parse("printed.air", printed, diagnostics);
        Assert.True(second is not null, $"{printed}\n{string.Concat(diagnostics.Diagnostics.Select(DiagnosticText.Format))}");
        Assert.Equal(printed, AirText.Print(second.Module));
        string formatted = AirText.Format(first);
        ParsedModule? third = AirText.Parse("formatted.air", formatted, diagnostics);
        Assert.True(third is not null, formatted);
        Assert.Equal(printed, AirText.Print(third.Module));
        Assert.Equal(formatted, AirText.Format(third));
        Assert.True(Verifier.Run(second.Module, AirTarget.Wasm32, diagnostics, second.Positions), printed);
        return (true, true);
    }

    private static IEnumerable<string> Parts(string text)
    {
        string[] items = text.Split("\n\n");
        string[] types = [.. items.Where(item => item.StartsWith("type ", StringComparison.Ordinal) || item.StartsWith("errors ", StringComparison.Ordinal))];
        return items.Except(types).Select(item => string.Join("\n\n", types.Append(item)) + "\n");
    }

    private static int Number(string name, int usual) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : usual;
}
