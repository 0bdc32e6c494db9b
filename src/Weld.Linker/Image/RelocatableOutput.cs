using System.Runtime.InteropServices;
using Weld.Base;
using Weld.Linker.Inputs;
using Weld.Linker.Planning;
using Weld.Linker.Resolution;
using Weld.Wasm.Binary;
using Weld.Wasm.Linking;
using Weld.Wasm.Sections;

namespace Weld.Linker.Image;

/// <summary>What <c>-r</c> and <c>--emit-relocs</c> add to an output: its symbols, groups and constructors, and its relocations.</summary>
/// <remarks>Everything that is written needs the numbers of the symbols and nothing else, so all of it is written at the same time. Counterparts in
/// wasm-ld: LinkingSection and RelocSection in SyntheticSections.cpp.</remarks>
public sealed partial class RelocatableOutput
{
    // What is written in one part: about as much as a piece of the image.
    private const int SymbolsPerPart = 1024;
    private const int FunctionsPerPart = 1024;
    private const int ChunksPerPart = 1024;
    private const int SegmentsPerPart = 2048;
    private const int CustomSectionsPerPart = 8;

    // Room for what one of them usually has, in bytes.
    private const int SymbolSize = 96;
    private const int RelocationSize = 8;
    private const int ChunkRelocationsSize = 16;
    private const int SegmentInfoSize = 96;
    private const int ComdatsSize = 256 * 1024;
    private const int MostRoom = 1 << 28;

    // Of a symbol of an object that is not one of the output.
    private const int NoIndex = -1;

    private readonly OutputPlan _plan;
    private readonly CodeLayout _code;
    private readonly DataLayout _data;

    /// <summary>What each symbol of the output is. The rest is found when it is written, on several threads.</summary>
    private readonly List<SymbolSource> _sources = [];

    /// <summary>The output symbol of each row of the symbol table.</summary>
    private readonly int[] _indexOfRow;

    /// <summary>The output symbol of each symbol of each object; sections have none here.</summary>
    private readonly int[][] _indexes;
    private readonly int _firstSectionSymbol;
    private readonly int _importedTables;

    private RelocatableOutput(OutputPlan plan, CodeLayout code, DataLayout data, int firstCustom)
    {
        _plan = plan;
        _code = code;
        _data = data;
        _importedTables = plan.Imports.Count(static import => import.Import.Kind == ExternalKind.Table);
        _indexOfRow = new int[plan.Program.Symbols.Count];
        Array.Fill(_indexOfRow, NoIndex);
        _indexes = new int[plan.Program.FilesByIndex.Count][];
        AddGlobalSymbols();
        for (int i = 0; i < plan.Program.Objects.Count; i++)
            AddSymbols(i);
        _firstSectionSymbol = _sources.Count;
        for (int i = 0; i < plan.CustomSections.Count; i++)
            _sources.Add(new SymbolSource(SymbolSource.Section, firstCustom + i));
    }

    /// <summary>What a symbol of the output is: a row of the symbol table, a section, or a local symbol of an object.</summary>
    /// <param name="Owner">The object among those of the program, or one of the constants.</param>
    /// <param name="Index">The row, the section's number, or the symbol in the object.</param>
    private readonly record struct SymbolSource(int Owner, int Index)
    {
        public const int Row = -1;
        public const int Section = -2;
    }

    /// <summary>The contents of the linking section, in parts that follow each other.</summary>
    public List<WasmWriter> Linking { get; private set; } = [];

    public EntryParts CodeRelocations { get; private set; } = EntryParts.None;

    public EntryParts DataRelocations { get; private set; } = EntryParts.None;

    /// <summary>The relocations of each of <see cref="OutputPlan.CustomSections"/>.</summary>
    public EntryParts[] CustomRelocations { get; private set; } = [];

    private SymbolTable Symbols => _plan.Program.Symbols;

    /// <param name="plan">The output.</param>
    /// <param name="code">Where its functions are.</param>
    /// <param name="data">Where its segments are.</param>
    /// <param name="firstCustom">The section number of the first of <see cref="OutputPlan.CustomSections"/>.</param>
    public static RelocatableOutput Make(OutputPlan plan, CodeLayout code, DataLayout data, int firstCustom)
    {
        var output = new RelocatableOutput(plan, code, data, firstCustom);
        output.WriteAll();
        return output;
    }

    private void WriteAll()
    {
        // One part that takes long, so it comes first.
        var comdats = new EntryParts(1, 1, ComdatsSize, (writer, _, _) => WriteComdats(writer));
        var symbols = new EntryParts(_sources.Count, SymbolsPerPart, SymbolSize, WriteSymbols);
        var segments = new EntryParts(_data.Segments.Length, SegmentsPerPart, SegmentInfoSize, WriteSegmentInfos);
        var initFunctions = new EntryParts(_plan.InitFunctions.Count, SymbolsPerPart, SymbolSize, WriteInitFunctions);
        CodeRelocations = new EntryParts(_plan.Functions.Count, FunctionsPerPart, RoomForCodeRelocations, WriteCodeRelocations);
        DataRelocations = MakeDataRelocations();
        CustomRelocations = [.. _plan.CustomSections.Select(section => new EntryParts(section.Chunks.Count, CustomSectionsPerPart,
            (from, to) => RoomForCustomRelocations(section, from, to), (writer, from, to) => WriteCustomRelocations(writer, section, from, to)))];
        EntryParts.WriteAll([comdats, symbols, segments, initFunctions, CodeRelocations, DataRelocations, .. CustomRelocations], _plan.Options.Threads);

        var start = new WasmWriter(8);
        start.WriteLebU32(LinkingSection.Version);
        Linking.Add(start);
        AddSubsection(LinkingSubsection.SymbolTable, symbols);
        AddSubsection(LinkingSubsection.SegmentInfo, segments);
        AddSubsection(LinkingSubsection.InitFunctions, initFunctions);
        AddSubsection(LinkingSubsection.ComdatInfo, comdats);
    }

    private void AddSubsection(LinkingSubsection kind, EntryParts entries)
    {
        if (entries.Count == 0)
            return;
        var head = new WasmWriter(16);
        LinkingSection.WriteSubsectionHead(head, kind, entries.Count, entries.Size);
        Linking.Add(head);
        Linking.AddRange(entries.Parts);
    }

    private uint WriteSymbols(WasmWriter writer, int from, int to)
    {
        for (int i = from; i < to; i++)
            LinkingSection.WriteSymbol(writer, EntryOf(_sources[i]));
        return (uint)(to - from);
    }

    private uint WriteSegmentInfos(WasmWriter writer, int from, int to)
    {
        foreach (OutputSegment segment in _data.Segments[from..to])
            LinkingSection.WriteSegmentInfo(writer, new SegmentInfo(segment.Name, segment.AlignmentLog2, segment.Flags));
        return (uint)(to - from);
    }

    private uint WriteInitFunctions(WasmWriter writer, int from, int to)
    {
        for (int i = from; i < to; i++)
        {
            (LinkedObject owner, uint symbol, uint priority) = _plan.InitFunctions[i];
            LinkingSection.WriteInitFunction(writer, new InitFunction(priority, (uint)_indexes[owner.Index][symbol]));
        }
        return (uint)(to - from);
    }

    // ── symbols ──

    /// <summary>Symbols that other objects see, in the order in which names were first seen.</summary>
    private void AddGlobalSymbols()
    {
        for (int place = 0; place < Symbols.PlaceCount; place++)
        {
            SymbolId id = Symbols.AtPlace(place);
            ref Symbol symbol = ref Symbols[id];
            if (symbol.IsLazy || _indexOfRow[id.Index] >= 0 || !symbol.Has(SymbolMarks.UsedInRegularObject) || !_plan.Live.IsLive(id))
                continue;
            AddRow(id);
        }
    }

    /// <summary>Data that is not in the output has no symbol.</summary>
    private void AddRow(SymbolId id)
    {
        ref Symbol symbol = ref Symbols[id];
        if (symbol.Kind == SymbolKind.Data && symbol.IsDefined && symbol.Element >= 0 && _plan.Data.OutputOf(new SegmentId(symbol.Element)) is null)
            return;
        _indexOfRow[id.Index] = _sources.Count;
        _sources.Add(new SymbolSource(SymbolSource.Row, id.Index));
    }

    /// <summary>The local symbols of an object, and which of the others it means.</summary>
    private void AddSymbols(int number)
    {
        LinkedObject owner = _plan.Program.Objects[number];
        int[] indexes = GC.AllocateUninitializedArray<int>(owner.Object.Symbols.Length);
        _indexes[owner.Index] = indexes;
        for (int i = 0; i < indexes.Length; i++)
        {
            if (owner.Bindings[i] >= 0)
            {
                // References with local binding, and rows of other function types, have no place in the order.
                var row = new SymbolId(owner.Bindings[i]);
                if (_indexOfRow[row.Index] < 0 && !Symbols[row].IsLazy && _plan.Live.IsLive(row))
                    AddRow(row);
                indexes[i] = owner.Object.Symbols[i].Kind == SymbolKind.Section ? NoIndex : _indexOfRow[row.Index];
                continue;
            }
            indexes[i] = NoIndex;
            ref InputSymbol symbol = ref owner.Object.Symbols[i];
            if (symbol.Kind == SymbolKind.Section || !_plan.Live.IsLive(owner, (uint)i))
                continue;
            bool isInSegment = symbol.Kind == SymbolKind.Data && (symbol.Flags & SymbolFlags.Absolute) == 0;
            if (isInSegment && _plan.Data.OutputOf(new SegmentId(owner.ElementOf(symbol))) is null)
                continue;
            indexes[i] = _sources.Count;
            _sources.Add(new SymbolSource(number, i));
        }
    }

    private SymbolEntry EntryOf(SymbolSource source) => source.Owner switch
    {
        SymbolSource.Row => EntryOf(new SymbolId(source.Index)),
        SymbolSource.Section => new SymbolEntry(SymbolKind.Section, SymbolFlags.Local, default, (uint)source.Index, 0, 0),
        _ => EntryOf(_plan.Program.Objects[source.Owner], (uint)source.Index),
    };

    private SymbolEntry EntryOf(SymbolId id)
    {
        ref Symbol symbol = ref Symbols[id];
        ref SymbolTarget target = ref _plan.Targets[id.Index];
        SymbolFlags flags = symbol.Flags;
        uint index = target.Index;
        ulong offset = 0;
        if (symbol.Kind == SymbolKind.Data)
        {
            if (symbol.IsDefined && symbol.Element >= 0)
            {
                (index, offset) = PlaceOf(symbol.Element, symbol.Value);
            }
            else if ((target.Flags & SymbolTargetFlags.HasAddress) != 0)
            {
                offset = target.Address;
                flags = (flags & ~SymbolFlags.Undefined) | SymbolFlags.Absolute;
            }
        }
        else if (symbol.IsDefined && symbol.IsFunction)
        {
            index = (uint)_plan.FunctionIndex[symbol.Element];
        }
        else if (symbol.IsUndefined && symbol.IsFunction && index >= _plan.ImportedFunctionCount)
        {
            // A stub took its place.
            flags &= ~SymbolFlags.Undefined;
        }
        else if (symbol.IsUndefined && symbol.Kind == SymbolKind.Table && index >= _importedTables)
        {
            // The table of function pointers, which the linker defines.
            flags = SymbolFlags.Hidden;
        }
        if (symbol.IsUndefined && !symbol.ImportName.IsNone && !symbol.ImportName.Value.Equals(symbol.Name))
            flags |= SymbolFlags.ExplicitName;
        return new SymbolEntry(symbol.Kind, flags, symbol.Name, index, offset, symbol.Size);
    }

    private SymbolEntry EntryOf(LinkedObject owner, uint number)
    {
        ref InputSymbol symbol = ref owner.Object.Symbols[number];
        int element = owner.ElementOf(symbol);
        ulong offset = owner.Object.ValueOf(symbol);
        uint index = 0;
        switch (symbol.Kind)
        {
            case SymbolKind.Function:
                index = (uint)_plan.FunctionIndex[element];
                break;
            case SymbolKind.Global:
                index = (uint)_plan.GlobalIndex[element];
                break;
            case SymbolKind.Tag:
                index = (uint)_plan.TagIndex[element];
                break;
            case SymbolKind.Table:
                index = (uint)_plan.TableNumber[element];
                break;
            default:
                if ((symbol.Flags & SymbolFlags.Absolute) == 0)
                    (index, offset) = PlaceOf(element, offset);
                break;
        }
        return new SymbolEntry(symbol.Kind, symbol.Flags, owner.Object.NameOf(symbol), index, offset, owner.Object.SizeOf(symbol));
    }

    /// <summary>The segment of the output that has a byte of an input segment, and the byte's offset there.</summary>
    private (uint Index, ulong Offset) PlaceOf(int segment, ulong value)
    {
        var id = new SegmentId(segment);
        return ((uint)_plan.Data.OutputOf(id)!.Index, _plan.Data.OffsetOf(id, value));
    }

    // ── groups ──

    /// <summary>The members of the COMDAT groups that are in the output; groups are in the order of their names, as in wasm-ld.</summary>
    /// <returns>How many groups there are.</returns>
    private uint WriteComdats(WasmWriter writer)
    {
        var members = new List<(int Group, ComdatEntry Entry)>();
        var groups = new List<ComdatGroup>();
        // One more than the group, so that it need not be filled.
        var groupOfName = new int[Symbols.NameLimit];
        for (int i = 0; i < _plan.Functions.Count; i++)
            if (_plan.Functions[i] is { Owner: LinkedObject owner } function)
                Add(owner, owner.Object.Functions[function.Function].Comdat, new ComdatEntry(ComdatKind.Function, _plan.ImportedFunctionCount + (uint)i));
        for (int i = 0; i < _data.Segments.Length; i++)
            if (_data.Segments[i].Chunks is [{ Owner: LinkedObject owner } chunk, ..])
                Add(owner, owner.Object.Segments[chunk.Segment].Comdat, new ComdatEntry(ComdatKind.Data, (uint)i));

        Span<ComdatGroup> all = CollectionsMarshal.AsSpan(groups);
        int start = 0;
        foreach (ref ComdatGroup group in all)
        {
            group.End = start;
            start += group.Count;
        }
        var entries = new ComdatEntry[start];
        foreach ((int group, ComdatEntry entry) in members)
            entries[all[group].End++] = entry;
        all.Sort(static (left, right) => left.Name.Bytes.SequenceCompareTo(right.Name.Bytes));
        foreach (ref ComdatGroup group in all)
            LinkingSection.WriteComdat(writer, new Comdat(group.Name, entries.AsMemory(group.End - group.Count, group.Count)));
        return (uint)all.Length;

        void Add(LinkedObject owner, int comdat, ComdatEntry entry)
        {
            if (comdat < 0)
                return;
            NameId name = owner.Object.ComdatNames[comdat];
            ref int group = ref groupOfName[name.Index];
            if (group == 0)
            {
                groups.Add(new ComdatGroup { Name = Symbols.NameOf(name) });
                group = groups.Count;
            }
            CollectionsMarshal.AsSpan(groups)[group - 1].Count++;
            members.Add((group - 1, entry));
        }
    }

    /// <summary>A COMDAT group of the output, and where its members end among those of all.</summary>
    private struct ComdatGroup
    {
        public Utf8String Name;
        public int Count;
        public int End;
    }
}
