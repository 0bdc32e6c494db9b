using System.Text.Json;
using Weld.UnitTests.Options;
using Xunit;

namespace Weld.UnitTests.Reports;

public sealed class JsonMapTests
{
    [Fact]
    public void Every_symbol_has_its_place_and_its_reason()
    {
        using TempDirectory directory = ReportFixture.Write();
        LinkerRun run = ReportRun.Weld(directory, "$a.o $libh.a -o $out --Map=$map --map-format=json --export=extra");
        Assert.Equal((0, "", ""), (run.ExitCode, run.Output, run.Error));
        using JsonDocument map = JsonDocument.Parse(File.ReadAllText(directory["map"]));
        byte[] module = File.ReadAllBytes(directory["out"]);

        JsonElement deep = Symbol(map, "deep");
        Assert.Equal((directory["libh.a"], "d.o", "CODE"), (Text(deep, "object"), Text(deep, "member"), Text(deep, "section")));
        Assert.Equal($"referenced by helper in {directory["libh.a"]}(h.o)", Text(deep, "kept"));
        Assert.Equal("exported", Text(Symbol(map, "extra"), "kept"));
        Assert.Equal("the entry", Text(Symbol(map, "_start"), "kept"));
        Assert.False(Symbol(map, "_start").TryGetProperty("member", out _));

        // Offsets are real ones: an int of 3 is there, and the size of a function comes first in its entry.
        JsonElement number = Symbol(map, "in_section");
        Assert.Equal("mine", Text(map.RootElement.GetProperty("sections").EnumerateArray().Single(s => Text(s, "section") == "mine"), "section"));
        Assert.Equal([3, 0, 0, 0], module.AsSpan(number.GetProperty("offset").GetInt32(), number.GetProperty("size").GetInt32()).ToArray());
        Assert.Equal(deep.GetProperty("size").GetInt32() - 1, module[deep.GetProperty("offset").GetInt32()]);
        Assert.False(Symbol(map, "zeros").TryGetProperty("offset", out _));
        Assert.Equal(40, Symbol(map, "zeros").GetProperty("size").GetInt32());
    }

    [Fact]
    public void Folded_functions_are_listed_with_the_body_that_they_share()
    {
        using TempDirectory directory = ReportFixture.Write();
        directory.Write("twins.c", "int one(int x) { return x * 77; } int two(int x) { return x * 77; } int _start(void) { return one(1) + two(2); }"u8);
        ExternalTool.Run(directory.Path, "clang-22", "--target=wasm32", "-c", "twins.c");
        LinkerRun run = ReportRun.Weld(directory, "$twins.o -o $out --Map=$map --map-format=json --icf=all");
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        using JsonDocument map = JsonDocument.Parse(File.ReadAllText(directory["map"]));
        Assert.Equal(Symbol(map, "one").GetProperty("offset").GetInt32(), Symbol(map, "two").GetProperty("offset").GetInt32());
        Assert.Equal($"referenced by _start in {directory["twins.o"]}", Text(Symbol(map, "two"), "kept"));
    }

    [Fact]
    public void Sections_are_contiguous_and_end_with_the_file()
    {
        using TempDirectory directory = ReportFixture.Write();
        ReportRun.Weld(directory, "$a.o $libh.a -o $out --Map $map --map-format json");
        using JsonDocument map = JsonDocument.Parse(File.ReadAllText(directory["map"]));
        long end = 8;
        foreach (JsonElement section in map.RootElement.GetProperty("sections").EnumerateArray().Where(s => !s.TryGetProperty("address", out _)))
        {
            Assert.Equal(end, section.GetProperty("offset").GetInt64());
            end += section.GetProperty("size").GetInt64();
        }
        Assert.Equal(new FileInfo(directory["out"]).Length, end);
    }

    [Fact]
    public void An_unknown_format_is_refused()
    {
        using TempDirectory directory = ReportFixture.Write();
        LinkerRun run = ReportRun.Weld(directory, "$a.o $libh.a -o $out --Map=$map --map-format=xml");
        Assert.Equal(1, run.ExitCode);
        Assert.Equal(["error: unknown --map-format: xml"], run.Messages);
        Assert.False(File.Exists(directory["map"]));
    }

    private static JsonElement Symbol(JsonDocument map, string name) =>
        map.RootElement.GetProperty("symbols").EnumerateArray().Single(symbol => Text(symbol, "symbol") == name);

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();
}
