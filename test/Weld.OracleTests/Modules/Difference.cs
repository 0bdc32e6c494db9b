namespace Weld.OracleTests.Modules;

/// <summary>What differs between two modules, coarse enough to list as an expected difference.</summary>
public enum DifferenceKind
{
    SectionOrder,
    Types,
    Imports,
    Exports,
    Memory,
    Table,
    Tags,
    Globals,
    Start,
    Elements,
    FunctionSet,
    FunctionOrder,
    FunctionBody,
    DataSegments,
    DataImage,
    Names,
    Linking,
    SegmentFlags,
    CustomSection,
    FileSize,
}

/// <summary>One difference, with the place in terms of the program.</summary>
public sealed record Difference(DifferenceKind Kind, string Place, string Expected, string Actual)
{
    public override string ToString() => $"{Kind} {Place}: wasm-ld {Shorten(Expected)}, weld {Shorten(Actual)}";

    private static string Shorten(string text) => text.Length <= 300 ? text : text[..300] + "…";
}

/// <summary>A difference that is right, and why.</summary>
public sealed record ExpectedDifference(DifferenceKind Kind, string Place, string Reason)
{
    public bool Covers(Difference difference) =>
        Kind == difference.Kind && difference.Place.Contains(Place, StringComparison.Ordinal);
}
