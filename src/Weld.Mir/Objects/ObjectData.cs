using Weld.Mir.Modules;
using Weld.Wasm.Binary;
using Weld.Wasm.Linking;

namespace Weld.Mir.Objects;

/// <summary>The data segments of an object: one for each item, so that the linker can drop each by itself.</summary>
internal sealed class ObjectData
{
    private readonly MirModule _module;
    private readonly ObjectSymbols _symbols;
    private readonly int[] _alignments;
    private readonly List<MirDataContents> _made = [];
    private readonly List<Segment> _segments = [];
    private readonly Dictionary<MirReference, int> _segmentOf = [];
    private MirDataContents? _errorNames;
    private ulong _end;

    public ObjectData(MirModule module, ObjectSymbols symbols, bool hasThreads)
    {
        _module = module;
        _symbols = symbols;
        HasThreads = hasThreads;
        _alignments = new int[module.Constants.Capacity];
    }

    /// <summary>Whether thread-local data is one copy per thread; else it is ordinary data.</summary>
    public bool HasThreads { get; }

    public int Count => _segments.Count;

    /// <summary>The bytes that all segments take.</summary>
    public ulong Size => _end;

    public List<Relocation> Relocations { get; } = [];

    /// <summary>A constant that the front end does not know.</summary>
    public MirConstantId AddConstant(MirDataContents contents)
    {
        _made.Add(contents);
        return new MirConstantId(_module.Constants.Capacity + _made.Count - 1);
    }

    /// <summary>Raises the alignments of constants to what a function needs.</summary>
    public void NoteAlignments(MirFunction function)
    {
        foreach (int index in function.Symbolic)
        {
            MirInstruction instruction = function.Instructions[index];
            if (instruction.Opcode == MirOpcode.ConstantAddress)
                NoteAlignment((int)function.Extra[(int)instruction.Operand], instruction.Detail);
        }
    }

    /// <summary>Places every named item, then the constants that anything refers to, those of other constants included.</summary>
    public void Place()
    {
        foreach ((MirDataId id, MirDataItem item) in _module.Data.All())
        {
            if (item.Contents is null)
                continue;
            _symbols.IndexOf(id);
            AddSegment(id, item.Contents, SectionName(item), FlagsOf(item), item.Contents.AlignmentLog2);
        }
        // The list grows while constants are placed that refer to others.
        for (int i = 0; i < _symbols.Rows.Count; i++)
        {
            MirReference target = _symbols.Rows[i].Target;
            if (target.Kind == MirReferenceKind.ErrorNameTable)
                AddConstantSegment(target, _errorNames ??= SliceTable.Make([null, .. _module.ErrorNames], _module.Is64, AddConstant));
            else if (target.Kind == MirReferenceKind.Constant)
                AddConstantSegment(target, ConstantOf(target.Id));
        }
    }

    /// <summary>The segment of something that is defined.</summary>
    public int SegmentOf(MirReference target) => _segmentOf[target];

    public ulong AddressOf(MirReference target) => _segments[_segmentOf[target]].Address;

    public uint SizeOf(MirReference target) => _segments[_segmentOf[target]].Contents.Size;

    /// <summary>Writes the segments without their number, and the relocations with offsets from the start.</summary>
    public void Write(WasmWriter writer)
    {
        foreach (Segment segment in _segments)
        {
            writer.WriteByte(0);
            writer.WriteByte(_module.Is64 ? (byte)MirOpcode.I64Const : (byte)MirOpcode.I32Const);
            if (_module.Is64)
                writer.WriteLebS64((long)segment.Address);
            else
                writer.WriteLebS32(unchecked((int)segment.Address));
            writer.WriteByte((byte)MirOpcode.End);
            writer.WriteLebU32(segment.Contents.Size);
            int start = writer.Length;
            writer.WriteBytes(segment.Contents.Bytes.Span);
            Span<byte> zeros = writer.GetSpan((int)segment.Contents.Size - segment.Contents.Bytes.Length);
            zeros = zeros[..((int)segment.Contents.Size - segment.Contents.Bytes.Length)];
            zeros.Clear();
            writer.Advance(zeros.Length);
            foreach (MirDataRelocation relocation in segment.Contents.Relocations)
                Relocations.Add(new Relocation(
                    ObjectRelocations.OfData(relocation.Use, _module.Is64), (uint)start + relocation.Offset, (uint)_symbols.IndexOf(relocation.Target), relocation.Addend));
        }
    }

    public void WriteSegmentInfo(WasmWriter writer)
    {
        foreach (Segment segment in _segments)
            LinkingSection.WriteSegmentInfo(writer, segment.Info);
    }

    private void NoteAlignment(int constant, int alignmentLog2)
    {
        if (constant < _alignments.Length)
            _alignments[constant] = Math.Max(_alignments[constant], alignmentLog2);
    }

    private MirDataContents ConstantOf(int id) => id < _module.Constants.Capacity
        ? _module.Constants[new MirConstantId(id)] ?? throw new System.Diagnostics.UnreachableException($"constant {id} is used but not in the module")
        : _made[id - _module.Constants.Capacity];

    private void AddConstantSegment(MirReference target, MirDataContents contents)
    {
        int alignment = target.Kind == MirReferenceKind.Constant && target.Id < _alignments.Length
            ? Math.Max(_alignments[target.Id], contents.AlignmentLog2)
            : contents.AlignmentLog2;
        AddSegment(target, contents, ".rodata" + _symbols.Rows[_symbols.IndexOf(target)].Name, SegmentFlags.None, alignment);
    }

    private void AddSegment(MirReference target, MirDataContents contents, string name, SegmentFlags flags, int alignmentLog2)
    {
        ulong mask = (1ul << alignmentLog2) - 1;
        ulong address = (_end + mask) & ~mask;
        _end = address + contents.Size;
        _segmentOf.Add(target, _segments.Count);
        _segments.Add(new Segment(contents, new SegmentInfo(Base.Utf8String.FromText(name), (uint)alignmentLog2, flags), address));
        foreach (MirDataRelocation relocation in contents.Relocations)
            _symbols.IndexOf(relocation.Target);
    }

    // The symbol's flag says it as well, but that of a local symbol is not looked at.
    private SegmentFlags FlagsOf(MirDataItem item) =>
        (item.IsThreadLocal && HasThreads ? SegmentFlags.Tls : SegmentFlags.None) | (item.IsRetained ? SegmentFlags.Retain : SegmentFlags.None);

    // The names that LLVM uses: the linker joins segments by what is before the second dot.
    private string SectionName(MirDataItem item)
    {
        if (item.Section is { } section)
            return section;
        bool isZero = item.Contents!.IsZero;
        string prefix = item.IsThreadLocal && HasThreads ? (isZero ? ".tbss" : ".tdata") : isZero ? ".bss" : item.IsConstant ? ".rodata" : ".data";
        return $"{prefix}.{item.Name}";
    }

    private readonly record struct Segment(MirDataContents Contents, SegmentInfo Info, ulong Address);
}
