using System.Runtime.CompilerServices;
using Weld.Wasm.Linking;

namespace Weld.Linker.Inputs;

/// <summary>A relocation of code or data, decoded and checked, in eight bytes.</summary>
/// <remarks>Such relocations are looked at up to four times, and decoding one takes as long as all that is done with it. From the lowest bit: the kind
/// (5 bits), whether it is wide (1), the index (20), the offset from the start of the function or segment (20), the addend (18, signed). What does not fit
/// is wide: its index is a place in <see cref="RelocationList"/>'s second array.</remarks>
public readonly struct PackedRelocation
{
    private const int WideShift = 5;
    private const int IndexShift = 6;
    private const int OffsetShift = 26;
    private const int AddendShift = 46;
    private const int FieldBits = 20;
    private const int AddendBits = 64 - AddendShift;
    private const uint FieldMask = FieldLimit - 1;
    private const long AddendBias = 1L << (AddendBits - 1);

    /// <summary>Indices and offsets from here on do not fit.</summary>
    internal const uint FieldLimit = 1u << FieldBits;

    private readonly ulong _bits;

    private PackedRelocation(ulong bits) => _bits = bits;

    public RelocationKind Kind => (RelocationKind)((uint)_bits & 31);

    /// <summary>The kind; a number that is none for what is wide.</summary>
    internal uint Form => (uint)_bits & ((1u << IndexShift) - 1);

    internal bool IsWide => ((uint)_bits & 1u << WideShift) != 0;

    internal int WideIndex => (int)(_bits >> IndexShift);

    internal uint Index => (uint)(_bits >> IndexShift) & FieldMask;

    internal uint Offset => (uint)(_bits >> OffsetShift) & FieldMask;

    /// <summary>Whether kind and index are certainly the same.</summary>
    internal bool IsLike(PackedRelocation other) => (uint)(_bits ^ other._bits) << (32 - OffsetShift) == 0;

    internal int Addend => (int)((long)_bits >> AddendShift);

    /// <param name="relocation">A relocation, with an offset in its section.</param>
    /// <param name="start">Where its function or segment starts in the section.</param>
    /// <param name="fits">False when it has to be wide.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static PackedRelocation Pack(in Relocation relocation, uint start, out bool fits)
    {
        uint offset = relocation.Offset - start;
        fits = (relocation.Index | offset) < FieldLimit && Fits(relocation.Addend);
        return Pack(relocation.Kind, offset, relocation.Index, relocation.Addend);
    }

    /// <summary>Packs numbers that fit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static PackedRelocation Pack(RelocationKind kind, uint offset, uint index, long addend) =>
        new((byte)kind | (ulong)index << IndexShift | (ulong)offset << OffsetShift | (ulong)addend << AddendShift);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool Fits(long addend) => (ulong)(addend + AddendBias) >> AddendBits == 0;

    internal static PackedRelocation Wide(RelocationKind kind, int place) => new((byte)kind | 1u << WideShift | (ulong)(uint)place << IndexShift);
}

/// <summary>The relocations of the code or of the data of an object, in the order of their offsets.</summary>
public readonly struct RelocationList
{
    private readonly PackedRelocation[]? _packed;
    private readonly Relocation[]? _wide;

    internal RelocationList(PackedRelocation[] packed, List<Relocation>? wide)
    {
        _packed = packed;
        _wide = wide?.ToArray();
    }

    /// <summary>Those of one function or segment.</summary>
    public RelocationRange Slice(int first, int count) => new(_packed.AsSpan(first, count), _wide);
}

/// <summary>The relocations of one function or segment. Their offsets count from its start.</summary>
public ref struct RelocationRange
{
    private readonly ReadOnlySpan<PackedRelocation> _packed;
    private readonly Relocation[]? _wide;
    private int _next;

    internal RelocationRange(ReadOnlySpan<PackedRelocation> packed, Relocation[]? wide)
    {
        _packed = packed;
        _wide = wide;
    }

    /// <summary>All of them, for who does not need everything of each.</summary>
    public readonly ReadOnlySpan<PackedRelocation> All => _packed;

    public readonly bool AtEnd => _next == _packed.Length;

    public Relocation Read() => Unpack(_packed[_next++]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly uint IndexOf(PackedRelocation packed) => packed.IsWide ? _wide![packed.WideIndex].Index : packed.Index;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly Relocation Unpack(PackedRelocation packed) => packed.IsWide
        ? _wide![packed.WideIndex]
        : new Relocation(packed.Kind, packed.Offset, packed.Index, packed.Addend);
}
