using System.Buffers.Binary;
using System.Diagnostics;
using Weld.Linker.Options;

namespace Weld.Linker.Image;

/// <summary>The number that <c>--build-id</c> puts into the output.</summary>
/// <remarks>Counterpart in wasm-ld: <c>writeBuildId</c> in Writer.cpp. For equal images the ids are equal to wasm-ld's.
/// Hashes are of the hashes of chunks, so that chunks can be hashed in any order.</remarks>
public static class BuildId
{
    private const int ChunkSize = 1024 * 1024;
    private const int UuidSize = 16;

    // What wasm-ld has in the id's place while it hashes.
    private const byte Placeholder = (byte)' ';

    // Sets ids of this kind apart from other name-based UUIDs; the value is wasm-ld's.
    private static ReadOnlySpan<byte> UuidNamespace =>
        [0xA1, 0xFA, 0x48, 0x2D, 0x0E, 0x22, 0x03, 0x8D, 0x33, 0x8B, 0x52, 0x1C, 0xD6, 0xD2, 0x12, 0xB2];

    private delegate void Hash(ReadOnlySpan<byte> data, Span<byte> destination);

    /// <summary>The id's size in bytes.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="hex">The bytes of <see cref="BuildIdKind.HexString"/>.</param>
    public static int Size(BuildIdKind kind, byte[] hex) => kind switch
    {
        BuildIdKind.None => 0,
        BuildIdKind.Fast or BuildIdKind.Uuid => UuidSize,
        BuildIdKind.Sha1 => Sha1.Size,
        BuildIdKind.HexString => hex.Length,
        _ => throw new UnreachableException($"build id kind {kind}"),
    };

    /// <summary>Computes the id of a finished image and writes it into its place there.</summary>
    /// <param name="kind">The kind; not <see cref="BuildIdKind.None"/>.</param>
    /// <param name="hex">The bytes of <see cref="BuildIdKind.HexString"/>.</param>
    /// <param name="image">The whole output file.</param>
    /// <param name="position">Where in it the id's bytes belong.</param>
    public static void Write(BuildIdKind kind, byte[] hex, Span<byte> image, int position)
    {
        Span<byte> id = image.Slice(position, Size(kind, hex));
        switch (kind)
        {
            case BuildIdKind.Fast:
                id.Fill(Placeholder);
                ComputeFast(image, id);
                break;
            case BuildIdKind.Sha1:
                id.Fill(Placeholder);
                HashChunks(image, id, Sha1.Compute);
                break;
            case BuildIdKind.Uuid:
                // The framework's random UUIDs are of version 4, and come from the system's secure source.
                Guid.NewGuid().TryWriteBytes(id, bigEndian: true, out _);
                break;
            case BuildIdKind.HexString:
                hex.CopyTo(id);
                break;
            default:
                throw new UnreachableException($"no id is written for build id kind {kind}");
        }
    }

    private static void ComputeFast(ReadOnlySpan<byte> image, Span<byte> destination)
    {
        Span<byte> name = stackalloc byte[UuidSize + sizeof(ulong)];
        UuidNamespace.CopyTo(name);
        HashChunks(image, name[UuidSize..], static (data, hash) => BinaryPrimitives.WriteUInt64LittleEndian(hash, XxHash3.Compute(data)));
        Span<byte> id = stackalloc byte[Sha1.Size];
        Sha1.Compute(name, id);
        // The marks of a name-based UUID: version 5, and the variant of RFC 4122.
        id[6] = (byte)(0x50 | (id[6] & 0x0f));
        id[8] = (byte)(0x80 | (id[8] & 0x3f));
        id[..UuidSize].CopyTo(destination);
    }

    private static void HashChunks(ReadOnlySpan<byte> image, Span<byte> destination, Hash hash)
    {
        int count = (int)(((long)image.Length + ChunkSize - 1) / ChunkSize);
        byte[] hashes = new byte[count * destination.Length];
        for (int i = 0; i < count; i++)
        {
            int start = i * ChunkSize;
            hash(image.Slice(start, Math.Min(ChunkSize, image.Length - start)), hashes.AsSpan(i * destination.Length, destination.Length));
        }
        hash(hashes, destination);
    }
}
