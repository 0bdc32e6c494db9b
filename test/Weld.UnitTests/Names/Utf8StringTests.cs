using Weld.Base;
using Xunit;

namespace Weld.UnitTests.Names;

public sealed class Utf8StringTests
{
    [Fact]
    public unsafe void A_byte_with_the_high_bit_is_found_anywhere()
    {
        // What is around the name does not count.
        Span<byte> bytes = stackalloc byte[80];
        fixed (byte* start = bytes)
        {
            for (int length = 0; length <= 70; length++)
            {
                bytes.Fill(0xff);
                bytes.Slice(4, length).Fill((byte)'a');
                Assert.True(new Utf8String(start + 4, length).IsAscii, $"{length}");
                for (int i = 0; i < length; i++)
                {
                    bytes[4 + i] = 0x80;
                    Assert.False(new Utf8String(start + 4, length).IsAscii, $"{length}, {i}");
                    bytes[4 + i] = (byte)'a';
                }
            }
        }
    }

    [Fact]
    public void Names_are_equal_when_all_bytes_are()
    {
        for (int length = 0; length <= 70; length++)
        {
            byte[] bytes = Bytes(length);
            Utf8String name = Utf8String.Copy(bytes);
            Assert.True(name.Equals(Utf8String.Copy(bytes)));
            Assert.False(name.Equals(Utf8String.Copy(Bytes(length + 1))));
            for (int i = 0; i < length; i++)
            {
                bytes[i]++;
                Assert.False(name.Equals(Utf8String.Copy(bytes)), $"length {length}, byte {i}");
                bytes[i]--;
            }
        }
    }

    private static byte[] Bytes(int length) => [.. Enumerable.Range(0, length).Select(static i => (byte)('0' + (i % 50)))];
}
