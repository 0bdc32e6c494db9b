using Weld.Base;
using Weld.Wasm.Binary;

namespace Weld.Wasm.Linking;

/// <summary>An export whose flags a dynamic linker must know: thread-local data.</summary>
public readonly record struct DylinkExport(Utf8String Name, SymbolFlags Flags);

/// <summary>An import whose flags a dynamic linker must know: weak ones, which may stay unresolved.</summary>
public readonly record struct DylinkImport(Utf8String Module, Utf8String Name, SymbolFlags Flags);

/// <summary>The custom section <c>dylink.0</c>: what a dynamic linker needs to know about a module.</summary>
/// <remarks>https://github.com/WebAssembly/tool-conventions/blob/main/DynamicLinking.md</remarks>
public sealed class DylinkSection
{
    private const byte MemInfo = 1;
    private const byte NeededLibraries = 2;
    private const byte ExportInfo = 3;
    private const byte ImportInfo = 4;
    private const byte RuntimePath = 5;

    public static ReadOnlySpan<byte> Name => "dylink.0"u8;

    /// <summary>The memory that the module's data takes, in bytes.</summary>
    public ulong MemorySize { get; set; }

    /// <summary>Its alignment, as a power of two.</summary>
    public uint MemoryAlignmentLog2 { get; set; }

    /// <summary>The slots that the module's functions take in the table.</summary>
    public ulong TableSize { get; set; }

    public uint TableAlignmentLog2 { get; set; }

    /// <summary>The libraries to load before this module.</summary>
    public List<Utf8String> Needed { get; } = [];

    public List<DylinkExport> Exports { get; } = [];

    public List<DylinkImport> Imports { get; } = [];

    /// <summary>Where to look for the needed libraries.</summary>
    public List<Utf8String> RuntimePaths { get; } = [];

    /// <summary>Reads the contents; unknown subsections are skipped.</summary>
    public static DylinkSection Read(ref WasmReader reader)
    {
        var section = new DylinkSection();
        while (!reader.AtEnd)
        {
            byte kind = reader.ReadByte();
            uint size = reader.ReadLebU32();
            int end = checked(reader.Position + (int)Math.Min(size, int.MaxValue));
            section.ReadSubsection(kind, ref reader, end);
        }
        return section;
    }

    public void Write(WasmWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        WriteSubsection(writer, MemInfo, body =>
        {
            body.WriteLebU64(MemorySize);
            body.WriteLebU32(MemoryAlignmentLog2);
            body.WriteLebU64(TableSize);
            body.WriteLebU32(TableAlignmentLog2);
        });
        WriteNames(writer, NeededLibraries, Needed);
        if (Exports.Count != 0)
            WriteSubsection(writer, ExportInfo, body =>
            {
                body.WriteLebU32((uint)Exports.Count);
                foreach (DylinkExport export in Exports)
                {
                    body.WriteName(export.Name.Bytes);
                    body.WriteLebU32((uint)export.Flags);
                }
            });
        if (Imports.Count != 0)
            WriteSubsection(writer, ImportInfo, body =>
            {
                body.WriteLebU32((uint)Imports.Count);
                foreach (DylinkImport import in Imports)
                {
                    body.WriteName(import.Module.Bytes);
                    body.WriteName(import.Name.Bytes);
                    body.WriteLebU32((uint)import.Flags);
                }
            });
        WriteNames(writer, RuntimePath, RuntimePaths);
    }

    private static void WriteNames(WasmWriter writer, byte kind, List<Utf8String> names)
    {
        if (names.Count == 0)
            return;
        WriteSubsection(writer, kind, body =>
        {
            body.WriteLebU32((uint)names.Count);
            foreach (Utf8String name in names)
                body.WriteName(name.Bytes);
        });
    }

    private static void WriteSubsection(WasmWriter writer, byte kind, Action<WasmWriter> write)
    {
        var body = new WasmWriter();
        write(body);
        writer.WriteByte(kind);
        writer.WriteLebU32((uint)body.Length);
        writer.WriteBytes(body.Written);
    }

    private void ReadSubsection(byte kind, ref WasmReader reader, int end)
    {
        switch (kind)
        {
            case MemInfo:
                MemorySize = reader.ReadLebU64();
                MemoryAlignmentLog2 = reader.ReadLebU32();
                TableSize = reader.ReadLebU64();
                TableAlignmentLog2 = reader.ReadLebU32();
                break;
            case NeededLibraries or RuntimePath:
                List<Utf8String> names = kind == RuntimePath ? RuntimePaths : Needed;
                for (int left = reader.ReadCount("name"); left > 0; left--)
                    names.Add(Utf8String.FromPinned(reader.ReadName()));
                break;
            case ExportInfo:
                for (int left = reader.ReadCount("export info", minimumSize: 2); left > 0; left--)
                    Exports.Add(new DylinkExport(Utf8String.FromPinned(reader.ReadName()), (SymbolFlags)reader.ReadLebU32()));
                break;
            case ImportInfo:
                for (int left = reader.ReadCount("import info", minimumSize: 3); left > 0; left--)
                    Imports.Add(new DylinkImport(Utf8String.FromPinned(reader.ReadName()), Utf8String.FromPinned(reader.ReadName()), (SymbolFlags)reader.ReadLebU32()));
                break;
            default:
                if (end > reader.Position)
                    reader.Skip((uint)(end - reader.Position));
                break;
        }
        if (reader.Position != end)
            throw reader.Malformed($"dylink.0 subsection {kind} does not end where its size says");
    }
}
