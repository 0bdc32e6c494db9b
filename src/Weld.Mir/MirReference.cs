namespace Weld.Mir;

/// <summary>The kinds of things that code and data name.</summary>
public enum MirReferenceKind : byte
{
    Function,
    Data,
    Constant,
    Signature,
    Global,
    Tag,

    /// <summary>The function table that function pointers are slots of.</summary>
    Table,

    /// <summary>A routine of the runtime library, by its row in <see cref="Intrinsics.IntrinsicTable"/>.</summary>
    Intrinsic,

    /// <summary>The function that gives the names of an enum.</summary>
    TagName,

    /// <summary>The table of error names.</summary>
    ErrorNameTable,

    /// <summary>The table of an enum's names; only the function that gives them refers to it.</summary>
    TagNameTable,
}

/// <summary>What is wanted of a thing that is named.</summary>
public enum MirUse : byte
{
    /// <summary>Its index: an unsigned LEB.</summary>
    Index,

    /// <summary>The table slot of a function: the signed LEB of a constant.</summary>
    Slot,

    /// <summary>Its address: the signed LEB of a constant.</summary>
    Address,

    /// <summary>Its address as the offset of a memory access: an unsigned LEB.</summary>
    Offset,

    /// <summary>Its offset in thread-local memory: the signed LEB of a constant.</summary>
    TlsOffset,
}

/// <summary>Something that is outside of a function or data item and that has its number or address only at the end.</summary>
public readonly record struct MirReference(MirReferenceKind Kind, int Id)
{
    public static MirReference Table => new(MirReferenceKind.Table, 0);

    public static MirReference ErrorNameTable => new(MirReferenceKind.ErrorNameTable, 0);

    public static implicit operator MirReference(MirFunctionId id) => new(MirReferenceKind.Function, id.Index);

    public static implicit operator MirReference(MirDataId id) => new(MirReferenceKind.Data, id.Index);

    public static implicit operator MirReference(MirConstantId id) => new(MirReferenceKind.Constant, id.Index);

    public static implicit operator MirReference(MirSignatureId id) => new(MirReferenceKind.Signature, id.Index);

    public static implicit operator MirReference(MirGlobalId id) => new(MirReferenceKind.Global, id.Index);

    public static implicit operator MirReference(MirTagId id) => new(MirReferenceKind.Tag, id.Index);

    public static implicit operator MirReference(MirEnumId id) => new(MirReferenceKind.TagName, id.Index);
}
