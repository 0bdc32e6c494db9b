using System.Text.RegularExpressions;
using Weld.Air.Text;
using Weld.Base.Diagnostics;

namespace Weld.Air.Tests.Text;

/// <summary>Texts that are not AIR: each line with a mistake says which in a comment, <c>; error: WELD0000 part of the message</c>.</summary>
public sealed partial class SyntaxErrorTests
{
    public static TheoryData<string> Files => CaseFiles.In("syntax");

    [Theory]
    [MemberData(nameof(Files))]
    public void Mistakes_are_reported_where_they_are(string file)
    {
        string text = CaseFiles.Read("syntax", file);
        var diagnostics = new DiagnosticBag();
        Assert.Null(AirText.Parse(file, text, diagnostics));
        ExpectedErrors.Check(file, text, diagnostics.Diagnostics);
    }

    [Fact]
    public void Every_kind_of_syntax_error_has_a_case()
    {
        IEnumerable<string> known = typeof(SyntaxErrors).GetFields().Select(field => ((DiagnosticDescriptor)field.GetValue(null)!).Code);
        string all = string.Concat(Directory.GetFiles(CaseFiles.Path("syntax")).Select(File.ReadAllText));
        // The last one is about a whole file; a test below has it.
        Assert.All(known.Where(code => code != SyntaxErrors.TooMany.Code), code => Assert.Contains(code, all, StringComparison.Ordinal));
    }

    [Fact]
    public void A_message_shows_the_line_and_a_caret() =>
        Assert.Equal(
            ["test.air:2:9: error: there is no %x before here [WELD1002]\n      store %x, 5\n            ^\n"],
            Parsing.Fails("fn @f() {\n  store %x, 5\n  ret\n}\n"));

    [Theory]
    [InlineData("%\"")]
    [InlineData("@\"")]
    [InlineData("$\"")]
    [InlineData("\"")]
    [InlineData("%")]
    [InlineData("%\"\\")]
    [InlineData("\"\\")]
    [InlineData("0x")]
    [InlineData("-")]
    [InlineData("\ud800")]
    public void Pieces_are_refused_everywhere(string piece)
    {
        foreach (string frame in new[] { "?", "fn @f(? {\n ret\n}\n", "fn @f() {\n ?\n ret\n}\n", "fn @f() {\n %x = add u8 ?, ?\n store ?", "const @x: u8 = ?", "const @x: ? = 0", "type ? = opaque", "export ?" })
            Assert.NotEmpty(Parsing.Fails(frame.Replace("?", piece, StringComparison.Ordinal)));
    }

    [Fact]
    public void Of_many_errors_a_hundred_are_shown()
    {
        string[] errors = Parsing.Fails(string.Concat(Enumerable.Repeat("fn ?\n", 1000)));
        Assert.Equal(101, errors.Length);
        Assert.Contains("[WELD1008]", errors[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Of_a_long_line_a_part_is_shown()
    {
        string error = Assert.Single(Parsing.Fails($"const @a: [3]u8 = {{{new string(' ', 10_000)}?}}{new string(' ', 10_000)}"));
        Assert.InRange(error.Length, 50, 500);
    }

    [Theory]
    [InlineData("type $A = ", "*", "u8", 100_000)]
    [InlineData("fn @f(%x: ", "?", "u8) {\n  ret\n}\n", 100_000)]
    [InlineData("const @x: u8 = ", "(u8 ", "5", 100_000)]
    [InlineData("const @x: u8 = ", "?", "5", 100_000)]
    [InlineData("const @x: ?*u8 = ", "?&(?*u8 ", "null", 100_000)]
    [InlineData("fn @f() ", "{", "}", 100_000)]
    [InlineData("fn @f() {\n", "block {\n", "ret", 100_000)]
    [InlineData("const @x: ", "anyerror!", "u8", 100_000)]
    [InlineData("const @x: ", "(", "u8", 100_000)]
    [InlineData("const @x: ", "fn(", "u8", 100_000)]
    [InlineData("const @x: u65535 = ", "9", "", 1_000_000)]
    public void Deep_nesting_is_refused(string start, string repeated, string end, int count) =>
        Assert.NotEmpty(Parsing.Fails(start + string.Concat(Enumerable.Repeat(repeated, count)) + end));
}

/// <summary>The errors that a case file expects.</summary>
internal static partial class ExpectedErrors
{
    public static void Check(string file, string text, IEnumerable<Diagnostic> diagnostics)
    {
        var expected = new List<(int Line, string Code, string Part)>();
        string[] lines = text.Split('\n');
        for (int i = 0; i < lines.Length; i++)
            foreach (Match match in Expectation().Matches(lines[i]))
                expected.Add((i + 1, match.Groups[1].Value, match.Groups[2].Value.Trim()));
        Assert.NotEmpty(expected);
        var left = diagnostics.ToList();
        foreach ((int line, string code, string part) in expected)
        {
            int found = left.FindIndex(diagnostic => diagnostic.Location!.StartsWith($"{file}:{line}:", StringComparison.Ordinal)
                && diagnostic.Descriptor.Code == code && diagnostic.Message.Contains(part, StringComparison.Ordinal));
            Assert.True(found >= 0, $"{file}:{line}: {code} {part} is not reported, but:\n{Show(left)}");
            left.RemoveAt(found);
        }
        Assert.True(left.Count == 0, $"not expected:\n{Show(left)}");
    }

    private static string Show(IEnumerable<Diagnostic> diagnostics) => string.Concat(diagnostics.Select(DiagnosticText.Format));

    [GeneratedRegex("; error: (WELD[0-9]+)([^;]*)")]
    private static partial Regex Expectation();
}
