using Weld.Base;
using Weld.Wasm.Binary;
using Weld.Wasm.Linking;
using Weld.Wasm.Sections;

namespace Weld.Linker.Inputs;

/// <summary>A function of an object. Offsets are in bytes from the start of the file.</summary>
public struct InputFunction
{
    public uint TypeIndex;

    /// <summary>Where the body starts, after its size.</summary>
    public uint BodyOffset;
    public uint BodySize;

    /// <summary>The relocations inside the body, among the object's relocations of code.</summary>
    public int FirstRelocation;
    public int RelocationCount;

    /// <summary>The COMDAT group, or -1.</summary>
    public int Comdat;

    /// <summary>The symbol that names the function: the first that defines it, or -1.</summary>
    public int NameSymbol;
}

/// <summary>Where an import is in its file, and the type index of a function or tag.</summary>
public readonly record struct ImportPlace(uint Offset, uint TypeIndex);

/// <summary>The imports of one kind of an object. They stay in the file: few are asked for, and most of those once.</summary>
public readonly struct ImportList
{
    private readonly InputFile _file;
    private readonly ImportPlace[] _places;

    /// <param name="file">The object.</param>
    /// <param name="places">Where the imports of the kind are in it.</param>
    /// <param name="length">How many these are.</param>
    public ImportList(InputFile file, ImportPlace[] places, int length)
    {
        _file = file;
        _places = places;
        Length = length;
    }

    public int Length { get; }

    /// <summary>The type index of a function or tag.</summary>
    public uint TypeOf(uint index) => _places[index].TypeIndex;

    public unsafe ImportedName ModuleOf(uint index) => new(_file.Start + _places[index].Offset);

    public unsafe ImportedName NameOf(uint index)
    {
        Utf8String module = ModuleOf(index).Value;
        return new ImportedName(module.Pointer + module.Length);
    }

    public Import this[uint index]
    {
        get
        {
            uint offset = _places[index].Offset;
            var reader = new WasmReader(_file.Bytes[(int)offset..], offset);
            return ImportSection.ReadImport(ref reader);
        }
    }
}

/// <summary>A name of an import that <see cref="ObjectReader"/> has checked, or none: as long as a pointer, because it stays a length
/// and bytes in the object.</summary>
public readonly unsafe struct ImportedName
{
    private readonly byte* _start;

    internal ImportedName(byte* start) => _start = start;

    public bool IsNone => _start == null;

    /// <summary>The name; call only when it is not <see cref="IsNone"/>.</summary>
    public Utf8String Value
    {
        get
        {
            byte* next = _start;
            int length = *next & 0x7f;
            for (int shift = 7; *next++ >= 0x80; shift += 7)
                length |= (*next & 0x7f) << shift;
            return new Utf8String(next, length);
        }
    }
}

/// <summary>A data segment of an object. Offsets are in bytes from the start of the file.</summary>
public unsafe struct InputSegment
{
    // Not as Utf8String, which ends with four bytes of nothing.
    private byte* _name;
    private int _nameLength;
    public uint Offset;
    public uint Size;

    /// <summary>The relocations inside the segment, among the object's relocations of data.</summary>
    public int FirstRelocation;
    public int RelocationCount;

    /// <summary>The COMDAT group, or -1.</summary>
    public int Comdat;

    // Those that the tool conventions define, and room for more; what is above has no meaning.
    private ushort _flags;
    public byte AlignmentLog2;

    public Utf8String Name
    {
        readonly get => new(_name, _nameLength);
        set
        {
            _name = value.Pointer;
            _nameLength = value.Length;
        }
    }

    public SegmentFlags Flags
    {
        readonly get => (SegmentFlags)_flags;
        set => _flags = (ushort)value;
    }

    public readonly bool IsTls => (Flags & SegmentFlags.Tls) != 0;
}

/// <summary>A custom section of an object. Offsets are in bytes from the start of the file.</summary>
public struct InputCustomSection
{
    public Utf8String Name;

    /// <summary>Where the contents start, after the name.</summary>
    public uint Offset;
    public uint Size;

    /// <summary>The raw entries of the relocation section.</summary>
    public uint RelocationOffset;
    public uint RelocationSize;

    /// <summary>How many relocations the object says there are. They are not checked yet: see <see cref="RelocationChecker"/>.</summary>
    public int RelocationCount;

    /// <summary>The COMDAT group, or -1.</summary>
    public int Comdat;

    /// <summary>The number of the section in the file, counting all sections.</summary>
    public int SectionIndex;
}

/// <summary>What weld itself notes about a symbol of an object.</summary>
[Flags]
public enum InputSymbolMarks : byte
{
    None = 0,

    /// <summary>A call names the symbol, so that its type must be right.</summary>
    CalledDirectly = 1,
}

/// <summary>A symbol of an object. There are more of these than of anything else that is kept, so it is small:
/// <see cref="ObjectFile"/> tells what is seldom asked for.</summary>
public struct InputSymbol
{
    public SymbolKind Kind;
    public InputSymbolMarks Marks;

    // Those that the tool conventions define, and room for more; what is above has no meaning.
    private ushort _flags;
    public uint NameOffset;
    public uint NameLength;

    /// <summary>The name among those of all inputs; only for symbols that other objects can see, and for undefined ones.</summary>
    public NameId Name;

    /// <summary>Defined: the index among what the object defines of this kind; of data the segment, of a section its place
    /// in <see cref="ObjectFile.CustomSections"/>. Undefined: the index among its imports of this kind.</summary>
    public uint Index;

    /// <summary>Of data in a segment: the offset in it.</summary>
    public uint Offset;

    public SymbolFlags Flags
    {
        readonly get => (SymbolFlags)_flags;
        set => _flags = (ushort)value;
    }

    public readonly bool IsDefined => (Flags & SymbolFlags.Undefined) == 0;

    public readonly bool IsLocal => (Flags & SymbolFlags.BindingMask) == SymbolFlags.Local;
}

/// <summary>A relocatable object, parsed and checked: every index and every offset in it is in range. Immutable.</summary>
/// <remarks>Names, bodies, data and relocations of custom sections stay where they are in the file.</remarks>
public sealed class ObjectFile
{
    public required InputFile File { get; init; }

    public required Signature[] Types { get; init; }

    public required ImportList FunctionImports { get; init; }

    public required ImportList GlobalImports { get; init; }

    public required ImportList TagImports { get; init; }

    public required ImportList TableImports { get; init; }

    public required InputFunction[] Functions { get; init; }

    public required Global[] Globals { get; init; }

    /// <summary>The type index of each tag.</summary>
    public required uint[] Tags { get; init; }

    public required TableType[] Tables { get; init; }

    public required InputSegment[] Segments { get; init; }

    public required InputCustomSection[] CustomSections { get; init; }

    public required InputSymbol[] Symbols { get; init; }

    public required RelocationList CodeRelocations { get; init; }

    public required RelocationList DataRelocations { get; init; }

    /// <summary>How many of the symbols are tables.</summary>
    public required int TableSymbolCount { get; init; }

    public required InitFunction[] InitFunctions { get; init; }

    /// <summary>The name of each COMDAT group among those of all inputs.</summary>
    public required NameId[] ComdatNames { get; init; }

    public required TargetFeature[] Features { get; init; }

    /// <summary>The names of <c>export_name</c>, as (function, name), in the order of the functions.</summary>
    public required (uint Function, Utf8String Name)[] ExportNames { get; init; }

    /// <summary>Whether one of the segments is thread-local.</summary>
    public required bool HasTls { get; init; }

    /// <summary>Whether one of the segments is to be kept when nothing names it.</summary>
    public required bool HasRetained { get; init; }

    /// <summary>Where the contents of the code section start in the file; relocation offsets count from there.</summary>
    public required uint CodeOffset { get; init; }

    /// <summary>Where the contents of the data section start in the file.</summary>
    public required uint DataOffset { get; init; }

    /// <summary>The size of the contents of the code section.</summary>
    public required uint CodeSize { get; init; }

    /// <summary>Whether the object is for a 64-bit memory.</summary>
    public required bool Is64 { get; init; }

    public Utf8String NameOf(in InputSymbol symbol) => File.Slice(symbol.NameOffset, symbol.NameLength);

    /// <summary>Of defined data: the offset in the segment, or the address of an absolute symbol.</summary>
    public ulong ValueOf(in InputSymbol symbol) => (symbol.Flags & SymbolFlags.Absolute) == 0 ? symbol.Offset : PlaceOf(symbol).Offset;

    /// <summary>Of defined data: the size in bytes; 0 of everything else.</summary>
    public ulong SizeOf(in InputSymbol symbol) => PlaceOf(symbol).Size;

    /// <summary>Reads again what comes after the name of data.</summary>
    private (ulong Offset, ulong Size) PlaceOf(in InputSymbol symbol)
    {
        if (symbol.Kind != SymbolKind.Data || !symbol.IsDefined)
            return default;
        var reader = new WasmReader(File.Bytes[(int)(symbol.NameOffset + symbol.NameLength)..]);
        reader.ReadLebU32();
        return (reader.ReadLebU64(), reader.ReadLebU64());
    }

    public ReadOnlySpan<byte> Slice(uint offset, uint size) => File.Slice(offset, size).Bytes;

    /// <summary>The relocations of one of its functions.</summary>
    public RelocationRange RelocationsOf(in InputFunction function) => CodeRelocations.Slice(function.FirstRelocation, function.RelocationCount);

    /// <summary>The relocations of one of its segments.</summary>
    public RelocationRange RelocationsOf(in InputSegment segment) => DataRelocations.Slice(segment.FirstRelocation, segment.RelocationCount);

    /// <summary>The relocations of a custom section: its checker must have seen them.</summary>
    public RelocationReader RelocationsOf(in InputCustomSection section) => new(File.Bytes, section.RelocationOffset, section.RelocationSize);

    /// <summary>The name under which <c>export_name</c> exports the function; false when the object gives it none.</summary>
    public bool TryGetExportName(uint function, out Utf8String name)
    {
        int low = 0;
        int high = ExportNames.Length - 1;
        while (low <= high)
        {
            int middle = (low + high) >>> 1;
            if (ExportNames[middle].Function == function)
            {
                name = ExportNames[middle].Name;
                return true;
            }
            if (ExportNames[middle].Function < function)
                low = middle + 1;
            else
                high = middle - 1;
        }
        name = default;
        return false;
    }
}
