using System.Buffers.Binary;
using System.Text;

namespace Weld.Linker.Inputs;

/// <summary>Finds the target triple in LLVM bitcode, such as <c>wasm32-unknown-wasi</c>.</summary>
/// <remarks>clang compiles bitcode for its own default target unless it is told another. LLVM writes the triple before
/// everything in the module block that needs abbreviations, so that blocks can be skipped and records read as they are.</remarks>
public static class BitcodeTriple
{
    private const uint WrapperMagic = 0x0B17C0DE;
    private const int MagicBits = 32;
    private const int TopLevelWidth = 2;
    private const uint EnterBlock = 1;
    private const uint UnabbreviatedRecord = 3;
    private const uint ModuleBlock = 8;
    private const uint TripleRecord = 2;
    private const int LongestTriple = 256;

    /// <returns>Null when there is none, or none where LLVM puts it.</returns>
    public static string? Find(ReadOnlySpan<byte> bitcode)
    {
        var bits = new BitReader(Unwrap(bitcode), MagicBits);
        while (!bits.IsAtEnd && bits.Read(TopLevelWidth) == EnterBlock)
        {
            (uint block, int width, long end) = ReadBlockHeader(ref bits);
            if (block == ModuleBlock)
                return FindInModule(ref bits, width, end);
            bits.Position = end;
        }
        return null;
    }

    private static ReadOnlySpan<byte> Unwrap(ReadOnlySpan<byte> bitcode)
    {
        if (bitcode.Length < 20 || BinaryPrimitives.ReadUInt32LittleEndian(bitcode) != WrapperMagic)
            return bitcode;
        uint offset = BinaryPrimitives.ReadUInt32LittleEndian(bitcode[8..]);
        return offset <= bitcode.Length ? bitcode[(int)offset..] : default;
    }

    private static (uint Block, int Width, long End) ReadBlockHeader(ref BitReader bits)
    {
        uint block = bits.ReadVariable(8);
        uint width = bits.ReadVariable(4);
        bits.Position = (bits.Position + 31) & ~31L;
        uint words = bits.Read(32);
        return (block, (int)Math.Clamp(width, TopLevelWidth, 32), bits.Position + (words * 32L));
    }

    private static string? FindInModule(ref BitReader bits, int width, long end)
    {
        while (!bits.IsAtEnd && bits.Position < end)
        {
            switch (bits.Read(width))
            {
                case EnterBlock:
                    bits.Position = ReadBlockHeader(ref bits).End;
                    break;
                case UnabbreviatedRecord when bits.ReadVariable(6) == TripleRecord:
                    return ReadText(ref bits);
                case UnabbreviatedRecord:
                    for (uint left = bits.ReadVariable(6); left != 0 && !bits.IsAtEnd; left--)
                        bits.ReadVariable(6);
                    break;
                default:
                    return null;
            }
        }
        return null;
    }

    private static string? ReadText(ref BitReader bits)
    {
        var text = new StringBuilder();
        uint length = bits.ReadVariable(6);
        if (length > LongestTriple)
            return null;
        for (uint i = 0; i < length; i++)
            text.Append((char)(bits.ReadVariable(6) & 0x7f));
        return bits.IsAtEnd ? null : text.ToString();
    }

    /// <summary>Reads numbers of any width, lowest bit first; beyond the end there are zeros.</summary>
    private ref struct BitReader(ReadOnlySpan<byte> bytes, long position)
    {
        private readonly ReadOnlySpan<byte> _bytes = bytes;

        public long Position { get; set; } = position;

        public readonly bool IsAtEnd => Position >= _bytes.Length * 8L;

        public uint Read(int width)
        {
            uint value = 0;
            for (int i = 0; i < width && !IsAtEnd; i++, Position++)
                value |= ((uint)_bytes[(int)(Position >> 3)] >> (int)(Position & 7) & 1) << i;
            return value;
        }

        /// <summary>Reads groups of <paramref name="width"/> bits, whose highest one says whether another follows.</summary>
        public uint ReadVariable(int width)
        {
            uint more = 1u << (width - 1);
            uint value = 0;
            for (int shift = 0; shift < 32; shift += width - 1)
            {
                uint group = Read(width);
                value |= (group & (more - 1)) << shift;
                if ((group & more) == 0)
                    break;
            }
            return value;
        }
    }
}
