using System.Diagnostics;
using Weld.Base;
using Weld.Wasm.Linking;

namespace Weld.Mir.Objects;

/// <summary>The numbers of an object's own index spaces, for its symbol table and for the places that relocations fill.</summary>
internal sealed class ObjectNumbers
{
    // Slot 0 of the table is the null pointer. Objects have no table of their own, so any other number says as much.
    private const ulong AnySlot = 1;

    private readonly IReadOnlyList<ObjectSymbol> _symbols;
    private readonly ObjectImports _imports;
    private readonly ObjectData _data;
    private readonly Dictionary<MirReference, uint> _bodyNumbers;

    public ObjectNumbers(IReadOnlyList<ObjectSymbol> symbols, ObjectImports imports, ObjectData data, Dictionary<MirReference, uint> bodyNumbers)
    {
        _symbols = symbols;
        _imports = imports;
        _data = data;
        _bodyNumbers = bodyNumbers;
    }

    public SymbolEntry EntryOf(ObjectSymbol symbol)
    {
        Utf8String name = Utf8String.FromText(symbol.Name);
        if (symbol.Kind != SymbolKind.Data)
            return new SymbolEntry(symbol.Kind, symbol.Flags, name, IndexOf(symbol), 0, 0);
        return symbol.IsDefined
            ? new SymbolEntry(SymbolKind.Data, symbol.Flags, name, (uint)_data.SegmentOf(symbol.Target), 0, _data.SizeOf(symbol.Target))
            : new SymbolEntry(SymbolKind.Data, symbol.Flags, name, 0, 0, 0);
    }

    public ulong ValueOf(Relocation relocation, RelocationInfo info)
    {
        if (info.Value == RelocationValue.TypeIndex)
            return relocation.Index;
        ObjectSymbol symbol = _symbols[(int)relocation.Index];
        return info.Value switch
        {
            RelocationValue.TableSlot => AnySlot,
            RelocationValue.MemoryAddress => symbol.IsDefined ? unchecked(_data.AddressOf(symbol.Target) + (ulong)relocation.Addend) : 0,
            RelocationValue.FunctionIndex or RelocationValue.GlobalIndex or RelocationValue.TagIndex or RelocationValue.TableNumber => IndexOf(symbol),
            _ => throw new UnreachableException($"no value for {info.Name}"),
        };
    }

    private uint IndexOf(ObjectSymbol symbol) => symbol.IsDefined ? _imports.FunctionCount + _bodyNumbers[symbol.Target] : _imports.IndexOf(symbol.Target);
}
