using Weld.Base;
using Weld.Linker.Resolution;

namespace Weld.Linker.Planning;

/// <summary>Where an input segment is in the output.</summary>
public struct SegmentPlace
{
    private int _outputPlusOne;
    private int _stringsPlusOne;

    /// <summary>The offset in the output segment, in bytes; of a merged one, where the merged strings start.</summary>
    public ulong Offset;

    /// <summary>Of a segment whose strings were merged: its number among those.</summary>
    public int Section;

    public readonly bool IsInOutput => _outputPlusOne != 0;

    /// <summary>Which output segment; only when it is in one.</summary>
    public int Output
    {
        readonly get => _outputPlusOne - 1;
        set => _outputPlusOne = value + 1;
    }

    public readonly bool IsMerged => _stringsPlusOne != 0;

    /// <summary>Which merged strings; only when it is among some.</summary>
    public int Strings
    {
        readonly get => _stringsPlusOne - 1;
        set => _stringsPlusOne = value + 1;
    }
}

/// <summary>Where all data is in memory: the result of laying it out.</summary>
public sealed class DataPlan
{
    private readonly SegmentPlace[] _places;
    private readonly OutputSegment[] _outputs;
    private readonly MergedStrings[] _strings;

    /// <param name="segments">The output's segments in order.</param>
    /// <param name="places">Where each input segment is.</param>
    /// <param name="outputs">What <see cref="SegmentPlace.Output"/> refers to.</param>
    /// <param name="strings">What <see cref="SegmentPlace.Strings"/> refers to.</param>
    public DataPlan(IReadOnlyList<OutputSegment> segments, SegmentPlace[] places, OutputSegment[] outputs, MergedStrings[] strings)
    {
        Segments = segments;
        _places = places;
        _outputs = outputs;
        _strings = strings;
    }

    /// <summary>The output's segments in order.</summary>
    public IReadOnlyList<OutputSegment> Segments { get; private set; }

    /// <summary>Whether segments are passive: copied to memory by code, once for all threads.</summary>
    public bool IsPassive { get; init; }

    /// <summary>The addresses of symbols that layout defines: linker-defined ones, <c>__start_</c> and <c>__stop_</c>.</summary>
    public Dictionary<SymbolId, ulong> LinkerAddresses { get; } = [];

    /// <summary>The value of <c>__stack_pointer</c>.</summary>
    public ulong StackTop { get; set; }

    /// <summary>The alignment of all data, as a power of two.</summary>
    public uint LargestAlignmentLog2
    {
        get
        {
            uint largest = 0;
            foreach (OutputSegment segment in Segments)
                largest = Math.Max(largest, segment.AlignmentLog2);
            return largest;
        }
    }

    /// <summary>The size of all data, zeros included, in bytes.</summary>
    public ulong StaticSize { get; set; }

    /// <summary>The address of <c>__wasm_init_memory_flag</c> in a threaded link with data.</summary>
    public ulong InitFlagAddress { get; set; }

    /// <summary>The initial size of the memory in pages.</summary>
    public ulong MinimumPages { get; set; }

    /// <summary>The largest size of the memory in pages; null for none.</summary>
    public ulong? MaximumPages { get; set; }

    /// <summary>Whether zeros are written to the file, because an imported memory may hold other things.</summary>
    public bool WritesBss { get; set; }

    public bool IsInFile(OutputSegment segment) => !segment.IsBss || WritesBss;

    /// <summary>The thread-local segment; null without one.</summary>
    public OutputSegment? TlsSegment
    {
        get
        {
            foreach (OutputSegment segment in Segments)
                if (segment.IsTls)
                    return segment;
            return null;
        }
    }

    /// <summary>The address of a byte of an input segment; 0 when the segment is not in the output.</summary>
    public ulong AddressOf(SegmentId segment, ulong offset) => TryGetAddress(segment, offset, out ulong address) ? address : 0;

    /// <summary>The address of a byte of an input segment, if the segment is in the output.</summary>
    public bool TryGetAddress(SegmentId segment, ulong offset, out ulong address)
    {
        ref SegmentPlace place = ref _places[segment.Index];
        address = 0;
        if (!place.IsInOutput)
            return false;
        address = _outputs[place.Output].Address + OffsetOf(place, offset);
        return true;
    }

    /// <summary>The offset of a byte of an input segment in its output segment.</summary>
    public ulong OffsetOf(SegmentId segment, ulong offset) => OffsetOf(_places[segment.Index], offset);

    private ulong OffsetOf(in SegmentPlace place, ulong offset) =>
        place.Offset + (place.IsMerged ? _strings[place.Strings].Map(place.Section, offset) : offset);

    public OutputSegment? OutputOf(SegmentId segment) => _places[segment.Index].IsInOutput ? _outputs[_places[segment.Index].Output] : null;

    /// <summary>Makes one segment of all that are in the file. Their addresses do not change.</summary>
    /// <remarks>Position-independent segments start at an imported global. Without extended-const nothing can be added to
    /// it, so that there can be only one of them.</remarks>
    public void Combine()
    {
        if (Segments.Count < 2)
            return;
        var combined = new OutputSegment { Name = Utf8String.FromLiteral(".data"u8), Address = Segments[0].Address };
        var segments = new List<OutputSegment> { combined };
        var moved = new Dictionary<OutputSegment, ulong>();
        foreach (OutputSegment segment in Segments)
        {
            if (!IsInFile(segment))
            {
                segment.Index = segments.Count;
                segments.Add(segment);
                continue;
            }
            ulong start = segment.Address - combined.Address;
            moved.Add(segment, start);
            foreach (SegmentChunk chunk in segment.Chunks)
                combined.Chunks.Add(chunk with { Offset = chunk.Offset + start });
            combined.Size = start + segment.Size;
            combined.AlignmentLog2 = Math.Max(combined.AlignmentLog2, segment.AlignmentLog2);
            combined.Flags |= segment.Flags;
        }
        if (moved.Count == 0)
            return;
        foreach (ref SegmentPlace place in _places.AsSpan())
            if (place.IsInOutput && moved.TryGetValue(_outputs[place.Output], out ulong start))
                place.Offset += start;
        for (int i = 0; i < _outputs.Length; i++)
            if (moved.ContainsKey(_outputs[i]))
                _outputs[i] = combined;
        Segments = segments;
    }
}
