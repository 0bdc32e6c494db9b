using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
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
    private readonly NameId[] _knownNames;
    private readonly ObjectSections _sections = ObjectSections.Begin();
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
    private int _tableSymbolCount;
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

    private ObjectReader(InputFile file, NameTable names, NameId[] knownNames)
    {
        _file = file;
        _names = names;
        _knownNames = knownNames;
    }

    /// <param name="file">The object.</param>
    /// <param name="names">Receives the names that other objects can see.</param>
    /// <param name="knownNames">What <see cref="LazySymbolReader"/> has read from the object; empty if that was not asked.</param>
    public static ObjectFile Read(InputFile file, NameTable names, NameId[] knownNames)
    {
        var objectReader = new ObjectReader(file, names, knownNames);
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
                ReadCustomSection(ref section);
                continue;
            }
            int rank = SectionOrder.RankOf((SectionId)id);
            if (rank == 0)
                throw new MalformedInputException($"unknown section type: {id}", start);
            if (rank <= lastRank)
                throw new MalformedInputException("out of order section type: " + id, start);
            lastRank = rank;
            _sections.Add((SectionId)id);
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
        ImportPlace[] functions = GC.AllocateUninitializedArray<ImportPlace>(count);
        int functionCount = 0;
        var others = new List<ImportPlace>?[ImportKinds];
        for (int i = 0; i < count; i++)
        {
            uint offset = (uint)reader.FileOffset;
            if (ImportSection.TryReadFunction(ref reader, out Utf8String module, out Utf8String name, out uint type))
            {
                CheckName(module, offset);
                CheckName(name, offset);
                CheckIndex(type, _types.Length, "imported function type", offset);
                functions[functionCount++] = new ImportPlace(offset, type);
                continue;
            }
            Import import = ImportSection.ReadImport(ref reader);
            CheckImport(import, offset);
            (others[(int)import.Kind] ??= []).Add(new ImportPlace(offset, import.TypeIndex));
        }
        _functionImports = new ImportList(_file, functions, functionCount);
        _tableImports = MakeList(others[(int)ExternalKind.Table]);
        _globalImports = MakeList(others[(int)ExternalKind.Global]);
        _tagImports = MakeList(others[(int)ExternalKind.Tag]);

        ImportList MakeList(List<ImportPlace>? places) => places is null ? default : new ImportList(_file, [.. places], places.Count);
    }

    private void CheckImport(in Import import, uint offset)
    {
        CheckName(import.Module, offset);
        CheckName(import.Name, offset);
        switch (import.Kind)
        {
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
        _functions = GC.AllocateUninitializedArray<InputFunction>(FunctionSection.ReadCount(ref reader));
        foreach (ref InputFunction function in _functions.AsSpan())
        {
            long offset = reader.FileOffset;
            function = new InputFunction { TypeIndex = reader.ReadLebU32(), Comdat = -1, NameSymbol = -1 };
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
        _segments = GC.AllocateUninitializedArray<InputSegment>(count);
        foreach (ref InputSegment segment in _segments.AsSpan())
        {
            SegmentRange range = DataSection.ReadSegment(ref section);
            segment = new InputSegment { Offset = offset + range.Offset, Size = range.Size, Comdat = -1 };
        }
    }

    private void ReadCustomSection(ref WasmReader section)
    {
        Utf8String name = Utf8String.FromPinned(section.ReadName());
        CheckName(name, section.FileOffset - name.Length);
        _sections.Add(new InputCustomSection
        {
            Name = name,
            Offset = (uint)section.FileOffset,
            Size = (uint)section.Remaining,
            Comdat = -1,
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
            if (IsTlsName(info.Name))
                segment.Flags |= SegmentFlags.Tls;
            _hasTls |= segment.IsTls;
            _hasRetained |= (segment.Flags & SegmentFlags.Retain) != 0;
        }
    }

    private static bool IsTlsName(Utf8String name) =>
        name.Length > 1 && name.Bytes[1] == (byte)'t' && (name.StartsWith(".tdata"u8) || name.StartsWith(".tbss"u8));

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
        for (int group = 0; group < _comdatNames.Length; group++)
        {
            Utf8String name = LinkingSection.ReadComdatHead(ref reader, out int entries);
            int function = -1;
            for (; entries > 0; entries--)
            {
                ComdatEntry entry = LinkingSection.ReadComdatEntry(ref reader);
                if (entry.Kind == ComdatKind.Function)
                    function = (int)entry.Index - _functionImports.Length;
                JoinComdat(ref ComdatOf(entry, ref reader), group, ref reader);
            }
            if (!TryFindName(name, function, out _comdatNames[group]))
                _comdatNames[group] = _names.Intern(name);
        }
    }

    /// <summary>A group of one function nearly always has its name.</summary>
    private bool TryFindName(Utf8String name, int function, out NameId id)
    {
        id = default;
        if (function < 0 || _functions[function].NameSymbol < 0)
            return false;
        ref InputSymbol symbol = ref _symbols[_functions[function].NameSymbol];
        id = symbol.Name;
        return !symbol.IsLocal && name.Equals(_file.Slice(symbol.NameOffset, symbol.NameLength));
    }

    private ref int ComdatOf(ComdatEntry entry, ref WasmReader reader)
    {
        switch (entry.Kind)
        {
            case ComdatKind.Data when entry.Index < (uint)_segments.Length:
                return ref _segments[entry.Index].Comdat;
            case ComdatKind.Function when entry.Index >= (uint)_functionImports.Length && entry.Index < (uint)FunctionCount:
                return ref _functions[entry.Index - (uint)_functionImports.Length].Comdat;
            case ComdatKind.Section when _sections.TryGetCustom(entry.Index, out uint custom):
                return ref _sections.CustomAt(custom).Comdat;
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

    // Messages of what is checked for each symbol and relocation: what they need would be cleared on the stack each time.

    [DoesNotReturn]
    private static void ThrowName(Utf8String name, long offset) =>
        throw new MalformedInputException($"the name `{name}` is not valid UTF-8", offset);

    [DoesNotReturn]
    private static void ThrowIndex(string what, uint index, int count, long offset) =>
        throw new MalformedInputException($"invalid {what} index: {index} (there are {count})", offset);

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
            CustomSections = _sections.Custom.ToArray(),
            Symbols = _symbols,
            CodeRelocations = _codeRelocations,
            DataRelocations = _dataRelocations,
            TableSymbolCount = _tableSymbolCount,
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
        if (!name.IsAscii)
            CheckUtf8(name, offset);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void CheckUtf8(Utf8String name, long offset)
    {
        if (!System.Text.Unicode.Utf8.IsValid(name.Bytes))
            ThrowName(name, offset);
    }

    private static void CheckIndex(uint index, int count, string what, long offset)
    {
        if (index >= (uint)count)
            ThrowIndex(what, index, count, offset);
    }
}
