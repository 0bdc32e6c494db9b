using Weld.Base;
using Weld.Base.Diagnostics;
using Weld.Linker.Diagnostics;
using Weld.Linker.Inputs;
using Weld.Linker.Liveness;
using Weld.Linker.Options;
using Weld.Linker.Resolution;
using Weld.Wasm.Linking;

namespace Weld.Linker.Planning;

/// <summary>Sorts live input segments into output segments and merges strings. Addresses come later, from <see cref="LayOutMemory"/>.</summary>
/// <remarks>Counterpart in wasm-ld: Writer::createOutputSegments and OutputSegment.cpp.</remarks>
public sealed class PlaceSegments
{
    // Room for any alignment that means something; without a limit, a few damaged bytes would make a file of gigabytes.
    private const ulong MaximumPadding = 1ul << 28;

    private readonly ResolvedProgram _program;
    private readonly LiveSet _live;
    private readonly LinkOptions _options;
    private readonly DiagnosticBag _diagnostics;
    private readonly OutputSegment?[] _outputs;
    private readonly ulong[] _offsets;
    private readonly MergedStrings.Member?[] _strings;
    private readonly Dictionary<Utf8String, int> _byName = [];
    private ulong _padding;
    private readonly List<(OutputSegment Output, List<(LinkedObject Owner, uint Segment)> Members)> _segments = [];

    private PlaceSegments(ResolvedProgram program, LiveSet live, LinkOptions options, DiagnosticBag diagnostics)
    {
        _program = program;
        _live = live;
        _options = options;
        _diagnostics = diagnostics;
        _outputs = new OutputSegment?[program.SegmentCount];
        _offsets = new ulong[program.SegmentCount];
        _strings = new MergedStrings.Member?[program.SegmentCount];
    }

    public static DataPlan Run(ResolvedProgram program, LiveSet live, LinkOptions options, DiagnosticBag diagnostics)
    {
        var stage = new PlaceSegments(program, live, options, diagnostics);
        stage.Collect();
        var segments = new List<OutputSegment>();
        foreach ((OutputSegment output, List<(LinkedObject, uint)> members) in stage._segments.OrderBy(static entry => OrderOf(entry.Output.Name)))
        {
            output.Index = segments.Count;
            stage.Fill(output, members);
            segments.Add(output);
        }
        return new DataPlan(segments, stage._outputs, stage._offsets, stage._strings) { IsPassive = options.SharedMemory };
    }

    private void Collect()
    {
        foreach (LinkedObject owner in _program.Objects)
            for (uint i = 0; i < owner.Object.Segments.Length; i++)
            {
                var id = new SegmentId(owner.FirstSegment + (int)i);
                if (!_live.Segments.Contains(id))
                    continue;
                Utf8String name = OutputName(owner.Object.Segments[i]);
                // The link that comes next takes or drops each COMDAT group as a whole.
                bool isAlone = _options.Relocatable && owner.Object.Segments[i].Comdat >= 0;
                if (isAlone || !_byName.TryGetValue(name, out int index))
                {
                    index = _segments.Count;
                    if (!isAlone)
                        _byName.Add(name, index);
                    _segments.Add((new OutputSegment { Name = name, IsBss = !_options.Relocatable && name.StartsWith(".bss"u8) }, []));
                }
                _segments[index].Members.Add((owner, i));
            }
    }

    private Utf8String OutputName(in InputSegment segment)
    {
        // .tbss and .tdata are one segment, so that all thread-local addresses are relative to one __tls_base.
        if (segment.IsTls)
            return Utf8String.FromLiteral(".tdata"u8);
        if (!_options.MergeDataSegments)
            return segment.Name;
        return segment.Name.StartsWith(".text."u8) ? Utf8String.FromLiteral(".text"u8)
            : segment.Name.StartsWith(".data."u8) ? Utf8String.FromLiteral(".data"u8)
            : segment.Name.StartsWith(".bss."u8) ? Utf8String.FromLiteral(".bss"u8)
            : segment.Name.StartsWith(".rodata."u8) ? Utf8String.FromLiteral(".rodata"u8)
            : segment.Name;
    }

    /// <summary>Thread-local data, constants, variables, others, and zeros last. LINQ's sort is stable.</summary>
    private static int OrderOf(Utf8String name) =>
        name.StartsWith(".tdata"u8) ? 0
        : name.StartsWith(".rodata"u8) ? 1
        : name.StartsWith(".data"u8) ? 2
        : name.StartsWith(".bss"u8) ? 4
        : 3;

    private void Fill(OutputSegment output, List<(LinkedObject Owner, uint Segment)> members)
    {
        Dictionary<int, MergedStrings>? merged = MergeStrings(members);
        var placed = new HashSet<MergedStrings>();
        var pending = new List<(int Segment, MergedStrings Strings)>();
        ulong size = 0;
        foreach ((LinkedObject owner, uint index) in members)
        {
            ref InputSegment segment = ref owner.Object.Segments[index];
            int id = owner.FirstSegment + (int)index;
            _outputs[id] = output;
            output.AlignmentLog2 = Math.Max(output.AlignmentLog2, segment.AlignmentLog2);
            output.Flags |= segment.Flags;
            if (merged is not null && merged.TryGetValue(id, out MergedStrings? strings))
            {
                pending.Add((id, strings));
                if (!placed.Add(strings))
                    continue;
                // Only segments without alignment are merged.
                output.Chunks.Add(new SegmentChunk(null, 0, strings, size, (ulong)strings.Size));
                size += (ulong)strings.Size;
                continue;
            }
            ulong end = size;
            size = Alignment.Up(size, 1ul << segment.AlignmentLog2);
            _padding += size - end;
            if (_padding > MaximumPadding)
            {
                _diagnostics.Add(PlanErrors.TooMuchPadding(owner.DisplayName, segment.Name.ToString(), 1ul << segment.AlignmentLog2));
                return;
            }
            _offsets[id] = size;
            output.Chunks.Add(new SegmentChunk(owner, index, null, size, segment.Size));
            size += segment.Size;
        }
        output.Size = size;
        foreach ((int id, MergedStrings strings) in pending)
            _offsets[id] = output.Chunks.Find(chunk => chunk.Strings == strings).Offset;
    }

    private Dictionary<int, MergedStrings>? MergeStrings(List<(LinkedObject Owner, uint Segment)> members)
    {
        if (_options.Optimize == 0)
            return null;
        Dictionary<int, MergedStrings>? merged = null;
        Dictionary<SegmentFlags, MergedStrings> byFlags = [];
        foreach ((LinkedObject owner, uint index) in members)
        {
            ref InputSegment segment = ref owner.Object.Segments[index];
            if ((segment.Flags & SegmentFlags.Strings) == 0 || segment.AlignmentLog2 != 0 || segment.Size == 0 || segment.RelocationSize != 0)
                continue;
            if (!byFlags.TryGetValue(segment.Flags, out MergedStrings? strings))
                byFlags.Add(segment.Flags, strings = new MergedStrings());
            try
            {
                _strings[owner.FirstSegment + (int)index] = strings.Add(owner.Object.File.Slice(segment.Offset, segment.Size), segment.Offset);
                (merged ??= []).Add(owner.FirstSegment + (int)index, strings);
            }
            catch (MalformedInputException e)
            {
                _diagnostics.Add(InputErrors.UnterminatedString(owner.DisplayName, segment.Name.ToString(), e.Offset));
            }
        }
        foreach (MergedStrings strings in byFlags.Values)
            strings.Finish();
        return merged;
    }
}
