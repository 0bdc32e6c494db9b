using static Weld.Wasm.Linking.RelocationBase;
using static Weld.Wasm.Linking.RelocationEncoding;
using static Weld.Wasm.Linking.RelocationKind;
using static Weld.Wasm.Linking.RelocationValue;

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
/// <param name="Kind">The kind.</param>
/// <param name="Name">The name in the tool conventions and in messages.</param>
/// <param name="Value">What is written.</param>
/// <param name="Base">What it is measured from.</param>
/// <param name="Encoding">How it is written.</param>
/// <param name="HasAddend">Whether an addend follows in the object file.</param>
public readonly record struct RelocationInfo(RelocationKind Kind, string Name, RelocationValue Value, RelocationBase Base, RelocationEncoding Encoding, bool HasAddend)
{
    /// <summary>The bytes that are replaced.</summary>
    public int Width { get; } = Encoding switch { Leb5 or Sleb5 => 5, Leb10 or Sleb10 => 10, I32 => 4, _ => 8 };

    /// <summary>Whether the bytes are a LEB128, which can be written shorter.</summary>
    public bool IsLeb => Encoding <= Sleb10;

    /// <summary>The symbol kind that the relocation may name; null for a type index, which names no symbol.</summary>
    public SymbolKind? Symbol { get; } = Value switch
    {
        FunctionIndex or TableSlot or FunctionOffset => SymbolKind.Function,
        MemoryAddress => SymbolKind.Data,
        GlobalIndex => SymbolKind.Global,
        SectionOffset => SymbolKind.Section,
        TagIndex => SymbolKind.Tag,
        TableNumber => SymbolKind.Table,
        _ => null,
    };
}

/// <summary>Every fact about every relocation kind. A new kind is one new row here.</summary>
/// <remarks>https://github.com/WebAssembly/tool-conventions/blob/main/Linking.md#relocation-sections</remarks>
public static class RelocationTable
{
    private static readonly RelocationInfo[] Rows =
    [
        //  kind                name                              value           base        encoding  addend
        new(FunctionIndexLeb,    "R_WASM_FUNCTION_INDEX_LEB",      FunctionIndex,  Absolute,   Leb5,     false),
        new(TableIndexSleb,      "R_WASM_TABLE_INDEX_SLEB",        TableSlot,      Absolute,   Sleb5,    false),
        new(TableIndexI32,       "R_WASM_TABLE_INDEX_I32",         TableSlot,      Absolute,   I32,      false),
        new(MemoryAddrLeb,       "R_WASM_MEMORY_ADDR_LEB",         MemoryAddress,  Absolute,   Leb5,     true),
        new(MemoryAddrSleb,      "R_WASM_MEMORY_ADDR_SLEB",        MemoryAddress,  Absolute,   Sleb5,    true),
        new(MemoryAddrI32,       "R_WASM_MEMORY_ADDR_I32",         MemoryAddress,  Absolute,   I32,      true),
        new(TypeIndexLeb,        "R_WASM_TYPE_INDEX_LEB",          TypeIndex,      Absolute,   Leb5,     false),
        new(GlobalIndexLeb,      "R_WASM_GLOBAL_INDEX_LEB",        GlobalIndex,    Absolute,   Leb5,     false),
        new(FunctionOffsetI32,   "R_WASM_FUNCTION_OFFSET_I32",     FunctionOffset, Absolute,   I32,      true),
        new(SectionOffsetI32,    "R_WASM_SECTION_OFFSET_I32",      SectionOffset,  Absolute,   I32,      true),
        new(TagIndexLeb,         "R_WASM_TAG_INDEX_LEB",           TagIndex,       Absolute,   Leb5,     false),
        new(MemoryAddrRelSleb,   "R_WASM_MEMORY_ADDR_REL_SLEB",    MemoryAddress,  ModuleBase, Sleb5,    true),
        new(TableIndexRelSleb,   "R_WASM_TABLE_INDEX_REL_SLEB",    TableSlot,      ModuleBase, Sleb5,    false),
        new(GlobalIndexI32,      "R_WASM_GLOBAL_INDEX_I32",        GlobalIndex,    Absolute,   I32,      false),
        new(MemoryAddrLeb64,     "R_WASM_MEMORY_ADDR_LEB64",       MemoryAddress,  Absolute,   Leb10,    true),
        new(MemoryAddrSleb64,    "R_WASM_MEMORY_ADDR_SLEB64",      MemoryAddress,  Absolute,   Sleb10,   true),
        new(MemoryAddrI64,       "R_WASM_MEMORY_ADDR_I64",         MemoryAddress,  Absolute,   I64,      true),
        new(MemoryAddrRelSleb64, "R_WASM_MEMORY_ADDR_REL_SLEB64",  MemoryAddress,  ModuleBase, Sleb10,   true),
        new(TableIndexSleb64,    "R_WASM_TABLE_INDEX_SLEB64",      TableSlot,      Absolute,   Sleb10,   false),
        new(TableIndexI64,       "R_WASM_TABLE_INDEX_I64",         TableSlot,      Absolute,   I64,      false),
        new(TableNumberLeb,      "R_WASM_TABLE_NUMBER_LEB",        TableNumber,    Absolute,   Leb5,     false),
        new(MemoryAddrTlsSleb,   "R_WASM_MEMORY_ADDR_TLS_SLEB",    MemoryAddress,  TlsBase,    Sleb5,    true),
        new(FunctionOffsetI64,   "R_WASM_FUNCTION_OFFSET_I64",     FunctionOffset, Absolute,   I64,      true),
        new(MemoryAddrLocrelI32, "R_WASM_MEMORY_ADDR_LOCREL_I32",  MemoryAddress,  Place,      I32,      true),
        new(TableIndexRelSleb64, "R_WASM_TABLE_INDEX_REL_SLEB64",  TableSlot,      ModuleBase, Sleb10,   false),
        new(MemoryAddrTlsSleb64, "R_WASM_MEMORY_ADDR_TLS_SLEB64",  MemoryAddress,  TlsBase,    Sleb10,   true),
        new(FunctionIndexI32,    "R_WASM_FUNCTION_INDEX_I32",      FunctionIndex,  Absolute,   I32,      false),
    ];

    public static int Count => Rows.Length;

    public static ref readonly RelocationInfo Get(RelocationKind kind) => ref Rows[(int)kind];
}
