using Weld.Wasm.Binary;

namespace Weld.Wasm.Linking;

/// <summary>One relocation of an object file.</summary>
/// <param name="Kind">What to write, and how.</param>
/// <param name="Offset">Where, in bytes from the start of the section's contents.</param>
/// <param name="Index">The symbol's index, or the type's for <see cref="RelocationKind.TypeIndexLeb"/>.</param>
/// <param name="Addend">Added to the value, in bytes; 0 for kinds without one.</param>
public readonly record struct Relocation(RelocationKind Kind, uint Offset, uint Index, long Addend)
{
    /// <summary>Writes an entry of a relocation section.</summary>
    public void Write(WasmWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteByte((byte)Kind);
        writer.WriteLebU32(Offset);
        writer.WriteLebU32(Index);
        if (RelocationTable.Get(Kind).HasAddend)
            writer.WriteLebS64(Addend);
    }
}
