using Weld.Linker.Inputs;
using Weld.Linker.Planning;
using Weld.Linker.Resolution;
using Weld.Wasm.Binary;
using Weld.Wasm.Sections;

namespace Weld.Linker.Image;

/// <content>Code, data and copied custom sections: most of the bytes, written in pieces and in parallel.</content>
public sealed unsafe partial class ImageWriter
{
    private void AddCode()
    {
        if (_plan.Functions.Count == 0)
            return;
        long start = Place(MakeHead(SectionId.Code, _code.Size), _code.Size, MakeCount(_plan.Functions.Count));
        int first = 0;
        while (first < _plan.Functions.Count)
        {
            int from = first;
            long limit = _code.EntryOf(from) + PieceSize;
            while (first < _plan.Functions.Count && _code.EntryOf(first) < limit)
                first++;
            int to = first;
            long end = first < _plan.Functions.Count ? _code.EntryOf(first) : _code.Size;
            _pieces.Add(new Piece(start + _code.EntryOf(from), end - _code.EntryOf(from), (image, scratch) => WriteFunctions(image + start, from, to, scratch)));
        }
    }

    private void WriteFunctions(byte* section, int from, int to, Scratch scratch)
    {
        RelocationValues values = scratch.Values;
        BodyVerifier? verifier = scratch.Verifier;
        for (int i = from; i < to; i++)
        {
            OutputFunction function = _plan.Functions[i];
            byte* entry = section + _code.EntryOf(i);
            uint size = _code.SizeOf(i);
            entry += Leb128.WriteU64(new Span<byte>(entry, Leb128.Padded32), size);
            var body = new Span<byte>(entry, (int)size);
            if (function.Owner is not LinkedObject owner)
            {
                _plan.SyntheticFunctions[(int)function.Function].Body.CopyTo(body);
                continue;
            }
            values.SetOwner(owner);
            ref InputFunction input = ref owner.Object.Functions[function.Function];
            ReadOnlySpan<byte> source = owner.Object.Slice(input.BodyOffset, input.BodySize);
            RelocationRange relocations = owner.Object.RelocationsOf(input);
            if (_code.IsCompressed(owner))
            {
                values.ApplyCompressed(relocations, source, body);
            }
            else
            {
                source.CopyTo(body);
                values.Apply(relocations, body, 0);
            }
            verifier?.Verify(owner, function, body, values.Diagnostics);
        }
    }

    /// <summary>Small segments, of which there are very many with <c>-r</c>, are written together.</summary>
    private void AddData()
    {
        ReadOnlySpan<OutputSegment> segments = _data.Segments;
        if (segments.IsEmpty)
            return;
        long start = Place(MakeHead(SectionId.Data, _data.Size), _data.Size, MakeCount(segments.Length));
        for (int first = 0; first < segments.Length;)
        {
            int from = first;
            long entry = _data.EntryOf(from);
            while (first < segments.Length && _data.EndOf(first) - entry <= PieceSize)
                first++;
            int to = first;
            if (to == from)
            {
                _pieces.Add(new Piece(start + entry, _data.HeadOf(from).Length, (image, _) => CopyHead(image + start, from)));
                AddSegmentPieces(segments[first++], start + _data.ContentsOf(from));
            }
            else
            {
                _pieces.Add(new Piece(start + entry, _data.EndOf(to - 1) - entry, (image, scratch) => WriteSegments(image + start, from, to, scratch.Values)));
            }
        }
    }

    private void WriteSegments(byte* section, int from, int to, RelocationValues values)
    {
        for (int i = from; i < to; i++)
        {
            CopyHead(section, i);
            OutputSegment segment = _data.Segments[i];
            WriteChunks(section + _data.ContentsOf(i), 0, segment, 0, segment.Chunks.Count, values);
        }
    }

    private void CopyHead(byte* section, int segment)
    {
        ReadOnlySpan<byte> head = _data.HeadOf(segment);
        head.CopyTo(new Span<byte>(section + _data.EntryOf(segment), head.Length));
    }

    private void AddSegmentPieces(OutputSegment segment, long start) => AddPieces(start, segment.Chunks.Count, (long)segment.Size,
        index => (long)segment.Chunks[index].Offset,
        index => segment.Chunks[index].Strings,
        (image, begin, from, to, values) => WriteChunks(image + start, begin, segment, from, to, values));

    /// <summary>Cuts what consists of chunks into pieces. What is before the first chunk belongs to the first piece, and what is
    /// between two chunks to the piece of the first of them.</summary>
    /// <param name="start">Where it is in the file.</param>
    /// <param name="count">The number of chunks.</param>
    /// <param name="size">The size of everything.</param>
    /// <param name="offsetOf">Where a chunk starts.</param>
    /// <param name="stringsOf">The strings of a chunk; null for what an object has.</param>
    /// <param name="write">Writes some chunks.</param>
    private void AddPieces(long start, int count, long size, Func<int, long> offsetOf, Func<int, MergedStrings?> stringsOf, ChunkWriter write)
    {
        int first = 0;
        while (first < count)
        {
            int from = first;
            long place = offsetOf(from);
            if (stringsOf(from) is { Size: > (int)PieceSize } strings)
            {
                AddStringPieces(start + place, strings);
                place += strings.Size;
                from = ++first;
            }
            long limit = place + PieceSize;
            while (first < count && offsetOf(first) < limit && stringsOf(first) is not { Size: > (int)PieceSize })
                first++;
            int to = first;
            long end = to < count ? offsetOf(to) : size;
            if (end > place)
                _pieces.Add(new Piece(start + place, end - place, (image, scratch) => write(image, place, from, to, scratch.Values)));
        }
    }

    private void AddStringPieces(long start, MergedStrings strings)
    {
        for (int done = 0; done < strings.Size; done += (int)PieceSize)
        {
            int from = done;
            int size = (int)Math.Min(strings.Size - from, PieceSize);
            _pieces.Add(new Piece(start + from, size, (image, _) => strings.Write(from, new Span<byte>(image + start + from, size))));
        }
    }

    /// <param name="image">The image.</param>
    /// <param name="begin">Where the piece begins in the contents: at its first chunk, or before it, where zeros are.</param>
    /// <param name="from">The first chunk.</param>
    /// <param name="to">The chunk after the last one.</param>
    /// <param name="values">What relocations are replaced by.</param>
    private delegate void ChunkWriter(byte* image, long begin, int from, int to, RelocationValues values);

    private static void WriteChunks(byte* contents, long begin, OutputSegment segment, int from, int to, RelocationValues values)
    {
        ulong end = (ulong)begin;
        for (int i = from; i < to; i++)
        {
            SegmentChunk chunk = segment.Chunks[i];
            Clear(contents + end, (long)(chunk.Offset - end));
            var destination = new Span<byte>(contents + chunk.Offset, (int)chunk.Size);
            end = chunk.Offset + chunk.Size;
            if (chunk.Strings is not null)
            {
                chunk.Strings.Write(0, destination);
                continue;
            }
            LinkedObject owner = chunk.Owner!;
            ref InputSegment input = ref owner.Object.Segments[chunk.Segment];
            owner.Object.Slice(input.Offset, input.Size).CopyTo(destination);
            if (input.RelocationCount == 0)
                continue;
            values.SetOwner(owner);
            values.Apply(owner.Object.RelocationsOf(input), destination, segment.Address + chunk.Offset);
        }
        // The padding before the next piece's first chunk.
        ulong next = to < segment.Chunks.Count ? segment.Chunks[to].Offset : segment.Size;
        Clear(contents + end, (long)(next - end));
    }

    private void AddCustom(OutputCustomSection section)
    {
        long start = Place(MakeHead(section.Name.Bytes, section.Size), section.Size, default);
        AddPieces(start, section.Chunks.Count, section.Size, index => section.Chunks[index].Offset, index => section.Chunks[index].Strings,
            (image, begin, from, to, values) => WriteChunks(image + start, begin, section, from, to, values));
    }

    private static void WriteChunks(byte* contents, long begin, OutputCustomSection section, int from, int to, RelocationValues values)
    {
        ulong tombstone = Tombstone(section.Name);
        long end = begin;
        for (int i = from; i < to; i++)
        {
            CustomChunk chunk = section.Chunks[i];
            Clear(contents + end, chunk.Offset - end);
            end = chunk.Offset + chunk.Size;
            var destination = new Span<byte>(contents + chunk.Offset, (int)chunk.Size);
            if (chunk.Strings is not null)
            {
                chunk.Strings.Write(0, destination);
                continue;
            }
            LinkedObject owner = chunk.Owner!;
            ref InputCustomSection input = ref owner.Object.CustomSections[chunk.Section];
            owner.Object.Slice(input.Offset, input.Size).CopyTo(destination);
            if (input.RelocationSize != 0)
                values.ApplyChecked(owner, input, contents + chunk.Offset, tombstone);
        }
        long next = to < section.Chunks.Count ? section.Chunks[to].Offset : section.Size;
        Clear(contents + end, next - end);
    }

    /// <summary>What debuggers take for "not there": -1, but -2 where -1 means something else already.</summary>
    private static ulong Tombstone(Base.Utf8String section) =>
        section.Equals(".debug_ranges"u8) || section.Equals(".debug_loc"u8) ? unchecked((ulong)-2)
        : section.StartsWith(".debug_"u8) || section.StartsWith("llvm.func_attr."u8) ? unchecked((ulong)-1)
        : 0;

    private static byte[] MakeCount(int count)
    {
        var writer = new WasmWriter(Leb128.Padded32);
        writer.WriteLebU32((uint)count);
        return writer.ToArray();
    }

    private static void Clear(byte* start, long length)
    {
        if (length > 0)
            System.Runtime.InteropServices.NativeMemory.Clear(start, (nuint)length);
    }
}
