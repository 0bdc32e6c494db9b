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
    private readonly ImportPlace[]? _places;

    /// <param name="file">The object.</param>
    /// <param name="places">Where the imports of the kind are in it; null for none.</param>
    public ImportList(InputFile file, ImportPlace[]? places)
    {
        _file = file;
        _places = places;
    }

    public int Length => _places?.Length ?? 0;

    /// <summary>The type index of a function or tag.</summary>
    public uint TypeOf(uint index) => _places![index].TypeIndex;

    public Import this[uint index]
    {
        get
        {
            uint offset = _places![index].Offset;
            var reader = new WasmReader(_file.Bytes[(int)offset..], offset);
            return ImportSection.ReadImport(ref reader);
        }
    }
}

/// <summary>A data segment of an object. Offsets are in bytes from the start of the file.</summary>
public struct InputSegment
{
    public Utf8String Name;
    public uint Offset;
    public uint Size;

    /// <summary>The relocations inside the segment, among the object's relocations of data.</summary>
    public int FirstRelocation;
    public int RelocationCount;
    public SegmentFlags Flags;

    /// <summary>The COMDAT group, or -1.</summary>
    public int Comdat;
    public byte AlignmentLog2;

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

/// <summary>A symbol of an object.</summary>
public struct InputSymbol
{
    public uint NameOffset;
    public uint NameLength;

    /// <summary>The name among those of all inputs; only for symbols that other objects can see, and for undefined ones.</summary>
    public NameId Name;

    /// <summary>Defined: the index among what the object defines of this kind; of data the segment, of a section its place
    /// in <see cref="ObjectFile.CustomSections"/>. Undefined: the index among its imports of this kind.</summary>
    public uint Index;
    public SymbolKind Kind;
    public InputSymbolMarks Marks;
    public SymbolFlags Flags;

    /// <summary>Of data: the offset in the segment, or the address of an absolute symbol.</summary>
    public ulong Value;

    /// <summary>Of data: the size in bytes.</summary>
    public ulong Size;

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
