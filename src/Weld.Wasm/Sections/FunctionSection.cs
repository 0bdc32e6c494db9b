using Weld.Wasm.Binary;

namespace Weld.Wasm.Sections;

/// <summary>Section 3: the type of each function that the module defines.</summary>
/// <remarks>https://webassembly.github.io/spec/core/binary/modules.html#function-section</remarks>
public static class FunctionSection
{
    public static uint[] Read(ref WasmReader reader)
    {
        var types = new uint[ReadCount(ref reader)];
        for (int i = 0; i < types.Length; i++)
            types[i] = reader.ReadLebU32();
        return types;
    }

    /// <summary>Reads how many functions there are; the type index of each follows.</summary>
    public static int ReadCount(ref WasmReader reader) => reader.ReadCount("function");

    public static void Write(WasmWriter writer, ReadOnlySpan<uint> typeIndices)
    {
        writer.WriteLebU32((uint)typeIndices.Length);
        foreach (uint typeIndex in typeIndices)
            writer.WriteLebU32(typeIndex);
    }
}
