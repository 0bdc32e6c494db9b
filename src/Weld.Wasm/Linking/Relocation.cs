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
    public void Write(WasmWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        Span<byte> entry = writer.GetSpan(LongestEntry);
        entry[0] = (byte)Kind;
        int size = 1;
        size += Leb128.WriteU64(entry[size..], Offset);
        size += Leb128.WriteU64(entry[size..], Index);
        if (RelocationTable.Get(Kind).HasAddend)
            size += Leb128.WriteS64(entry[size..], Addend);
        writer.Advance(size);
    }
}
