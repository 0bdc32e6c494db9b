using Weld.Wasm.Text;
using Xunit;

namespace Weld.UnitTests.BadInput;

/// <summary>Symbols are added while other inputs are parsed. Nobody must see that.</summary>
public sealed class ReportingOrderTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(8)]
    public void Files_that_cannot_be_read_are_reported_in_their_order_and_nothing_else(int threads)
    {
        using var link = new BadLink($"--threads={threads}");
        byte[] start = ObjectText.Assemble("func _start () { }");
        // A symbol that is defined twice, which nobody says, because files are missing.
        link.Add("first.o", start).Add("second.o", start);
        for (int i = 0; i < 40; i++)
            link.Add($"good{i}.o", ObjectText.Assemble($"func f{i} () {{ }}")).Add($"bad{i}.o", start[..^(1 + (i % 4))]);
        Assert.False(link.Run());
        Assert.Equal(40, link.Diagnostics.Count);
        for (int i = 0; i < 40; i++)
            Assert.Contains($"bad{i}.o", link.Diagnostics[i].ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(8)]
    public void Symbols_that_are_defined_twice_are_reported_in_the_order_of_files(int threads)
    {
        using var link = new BadLink($"--threads={threads}");
        for (int i = 0; i < 40; i++)
            link.Add($"first{i}.o", ObjectText.Assemble($"func f{i} () {{ }}"));
        for (int i = 0; i < 40; i++)
            link.Add($"second{i}.o", ObjectText.Assemble($"func f{i} () {{ }}"));
        Assert.False(link.Run());
        Assert.Equal(40, link.Diagnostics.Count);
        for (int i = 0; i < 40; i++)
            Assert.Contains($"second{i}.o", string.Join('\n', link.Diagnostics[i].Details), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--threads=1")]
    [InlineData("--threads=2")]
    [InlineData("--threads=2", "--trace")]
    public void A_damaged_member_is_reported_once_and_only_when_it_is_needed(params string[] options)
    {
        // Its symbols can be read, its code cannot.
        byte[] damaged = SectionEdit.Assemble("func f () { }", static sections => sections[sections.FindIndex(static section => section.Id == 10)] = (10, [1, 0x7f, 0]));
        using BadLink needed = new BadLink(options)
            .Add("a.o", ObjectText.Assemble("import func f ()\nfunc _start () { call f }"))
            .AddArchive("x.a", ("damaged.o", damaged));
        Assert.Contains("damaged.o", needed.RunToError(), StringComparison.Ordinal);
        using BadLink notNeeded = new BadLink(options)
            .Add("a.o", ObjectText.Assemble("func _start () { }"))
            .AddArchive("x.a", ("damaged.o", damaged));
        Assert.Empty(notNeeded.RunToModule());
    }
}
