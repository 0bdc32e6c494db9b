namespace Weld.Wasm.Sections;

/// <summary>The order in which sections must come. Custom sections may stand anywhere.</summary>
public static class SectionOrder
{
    /// <summary>The known sections in the order of the binary format.</summary>
    public static ReadOnlySpan<SectionId> Sections =>
    [
        SectionId.Type, SectionId.Import, SectionId.Function, SectionId.Table, SectionId.Memory, SectionId.Tag,
        SectionId.Global, SectionId.Export, SectionId.Start, SectionId.Element, SectionId.DataCount, SectionId.Code,
        SectionId.Data,
    ];

    /// <summary>The place of a section from 1, or 0 for one that is not in the list.</summary>
    public static int RankOf(SectionId id)
    {
        // A loop, because MemoryExtensions.IndexOf refuses enums before .NET 10.
        for (int rank = 1; rank <= Sections.Length; rank++)
        {
            if (Sections[rank - 1] == id)
                return rank;
        }
        return 0;
    }
}
