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
    private readonly OutputPlan _plan;
    private readonly CodeLayout _code;
    private readonly List<SymbolEntry> _entries = [];

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
        foreach (LinkedObject owner in plan.Program.Objects)
            AddLocalSymbols(owner);
        _firstSectionSymbol = _entries.Count;
        for (int i = 0; i < plan.CustomSections.Count; i++)
        {
            _customSections.Add(plan.CustomSections[i].Name, i);
            _entries.Add(new SymbolEntry(SymbolKind.Section, SymbolFlags.Local, default, (uint)(firstCustom + i), 0, 0));
        }
    }

    private SymbolTable Symbols => _plan.Program.Symbols;

    public void WriteLinking(WasmWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteLebU32(LinkingSection.Version);
        LinkingSection.WriteSubsection(writer, LinkingSubsection.SymbolTable, _entries.Count, body =>
        {
            foreach (SymbolEntry entry in _entries)
                LinkingSection.WriteSymbol(body, entry);
        });
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

    public uint WriteCodeRelocations(WasmWriter writer)
    {
        uint count = 0;
        for (int i = 0; i < _plan.Functions.Count; i++)
        {
            if (_plan.Functions[i].Owner is not LinkedObject owner)
                continue;
            ref InputFunction input = ref owner.Object.Functions[_plan.Functions[i].Function];
            long start = (long)_code.OffsetOfFunctionIndex(_plan.ImportedFunctionCount + (uint)i);
            count += Write(writer, owner, owner.Object.RelocationsOf(input), start);
        }
        return count;
    }

    public uint WriteDataRelocations(WasmWriter writer)
    {
        uint count = 0;
        List<OutputSegment> segments = [.. _plan.Data.Segments.Where(_plan.Data.IsInFile)];
        long offset = Leb128.SizeU32((uint)segments.Count);
        foreach (OutputSegment segment in segments)
        {
            offset += ImageWriter.MakeSegmentHead(_plan, segment).Length;
            foreach (SegmentChunk chunk in segment.Chunks)
            {
                if (chunk.Owner is not LinkedObject owner)
                    continue;
                ref InputSegment input = ref owner.Object.Segments[chunk.Segment];
                count += Write(writer, owner, owner.Object.RelocationsOf(input), offset + (long)chunk.Offset);
            }
            offset += (long)segment.Size;
        }
        return count;
    }

    public uint WriteRelocations(WasmWriter writer, OutputCustomSection section)
    {
        uint count = 0;
        foreach (CustomChunk chunk in section.Chunks)
        {
            if (chunk.Owner is not LinkedObject owner)
                continue;
            ref InputCustomSection input = ref owner.Object.CustomSections[chunk.Section];
            for (RelocationReader relocations = owner.Object.RelocationsOf(input); !relocations.AtEnd;)
                count += Write(writer, owner, relocations.Read(), chunk.Offset);
        }
        return count;
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

    private void AddRow(SymbolId id)
    {
        ref Symbol symbol = ref Symbols[id];
        ref SymbolTarget target = ref _plan.Targets[id.Index];
        SymbolFlags flags = symbol.Flags;
        uint index = target.Index;
        ulong offset = 0;
        if (symbol.Kind == SymbolKind.Data)
        {
            bool isInSegment = symbol.IsDefined && symbol.Element >= 0;
            if (isInSegment && !TryGetPlace(symbol.Element, symbol.Value, out index, out offset))
                return;
            if (!isInSegment && (target.Flags & SymbolTargetFlags.HasAddress) != 0)
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
        if (symbol.IsUndefined && symbol.HasImportName && !symbol.ImportName.Equals(symbol.Name))
            flags |= SymbolFlags.ExplicitName;
        _indexOfRow[id.Index] = _entries.Count;
        _entries.Add(new SymbolEntry(symbol.Kind, flags, symbol.Name, index, offset, symbol.Size));
    }

    private void AddLocalSymbols(LinkedObject owner)
    {
        var indexes = new int[owner.Object.Symbols.Length];
        Array.Fill(indexes, -1);
        _indexOfLocal[owner.Index] = indexes;
        for (uint i = 0; i < indexes.Length; i++)
        {
            ref InputSymbol symbol = ref owner.Object.Symbols[i];
            if (owner.Bindings[i] >= 0)
            {
                // References with local binding, and rows of other function types, have no place in the order.
                var row = new SymbolId(owner.Bindings[i]);
                if (_indexOfRow[row.Index] < 0 && !Symbols[row].IsLazy && _plan.Live.IsLive(row))
                    AddRow(row);
                continue;
            }
            if (symbol.Kind == SymbolKind.Section || !_plan.Live.IsLive(owner, i) || !TryMakeEntry(owner, symbol, out SymbolEntry entry))
                continue;
            indexes[i] = _entries.Count;
            _entries.Add(entry);
        }
    }

    private bool TryMakeEntry(LinkedObject owner, in InputSymbol symbol, out SymbolEntry entry)
    {
        int element = owner.ElementOf(symbol);
        uint index = 0;
        ulong offset = symbol.Value;
        entry = default;
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
                if ((symbol.Flags & SymbolFlags.Absolute) == 0 && !TryGetPlace(element, symbol.Value, out index, out offset))
                    return false;
                break;
        }
        entry = new SymbolEntry(symbol.Kind, symbol.Flags, owner.Object.NameOf(symbol), index, offset, symbol.Size);
        return true;
    }

    /// <summary>The segment of the output that has a byte of an input segment, and its offset there.</summary>
    private bool TryGetPlace(int segment, ulong value, out uint index, out ulong offset)
    {
        var id = new SegmentId(segment);
        index = 0;
        offset = 0;
        if (_plan.Data.OutputOf(id) is not OutputSegment output)
            return false;
        index = (uint)output.Index;
        offset = _plan.Data.OffsetOf(id, value);
        return true;
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
