using Weld.Base;
using Xunit;

namespace Weld.UnitTests.Names;

public sealed class Utf8StringTests
{
    private const int LongestName = 70;

    [Fact]
    public void Names_are_equal_when_all_bytes_are()
    {
        for (int length = 0; length <= LongestName; length++)
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

    [Fact]
    public void One_byte_with_the_high_bit_is_seen_wherever_it_is()
    {
        for (int length = 0; length <= LongestName; length++)
        {
            byte[] bytes = Bytes(length);
            Assert.True(Utf8String.Copy(bytes).IsAscii);
            for (int i = 0; i < length; i++)
            {
                bytes[i] |= 0x80;
                Assert.False(Utf8String.Copy(bytes).IsAscii, $"length {length}, byte {i}");
                bytes[i] &= 0x7f;
            }
        }
    }

    private static byte[] Bytes(int length) => [.. Enumerable.Range(0, length).Select(static i => (byte)('0' + (i % 50)))];
}
