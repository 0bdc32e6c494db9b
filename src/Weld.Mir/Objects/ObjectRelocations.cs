using System.Diagnostics;
using Weld.Wasm.Binary;
using Weld.Wasm.Linking;

namespace Weld.Mir.Objects;

/// <summary>The relocations of one section: fills the places with the object's own numbers, and writes the entries.</summary>
/// <remarks>The numbers are those that LLVM writes, so that validators and disassemblers can read objects.</remarks>
internal sealed class ObjectRelocations
{
    // Slot 0 of the table is the null pointer. Objects have no table of their own, so any other number says as much.
    private const ulong AnySlot = 1;

    private readonly ObjectSymbols _symbols;
    private readonly ObjectTypes _types;
    private readonly ObjectConstants _constants;
    private readonly ObjectData _data;

    public ObjectRelocations(ObjectSymbols symbols, ObjectTypes types, ObjectConstants constants, ObjectData data)
    {
        _symbols = symbols;
        _types = types;
        _constants = constants;
        _data = data;
    }

    public uint Count { get; private set; }

    public WasmWriter Entries { get; } = new(1 << 12);

    /// <summary>The kind for a place in code: one row per use, one column per width of addresses.</summary>
    public static RelocationKind OfCode(MirUse use, MirReferenceKind target, bool is64) => use switch
    {
        MirUse.Index => OfIndex(target),
        MirUse.Slot => is64 ? RelocationKind.TableIndexSleb64 : RelocationKind.TableIndexSleb,
        MirUse.Address => is64 ? RelocationKind.MemoryAddrSleb64 : RelocationKind.MemoryAddrSleb,
        MirUse.Offset => is64 ? RelocationKind.MemoryAddrLeb64 : RelocationKind.MemoryAddrLeb,
        MirUse.TlsOffset => is64 ? RelocationKind.MemoryAddrTlsSleb64 : RelocationKind.MemoryAddrTlsSleb,
        _ => throw new UnreachableException($"no relocation in code for {use}"),
    };

    public static RelocationKind OfData(MirUse use, bool is64) => use switch
    {
        MirUse.Slot => is64 ? RelocationKind.TableIndexI64 : RelocationKind.TableIndexI32,
        MirUse.Address => is64 ? RelocationKind.MemoryAddrI64 : RelocationKind.MemoryAddrI32,
        _ => throw new UnreachableException($"no relocation in data for {use}"),
    };

    /// <param name="kind">How to write it.</param>
    /// <param name="place">Where, with at least the bytes that it takes.</param>
    /// <param name="offset">Where, from the start of the section's contents.</param>
    /// <param name="target">What it is of; a thing that has a symbol by now.</param>
    /// <param name="addend">Added to an address.</param>
    public void Add(RelocationKind kind, Span<byte> place, uint offset, MirReference target, long addend)
    {
        RelocationInfo info = RelocationTable.Get(kind);
        int index = info.Value == RelocationValue.TypeIndex ? _types.IndexOf(new MirSignatureId(target.Id)) : _symbols.IndexOf(_constants.Canonical(target));
        RelocationBytes.Write(place[..info.Width], info.Encoding, ValueOf(info, index, addend));
        new Relocation(kind, offset, (uint)index, addend).Write(Entries);
        Count++;
    }

    private ulong ValueOf(RelocationInfo info, int index, long addend)
    {
        if (info.Value == RelocationValue.TypeIndex)
            return (ulong)index;
        ObjectSymbol symbol = _symbols.Rows[index];
        return info.Value switch
        {
            RelocationValue.TableSlot => AnySlot,
            RelocationValue.MemoryAddress => symbol.IsDefined ? unchecked(_data.AddressOf(symbol.Index) + (ulong)addend) : 0,
            _ => symbol.Index,
        };
    }

    private static RelocationKind OfIndex(MirReferenceKind target) => target switch
    {
        MirReferenceKind.Function or MirReferenceKind.Intrinsic or MirReferenceKind.TagName => RelocationKind.FunctionIndexLeb,
        MirReferenceKind.Signature => RelocationKind.TypeIndexLeb,
        MirReferenceKind.Global => RelocationKind.GlobalIndexLeb,
        MirReferenceKind.Tag => RelocationKind.TagIndexLeb,
        MirReferenceKind.Table => RelocationKind.TableNumberLeb,
        _ => throw new UnreachableException($"{target} has no index"),
    };
}
