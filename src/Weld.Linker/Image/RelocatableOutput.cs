using Weld.Base;
using Weld.Linker.Inputs;
using Weld.Linker.Planning;
using Weld.Linker.Resolution;
using Weld.Wasm.Binary;
using Weld.Wasm.Linking;
using Weld.Wasm.Sections;

namespace Weld.Linker.Image;

/// <summary>What <c>-r</c> and <c>--emit-relocs</c> add to an output: its symbols, groups and constructors, and its relocations.</summary>
/// <remarks>Counterparts in wasm-ld: LinkingSection and RelocSection in SyntheticSections.cpp.</remarks>
public sealed class RelocatableOutput
{
    // What is written in one part: about as much as a piece of the image.
    private const int SymbolsPerPart = 1024;
    private const int FunctionsPerPart = 1024;
    private const int SegmentsPerPart = 1024;
    private const int CustomSectionsPerPart = 8;

    // Room for what one of them usually has, in bytes.
    private const int SymbolSize = 48;
    private const int FunctionRelocationsSize = 64;
    private const int SegmentRelocationsSize = 16;
    private const int CustomRelocationsSize = 4096;

    private readonly OutputPlan _plan;
    private readonly CodeLayout _code;

    /// <summary>What each symbol of the output is. The rest is found when it is written, on several threads.</summary>
    private readonly List<SymbolSource> _sources = [];

    /// <summary>The output symbol of each row of the symbol table; -1 for none.</summary>
    private readonly int[] _indexOfRow;

    /// <summary>The output symbol of each local symbol of each object; -1 for none.</summary>
    private readonly int[][] _indexOfLocal;
    private readonly int _firstSectionSymbol;
    private readonly int _importedTables;
    private readonly Dictionary<Utf8String, int> _customSections = [];

    /// <param name="plan">The output.</param>
    /// <param name="code">Where its functions are.</param>
    /// <param name="firstCustom">The section number of the first of <see cref="OutputPlan.CustomSections"/>.</param>
    public RelocatableOutput(OutputPlan plan, CodeLayout code, int firstCustom)
    {
        _plan = plan;
        _code = code;
        _importedTables = plan.Imports.Count(static import => import.Import.Kind == ExternalKind.Table);
        _indexOfRow = new int[plan.Program.Symbols.Count];
        Array.Fill(_indexOfRow, -1);
        _indexOfLocal = new int[plan.Program.FilesByIndex.Count][];
        AddGlobalSymbols();
        for (int i = 0; i < plan.Program.Objects.Count; i++)
            AddLocalSymbols(i);
        _firstSectionSymbol = _sources.Count;
        for (int i = 0; i < plan.CustomSections.Count; i++)
        {
            _customSections.Add(plan.CustomSections[i].Name, i);
            _sources.Add(new SymbolSource(SymbolSource.Section, firstCustom + i));
        }
    }

    /// <summary>What a symbol of the output is: a row of the symbol table, a section, or a local symbol of an object.</summary>
    /// <param name="Owner">The object among those of the program, or one of the constants.</param>
    /// <param name="Index">The row, the section's number, or the symbol in the object.</param>
    private readonly record struct SymbolSource(int Owner, int Index)
    {
        public const int Row = -1;
        public const int Section = -2;
    }

    private SymbolTable Symbols => _plan.Program.Symbols;

    /// <summary>The linking section, in parts that follow each other.</summary>
    public List<WasmWriter> WriteLinking()
    {
        var start = new WasmWriter();
        start.WriteLebU32(LinkingSection.Version);
        List<WasmWriter> parts = [start];
        if (_sources.Count != 0)
        {
            WasmWriter[] symbols = WriteSymbols().Parts;
            start.WriteByte((byte)LinkingSubsection.SymbolTable);
            start.WriteLebU32((uint)(Leb128.SizeU32((uint)_sources.Count) + symbols.Sum(static part => part.Length)));
            start.WriteLebU32((uint)_sources.Count);
            parts.AddRange(symbols);
        }
        var rest = new WasmWriter(4096);
        WriteSubsections(rest);
        parts.Add(rest);
        return parts;
    }

    private EntryParts WriteSymbols() => WriteParts(_sources.Count, SymbolsPerPart, SymbolSize, (writer, i) =>
    {
        LinkingSection.WriteSymbol(writer, EntryOf(_sources[i]));
        return 1;
    });

    private void WriteSubsections(WasmWriter writer)
    {
        List<OutputSegment> segments = [.. _plan.Data.Segments.Where(_plan.Data.IsInFile)];
        LinkingSection.WriteSubsection(writer, LinkingSubsection.SegmentInfo, segments.Count, body =>
        {
            foreach (OutputSegment segment in segments)
                LinkingSection.WriteSegmentInfo(body, new SegmentInfo(segment.Name, segment.AlignmentLog2, segment.Flags));
        });
        LinkingSection.WriteSubsection(writer, LinkingSubsection.InitFunctions, _plan.InitFunctions.Count, body =>
        {
            foreach ((LinkedObject owner, uint symbol, uint priority) in _plan.InitFunctions)
                LinkingSection.WriteInitFunction(body, new InitFunction(priority, (uint)SymbolIndexOf(owner, symbol)));
        });
        List<Comdat> comdats = Comdats(segments);
        LinkingSection.WriteSubsection(writer, LinkingSubsection.ComdatInfo, comdats.Count, body =>
        {
            foreach (Comdat comdat in comdats)
                LinkingSection.WriteComdat(body, comdat);
        });
    }

    /// <summary>The symbols, or the relocations of one section.</summary>
    /// <param name="Parts">The bytes of the entries, in parts that follow each other.</param>
    /// <param name="Count">How many entries they are.</param>
    public readonly record struct EntryParts(WasmWriter[] Parts, uint Count);

    public EntryParts WriteCodeRelocations() => WriteParts(_plan.Functions.Count, FunctionsPerPart, FunctionRelocationsSize, (writer, i) =>
    {
        if (_plan.Functions[i].Owner is not LinkedObject owner)
            return 0;
        RelocationRange relocations = owner.Object.RelocationsOf(owner.Object.Functions[_plan.Functions[i].Function]);
        return Write(writer, owner, relocations, (long)_code.OffsetOfFunctionIndex(_plan.ImportedFunctionCount + (uint)i));
    });

    public EntryParts WriteDataRelocations()
    {
        List<OutputSegment> segments = [.. _plan.Data.Segments.Where(_plan.Data.IsInFile)];
        var parts = new List<WasmWriter>();
        uint count = 0;
        long offset = Leb128.SizeU32((uint)segments.Count);
        foreach (OutputSegment segment in segments)
        {
            offset += ImageWriter.MakeSegmentHead(_plan, segment).Length;
            long start = offset;
            EntryParts entries = WriteParts(segment.Chunks.Count, SegmentsPerPart, SegmentRelocationsSize, (writer, i) =>
            {
                SegmentChunk chunk = segment.Chunks[i];
                return chunk.Owner is LinkedObject owner
                    ? Write(writer, owner, owner.Object.RelocationsOf(owner.Object.Segments[chunk.Segment]), start + (long)chunk.Offset)
                    : 0;
            });
            parts.AddRange(entries.Parts);
            count += entries.Count;
            offset += (long)segment.Size;
        }
        return new EntryParts([.. parts], count);
    }

    public EntryParts WriteRelocations(OutputCustomSection section) => WriteParts(section.Chunks.Count, CustomSectionsPerPart, CustomRelocationsSize, (writer, i) =>
    {
        uint count = 0;
        CustomChunk chunk = section.Chunks[i];
        if (chunk.Owner is LinkedObject owner)
            for (RelocationReader relocations = owner.Object.RelocationsOf(owner.Object.CustomSections[chunk.Section]); !relocations.AtEnd;)
                count += Write(writer, owner, relocations.Read(), chunk.Offset);
        return count;
    });

    /// <summary>Writes entries in parallel.</summary>
    /// <param name="items">The number of symbols, functions or chunks.</param>
    /// <param name="itemsPerPart">How many of them make a part.</param>
    /// <param name="itemSize">Room for what one of them usually has.</param>
    /// <param name="write">Writes the entries of one, and returns how many they are.</param>
    private EntryParts WriteParts(int items, int itemsPerPart, int itemSize, Func<WasmWriter, int, uint> write)
    {
        var parts = new WasmWriter[(items + itemsPerPart - 1) / itemsPerPart];
        uint count = 0;
        Workers.ForEach(parts.Length, _plan.Options.Threads, part =>
        {
            int first = part * itemsPerPart;
            int end = Math.Min(items, first + itemsPerPart);
            var writer = new WasmWriter((end - first) * itemSize);
            uint written = 0;
            for (int i = first; i < end; i++)
                written += write(writer, i);
            parts[part] = writer;
            Interlocked.Add(ref count, written);
        }, minimumPerThread: 2);
        return new EntryParts(parts, count);
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

    private void AddLocalSymbols(int number)
    {
        LinkedObject owner = _plan.Program.Objects[number];
        var indexes = new int[owner.Object.Symbols.Length];
        Array.Fill(indexes, -1);
        _indexOfLocal[owner.Index] = indexes;
        for (int i = 0; i < indexes.Length; i++)
        {
            if (owner.Bindings[i] >= 0)
            {
                // References with local binding, and rows of other function types, have no place in the order.
                var row = new SymbolId(owner.Bindings[i]);
                if (_indexOfRow[row.Index] < 0 && !Symbols[row].IsLazy && _plan.Live.IsLive(row))
                    AddRow(row);
                continue;
            }
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

    private int SymbolIndexOf(LinkedObject owner, uint symbol) =>
        owner.Bindings[symbol] >= 0 ? _indexOfRow[owner.Bindings[symbol]] : _indexOfLocal[owner.Index][symbol];

    // ── groups ──

    private List<Comdat> Comdats(List<OutputSegment> segments)
    {
        var members = new SortedDictionary<string, (Utf8String Name, List<ComdatEntry> Entries)>(StringComparer.Ordinal);
        for (int i = 0; i < _plan.Functions.Count; i++)
            if (_plan.Functions[i] is { Owner: LinkedObject owner } function)
                Add(members, owner, owner.Object.Functions[function.Function].Comdat, new ComdatEntry(ComdatKind.Function, _plan.ImportedFunctionCount + (uint)i));
        for (int i = 0; i < segments.Count; i++)
            if (segments[i].Chunks is [{ Owner: LinkedObject owner } chunk, ..])
                Add(members, owner, owner.Object.Segments[chunk.Segment].Comdat, new ComdatEntry(ComdatKind.Data, (uint)i));
        return [.. members.Values.Select(static member => new Comdat(member.Name, member.Entries.ToArray()))];
    }

    private void Add(SortedDictionary<string, (Utf8String Name, List<ComdatEntry> Entries)> members, LinkedObject owner, int comdat, ComdatEntry entry)
    {
        if (comdat < 0)
            return;
        Utf8String name = _plan.Program.Symbols.NameOf(owner.Object.ComdatNames[comdat]);
        if (!members.TryGetValue(name.ToString(), out (Utf8String Name, List<ComdatEntry> Entries) group))
            members.Add(name.ToString(), group = (name, []));
        group.Entries.Add(entry);
    }

    // ── relocations ──

    /// <summary>Writes an input's relocations as the output's. Those against symbols that are gone have been applied for good.</summary>
    /// <param name="writer">Receives the entries.</param>
    /// <param name="owner">The object.</param>
    /// <param name="relocations">Those of one function or segment.</param>
    /// <param name="start">Where that is in the output's section.</param>
    private uint Write(WasmWriter writer, LinkedObject owner, RelocationRange relocations, long start)
    {
        uint count = 0;
        while (!relocations.AtEnd)
            count += Write(writer, owner, relocations.Read(), start);
        return count;
    }

    private uint Write(WasmWriter writer, LinkedObject owner, in Relocation relocation, long start)
    {
        if (!TryMap(owner, relocation, out uint index, out long addend))
            return 0;
        new Relocation(relocation.Kind, (uint)(relocation.Offset + start), index, addend).Write(writer);
        return 1;
    }

    private bool TryMap(LinkedObject owner, in Relocation relocation, out uint index, out long addend)
    {
        addend = relocation.Addend;
        index = 0;
        if (relocation.Kind == RelocationKind.TypeIndexLeb)
        {
            index = (uint)_plan.TypeIndex[owner.Signatures[relocation.Index].Index];
            return true;
        }
        ref InputSymbol symbol = ref owner.Object.Symbols[relocation.Index];
        if (symbol.Kind == SymbolKind.Section)
        {
            ref CustomPlace place = ref _plan.CustomPlaces[owner.ElementOf(symbol)];
            if (!place.IsInOutput || !_customSections.TryGetValue(owner.Object.CustomSections[symbol.Index].Name, out int section))
                return false;
            index = (uint)(_firstSectionSymbol + section);
            addend = place.Map(addend);
            return true;
        }
        int mapped = SymbolIndexOf(owner, relocation.Index);
        index = (uint)mapped;
        return mapped >= 0;
    }
}
