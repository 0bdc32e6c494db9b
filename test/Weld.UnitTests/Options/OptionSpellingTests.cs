using Weld.Base.Diagnostics;
using Weld.Linker.Options;
using Xunit;

namespace Weld.UnitTests.Options;

public sealed class OptionSpellingTests
{
    private const string NoOption = "--no-such-option-";

    /// <summary>Every name, with one and two dashes, alone and with each way to join a value. An unknown option behind each
    /// tells whether it took the next argument; the linkers must agree on which arguments they do not know.</summary>
    [Fact]
    public void Every_spelling_is_known_and_takes_its_value_as_in_wasm_ld()
    {
        using var directory = new TempDirectory();
        // wasm-ld reports the first 20 errors.
        foreach (string[] forms in AllForms().Chunk(10))
        {
            string[] arguments = [.. forms.SelectMany((form, i) => (string[])[form, NoOption + i])];
            string[] expected = Unknown(LinkerRun.WasmLd(directory, arguments));
            Assert.NotEmpty(expected);
            Assert.Equal(expected, Unknown(LinkerRun.Weld([.. arguments, "--version", "--error-limit=0"])));
        }
    }

    /// <summary>What weld takes and wasm-ld does not is just what the table says: no option of wasm-ld's is marked as an extra one,
    /// and none of them got another meaning.</summary>
    [Fact]
    public void Extra_spellings_are_unknown_to_wasm_ld()
    {
        using var directory = new TempDirectory();
        string[] forms = [.. OptionTable.Rows.Where(option => option.IsExtra).SelectMany(AllSpellings).SelectMany(Written)];
        Assert.True(forms.Length > 100);
        foreach (string[] chunk in forms.Chunk(19))
            Assert.Equal(chunk.Select(form => $"error: unknown argument: {form}").Order(), Unknown(LinkerRun.WasmLd(directory, chunk)));

        static IEnumerable<string> Written(OptionSpelling spelling) =>
            from dashes in (int[])[1, 2]
            where ((int)spelling.Dashes & dashes) != 0
            select new string('-', dashes) + spelling.Name + (spelling.Shape == OptionShape.Joined ? "7" : "");
    }

    [Theory]
    [InlineData("-export-all", "--entry", "xport-all")]
    [InlineData("-error-limit=3", "--entry", "rror-limit=3")]
    [InlineData("-output", "-o", "utput")]
    [InlineData("-oout", "-o", "out")]
    [InlineData("-o=out", "-o", "=out")]
    [InlineData("-lfoo", "-l", "foo")]
    [InlineData("-library=foo", "-l", "foo")]
    [InlineData("--library foo", "-l", "foo")]
    [InlineData("-l foo", "-l", "foo")]
    [InlineData("-Ldir", "-L", "dir")]
    [InlineData("--library-path=dir", "-L", "dir")]
    [InlineData("-library-path dir", "-L", "dir")]
    [InlineData("-mwasm32", "-m", "wasm32")]
    [InlineData("-mllvm x", "--mllvm", "x")]
    [InlineData("-mllvm=x", "--mllvm", "x")]
    [InlineData("--entry main", "--entry", "main")]
    [InlineData("-entry=main", "--entry", "main")]
    [InlineData("-emain", "--entry", "main")]
    [InlineData("-e --export", "--entry", "--export")]
    [InlineData("-um", "--undefined", "m")]
    [InlineData("-ym", "--trace-symbol", "m")]
    [InlineData("-zmuldefs", "-z", "muldefs")]
    [InlineData("--export=", "--export", "")]
    [InlineData("--export==", "--export", "=")]
    [InlineData("--export a=b", "--export", "a=b")]
    [InlineData("--lto-O2", "--lto-O", "2")]
    [InlineData("-s", "--strip-all", null)]
    [InlineData("-S", "--strip-debug", null)]
    [InlineData("-t", "--trace", null)]
    [InlineData("-M", "--print-map", null)]
    [InlineData("-r", "--relocatable", null)]
    [InlineData("-E", "--export-dynamic", null)]
    [InlineData("-V", "-v", null)]
    [InlineData("-dy", "--Bdynamic", null)]
    [InlineData("--non_shared", "--Bstatic", null)]
    [InlineData("-", null, "-")]
    [InlineData("a=b", null, "a=b")]
    [InlineData("/v", null, "/v")]
    public void An_argument_is_split_into_option_and_value(string line, string? option, string? value)
    {
        var diagnostics = new DiagnosticBag();
        ParsedArgument argument = Assert.Single(OptionParser.Parse(line.Split(' '), diagnostics));
        Assert.Equal((option, value), (argument.Option?.Name, argument.Value));
        Assert.Empty(diagnostics.Diagnostics);
    }

    [Fact]
    public void Empty_arguments_are_dropped_but_can_be_values()
    {
        List<ParsedArgument> arguments = OptionParser.Parse(["", "--export", "", "a.o"], null);
        Assert.Equal(["", "a.o"], arguments.Select(argument => argument.Value));
    }

    [Theory]
    [InlineData("--exprt=x", "--export=x")]
    [InlineData("--shared-memry", "--shared-memory")]
    [InlineData("--no-gcsections", "--no-gc-sections")]
    [InlineData("--fatal-warning", "--fatal-warnings")]
    [InlineData("--gc-sections=yes", "--gc-sections")]
    [InlineData("-max-memory=65536", "--max-memory=65536")]
    [InlineData("--max-memory", "--max-memory=<bytes>")]
    [InlineData("--gnu-unique", null)]
    [InlineData("--as-neded", "--as-needed")]
    [InlineData("--why-liv=f", "--why-live=f")]
    [InlineData("-w", null)]
    public void An_unknown_argument_gets_the_nearest_spelling(string text, string? expected) =>
        Assert.Equal(expected, OptionSuggestion.Find(text));

    [Fact]
    public void No_name_is_spelled_twice()
    {
        string[] spellings = [.. OptionTable.Rows.SelectMany(AllSpellings).SelectMany(Forms)];
        Assert.Equal(spellings.Length, spellings.Distinct().Count());

        static IEnumerable<string> Forms(OptionSpelling spelling) =>
            from dashes in (int[])[1, 2]
            where ((int)spelling.Dashes & dashes) != 0
            select new string('-', dashes) + spelling.Name;
    }

    private static IEnumerable<OptionSpelling> AllSpellings(Option option) => option.Spellings.Concat(option.Aliases);

    private static IEnumerable<string> AllForms() =>
        from name in OptionTable.Rows.Where(option => !option.IsExtra).SelectMany(AllSpellings).Select(spelling => spelling.Name.TrimEnd('=')).Distinct()
        from dashes in (string[])["-", "--"]
        from value in (string[])["", "=", "=7", "7"]
        let form = dashes + name + value
        // They end the run before unknown options are reported, or print much.
        where !form.Contains("reproduce", StringComparison.Ordinal) && form is not ("--mllvm=" or "-mllvm=")
        select form;

    private static string[] Unknown(LinkerRun run) =>
        [.. run.Messages.Where(message => message.StartsWith("error: unknown argument: ", StringComparison.Ordinal))];
}
