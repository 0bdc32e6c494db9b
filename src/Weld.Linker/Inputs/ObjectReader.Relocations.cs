using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
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
        var packed = GC.AllocateUninitializedArray<PackedRelocation>(count);
        var batch = new RelocationBatch(reader, stackalloc Relocation[RelocationBatch.Size]);
        List<Relocation>? wide = null;
        int function = -1;
        // All are offsets in the section, as those of relocations are.
        uint last = 0;
        uint end = 0;
        uint bodyStart = 0;
        uint bodyEnd = 0;
        for (int done = 0; done < packed.Length;)
        {
            ReadOnlySpan<Relocation> relocations = batch.Read(packed.Length - done);
            for (int i = 0; i < relocations.Length;)
            {
                int usual = PackUsual(relocations[i..], packed.AsSpan(done), Math.Max(end, bodyStart), bodyStart, bodyEnd);
                i += usual;
                done += usual;
                if (usual != 0)
                {
                    last = relocations[i - 1].Offset;
                    end = last + (uint)RelocationTable.Get(relocations[i - 1].Kind).Width;
                }
                if (i == relocations.Length)
                    break;
                // The first of a function, too wide, or wrong.
                Relocation relocation = relocations[i];
                RelocationInfo info = RelocationTable.Get(relocation.Kind);
                // Two that overlap would leave an immediate that no longer ends where it did. Beyond the section, sums could overflow.
                if (relocation.Offset < end || relocation.Offset >= _codeSize || !info.IsLeb || !RelocationChecker.Accepts(relocation, info, _symbols, _types.Length))
                    RefuseInCode(batch, i, last);
                last = relocation.Offset;
                end = last + (uint)info.Width;
                if (last >= bodyEnd)
                {
                    function = BeginFunction(function, last, done);
                    if (function < 0)
                        RefusePlace(batch, i, _codeSize, last, "is not inside a function");
                    bodyStart = _functions[function].BodyOffset - _codeOffset;
                    bodyEnd = bodyStart + _functions[function].BodySize;
                }
                if (last < bodyStart || end > bodyEnd)
                    RefusePlace(batch, i, _codeSize, last, "is not inside a function");
                if (relocation.Kind == RelocationKind.FunctionIndexLeb)
                    _symbols[relocation.Index].Marks |= InputSymbolMarks.CalledDirectly;
                packed[done] = PackedRelocation.Pack(relocation, bodyStart, out bool fits);
                if (!fits)
                    packed[done] = AddWide(ref wide, relocation, bodyStart);
                i++;
                done++;
            }
        }
        EndFunction(function, packed.Length);
        batch.CheckEnd();
        _codeRelocations = new RelocationList(packed, wide);
    }

    /// <summary>Packs relocations of one function, up to the first one that needs a closer look. Without a call: what that needs would take
    /// the registers, and this is done for every relocation of code.</summary>
    /// <param name="relocations">The relocations.</param>
    /// <param name="packed">Receives them.</param>
    /// <param name="end">Where the one before ends, or the function begins.</param>
    /// <param name="bodyStart">Where the function begins.</param>
    /// <param name="bodyEnd">Where it ends.</param>
    /// <returns>How many were packed.</returns>
    private int PackUsual(ReadOnlySpan<Relocation> relocations, Span<PackedRelocation> packed, uint end, uint bodyStart, uint bodyEnd)
    {
        InputSymbol[] symbols = _symbols;
        int count = 0;
        while (count < relocations.Length && count < packed.Length)
        {
            ref readonly Relocation relocation = ref relocations[count];
            RelocationInfo info = RelocationTable.Get(relocation.Kind);
            uint index = relocation.Index;
            if (relocation.Offset < end || !info.IsLeb || index >= (uint)symbols.Length)
                break;
            ref InputSymbol symbol = ref symbols[index];
            end = relocation.Offset + (uint)info.Width;
            packed[count] = PackedRelocation.Pack(relocation, bodyStart, out bool fits);
            if (!info.Accepts(symbol.Kind) || end > bodyEnd || !fits)
                break;
            if (relocation.Kind == RelocationKind.FunctionIndexLeb)
                symbol.Marks |= InputSymbolMarks.CalledDirectly;
            count++;
        }
        return count;
    }

    /// <summary>The function in which a relocation is. When it is in none: one that it is not inside, or -1 when there are no functions.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private int BeginFunction(int previous, uint offset, int relocation)
    {
        EndFunction(previous, relocation);
        uint place = _codeOffset + offset;
        int function = previous + 1;
        while (function < _functions.Length - 1 && _functions[function].BodyOffset + _functions[function].BodySize <= place)
            function++;
        if (function >= _functions.Length)
            return _functions.Length - 1;
        _functions[function].FirstRelocation = relocation;
        return function;
    }

    private void EndFunction(int function, int relocation)
    {
        if (function >= 0)
            _functions[function].RelocationCount = relocation - _functions[function].FirstRelocation;
    }

    private void ReadDataRelocations(WasmReader reader, int count)
    {
        var packed = GC.AllocateUninitializedArray<PackedRelocation>(count);
        var batch = new RelocationBatch(reader, stackalloc Relocation[RelocationBatch.Size]);
        List<Relocation>? wide = null;
        uint last = 0;
        int index = 0;
        for (int done = 0; done < packed.Length;)
        {
            ReadOnlySpan<Relocation> relocations = batch.Read(packed.Length - done);
            for (int i = 0; i < relocations.Length; i++, done++)
            {
                ref readonly Relocation relocation = ref relocations[i];
                RelocationInfo info = RelocationTable.Get(relocation.Kind);
                if (relocation.Offset < last || relocation.Offset > int.MaxValue - (uint)info.Width || !RelocationChecker.Accepts(relocation, info, _symbols, _types.Length))
                    RefusePlace(batch, i, int.MaxValue, last, "is before the one before");
                last = relocation.Offset;
                uint place = _dataOffset + relocation.Offset;
                while (index < _segments.Length && _segments[index].Offset + _segments[index].Size <= place)
                    index++;
                if (index == _segments.Length || place < _segments[index].Offset || place + (uint)info.Width > _segments[index].Offset + _segments[index].Size)
                    RefusePlace(batch, i, int.MaxValue, last, "is not inside a data segment");
                ref InputSegment segment = ref _segments[index];
                if (segment.RelocationCount++ == 0)
                    segment.FirstRelocation = done;
                packed[done] = PackedRelocation.Pack(relocation, segment.Offset - _dataOffset, out bool fits);
                if (!fits)
                    packed[done] = AddWide(ref wide, relocation, segment.Offset - _dataOffset);
            }
        }
        batch.CheckEnd();
        _dataRelocations = new RelocationList(packed, wide);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static PackedRelocation AddWide(ref List<Relocation>? wide, in Relocation relocation, uint start)
    {
        wide ??= [];
        wide.Add(relocation with { Offset = relocation.Offset - start });
        return PackedRelocation.Wide(relocation.Kind, wide.Count - 1);
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
    /// <param name="batch">Where it comes from.</param>
    /// <param name="number">Its number in the batch.</param>
    /// <param name="last">The offset of the one before it.</param>
    [DoesNotReturn]
    private void RefuseInCode(in RelocationBatch batch, int number, uint last)
    {
        WasmReader reader = batch.ReaderOf(number);
        long entry = reader.FileOffset;
        RelocationInfo info = RelocationTable.Get(Check(ref reader, _codeSize, last).Kind);
        if (!info.IsLeb)
            throw new MalformedInputException($"invalid relocation: {info.Name} in code, where only LEB128 values can be relocated", entry);
        RefusePlace(batch, number, _codeSize, last, "overlaps the one before");
    }

    /// <summary>The message about a relocation at a wrong place, unless something else is wrong with it.</summary>
    /// <param name="batch">Where it comes from.</param>
    /// <param name="number">Its number in the batch.</param>
    /// <param name="limit">The size of the section that is relocated.</param>
    /// <param name="last">The offset of the one before it.</param>
    /// <param name="problem">What the place is not.</param>
    [DoesNotReturn]
    private void RefusePlace(in RelocationBatch batch, int number, uint limit, uint last, string problem)
    {
        WasmReader reader = batch.ReaderOf(number);
        long entry = reader.FileOffset;
        uint offset = Check(ref reader, limit, last).Offset;
        throw new MalformedInputException($"invalid relocation offset: 0x{offset:x} {problem}", entry);
    }

    private Relocation Check(ref WasmReader reader, uint limit, uint last) => new RelocationChecker(_symbols, _types.Length, limit, last).Read(ref reader);
}
