using Weld.Base;
using Weld.Linker.Resolution;
using Weld.Wasm.Linking;

namespace Weld.Linker.Planning;

/// <summary>One piece of an output segment: an input segment, or the merged strings of several.</summary>
/// <param name="Owner">The object; null for merged strings.</param>
/// <param name="Segment">The segment's index in the object.</param>
/// <param name="Strings">The merged strings; null for an input segment.</param>
/// <param name="Offset">The offset in the output segment, in bytes.</param>
/// <param name="Size">The size in bytes.</param>
public readonly record struct SegmentChunk(LinkedObject? Owner, uint Segment, MergedStrings? Strings, ulong Offset, ulong Size);

/// <summary>A data segment of the output: input segments of one output name, after each other.</summary>
public sealed class OutputSegment
{
    public required Utf8String Name { get; init; }

    /// <summary>The place among the output's segments.</summary>
    public int Index { get; set; }

    public uint AlignmentLog2 { get; set; }

    public SegmentFlags Flags { get; set; }

    /// <summary>The address in memory, in bytes.</summary>
    public ulong Address { get; set; }

    public ulong Size { get; set; }

    /// <summary>Zeros, which need no bytes in the file when memory starts as zeros.</summary>
    public bool IsBss { get; init; }

    public bool IsTls => Name.StartsWith(".tdata"u8);

    public List<SegmentChunk> Chunks { get; init; } = [];
}
