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
    internal const int LongestEntry = 1 + Leb128.Padded32 + Leb128.Padded32 + Leb128.Padded64;

    /// <summary>Writes an entry of a relocation section.</summary>
    public void Write(WasmWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Advance(Write(ref writer.GetSpan(LongestEntry)[..LongestEntry][0], Kind, Offset, Index, Addend));
    }

    /// <summary>Writes an entry of a relocation section to the first of <see cref="LongestEntry"/> bytes, and returns its size; the bytes after it may be
    /// changed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int Write(ref byte entry, RelocationKind kind, uint offset, uint index, long addend)
    {
        entry = (byte)kind;
        int size = 1 + Leb128.WriteU32(ref Unsafe.Add(ref entry, 1), offset);
        size += Leb128.WriteU32(ref Unsafe.Add(ref entry, size), index);
        if (RelocationReader.HasAddend(kind))
            size += Leb128.WriteS64(ref Unsafe.Add(ref entry, size), addend);
        return size;
    }
}
