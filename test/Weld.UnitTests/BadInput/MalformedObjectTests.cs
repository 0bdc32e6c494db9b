using Weld.Base;
using System.Diagnostics;
using Weld.Base.Diagnostics;
using Weld.Linker.Inputs;
using Weld.Wasm.Binary;
using Weld.Wasm.Text;
using Xunit;

namespace Weld.UnitTests.BadInput;

/// <summary>What the reader of objects refuses, so that nothing behind it has to.</summary>
public sealed class MalformedObjectTests
{
    private const string Caller = "import func callee ()\nfunc _start () { call callee }\ndata .data.x { x: i32 callee }";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Theory]
    [InlineData("reloc.CODE")]
    [InlineData("reloc.DATA")]
    public void Two_relocation_sections_for_one_section(string name) =>
        AssertRefused("has more than one relocation section", SectionEdit.Assemble(Caller, sections =>
            sections.Add(sections[SectionEdit.FindCustom(sections, name)])));

    [Fact]
    public void Relocations_that_overlap_in_code() =>
        AssertRefused("overlaps the one before", SectionEdit.Assemble(Caller, sections => EditRelocations(sections, static entry => [2, .. entry, .. entry])));

    // The last ones end behind 4 GiB: where they end must not be computed as a small number.
    [Theory]
    [InlineData("reloc.CODE", 0x7f)]
    [InlineData("reloc.DATA", 0x7f)]
    [InlineData("reloc.CODE", 0xfffffffd)]
    [InlineData("reloc.DATA", 0xfffffffd)]
    [InlineData("reloc.CODE", uint.MaxValue)]
    [InlineData("reloc.DATA", uint.MaxValue)]
    public void Relocations_beyond_the_section(string name, uint offset) =>
        AssertRefused("invalid relocation offset", SectionEdit.Assemble(Caller, sections => EditRelocations(
            sections,
            entry => [1, entry[0], (byte)(offset | 0x80), (byte)(offset >> 7 | 0x80), (byte)(offset >> 14 | 0x80), (byte)(offset >> 21 | 0x80), (byte)(offset >> 28), .. entry[2..]],
            name)));

    [Fact]
    public void Relocations_of_four_bytes_in_code() =>
        AssertRefused("R_WASM_FUNCTION_INDEX_I32 in code, where only LEB128 values can be relocated", SectionEdit.Assemble(Caller, sections =>
            EditRelocations(sections, static entry => [1, 26, .. entry[1..]])));

    [Theory]
    [InlineData("import func victim ()\nfunc _start () { call victim }")]
    [InlineData("func victim () { }")]
    [InlineData("func f () export=victim { }")]
    [InlineData("import func f () module=victim\nfunc _start () { call f }")]
    [InlineData("custom victim { i8 1 }")]
    [InlineData("data victim { x: i32 1 }")]
    public void Names_that_are_not_utf8(string text) =>
        AssertRefused("is not valid UTF-8", SectionEdit.Assemble(text, "victim"u8.ToArray(), [(byte)'v', 0xff]));

    [Theory]
    [InlineData("23 00 0b", "refers to a global or a function")]
    [InlineData("d2 00 0b", "refers to a global or a function")]
    [InlineData("42 07 0b", "does not give a value of type i32")]
    [InlineData("0b 0b 0b", "does not give a value of type i32")]
    [InlineData("6a 0b 0b", "operands of the wrong type")]
    public void Initial_values_that_are_no_constants(string value, string message) =>
        AssertRefused(message, SectionEdit.Assemble("global g i32 { i32.const 7 }", [0x41, 7, 0x0b], Convert.FromHexString(value.Replace(" ", "", StringComparison.Ordinal))));

    [Fact]
    public void Tags_with_results() => AssertRefused("a tag has no results", ObjectText.Assemble("tag t (i32) -> (i32)"));

    [Fact]
    public void Limits_that_exclude_each_other() =>
        AssertRefused("the maximum size 2 is less than the minimum 5", ObjectText.Assemble("table t funcref 5 2"));

    [Fact]
    public void Many_features_take_no_quadratic_time()
    {
        var writer = new WasmWriter();
        writer.WriteName("target_features");
        writer.WriteLebU32(300_000);
        for (int i = 0; i < 300_000; i++)
        {
            writer.WriteByte((byte)'+');
            writer.WriteName($"feature-{i}");
        }
        AssertReadInTime(SectionEdit.Assemble("func f () { }", sections => sections.Add((0, writer.ToArray()))));
    }

    [Fact]
    public void Many_export_names_take_no_quadratic_time()
    {
        string text = string.Concat(Enumerable.Range(0, 50_000).Select(static i => $"func f{i} () export=e{i} {{ }}\n"));
        using var link = new BadLink("--no-entry", "--export-all");
        var time = Stopwatch.StartNew();
        link.Add("many.o", ObjectText.Assemble(text)).RunToModule();
        Assert.True(time.Elapsed < Patience, $"took {time.Elapsed}");
    }

    private static void EditRelocations(List<(byte Id, byte[] Contents)> sections, Func<byte[], byte[]> edit, string name = "reloc.CODE")
    {
        int index = SectionEdit.FindCustom(sections, name);
        byte[] contents = sections[index].Contents;
        // The name, the section's number, the count 1, the entry: kind, offset, symbol.
        int start = 1 + name.Length + 1;
        sections[index] = (0, [.. contents[..start], .. edit(contents[(start + 1)..])]);
    }

    private static void AssertReadInTime(byte[] bytes)
    {
        var time = Stopwatch.StartNew();
        Read(bytes);
        Assert.True(time.Elapsed < Patience, $"took {time.Elapsed}");
    }

    private static void AssertRefused(string message, byte[] bytes)
    {
        MalformedInputException error = Assert.Throws<MalformedInputException>(() => Read(bytes));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.InRange(error.Offset, 1, bytes.Length);
    }

    private static unsafe ObjectFile Read(byte[] bytes)
    {
        // Names point into the bytes, so they must not move.
        byte* copy = (byte*)System.Runtime.InteropServices.NativeMemory.Alloc((nuint)bytes.Length);
        bytes.CopyTo(new Span<byte>(copy, bytes.Length));
        return ObjectReader.Read(new InputFile("bad.o", null, copy, bytes.Length), new NameTable(), []);
    }
}
