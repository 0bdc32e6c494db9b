using System.Runtime.CompilerServices;
using Weld.Linker.Inputs;
using Weld.Linker.Planning;
using Weld.Linker.Resolution;
using Weld.Wasm.Binary;
using Weld.Wasm.Linking;

namespace Weld.Linker.Image;

/// <content>The relocations of code, data and custom sections: an input's, with the output's offsets and symbols. Those against symbols that are gone
/// have been applied for good.</content>
public sealed partial class RelocatableOutput
{
    private int RoomForCodeRelocations(int from, int to)
    {
        int count = 0;
        for (int i = from; i < to; i++)
            if (_plan.Functions[i] is { Owner: LinkedObject owner } function)
                count += owner.Object.Functions[function.Function].RelocationCount;
        return (int)Math.Min((long)count * RelocationSize, MostRoom);
    }

    private uint WriteCodeRelocations(WasmWriter writer, int from, int to)
    {
        var entries = new RelocationWriter(writer);
        for (int i = from; i < to; i++)
            if (_plan.Functions[i] is { Owner: LinkedObject owner } function)
                Write(ref entries, owner, owner.Object.RelocationsOf(owner.Object.Functions[function.Function]), (long)_code.OffsetOfFunctionIndex(_plan.ImportedFunctionCount + (uint)i));
        entries.Finish();
        return entries.Count;
    }

    /// <summary>With <c>-r</c> there are many segments of one chunk and some of many, so parts are made of the chunks of all segments.</summary>
    private EntryParts MakeDataRelocations()
    {
        var firstChunks = new int[_data.Segments.Length];
        int chunks = 0;
        for (int i = 0; i < firstChunks.Length; i++)
        {
            firstChunks[i] = chunks;
            chunks += _data.Segments[i].Chunks.Count;
        }
        return new EntryParts(chunks, ChunksPerPart, ChunkRelocationsSize, (writer, from, to) =>
        {
            int segment = Array.BinarySearch(firstChunks, from);
            if (segment < 0)
                segment = ~segment - 1;
            var entries = new RelocationWriter(writer);
            for (; from < to; segment++)
            {
                int end = Math.Min(to - firstChunks[segment], _data.Segments[segment].Chunks.Count);
                WriteDataRelocations(ref entries, segment, from - firstChunks[segment], end);
                from = firstChunks[segment] + end;
            }
            entries.Finish();
            return entries.Count;
        });
    }

    private void WriteDataRelocations(ref RelocationWriter entries, int segment, int from, int to)
    {
        for (int i = from; i < to; i++)
        {
            SegmentChunk chunk = _data.Segments[segment].Chunks[i];
            if (chunk.Owner is LinkedObject owner && owner.Object.Segments[chunk.Segment].RelocationCount != 0)
                Write(ref entries, owner, owner.Object.RelocationsOf(owner.Object.Segments[chunk.Segment]), _data.ContentsOf(segment) + (long)chunk.Offset);
        }
    }

    /// <summary>In the output, offsets and indexes of symbols are often a byte longer.</summary>
    private static int RoomForCustomRelocations(OutputCustomSection section, int from, int to)
    {
        long size = 0;
        for (int i = from; i < to; i++)
            if (section.Chunks[i] is { Owner: LinkedObject owner } chunk)
                size += owner.Object.CustomSections[chunk.Section].RelocationSize + (2L * owner.Object.CustomSections[chunk.Section].RelocationCount);
        return (int)Math.Min(size, MostRoom);
    }

    private uint WriteCustomRelocations(WasmWriter writer, OutputCustomSection section, int from, int to)
    {
        var entries = new RelocationWriter(writer);
        for (int i = from; i < to; i++)
        {
            CustomChunk chunk = section.Chunks[i];
            if (chunk.Owner is not LinkedObject owner)
                continue;
            int[] indexes = _indexes[owner.Index];
            for (RelocationReader relocations = owner.Object.RelocationsOf(owner.Object.CustomSections[chunk.Section]); !relocations.AtEnd;)
                Write(ref entries, owner, indexes, relocations.Read(), chunk.Offset);
        }
        entries.Finish();
        return entries.Count;
    }

    /// <param name="entries">Receives the entries.</param>
    /// <param name="owner">The object.</param>
    /// <param name="relocations">Those of one function or segment.</param>
    /// <param name="start">Where that is in the output's section.</param>
    private void Write(ref RelocationWriter entries, LinkedObject owner, RelocationRange relocations, long start)
    {
        int[] indexes = _indexes[owner.Index];
        foreach (PackedRelocation relocation in relocations.All)
            Write(ref entries, owner, indexes, relocations.Unpack(relocation), start);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Write(ref RelocationWriter entries, LinkedObject owner, int[] indexes, scoped in Relocation relocation, long start)
    {
        RelocationKind kind = relocation.Kind;
        int index = kind == RelocationKind.TypeIndexLeb ? NoIndex : indexes[relocation.Index];
        long addend = relocation.Addend;
        if (index < 0)
        {
            // Not into the same variables, which would then be in memory for all.
            if (!TryMapUnusual(owner, kind, relocation.Index, addend, out int unusual, out long mapped))
                return;
            index = unusual;
            addend = mapped;
        }
        entries.Write(kind, (uint)(relocation.Offset + start), (uint)index, addend);
    }

    /// <summary>What types and sections are in the output.</summary>
    /// <returns>False for what is not in it.</returns>
    private bool TryMapUnusual(LinkedObject owner, RelocationKind kind, uint index, long addend, out int mapped, out long mappedAddend)
    {
        mapped = NoIndex;
        mappedAddend = addend;
        if (kind == RelocationKind.TypeIndexLeb)
        {
            mapped = _plan.TypeIndex[owner.Signatures[index].Index];
            return true;
        }
        ref InputSymbol symbol = ref owner.Object.Symbols[index];
        if (symbol.Kind != SymbolKind.Section)
            return false;
        ref CustomPlace place = ref _plan.CustomPlaces[owner.ElementOf(symbol)];
        if (!place.IsInOutput)
            return false;
        mapped = _firstSectionSymbol + place.Output;
        mappedAddend = place.Map(addend);
        return true;
    }
}
