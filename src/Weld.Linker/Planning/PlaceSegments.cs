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
    private readonly SegmentPlace[] _places;
    private readonly List<MergedStrings> _strings = [];
    private readonly List<Gathered> _gathered = [];
    private readonly Dictionary<Utf8String, int> _byName = [];
    private bool _areStringsFinished;

    private PlaceSegments(ResolvedProgram program, LiveSet live, LinkOptions options, DiagnosticBag diagnostics)
    {
        _program = program;
        _live = live;
        _options = options;
        _diagnostics = diagnostics;
        _places = new SegmentPlace[program.SegmentCount];
    }

    /// <summary>An output segment while input segments go into it.</summary>
    private sealed class Gathered(OutputSegment output, int order)
    {
        public OutputSegment Output => output;

        /// <summary>Where it goes among the others: before those with a higher number.</summary>
        public int Order => order;

        /// <summary>The output segment whose name came after this one's the last time; -1 for none.</summary>
        public int Successor { get; set; } = -1;

        /// <summary>The merged strings in it, by the flags of the segments that they are from.</summary>
        public Dictionary<SegmentFlags, GatheredStrings>? Strings { get; set; }

        /// <summary>Those that were asked for last: most output segments have one kind.</summary>
        public GatheredStrings? LastStrings { get; set; }

        /// <summary>Whether strings of a size that is not known yet are the last thing in it.</summary>
        public bool IsOpen { get; set; }

        /// <summary>Whether something comes after those, and waits for them to be merged.</summary>
        public bool IsDeferred { get; set; }

        /// <summary>Whether it begins again, now that all sizes are known.</summary>
        public bool IsRestarted { get; private set; }

        /// <summary>The bytes that alignment costs.</summary>
        public ulong Padding { get; set; }

        public void Restart()
        {
            IsRestarted = true;
            output.Chunks.Clear();
            output.Size = 0;
            Padding = 0;
            IsOpen = false;
            IsDeferred = false;
            foreach (GatheredStrings strings in Strings!.Values)
                strings.Offset = null;
        }
    }

    /// <summary>Merged strings of an output segment.</summary>
    private sealed class GatheredStrings(SegmentFlags flags, int number)
    {
        public SegmentFlags Flags => flags;

        /// <summary>Their number among those of all output segments.</summary>
        public int Number => number;

        /// <summary>Where they are in the output segment, when they have a place.</summary>
        public ulong? Offset { get; set; }
    }

    public static DataPlan Run(ResolvedProgram program, LiveSet live, LinkOptions options, DiagnosticBag diagnostics)
    {
        var stage = new PlaceSegments(program, live, options, diagnostics);
        stage.Collect();
        List<Gathered> ordered = [.. stage._gathered.OrderBy(static gathered => gathered.Order)];
        List<OutputSegment> segments = new(ordered.Count);
        foreach (Gathered gathered in ordered)
        {
            gathered.Output.Index = segments.Count;
            segments.Add(gathered.Output);
        }
        stage.FinishStrings(ordered);
        stage.PlaceDeferred(ordered);
        stage.CheckPadding(ordered);
        return new DataPlan(segments, stage._places, [.. stage._gathered.Select(static gathered => gathered.Output)], [.. stage._strings]) { IsPassive = options.SharedMemory };
    }

    /// <summary>Goes through the segments once, object by object: those of one output segment are too far from each other to do that for each of these.</summary>
    private void Collect()
    {
        int last = -1;
        foreach (LinkedObject owner in _program.Objects)
        {
            InputSegment[] segments = owner.Object.Segments;
            for (int i = 0; i < segments.Length; i++)
            {
                int id = owner.FirstSegment + i;
                if (!_live.Segments.Contains(new SegmentId(id)))
                    continue;
                ref InputSegment segment = ref segments[i];
                int output;
                // The link that comes next takes or drops each COMDAT group as a whole.
                if (_options.Relocatable && segment.Comdat >= 0)
                    output = Add(OutputName(segment), new List<SegmentChunk>(1));
                else
                    output = last = Find(OutputName(segment), last);
                ref SegmentPlace place = ref _places[id];
                place.Output = output;
                if (_options.Optimize != 0 && IsMerged(segment))
                    AddStrings(_gathered[output], owner, segment, ref place);
                Place(_gathered[output], owner, (uint)i, ref place);
            }
        }
    }

    /// <summary>The output segment of a name. Most input segments have the name of the one before, or the one that came after that in an object before.</summary>
    private int Find(Utf8String name, int last)
    {
        if (last >= 0 && name.Equals(_gathered[last].Output.Name))
            return last;
        int next = last >= 0 ? _gathered[last].Successor : -1;
        if (next >= 0 && name.Equals(_gathered[next].Output.Name))
            return next;
        if (!_byName.TryGetValue(name, out next))
            _byName.Add(name, next = Add(name, []));
        if (last >= 0)
            _gathered[last].Successor = next;
        return next;
    }

    private int Add(Utf8String name, List<SegmentChunk> chunks)
    {
        _gathered.Add(new Gathered(new OutputSegment { Name = name, IsBss = !_options.Relocatable && name.StartsWith(".bss"u8), Chunks = chunks }, OrderOf(name)));
        return _gathered.Count - 1;
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

    /// <summary>Thread-local data, constants, variables, others, and zeros last; LINQ's sort is stable.</summary>
    private static int OrderOf(Utf8String name) =>
        name.StartsWith(".tdata"u8) ? 0
        : name.StartsWith(".rodata"u8) ? 1
        : name.StartsWith(".data"u8) ? 2
        : name.StartsWith(".bss"u8) ? 4
        : 3;

    private static bool IsMerged(in InputSegment segment) =>
        (segment.Flags & SegmentFlags.Strings) != 0 && segment.AlignmentLog2 == 0 && segment.Size != 0 && segment.RelocationCount == 0;

    private void AddStrings(Gathered gathered, LinkedObject owner, in InputSegment segment, ref SegmentPlace place)
    {
        place.Strings = StringsOf(gathered, segment.Flags).Number;
        place.Section = _strings[place.Strings].Add(owner.Object.File.Slice(segment.Offset, segment.Size));
    }

    private GatheredStrings StringsOf(Gathered gathered, SegmentFlags flags)
    {
        if (gathered.LastStrings is { } last && last.Flags == flags)
            return last;
        gathered.Strings ??= [];
        if (!gathered.Strings.TryGetValue(flags, out GatheredStrings? strings))
        {
            gathered.Strings.Add(flags, strings = new GatheredStrings(flags, _strings.Count));
            _strings.Add(new MergedStrings());
        }
        gathered.LastStrings = strings;
        return strings;
    }

    /// <summary>Gives an input segment its place after the others, if that is known yet.</summary>
    private void Place(Gathered gathered, LinkedObject owner, uint number, ref SegmentPlace place)
    {
        OutputSegment output = gathered.Output;
        ref InputSegment segment = ref owner.Object.Segments[number];
        output.AlignmentLog2 = Math.Max(output.AlignmentLog2, segment.AlignmentLog2);
        output.Flags |= segment.Flags;
        GatheredStrings? strings = place.IsMerged ? StringsOf(gathered, segment.Flags) : null;
        if (strings?.Offset is ulong known)
        {
            place.Offset = known;
            return;
        }
        gathered.IsDeferred |= gathered.IsOpen;
        if (gathered.IsDeferred || gathered.Padding > MaximumPadding)
            return;
        place.Offset = Alignment.Up(output.Size, 1ul << segment.AlignmentLog2);
        gathered.Padding += place.Offset - output.Size;
        ulong size = segment.Size;
        if (strings is null)
        {
            output.Chunks.Add(new SegmentChunk(owner, number, null, place.Offset, size));
        }
        else
        {
            strings.Offset = place.Offset;
            gathered.IsOpen = !_areStringsFinished;
            size = (ulong)_strings[strings.Number].Size;
            output.Chunks.Add(new SegmentChunk(null, 0, _strings[strings.Number], place.Offset, size));
        }
        output.Size = place.Offset + size;
    }

    private void FinishStrings(List<Gathered> ordered)
    {
        // With -r there are many that have few strings.
        Workers.ForEach(_strings.Count, _options.Threads, index => _strings[index].Finish(_options.Threads));
        _areStringsFinished = true;
        foreach (Gathered gathered in ordered)
        {
            if (gathered.Strings is null)
                continue;
            foreach (GatheredStrings strings in gathered.Strings.Values)
                if (!_strings[strings.Number].Damaged.IsEmpty)
                    ReportDamaged(strings.Number);
            if (gathered.IsDeferred || !gathered.IsOpen)
                continue;
            List<SegmentChunk> chunks = gathered.Output.Chunks;
            ulong size = (ulong)chunks[^1].Strings!.Size;
            chunks[^1] = chunks[^1] with { Size = size };
            gathered.Output.Size += size;
        }
    }

    private void PlaceDeferred(List<Gathered> ordered)
    {
        List<Gathered> deferred = ordered.FindAll(static gathered => gathered.IsDeferred);
        foreach (Gathered gathered in deferred)
            gathered.Restart();
        if (deferred.Count == 0)
            return;
        foreach (LinkedObject owner in _program.Objects)
            for (int i = 0; i < owner.Object.Segments.Length; i++)
            {
                ref SegmentPlace place = ref _places[owner.FirstSegment + i];
                if (place.IsInOutput && _gathered[place.Output].IsRestarted)
                    Place(_gathered[place.Output], owner, (uint)i, ref place);
            }
    }

    private void CheckPadding(List<Gathered> ordered)
    {
        ulong padding = 0;
        foreach (Gathered gathered in ordered)
        {
            padding += gathered.Padding;
            if (padding <= MaximumPadding)
                continue;
            ReportPadding(gathered.Output);
            return;
        }
    }

    /// <summary>Names the segment whose alignment costs most.</summary>
    private void ReportPadding(OutputSegment output)
    {
        (LinkedObject owner, int number, _) = Members().Where(member => _gathered[member.Place.Output].Output == output).MaxBy(static member => member.Owner.Object.Segments[member.Number].AlignmentLog2);
        ref InputSegment segment = ref owner.Object.Segments[number];
        _diagnostics.Add(PlanErrors.TooMuchPadding(owner.DisplayName, segment.Name.ToString(), 1ul << segment.AlignmentLog2));
    }

    private void ReportDamaged(int strings)
    {
        foreach ((LinkedObject owner, int number, SegmentPlace place) in Members())
        {
            if (!place.IsMerged || place.Strings != strings || !_strings[strings].Damaged.Contains(place.Section))
                continue;
            ref InputSegment segment = ref owner.Object.Segments[number];
            _diagnostics.Add(InputErrors.UnterminatedString(owner.DisplayName, segment.Name.ToString(), segment.Offset, owner.Object.Slice(segment.Offset, segment.Size)));
        }
    }

    /// <summary>The segments of objects that are in the output, for messages.</summary>
    private IEnumerable<(LinkedObject Owner, int Number, SegmentPlace Place)> Members()
    {
        foreach (LinkedObject owner in _program.Objects)
            for (int i = 0; i < owner.Object.Segments.Length; i++)
                if (_places[owner.FirstSegment + i].IsInOutput)
                    yield return (owner, i, _places[owner.FirstSegment + i]);
    }
}
