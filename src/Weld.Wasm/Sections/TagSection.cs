using Weld.Wasm.Binary;

namespace Weld.Wasm.Sections;

/// <summary>Section 13: the exception tags that the module defines, each as the index of its type.</summary>
/// <remarks>https://webassembly.github.io/spec/core/binary/modules.html#tag-section</remarks>
public static class TagSection
{
    public static uint[] Read(ref WasmReader reader)
    {
        var tags = new uint[reader.ReadCount("tag", minimumSize: 2)];
        for (int i = 0; i < tags.Length; i++)
            tags[i] = ReadTag(ref reader);
        return tags;
    }

    public static void Write(WasmWriter writer, ReadOnlySpan<uint> typeIndices)
    {
        writer.WriteLebU32((uint)typeIndices.Length);
        foreach (uint typeIndex in typeIndices)
            WriteTag(writer, typeIndex);
    }

    /// <summary>Reads the attribute, which must be 0 (exception), and returns the type index.</summary>
    internal static uint ReadTag(ref WasmReader reader)
    {
        byte attribute = reader.ReadByte();
        if (attribute != 0)
            throw reader.Malformed($"invalid tag attribute {attribute}");
        return reader.ReadLebU32();
    }

    internal static void WriteTag(WasmWriter writer, uint typeIndex)
    {
        writer.WriteByte(0);
        writer.WriteLebU32(typeIndex);
    }
}
