using Weld.Linker.Planning;
using Weld.Wasm.Binary;
using Weld.Wasm.Sections;

namespace Weld.Linker.Image;

/// <summary>Where each segment is in the data section.</summary>
/// <remarks>With <c>-r</c> there are as many segments as there are variables, so what comes before their bytes is kept in one buffer for all.</remarks>
public sealed class DataLayout
{
    private readonly OutputSegment[] _segments;
    private readonly WasmWriter _heads;

    // Where each segment's head starts among the heads, and its bytes in the section.
    private readonly int[] _headStarts;
    private readonly long[] _contents;

    private DataLayout(OutputPlan plan, OutputSegment[] segments)
    {
        _segments = segments;
        _heads = new WasmWriter(16 * segments.Length);
        _headStarts = new int[segments.Length + 1];
        _contents = new long[segments.Length];
        var address = new WasmWriter(16);
        long offset = Leb128.SizeU32((uint)segments.Length);
        for (int i = 0; i < segments.Length; i++)
        {
            address.Clear();
            if (!plan.Data.IsPassive)
                WriteAddress(plan, address, segments[i]);
            DataSection.WriteHeader(_heads, address.Written, (uint)segments[i].Size);
            _headStarts[i + 1] = _heads.Length;
            _contents[i] = offset + (_heads.Length - _headStarts[i]);
            offset = _contents[i] + (long)segments[i].Size;
        }
        Size = offset;
    }

    /// <summary>The segments that are in the file, in order.</summary>
    public ReadOnlySpan<OutputSegment> Segments => _segments;

    /// <summary>The size of the section's contents in bytes, with the count.</summary>
    public long Size { get; }

    public static DataLayout Make(OutputPlan plan) => new(plan, [.. plan.Data.Segments.Where(plan.Data.IsInFile)]);

    /// <summary>What comes before the bytes of the n-th segment.</summary>
    public ReadOnlySpan<byte> HeadOf(int segment) => _heads.Written[_headStarts[segment].._headStarts[segment + 1]];

    /// <summary>Where that starts in the section's contents.</summary>
    public long EntryOf(int segment) => _contents[segment] - HeadOf(segment).Length;

    /// <summary>Where the bytes of the n-th segment start in the section's contents.</summary>
    public long ContentsOf(int segment) => _contents[segment];

    /// <summary>Where they end.</summary>
    public long EndOf(int segment) => _contents[segment] + (long)_segments[segment].Size;

    private static void WriteAddress(OutputPlan plan, WasmWriter writer, OutputSegment segment)
    {
        bool is64 = plan.Options.Is64 == true;
        if (plan.Program.LinkerSymbols.MemoryBase is { IsNone: false } memoryBase)
            ConstantExpression.WriteGlobalPlus(writer, plan.Targets[memoryBase.Index].Index, segment.Address, is64);
        else
            ConstantExpression.WriteAddress(writer, segment.Address, is64);
    }
}
