using Weld.Wasm.Binary;

namespace Weld.Wasm.Sections;

/// <summary>Section 8: the function that runs when the module is instantiated.</summary>
/// <remarks>https://webassembly.github.io/spec/core/binary/modules.html#start-section</remarks>
public static class StartSection
{
    public static uint Read(ref WasmReader reader) => reader.ReadLebU32();

    public static void Write(WasmWriter writer, uint functionIndex) => writer.WriteLebU32(functionIndex);
}
