using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Weld.Wasm.Binary;

namespace Weld.Wasm.Linking;

/// <summary>Decodes the entries of a relocation section one after the other.</summary>
/// <remarks>Relocations are more numerous than anything else in an object. They are checked once, when the object is
/// parsed, and decoded again each time they are needed, which is cheaper than to keep them decoded.</remarks>
public ref struct RelocationReader
{
    // Kind, offset, index and addend, four bytes each at most but for the kind.
    private const int LongestShortEntry = 1 + (3 * sizeof(uint));

    private readonly ref readonly byte _end;
    private ref readonly byte _next;

    /// <param name="bytes">Entries that <see cref="ReadChecked"/> has accepted: nothing is checked again.</param>
    public RelocationReader(ReadOnlySpan<byte> bytes)
    {
        _next = ref MemoryMarshal.GetReference(bytes);
        _end = ref Unsafe.Add(ref MemoryMarshal.GetReference(bytes), bytes.Length);
    }

    public readonly bool AtEnd => !Unsafe.IsAddressLessThan(in _next, in _end);

    /// <summary>Decodes the next entry.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Relocation Read()
    {
        var kind = (RelocationKind)_next;
        _next = ref Unsafe.Add(ref Unsafe.AsRef(in _next), 1);
        uint offset = ReadLeb();
        uint index = ReadLeb();
        long addend = HasAddend(kind) ? ReadSleb() : 0;
        return new Relocation(kind, offset, index, addend);
    }

    /// <summary>Decodes one entry of untrusted bytes.</summary>
    public static Relocation ReadChecked(ref WasmReader reader) =>
        TryReadShort(ref reader, out Relocation relocation) ? relocation : ReadAny(ref reader);

    /// <summary>The usual case: nothing is longer than four bytes, and the entry is not the last but one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryReadShort(ref WasmReader reader, out Relocation relocation)
    {
        relocation = default;
        if (reader.Remaining < LongestShortEntry)
            return false;
        ref readonly byte entry = ref reader.Next;
        var kind = (RelocationKind)entry;
        int position = 1;
        if ((byte)kind >= RelocationTable.Count
            || !TryReadShortLeb(in entry, ref position, out uint offset)
            || !TryReadShortLeb(in entry, ref position, out uint index))
            return false;
        int addend = 0;
        if (HasAddend(kind))
        {
            int start = position;
            if (!TryReadShortLeb(in entry, ref position, out uint bits))
                return false;
            int unused = 32 - (7 * (position - start));
            addend = (int)(bits << unused) >> unused;
        }
        reader.Advance(position);
        relocation = new Relocation(kind, offset, index, addend);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryReadShortLeb(ref readonly byte start, ref int position, out uint value)
    {
        ref byte next = ref Unsafe.Add(ref Unsafe.AsRef(in start), position);
        uint bytes = Unsafe.ReadUnaligned<uint>(ref next);
        if (!BitConverter.IsLittleEndian)
            bytes = BinaryPrimitives.ReverseEndianness(bytes);
        value = bytes & 0x7f;
        if ((bytes & 0x80) == 0)
        {
            position++;
            return true;
        }
        uint ends = ~bytes & 0x80808080;
        int length = (BitOperations.TrailingZeroCount(ends) >> 3) + 1;
        bytes &= ends ^ (ends - 1);
        value |= (bytes >> 1 & 0x3f80) | (bytes >> 2 & 0x1fc000) | (bytes >> 3 & 0xfe00000);
        position += length;
        return ends != 0;
    }

    private static Relocation ReadAny(ref WasmReader reader)
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
        ref byte next = ref Unsafe.AsRef(in _next);
        uint b = next;
        if (b < 0x80)
        {
            _next = ref Unsafe.Add(ref next, 1);
            return b;
        }
        uint result = b & 0x7f;
        b = Unsafe.Add(ref next, 1);
        if (b < 0x80)
        {
            _next = ref Unsafe.Add(ref next, 2);
            return result | b << 7;
        }
        return ReadLongLeb(result | (b & 0x7f) << 7);
    }

    private uint ReadLongLeb(uint result)
    {
        int position = 2;
        for (int shift = 14; ; shift += 7)
        {
            uint b = Unsafe.Add(ref Unsafe.AsRef(in _next), position++);
            result |= (b & 0x7f) << shift;
            if (b < 0x80)
            {
                _next = ref Unsafe.Add(ref Unsafe.AsRef(in _next), position);
                return result;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private long ReadSleb()
    {
        uint b = _next;
        if (b >= 0x80)
            return ReadLongSleb();
        _next = ref Unsafe.Add(ref Unsafe.AsRef(in _next), 1);
        return (int)(b << 25) >> 25;
    }

    private long ReadLongSleb()
    {
        long result = 0;
        int position = 0;
        for (int shift = 0; ;)
        {
            byte b = Unsafe.Add(ref Unsafe.AsRef(in _next), position++);
            result |= (long)(b & 0x7f) << shift;
            shift += 7;
            if (b < 0x80)
            {
                _next = ref Unsafe.Add(ref Unsafe.AsRef(in _next), position);
                return shift < 64 && (b & 0x40) != 0 ? result | (-1L << shift) : result;
            }
        }
    }
}
