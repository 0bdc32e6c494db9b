using System.Diagnostics.CodeAnalysis;
using Weld.Base;
using Weld.Base.Diagnostics;
using Weld.Wasm.Binary;
using Weld.Wasm.Linking;
using Weld.Wasm.Sections;

namespace Weld.Linker.Inputs;

/// <summary>Parses a relocatable object in one pass, and checks everything that later stages rely on.</summary>
/// <remarks>Throws <see cref="MalformedInputException"/>; the loader catches it, once for all readers.</remarks>
public sealed partial class ObjectReader
{
    // Functions, tables, memories, globals, tags.
    private const int ImportKinds = 5;

    private readonly InputFile _file;
    private readonly NameTable _names;
    private readonly List<InputCustomSection> _customSections = [];
    private readonly List<(SectionId Id, int Custom, uint Offset, uint Size)> _sections = [];
    private readonly HashSet<uint> _relocatedSections = [];
    private Signature[] _types = [];
    private ImportList _functionImports;
    private ImportList _globalImports;
    private ImportList _tagImports;
    private ImportList _tableImports;
    private InputFunction[] _functions = [];
    private Global[] _globals = [];
    private uint[] _tags = [];
    private TableType[] _tables = [];
    private InputSegment[] _segments = [];
    private InputSymbol[] _symbols = [];
    private RelocationList _codeRelocations;
    private RelocationList _dataRelocations;
    private InitFunction[] _initFunctions = [];
    private NameId[] _comdatNames = [];
    private TargetFeature[] _features = [];
    private Export[] _exports = [];
    private bool _hasLinkingSection;
    private bool _hasCode;
    private bool _hasTls;
    private bool _hasRetained;
    private bool _hasDataCount;
    private uint _dataCount;
    private bool _is64;
    private uint _codeOffset;
    private uint _codeSize;
    private uint _dataOffset;

    private ObjectReader(InputFile file, NameTable names)
    {
        _file = file;
        _names = names;
    }

    /// <param name="file">The object.</param>
    /// <param name="names">Receives the names that other objects can see.</param>
    public static ObjectFile Read(InputFile file, NameTable names)
    {
        var objectReader = new ObjectReader(file, names);
        objectReader.ReadSections();
        return objectReader.Finish();
    }

    private void ReadSections()
    {
        var reader = new WasmReader(_file.Bytes);
        ModuleHeader.Read(ref reader);
        int lastRank = 0;
        while (!reader.AtEnd)
        {
            long start = reader.FileOffset;
            byte id = reader.ReadByte();
            uint size = reader.ReadLebU32();
            uint offset = (uint)reader.FileOffset;
            if (size > (uint)reader.Remaining)
                throw new MalformedInputException("section too large", start);
            var section = new WasmReader(reader.ReadBytes(size), offset);
            if (id == (byte)SectionId.Custom)
            {
                _sections.Add((SectionId.Custom, _customSections.Count, offset, size));
                ReadCustomSection(ref section);
                continue;
            }
            int rank = SectionOrder.RankOf((SectionId)id);
            if (rank == 0)
                throw new MalformedInputException($"unknown section type: {id}", start);
            if (rank <= lastRank)
                throw new MalformedInputException("out of order section type: " + id, start);
            lastRank = rank;
            _sections.Add(((SectionId)id, -1, offset, size));
            ReadKnownSection((SectionId)id, ref section, offset, size);
            if (!section.AtEnd)
                throw section.Malformed($"{(SectionId)id} section ended prematurely");
        }
    }

    private void ReadKnownSection(SectionId id, ref WasmReader section, uint offset, uint size)
    {
        switch (id)
        {
            case SectionId.Type:
                _types = TypeSection.Read(ref section);
                break;
            case SectionId.Import:
                ReadImports(ref section);
                break;
            case SectionId.Function:
                ReadFunctions(ref section);
                break;
            case SectionId.Table:
                _tables = TableSection.Read(ref section);
                break;
            case SectionId.Memory:
                foreach (Limits memory in MemorySection.Read(ref section))
                    NoteMemory(memory);
                break;
            case SectionId.Tag:
                _tags = TagSection.Read(ref section);
                foreach (uint type in _tags)
                    CheckTagType(type, "tag type", offset);
                break;
            case SectionId.Global:
                _globals = GlobalSection.Read(ref section);
                foreach (Global global in _globals)
                    CheckInitialValue(global);
                break;
            case SectionId.Export:
                _exports = ExportSection.Read(ref section);
                foreach (Export export in _exports)
                    CheckName(export.Name, offset);
                break;
            case SectionId.Start:
                CheckIndex(StartSection.Read(ref section), FunctionCount, "start function", offset);
                break;
            case SectionId.Element:
                ElementSection.Check(ref section, (uint)FunctionCount);
                break;
            case SectionId.DataCount:
                _dataCount = DataCountSection.Read(ref section);
                _hasDataCount = true;
                break;
            case SectionId.Code:
                ReadCode(ref section, offset, size);
                break;
            default:
                ReadData(ref section, offset);
                break;
        }
    }

    private int FunctionCount => _functionImports.Length + _functions.Length;

    private void ReadImports(ref WasmReader reader)
    {
        int count = reader.ReadCount("import", minimumSize: 4);
        // Nearly all are functions.
        var functions = new ImportPlace[count];
        int functionCount = 0;
        var others = new List<ImportPlace>?[ImportKinds];
        for (int i = 0; i < count; i++)
        {
            uint offset = (uint)reader.FileOffset;
            Import import = ImportSection.ReadImport(ref reader);
            CheckImport(import, offset);
            if (import.Kind == ExternalKind.Function)
                functions[functionCount++] = new ImportPlace(offset, import.TypeIndex);
            else
                (others[(int)import.Kind] ??= []).Add(new ImportPlace(offset, import.TypeIndex));
        }
        Array.Resize(ref functions, functionCount);
        _functionImports = new ImportList(_file, functions);
        _tableImports = new ImportList(_file, others[(int)ExternalKind.Table]?.ToArray());
        _globalImports = new ImportList(_file, others[(int)ExternalKind.Global]?.ToArray());
        _tagImports = new ImportList(_file, others[(int)ExternalKind.Tag]?.ToArray());
    }

    private void CheckImport(in Import import, uint offset)
    {
        CheckName(import.Module, offset);
        CheckName(import.Name, offset);
        switch (import.Kind)
        {
            case ExternalKind.Function:
                CheckIndex(import.TypeIndex, _types.Length, "imported function type", offset);
                break;
            case ExternalKind.Tag:
                CheckTagType(import.TypeIndex, "imported tag type", offset);
                break;
            case ExternalKind.Memory:
                NoteMemory(import.Table.Limits);
                break;
        }
    }

    private void NoteMemory(Limits memory) => _is64 |= (memory.Flags & LimitsFlags.Is64) != 0;

    private void ReadFunctions(ref WasmReader reader)
    {
        _functions = new InputFunction[FunctionSection.ReadCount(ref reader)];
        foreach (ref InputFunction function in _functions.AsSpan())
        {
            long offset = reader.FileOffset;
            function.TypeIndex = reader.ReadLebU32();
            function.Comdat = -1;
            function.NameSymbol = -1;
            CheckIndex(function.TypeIndex, _types.Length, "function type", offset);
        }
    }

    private void ReadCode(ref WasmReader section, uint offset, uint size)
    {
        _hasCode = true;
        _codeOffset = offset;
        _codeSize = size;
        int count = CodeSection.ReadCount(ref section);
        if (count != _functions.Length)
            throw new MalformedInputException($"invalid function count: {count} bodies for {_functions.Length} functions", offset);
        foreach (ref InputFunction function in _functions.AsSpan())
        {
            BodyRange body = CodeSection.ReadBody(ref section);
            function.BodyOffset = offset + body.Offset;
            function.BodySize = body.Size;
        }
    }

    private void ReadData(ref WasmReader section, uint offset)
    {
        _dataOffset = offset;
        int count = DataSection.ReadCount(ref section);
        if (_hasDataCount && _dataCount != count)
            throw new MalformedInputException($"number of data segments ({count}) does not match the data count section ({_dataCount})", offset);
        _segments = new InputSegment[count];
        foreach (ref InputSegment segment in _segments.AsSpan())
        {
            SegmentRange range = DataSection.ReadSegment(ref section);
            segment.Offset = offset + range.Offset;
            segment.Size = range.Size;
            segment.Comdat = -1;
        }
    }

    private void ReadCustomSection(ref WasmReader section)
    {
        Utf8String name = Utf8String.FromPinned(section.ReadName());
        CheckName(name, section.FileOffset - name.Length);
        _customSections.Add(new InputCustomSection
        {
            Name = name,
            Offset = (uint)section.FileOffset,
            Size = (uint)section.Remaining,
            Comdat = -1,
            SectionIndex = _sections.Count - 1,
        });
        if (name.Equals(LinkingSection.Name))
        {
            if (_hasLinkingSection)
                throw section.Malformed("more than one linking section");
            _hasLinkingSection = true;
            ReadLinkingSection(ref section);
        }
        else if (name.StartsWith("reloc."u8))
        {
            ReadRelocationSection(ref section);
        }
        else if (name.Equals(TargetFeaturesSection.Name))
        {
            _features = TargetFeaturesSection.Read(ref section);
            if (!section.AtEnd)
                throw section.Malformed("target features section ended prematurely");
        }
        else if (name.StartsWith("dylink"u8) && _sections.Count == 1)
        {
            throw section.Malformed("not a relocatable wasm file (it is a shared library)");
        }
    }

    private void ReadLinkingSection(ref WasmReader section)
    {
        if (HasNoBodies)
            throw section.Malformed("function bodies are missing before the linking section");
        LinkingSection.ReadVersion(ref section);
        int seen = 0;
        while (!section.AtEnd)
        {
            WasmReader subsection = LinkingSection.ReadSubsection(ref section, out LinkingSubsection kind);
            if ((int)kind < 32 && (seen & 1 << (int)kind) != 0)
                throw subsection.Malformed($"linking sub-section {(byte)kind} appears twice");
            seen |= (int)kind < 32 ? 1 << (int)kind : 0;
            switch (kind)
            {
                case LinkingSubsection.SegmentInfo:
                    ReadSegmentInfo(ref subsection);
                    break;
                case LinkingSubsection.InitFunctions:
                    ReadInitFunctions(ref subsection);
                    break;
                case LinkingSubsection.ComdatInfo:
                    ReadComdats(ref subsection);
                    break;
                case LinkingSubsection.SymbolTable:
                    ReadSymbolTable(ref subsection);
                    break;
                default:
                    // Unknown subsections are for tools that know them.
                    subsection.Skip((uint)subsection.Remaining);
                    break;
            }
            if (!subsection.AtEnd)
                throw subsection.Malformed($"linking sub-section {(byte)kind} ended prematurely");
        }
    }

    private bool HasNoBodies => _functions.Length != 0 && !_hasCode;

    private void ReadSegmentInfo(ref WasmReader reader)
    {
        int count = LinkingSection.ReadSegmentCount(ref reader);
        if (count > _segments.Length)
            throw reader.Malformed("too many segment names");
        foreach (ref InputSegment segment in _segments.AsSpan(0, count))
        {
            SegmentInfo info = LinkingSection.ReadSegment(ref reader);
            CheckName(info.Name, reader.FileOffset);
            segment.Name = info.Name;
            segment.AlignmentLog2 = (byte)info.AlignmentLog2;
            segment.Flags = info.Flags;
            // Objects from before the flag existed are known by the segment's name.
            if (segment.Name.StartsWith(".tdata"u8) || segment.Name.StartsWith(".tbss"u8))
                segment.Flags |= SegmentFlags.Tls;
            _hasTls |= segment.IsTls;
            _hasRetained |= (segment.Flags & SegmentFlags.Retain) != 0;
        }
    }

    private void ReadInitFunctions(ref WasmReader reader)
    {
        _initFunctions = LinkingSection.ReadInitFunctions(ref reader);
        foreach (InitFunction function in _initFunctions)
            if (function.Symbol >= (uint)_symbols.Length || _symbols[function.Symbol].Kind != SymbolKind.Function)
                throw reader.Malformed($"invalid function symbol: {function.Symbol}");
    }

    private void ReadComdats(ref WasmReader reader)
    {
        _comdatNames = new NameId[LinkingSection.ReadComdatCount(ref reader)];
        Span<Utf8String> names = stackalloc Utf8String[NameTable.GroupSize];
        int first = 0;
        for (int group = 0; group < _comdatNames.Length; group++)
        {
            names[group - first] = LinkingSection.ReadComdatHead(ref reader, out int entries);
            for (; entries > 0; entries--)
                JoinComdat(ref ComdatOf(LinkingSection.ReadComdatEntry(ref reader), ref reader), group, ref reader);
            int count = group + 1 - first;
            if (count != NameTable.GroupSize && group != _comdatNames.Length - 1)
                continue;
            _names.Intern(names[..count], _comdatNames.AsSpan(first, count));
            first = group + 1;
        }
    }

    private ref int ComdatOf(ComdatEntry entry, ref WasmReader reader)
    {
        switch (entry.Kind)
        {
            case ComdatKind.Data when entry.Index < (uint)_segments.Length:
                return ref _segments[entry.Index].Comdat;
            case ComdatKind.Function when entry.Index >= (uint)_functionImports.Length && entry.Index < (uint)FunctionCount:
                return ref _functions[entry.Index - (uint)_functionImports.Length].Comdat;
            case ComdatKind.Section when entry.Index < (uint)_sections.Count && _sections[(int)entry.Index].Custom >= 0:
                return ref System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_customSections)[_sections[(int)entry.Index].Custom].Comdat;
            default:
                throw reader.Malformed($"invalid COMDAT entry: kind {(uint)entry.Kind}, index {entry.Index}");
        }
    }

    private static void JoinComdat(ref int comdat, int group, ref WasmReader reader)
    {
        if (comdat >= 0)
            throw reader.Malformed("an element is in more than one COMDAT group");
        comdat = group;
    }

    private void ReadSymbolTable(ref WasmReader reader)
    {
        var symbols = GC.AllocateUninitializedArray<InputSymbol>(reader.ReadCount("symbol", minimumSize: 3));
        for (int i = 0; i < symbols.Length; i++)
        {
            long offset = reader.FileOffset;
            SymbolEntry entry = LinkingSection.ReadSymbol(ref reader);
            symbols[i] = MakeSymbol(i, entry, offset);
        }
        InternNames(symbols);
        _symbols = symbols;
    }

    /// <summary>Gives names to symbols that other objects can see, and to undefined ones.</summary>
    private void InternNames(InputSymbol[] symbols)
    {
        Span<Utf8String> names = stackalloc Utf8String[NameTable.GroupSize];
        Span<NameId> ids = stackalloc NameId[NameTable.GroupSize];
        Span<int> places = stackalloc int[NameTable.GroupSize];
        int count = 0;
        for (int i = 0; i < symbols.Length; i++)
        {
            if (!symbols[i].IsLocal || !symbols[i].IsDefined)
            {
                names[count] = _file.Slice(symbols[i].NameOffset, symbols[i].NameLength);
                places[count++] = i;
            }
            if (count != NameTable.GroupSize && i != symbols.Length - 1)
                continue;
            _names.Intern(names[..count], ids);
            while (count > 0)
                symbols[places[--count]].Name = ids[count];
        }
    }

    private unsafe InputSymbol MakeSymbol(int index, in SymbolEntry entry, long offset)
    {
        if ((entry.Flags & SymbolFlags.BindingMask) == SymbolFlags.BindingMask)
            throw new MalformedInputException("undefined weak symbol: invalid binding", offset);
        var symbol = new InputSymbol { Kind = entry.Kind, Flags = entry.Flags };
        Utf8String name = entry.Name;
        switch (entry.Kind)
        {
            case SymbolKind.Function:
                symbol.Index = ElementIndex(entry, _functionImports.Length, _functions.Length, "function", offset);
                if (!entry.IsDefined)
                    name = NameOf(entry, _functionImports[symbol.Index]);
                else if (_functions[symbol.Index].NameSymbol < 0)
                    _functions[symbol.Index].NameSymbol = index;
                break;
            case SymbolKind.Global:
                symbol.Index = ElementIndex(entry, _globalImports.Length, _globals.Length, "global", offset);
                if (!entry.IsDefined)
                    name = NameOf(entry, _globalImports[symbol.Index]);
                break;
            case SymbolKind.Tag:
                symbol.Index = ElementIndex(entry, _tagImports.Length, _tags.Length, "tag", offset);
                if (!entry.IsDefined)
                    name = NameOf(entry, _tagImports[symbol.Index]);
                break;
            case SymbolKind.Table:
                symbol.Index = ElementIndex(entry, _tableImports.Length, _tables.Length, "table", offset);
                if (!entry.IsDefined)
                    name = NameOf(entry, _tableImports[symbol.Index]);
                break;
            case SymbolKind.Data:
                if (entry.IsDefined)
                    CheckDataSymbol(entry, ref symbol, offset);
                break;
            default:
                if (!entry.IsDefined || (entry.Flags & SymbolFlags.BindingMask) != SymbolFlags.Local)
                    throw new MalformedInputException("section symbols must have local binding", offset);
                if (entry.Index >= (uint)_sections.Count || _sections[(int)entry.Index].Custom < 0)
                    ThrowIndex("section", entry.Index, offset);
                symbol.Index = (uint)_sections[(int)entry.Index].Custom;
                name = _customSections[(int)symbol.Index].Name;
                break;
        }
        CheckName(name, offset);
        symbol.NameOffset = name.IsEmpty ? 0 : (uint)(name.Pointer - _file.Start);
        symbol.NameLength = (uint)name.Length;
        return symbol;
    }

    private void CheckDataSymbol(in SymbolEntry entry, ref InputSymbol symbol, long offset)
    {
        symbol.Index = entry.Index;
        symbol.Value = entry.Offset;
        symbol.Size = entry.Size;
        if ((entry.Flags & SymbolFlags.Absolute) != 0)
            return;
        CheckIndex(entry.Index, _segments.Length, "data segment", offset);
        uint segmentSize = _segments[entry.Index].Size;
        if (entry.Offset > segmentSize)
            ThrowDataSymbol(entry, segmentSize, offset);
        // Older objects carry the flag only on the segment.
        if (_segments[entry.Index].IsTls)
            symbol.Flags |= SymbolFlags.Tls;
    }

    private static uint ElementIndex(in SymbolEntry entry, int imports, int definitions, string what, long offset)
    {
        if (!entry.IsDefined)
        {
            if (entry.Index < (uint)imports)
                return entry.Index;
        }
        else if (entry.Index >= (uint)imports && entry.Index < (uint)(imports + definitions))
        {
            return entry.Index - (uint)imports;
        }
        ThrowIndex(what, entry.Index, offset);
        return 0;
    }

    // Messages of what is checked for each symbol and relocation: what they need would be cleared on the stack each time.

    [DoesNotReturn]
    private static void ThrowIndex(string what, uint index, long offset) =>
        throw new MalformedInputException($"invalid {what} symbol index: {index}", offset);

    [DoesNotReturn]
    private static void ThrowDataSymbol(in SymbolEntry entry, uint segmentSize, long offset) =>
        throw new MalformedInputException($"invalid data symbol offset: `{entry.Name}` (offset: {entry.Offset} segment size: {segmentSize})", offset);

    [DoesNotReturn]
    private static void ThrowName(Utf8String name, long offset) =>
        throw new MalformedInputException($"the name `{name}` is not valid UTF-8", offset);

    [DoesNotReturn]
    private static void ThrowIndex(string what, uint index, int count, long offset) =>
        throw new MalformedInputException($"invalid {what} index: {index} (there are {count})", offset);

    private static Utf8String NameOf(in SymbolEntry entry, in Import import) =>
        (entry.Flags & SymbolFlags.ExplicitName) != 0 ? entry.Name : import.Name;

    private ObjectFile Finish()
    {
        if (!_hasLinkingSection)
            throw new MalformedInputException("not a relocatable wasm file", 0);
        if (HasNoBodies)
            throw new MalformedInputException("function section without code section", 0);
        return new ObjectFile
        {
            File = _file,
            Types = _types,
            FunctionImports = _functionImports,
            GlobalImports = _globalImports,
            TagImports = _tagImports,
            TableImports = _tableImports,
            Functions = _functions,
            Globals = _globals,
            Tags = _tags,
            Tables = _tables,
            Segments = _segments,
            CustomSections = [.. _customSections],
            Symbols = _symbols,
            CodeRelocations = _codeRelocations,
            DataRelocations = _dataRelocations,
            InitFunctions = _initFunctions,
            ComdatNames = _comdatNames,
            Features = _features,
            ExportNames = ReadExportNames(),
            HasTls = _hasTls,
            HasRetained = _hasRetained,
            CodeOffset = _codeOffset,
            CodeSize = _codeSize,
            DataOffset = _dataOffset,
            Is64 = _is64,
        };
    }

    private (uint Function, Utf8String Name)[] ReadExportNames()
    {
        var names = new List<(uint, Utf8String)>();
        foreach (Export export in _exports)
        {
            if (export.Kind != ExternalKind.Function)
                continue;
            CheckIndex(export.Index, FunctionCount, "exported function", 0);
            if (export.Index >= (uint)_functionImports.Length)
                names.Add((export.Index - (uint)_functionImports.Length, export.Name));
        }
        // Of several names of one function, the first counts.
        return [.. names.DistinctBy(static name => name.Item1).OrderBy(static name => name.Item1)];
    }

    private void CheckTagType(uint type, string what, long offset)
    {
        CheckIndex(type, _types.Length, what, offset);
        if (_types[type].Results.Length != 0)
            throw new MalformedInputException($"invalid {what}: a tag has no results", offset);
    }

    private void CheckInitialValue(Global global)
    {
        // Nothing relocates initial values, so an index in one would mean something else in the output.
        unsafe
        {
            ConstantExpression.CheckNumber(global.InitialValue.Bytes, global.Type.Type, global.InitialValue.Pointer - _file.Start);
        }
    }

    /// <summary>Names that reach the output must be what the specification asks for, or the module would be invalid.</summary>
    private static void CheckName(Utf8String name, long offset)
    {
        if (!name.IsAscii && !System.Text.Unicode.Utf8.IsValid(name.Bytes))
            ThrowName(name, offset);
    }

    private static void CheckIndex(uint index, int count, string what, long offset)
    {
        if (index >= (uint)count)
            ThrowIndex(what, index, count, offset);
    }
}
