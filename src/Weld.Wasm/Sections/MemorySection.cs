using Weld.Wasm.Binary;

namespace Weld.Wasm.Sections;

/// <summary>Section 5: the memories that the module defines.</summary>
/// <remarks>https://webassembly.github.io/spec/core/binary/modules.html#memory-section</remarks>
public static class MemorySection
{
    public static Limits[] Read(ref WasmReader reader)
    {
        var memories = new Limits[reader.ReadCount("memory", minimumSize: 2)];
        for (int i = 0; i < memories.Length; i++)
            memories[i] = Limits.Read(ref reader);
        return memories;
    }

    public static void Write(WasmWriter writer, ReadOnlySpan<Limits> memories)
    {
        writer.WriteLebU32((uint)memories.Length);
        foreach (Limits memory in memories)
            memory.Write(writer);
    }
}
