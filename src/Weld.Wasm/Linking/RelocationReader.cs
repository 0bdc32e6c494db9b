using System.Runtime.CompilerServices;
using Weld.Wasm.Binary;

namespace Weld.Wasm.Linking;

/// <summary>Decodes the entries of a relocation section one after the other.</summary>
/// <remarks>Relocations are more numerous than anything else in an object. They are checked once, when the object is
/// parsed, and decoded again each time they are needed, which is cheaper than to keep them decoded.</remarks>
public ref struct RelocationReader
{
    private readonly ReadOnlySpan<byte> _bytes;
    private int _position;

    public RelocationReader(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    public readonly bool AtEnd => _position >= _bytes.Length;

    /// <summary>Decodes the next entry. The bytes have been checked by <see cref="ReadChecked"/> before.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Relocation Read()
    {
        var kind = (RelocationKind)_bytes[_position++];
        uint offset = ReadLeb();
        uint index = ReadLeb();
        long addend = HasAddend(kind) ? ReadSleb() : 0;
        return new Relocation(kind, offset, index, addend);
    }

    /// <summary>Decodes one entry of untrusted bytes.</summary>
    public static Relocation ReadChecked(ref WasmReader reader)
    {
        byte kind = reader.ReadByte();
        if (kind >= RelocationTable.Count)
            throw reader.Malformed($"invalid relocation type: {kind}");
        uint offset = reader.ReadLebU32();
        uint index = reader.ReadLebU32();
        long addend = 0;
        if (HasAddend((RelocationKind)kind))
            addend = RelocationTable.Get((RelocationKind)kind).Encoding is RelocationEncoding.Leb10 or RelocationEncoding.Sleb10 or RelocationEncoding.I64
                ? reader.ReadLebS64()
                : reader.ReadLebS32();
        return new Relocation((RelocationKind)kind, offset, index, addend);
    }

    // The addend column of the relocation table as a bit per kind: this is asked for every relocation, several times.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool HasAddend(RelocationKind kind) => (AddendMask >> (int)kind & 1) != 0;

    private const uint AddendMask =
        1u << (int)RelocationKind.MemoryAddrLeb | 1u << (int)RelocationKind.MemoryAddrSleb | 1u << (int)RelocationKind.MemoryAddrI32 |
        1u << (int)RelocationKind.FunctionOffsetI32 | 1u << (int)RelocationKind.SectionOffsetI32 | 1u << (int)RelocationKind.MemoryAddrRelSleb |
        1u << (int)RelocationKind.MemoryAddrLeb64 | 1u << (int)RelocationKind.MemoryAddrSleb64 | 1u << (int)RelocationKind.MemoryAddrI64 |
        1u << (int)RelocationKind.MemoryAddrRelSleb64 | 1u << (int)RelocationKind.MemoryAddrTlsSleb | 1u << (int)RelocationKind.FunctionOffsetI64 |
        1u << (int)RelocationKind.MemoryAddrLocrelI32 | 1u << (int)RelocationKind.MemoryAddrTlsSleb64;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private uint ReadLeb()
    {
        uint b = _bytes[_position++];
        if (b < 0x80)
            return b;
        uint result = b & 0x7f;
        for (int shift = 7; ; shift += 7)
        {
            b = _bytes[_position++];
            result |= (b & 0x7f) << shift;
            if (b < 0x80)
                return result;
        }
    }

    private long ReadSleb()
    {
        long result = 0;
        for (int shift = 0; ;)
        {
            byte b = _bytes[_position++];
            result |= (long)(b & 0x7f) << shift;
            shift += 7;
            if (b < 0x80)
                return shift < 64 && (b & 0x40) != 0 ? result | (-1L << shift) : result;
        }
    }
}
