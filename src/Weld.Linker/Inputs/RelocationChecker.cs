using System.Diagnostics.CodeAnalysis;
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
    public RelocationChecker(InputSymbol[] symbols, int typeCount, uint limit)
    {
        _symbols = symbols;
        _typeCount = typeCount;
        _limit = limit;
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
        if (relocation.Kind == RelocationKind.TypeIndexLeb)
        {
            if (relocation.Index >= (uint)_typeCount)
                ThrowType(relocation.Index, start);
            return relocation;
        }
        if (relocation.Index >= (uint)_symbols.Length)
            ThrowSymbol(relocation.Index, start);
        SymbolKind kind = _symbols[relocation.Index].Kind;
        // A global index may stand for the GOT entry of a function or of data.
        if (kind != info.ExpectedSymbol && !(info.Value == RelocationValue.GlobalIndex && kind is SymbolKind.Function or SymbolKind.Data))
            ThrowKind(relocation.Kind, kind, start);
        return relocation;
    }

    [DoesNotReturn]
    private readonly void ThrowOffset(uint offset, long start) =>
        throw new MalformedInputException(offset < Last ? "relocations not in offset order" : $"invalid relocation offset: 0x{offset:x}", start);

    [DoesNotReturn]
    private readonly void ThrowType(uint index, long start) =>
        throw new MalformedInputException($"invalid relocation type index: {index} (there are {_typeCount})", start);

    [DoesNotReturn]
    private static void ThrowSymbol(uint index, long start) =>
        throw new MalformedInputException($"invalid relocation symbol index: {index}", start);

    [DoesNotReturn]
    private static void ThrowKind(RelocationKind relocation, SymbolKind symbol, long start) =>
        throw new MalformedInputException($"invalid relocation: {RelocationTable.Get(relocation).Name} against a {symbol} symbol", start);
}
