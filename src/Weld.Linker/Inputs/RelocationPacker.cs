using System.Runtime.CompilerServices;
using Weld.Wasm.Binary;
using Weld.Wasm.Linking;

namespace Weld.Linker.Inputs;

/// <summary>Decodes, checks and packs the relocations of a section.</summary>
/// <remarks>There are more relocations than anything else in an object. So nearly all are dealt with in one loop that calls nothing, which stops at what is
/// unusual or wrong; that is read again in another way, which knows what to say about it.</remarks>
internal unsafe ref struct RelocationPacker
{
    // Kind, offset, index and addend, with four bytes each at most but for the kind.
    private const int LongestUsual = 1 + (3 * ShortLeb.Longest);

    private readonly InputFile _file;
    private readonly byte* _end;
    private readonly InputSymbol[] _symbols;
    private readonly uint _typeCount;
    private readonly bool _takesAll;
    private readonly InputSymbolMarks _mark;
    private readonly PackedRelocation[] _packed;
    private List<Relocation>? _wide;
    private byte* _next;

    /// <param name="file">The object.</param>
    /// <param name="reader">Stands before the entries, which are the rest of what it reads.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="symbols">The object's symbols.</param>
    /// <param name="typeCount">How many types it has.</param>
    /// <param name="isCode">Whether only what is written as LEB128 can be relocated.</param>
    public RelocationPacker(InputFile file, scoped in WasmReader reader, int count, InputSymbol[] symbols, int typeCount, bool isCode)
    {
        _file = file;
        _next = file.Start + reader.FileOffset;
        _end = _next + reader.Remaining;
        _symbols = symbols;
        _typeCount = Math.Min((uint)typeCount, PackedRelocation.FieldLimit);
        _takesAll = !isCode;
        _mark = isCode ? InputSymbolMarks.CalledDirectly : InputSymbolMarks.None;
        _packed = GC.AllocateUninitializedArray<PackedRelocation>(count);
    }

    /// <summary>How many are packed.</summary>
    public int Count { get; private set; }

    /// <summary>The offset of the last one in the section.</summary>
    public uint Last { get; private set; }

    /// <summary>Where in the section the last one ends.</summary>
    public uint End { get; private set; }

    /// <summary>The offset of the one at which <see cref="PackUsual"/> has stopped; <see cref="uint.MaxValue"/> when that is not known.</summary>
    public uint StoppedAt { get; private set; }

    /// <summary>Stands before the next one.</summary>
    public readonly WasmReader Reader
    {
        get
        {
            uint start = (uint)(_next - _file.Start);
            return new WasmReader(_file.Slice(start, (uint)(_end - _next)).Bytes, start);
        }
    }

    /// <summary>Packs relocations of one function or segment, up to the first that needs a closer look.</summary>
    /// <param name="start">Where in the section the function or segment starts.</param>
    /// <param name="end">Where it ends.</param>
    /// <returns>False when there are no more.</returns>
    public bool PackUsual(uint start, uint end)
    {
        // What is counted from the start has to fit, and so has an index.
        end = Math.Min(end, start + PackedRelocation.FieldLimit);
        uint symbolCount = Math.Min((uint)_symbols.Length, PackedRelocation.FieldLimit);
        uint offset = uint.MaxValue;
        fixed (InputSymbol* symbols = _symbols)
        fixed (PackedRelocation* packed = _packed)
        {
            byte* next = _next;
            byte* lastNext = _end - LongestUsual;
            PackedRelocation* to = packed + Count;
            PackedRelocation* toEnd = packed + _packed.Length;
            uint least = Math.Max(End, start);
            for (; to != toEnd; to++)
            {
                offset = uint.MaxValue;
                if (next > lastNext)
                    break;
                var kind = (RelocationKind)(*next);
                byte* p = next + 1;
                offset = ShortLeb.ReadU32(ref p);
                uint index = ShortLeb.ReadU32(ref p);
                if ((uint)kind >= (uint)RelocationTable.Count || offset < least || offset >= end)
                    break;
                RelocationInfo info = RelocationTable.Get(kind);
                least = offset + (uint)info.Width;
                // Without a branch for whether there is an addend, which could not be foreseen. Nearly all have one byte.
                uint addends = info.AddendCount;
                int addend = *p << 25 >> 25 & -(int)addends;
                if ((*p & addends << 7) == 0)
                {
                    p += addends;
                }
                else
                {
                    addend = ShortLeb.ReadS32(ref p);
                    if (p == null || !PackedRelocation.Fits(addend))
                        break;
                }
                if (least > end || (!info.IsLeb && !_takesAll))
                    break;
                if (index < symbolCount && info.Accepts(symbols[index].Kind))
                    symbols[index].Marks |= _mark & MarkOf(kind);
                else if (info.NamesSymbol || index >= _typeCount)
                    break;
                *to = PackedRelocation.Pack(kind, offset - start, index, addend);
                next = p;
            }
            _next = next;
            int count = (int)(to - packed);
            if (count != Count)
                SetLast(start + to[-1].Offset, to[-1].Kind, count);
        }
        StoppedAt = offset;
        return Count < _packed.Length;
    }

    /// <summary>Reads the one at which <see cref="PackUsual"/> has stopped. Only its kind is checked.</summary>
    public Relocation Read()
    {
        WasmReader reader = Reader;
        Relocation relocation = RelocationReader.ReadChecked(ref reader);
        _next += reader.Position;
        return relocation;
    }

    /// <summary>Packs what was read, after it has been checked.</summary>
    /// <param name="relocation">The relocation, with its offset in the section.</param>
    /// <param name="start">Where its function or segment starts.</param>
    public void Add(in Relocation relocation, uint start)
    {
        if (relocation.Kind == RelocationKind.FunctionIndexLeb)
            _symbols[relocation.Index].Marks |= _mark;
        var packed = PackedRelocation.Pack(relocation, start, out bool fits);
        if (!fits)
        {
            _wide ??= [];
            packed = PackedRelocation.Wide(relocation.Kind, _wide.Count);
            _wide.Add(relocation with { Offset = relocation.Offset - start });
        }
        _packed[Count] = packed;
        SetLast(relocation.Offset, relocation.Kind, Count + 1);
    }

    /// <summary>All of them. There must be nothing behind the last one.</summary>
    public readonly RelocationList Finish()
    {
        RelocationChecker.CheckEnd(Reader);
        return new RelocationList(_packed, _wide);
    }

    /// <summary>What the symbol of a relocation is marked with. Without a branch.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static InputSymbolMarks MarkOf(RelocationKind kind) =>
        (InputSymbolMarks)((uint)((int)kind - 1) >> 31) & InputSymbolMarks.CalledDirectly;

    private void SetLast(uint offset, RelocationKind kind, int count)
    {
        Last = offset;
        End = offset + (uint)RelocationTable.Get(kind).Width;
        Count = count;
    }
}
