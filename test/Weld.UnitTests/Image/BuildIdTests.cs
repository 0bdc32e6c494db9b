using System.Security.Cryptography;
using Weld.Linker.Image;
using Weld.Linker.Options;
using Weld.Wasm.Binary;
using Xunit;

namespace Weld.UnitTests.Image;

public sealed class BuildIdTests
{
    /// <summary>Expected values are libxxhash's (XXH3_64bits); the lengths are the edges of every case of the format.</summary>
    [Theory]
    [InlineData(0, 0x2d06800538d394c2UL)]
    [InlineData(1, 0xc44bdff4074eecdbUL)]
    [InlineData(2, 0x1ca5cfa6a6d57dc2UL)]
    [InlineData(3, 0xa1c4a8259b827291UL)]
    [InlineData(4, 0xbb4e3d89ee0b271dUL)]
    [InlineData(5, 0xdafb9806147ded6fUL)]
    [InlineData(8, 0x79d02238b80e37b1UL)]
    [InlineData(9, 0xf64cecc4271ff461UL)]
    [InlineData(15, 0x6f72fd6b5d066049UL)]
    [InlineData(16, 0x222e9aead6bddd51UL)]
    [InlineData(17, 0x47aad6b375eb4bbaUL)]
    [InlineData(32, 0x774140158f21ff0aUL)]
    [InlineData(33, 0x537e7ed26d825e92UL)]
    [InlineData(64, 0x70a70e66815e67e5UL)]
    [InlineData(65, 0x4b4ce7050eeb9559UL)]
    [InlineData(96, 0xa97f9ae93c0ff67aUL)]
    [InlineData(97, 0x0dd88db1bbaf7326UL)]
    [InlineData(128, 0x421a9c905c6e66baUL)]
    [InlineData(129, 0x9e2414800f83768aUL)]
    [InlineData(144, 0xb851aacca23ec7b6UL)]
    [InlineData(200, 0x20a87db907ce74e4UL)]
    [InlineData(239, 0x11c20fc75e84087bUL)]
    [InlineData(240, 0xb714c5fd22744964UL)]
    [InlineData(241, 0xbc424a2c480dd281UL)]
    [InlineData(255, 0x155baa5891f7606fUL)]
    [InlineData(256, 0x2d040b1ab40f0d78UL)]
    [InlineData(1023, 0x3071307bafa2f8f4UL)]
    [InlineData(1024, 0x1fd15e7d36f5e1bcUL)]
    [InlineData(1025, 0xfe08e5a874d23fd2UL)]
    [InlineData(1088, 0x0ac7cf3a6009bab5UL)]
    [InlineData(1089, 0xb246626fdf150fcbUL)]
    [InlineData(2048, 0x81ec4a6a9ee23d55UL)]
    [InlineData(2049, 0x9156a1fd2d1a8c37UL)]
    [InlineData(5000, 0x853377ef13cec7bdUL)]
    [InlineData(1048639, 0x00661cd8324e8256UL)]
    public void Equals_xxh3(int length, ulong expected) =>
        Assert.Equal(expected, XxHash3.Compute(MakeBytes(length)));

    [Fact]
    public void Portable_stripes_equal_vector_stripes()
    {
        byte[] stripes = MakeBytes(1024);
        byte[] secret = MakeBytes(192);
        ulong[] portable = [1, 2, 3, 4, 5, 6, 7, ulong.MaxValue];
        ulong[] chosen = [.. portable];
        XxHash3.AccumulateStripesPortable(portable, stripes, secret);
        XxHash3.AccumulateStripes(chosen, stripes, secret);
        Assert.Equal(portable, chosen);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(55)]
    [InlineData(56)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(119)]
    [InlineData(120)]
    [InlineData(1_000_000)]
    public void Equals_sha1(int length)
    {
        byte[] actual = new byte[Sha1.Size];
        Sha1.Compute(MakeBytes(length), actual);
#pragma warning disable CA5350 // The algorithm that is tested.
        Assert.Equal(SHA1.HashData(MakeBytes(length)), actual);
#pragma warning restore CA5350
    }

    /// <summary>wasm-ld's output without its id must give that id. The sizes are below, at and above the chunk size.</summary>
    [Theory]
    [InlineData("fast", BuildIdKind.Fast, 10)]
    [InlineData("fast", BuildIdKind.Fast, 1_048_576)]
    [InlineData("fast", BuildIdKind.Fast, 3_000_000)]
    [InlineData("sha1", BuildIdKind.Sha1, 10)]
    [InlineData("tree", BuildIdKind.Sha1, 3_000_000)]
    public void Equals_wasm_ld(string option, BuildIdKind kind, int dataSize)
    {
        using var directory = new TempDirectory();
        directory.Write("a.c", System.Text.Encoding.ASCII.GetBytes($"char data[{dataSize}] = {{1, 2, 3}}; void _start(void) {{}}"));
        ExternalTool.Run(directory.Path, "clang-22", "--target=wasm32", "-c", "a.c", "-o", "a.o");
        ExternalTool.Run(directory.Path, "wasm-ld-22", "a.o", "--export=data", "--build-id=" + option, "-o", "a.wasm");
        byte[] image = File.ReadAllBytes(directory["a.wasm"]);
        Assert.True(image.Length > dataSize);
        Range place = FindBuildId(image);
        byte[] expected = image[place];
        byte[] original = [.. image];
        Assert.Equal(expected.Length, BuildId.Size(kind, []));
        image.AsSpan(place).Clear();
        BuildId.Write(kind, [], image, place.Start.Value);
        Assert.Equal(original, image);
    }

    [Fact]
    public void Uuids_are_random_and_marked_as_such()
    {
        byte[] first = new byte[BuildId.Size(BuildIdKind.Uuid, [])];
        byte[] second = new byte[first.Length];
        BuildId.Write(BuildIdKind.Uuid, [], first, 0);
        BuildId.Write(BuildIdKind.Uuid, [], second, 0);
        Assert.NotEqual(first, second);
        Assert.Equal((0x40, 0x80), (first[6] & 0xf0, first[8] & 0xc0));
    }

    [Fact]
    public void Given_ids_are_copied_into_their_place()
    {
        byte[] image = [9, 9, 9, 9, 9];
        BuildId.Write(BuildIdKind.HexString, [1, 2], image, 2);
        Assert.Equal([9, 9, 1, 2, 9], image);
    }

    [Fact]
    public void Sizes_of_given_ids() =>
        Assert.Equal((0, 3), (BuildId.Size(BuildIdKind.None, []), BuildId.Size(BuildIdKind.HexString, [1, 2, 3])));

    private static byte[] MakeBytes(int length)
    {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++)
            bytes[i] = (byte)((i * 2654435761L) >> 13);
        return bytes;
    }

    /// <summary>The last bytes of the section named build_id: its content is a length and the id.</summary>
    private static Range FindBuildId(byte[] image)
    {
        var reader = new WasmReader(image.AsSpan(8), 8);
        while (!reader.AtEnd)
        {
            byte id = reader.ReadByte();
            uint size = reader.ReadLebU32();
            int start = (int)reader.FileOffset;
            var section = new WasmReader(reader.ReadBytes(size), start);
            if (id == 0 && section.ReadName().SequenceEqual("build_id"u8))
            {
                int length = (int)section.ReadLebU32();
                return (int)section.FileOffset..((int)section.FileOffset + length);
            }
        }
        throw new InvalidOperationException("no build_id section");
    }
}
