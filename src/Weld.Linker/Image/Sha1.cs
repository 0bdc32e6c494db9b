using System.Buffers.Binary;
using System.Numerics;

namespace Weld.Linker.Image;

/// <summary>SHA-1, for build ids only.</summary>
/// <remarks>RFC 3174. The framework's own would load a native crypto library into a tool that starts in milliseconds.</remarks>
public static class Sha1
{
    /// <summary>Bytes of a hash.</summary>
    public const int Size = 20;

    private const int BlockSize = 64;

    public static void Compute(ReadOnlySpan<byte> data, Span<byte> destination)
    {
        Span<uint> state = [0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0];
        int position = 0;
        for (; data.Length - position >= BlockSize; position += BlockSize)
            AddBlock(state, data.Slice(position, BlockSize));

        // The end: what is left, a one bit, zeros, and the length in bits.
        Span<byte> end = stackalloc byte[BlockSize * 2];
        end.Clear();
        ReadOnlySpan<byte> rest = data[position..];
        rest.CopyTo(end);
        end[rest.Length] = 0x80;
        int endLength = rest.Length + 9 <= BlockSize ? BlockSize : BlockSize * 2;
        BinaryPrimitives.WriteUInt64BigEndian(end[(endLength - 8)..], (ulong)data.Length * 8);
        for (int i = 0; i < endLength; i += BlockSize)
            AddBlock(state, end.Slice(i, BlockSize));

        for (int i = 0; i < state.Length; i++)
            BinaryPrimitives.WriteUInt32BigEndian(destination[(4 * i)..], state[i]);
    }

    private static void AddBlock(Span<uint> state, ReadOnlySpan<byte> block)
    {
        Span<uint> words = stackalloc uint[80];
        for (int i = 0; i < 16; i++)
            words[i] = BinaryPrimitives.ReadUInt32BigEndian(block[(4 * i)..]);
        for (int i = 16; i < words.Length; i++)
            words[i] = BitOperations.RotateLeft(words[i - 3] ^ words[i - 8] ^ words[i - 14] ^ words[i - 16], 1);

        (uint a, uint b, uint c, uint d, uint e) = (state[0], state[1], state[2], state[3], state[4]);
        for (int i = 0; i < words.Length; i++)
        {
            (uint mixed, uint constant) = i switch
            {
                < 20 => (d ^ (b & (c ^ d)), 0x5A827999u),
                < 40 => (b ^ c ^ d, 0x6ED9EBA1u),
                < 60 => ((b & c) | (d & (b | c)), 0x8F1BBCDCu),
                _ => (b ^ c ^ d, 0xCA62C1D6u),
            };
            uint next = BitOperations.RotateLeft(a, 5) + mixed + e + constant + words[i];
            (e, d, c, b, a) = (d, c, BitOperations.RotateLeft(b, 30), a, next);
        }
        state[0] += a;
        state[1] += b;
        state[2] += c;
        state[3] += d;
        state[4] += e;
    }
}
