namespace Weld.Wasm.Instructions;

/// <summary>What follows an opcode in the binary format.</summary>
public enum ImmediateKind : byte
{
    None,

    /// <summary>Nothing, a value type, or the index of a function type.</summary>
    BlockType,
    Label,

    /// <summary>The labels of a <c>br_table</c>, the default last.</summary>
    LabelTable,
    FunctionIndex,
    TypeIndex,
    TypeAndTable,
    LocalIndex,
    GlobalIndex,
    TagIndex,
    TableIndex,

    /// <summary>Destination and source.</summary>
    TwoTables,
    ElementIndex,
    ElementAndTable,
    DataIndex,
    DataAndMemory,
    MemoryIndex,

    /// <summary>Destination and source.</summary>
    TwoMemories,

    /// <summary>Alignment (with a bit for a memory index that follows) and offset.</summary>
    Memory,

    /// <summary>As <see cref="Memory"/>, then a lane.</summary>
    MemoryLane,
    Lane,

    /// <summary>Sixteen lanes.</summary>
    Shuffle,
    I32,
    I64,
    F32,
    F64,
    V128,

    /// <summary>The type list of a <c>select</c>.</summary>
    ValueTypes,
    HeapType,

    /// <summary>Destination and source.</summary>
    TwoTypes,
    TypeAndField,
    TypeAndCount,
    TypeAndData,
    TypeAndElement,
    TypeAndTag,

    /// <summary>Nullability flags, a label, and two heap types.</summary>
    CastBranch,

    /// <summary>A block type and the catch clauses.</summary>
    TryTable,

    /// <summary>A type and handler clauses.</summary>
    ResumeTable,

    /// <summary>A type, a tag and handler clauses.</summary>
    ResumeThrowTable,

    /// <summary>A byte that must be 0.</summary>
    ReservedByte,
}
