using System.Runtime.InteropServices;
using Weld.Base.Diagnostics;
using Weld.Linker.Inputs;
using Weld.Wasm.Binary;
using Weld.Wasm.Linking;
using Xunit;

namespace Weld.UnitTests.Inputs;

public sealed unsafe class PackedRelocationTests
{
    private const int TypeCount = 10;

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
    public void What_is_packed_is_what_is_decoded_one_by_one()
    {
        var random = new Random(1);
        int usualCount = 0;
        int count = 0;
        for (int round = 0; round < 500; round++)
        {
            bool isCode = random.Next(2) == 0;
            uint start = (uint)random.Next(3000);
            var expected = new Relocation[random.Next(0, 60)];
            var writer = new WasmWriter();
            for (uint i = 0, offset = start; i < expected.Length; i++)
            {
                expected[i] = RandomRelocation(random, offset, isCode);
                offset = expected[i].Offset + (uint)RelocationTable.Get(expected[i].Kind).Width;
                Write(writer, expected[i], random);
            }
            InputSymbol[] symbols = Symbols();
            List<Relocation> packed = Pack(writer.Written, expected.Length, symbols, isCode, start, uint.MaxValue, out int usual);
            Assert.Equal(expected.Select(relocation => relocation with { Offset = relocation.Offset - start }), packed);
            usualCount += usual;
            count += expected.Length;
            for (uint i = 0; i < symbols.Length; i++)
                Assert.Equal(isCode && expected.Any(relocation => relocation.Kind == RelocationKind.FunctionIndexLeb && relocation.Index == i),
                    (symbols[i].Marks & InputSymbolMarks.CalledDirectly) != 0);
        }
        // What is long, wide or near the end is not usual.
        Assert.InRange(usualCount, count / 4, count * 3 / 4);
    }

    // A usual one comes first, and usual ones follow; so near the end it is none.
    [Theory]
    [InlineData(RelocationKind.FunctionIndexLeb, 119u, 0u, 0)] // begins in the one before
    [InlineData(RelocationKind.FunctionIndexLeb, 99u, 0u, 0)]
    [InlineData(RelocationKind.FunctionIndexLeb, 196u, 0u, 0)] // ends behind the function
    [InlineData(RelocationKind.FunctionIndexLeb, 200u, 0u, 0)]
    [InlineData(RelocationKind.FunctionIndexLeb, uint.MaxValue, 0u, 0)]
    [InlineData(RelocationKind.FunctionIndexLeb, 130u, 1u, 0)] // data
    [InlineData(RelocationKind.FunctionIndexLeb, 130u, 600u, 0)] // no symbol
    [InlineData(RelocationKind.FunctionIndexLeb, 130u, uint.MaxValue, 0)]
    [InlineData(RelocationKind.TypeIndexLeb, 130u, 10u, 0)] // no type
    [InlineData(RelocationKind.TableIndexI32, 130u, 0u, 0)] // no LEB128
    [InlineData(RelocationKind.MemoryAddrLeb, 130u, 1u, 1 << 17)] // wide
    [InlineData(RelocationKind.MemoryAddrLeb, 130u, 1u, int.MinValue)]
    [InlineData((RelocationKind)27, 130u, 0u, 0)]
    public void The_fast_loop_stops_at_what_needs_a_closer_look(RelocationKind kind, uint offset, uint index, int addend)
    {
        var writer = new WasmWriter();
        new Relocation(RelocationKind.FunctionIndexLeb, 115, 0, 0).Write(writer);
        writer.WriteByte((byte)kind);
        writer.WriteLebU32(offset);
        writer.WriteLebU32(index);
        if (kind == RelocationKind.MemoryAddrLeb)
            writer.WriteLebS64(addend);
        for (uint i = 0; i < 8; i++)
            new Relocation(RelocationKind.FunctionIndexLeb, 150 + 5 * i, 0, 0).Write(writer);
        var packer = PackerOf(writer.Written, 10, Symbols(), isCode: true);
        Assert.True(packer.PackUsual(100, 200));
        Assert.Equal(1, packer.Count);
        Assert.Equal(115u, packer.Last);
        Assert.Equal(120u, packer.End);
        Assert.Equal(offset, packer.StoppedAt);
    }

    [Fact]
    public void What_is_cut_off_is_refused()
    {
        var writer = new WasmWriter();
        new Relocation(RelocationKind.MemoryAddrLeb, 1000, 1000, 1000).Write(writer);
        for (int length = 0; length < writer.Length; length++)
        {
            byte[] bytes = writer.Written[..length].ToArray();
            Assert.Throws<MalformedInputException>(() => Pack(bytes, 1, Symbols(), isCode: true, 0, 2000, out _));
        }
        byte[] unknown = [27, .. new byte[20]];
        Assert.Throws<MalformedInputException>(() => Pack(unknown, 1, Symbols(), isCode: true, 0, 2000, out _));
    }

    // 600 symbols, so that indices have one or two bytes: functions and data in turn.
    private static InputSymbol[] Symbols()
    {
        var symbols = new InputSymbol[600];
        for (int i = 0; i < symbols.Length; i++)
            symbols[i].Kind = (SymbolKind)(i % 6);
        return symbols;
    }

    private static RelocationPacker PackerOf(ReadOnlySpan<byte> bytes, int count, InputSymbol[] symbols, bool isCode)
    {
        byte* copy = (byte*)NativeMemory.Alloc((nuint)bytes.Length);
        bytes.CopyTo(new Span<byte>(copy, bytes.Length));
        var file = new InputFile("test.o", null, copy, bytes.Length);
        return new RelocationPacker(file, new WasmReader(file.Bytes), count, symbols, TypeCount, isCode);
    }

    private static List<Relocation> Pack(ReadOnlySpan<byte> bytes, int count, InputSymbol[] symbols, bool isCode, uint start, uint end, out int usual)
    {
        RelocationPacker packer = PackerOf(bytes, count, symbols, isCode);
        int added = 0;
        while (packer.PackUsual(start, end))
        {
            packer.Add(packer.Read(), start);
            added++;
        }
        usual = count - added;
        RelocationRange range = packer.Finish().Slice(0, count);
        var relocations = new List<Relocation>();
        while (!range.AtEnd)
            relocations.Add(range.Read());
        return relocations;
    }

    private static Relocation RandomRelocation(Random random, uint least, bool isCode)
    {
        RelocationInfo info;
        do
            info = RelocationTable.Get((RelocationKind)random.Next(RelocationTable.Count));
        while (isCode && !info.IsLeb);
        uint index;
        do
            index = (uint)random.Next(info.NamesSymbol ? Symbols().Length : TypeCount);
        while (info.NamesSymbol && !info.Accepts(Symbols()[index].Kind));
        long addend = !info.HasAddend ? 0
            : info.Encoding is RelocationEncoding.Leb10 or RelocationEncoding.Sleb10 or RelocationEncoding.I64 ? random.NextInt64() >> random.Next(64)
            : random.Next(int.MinValue, int.MaxValue) >> random.Next(32);
        return new Relocation(info.Kind, least + (random.Next(100) == 0 ? (uint)random.Next(1 << 20) : (uint)random.Next(50)), index, addend);
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
