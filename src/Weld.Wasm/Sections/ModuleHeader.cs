using Weld.Wasm.Binary;

namespace Weld.Wasm.Sections;

/// <summary>The eight bytes before the first section.</summary>
public static class ModuleHeader
{
    public const int Size = 8;

    public const uint Version = 1;

    public static ReadOnlySpan<byte> Bytes => "\0asm\x01\0\0\0"u8;

    /// <summary>Reads the header and refuses every version but 1 (a component, for example).</summary>
    public static void Read(ref WasmReader reader)
    {
        if (reader.Remaining < 4 || !reader.ReadBytes(4).SequenceEqual(Bytes[..4]))
            throw reader.Malformed("not a wasm file: bad magic number");
        if (reader.Remaining < 4)
            throw reader.Malformed("missing version number");
        uint version = reader.ReadU32();
        if (version != Version)
            throw reader.Malformed($"invalid version number: {version}");
    }
}
