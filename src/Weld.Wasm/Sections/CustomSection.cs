using Weld.Wasm.Binary;

namespace Weld.Wasm.Sections;

/// <summary>Section 0: a name, and contents that the specification does not look at.</summary>
/// <remarks>https://webassembly.github.io/spec/core/binary/modules.html#custom-section</remarks>
public static class CustomSection
{
    /// <summary>The bytes that a name takes before the contents.</summary>
    public static int NameSize(ReadOnlySpan<byte> name) => Leb128.SizeU32((uint)name.Length) + name.Length;

    /// <summary>A whole custom section but for id and size: the name, then <paramref name="contents"/>.</summary>
    public static WasmWriter Make(ReadOnlySpan<byte> name, WasmWriter contents)
    {
        var writer = new WasmWriter(NameSize(name) + contents.Length);
        writer.WriteName(name);
        writer.WriteBytes(contents.Written);
        return writer;
    }
}
