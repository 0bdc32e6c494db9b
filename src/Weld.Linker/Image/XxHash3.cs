using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Weld.Linker.Image;

/// <summary>The 64-bit XXH3 hash with seed 0, which <c>--build-id=fast</c> is made of.</summary>
/// <remarks>https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md</remarks>
public static class XxHash3
{
    private const uint Prime32A = 0x9E3779B1;
    private const uint Prime32B = 0x85EBCA77;
    private const uint Prime32C = 0xC2B2AE3D;
    private const ulong Prime64A = 0x9E3779B185EBCA87;
    private const ulong Prime64B = 0xC2B2AE3D27D4EB4F;
    private const ulong Prime64C = 0x165667B19E3779F9;
    private const ulong Prime64D = 0x85EBCA77C2B2AE63;
    private const ulong Prime64E = 0x27D4EB2F165667C5;
    private const ulong MixA = 0x165667919E3779F9;
    private const ulong MixB = 0x9FB21C651E98DF25;
    private const int Lanes = 8;
    private const int StripeSize = Lanes * sizeof(ulong);
    private const int StripesPerBlock = (SecretSize - StripeSize) / sizeof(ulong);
    private const int BlockSize = StripesPerBlock * StripeSize;
    private const int SecretSize = 192;

    /// <summary>The format's fixed table of random bytes.</summary>
    private static ReadOnlySpan<byte> Secret =>
    [
        0xb8, 0xfe, 0x6c, 0x39, 0x23, 0xa4, 0x4b, 0xbe, 0x7c, 0x01, 0x81, 0x2c, 0xf7, 0x21, 0xad, 0x1c,
        0xde, 0xd4, 0x6d, 0xe9, 0x83, 0x90, 0x97, 0xdb, 0x72, 0x40, 0xa4, 0xa4, 0xb7, 0xb3, 0x67, 0x1f,
        0xcb, 0x79, 0xe6, 0x4e, 0xcc, 0xc0, 0xe5, 0x78, 0x82, 0x5a, 0xd0, 0x7d, 0xcc, 0xff, 0x72, 0x21,
        0xb8, 0x08, 0x46, 0x74, 0xf7, 0x43, 0x24, 0x8e, 0xe0, 0x35, 0x90, 0xe6, 0x81, 0x3a, 0x26, 0x4c,
        0x3c, 0x28, 0x52, 0xbb, 0x91, 0xc3, 0x00, 0xcb, 0x88, 0xd0, 0x65, 0x8b, 0x1b, 0x53, 0x2e, 0xa3,
        0x71, 0x64, 0x48, 0x97, 0xa2, 0x0d, 0xf9, 0x4e, 0x38, 0x19, 0xef, 0x46, 0xa9, 0xde, 0xac, 0xd8,
        0xa8, 0xfa, 0x76, 0x3f, 0xe3, 0x9c, 0x34, 0x3f, 0xf9, 0xdc, 0xbb, 0xc7, 0xc7, 0x0b, 0x4f, 0x1d,
        0x8a, 0x51, 0xe0, 0x4b, 0xcd, 0xb4, 0x59, 0x31, 0xc8, 0x9f, 0x7e, 0xc9, 0xd9, 0x78, 0x73, 0x64,
        0xea, 0xc5, 0xac, 0x83, 0x34, 0xd3, 0xeb, 0xc3, 0xc5, 0x81, 0xa0, 0xff, 0xfa, 0x13, 0x63, 0xeb,
        0x17, 0x0d, 0xdd, 0x51, 0xb7, 0xf0, 0xda, 0x49, 0xd3, 0x16, 0x55, 0x26, 0x29, 0xd4, 0x68, 0x9e,
        0x2b, 0x16, 0xbe, 0x58, 0x7d, 0x47, 0xa1, 0xfc, 0x8f, 0xf8, 0xb8, 0xd1, 0x7a, 0xd0, 0x31, 0xce,
        0x45, 0xcb, 0x3a, 0x8f, 0x95, 0x16, 0x04, 0x28, 0xaf, 0xd7, 0xfb, 0xca, 0xbb, 0x4b, 0x40, 0x7e,
    ];

    public static ulong Compute(ReadOnlySpan<byte> data) => data.Length switch
    {
        0 => AvalancheLong(Read64(Secret, 56) ^ Read64(Secret, 64)),
        <= 3 => HashTo3(data),
        <= 8 => HashTo8(data),
        <= 16 => HashTo16(data),
        <= 128 => HashTo128(data),
        <= 240 => HashTo240(data),
        _ => HashLong(data),
    };

    private static ulong HashTo3(ReadOnlySpan<byte> data)
    {
        uint combined = ((uint)data[0] << 16) | ((uint)data[data.Length >> 1] << 24) | data[^1] | ((uint)data.Length << 8);
        return AvalancheLong(combined ^ (ulong)(Read32(Secret, 0) ^ Read32(Secret, 4)));
    }

    private static ulong HashTo8(ReadOnlySpan<byte> data)
    {
        ulong value = Read32(data, data.Length - 4) + ((ulong)Read32(data, 0) << 32);
        value ^= Read64(Secret, 8) ^ Read64(Secret, 16);
        value ^= BitOperations.RotateLeft(value, 49) ^ BitOperations.RotateLeft(value, 24);
        value *= MixB;
        value ^= (value >> 35) + (uint)data.Length;
        value *= MixB;
        return value ^ (value >> 28);
    }

    private static ulong HashTo16(ReadOnlySpan<byte> data)
    {
        ulong low = Read64(data, 0) ^ Read64(Secret, 24) ^ Read64(Secret, 32);
        ulong high = Read64(data, data.Length - 8) ^ Read64(Secret, 40) ^ Read64(Secret, 48);
        return Avalanche((uint)data.Length + BinaryPrimitives.ReverseEndianness(low) + high + Fold(low, high));
    }

    private static ulong HashTo128(ReadOnlySpan<byte> data)
    {
        ulong sum = (uint)data.Length * Prime64A;
        for (int i = (data.Length - 1) / 32; i >= 0; i--)
        {
            sum += Mix16(data, 16 * i, 32 * i);
            sum += Mix16(data, data.Length - (16 * (i + 1)), (32 * i) + 16);
        }
        return Avalanche(sum);
    }

    private static ulong HashTo240(ReadOnlySpan<byte> data)
    {
        ulong sum = (uint)data.Length * Prime64A;
        for (int i = 0; i < 8; i++)
            sum += Mix16(data, 16 * i, 16 * i);
        sum = Avalanche(sum);
        for (int i = 8; i < data.Length / 16; i++)
            sum += Mix16(data, 16 * i, (16 * (i - 8)) + 3);
        return Avalanche(sum + Mix16(data, data.Length - 16, 136 - 17));
    }

    private static ulong HashLong(ReadOnlySpan<byte> data)
    {
        Span<ulong> lanes = [Prime32C, Prime64A, Prime64B, Prime64C, Prime64D, Prime32B, Prime64E, Prime32A];
        int position = 0;
        for (; position + BlockSize < data.Length; position += BlockSize)
        {
            AccumulateStripes(lanes, data.Slice(position, BlockSize), Secret);
            Scramble(lanes);
        }
        int stripes = (data.Length - 1 - position) / StripeSize;
        AccumulateStripes(lanes, data.Slice(position, stripes * StripeSize), Secret);
        AccumulateStripes(lanes, data[^StripeSize..], Secret[(SecretSize - StripeSize - 7)..]);

        ulong result = (ulong)data.Length * Prime64A;
        for (int i = 0; i < Lanes; i += 2)
            result += Fold(lanes[i] ^ Read64(Secret, 11 + (8 * i)), lanes[i + 1] ^ Read64(Secret, 11 + (8 * i) + 8));
        return Avalanche(result);
    }

    internal static void AccumulateStripes(Span<ulong> lanes, ReadOnlySpan<byte> stripes, ReadOnlySpan<byte> secret)
    {
        if (Avx2.IsSupported)
            AccumulateStripesAvx2(lanes, stripes, secret);
        else
            AccumulateStripesPortable(lanes, stripes, secret);
    }

    internal static void AccumulateStripesPortable(Span<ulong> lanes, ReadOnlySpan<byte> stripes, ReadOnlySpan<byte> secret)
    {
        for (; stripes.Length != 0; stripes = stripes[StripeSize..], secret = secret[sizeof(ulong)..])
        {
            for (int i = 0; i < Lanes; i++)
            {
                ulong value = Read64(stripes, sizeof(ulong) * i);
                ulong key = value ^ Read64(secret, sizeof(ulong) * i);
                lanes[i ^ 1] += value;
                lanes[i] += (uint)key * (key >> 32);
            }
        }
    }

    private static void AccumulateStripesAvx2(Span<ulong> lanes, ReadOnlySpan<byte> stripes, ReadOnlySpan<byte> secret)
    {
        Vector256<ulong> low = Vector256.Create((ReadOnlySpan<ulong>)lanes);
        Vector256<ulong> high = Vector256.Create((ReadOnlySpan<ulong>)lanes[4..]);
        for (; stripes.Length != 0; stripes = stripes[StripeSize..], secret = secret[sizeof(ulong)..])
        {
            low = Accumulate(low, Vector256.Create(stripes), Vector256.Create(secret));
            high = Accumulate(high, Vector256.Create(stripes[32..]), Vector256.Create(secret[32..]));
        }
        low.CopyTo(lanes);
        high.CopyTo(lanes[4..]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> Accumulate(Vector256<ulong> lanes, Vector256<byte> data, Vector256<byte> secret)
    {
        Vector256<ulong> key = (data ^ secret).AsUInt64();
        Vector256<ulong> product = Avx2.Multiply(key.AsUInt32(), (key >>> 32).AsUInt32());
        Vector256<uint> swapped = Avx2.Shuffle(data.AsUInt32(), 0b01_00_11_10);
        return lanes + product + swapped.AsUInt64();
    }

    private static void Scramble(Span<ulong> lanes)
    {
        for (int i = 0; i < Lanes; i++)
        {
            ulong lane = lanes[i];
            lane ^= lane >> 47;
            lane ^= Read64(Secret, SecretSize - StripeSize + (sizeof(ulong) * i));
            lanes[i] = lane * Prime32A;
        }
    }

    private static ulong Mix16(ReadOnlySpan<byte> data, int position, int secretPosition) =>
        Fold(Read64(data, position) ^ Read64(Secret, secretPosition), Read64(data, position + 8) ^ Read64(Secret, secretPosition + 8));

    private static ulong Fold(ulong left, ulong right)
    {
        ulong high = Math.BigMul(left, right, out ulong low);
        return high ^ low;
    }

    private static ulong Avalanche(ulong value)
    {
        value ^= value >> 37;
        value *= MixA;
        return value ^ (value >> 32);
    }

    private static ulong AvalancheLong(ulong value)
    {
        value ^= value >> 33;
        value *= Prime64B;
        value ^= value >> 29;
        value *= Prime64C;
        return value ^ (value >> 32);
    }

    private static uint Read32(ReadOnlySpan<byte> bytes, int position) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[position..]);

    private static ulong Read64(ReadOnlySpan<byte> bytes, int position) => BinaryPrimitives.ReadUInt64LittleEndian(bytes[position..]);
}
