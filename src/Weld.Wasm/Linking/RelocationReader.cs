using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Weld.Wasm.Binary;

namespace Weld.Wasm.Linking;

/// <summary>Decodes the entries of a relocation section one after the other.</summary>
/// <remarks>Relocations are more numerous than anything else in an object, so that usual entries are decoded without a branch for each length.
/// <see cref="ReadChecked"/> takes untrusted bytes; an instance takes entries that have been accepted.</remarks>
public ref struct RelocationReader
{
    // Kind, offset and index, addend: four bytes each at most but for the kind.
    private const int LongestShortEntry = 1 + (3 * sizeof(uint));

    private readonly ref readonly byte _end;

    // From here on, reading as much as a short entry could have would leave the file.
    private readonly ref readonly byte _shortEnd;
    private ref readonly byte _next;

    /// <param name="file">All bytes of the file.</param>
    /// <param name="offset">Where in it the entries start. <see cref="ReadChecked"/> has accepted them: nothing is checked again.</param>
    /// <param name="size">Their size.</param>
    public RelocationReader(ReadOnlySpan<byte> file, uint offset, uint size)
    {
        ReadOnlySpan<byte> entries = file.Slice((int)offset, (int)size);
        _next = ref MemoryMarshal.GetReference(entries);
        _end = ref Unsafe.Add(ref MemoryMarshal.GetReference(entries), entries.Length);
        _shortEnd = ref Unsafe.Add(ref MemoryMarshal.GetReference(entries), Math.Min(entries.Length, file.Length - (int)offset - LongestShortEntry + 1));
    }

    public readonly bool AtEnd => !Unsafe.IsAddressLessThan(in _next, in _end);

    /// <summary>Decodes the next entry.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Relocation Read()
    {
        ref byte entry = ref Unsafe.AsRef(in _next);
        if (Unsafe.IsAddressLessThan(ref entry, in _shortEnd) && TryDecodeShort(ref entry, out RelocationKind kind, out uint offset, out uint index, out int addend, out int size))
        {
            _next = ref Unsafe.Add(ref entry, size);
            return new Relocation(kind, offset, index, addend);
        }
        return ReadAny();
    }

    /// <summary>Decodes one entry of untrusted bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Relocation ReadChecked(ref WasmReader reader)
    {
        if (reader.Remaining >= LongestShortEntry
            && TryDecodeShort(ref Unsafe.AsRef(in reader.Next), out RelocationKind kind, out uint offset, out uint index, out int addend, out int size)
            && (byte)kind < RelocationTable.Count)
        {
            reader.Advance(size);
            return new Relocation(kind, offset, index, addend);
        }
        return ReadAny(ref reader);
    }

    /// <summary>The usual case: offset and index take at most seven bytes together, and nothing more than four. Without a branch for each length, which
    /// could not be foreseen: both are cut out of one number and put together side by side.</summary>
    /// <param name="entry">At least <see cref="LongestShortEntry"/> bytes.</param>
    /// <param name="kind">Its kind.</param>
    /// <param name="offset">Its offset.</param>
    /// <param name="index">Its index.</param>
    /// <param name="addend">Its addend; 0 without one.</param>
    /// <param name="size">Its size.</param>
    /// <returns>False when something is longer.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryDecodeShort(ref byte entry, out RelocationKind kind, out uint offset, out uint index, out int addend, out int size)
    {
        kind = (RelocationKind)entry;
        ulong bytes = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref entry, 1));
        if (!BitConverter.IsLittleEndian)
            bytes = BinaryPrimitives.ReverseEndianness(bytes);
        ulong ends = ~bytes & 0x8080808080808080;
        // The bits up to the end of the offset, and up to the end of the index.
        ulong offsetMask = ends ^ (ends - 1);
        ends &= ends - 1;
        ulong bothMask = ends ^ (ends - 1);
        int offsetBits = BitOperations.PopCount(offsetMask);
        ulong offsetBytes = bytes & offsetMask;
        ulong indexBytes = (bytes & bothMask) >> offsetBits;
        ulong pair = (offsetBytes | indexBytes << 32) & 0x7f7f7f7f7f7f7f7f;
        pair = (pair & 0x007f007f007f007f) | (pair & 0x7f007f007f007f00) >> 1;
        pair = (pair & 0x00003fff00003fff) | (pair & 0x3fff00003fff0000) >> 2;
        size = 1 + (BitOperations.PopCount(bothMask) >> 3);
        offset = (uint)pair;
        index = (uint)(pair >> 32);
        addend = 0;
        // Without an end among eight bytes, the second mask has all bits.
        if (size > sizeof(ulong) || (offsetBytes | indexBytes) > uint.MaxValue)
            return false;
        if (HasAddend(kind))
        {
            addend = DecodeShortSigned(ref Unsafe.Add(ref entry, size), out int addendLength);
            size += addendLength;
            if (addendLength > sizeof(uint))
                return false;
        }
        return true;
    }

    /// <summary>A signed LEB128 of up to four bytes.</summary>
    /// <param name="start">Its first byte and three more.</param>
    /// <param name="length">Its length; 5 when it is longer than four bytes.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int DecodeShortSigned(ref byte start, out int length)
    {
        uint bytes = Unsafe.ReadUnaligned<uint>(ref start);
        if (!BitConverter.IsLittleEndian)
            bytes = BinaryPrimitives.ReverseEndianness(bytes);
        if ((bytes & 0x80) == 0)
        {
            length = 1;
            return (int)(bytes << 25) >> 25;
        }
        uint ends = ~bytes & 0x80808080;
        length = (BitOperations.TrailingZeroCount(ends) >> 3) + 1;
        bytes &= ends ^ (ends - 1);
        bytes = (bytes & 0x7f) | (bytes >> 1 & 0x3f80) | (bytes >> 2 & 0x1fc000) | (bytes >> 3 & 0xfe00000);
        int unused = 32 - (7 * length);
        return (int)(bytes << unused) >> unused;
    }

    private Relocation ReadAny()
    {
        var kind = (RelocationKind)_next;
        _next = ref Unsafe.Add(ref Unsafe.AsRef(in _next), 1);
        uint offset = (uint)ReadLeb(isSigned: false);
        uint index = (uint)ReadLeb(isSigned: false);
        return new Relocation(kind, offset, index, HasAddend(kind) ? ReadLeb(isSigned: true) : 0);
    }

    private long ReadLeb(bool isSigned)
    {
        long result = 0;
        for (int shift = 0; ;)
        {
            byte b = _next;
            _next = ref Unsafe.Add(ref Unsafe.AsRef(in _next), 1);
            result |= (long)(b & 0x7f) << shift;
            shift += 7;
            if (b < 0x80)
                return isSigned && shift < 64 && (b & 0x40) != 0 ? result | (-1L << shift) : result;
        }
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
    internal static bool HasAddend(RelocationKind kind) => (AddendMask >> (int)kind & 1) != 0;

    private const uint AddendMask =
        1u << (int)RelocationKind.MemoryAddrLeb | 1u << (int)RelocationKind.MemoryAddrSleb | 1u << (int)RelocationKind.MemoryAddrI32 |
        1u << (int)RelocationKind.FunctionOffsetI32 | 1u << (int)RelocationKind.SectionOffsetI32 | 1u << (int)RelocationKind.MemoryAddrRelSleb |
        1u << (int)RelocationKind.MemoryAddrLeb64 | 1u << (int)RelocationKind.MemoryAddrSleb64 | 1u << (int)RelocationKind.MemoryAddrI64 |
        1u << (int)RelocationKind.MemoryAddrRelSleb64 | 1u << (int)RelocationKind.MemoryAddrTlsSleb | 1u << (int)RelocationKind.FunctionOffsetI64 |
        1u << (int)RelocationKind.MemoryAddrLocrelI32 | 1u << (int)RelocationKind.MemoryAddrTlsSleb64;
}
