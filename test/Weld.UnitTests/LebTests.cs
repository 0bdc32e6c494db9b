using Weld.Base.Diagnostics;
using Weld.Wasm.Binary;
using Xunit;

namespace Weld.UnitTests;

public sealed class LebTests
{
    [Theory]
    [InlineData("05", 5u)]
    [InlineData("8580808000", 5u)]
    [InlineData("ffffffff0f", uint.MaxValue)]
    public void Reads_leb_u32(string hex, uint expected) =>
        Assert.Equal(expected, new WasmReader(Convert.FromHexString(hex)).ReadLebU32());

    [Fact]
    public void Leb_above_32_bits_is_refused_with_its_file_offset()
    {
        var error = Assert.Throws<MalformedInputException>(() => new WasmReader(Convert.FromHexString("ffffffff1f"), 100).ReadLebU32());
        Assert.Equal(100, error.Offset);
    }

    [Theory]
    [InlineData("7f", -1)]
    [InlineData("ffffffff7f", -1)]
    [InlineData("8080808078", int.MinValue)]
    [InlineData("ffffffff07", int.MaxValue)]
    [InlineData("c000", 64)]
    public void Reads_leb_s32(string hex, int expected) =>
        Assert.Equal(expected, new WasmReader(Convert.FromHexString(hex)).ReadLebS32());

    [Theory]
    [InlineData("ffffffff0f")]
    [InlineData("8080808070")]
    [InlineData("808080808000")]
    public void Bad_leb_s32_is_refused(string hex) =>
        Assert.Throws<MalformedInputException>(() => new WasmReader(Convert.FromHexString(hex)).ReadLebS32());

    [Theory]
    [InlineData("80808080808080808000", 0L)]
    [InlineData("8080808080808080807f", long.MinValue)]
    [InlineData("ffffffffffffffffff00", long.MaxValue)]
    public void Reads_leb_s64(string hex, long expected) =>
        Assert.Equal(expected, new WasmReader(Convert.FromHexString(hex)).ReadLebS64());

    /// <summary>Every length, with the first and last number that has it.</summary>
    [Fact]
    public void The_ways_to_write_the_minimal_form_write_the_same()
    {
        for (int bits = 0; bits < 64; bits++)
            foreach (long value in (long[])[(1L << bits) - 1, 1L << bits, (1L << bits) + 1])
                foreach (long number in (long[])[value, -value])
                {
                    var expected = new byte[Leb128.Padded64];
                    var actual = new byte[Leb128.Padded64];
                    int size = Leb128.WriteS64(expected, number);
                    Assert.Equal(size, Leb128.WriteS64(ref actual[0], number));
                    Assert.Equal(expected[..size], actual[..size]);
                    size = Leb128.WriteU64(expected, (uint)number);
                    Assert.Equal(size, Leb128.WriteU32(ref actual[0], (uint)number));
                    Assert.Equal(expected[..size], actual[..size]);
                }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(-64)]
    [InlineData(-65)]
    [InlineData(1 << 20)]
    [InlineData(int.MaxValue)]
    [InlineData(int.MinValue)]
    public void Signed_values_survive_writing(int value)
    {
        var writer = new WasmWriter();
        writer.WriteLebS32(value);
        Assert.Equal(Leb128.SizeS64(value), writer.Length);
        Assert.Equal(value, new WasmReader(writer.Written).ReadLebS32());
    }
}
