using System.Runtime.CompilerServices;
using Weld.Base;
using Weld.Wasm.Binary;

namespace Weld.Wasm.Sections;

/// <summary>One import. Which of the type fields count depends on <see cref="Kind"/>.</summary>
/// <param name="Module">The import module.</param>
/// <param name="Name">The import field.</param>
/// <param name="Kind">What is imported.</param>
/// <param name="TypeIndex">The type of a function or a tag.</param>
/// <param name="Global">The type of a global.</param>
/// <param name="Table">The type of a table; of a memory, only the limits.</param>
public readonly record struct Import(Utf8String Module, Utf8String Name, ExternalKind Kind, uint TypeIndex, GlobalType Global, TableType Table);

/// <summary>Section 2: what the module needs from its host, or, in an object, from other objects.</summary>
/// <remarks>https://webassembly.github.io/spec/core/binary/modules.html#import-section</remarks>
public static class ImportSection
{
    public static Import[] Read(ref WasmReader reader)
    {
        var imports = GC.AllocateUninitializedArray<Import>(reader.ReadCount("import", minimumSize: 4));
        for (int i = 0; i < imports.Length; i++)
            imports[i] = ReadImport(ref reader);
        return imports;
    }

    public static void Write(WasmWriter writer, ReadOnlySpan<Import> imports)
    {
        writer.WriteLebU32((uint)imports.Length);
        foreach (Import import in imports)
            Write(writer, import);
    }

    /// <summary>Reads the next import; the count has been read before.</summary>
    public static Import ReadImport(ref WasmReader reader)
    {
        Utf8String module = Utf8String.FromPinned(reader.ReadName());
        Utf8String name = Utf8String.FromPinned(reader.ReadName());
        var kind = (ExternalKind)reader.ReadByte();
        switch (kind)
        {
            case ExternalKind.Function:
                return new Import(module, name, kind, reader.ReadLebU32(), default, default);
            case ExternalKind.Table:
                return new Import(module, name, kind, 0, default, TableType.Read(ref reader));
            case ExternalKind.Memory:
                return new Import(module, name, kind, 0, default, new TableType(default, Limits.Read(ref reader)));
            case ExternalKind.Global:
                return new Import(module, name, kind, 0, GlobalType.Read(ref reader), default);
            case ExternalKind.Tag:
                return new Import(module, name, kind, TagSection.ReadTag(ref reader), default, default);
            default:
                throw reader.Malformed($"unexpected import kind {(byte)kind}");
        }
    }

    /// <summary>Reads the next import if it is a function, as nearly all are; otherwise, nothing is read.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryReadFunction(ref WasmReader reader, out Utf8String module, out Utf8String name, out uint type)
    {
        WasmReader start = reader;
        module = Utf8String.FromPinned(reader.ReadName());
        name = Utf8String.FromPinned(reader.ReadName());
        if (reader.PeekByte() != (byte)ExternalKind.Function)
        {
            reader = start;
            type = 0;
            return false;
        }
        reader.Skip(1);
        type = reader.ReadLebU32();
        return true;
    }

    private static void Write(WasmWriter writer, in Import import)
    {
        writer.WriteName(import.Module.Bytes);
        writer.WriteName(import.Name.Bytes);
        writer.WriteByte((byte)import.Kind);
        switch (import.Kind)
        {
            case ExternalKind.Function:
                writer.WriteLebU32(import.TypeIndex);
                break;
            case ExternalKind.Table:
                import.Table.Write(writer);
                break;
            case ExternalKind.Memory:
                import.Table.Limits.Write(writer);
                break;
            case ExternalKind.Global:
                import.Global.Write(writer);
                break;
            default:
                TagSection.WriteTag(writer, import.TypeIndex);
                break;
        }
    }
}
