namespace Weld.Fuzz.Mutation;

/// <summary>What a field of a section is, which decides how it can be changed.</summary>
public enum FieldKind
{
    /// <summary>A LEB128 number.</summary>
    Number,

    /// <summary>A byte that selects something: a value type, a symbol kind, a relocation kind.</summary>
    Tag,

    /// <summary>A length and that many bytes.</summary>
    Name,

    /// <summary>A whole entry of a list, which can be repeated, dropped, or moved.</summary>
    Entry,
}

/// <summary>A part of a section's contents that the mutators know the meaning of.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Offset">Where it starts in the section's contents.</param>
/// <param name="Length">Its length in bytes.</param>
/// <param name="EnclosingSize">The offset of the size field that counts it (a subsection's, a body's); -1 for the section itself.</param>
/// <param name="Count">Of an entry: the offset of the list's count; -1 otherwise.</param>
public readonly record struct Field(FieldKind Kind, int Offset, int Length, int EnclosingSize, int Count = -1);
