using Weld.Linker.Resolution;
using Weld.Wasm.Linking;

namespace Weld.Linker.Planning;

/// <summary>Where all data is in memory: the result of laying it out.</summary>
public sealed class DataPlan
{
    private readonly OutputSegment?[] _outputs;
    private readonly ulong[] _offsets;
    private readonly MergedStrings.Member?[] _strings;

    public DataPlan(IReadOnlyList<OutputSegment> segments, OutputSegment?[] outputs, ulong[] offsets, MergedStrings.Member?[] strings)
    {
        Segments = segments;
        _outputs = outputs;
        _offsets = offsets;
        _strings = strings;
    }

    /// <summary>The output's segments in order.</summary>
    public IReadOnlyList<OutputSegment> Segments { get; }

    /// <summary>The addresses of symbols that layout defines: linker-defined ones, <c>__start_</c> and <c>__stop_</c>.</summary>
    public Dictionary<SymbolId, ulong> LinkerAddresses { get; } = [];

    /// <summary>The value of <c>__stack_pointer</c>.</summary>
    public ulong StackTop { get; set; }

    /// <summary>The initial size of the memory in pages.</summary>
    public ulong MinimumPages { get; set; }

    /// <summary>The largest size of the memory in pages; null for none.</summary>
    public ulong? MaximumPages { get; set; }

    /// <summary>Whether zeros are written to the file, because an imported memory may hold other things.</summary>
    public bool WritesBss { get; set; }

    public bool IsInFile(OutputSegment segment) => !segment.IsBss || WritesBss;

    /// <summary>The address of a byte of an input segment; 0 when the segment is not in the output.</summary>
    public ulong AddressOf(SegmentId segment, ulong offset) =>
        _outputs[segment.Index] is OutputSegment output ? output.Address + OffsetOf(segment, offset) : 0;

    /// <summary>The offset of a byte of an input segment in its output segment.</summary>
    public ulong OffsetOf(SegmentId segment, ulong offset) =>
        _offsets[segment.Index] + (_strings[segment.Index] is MergedStrings.Member strings ? strings.Map(offset) : offset);

    public OutputSegment? OutputOf(SegmentId segment) => _outputs[segment.Index];

    /// <summary>The address of the thread-local segment; 0 without one.</summary>
    public ulong TlsAddress
    {
        get
        {
            foreach (OutputSegment segment in Segments)
                if ((segment.Flags & SegmentFlags.Tls) != 0 || segment.IsTls)
                    return segment.Address;
            return 0;
        }
    }
}
