using Weld.Wasm.Binary;

namespace Weld.Wasm.Sections;

/// <summary>Section 12: the number of data segments, for validators that read code before data.</summary>
/// <remarks>https://webassembly.github.io/spec/core/binary/modules.html#data-count-section</remarks>
public static class DataCountSection
{
    public static uint Read(ref WasmReader reader) => reader.ReadLebU32();

    public static void Write(WasmWriter writer, uint count) => writer.WriteLebU32(count);
}
