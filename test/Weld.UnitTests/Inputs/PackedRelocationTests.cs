using Weld.Base.Diagnostics;
using Weld.Linker.Inputs;
using Weld.Wasm.Binary;
using Weld.Wasm.Linking;
using Xunit;

namespace Weld.UnitTests.Inputs;

public sealed class PackedRelocationTests
{
    private static readonly uint[] Numbers = [0, 1, 127, 128, 16383, (1 << 20) - 1, 1 << 20, int.MaxValue, uint.MaxValue];
    private static readonly long[] Addends = [0, 1, -1, 63, 64, -64, -65, (1 << 17) - 1, 1 << 17, -(1 << 17), -(1 << 17) - 1, int.MaxValue, long.MinValue];

    [Fact]
    public void What_fits_comes_out_again()
    {
        int packedCount = 0;
        for (int kind = 0; kind < RelocationTable.Count; kind++)
            foreach (uint offset in Numbers)
                foreach (uint index in Numbers)
                    foreach (long addend in Addends)
                    {
                        var relocation = new Relocation((RelocationKind)kind, offset, index, addend);
                        PackedRelocation packed = PackedRelocation.Pack(relocation, start: 0, out bool fits);
                        Assert.Equal(offset < 1 << 20 && index < 1 << 20 && addend is >= -(1 << 17) and < 1 << 17, fits);
                        if (!fits)
                            continue;
                        packedCount++;
                        Assert.False(packed.IsWide);
                        Assert.Equal(relocation, new RelocationList([packed], null).Slice(0, 1).Read());
                    }
        Assert.Equal(RelocationTable.Count * 6 * 6 * 9, packedCount);
    }

    [Fact]
    public void What_does_not_fit_is_kept_beside()
    {
        var wide = new List<Relocation>
        {
            new(RelocationKind.MemoryAddrI32, 1 << 20, 3, 0),
            new(RelocationKind.MemoryAddrLeb64, 5, 1 << 20, long.MinValue),
        };
        PackedRelocation[] packed =
        [
            PackedRelocation.Wide(wide[0].Kind, 0),
            PackedRelocation.Pack(new Relocation(RelocationKind.FunctionIndexLeb, 107, 8, 0), start: 100, out _),
            PackedRelocation.Wide(wide[1].Kind, 1),
        ];
        RelocationRange range = new RelocationList(packed, wide).Slice(0, 3);
        Assert.Equal(1u << 20, range.IndexOf(packed[2]));
        Assert.Equal(RelocationKind.MemoryAddrLeb64, packed[2].Kind);
        Assert.Equal(wide[0], range.Read());
        Assert.Equal(new Relocation(RelocationKind.FunctionIndexLeb, 7, 8, 0), range.Read());
        Assert.Equal(wide[1], range.Read());
        Assert.True(range.AtEnd);
    }

    [Fact]
    public void Batches_are_what_is_decoded_one_by_one()
    {
        var random = new Random(1);
        Span<Relocation> room = stackalloc Relocation[RelocationBatch.Size];
        for (int round = 0; round < 300; round++)
        {
            var expected = new Relocation[random.Next(0, 3 * RelocationBatch.Size)];
            var writer = new WasmWriter();
            for (int i = 0; i < expected.Length; i++)
            {
                expected[i] = RandomRelocation(random);
                Write(writer, expected[i], random);
            }
            var batch = new RelocationBatch(new WasmReader(writer.Written, 1000), room);
            for (int done = 0; done < expected.Length;)
            {
                ReadOnlySpan<Relocation> relocations = batch.Read(expected.Length - done);
                Assert.NotEqual(0, relocations.Length);
                for (int i = 0; i < relocations.Length; i++, done++)
                {
                    Assert.Equal(expected[done], relocations[i]);
                    WasmReader reader = batch.ReaderOf(i);
                    Assert.Equal(expected[done], RelocationReader.ReadChecked(ref reader));
                }
            }
            batch.CheckEnd();
        }
    }

    [Fact]
    public void What_is_cut_off_is_refused()
    {
        var writer = new WasmWriter();
        new Relocation(RelocationKind.MemoryAddrLeb, 1000, 1000, 1000).Write(writer);
        for (int length = 0; length < writer.Length; length++)
        {
            byte[] bytes = writer.Written[..length].ToArray();
            Assert.Throws<MalformedInputException>(() => new RelocationBatch(new WasmReader(bytes), new Relocation[1]).Read(1));
        }
        byte[] unknown = [27, .. new byte[20]];
        Assert.Throws<MalformedInputException>(() => new RelocationBatch(new WasmReader(unknown), new Relocation[1]).Read(1));
    }

    private static Relocation RandomRelocation(Random random)
    {
        var kind = (RelocationKind)random.Next(RelocationTable.Count);
        RelocationInfo info = RelocationTable.Get(kind);
        long addend = !info.HasAddend ? 0
            : info.Encoding is RelocationEncoding.Leb10 or RelocationEncoding.Sleb10 or RelocationEncoding.I64 ? random.NextInt64() >> random.Next(64)
            : random.Next(int.MinValue, int.MaxValue) >> random.Next(32);
        return new Relocation(kind, (uint)random.NextInt64(uint.MaxValue) >> random.Next(32), (uint)random.NextInt64(uint.MaxValue) >> random.Next(32), addend);
    }

    // Numbers may be longer than they need to be.
    private static void Write(WasmWriter writer, in Relocation relocation, Random random)
    {
        writer.WriteByte((byte)relocation.Kind);
        WriteNumber(relocation.Offset);
        WriteNumber(relocation.Index);
        if (!RelocationTable.Get(relocation.Kind).HasAddend)
            return;
        if (random.Next(8) == 0 && relocation.Addend is >= int.MinValue and <= int.MaxValue)
            writer.WritePaddedLebS32((int)relocation.Addend);
        else
            writer.WriteLebS64(relocation.Addend);

        void WriteNumber(uint value)
        {
            if (random.Next(8) == 0)
                writer.WritePaddedLebU32(value);
            else
                writer.WriteLebU32(value);
        }
    }
}
