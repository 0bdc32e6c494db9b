using Weld.Wasm.Binary;
using Weld.Wasm.Linking;
using Xunit;

namespace Weld.UnitTests.Inputs;

public sealed class RelocationWriterTests
{
    /// <summary>Numbers of every length, of all kinds, through a buffer that has to grow again and again.</summary>
    [Fact]
    public void What_is_written_is_read()
    {
        List<Relocation> expected = [];
        for (int bits = 0; bits < 32; bits++)
            for (int kind = 0; kind < RelocationTable.Count; kind++)
            {
                RelocationInfo info = RelocationTable.Get((RelocationKind)kind);
                long addend = !info.HasAddend ? 0 : info.Width is 8 or 10 ? -1L << (2 * bits) : -1L << bits;
                expected.Add(new Relocation(info.Kind, uint.MaxValue >> bits, 1u << bits, addend));
            }
        var writer = new WasmWriter(1);
        writer.WriteByte(7);
        var entries = new RelocationWriter(writer);
        foreach (Relocation relocation in expected)
            entries.Write(relocation.Kind, relocation.Offset, relocation.Index, relocation.Addend);
        entries.Finish();
        writer.WriteByte(8);

        Assert.Equal((uint)expected.Count, entries.Count);
        var reader = new WasmReader(writer.Written);
        Assert.Equal(7, reader.ReadByte());
        foreach (Relocation relocation in expected)
            Assert.Equal(relocation, RelocationReader.ReadChecked(ref reader));
        Assert.Equal(8, reader.ReadByte());
        Assert.True(reader.AtEnd);
    }
}
