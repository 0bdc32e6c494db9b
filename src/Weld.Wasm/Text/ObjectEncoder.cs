using System.Text;
using Weld.Base;
using Weld.Wasm.Binary;
using Weld.Wasm.Linking;
using Weld.Wasm.Sections;

namespace Weld.Wasm.Text;

/// <summary>Writes the sections of the object that object text describes, in the order in which LLVM writes them.</summary>
internal sealed class ObjectEncoder(TextScanner scanner, ObjectModel model)
{
    private readonly WasmWriter _output = new();
    private readonly List<(string Name, uint Section, List<RawRelocation> Relocations)> _relocationSections = [];

    // Bodies and items are assembled first: they bring types and section symbols that earlier sections list.
    private readonly List<RelocatableBytes> _bodies = [];
    private readonly List<RelocatableBytes> _initialValues = [];
    private readonly List<RelocatableBytes> _segments = [];
    private readonly List<RelocatableBytes> _customSections = [];
    private readonly Dictionary<int, uint> _customSectionIndex = [];
    private uint _sectionCount;

    public byte[] Run()
    {
        MoveDefinitionsBehindImports();
        Assemble();
        ResolveAliases();
        _output.WriteBytes(ModuleHeader.Bytes);
        WriteKnownSections();
        for (int i = 0; i < model.CustomSections.Count; i++)
            WriteCustomBlock(i);
        if (model.LinkingVersion is not null)
            WriteCustom("linking", MakeLinking());
        AddRawRelocations();
        foreach ((string name, uint section, List<RawRelocation> relocations) in _relocationSections)
            if (relocations.Count != 0)
                WriteCustom("reloc." + name, MakeRelocations(section, relocations));
        WriteProducers();
        WriteFeatures();
        return _output.Written[..Math.Max(0, _output.Length - model.Truncate)].ToArray();
    }

    private void MoveDefinitionsBehindImports()
    {
        foreach (ObjectSymbol symbol in model.Symbols)
            if ((symbol.Flags & SymbolFlags.Undefined) == 0 && ToExternalKind(symbol.Kind) is { } kind)
                symbol.Index += model.ImportCount(kind);
    }

    private static ExternalKind? ToExternalKind(SymbolKind kind) => kind switch
    {
        SymbolKind.Function => ExternalKind.Function,
        SymbolKind.Global => ExternalKind.Global,
        SymbolKind.Tag => ExternalKind.Tag,
        SymbolKind.Table => ExternalKind.Table,
        _ => null,
    };

    private void Assemble()
    {
        foreach (Declaration global in model.Definitions[ExternalKind.Global])
            _initialValues.Add(new BodyAssembler(scanner, model).AssembleExpression(global.BlockStart));
        foreach (Declaration function in model.Definitions[ExternalKind.Function])
            _bodies.Add(new BodyAssembler(scanner, model).AssembleFunction(function.BlockStart));
        foreach (Block segment in model.Segments)
            _segments.Add(new ItemAssembler(scanner, model, isCustomSection: false).Run(segment));
        foreach (Block section in model.CustomSections)
            _customSections.Add(new ItemAssembler(scanner, model, isCustomSection: true).Run(section));
    }

    private void ResolveAliases()
    {
        foreach ((string name, string target) in model.Aliases)
        {
            ObjectSymbol alias = model.Symbols[model.SymbolByName[name]];
            ObjectSymbol original = model.Symbols[model.SymbolByName[target]];
            (alias.Offset, alias.Size) = (original.Offset, original.Size);
        }
    }

    private void WriteKnownSections()
    {
        WriteSection(SectionId.Type, model.Types.Count != 0, writer => TypeSection.Write(writer, model.Types.ToArray()));
        WriteImports();
        List<Declaration> functions = model.Definitions[ExternalKind.Function];
        WriteSection(SectionId.Function, functions.Count != 0, writer => FunctionSection.Write(writer, functions.Select(static f => f.Type).ToArray()));
        List<Declaration> tables = model.Definitions[ExternalKind.Table];
        WriteSection(SectionId.Table, tables.Count != 0, writer => TableSection.Write(writer, tables.Select(static t => t.Table).ToArray()));
        List<Declaration> tags = model.Definitions[ExternalKind.Tag];
        WriteSection(SectionId.Tag, tags.Count != 0, writer => TagSection.Write(writer, tags.Select(static t => t.Type).ToArray()));
        WriteSection(SectionId.Global, _initialValues.Count != 0, WriteGlobals);
        WriteSection(SectionId.Export, model.Exports.Count != 0, WriteExports);
        WriteElements();
        bool countsSegments = _segments.Count != 0 && model.Features.Contains(('+', "bulk-memory"));
        WriteSection(SectionId.DataCount, countsSegments, writer => DataCountSection.Write(writer, (uint)_segments.Count));
        WriteCode();
        WriteData();
        foreach (Block raw in model.RawSections)
            WriteSection((SectionId)raw.Id, true, writer => writer.WriteBytes(AssembleRaw(raw)));
    }

    private byte[] AssembleRaw(Block block) => new ItemAssembler(scanner, model, isCustomSection: true).Run(block).Writer.ToArray();

    private void WriteSection(SectionId id, bool isWanted, Action<WasmWriter> write)
    {
        if (!isWanted)
            return;
        var contents = new WasmWriter();
        write(contents);
        _output.WriteByte((byte)id);
        _output.WriteSized(contents);
        _sectionCount++;
    }

    private void WriteCustom(string name, WasmWriter contents) =>
        WriteSection(SectionId.Custom, true, writer => writer.WriteBytes(CustomSection.Make(Encoding.Latin1.GetBytes(name), contents).Written));

    private void WriteImports()
    {
        var imports = new List<Import>();
        if (model.Memory is { } memory)
            imports.Add(new Import(Name("env"), Name("__linear_memory"), ExternalKind.Memory, 0, default, new TableType(default, memory)));
        foreach ((ExternalKind kind, List<Declaration> declarations) in model.Imports)
            foreach (Declaration import in declarations)
                imports.Add(new Import(
                    Name(import.Attributes.Module ?? "env"), Name(import.Attributes.Field ?? import.Name), kind, import.Type, import.Global, import.Table));
        WriteSection(SectionId.Import, imports.Count != 0, writer => ImportSection.Write(writer, imports.ToArray()));
    }

    private static Utf8String Name(string latin1) => Utf8String.Copy(Encoding.Latin1.GetBytes(latin1));

    private void WriteGlobals(WasmWriter writer)
    {
        List<Declaration> globals = model.Definitions[ExternalKind.Global];
        writer.WriteLebU32((uint)globals.Count);
        for (int i = 0; i < globals.Count; i++)
        {
            globals[i].Global.Write(writer);
            writer.WriteBytes(_initialValues[i].Writer.Written);
        }
    }

    private void WriteExports(WasmWriter writer)
    {
        uint imported = model.ImportCount(ExternalKind.Function);
        ExportSection.Write(writer, model.Exports.Select(export => new Export(Name(export.Name), ExternalKind.Function, imported + export.Function)).ToArray());
    }

    // As LLVM does: the functions whose address is taken, which mirrors the relocations.
    private void WriteElements()
    {
        var functions = new List<uint>();
        foreach (RelocatableBytes bytes in _bodies.Concat(_segments))
            foreach (RawRelocation relocation in bytes.Relocations)
                if (relocation.Kind < RelocationTable.Count && RelocationTable.Get((RelocationKind)relocation.Kind).Value == RelocationValue.TableSlot)
                {
                    uint index = model.Symbols[(int)relocation.Index].Index;
                    if (!functions.Contains(index))
                        functions.Add(index);
                }
        bool hasTable = model.ImportCount(ExternalKind.Table) + model.Definitions[ExternalKind.Table].Count != 0;
        var offset = new WasmWriter();
        ConstantExpression.WriteI32(offset, 1);
        WriteSection(SectionId.Element, functions.Count != 0 && hasTable, writer => ElementSection.Write(writer, 0, offset.Written, functions.ToArray()));
    }

    private void WriteCode()
    {
        var relocations = new List<RawRelocation>();
        uint index = _sectionCount;
        WriteSection(SectionId.Code, _bodies.Count != 0, writer =>
        {
            writer.WriteLebU32((uint)_bodies.Count);
            foreach (RelocatableBytes body in _bodies)
            {
                writer.WriteLebU32((uint)body.Writer.Length);
                Append(writer, body, relocations);
            }
        });
        _relocationSections.Add(("CODE", index, relocations));
    }

    private void WriteData()
    {
        var relocations = new List<RawRelocation>();
        uint index = _sectionCount;
        WriteSection(SectionId.Data, _segments.Count != 0, writer =>
        {
            writer.WriteLebU32((uint)_segments.Count);
            ulong address = 0;
            for (int i = 0; i < _segments.Count; i++)
            {
                ulong alignment = Math.Max(1, model.Segments[i].Attributes.Alignment);
                address = (address + alignment - 1) & ~(alignment - 1);
                var offset = new WasmWriter();
                ConstantExpression.WriteAddress(offset, address, model.Is64);
                DataSection.WriteHeader(writer, offset.Written, (uint)_segments[i].Writer.Length);
                Append(writer, _segments[i], relocations);
                address += (ulong)_segments[i].Writer.Length;
            }
        });
        _relocationSections.Add(("DATA", index, relocations));
    }

    private static void Append(WasmWriter writer, RelocatableBytes bytes, List<RawRelocation> relocations)
    {
        foreach (RawRelocation relocation in bytes.Relocations)
            relocations.Add(relocation with { Offset = relocation.Offset + (uint)writer.Length });
        writer.WriteBytes(bytes.Writer.Written);
    }

    private void WriteCustomBlock(int index)
    {
        Block block = model.CustomSections[index];
        _customSectionIndex[index] = _sectionCount;
        if (block.Attributes.Comdat is { } comdat)
            model.AddToComdat(comdat, new ComdatEntry(ComdatKind.Section, _sectionCount));
        _relocationSections.Add((block.Name, _sectionCount, _customSections[index].Relocations));
        WriteCustom(block.Name, _customSections[index].Writer);
    }

    private WasmWriter MakeLinking()
    {
        var writer = new WasmWriter();
        writer.WriteLebU32(model.LinkingVersion!.Value);
        int symbolCount = model.Symbols.Count + model.RawSymbols.Count;
        WriteSubsection(writer, LinkingSubsection.SymbolTable, symbolCount, WriteSymbols);
        WriteSubsection(writer, LinkingSubsection.SegmentInfo, _segments.Count, WriteSegmentInfo);
        WriteSubsection(writer, LinkingSubsection.InitFunctions, model.InitFunctions.Count, WriteInitFunctions);
        WriteSubsection(writer, LinkingSubsection.ComdatInfo, model.Comdats.Count, WriteComdats);
        foreach (Block raw in model.RawSubsections)
        {
            byte[] contents = AssembleRaw(raw);
            writer.WriteByte(raw.Id);
            writer.WriteLebU32((uint)contents.Length);
            writer.WriteBytes(contents);
        }
        return writer;
    }

    private static void WriteSubsection(WasmWriter writer, LinkingSubsection kind, int count, Action<WasmWriter> writeEntries)
    {
        if (count == 0)
            return;
        var contents = new WasmWriter();
        contents.WriteLebU32((uint)count);
        writeEntries(contents);
        writer.WriteByte((byte)kind);
        writer.WriteSized(contents);
    }

    private void WriteSymbols(WasmWriter writer)
    {
        foreach (ObjectSymbol symbol in model.Symbols)
        {
            writer.WriteByte((byte)symbol.Kind);
            writer.WriteLebU32((uint)symbol.Flags);
            if (symbol.Kind == SymbolKind.Section)
            {
                writer.WriteLebU32(_customSectionIndex[(int)symbol.Index]);
                continue;
            }
            if (symbol.Kind != SymbolKind.Data)
                writer.WriteLebU32(symbol.Index);
            if (symbol.IsNamed)
                writer.WriteName(Encoding.Latin1.GetBytes(symbol.Name));
            if (symbol.Kind == SymbolKind.Data && (symbol.Flags & SymbolFlags.Undefined) == 0)
            {
                writer.WriteLebU32(symbol.Index);
                writer.WriteLebU64(symbol.Offset);
                writer.WriteLebU64(symbol.Size);
            }
        }
        foreach (Block raw in model.RawSymbols)
            writer.WriteBytes(AssembleRaw(raw));
    }

    private void WriteSegmentInfo(WasmWriter writer)
    {
        foreach (Block segment in model.Segments)
        {
            writer.WriteName(Encoding.Latin1.GetBytes(segment.Name));
            writer.WriteLebU32(uint.Log2(Math.Max(1, segment.Attributes.Alignment)));
            writer.WriteLebU32((uint)segment.Attributes.SegmentFlags);
        }
    }

    private void WriteInitFunctions(WasmWriter writer)
    {
        foreach ((uint priority, string name) in model.InitFunctions)
        {
            writer.WriteLebU32(priority);
            // A number is a symbol index as it is, for malformed objects.
            writer.WriteLebU32(model.SymbolByName.TryGetValue(name, out int symbol)
                ? (uint)symbol
                : uint.Parse(name, System.Globalization.CultureInfo.InvariantCulture));
        }
    }

    private void WriteComdats(WasmWriter writer)
    {
        foreach ((string name, List<ComdatEntry> entries) in model.Comdats)
        {
            writer.WriteName(Encoding.Latin1.GetBytes(name));
            writer.WriteLebU32(0);
            writer.WriteLebU32((uint)entries.Count);
            foreach (ComdatEntry entry in entries)
            {
                writer.WriteLebU32((uint)entry.Kind);
                writer.WriteLebU32(entry.Kind == ComdatKind.Function ? entry.Index + model.ImportCount(ExternalKind.Function) : entry.Index);
            }
        }
    }

    private void AddRawRelocations()
    {
        foreach ((string section, RawRelocation relocation) in model.RawRelocations)
            if (_relocationSections.Find(candidate => candidate.Name == section).Relocations is { } relocations)
                relocations.Add(relocation);
            else
                _relocationSections.Add((section, _sectionCount, [relocation]));
    }

    private static WasmWriter MakeRelocations(uint section, List<RawRelocation> relocations)
    {
        var writer = new WasmWriter();
        writer.WriteLebU32(section);
        writer.WriteLebU32((uint)relocations.Count);
        foreach (RawRelocation relocation in relocations)
        {
            writer.WriteByte(relocation.Kind);
            writer.WriteLebU32(relocation.Offset);
            writer.WriteLebU32(relocation.Index);
            if (relocation.HasAddend)
                writer.WriteLebS64(relocation.Addend);
        }
        return writer;
    }

    private void WriteProducers()
    {
        if (model.Producers.Count == 0)
            return;
        var writer = new WasmWriter();
        writer.WriteLebU32((uint)model.Producers.Count);
        foreach ((string field, List<(string Name, string Version)> values) in model.Producers)
        {
            writer.WriteName(field);
            writer.WriteLebU32((uint)values.Count);
            foreach ((string name, string version) in values)
            {
                writer.WriteName(name);
                writer.WriteName(version);
            }
        }
        WriteCustom("producers", writer);
    }

    private void WriteFeatures()
    {
        if (model.Features.Count == 0)
            return;
        var writer = new WasmWriter();
        writer.WriteLebU32((uint)model.Features.Count);
        foreach ((char prefix, string name) in model.Features)
        {
            writer.WriteByte((byte)prefix);
            writer.WriteName(name);
        }
        WriteCustom("target_features", writer);
    }
}
