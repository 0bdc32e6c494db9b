using System.Runtime.InteropServices;
using Weld.Base;
using Weld.Mir.Lowering;
using Weld.Mir.Modules;
using Weld.Wasm.Binary;
using Weld.Wasm.Linking;
using Weld.Wasm.Sections;

namespace Weld.Mir.Objects;

/// <summary>Writes a module as a relocatable object, which every wasm linker takes.</summary>
/// <remarks>The same module gives the same bytes. The places that relocations fill have the numbers of the object itself, as in
/// LLVM's objects, so that validators and disassemblers can read it.</remarks>
public sealed class ObjectWriter
{
    private readonly MirModule _module;
    private readonly ObjectSymbols _symbols;
    private readonly ObjectTypes _types;
    private readonly ObjectData _data;
    private readonly RelocatableOperands _operands;
    private readonly MirLowering _lowering;
    private readonly WasmWriter _code = new(1 << 16);
    private readonly WasmWriter _body = new(1 << 12);
    private readonly List<uint> _functionTypes = [];
    private readonly Dictionary<MirReference, uint> _bodyNumbers = [];
    private readonly List<Relocation> _codeRelocations = [];

    private ObjectWriter(MirModule module)
    {
        _module = module;
        bool hasThreads = module.Features.Contains("atomics");
        _symbols = new ObjectSymbols(module, hasThreads);
        _types = new ObjectTypes(module.Signatures);
        _data = new ObjectData(module, _symbols, hasThreads);
        bool hasTableNumbers = module.Features.Contains("reference-types") || module.Features.Contains("call-indirect-overlong");
        _operands = new RelocatableOperands(_symbols, _types, (uint)module.ErrorNames.Count + 1, module.Is64, hasTableNumbers);
        _lowering = new MirLowering(_operands);
    }

    /// <param name="module">What to write; it is not changed.</param>
    /// <param name="processedBy">The tool and its version for the producers section; null for no section.</param>
    public static byte[] Write(MirModule module, (string Name, string Version)? processedBy = null)
    {
        ArgumentNullException.ThrowIfNull(module);
        var writer = new ObjectWriter(module);
        writer.LowerFunctions();
        foreach (MirInitFunction function in module.InitFunctions)
            writer._symbols.IndexOf(function.Function);
        foreach (MirExport export in module.Exports)
            writer._symbols.IndexOf(export.Target);
        writer.LowerTagNameFunctions();
        writer._data.Place();
        foreach (MirExport export in module.Exports)
            writer._symbols.AddExport(export);
        // From here on nothing is added: imports are counted, so every index is known.
        return writer.WriteSections(processedBy);
    }

    private void LowerFunctions()
    {
        foreach ((MirFunctionId id, MirFunctionItem item) in _module.Functions.All())
            if (item.Body is not null)
                Lower(id, _types.IndexOf(item.Signature), item.Body);
    }

    // Such a function names no other, so there are no more when all are made.
    private void LowerTagNameFunctions()
    {
        var builder = new MirBuilder(_module.Is64);
        for (int i = 0; i < _symbols.Rows.Count; i++)
        {
            MirReference target = _symbols.Rows[i].Target;
            if (target.Kind != MirReferenceKind.TagName)
                continue;
            MirEnumItem item = _module.Enums[new MirEnumId(target.Id)]!;
            MirConstantId table = _data.AddConstant(SliceTable.Make(TagNameFunction.Rows(item), _module.Is64, _data.AddConstant));
            MirSignatureId signature = _module.Signatures.Add(TagNameFunction.Type(item, _module.Is64));
            Lower(target, _types.IndexOf(signature), TagNameFunction.Make(builder, signature, item, table));
        }
    }

    private void Lower(MirReference function, int type, MirFunction body)
    {
        _symbols.IndexOf(function);
        _bodyNumbers.Add(function, (uint)_functionTypes.Count);
        _functionTypes.Add((uint)type);
        _data.NoteAlignments(body);
        _body.Clear();
        _operands.Relocations.Clear();
        _lowering.Lower(body, _body);
        _code.WriteLebU32((uint)_body.Length);
        uint start = (uint)_code.Length;
        _code.WriteBytes(_body.Written);
        foreach (Relocation relocation in _operands.Relocations)
            _codeRelocations.Add(relocation with { Offset = relocation.Offset + start });
    }

    private byte[] WriteSections((string Name, string Version)? processedBy)
    {
        var imports = new ObjectImports(_module, _symbols.Rows, _types, _data.Size);
        var numbers = new ObjectNumbers(_symbols.Rows, imports, _data, _bodyNumbers);
        var data = new WasmWriter(checked((int)_data.Size + 64));
        _data.Write(data);
        Patch(_code, _codeRelocations, numbers);
        Patch(data, _data.Relocations, numbers);

        var sections = new SectionList();
        sections.Add(SectionId.Type, section => TypeSection.Write(section, _types.Rows));
        sections.Add(SectionId.Import, section => ImportSection.Write(section, imports.Rows));
        sections.Add(SectionId.Function, section => FunctionSection.Write(section, CollectionsMarshal.AsSpan(_functionTypes)), _functionTypes.Count);
        if (_data.Count != 0 && _module.Features.Contains("bulk-memory"))
            sections.Add(SectionId.DataCount, section => section.WriteLebU32((uint)_data.Count));
        int codeSection = sections.Add(SectionId.Code, section => WriteCounted(section, _functionTypes.Count, _code), _functionTypes.Count);
        int dataSection = sections.Add(SectionId.Data, section => WriteCounted(section, _data.Count, data), _data.Count);
        sections.AddCustom(LinkingSection.Name, section => WriteLinking(section, numbers));
        sections.AddCustom("reloc.CODE"u8, section => WriteRelocations(section, codeSection, _functionTypes.Count, _codeRelocations), _codeRelocations.Count);
        sections.AddCustom("reloc.DATA"u8, section => WriteRelocations(section, dataSection, _data.Count, _data.Relocations), _data.Relocations.Count);
        if (processedBy is { } tool)
            sections.AddCustom(ProducersSection.Name, section => WriteProducers(section, tool.Name, tool.Version));
        sections.AddCustom(TargetFeaturesSection.Name, WriteFeatures);
        return sections.ToArray();
    }

    private static void WriteCounted(WasmWriter section, int count, WasmWriter contents)
    {
        section.WriteLebU32((uint)count);
        section.WriteBytes(contents.Written);
    }

    private static void Patch(WasmWriter contents, List<Relocation> relocations, ObjectNumbers numbers)
    {
        Span<byte> bytes = contents.Editable;
        foreach (Relocation relocation in relocations)
        {
            RelocationInfo info = RelocationTable.Get(relocation.Kind);
            RelocationBytes.Write(bytes.Slice((int)relocation.Offset, info.Width), info.Encoding, numbers.ValueOf(relocation, info));
        }
    }

    private void WriteLinking(WasmWriter section, ObjectNumbers numbers)
    {
        section.WriteLebU32(LinkingSection.Version);
        LinkingSection.WriteSubsection(section, LinkingSubsection.SymbolTable, _symbols.Rows.Count, body =>
        {
            foreach (ObjectSymbol symbol in _symbols.Rows)
                LinkingSection.WriteSymbol(body, numbers.EntryOf(symbol));
        });
        LinkingSection.WriteSubsection(section, LinkingSubsection.SegmentInfo, _data.Count, _data.WriteSegmentInfo);
        LinkingSection.WriteSubsection(section, LinkingSubsection.InitFunctions, _module.InitFunctions.Count, body =>
        {
            foreach (MirInitFunction function in _module.InitFunctions)
                LinkingSection.WriteInitFunction(body, new InitFunction(function.Priority, (uint)_symbols.IndexOf(function.Function)));
        });
    }

    // Offsets count from the start of the section's contents, which is the number of entries.
    private static void WriteRelocations(WasmWriter section, int target, int entries, List<Relocation> relocations)
    {
        section.WriteLebU32((uint)target);
        section.WriteLebU32((uint)relocations.Count);
        uint shift = (uint)Leb128.SizeU32((uint)entries);
        foreach (Relocation relocation in relocations)
            (relocation with { Offset = relocation.Offset + shift }).Write(section);
    }

    private static void WriteProducers(WasmWriter section, string name, string version)
    {
        section.WriteLebU32(1);
        section.WriteName("processed-by");
        section.WriteLebU32(1);
        section.WriteName(name);
        section.WriteName(version);
    }

    // As clang says it: without atomics, thread-local data is ordinary data, which threads must not share.
    private void WriteFeatures(WasmWriter section)
    {
        IEnumerable<string> used = _module.Is64 ? _module.Features.Append("memory64").Distinct() : _module.Features;
        bool hasFalseThreadLocals = !_data.HasThreads && _module.Data.All().Any(static data => data.Item.IsThreadLocal);
        List<TargetFeature> features = [.. used.Select(static name => new TargetFeature(FeaturePrefix.Used, Utf8String.FromText(name)))];
        if (hasFalseThreadLocals)
            features.Add(new TargetFeature(FeaturePrefix.Disallowed, Utf8String.FromText("shared-mem")));
        section.WriteLebU32((uint)features.Count);
        foreach (TargetFeature feature in features)
        {
            section.WriteByte((byte)feature.Prefix);
            section.WriteName(feature.Name.Bytes);
        }
    }
}
