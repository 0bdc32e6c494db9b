using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Weld.Base;
using Weld.Base.Diagnostics;
using Weld.Wasm.Binary;

namespace Weld.Wasm.Linking;

/// <summary>The subsections of the linking section, by number.</summary>
public enum LinkingSubsection : byte
{
    SegmentInfo = 5,
    InitFunctions = 6,
    ComdatInfo = 7,
    SymbolTable = 8,
}

/// <summary>What the linking section says about a data segment.</summary>
/// <param name="Name">The segment's name.</param>
/// <param name="AlignmentLog2">The alignment as a power of two.</param>
/// <param name="Flags">Its flags.</param>
public readonly record struct SegmentInfo(Utf8String Name, uint AlignmentLog2, SegmentFlags Flags);

/// <summary>A constructor: a function to call before the program starts.</summary>
/// <param name="Priority">Lower numbers are called first.</param>
/// <param name="Symbol">The index of the function's symbol.</param>
public readonly record struct InitFunction(uint Priority, uint Symbol);

/// <summary>What a member of a COMDAT group is.</summary>
public enum ComdatKind : byte
{
    Data = 0,
    Function = 1,
    Section = 5,
}

/// <summary>One member of a COMDAT group: an index in the object's index space of its kind.</summary>
public readonly record struct ComdatEntry(ComdatKind Kind, uint Index);

/// <summary>A COMDAT group: of all groups with one name in a link, the first is kept.</summary>
public readonly record struct Comdat(Utf8String Name, ReadOnlyMemory<ComdatEntry> Entries);

/// <summary>One entry of a symbol table.</summary>
/// <param name="Kind">What the symbol is.</param>
/// <param name="Flags">Binding, visibility and the rest.</param>
/// <param name="Name">The name; default when the symbol is an import under its import's name, or a section.</param>
/// <param name="Index">The index in the index space of the kind; of data, the segment; of a section symbol, the section.</param>
/// <param name="Offset">Of defined data: the offset in the segment.</param>
/// <param name="Size">Of defined data: the size in bytes.</param>
public readonly record struct SymbolEntry(SymbolKind Kind, SymbolFlags Flags, Utf8String Name, uint Index, ulong Offset, ulong Size)
{
    public bool IsDefined => (Flags & SymbolFlags.Undefined) == 0;
}

/// <summary>The "linking" custom section: the reader of each subsection, one entry at a time.</summary>
/// <remarks>https://github.com/WebAssembly/tool-conventions/blob/main/Linking.md#linking-metadata-section</remarks>
public static class LinkingSection
{
    public const uint Version = 2;

    public static ReadOnlySpan<byte> Name => "linking"u8;

    /// <summary>Reads and checks the version, which comes first.</summary>
    public static void ReadVersion(ref WasmReader reader)
    {
        long offset = reader.FileOffset;
        uint version = reader.ReadLebU32();
        if (version != Version)
            throw new MalformedInputException($"unexpected metadata version: {version} (expected: {Version})", offset);
    }

    /// <summary>Reads the head of the next subsection and returns a reader of its contents.</summary>
    public static WasmReader ReadSubsection(ref WasmReader reader, out LinkingSubsection kind)
    {
        kind = (LinkingSubsection)reader.ReadByte();
        uint size = reader.ReadLebU32();
        long offset = reader.FileOffset;
        return new WasmReader(reader.ReadBytes(size), offset);
    }

    public static SegmentInfo[] ReadSegmentInfo(ref WasmReader reader)
    {
        var segments = new SegmentInfo[ReadSegmentCount(ref reader)];
        for (int i = 0; i < segments.Length; i++)
            segments[i] = ReadSegment(ref reader);
        return segments;
    }

    /// <summary>Reads how many segments are described.</summary>
    public static int ReadSegmentCount(ref WasmReader reader) => reader.ReadCount("segment info", minimumSize: 3);

    /// <summary>Reads what there is about the next segment; the count has been read before.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SegmentInfo ReadSegment(ref WasmReader reader)
    {
        Utf8String name = Utf8String.FromPinned(reader.ReadName());
        uint alignment = reader.ReadLebU32();
        if (alignment > 31)
            ThrowAlignment(reader, alignment);
        return new SegmentInfo(name, alignment, (SegmentFlags)reader.ReadLebU32());
    }

    public static InitFunction[] ReadInitFunctions(ref WasmReader reader)
    {
        var functions = new InitFunction[reader.ReadCount("init function", minimumSize: 2)];
        for (int i = 0; i < functions.Length; i++)
            functions[i] = new InitFunction(reader.ReadLebU32(), reader.ReadLebU32());
        return functions;
    }

    public static Comdat[] ReadComdats(ref WasmReader reader)
    {
        var comdats = new Comdat[ReadComdatCount(ref reader)];
        for (int i = 0; i < comdats.Length; i++)
        {
            Utf8String name = ReadComdatHead(ref reader, out int count);
            var entries = new ComdatEntry[count];
            for (int j = 0; j < count; j++)
                entries[j] = ReadComdatEntry(ref reader);
            comdats[i] = new Comdat(name, entries);
        }
        return comdats;
    }

    /// <summary>Reads how many COMDAT groups there are.</summary>
    public static int ReadComdatCount(ref WasmReader reader) => reader.ReadCount("COMDAT", minimumSize: 3);

    /// <summary>Reads what comes before the entries of the next group.</summary>
    /// <param name="reader">After the count, or after the last entry of a group.</param>
    /// <param name="entries">How many entries follow.</param>
    /// <returns>The group's name.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Utf8String ReadComdatHead(ref WasmReader reader, out int entries)
    {
        Utf8String name = Utf8String.FromPinned(reader.ReadName());
        uint flags = reader.ReadLebU32();
        if (flags != 0)
            ThrowComdatFlags(reader);
        entries = reader.ReadCount("COMDAT entry", minimumSize: 2);
        return name;
    }

    public static ComdatEntry ReadComdatEntry(ref WasmReader reader) => new((ComdatKind)reader.ReadByte(), reader.ReadLebU32());

    /// <summary>Reads the next entry of a symbol table; the count has been read before.</summary>
    public static SymbolEntry ReadSymbol(ref WasmReader reader)
    {
        SymbolKind kind = ReadSymbolHead(ref reader, out SymbolFlags flags);
        bool isDefined = (flags & SymbolFlags.Undefined) == 0;
        switch (kind)
        {
            case SymbolKind.Data:
            {
                Utf8String name = Utf8String.FromPinned(reader.ReadName());
                return isDefined
                    ? new SymbolEntry(kind, flags, name, reader.ReadLebU32(), reader.ReadLebU64(), reader.ReadLebU64())
                    : new SymbolEntry(kind, flags, name, 0, 0, 0);
            }
            case SymbolKind.Section:
                return new SymbolEntry(kind, flags, default, reader.ReadLebU32(), 0, 0);
            default:
            {
                uint index = reader.ReadLebU32();
                Utf8String name = HasName(flags) ? Utf8String.FromPinned(reader.ReadName()) : default;
                return new SymbolEntry(kind, flags, name, index, 0, 0);
            }
        }
    }

    /// <summary>Reads what each entry of a symbol table starts with. Of data, its name follows, and of defined data the segment's
    /// index, the offset in it and the size; of a section its index; of everything else its index and, if
    /// <see cref="HasName"/>, its name.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SymbolKind ReadSymbolHead(ref WasmReader reader, out SymbolFlags flags)
    {
        byte kind = reader.ReadByte();
        flags = (SymbolFlags)reader.ReadLebU32();
        if (kind > (byte)SymbolKind.Table)
            ThrowKind(reader, kind);
        return (SymbolKind)kind;
    }

    /// <summary>Whether the entry of a function, global, tag or table has a name of its own, and not that of its import.</summary>
    public static bool HasName(SymbolFlags flags) => (flags & (SymbolFlags.Undefined | SymbolFlags.ExplicitName)) != SymbolFlags.Undefined;

    // Made elsewhere: what messages need would be cleared on the stack for each entry.

    [DoesNotReturn]
    private static void ThrowKind(in WasmReader reader, byte kind) => throw reader.Malformed($"invalid symbol type: {kind}");

    [DoesNotReturn]
    private static void ThrowComdatFlags(in WasmReader reader) => throw reader.Malformed("unsupported COMDAT flags");

    [DoesNotReturn]
    private static void ThrowAlignment(in WasmReader reader, uint alignment) => throw reader.Malformed($"segment alignment 2^{alignment} is too large");

    // ── writing ──

    /// <summary>Writes a subsection with its head; nothing when it would be empty.</summary>
    public static void WriteSubsection(WasmWriter writer, LinkingSubsection kind, int count, Action<WasmWriter> writeEntries)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(writeEntries);
        if (count == 0)
            return;
        var body = new WasmWriter();
        body.WriteLebU32((uint)count);
        writeEntries(body);
        writer.WriteByte((byte)kind);
        writer.WriteSized(body);
    }

    /// <summary>Writes what comes before the entries of a subsection.</summary>
    /// <param name="writer">Receives it.</param>
    /// <param name="kind">The subsection.</param>
    /// <param name="count">How many entries follow.</param>
    /// <param name="size">Their size in bytes.</param>
    public static void WriteSubsectionHead(WasmWriter writer, LinkingSubsection kind, uint count, long size)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteByte((byte)kind);
        writer.WriteLebU32((uint)(Leb128.SizeU32(count) + size));
        writer.WriteLebU32(count);
    }

    public static void WriteSegmentInfo(WasmWriter writer, in SegmentInfo segment)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteName(segment.Name.Bytes);
        writer.WriteLebU32(segment.AlignmentLog2);
        writer.WriteLebU32((uint)segment.Flags);
    }

    public static void WriteInitFunction(WasmWriter writer, in InitFunction function)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteLebU32(function.Priority);
        writer.WriteLebU32(function.Symbol);
    }

    public static void WriteComdat(WasmWriter writer, in Comdat comdat)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteName(comdat.Name.Bytes);
        writer.WriteLebU32(0);
        writer.WriteLebU32((uint)comdat.Entries.Length);
        foreach (ComdatEntry entry in comdat.Entries.Span)
        {
            writer.WriteByte((byte)entry.Kind);
            writer.WriteLebU32(entry.Index);
        }
    }

    public static void WriteSymbol(WasmWriter writer, in SymbolEntry symbol)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteByte((byte)symbol.Kind);
        writer.WriteLebU32((uint)symbol.Flags);
        switch (symbol.Kind)
        {
            case SymbolKind.Data:
                writer.WriteName(symbol.Name.Bytes);
                if (!symbol.IsDefined)
                    break;
                writer.WriteLebU32(symbol.Index);
                writer.WriteLebU64(symbol.Offset);
                writer.WriteLebU64(symbol.Size);
                break;
            case SymbolKind.Section:
                writer.WriteLebU32(symbol.Index);
                break;
            default:
                writer.WriteLebU32(symbol.Index);
                // An undefined symbol without a name of its own has that of its import.
                if (symbol.IsDefined || (symbol.Flags & SymbolFlags.ExplicitName) != 0)
                    writer.WriteName(symbol.Name.Bytes);
                break;
        }
    }
}
