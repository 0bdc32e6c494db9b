using System.Diagnostics.CodeAnalysis;
using Weld.Base.Diagnostics;
using Weld.Wasm.Binary;
using Weld.Wasm.Linking;
using Weld.Wasm.Sections;

namespace Weld.Linker.Inputs;

/// <content>Relocation sections.</content>
public sealed partial class ObjectReader
{
    private void ReadRelocationSection(ref WasmReader reader)
    {
        long start = reader.FileOffset;
        uint target = reader.ReadLebU32();
        if (!_hasLinkingSection)
            throw new MalformedInputException("relocation section before the linking section", start);
        if (target >= (uint)_sections.Count - 1)
            throw new MalformedInputException($"invalid section index: {target}", start);
        (SectionId id, int custom, _, _) = _sections[(int)target];
        // The entries of one body or segment must lie together.
        if (!_relocatedSections.Add(target))
            throw new MalformedInputException($"section {target} has more than one relocation section", start);
        int count = reader.ReadCount("relocation", minimumSize: 3);
        switch (id)
        {
            case SectionId.Code:
                ReadCodeRelocations(ref reader, count);
                break;
            case SectionId.Data:
                ReadDataRelocations(ref reader, count);
                break;
            case SectionId.Custom:
                ReadCustomRelocations(ref reader, count, custom);
                break;
            default:
                throw new MalformedInputException($"relocations against section {target}, which cannot have any", start);
        }
        if (!reader.AtEnd)
            throw reader.Malformed("reloc section ended prematurely");
    }

    private void ReadCodeRelocations(ref WasmReader reader, int count)
    {
        var packer = new RelocationPacker(count);
        var checker = new RelocationChecker(_symbols, _types.Length, _codeSize);
        int function = -1;
        // All are offsets in the section, as those of relocations are.
        uint end = 0;
        uint bodyStart = 0;
        uint bodyEnd = 0;
        for (int i = 0; i < count; i++)
        {
            uint entry = (uint)reader.FileOffset;
            Relocation relocation = checker.Read(ref reader);
            RelocationInfo info = RelocationTable.Get(relocation.Kind);
            if (!info.IsLeb)
                ThrowNoLeb(info, entry);
            // Two that overlap would leave an immediate that no longer ends where it did.
            if (relocation.Offset < end)
                ThrowPlace(relocation.Offset, "overlaps the one before", entry);
            end = relocation.Offset + (uint)info.Width;
            if (relocation.Offset >= bodyEnd)
            {
                function = FindFunction(function + 1, relocation.Offset, entry);
                ref InputFunction body = ref _functions[function];
                body.FirstRelocation = i;
                bodyStart = body.BodyOffset - _codeOffset;
                bodyEnd = bodyStart + body.BodySize;
            }
            if (relocation.Offset < bodyStart || end > bodyEnd)
                ThrowPlace(relocation.Offset, "is not inside a function", entry);
            _functions[function].RelocationCount++;
            if (relocation.Kind == RelocationKind.FunctionIndexLeb)
                _symbols[relocation.Index].Marks |= InputSymbolMarks.CalledDirectly;
            packer.Add(relocation.Kind, relocation.Offset - bodyStart, relocation.Index, relocation.Addend);
        }
        _codeRelocations = packer.Finish();
    }

    private int FindFunction(int first, uint offset, uint entry)
    {
        uint place = _codeOffset + offset;
        while (first < _functions.Length && _functions[first].BodyOffset + _functions[first].BodySize <= place)
            first++;
        if (first == _functions.Length)
            ThrowPlace(offset, "is not inside a function", entry);
        return first;
    }

    private void ReadDataRelocations(ref WasmReader reader, int count)
    {
        var packer = new RelocationPacker(count);
        var checker = new RelocationChecker(_symbols, _types.Length, int.MaxValue);
        int index = 0;
        for (int i = 0; i < count; i++)
        {
            uint entry = (uint)reader.FileOffset;
            Relocation relocation = checker.Read(ref reader);
            uint place = _dataOffset + relocation.Offset;
            while (index < _segments.Length && _segments[index].Offset + _segments[index].Size <= place)
                index++;
            if (index == _segments.Length || place < _segments[index].Offset
                || place + (uint)RelocationTable.Get(relocation.Kind).Width > _segments[index].Offset + _segments[index].Size)
                ThrowPlace(relocation.Offset, "is not inside a data segment", entry);
            ref InputSegment segment = ref _segments[index];
            if (segment.RelocationCount++ == 0)
                segment.FirstRelocation = i;
            packer.Add(relocation.Kind, place - segment.Offset, relocation.Index, relocation.Addend);
        }
        _dataRelocations = packer.Finish();
    }

    /// <summary>Only notes where they are: <see cref="RelocationChecker"/> looks at them when they are applied.</summary>
    private void ReadCustomRelocations(ref WasmReader reader, int count, int custom)
    {
        ref InputCustomSection section = ref System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_customSections)[custom];
        section.RelocationOffset = (uint)reader.FileOffset;
        section.RelocationSize = (uint)reader.Remaining;
        section.RelocationCount = count;
        reader.Skip(section.RelocationSize);
    }

    [DoesNotReturn]
    private static void ThrowNoLeb(RelocationInfo info, long offset) =>
        throw new MalformedInputException($"invalid relocation: {info.Name} in code, where only LEB128 values can be relocated", offset);

    [DoesNotReturn]
    private static void ThrowPlace(uint place, string problem, long offset) =>
        throw new MalformedInputException($"invalid relocation offset: 0x{place:x} {problem}", offset);

    /// <summary>Collects relocations.</summary>
    private ref struct RelocationPacker(int count)
    {
        private readonly PackedRelocation[] _packed = GC.AllocateUninitializedArray<PackedRelocation>(count);
        private List<Relocation>? _wide;
        private int _count;

        public void Add(RelocationKind kind, uint offset, uint index, long addend)
        {
            if (!PackedRelocation.TryPack(kind, offset, index, addend, out _packed[_count]))
                AddWide(new Relocation(kind, offset, index, addend));
            _count++;
        }

        public readonly RelocationList Finish() => new(_packed, _wide?.ToArray());

        private void AddWide(in Relocation relocation)
        {
            _wide ??= [];
            _packed[_count] = PackedRelocation.Wide(relocation.Kind, _wide.Count);
            _wide.Add(relocation);
        }
    }
}
