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

    // So many output segments are filled by a thread at a time.
    private const int SegmentsPerPart = 512;

    private readonly ResolvedProgram _program;
    private readonly LiveSet _live;
    private readonly LinkOptions _options;
    private readonly DiagnosticBag _diagnostics;
    private readonly SegmentPlace[] _places;
    private readonly List<MergedStrings> _strings = [];
    private readonly List<Gathered> _gathered = [];
    private readonly Dictionary<Utf8String, int> _byName = [];

    private PlaceSegments(ResolvedProgram program, LiveSet live, LinkOptions options, DiagnosticBag diagnostics)
    {
        _program = program;
        _live = live;
        _options = options;
        _diagnostics = diagnostics;
        _places = new SegmentPlace[program.SegmentCount];
    }

    /// <summary>A segment of an object, by the object's place in the link.</summary>
    private readonly record struct Member(int Object, uint Segment);

    /// <summary>An output segment and what goes into it.</summary>
    private sealed record Gathered(OutputSegment Output, List<Member> Members)
    {
        public bool HasStrings { get; set; }

        /// <summary>The bytes that alignment costs.</summary>
        public ulong Padding { get; set; }
    }

    public static DataPlan Run(ResolvedProgram program, LiveSet live, LinkOptions options, DiagnosticBag diagnostics)
    {
        var stage = new PlaceSegments(program, live, options, diagnostics);
        stage.Collect();
        List<Gathered> ordered = [.. stage._gathered.OrderBy(static gathered => OrderOf(gathered.Output.Name))];
        stage.Fill(ordered);
        List<OutputSegment> segments = [.. ordered.Select(static gathered => gathered.Output)];
        return new DataPlan(segments, stage._places, [.. stage._gathered.Select(static gathered => gathered.Output)], stage._strings) { IsPassive = options.SharedMemory };
    }

    private void Collect()
    {
        // Most segments have the same few output names, one after the other.
        Utf8String lastName = default;
        int last = -1;
        for (int i = 0; i < _program.Objects.Count; i++)
        {
            LinkedObject owner = _program.Objects[i];
            InputSegment[] segments = owner.Object.Segments;
            for (uint k = 0; k < segments.Length; k++)
            {
                int id = owner.FirstSegment + (int)k;
                if (!_live.Segments.Contains(new SegmentId(id)))
                    continue;
                Utf8String name = OutputName(segments[k]);
                // The link that comes next takes or drops each COMDAT group as a whole.
                bool isAlone = _options.Relocatable && segments[k].Comdat >= 0;
                if (isAlone || last < 0 || !name.Equals(lastName))
                {
                    last = Gather(name, isAlone);
                    lastName = name;
                }
                _gathered[last].Members.Add(new Member(i, k));
                _gathered[last].HasStrings |= (segments[k].Flags & SegmentFlags.Strings) != 0;
                _places[id].Output = last;
                if (isAlone)
                    last = -1;
            }
        }
    }

    private int Gather(Utf8String name, bool isAlone)
    {
        if (!isAlone && _byName.TryGetValue(name, out int known))
            return known;
        int index = _gathered.Count;
        if (!isAlone)
            _byName.Add(name, index);
        _gathered.Add(new Gathered(new OutputSegment { Name = name, IsBss = !_options.Relocatable && name.StartsWith(".bss"u8) }, []));
        return index;
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

    private void Fill(List<Gathered> ordered)
    {
        for (int i = 0; i < ordered.Count; i++)
        {
            ordered[i].Output.Index = i;
            if (ordered[i].HasStrings && _options.Optimize != 0)
                MergeStrings(ordered[i].Members);
        }
        // With -r there may be as many output segments as inputs.
        int parts = (ordered.Count + SegmentsPerPart - 1) / SegmentsPerPart;
        Workers.ForEach(parts, _options.Threads, part =>
        {
            for (int i = part * SegmentsPerPart; i < Math.Min(ordered.Count, (part + 1) * SegmentsPerPart); i++)
                Fill(ordered[i]);
        }, minimumPerThread: 2);
        ulong padding = 0;
        foreach (Gathered gathered in ordered)
        {
            padding += gathered.Padding;
            if (padding <= MaximumPadding)
                continue;
            ReportPadding(gathered);
            return;
        }
    }

    private void Fill(Gathered gathered)
    {
        OutputSegment output = gathered.Output;
        // Few output segments have strings.
        Dictionary<int, ulong>? placed = null;
        output.Chunks.EnsureCapacity(gathered.Members.Count);
        ulong size = 0;
        foreach (Member member in gathered.Members)
        {
            LinkedObject owner = _program.Objects[member.Object];
            ref InputSegment segment = ref owner.Object.Segments[member.Segment];
            ref SegmentPlace place = ref _places[owner.FirstSegment + (int)member.Segment];
            output.AlignmentLog2 = Math.Max(output.AlignmentLog2, segment.AlignmentLog2);
            output.Flags |= segment.Flags;
            if (place.IsMerged)
            {
                placed ??= [];
                if (!placed.TryGetValue(place.Strings, out place.Offset))
                {
                    MergedStrings strings = _strings[place.Strings];
                    // Only segments without alignment are merged.
                    output.Chunks.Add(new SegmentChunk(null, 0, strings, size, (ulong)strings.Size));
                    placed.Add(place.Strings, size);
                    place.Offset = size;
                    size += (ulong)strings.Size;
                }
                continue;
            }
            ulong end = size;
            size = Alignment.Up(size, 1ul << segment.AlignmentLog2);
            gathered.Padding += size - end;
            if (gathered.Padding > MaximumPadding)
                return;
            place.Offset = size;
            output.Chunks.Add(new SegmentChunk(owner, member.Segment, null, size, segment.Size));
            size += segment.Size;
        }
        output.Size = size;
    }

    /// <summary>Names the segment whose alignment costs most.</summary>
    private void ReportPadding(Gathered gathered)
    {
        Member worst = gathered.Members.MaxBy(member => SegmentOf(member).AlignmentLog2);
        ref InputSegment segment = ref SegmentOf(worst);
        _diagnostics.Add(PlanErrors.TooMuchPadding(_program.Objects[worst.Object].DisplayName, segment.Name.ToString(), 1ul << segment.AlignmentLog2));
    }

    private ref InputSegment SegmentOf(Member member) => ref _program.Objects[member.Object].Object.Segments[member.Segment];

    private void MergeStrings(List<Member> members)
    {
        Dictionary<SegmentFlags, int>? byFlags = null;
        foreach (Member member in members)
        {
            LinkedObject owner = _program.Objects[member.Object];
            ref InputSegment segment = ref owner.Object.Segments[member.Segment];
            if ((segment.Flags & SegmentFlags.Strings) == 0 || segment.AlignmentLog2 != 0 || segment.Size == 0 || segment.RelocationCount != 0)
                continue;
            byFlags ??= [];
            if (!byFlags.TryGetValue(segment.Flags, out int strings))
            {
                byFlags.Add(segment.Flags, strings = _strings.Count);
                _strings.Add(new MergedStrings(members.Count));
            }
            ref SegmentPlace place = ref _places[owner.FirstSegment + (int)member.Segment];
            place.Section = _strings[strings].Add(owner.Object.File.Slice(segment.Offset, segment.Size));
            place.Strings = strings;
        }
        if (byFlags is null)
            return;
        foreach (int strings in byFlags.Values)
        {
            _strings[strings].Finish(_options.Threads);
            if (!_strings[strings].Damaged.IsEmpty)
                ReportDamaged(members, strings);
        }
    }

    private void ReportDamaged(List<Member> members, int strings)
    {
        foreach (Member member in members)
        {
            LinkedObject owner = _program.Objects[member.Object];
            ref SegmentPlace place = ref _places[owner.FirstSegment + (int)member.Segment];
            if (!place.IsMerged || place.Strings != strings || !_strings[strings].Damaged.Contains(place.Section))
                continue;
            ref InputSegment segment = ref owner.Object.Segments[member.Segment];
            _diagnostics.Add(InputErrors.UnterminatedString(owner.DisplayName, segment.Name.ToString(), segment.Offset, owner.Object.Slice(segment.Offset, segment.Size)));
        }
    }
}
