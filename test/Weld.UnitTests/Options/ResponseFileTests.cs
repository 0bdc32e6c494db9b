using System.Text;
using System.Text.RegularExpressions;
using Weld.Base.Diagnostics;
using Weld.Linker.Options;
using Xunit;

namespace Weld.UnitTests.Options;

public sealed partial class ResponseFileTests
{
    [Theory]
    [InlineData(@"a b", "a|b")]
    [InlineData("\ta\r\n b \n", "a|b")]
    [InlineData(@"'a b' ""c d""", "a b|c d")]
    [InlineData(@"a'b c'd", "ab cd")]
    [InlineData(@"a\ b \' \"" \\", "a b|'|\"|\\")]
    [InlineData(@"'a\'b' ""c\nd""", "a'b|cnd")]
    [InlineData(@"'' """" a", "a")]
    [InlineData(@"'a b", "a b")]
    [InlineData(@"a\", "a\\")]
    [InlineData("", "")]
    public void Posix_words(string text, string expected) => Assert.Equal(expected, string.Join('|', ResponseFiles.SplitPosix(text)));

    [Theory]
    [InlineData(@"a b", "a|b")]
    [InlineData(@"""a b"" 'c d'", "a b|'c|d'")]
    [InlineData(@"C:\dir\file.o", @"C:\dir\file.o")]
    [InlineData(@"a\\""b c"" \""d", @"a\b c|""d")]
    [InlineData(@"""a""""b""", "a\"b")]
    [InlineData(@"h\\\""i j\\k", @"h\""i|j\\k")]
    [InlineData("a \"\" b", "a||b")]
    [InlineData(@"a\", "a\\")]
    public void Windows_words(string text, string expected) => Assert.Equal(expected, string.Join('|', ResponseFiles.SplitWindows(text)));

    /// <summary>Random texts of the characters that matter, as names of files that do not exist.</summary>
    [Theory]
    [InlineData("posix")]
    [InlineData("windows")]
    public void Random_text_is_split_as_by_wasm_ld(string quoting)
    {
        using var directory = new TempDirectory();
        var random = new Random(22);
        for (int round = 0; round < 40; round++)
        {
            var text = new StringBuilder();
            for (int i = 0; i < 24; i++)
                text.Append("abc'\"\\ \n"[random.Next(8)]);
            directory.Write("f.rsp", Encoding.UTF8.GetBytes(text.ToString()));
            string error = LinkerRun.WasmLd(directory, "--error-limit=0", "--rsp-quoting=" + quoting, "@f.rsp").Error;
            // An empty argument, which is an empty word in quotes, is not a file.
            IEnumerable<string> actual = quoting == "posix" ? ResponseFiles.SplitPosix(text.ToString()) : ResponseFiles.SplitWindows(text.ToString());
            Assert.Equal(Opened().Matches(error).Select(match => match.Groups[1].Value), actual.Where(word => word.Length != 0));
        }
    }

    [Fact]
    public void Files_are_expanded_in_place_and_within_each_other()
    {
        using var directory = new TempDirectory();
        directory.Write("inner", "b 'c c'"u8);
        directory.Write("outer", Encoding.UTF8.GetBytes($"a @{directory["inner"]} d"));
        Assert.Equal(["-o", "a", "b", "c c", "d", "e"], Expand(out _, "-o", "@" + directory["outer"], "e"));
    }

    [Fact]
    public void The_same_file_may_be_used_twice()
    {
        using var directory = new TempDirectory();
        string file = "@" + directory.Write("f", "a"u8);
        Assert.Equal(["a", "a"], Expand(out _, file, file));
    }

    [Theory]
    [InlineData("--rsp-quoting=windows", @"a\b")]
    [InlineData("-rsp-quoting=posix", "ab")]
    [InlineData("--rsp-quoting=windows --rsp-quoting=posix", "ab")]
    [InlineData("--export --rsp-quoting=windows", "ab")]
    public void The_last_quoting_option_counts(string options, string expected)
    {
        using var directory = new TempDirectory();
        string file = "@" + directory.Write("f", @"a\b"u8);
        Assert.Equal(expected, Expand(out _, [file, .. options.Split(' ')])[0]);
    }

    [Fact]
    public void Byte_order_marks_are_understood()
    {
        using var directory = new TempDirectory();
        string utf8 = "@" + directory.Write("f8", [.. Encoding.UTF8.Preamble, .. "é"u8]);
        string utf16 = "@" + directory.Write("f16", [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes("é è")]);
        Assert.Equal(["é", "é", "è"], Expand(out _, utf8, utf16));
    }

    [Fact]
    public void A_file_that_contains_itself_is_refused()
    {
        using var directory = new TempDirectory();
        string path = directory.Write("f", Encoding.UTF8.GetBytes("a @" + directory["f"]));
        Expand(out DiagnosticBag diagnostics, "@" + path);
        Assert.Equal($"recursive expansion of: '{path}'", Assert.Single(diagnostics.Diagnostics).ToString());
    }

    [Fact]
    public void A_file_that_does_not_exist_is_an_ordinary_argument() => Assert.Equal(["@no-such", "@"], Expand(out _, "@no-such", "@"));

    private static IReadOnlyList<string> Expand(out DiagnosticBag diagnostics, params string[] arguments)
    {
        diagnostics = new DiagnosticBag();
        return ResponseFiles.Expand(arguments, diagnostics);
    }

    [GeneratedRegex("wasm-ld-22: error: cannot open (.*?): No such file or directory\n", RegexOptions.Singleline)]
    private static partial Regex Opened();
}
