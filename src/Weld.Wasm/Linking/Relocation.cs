using System.Runtime.CompilerServices;
using Weld.Wasm.Binary;

namespace Weld.Wasm.Linking;

/// <summary>One relocation of an object file.</summary>
/// <param name="Kind">What to write, and how.</param>
/// <param name="Offset">Where, in bytes from the start of the section's contents.</param>
/// <param name="Index">The symbol's index, or the type's for <see cref="RelocationKind.TypeIndexLeb"/>.</param>
/// <param name="Addend">Added to the value, in bytes; 0 for kinds without one.</param>
public readonly record struct Relocation(RelocationKind Kind, uint Offset, uint Index, long Addend)
{
    private const int LongestEntry = 1 + Leb128.Padded32 + Leb128.Padded32 + Leb128.Padded64;

    /// <summary>Writes an entry of a relocation section.</summary>
    public void Write(WasmWriter writer) => Write(writer, Kind, Offset, Index, Addend);

    /// <summary>Writes an entry of a relocation section.</summary>
    public static void Write(WasmWriter writer, RelocationKind kind, uint offset, uint index, long addend)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ref byte entry = ref writer.GetSpan(LongestEntry)[..LongestEntry][0];
        entry = (byte)kind;
        int size = 1;
        size += Leb128.WriteU32(ref Unsafe.Add(ref entry, size), offset);
        size += Leb128.WriteU32(ref Unsafe.Add(ref entry, size), index);
        if (RelocationTable.Get(kind).HasAddend)
            size += Leb128.WriteS64(ref Unsafe.Add(ref entry, size), addend);
        writer.Advance(size);
    }
}
