using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Weld.Base;
using Weld.Base.Diagnostics;
using Weld.Wasm.Binary;
using Weld.Wasm.Linking;

namespace Weld.Linker.Inputs;

/// <summary>Decodes the relocations of one section of an object, and checks what is relied on whenever they are decoded again.</summary>
/// <remarks>Those of code and data are checked when the object is parsed. Those of custom sections, which are most of them when there is debug
/// information, are checked when they are applied, because they are needed only once.</remarks>
public struct RelocationChecker
{
    // Four bytes wide, with an addend.
    private const uint UsualKinds = 1u << (int)RelocationKind.MemoryAddrI32 | 1u << (int)RelocationKind.FunctionOffsetI32 | 1u << (int)RelocationKind.SectionOffsetI32;
    private const uint UsualWidth = sizeof(uint);

    // Kind, offset, index and addend, with four bytes each at most but for the kind.
    private const int LongestUsual = 1 + (3 * ShortLeb.Longest);

    private readonly InputSymbol[] _symbols;
    private readonly int _typeCount;
    private readonly uint _limit;

    /// <param name="symbols">The object's symbols.</param>
    /// <param name="typeCount">How many types it has.</param>
    /// <param name="limit">The size of the section that is relocated.</param>
    /// <param name="last">The offset of the relocation before the first one.</param>
    public RelocationChecker(InputSymbol[] symbols, int typeCount, uint limit, uint last = 0)
    {
        _symbols = symbols;
        _typeCount = typeCount;
        _limit = limit;
        Last = last;
    }

    /// <summary>The offset of the relocation that was read last: the next one must not be before it.</summary>
    public uint Last { get; set; }

    /// <summary>Checks all relocations of a custom section.</summary>
    /// <returns>The kinds that they are of, a bit for each.</returns>
    public static unsafe uint Check(ObjectFile file, in InputCustomSection section)
    {
        Utf8String entries = file.File.Slice(section.RelocationOffset, section.RelocationSize);
        byte* next = entries.Pointer;
        byte* end = next + entries.Length;
        var checker = new RelocationChecker(file.Symbols, file.Types.Length, section.Size);
        uint kinds = 0;
        for (int left = section.RelocationCount; ; left--)
        {
            next = checker.SkipUsual(next, end, ref left, ref kinds);
            uint start = section.RelocationOffset + section.RelocationSize - (uint)(end - next);
            var reader = new WasmReader(file.Slice(start, (uint)(end - next)), start);
            if (left == 0)
            {
                CheckEnd(reader);
                return kinds;
            }
            kinds |= 1u << (int)checker.Read(ref reader).Kind;
            next += reader.Position;
        }
    }

    /// <summary>Checks relocations up to the first that is not one of those that debug information has, or is wrong.</summary>
    /// <param name="next">The next entry.</param>
    /// <param name="end">Where entries end.</param>
    /// <param name="left">How many are still to come.</param>
    /// <param name="kinds">Receives the kinds.</param>
    /// <returns>Where it stopped.</returns>
    private unsafe byte* SkipUsual(byte* next, byte* end, ref int left, ref uint kinds)
    {
        if (_limit < UsualWidth)
            return next;
        uint limit = _limit - UsualWidth;
        uint last = Last;
        InputSymbol[] symbols = _symbols;
        for (; left != 0 && end - next >= LongestUsual; left--)
        {
            uint kind = *next;
            byte* entry = next + 1;
            uint offset = ShortLeb.ReadU32(ref entry);
            uint symbol = ShortLeb.ReadU32(ref entry);
            if (kind >= RelocationTable.Count || (UsualKinds >> (int)kind & 1) == 0 || offset < last || offset > limit || symbol >= (uint)symbols.Length
                || !RelocationTable.Get((RelocationKind)kind).Accepts(symbols[symbol].Kind))
                break;
            ShortLeb.ReadS32(ref entry);
            if (entry == null)
                break;
            kinds |= 1u << (int)kind;
            last = offset;
            next = entry;
        }
        Last = last;
        return next;
    }

    /// <summary>There must be nothing after the last relocation.</summary>
    public static void CheckEnd(in WasmReader reader)
    {
        if (!reader.AtEnd)
            throw reader.Malformed("reloc section ended prematurely");
    }

    /// <summary>The relocations of a custom section, to be read one by one.</summary>
    public static WasmReader ReaderOf(ObjectFile file, in InputCustomSection section) =>
        new(file.Slice(section.RelocationOffset, section.RelocationSize), section.RelocationOffset);

    public Relocation Read(ref WasmReader reader)
    {
        long start = reader.FileOffset;
        Relocation relocation = RelocationReader.ReadChecked(ref reader);
        if (!IsRight(relocation))
            Throw(relocation, start);
        return relocation;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool IsRight(in Relocation relocation)
    {
        RelocationInfo info = RelocationTable.Get(relocation.Kind);
        if (!IsInside(relocation, info) || !Accepts(relocation, info, _symbols, _typeCount))
            return false;
        Last = relocation.Offset;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly bool IsInside(in Relocation relocation, RelocationInfo info) =>
        relocation.Offset >= Last && relocation.Offset <= _limit && _limit - relocation.Offset >= (uint)info.Width;

    /// <summary>Whether what a relocation names exists and is of a kind that it may name.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Accepts(in Relocation relocation, RelocationInfo info, InputSymbol[] symbols, int typeCount) => relocation.Kind == RelocationKind.TypeIndexLeb
        ? relocation.Index < (uint)typeCount
        : relocation.Index < (uint)symbols.Length && info.Accepts(symbols[relocation.Index].Kind);

    // The messages are made elsewhere: what they need would be cleared on the stack for each relocation.
    [DoesNotReturn]
    private readonly void Throw(in Relocation relocation, long start)
    {
        RelocationInfo info = RelocationTable.Get(relocation.Kind);
        if (!IsInside(relocation, info))
            throw new MalformedInputException(relocation.Offset < Last ? "relocations not in offset order" : $"invalid relocation offset: 0x{relocation.Offset:x}", start);
        if (relocation.Kind == RelocationKind.TypeIndexLeb)
            throw new MalformedInputException($"invalid relocation type index: {relocation.Index} (there are {_typeCount})", start);
        if (relocation.Index >= (uint)_symbols.Length)
            throw new MalformedInputException($"invalid relocation symbol index: {relocation.Index}", start);
        throw new MalformedInputException($"invalid relocation: {info.Name} against a {_symbols[relocation.Index].Kind} symbol", start);
    }
}
