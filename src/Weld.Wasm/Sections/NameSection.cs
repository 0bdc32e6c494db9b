using Weld.Wasm.Binary;

namespace Weld.Wasm.Sections;

/// <summary>The subsections of the name section that weld writes, by number.</summary>
public enum NameSubsection : byte
{
    Module = 0,
    Function = 1,
    Global = 7,
    DataSegment = 9,
}

/// <summary>The "name" custom section: names for debuggers and stack traces.</summary>
/// <remarks>https://webassembly.github.io/spec/core/appendix/custom.html#name-section</remarks>
public static class NameSection
{
    public static ReadOnlySpan<byte> Name => "name"u8;

    /// <summary>Writes the module's name.</summary>
    public static void WriteModuleName(WasmWriter writer, ReadOnlySpan<byte> name)
    {
        writer.WriteByte((byte)NameSubsection.Module);
        writer.WriteLebU32((uint)(Leb128.SizeU32((uint)name.Length) + name.Length));
        writer.WriteName(name);
    }

    /// <summary>Writes the head of a name map; its entries (index, name), <paramref name="size"/> bytes, are to follow.</summary>
    public static void WriteMapHead(WasmWriter writer, NameSubsection kind, uint count, long size)
    {
        writer.WriteByte((byte)kind);
        writer.WriteLebU32((uint)(Leb128.SizeU32(count) + size));
        writer.WriteLebU32(count);
    }
}
