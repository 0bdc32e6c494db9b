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
}
