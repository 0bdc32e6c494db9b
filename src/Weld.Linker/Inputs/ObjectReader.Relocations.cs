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
        // The entries of one body or segment must lie together.
        if (!_sections.TryMarkRelocated(target))
            throw new MalformedInputException($"section {target} has more than one relocation section", start);
        int count = reader.ReadCount("relocation", minimumSize: 3);
        switch (_sections.IdOf(target))
        {
            case SectionId.Code:
                ReadCodeRelocations(reader, count);
                reader.Skip((uint)reader.Remaining);
                break;
            case SectionId.Data:
                ReadDataRelocations(reader, count);
                reader.Skip((uint)reader.Remaining);
                break;
            case SectionId.Custom:
                _sections.TryGetCustom(target, out uint custom);
                ReadCustomRelocations(ref reader, count, custom);
                break;
            default:
                throw new MalformedInputException($"relocations against section {target}, which cannot have any", start);
        }
        if (!reader.AtEnd)
            throw reader.Malformed("reloc section ended prematurely");
    }

    private void ReadCodeRelocations(WasmReader reader, int count)
    {
        var packer = new RelocationPacker(_file, reader, count, _symbols, _types.Length, isCode: true);
        int function = -1;
        // All are offsets in the section, as those of relocations are.
        uint start = 0;
        uint end = 0;
        while (packer.PackUsual(start, end))
        {
            if (packer.StoppedAt >= end && packer.StoppedAt < _codeSize && function < _functions.Length - 1)
            {
                function = BeginFunction(function, packer, packer.StoppedAt, out start, out end);
                continue;
            }
            // Too long, wide or wrong.
            WasmReader entry = packer.Reader;
            Relocation relocation = packer.Read();
            RelocationInfo info = RelocationTable.Get(relocation.Kind);
            // Two that overlap would leave an immediate that no longer ends where it did. Beyond the section, sums could overflow.
            if (relocation.Offset < packer.End || relocation.Offset >= _codeSize || !info.IsLeb || !RelocationChecker.Accepts(relocation, info, _symbols, _types.Length))
                RefuseInCode(entry, packer.Last);
            if (relocation.Offset >= end && function < _functions.Length - 1)
                function = BeginFunction(function, packer, relocation.Offset, out start, out end);
            if (relocation.Offset < start || relocation.Offset + (uint)info.Width > end)
                RefusePlace(entry, _codeSize, packer.Last, "is not inside a function");
            packer.Add(relocation, start);
        }
        EndFunction(function, packer);
        _codeRelocations = packer.Finish();
    }

    /// <summary>The next function that ends behind an offset, or the last one.</summary>
    private int BeginFunction(int previous, in RelocationPacker packer, uint offset, out uint start, out uint end)
    {
        EndFunction(previous, packer);
        uint place = _codeOffset + offset;
        int index = previous + 1;
        while (index < _functions.Length - 1 && _functions[index].BodyOffset + _functions[index].BodySize <= place)
            index++;
        ref InputFunction function = ref _functions[index];
        function.FirstRelocation = packer.Count;
        start = function.BodyOffset - _codeOffset;
        end = start + function.BodySize;
        return index;
    }

    private void EndFunction(int index, in RelocationPacker packer)
    {
        if (index >= 0)
            _functions[index].RelocationCount = packer.Count - _functions[index].FirstRelocation;
    }

    private void ReadDataRelocations(WasmReader reader, int count)
    {
        var packer = new RelocationPacker(_file, reader, count, _symbols, _types.Length, isCode: false);
        int segment = -1;
        uint start = 0;
        uint end = 0;
        while (packer.PackUsual(start, end))
        {
            if (packer.StoppedAt >= end && packer.StoppedAt <= int.MaxValue && segment < _segments.Length - 1)
            {
                segment = BeginSegment(segment, packer, packer.StoppedAt, out start, out end);
                continue;
            }
            WasmReader entry = packer.Reader;
            Relocation relocation = packer.Read();
            RelocationInfo info = RelocationTable.Get(relocation.Kind);
            if (relocation.Offset < packer.Last || relocation.Offset > int.MaxValue - (uint)info.Width || !RelocationChecker.Accepts(relocation, info, _symbols, _types.Length))
                RefusePlace(entry, int.MaxValue, packer.Last, "is before the one before");
            if (relocation.Offset >= end && segment < _segments.Length - 1)
                segment = BeginSegment(segment, packer, relocation.Offset, out start, out end);
            if (relocation.Offset < start || relocation.Offset + (uint)info.Width > end)
                RefusePlace(entry, int.MaxValue, packer.Last, "is not inside a data segment");
            packer.Add(relocation, start);
        }
        EndSegment(segment, packer);
        _dataRelocations = packer.Finish();
    }

    /// <summary>The next segment that ends behind an offset, or the last one.</summary>
    private int BeginSegment(int previous, in RelocationPacker packer, uint offset, out uint start, out uint end)
    {
        EndSegment(previous, packer);
        uint place = _dataOffset + offset;
        int index = previous + 1;
        while (index < _segments.Length - 1 && _segments[index].Offset + _segments[index].Size <= place)
            index++;
        ref InputSegment segment = ref _segments[index];
        segment.FirstRelocation = packer.Count;
        start = segment.Offset - _dataOffset;
        end = start + segment.Size;
        return index;
    }

    private void EndSegment(int index, in RelocationPacker packer)
    {
        if (index >= 0)
            _segments[index].RelocationCount = packer.Count - _segments[index].FirstRelocation;
    }

    /// <summary>Only notes where they are: <see cref="RelocationChecker"/> looks at them when they are applied.</summary>
    private void ReadCustomRelocations(ref WasmReader reader, int count, uint custom)
    {
        ref InputCustomSection section = ref _sections.CustomAt(custom);
        section.RelocationOffset = (uint)reader.FileOffset;
        section.RelocationSize = (uint)reader.Remaining;
        section.RelocationCount = count;
        reader.Skip(section.RelocationSize);
    }

    /// <summary>The message about a relocation of code.</summary>
    /// <param name="entry">Stands before it.</param>
    /// <param name="last">The offset of the one before it.</param>
    [DoesNotReturn]
    private void RefuseInCode(WasmReader entry, uint last)
    {
        WasmReader reader = entry;
        RelocationInfo info = RelocationTable.Get(Check(ref reader, _codeSize, last).Kind);
        if (!info.IsLeb)
            throw entry.Malformed($"invalid relocation: {info.Name} in code, where only LEB128 values can be relocated");
        RefusePlace(entry, _codeSize, last, "overlaps the one before");
    }

    /// <summary>The message about a relocation at a wrong place, unless something else is wrong with it.</summary>
    /// <param name="entry">Stands before it.</param>
    /// <param name="limit">The size of the section that is relocated.</param>
    /// <param name="last">The offset of the one before it.</param>
    /// <param name="problem">What the place is not.</param>
    [DoesNotReturn]
    private void RefusePlace(WasmReader entry, uint limit, uint last, string problem)
    {
        WasmReader reader = entry;
        throw entry.Malformed($"invalid relocation offset: 0x{Check(ref reader, limit, last).Offset:x} {problem}");
    }

    private Relocation Check(ref WasmReader reader, uint limit, uint last) => new RelocationChecker(_symbols, _types.Length, limit, last).Read(ref reader);
}
