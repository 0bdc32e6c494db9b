using Weld.Base.Diagnostics;
using Weld.Mir.Modules;
using Weld.Wasm.Binary;
using Weld.Wasm.Linking;
using Weld.Wasm.Sections;

namespace Weld.Mir.Objects;

/// <summary>Joins the encoded items of a module to a relocatable object, which every wasm linker takes.</summary>
/// <remarks>First all references are followed, which gives symbols, types and constants their order; then everything is written once.</remarks>
public sealed class ObjectWriter
{
    private readonly ModuleObject _module;
    private readonly DiagnosticBag _diagnostics;
    private readonly ReferenceCheck _check;
    private readonly ObjectConstants _constants;
    private readonly ObjectSymbols _symbols;
    private readonly ObjectTypes _types;
    private readonly ObjectData _data;
    private readonly NameArena _names = new();
    private readonly List<Body> _bodies = [];
    private (MirExport Export, long SetAt)[] _exports = [];
    private ulong _codeSize;

    private ObjectWriter(ModuleObject module, DiagnosticBag diagnostics)
    {
        _module = module;
        _diagnostics = diagnostics;
        _check = new ReferenceCheck(module, diagnostics);
        _constants = new ObjectConstants(module);
        _data = new ObjectData(module);
        _symbols = new ObjectSymbols(module, _data.HasThreads);
        _types = new ObjectTypes(module.Signatures);
    }

    /// <param name="module">What to write; nothing may change it meanwhile.</param>
    /// <param name="diagnostics">Receives what is used but not in the module.</param>
    /// <returns>The bytes of the object; null when there were errors.</returns>
    public static ReadOnlyMemory<byte>? Write(ModuleObject module, DiagnosticBag diagnostics)
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentNullException.ThrowIfNull(diagnostics);
        int errors = diagnostics.ErrorCount;
        var writer = new ObjectWriter(module, diagnostics);
        writer.AddItems();
        writer.AddUsed();
        if (diagnostics.ErrorCount != errors)
            return null;
        foreach ((MirExport export, _) in writer._exports)
            writer._symbols.AddExport(export with { Target = writer._constants.Canonical(export.Target) });
        // From here on nothing is added: imports are counted, so every index is known.
        return writer.WriteSections();
    }

    // ── what is in the object, and in which order ──

    private void AddItems()
    {
        foreach (MirSlot<MirFunctionItem> slot in _module.Functions.Sorted())
            if (slot.Encoded is EncodedBody encoded)
            {
                if (encoded.ErrorCount is { } count && count != _module.ErrorCount)
                    slot.Encoded = encoded = _module.Encode(encoded.Source);
                AddBody(new MirFunctionId(slot.Index), _types.IndexOf(slot.Item!.Signature), encoded, slot.SetAt);
            }
        foreach (MirSlot<MirDataItem> slot in _module.Data.Sorted())
            if (slot.Item!.Contents is { } contents)
            {
                MirReference target = new MirDataId(slot.Index);
                _symbols.IndexOf(target);
                _data.Add(target, slot.Item);
                FollowAll(contents, new Referrer(target, slot.SetAt));
            }
        foreach (MirInitFunction function in _module.InitFunctions)
        {
            var referrer = Referrer.InitFunctions(_module.InitFunctionsSetAt);
            if (_check.RunDefined(function.Function, referrer))
                Follow(function.Function, 0, referrer);
        }
        _exports = _module.Exports.Sorted();
        foreach ((MirExport export, long setAt) in _exports)
        {
            var referrer = Referrer.Export(export.Name, setAt);
            if (_check.RunDefined(export.Target, referrer))
                Follow(export.Target, 0, referrer);
        }
    }

    /// <summary>Adds what is written only because something refers to it. The list grows meanwhile.</summary>
    private void AddUsed()
    {
        for (int i = 0; i < _symbols.Rows.Count; i++)
        {
            MirReference target = _symbols.Rows[i].Target;
            switch (target.Kind)
            {
                case MirReferenceKind.TagName:
                    var encoded = (EncodedEnum)_module.Enums.FindSlot(target.Id)!.Encoded!;
                    AddBody(target, _types.IndexOf(encoded.Type), encoded.Body, _module.Enums.FindSlot(target.Id)!.SetAt);
                    break;
                case MirReferenceKind.TagNameTable:
                    AddConstant(i, ((EncodedEnum)_module.Enums.FindSlot(target.Id)!.Encoded!).Table, 0);
                    break;
                case MirReferenceKind.ErrorNameTable:
                    AddConstant(i, SliceTable.Make([null, .. _module.ErrorNames], _module.Is64, target), 0);
                    break;
                case MirReferenceKind.Constant:
                    MirSlot<MirDataContents> slot = _module.Constants.FindSlot(target.Id)!;
                    AddConstant(i, slot.Item!, slot.SetAt);
                    break;
            }
        }
    }

    private void AddBody(MirReference function, int type, EncodedBody encoded, long setAt)
    {
        _bodies.Add(new Body(_symbols.IndexOf(function), type, encoded));
        _codeSize += (ulong)Leb128.SizeU32((uint)encoded.Bytes.Length) + (uint)encoded.Bytes.Length;
        var referrer = new Referrer(function, setAt);
        foreach (ref readonly EncodedRelocation relocation in encoded.Relocations.AsSpan())
            Follow(relocation.Target, relocation.AlignmentLog2, referrer);
    }

    private void AddConstant(int symbol, MirDataContents contents, long setAt)
    {
        MirReference target = _symbols.Rows[symbol].Target;
        _data.AddConstant(target, contents, _symbols.Rows[symbol].Name);
        FollowAll(contents, new Referrer(target, setAt));
    }

    private void FollowAll(MirDataContents contents, in Referrer referrer)
    {
        for (int i = 0; i < contents.Relocations.Count; i++)
            Follow(contents.Relocations[i].Target, contents.Relocations[i].AlignmentLog2, referrer);
    }

    private void Follow(MirReference target, int alignmentLog2, in Referrer referrer)
    {
        if (target.Kind == MirReferenceKind.Signature)
        {
            _types.IndexOf(new MirSignatureId(target.Id));
            return;
        }
        if (!_check.Run(target, referrer))
            return;
        MirReference one = _constants.Canonical(target);
        _symbols.IndexOf(one);
        if (target.Kind == MirReferenceKind.Constant)
            _data.NoteAlignment(one, Math.Max(alignmentLog2, _module.Constants[new MirConstantId(target.Id)]!.AlignmentLog2));
    }

    // ── bytes ──

    private ReadOnlyMemory<byte>? WriteSections()
    {
        _data.LayOut(_symbols);
        if (_codeSize + _data.Size > int.MaxValue / 2)
        {
            _diagnostics.Add(MirErrors.TooLarge(_codeSize + _data.Size));
            return null;
        }
        var imports = new ObjectImports(_module, _symbols.Rows, _types, _names, _data.Size);
        uint[] functionTypes = new uint[_bodies.Count];
        for (int i = 0; i < _bodies.Count; i++)
        {
            functionTypes[i] = (uint)_bodies[i].Type;
            _symbols.Rows[_bodies[i].Symbol].Index = imports.FunctionCount + (uint)i;
        }
        var codeRelocations = new ObjectRelocations(_symbols, _types, _constants, _data);
        var dataRelocations = new ObjectRelocations(_symbols, _types, _constants, _data);
        var data = new WasmWriter((int)_data.Size + 64);
        _data.Write(data, dataRelocations);

        var sections = new SectionList(_module.TakeBuffer((int)_codeSize + data.Length + (_symbols.Rows.Count * 64)));
        sections.Add(SectionId.Type, section => TypeSection.Write(section, _types.Rows));
        sections.Add(SectionId.Import, section => ImportSection.Write(section, imports.Rows));
        sections.Add(SectionId.Function, section => FunctionSection.Write(section, functionTypes), functionTypes.Length);
        if (_data.Count != 0 && _module.Features.Contains("bulk-memory"))
            sections.Add(SectionId.DataCount, section => section.WriteLebU32((uint)_data.Count));
        int codeSize = Leb128.SizeU32((uint)_bodies.Count) + (int)_codeSize;
        int codeSection = sections.AddSized(SectionId.Code, codeSize, section => WriteCode(section, codeRelocations), _bodies.Count);
        int dataSection = sections.AddSized(SectionId.Data, data.Length, section => section.WriteBytes(data.Written), _data.Count);
        sections.AddCustom(LinkingSection.Name, WriteLinking);
        sections.AddCustom("reloc.CODE"u8, section => WriteRelocations(section, codeSection, codeRelocations), (int)codeRelocations.Count);
        sections.AddCustom("reloc.DATA"u8, section => WriteRelocations(section, dataSection, dataRelocations), (int)dataRelocations.Count);
        if (_module.ProcessedBy is { } tool)
            sections.AddCustom(ProducersSection.Name, section => WriteProducers(section, tool.Name, tool.Version));
        sections.AddCustom(TargetFeaturesSection.Name, WriteFeatures);
        return sections.Bytes;
    }

    private void WriteCode(WasmWriter section, ObjectRelocations relocations)
    {
        int sectionStart = section.Length;
        section.WriteLebU32((uint)_bodies.Count);
        foreach (Body body in _bodies)
        {
            section.WriteLebU32((uint)body.Encoded.Bytes.Length);
            int start = section.Length;
            section.WriteBytes(body.Encoded.Bytes);
            Span<byte> code = section.Editable[start..];
            foreach (ref readonly EncodedRelocation relocation in body.Encoded.Relocations.AsSpan())
                if (!relocation.IsOnlyReference)
                    relocations.Add(relocation.Kind, code[(int)relocation.Offset..], (uint)(start - sectionStart) + relocation.Offset, relocation.Target, relocation.Addend);
        }
    }

    private void WriteLinking(WasmWriter section)
    {
        section.WriteLebU32(LinkingSection.Version);
        LinkingSection.WriteSubsection(section, LinkingSubsection.SymbolTable, _symbols.Rows.Count, body =>
        {
            foreach (ObjectSymbol symbol in _symbols.Rows)
                LinkingSection.WriteSymbol(body, EntryOf(symbol));
        });
        LinkingSection.WriteSubsection(section, LinkingSubsection.SegmentInfo, _data.Count, body => _data.WriteSegmentInfo(body, _names));
        LinkingSection.WriteSubsection(section, LinkingSubsection.InitFunctions, _module.InitFunctions.Count, body =>
        {
            foreach (MirInitFunction function in _module.InitFunctions)
                LinkingSection.WriteInitFunction(body, new InitFunction(function.Priority, (uint)_symbols.IndexOf(function.Function)));
        });
    }

    private SymbolEntry EntryOf(ObjectSymbol symbol)
    {
        // An export has the number of what it is a second name of.
        ObjectSymbol first = _symbols.Rows[_symbols.IndexOf(symbol.Target)];
        uint size = symbol is { Kind: SymbolKind.Data, IsDefined: true } ? _data.SizeOf(first.Index) : 0;
        return new SymbolEntry(symbol.Kind, symbol.Flags, _names.Add(symbol.Name), first.Index, 0, size);
    }

    private static void WriteRelocations(WasmWriter section, int target, ObjectRelocations relocations)
    {
        section.WriteLebU32((uint)target);
        section.WriteLebU32(relocations.Count);
        section.WriteBytes(relocations.Entries.Written);
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
        List<(FeaturePrefix Prefix, string Name)> features = [.. _module.Features.Select(static name => (FeaturePrefix.Used, name))];
        if (_module.Is64 && !_module.Features.Contains("memory64"))
            features.Add((FeaturePrefix.Used, "memory64"));
        if (!_data.HasThreads && _module.Data.All().Any(static data => data.Item.IsThreadLocal))
            features.Add((FeaturePrefix.Disallowed, "shared-mem"));
        section.WriteLebU32((uint)features.Count);
        foreach ((FeaturePrefix prefix, string name) in features)
        {
            section.WriteByte((byte)prefix);
            section.WriteName(name);
        }
    }

    private readonly record struct Body(int Symbol, int Type, EncodedBody Encoded);
}
