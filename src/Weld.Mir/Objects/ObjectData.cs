using Weld.Mir.Modules;
using Weld.Wasm.Binary;
using Weld.Wasm.Linking;

namespace Weld.Mir.Objects;

/// <summary>The data segments of an object: one for each item, so that the linker can drop each by itself.</summary>
internal sealed class ObjectData
{
    private const int Unused = -1;

    private readonly ModuleObject _module;
    private readonly List<Segment> _segments = [];
    private readonly int[] _alignments;

    public ObjectData(ModuleObject module)
    {
        _module = module;
        HasThreads = module.Features.Contains("atomics");
        _alignments = new int[module.Constants.Capacity];
        Array.Fill(_alignments, Unused);
    }

    /// <summary>Whether thread-local data is one copy per thread; else it is ordinary data.</summary>
    public bool HasThreads { get; }

    public int Count => _segments.Count;

    /// <summary>The bytes that all segments take, once they are laid out.</summary>
    public ulong Size { get; private set; }

    /// <summary>Raises the alignment of a constant to what something that refers to it needs.</summary>
    public void NoteAlignment(MirReference target, int alignmentLog2)
    {
        if (target.Kind == MirReferenceKind.Constant)
            _alignments[target.Id] = Math.Max(_alignments[target.Id], alignmentLog2);
    }

    public void Add(MirReference target, MirDataItem item) =>
        _segments.Add(new Segment(target, item.Contents!, SectionName(item), FlagsOf(item)));

    /// <summary>Adds what has no name of its own.</summary>
    public void AddConstant(MirReference target, MirDataContents contents, string symbol) =>
        _segments.Add(new Segment(target, contents, ".rodata" + symbol, SegmentFlags.None));

    /// <summary>Gives all segments their addresses, when all alignments are known.</summary>
    public void LayOut(ObjectSymbols symbols)
    {
        for (int i = 0; i < _segments.Count; i++)
        {
            Segment segment = _segments[i];
            segment.AlignmentLog2 = segment.Contents.AlignmentLog2;
            if (segment.Target.Kind == MirReferenceKind.Constant)
                segment.AlignmentLog2 = Math.Max(segment.AlignmentLog2, _alignments[segment.Target.Id]);
            ulong mask = (1ul << segment.AlignmentLog2) - 1;
            segment.Address = (Size + mask) & ~mask;
            Size = segment.Address + segment.Contents.Size;
            symbols.Rows[symbols.IndexOf(segment.Target)].Index = (uint)i;
        }
    }

    public ulong AddressOf(uint segment) => _segments[(int)segment].Address;

    public uint SizeOf(uint segment) => _segments[(int)segment].Contents.Size;

    /// <summary>Writes the contents of the section.</summary>
    public void Write(WasmWriter section, ObjectRelocations relocations)
    {
        int sectionStart = section.Length;
        section.WriteLebU32((uint)Count);
        foreach (Segment segment in _segments)
        {
            MirDataContents contents = segment.Contents;
            section.WriteByte(0);
            section.WriteByte(_module.Is64 ? (byte)MirOpcode.I64Const : (byte)MirOpcode.I32Const);
            if (_module.Is64)
                section.WriteLebS64((long)segment.Address);
            else
                section.WriteLebS32(unchecked((int)segment.Address));
            section.WriteByte((byte)MirOpcode.End);
            section.WriteLebU32(contents.Size);
            int start = section.Length;
            section.WriteBytes(contents.Bytes.Span);
            int zeros = (int)contents.Size - contents.Bytes.Length;
            section.GetSpan(zeros)[..zeros].Clear();
            section.Advance(zeros);
            Span<byte> bytes = section.Editable[start..];
            for (int i = 0; i < contents.Relocations.Count; i++)
            {
                MirDataRelocation relocation = contents.Relocations[i];
                RelocationKind kind = ObjectRelocations.OfData(relocation.Use, _module.Is64);
                relocations.Add(kind, bytes[(int)relocation.Offset..], (uint)(start - sectionStart) + relocation.Offset, relocation.Target, relocation.Addend);
            }
        }
    }

    public void WriteSegmentInfo(WasmWriter writer, NameArena names)
    {
        foreach (Segment segment in _segments)
            LinkingSection.WriteSegmentInfo(writer, new SegmentInfo(names.Add(segment.Name), (uint)segment.AlignmentLog2, segment.Flags));
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

    private sealed class Segment(MirReference target, MirDataContents contents, string name, SegmentFlags flags)
    {
        public MirReference Target => target;

        public MirDataContents Contents => contents;

        public string Name => name;

        public SegmentFlags Flags => flags;

        public int AlignmentLog2 { get; set; }

        public ulong Address { get; set; }
    }
}
