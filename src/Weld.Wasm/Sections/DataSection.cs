using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Weld.Base.Diagnostics;
using Weld.Wasm.Binary;

namespace Weld.Wasm.Sections;

/// <summary>The first number of a data segment.</summary>
[Flags]
public enum DataSegmentFlags : uint
{
    None = 0,
    Passive = 1,
    HasMemoryIndex = 2,
}

/// <summary>Where a segment's bytes are in the contents of its data section.</summary>
public readonly record struct SegmentRange(DataSegmentFlags Flags, uint Offset, uint Size);

/// <summary>Section 11: the initial contents of memory.</summary>
/// <remarks>https://webassembly.github.io/spec/core/binary/modules.html#data-section</remarks>
public static class DataSection
{
    public static SegmentRange[] Read(ref WasmReader reader)
    {
        var segments = new SegmentRange[ReadCount(ref reader)];
        for (int i = 0; i < segments.Length; i++)
            segments[i] = ReadSegment(ref reader);
        return segments;
    }

    public static int ReadCount(ref WasmReader reader) => reader.ReadCount("data segment", minimumSize: 2);

    /// <summary>Finds the next segment's bytes; the count has been read before.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SegmentRange ReadSegment(ref WasmReader reader)
    {
        long start = reader.FileOffset;
        uint flags = reader.ReadLebU32();
        if (flags > 3)
            ThrowFlags(flags, start);
        var known = (DataSegmentFlags)flags;
        if ((known & DataSegmentFlags.HasMemoryIndex) != 0)
            reader.ReadLebU32();
        if ((known & DataSegmentFlags.Passive) == 0)
            ConstantExpression.Skip(ref reader);
        uint size = reader.ReadLebU32();
        int offset = reader.Position;
        reader.Skip(size);
        return new SegmentRange(known, (uint)offset, size);
    }

    [DoesNotReturn]
    private static void ThrowFlags(uint flags, long start) => throw new MalformedInputException($"invalid data segment flags {flags}", start);

    /// <summary>Writes what comes before a segment's bytes.</summary>
    /// <param name="writer">Receives the header.</param>
    /// <param name="offset">The constant expression of the address, end included; empty for a passive segment.</param>
    /// <param name="size">The number of bytes that follow.</param>
    public static void WriteHeader(WasmWriter writer, ReadOnlySpan<byte> offset, uint size)
    {
        writer.WriteLebU32(offset.IsEmpty ? (uint)DataSegmentFlags.Passive : 0);
        writer.WriteBytes(offset);
        writer.WriteLebU32(size);
    }
}
