using System.Runtime.CompilerServices;

namespace Weld.Wasm.Linking;

/// <summary>What a relocation is replaced by.</summary>
public enum RelocationValue : byte
{
    FunctionIndex,
    TableSlot,
    MemoryAddress,
    TypeIndex,
    GlobalIndex,
    FunctionOffset,
    SectionOffset,
    TagIndex,
    TableNumber,
}

/// <summary>What the value is measured from.</summary>
public enum RelocationBase : byte
{
    /// <summary>From 0: final in a static link.</summary>
    Absolute,

    /// <summary>From <c>__memory_base</c> or <c>__table_base</c>, in position-independent code.</summary>
    ModuleBase,

    /// <summary>From <c>__tls_base</c>.</summary>
    TlsBase,

    /// <summary>From the place of the relocation itself.</summary>
    Place,
}

/// <summary>How the value is written.</summary>
public enum RelocationEncoding : byte
{
    /// <summary>Unsigned LEB128 of five bytes.</summary>
    Leb5,

    /// <summary>Signed LEB128 of five bytes.</summary>
    Sleb5,

    /// <summary>Unsigned LEB128 of ten bytes.</summary>
    Leb10,

    /// <summary>Signed LEB128 of ten bytes.</summary>
    Sleb10,

    /// <summary>Four bytes, little endian.</summary>
    I32,

    /// <summary>Eight bytes, little endian.</summary>
    I64,
}

/// <summary>The facts about one relocation kind.</summary>
/// <remarks>A row of <see cref="RelocationTable"/> in one number: the facts are asked for with every relocation.</remarks>
public readonly record struct RelocationInfo
{
    internal const int BaseShift = 8;
    internal const int EncodingShift = 16;
    internal const int WidthShift = 20;
    internal const int AddendShift = 24;
    internal const int AcceptedShift = 25;

    private const uint EncodingMask = 7;

    // Of the encodings; those of fixed width are the last two.
    private const uint FixedBit = 4u << EncodingShift;
    private const uint WidthMask = 15;

    private readonly uint _facts;

    internal RelocationInfo(RelocationKind kind, uint facts)
    {
        Kind = kind;
        _facts = facts;
    }

    public RelocationKind Kind { get; }

    /// <summary>The name in the tool conventions and in messages.</summary>
    public string Name => RelocationTable.NameOf(Kind);

    /// <summary>What is written.</summary>
    public RelocationValue Value => (RelocationValue)(byte)_facts;

    /// <summary>What it is measured from.</summary>
    public RelocationBase Base => (RelocationBase)(byte)(_facts >> BaseShift);

    /// <summary>How it is written.</summary>
    public RelocationEncoding Encoding => (RelocationEncoding)(_facts >> EncodingShift & EncodingMask);

    /// <summary>Whether an addend follows in the object file.</summary>
    public bool HasAddend => AddendCount != 0;

    /// <summary>How many addends follow: none or one, for those who count without a branch.</summary>
    public uint AddendCount => _facts >> AddendShift & 1;

    /// <summary>The bytes that are replaced.</summary>
    public int Width => (int)(_facts >> WidthShift & WidthMask);

    /// <summary>Whether the bytes are a LEB128, which can be written shorter.</summary>
    public bool IsLeb => (_facts & FixedBit) == 0;

    /// <summary>Whether the index is a symbol's; otherwise it is a type's.</summary>
    public bool NamesSymbol => Value != RelocationValue.TypeIndex;

    /// <summary>Whether the relocation may name a symbol of a kind. A global index may stand for the GOT entry of a function or of data.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Accepts(SymbolKind symbol) => (_facts >> AcceptedShift >> (int)symbol & 1) != 0;
}

/// <summary>Every fact about every relocation kind. A new kind is one new row here.</summary>
/// <remarks>https://github.com/WebAssembly/tool-conventions/blob/main/Linking.md#relocation-sections</remarks>
public static class RelocationTable
{
    // The kinds of symbols that may be named, a bit for each; a type index names none.
    private const uint OfFunction = 1u << RelocationInfo.AcceptedShift << (int)SymbolKind.Function;
    private const uint OfData = 1u << RelocationInfo.AcceptedShift << (int)SymbolKind.Data;
    private const uint OfGlobal = 1u << RelocationInfo.AcceptedShift << (int)SymbolKind.Global;
    private const uint OfSection = 1u << RelocationInfo.AcceptedShift << (int)SymbolKind.Section;
    private const uint OfTag = 1u << RelocationInfo.AcceptedShift << (int)SymbolKind.Tag;
    private const uint OfTable = 1u << RelocationInfo.AcceptedShift << (int)SymbolKind.Table;

    // With the symbols that they may name.
    private const uint FunctionIndex = (uint)RelocationValue.FunctionIndex | OfFunction;
    private const uint TableSlot = (uint)RelocationValue.TableSlot | OfFunction;
    private const uint MemoryAddress = (uint)RelocationValue.MemoryAddress | OfData;
    private const uint TypeIndex = (uint)RelocationValue.TypeIndex;
    private const uint GlobalIndex = (uint)RelocationValue.GlobalIndex | OfGlobal | OfFunction | OfData;
    private const uint FunctionOffset = (uint)RelocationValue.FunctionOffset | OfFunction;
    private const uint SectionOffset = (uint)RelocationValue.SectionOffset | OfSection;
    private const uint TagIndex = (uint)RelocationValue.TagIndex | OfTag;
    private const uint TableNumber = (uint)RelocationValue.TableNumber | OfTable;
    private const uint Absolute = (uint)RelocationBase.Absolute << RelocationInfo.BaseShift;
    private const uint ModuleBase = (uint)RelocationBase.ModuleBase << RelocationInfo.BaseShift;
    private const uint TlsBase = (uint)RelocationBase.TlsBase << RelocationInfo.BaseShift;
    private const uint Place = (uint)RelocationBase.Place << RelocationInfo.BaseShift;
    private const uint Leb5 = (uint)RelocationEncoding.Leb5 << RelocationInfo.EncodingShift | 5u << RelocationInfo.WidthShift;
    private const uint Sleb5 = (uint)RelocationEncoding.Sleb5 << RelocationInfo.EncodingShift | 5u << RelocationInfo.WidthShift;
    private const uint Leb10 = (uint)RelocationEncoding.Leb10 << RelocationInfo.EncodingShift | 10u << RelocationInfo.WidthShift;
    private const uint Sleb10 = (uint)RelocationEncoding.Sleb10 << RelocationInfo.EncodingShift | 10u << RelocationInfo.WidthShift;
    private const uint I32 = (uint)RelocationEncoding.I32 << RelocationInfo.EncodingShift | 4u << RelocationInfo.WidthShift;
    private const uint I64 = (uint)RelocationEncoding.I64 << RelocationInfo.EncodingShift | 8u << RelocationInfo.WidthShift;
    private const uint Addend = 1u << RelocationInfo.AddendShift;

    // By RelocationKind. Constants, so that the table needs no initialization.
    private static ReadOnlySpan<uint> Rows =>
    [
        FunctionIndex | Absolute | Leb5,                    // 0 FunctionIndexLeb
        TableSlot | Absolute | Sleb5,                       // 1 TableIndexSleb
        TableSlot | Absolute | I32,                         // 2 TableIndexI32
        MemoryAddress | Absolute | Leb5 | Addend,           // 3 MemoryAddrLeb
        MemoryAddress | Absolute | Sleb5 | Addend,          // 4 MemoryAddrSleb
        MemoryAddress | Absolute | I32 | Addend,            // 5 MemoryAddrI32
        TypeIndex | Absolute | Leb5,                        // 6 TypeIndexLeb
        GlobalIndex | Absolute | Leb5,                      // 7 GlobalIndexLeb
        FunctionOffset | Absolute | I32 | Addend,           // 8 FunctionOffsetI32
        SectionOffset | Absolute | I32 | Addend,            // 9 SectionOffsetI32
        TagIndex | Absolute | Leb5,                         // 10 TagIndexLeb
        MemoryAddress | ModuleBase | Sleb5 | Addend,        // 11 MemoryAddrRelSleb
        TableSlot | ModuleBase | Sleb5,                     // 12 TableIndexRelSleb
        GlobalIndex | Absolute | I32,                       // 13 GlobalIndexI32
        MemoryAddress | Absolute | Leb10 | Addend,          // 14 MemoryAddrLeb64
        MemoryAddress | Absolute | Sleb10 | Addend,         // 15 MemoryAddrSleb64
        MemoryAddress | Absolute | I64 | Addend,            // 16 MemoryAddrI64
        MemoryAddress | ModuleBase | Sleb10 | Addend,       // 17 MemoryAddrRelSleb64
        TableSlot | Absolute | Sleb10,                      // 18 TableIndexSleb64
        TableSlot | Absolute | I64,                         // 19 TableIndexI64
        TableNumber | Absolute | Leb5,                      // 20 TableNumberLeb
        MemoryAddress | TlsBase | Sleb5 | Addend,           // 21 MemoryAddrTlsSleb
        FunctionOffset | Absolute | I64 | Addend,           // 22 FunctionOffsetI64
        MemoryAddress | Place | I32 | Addend,               // 23 MemoryAddrLocrelI32
        TableSlot | ModuleBase | Sleb10,                    // 24 TableIndexRelSleb64
        MemoryAddress | TlsBase | Sleb10 | Addend,          // 25 MemoryAddrTlsSleb64
        FunctionIndex | Absolute | I32,                     // 26 FunctionIndexI32
    ];

    public static int Count => Rows.Length;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static RelocationInfo Get(RelocationKind kind) => new(kind, Rows[(int)kind]);

    internal static string NameOf(RelocationKind kind) => kind switch
    {
        RelocationKind.FunctionIndexLeb => "R_WASM_FUNCTION_INDEX_LEB",
        RelocationKind.TableIndexSleb => "R_WASM_TABLE_INDEX_SLEB",
        RelocationKind.TableIndexI32 => "R_WASM_TABLE_INDEX_I32",
        RelocationKind.MemoryAddrLeb => "R_WASM_MEMORY_ADDR_LEB",
        RelocationKind.MemoryAddrSleb => "R_WASM_MEMORY_ADDR_SLEB",
        RelocationKind.MemoryAddrI32 => "R_WASM_MEMORY_ADDR_I32",
        RelocationKind.TypeIndexLeb => "R_WASM_TYPE_INDEX_LEB",
        RelocationKind.GlobalIndexLeb => "R_WASM_GLOBAL_INDEX_LEB",
        RelocationKind.FunctionOffsetI32 => "R_WASM_FUNCTION_OFFSET_I32",
        RelocationKind.SectionOffsetI32 => "R_WASM_SECTION_OFFSET_I32",
        RelocationKind.TagIndexLeb => "R_WASM_TAG_INDEX_LEB",
        RelocationKind.MemoryAddrRelSleb => "R_WASM_MEMORY_ADDR_REL_SLEB",
        RelocationKind.TableIndexRelSleb => "R_WASM_TABLE_INDEX_REL_SLEB",
        RelocationKind.GlobalIndexI32 => "R_WASM_GLOBAL_INDEX_I32",
        RelocationKind.MemoryAddrLeb64 => "R_WASM_MEMORY_ADDR_LEB64",
        RelocationKind.MemoryAddrSleb64 => "R_WASM_MEMORY_ADDR_SLEB64",
        RelocationKind.MemoryAddrI64 => "R_WASM_MEMORY_ADDR_I64",
        RelocationKind.MemoryAddrRelSleb64 => "R_WASM_MEMORY_ADDR_REL_SLEB64",
        RelocationKind.TableIndexSleb64 => "R_WASM_TABLE_INDEX_SLEB64",
        RelocationKind.TableIndexI64 => "R_WASM_TABLE_INDEX_I64",
        RelocationKind.TableNumberLeb => "R_WASM_TABLE_NUMBER_LEB",
        RelocationKind.MemoryAddrTlsSleb => "R_WASM_MEMORY_ADDR_TLS_SLEB",
        RelocationKind.FunctionOffsetI64 => "R_WASM_FUNCTION_OFFSET_I64",
        RelocationKind.MemoryAddrLocrelI32 => "R_WASM_MEMORY_ADDR_LOCREL_I32",
        RelocationKind.TableIndexRelSleb64 => "R_WASM_TABLE_INDEX_REL_SLEB64",
        RelocationKind.MemoryAddrTlsSleb64 => "R_WASM_MEMORY_ADDR_TLS_SLEB64",
        RelocationKind.FunctionIndexI32 => "R_WASM_FUNCTION_INDEX_I32",
        _ => $"relocation type {(byte)kind}",
    };
}
