using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Weld.Base.Diagnostics;
using Weld.Wasm.Binary;
using Weld.Wasm.Linking;

namespace Weld.Linker.Inputs;

/// <summary>Decodes the relocations of one section of an object, and checks what is relied on whenever they are decoded again.</summary>
/// <remarks>Those of code and data are checked when the object is parsed. Those of custom sections, which are most of them when there is debug
/// information, are checked when they are applied, because they are needed only once.</remarks>
public struct RelocationChecker
{
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
    public static void Check(ObjectFile file, in InputCustomSection section)
    {
        WasmReader reader = ReaderOf(file, section);
        var checker = new RelocationChecker(file.Symbols, file.Types.Length, section.Size);
        for (int i = 0; i < section.RelocationCount; i++)
            checker.Read(ref reader);
        CheckEnd(reader);
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

    // The messages are made elsewhere: what they need would be cleared on the stack for each relocation.
    public Relocation Read(ref WasmReader reader)
    {
        long start = reader.FileOffset;
        Relocation relocation = RelocationReader.ReadChecked(ref reader);
        RelocationInfo info = RelocationTable.Get(relocation.Kind);
        if (relocation.Offset < Last || relocation.Offset > _limit || _limit - relocation.Offset < (uint)info.Width)
            ThrowOffset(relocation.Offset, start);
        Last = relocation.Offset;
        if (!Accepts(relocation, info, _symbols, _typeCount))
            ThrowTarget(relocation, start);
        return relocation;
    }

    /// <summary>Whether what a relocation names exists and is of a kind that it may name.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Accepts(in Relocation relocation, RelocationInfo info, InputSymbol[] symbols, int typeCount) => relocation.Kind == RelocationKind.TypeIndexLeb
        ? relocation.Index < (uint)typeCount
        : relocation.Index < (uint)symbols.Length && info.Accepts(symbols[relocation.Index].Kind);

    [DoesNotReturn]
    private readonly void ThrowOffset(uint offset, long start) =>
        throw new MalformedInputException(offset < Last ? "relocations not in offset order" : $"invalid relocation offset: 0x{offset:x}", start);

    [DoesNotReturn]
    private readonly void ThrowTarget(in Relocation relocation, long start)
    {
        if (relocation.Kind == RelocationKind.TypeIndexLeb)
            throw new MalformedInputException($"invalid relocation type index: {relocation.Index} (there are {_typeCount})", start);
        if (relocation.Index >= (uint)_symbols.Length)
            throw new MalformedInputException($"invalid relocation symbol index: {relocation.Index}", start);
        throw new MalformedInputException($"invalid relocation: {RelocationTable.Get(relocation.Kind).Name} against a {_symbols[relocation.Index].Kind} symbol", start);
    }
}
