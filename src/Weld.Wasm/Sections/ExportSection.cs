using Weld.Base;
using Weld.Wasm.Binary;

namespace Weld.Wasm.Sections;

/// <summary>One export.</summary>
public readonly record struct Export(Utf8String Name, ExternalKind Kind, uint Index);

/// <summary>Section 7: what the module offers to its host. In an object, it holds the names of <c>export_name</c>.</summary>
/// <remarks>https://webassembly.github.io/spec/core/binary/modules.html#export-section</remarks>
public static class ExportSection
{
    public static Export[] Read(ref WasmReader reader)
    {
        var exports = new Export[reader.ReadCount("export", minimumSize: 3)];
        for (int i = 0; i < exports.Length; i++)
        {
            Utf8String name = Utf8String.FromPinned(reader.ReadName());
            byte kind = reader.ReadByte();
            if (kind > (byte)ExternalKind.Tag)
                throw reader.Malformed($"unexpected export kind {kind}");
            exports[i] = new Export(name, (ExternalKind)kind, reader.ReadLebU32());
        }
        return exports;
    }

    public static void Write(WasmWriter writer, ReadOnlySpan<Export> exports)
    {
        writer.WriteLebU32((uint)exports.Length);
        foreach (Export export in exports)
        {
            writer.WriteName(export.Name.Bytes);
            writer.WriteByte((byte)export.Kind);
            writer.WriteLebU32(export.Index);
        }
    }
}
