namespace Weld.Linker.Resolution;

/// <summary>What a symbol of an object stands for, found once and asked for by every relocation that names the symbol.</summary>
/// <remarks>Nearly always a function or a data segment of an object, by its id. Whatever takes a closer look is
/// <see cref="IsOther"/>: imports, what the linker makes, stubs, globals, sections, what is discarded.</remarks>
public readonly record struct Referent
{
    private const uint OtherBit = 1u << 31;
    private const uint SegmentBit = 1u << 30;

    private readonly uint _bits;

    private Referent(uint bits) => _bits = bits;

    public static Referent Other => new(OtherBit);

    public bool IsOther => (_bits & OtherBit) != 0;

    /// <summary>A segment's id and not a function's; only when it is not <see cref="IsOther"/>.</summary>
    public bool IsSegment => (_bits & SegmentBit) != 0;

    /// <summary>The id among those of its kind.</summary>
    public int Index => (int)(_bits & ~(OtherBit | SegmentBit));

    public static Referent Of(FunctionId function) => new((uint)function.Index);

    public static Referent Of(SegmentId segment) => new((uint)segment.Index | SegmentBit);
}
