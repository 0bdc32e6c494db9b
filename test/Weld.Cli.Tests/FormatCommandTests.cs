using System.Runtime.Versioning;
using Weld.TestSupport;
using Xunit;

namespace Weld.Cli.Tests;

/// <summary><c>weld fmt</c>: the canonical form, comments, and the files that it writes.</summary>
public sealed class FormatCommandTests : IDisposable
{
    private const string Loose = """
        ; About the file.

        ; Adds one.
        fn   @f ( %x : u8 )->u8 {   ; the head
        ; before
            %r=add   u8 %x,0x01; behind
            ret %r }
        ; the end
        """;

    private const string Canonical = """
        ; About the file.

        ; Adds one.
        fn @f(%x: u8) -> u8 { ; the head
          ; before
          %r = add u8 %x, 1 ; behind
          ret %r
        }
        ; the end

        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Files_are_formatted_in_place_with_their_comments()
    {
        string a = _folder.Write("a.air", Loose);
        string b = _folder.Write("b.air", Canonical);
        DateTime before = new(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(b, before);
        Assert.Equal("", CliRun.Run("fmt", a, b).RequireSuccess().Output);
        Assert.Equal(Canonical, File.ReadAllText(a));
        Assert.Equal(Canonical, File.ReadAllText(b));
        // What is canonical is not written again.
        Assert.Equal(before, File.GetLastWriteTimeUtc(b));
        Assert.Equal(2, Directory.GetFiles(_folder.Root).Length);
    }

    [Fact]
    public void The_standard_input_goes_to_the_standard_output() => Assert.Equal(Canonical, CliRun.RunWith(Loose, "fmt", "-").RequireSuccess().Output);

    [Fact]
    public void A_check_writes_nothing()
    {
        string a = _folder.Write("a.air", Loose);
        string b = _folder.Write("b.air", Canonical);
        Assert.Equal($"weld: error: {a}: not in canonical form [WELD1207]\n>>> weld fmt {a} writes it anew\n", CliRun.Run("fmt", "--check", a, b).RequireFailure());
        Assert.Equal(Loose, File.ReadAllText(a));
        CliRun.Run("fmt", b, "--check").RequireSuccess();
        CliRun.RunWith(Loose, "fmt", "--check", "-").RequireFailure();
    }

    [Fact]
    public void A_file_with_mistakes_stays_as_it_is_and_others_are_formatted()
    {
        string bad = _folder.Write("bad.air", "fn   @f( {\n");
        string good = _folder.Write("good.air", Loose);
        Assert.StartsWith($"{bad}:1:", CliRun.Run("fmt", bad, good).RequireFailure(), StringComparison.Ordinal);
        Assert.Equal("fn   @f( {\n", File.ReadAllText(bad));
        Assert.Equal(Canonical, File.ReadAllText(good));
    }

    /// <summary>Formatting needs no more than the grammar: a program that is being written is formatted too.</summary>
    [Fact]
    public void Rules_of_the_verifier_do_not_count() =>
        Assert.Equal("fn @f() -> u8 {\n  %x = add u8 1, 2\n}\n", CliRun.RunWith("fn @f() -> u8 { %x = add u8 1, 2 }", "fmt", "-").RequireSuccess().Output);

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void Permissions_and_links_stay()
    {
        string file = _folder.Write("a.air", Loose);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        File.CreateSymbolicLink(_folder["link.air"], "a.air");
        CliRun.Run("fmt", _folder["link.air"]).RequireSuccess();
        Assert.Equal("a.air", new FileInfo(_folder["link.air"]).LinkTarget);
        Assert.Equal(Canonical, File.ReadAllText(file));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead, File.GetUnixFileMode(file));
    }

    [Theory]
    [InlineData("", "weld: error: no file of AIR [WELD1203]")]
    [InlineData("--chek x.air", "weld: error: unknown argument: --chek [WELD0101]")]
    public void Wrong_command_lines(string line, string expected) =>
        Assert.StartsWith(expected, CliRun.Run(["fmt", .. line.Split(' ', StringSplitOptions.RemoveEmptyEntries)]).RequireFailure(), StringComparison.Ordinal);

    [Fact]
    public void Help() => Assert.Contains("\n  --check  ", CliRun.Run("fmt", "--help").RequireSuccess().Output, StringComparison.Ordinal);

    public static TheoryData<string> Samples =>
        [.. Directory.GetFiles(Repository.Path("samples"), "*.air", SearchOption.AllDirectories).Select(static path => Path.GetRelativePath(Repository.Root, path)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Samples))]
    public void The_samples_are_in_canonical_form(string sample) => CliRun.Run("fmt", "--check", Repository.Path(sample)).RequireSuccess();
}
