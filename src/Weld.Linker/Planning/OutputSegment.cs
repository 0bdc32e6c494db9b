using Weld.Base;
using Weld.Linker.Image;
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

    public List<SegmentChunk> Chunks { get; } = [];
}

/// <summary>The strings of several input sections as one piece of output, shared where equal or where one ends another.</summary>
public sealed class MergedStrings
{
    private readonly StringTailMerger _merger = new();

    /// <summary>The size in bytes; known after <see cref="Finish"/>.</summary>
    public int Size => _merger.Size;

    /// <summary>One input section among the merged ones.</summary>
    public sealed class Member
    {
        private readonly StringTailMerger _merger;
        private readonly StringPieces _pieces;
        private readonly int[] _ids;

        internal Member(StringTailMerger merger, StringPieces pieces, int[] ids, uint size)
        {
            _merger = merger;
            _pieces = pieces;
            _ids = ids;
            Size = size;
        }

        /// <summary>The size of the input section.</summary>
        public uint Size { get; }

        /// <summary>Where a byte of the input section is among the merged strings.</summary>
        public ulong Map(ulong offset)
        {
            // What lies outside the strings keeps its distance to their end; it cannot point at anything that is known.
            int inside = (int)Math.Min(offset, Size);
            (int piece, int rest) = _pieces.Find(inside);
            return (ulong)(_merger.OffsetOf(_ids[piece]) + rest) + (offset - (ulong)inside);
        }
    }

    /// <summary>Adds a section's strings.</summary>
    /// <exception cref="Weld.Base.Diagnostics.MalformedInputException">The last string has no NUL.</exception>
    public Member Add(Utf8String section, long fileOffset)
    {
        StringPieces pieces = StringPieces.Split(section, fileOffset);
        var ids = new int[pieces.Count];
        for (int i = 0; i < ids.Length; i++)
            ids[i] = _merger.Add(pieces[i], NameHash.Compute(pieces[i].Bytes));
        var member = new Member(_merger, pieces, ids, (uint)section.Length);
        return member;
    }

    public void Finish() => _merger.Finish();

    public void Write(Span<byte> destination) => _merger.Write(destination);
}
