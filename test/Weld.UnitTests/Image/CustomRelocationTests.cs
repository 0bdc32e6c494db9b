using System.Text;
using Weld.UnitTests.BadInput;
using Weld.Wasm.Binary;
using Weld.Wasm.Linking;
using Xunit;

namespace Weld.UnitTests.Image;

/// <summary>Relocations of debug information: the usual ones have a loop of their own, which must give and refuse what the general way does.</summary>
public sealed class CustomRelocationTests
{
    // Enough for numbers of one, two and three bytes: for offsets 4,096 values, for symbols 128.
    private const int Functions = 200;
    private const int Values = 5000;

    private static readonly string Text = MakeText();

    [Theory]
    [InlineData(2, 1, 1)]
    [InlineData(1, 2, 1)]
    [InlineData(1, 1, 2)]
    [InlineData(3, 3, 3)]
    [InlineData(4, 4, 4)]
    [InlineData(1, 1, 4)]
    [InlineData(5, 1, 1)]
    [InlineData(1, 5, 1)]
    [InlineData(1, 1, 5)]
    public void The_length_of_numbers_does_not_show(int offsetSize, int symbolSize, int addendSize)
    {
        byte[] expected = Link(Edit(static (_, relocation) => relocation, 1, 1, 1));
        Assert.Equal(expected, Link(Edit(static (_, relocation) => relocation, offsetSize, symbolSize, addendSize)));
        // Some of each: what is read in one way follows what is read in another.
        Assert.Equal(expected, Link(Edit(static (_, relocation) => relocation, offsetSize, symbolSize, addendSize, everySo: 3)));
    }

    [Theory]
    [InlineData(-1, 0, 0, "relocations not in offset order")]
    [InlineData(1 << 20, 0, 0, "invalid relocation offset")]
    [InlineData(0, 1 << 20, 0, "invalid relocation symbol index")]
    [InlineData(0, 0, (byte)RelocationKind.MemoryAddrLeb, "against a")]
    [InlineData(0, 0, 99, "invalid relocation type: 99")]
    public void What_is_wrong_is_refused(int offset, int symbol, byte kind, string message)
    {
        byte[] damaged = Edit((index, relocation) => index != Values / 2 ? relocation : new Relocation(
            kind == 0 ? relocation.Kind : (RelocationKind)kind, offset < 0 ? 0 : relocation.Offset + (uint)offset, relocation.Index + (uint)symbol, relocation.Addend), 1, 1, 1);
        using var link = new BadLink("--export=x", "--export=f0");
        Assert.Contains(message, link.Add("a.o", damaged).RunToError(), StringComparison.Ordinal);
    }

    private static string MakeText()
    {
        var text = new StringBuilder("func _start () { }\ndata .data.x { x: i32 7 }\ndata .data.unused { unused: i32 1 }\n");
        for (int i = 0; i < Functions; i++)
            text.Append($"func f{i} () {{ }}\n");
        text.Append("custom .debug_abbrev { i32 1 2 3 4 }\ncustom .debug_str { ");
        for (int i = 0; i < 3000; i++)
            text.Append($"asciz \"n{i % 1000:d4}\" ");
        text.Append("}\ncustom .debug_info { i32");
        for (int i = 0; i < Values; i++)
            text.Append((i % 9) switch
            {
                0 => " f0",
                1 => $" f{i % Functions}",
                2 => $" f{i % Functions}+{i}",
                3 => " x+100000",
                4 => $" x+{i}",
                5 => " unused+5",
                6 => " .debug_abbrev+8@section",
                // The start of a string, and a byte within one.
                7 => $" .debug_str+{i % 3000 * 6}@section",
                _ => $" .debug_str+{i}@section",
            });
        return text.Append(" }\ncustom notes { i32 f0 f1+5 x unused+6 }\n").ToString();
    }

    private static byte[] Link(byte[] bytes)
    {
        using var link = new BadLink("--export=x", "--export=f0");
        link.Add("a.o", bytes).RunToModule();
        return File.ReadAllBytes(link.Output);
    }

    private static byte[] Edit(Func<int, Relocation, Relocation> edit, int offsetSize, int symbolSize, int addendSize, int everySo = 1) =>
        SectionEdit.Assemble(Text, sections =>
        {
            int index = SectionEdit.FindCustom(sections, "reloc..debug_info");
            byte[] contents = sections[index].Contents;
            var reader = new WasmReader(contents);
            reader.ReadName();
            reader.ReadLebU32();
            int start = reader.Position;
            uint count = reader.ReadLebU32();
            Assert.Equal(Values, (int)count);
            var writer = new WasmWriter();
            writer.WriteBytes(contents.AsSpan(0, start));
            writer.WriteLebU32(count);
            for (int i = 0; i < count; i++)
            {
                bool isLong = i % everySo == 0;
                Relocation relocation = edit(i, RelocationReader.ReadChecked(ref reader));
                writer.WriteByte((byte)relocation.Kind);
                WritePadded(writer, relocation.Offset, isLong ? offsetSize : 1);
                WritePadded(writer, relocation.Index, isLong ? symbolSize : 1);
                WritePadded(writer, relocation.Addend, isLong ? addendSize : 1, isSigned: true);
            }
            sections[index] = (0, writer.ToArray());
        });

    /// <summary>Writes a LEB128 of at least so many bytes.</summary>
    private static void WritePadded(WasmWriter writer, long value, int size, bool isSigned = false)
    {
        for (int written = 1; ; written++)
        {
            long rest = value >> 7;
            bool isLast = written >= size && rest == 0 && (!isSigned || (value & 0x40) == 0);
            writer.WriteByte((byte)((value & 0x7f) | (isLast ? 0L : 0x80L)));
            if (isLast)
                return;
            value = rest;
        }
    }
}
