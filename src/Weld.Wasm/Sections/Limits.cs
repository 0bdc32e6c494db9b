using Weld.Wasm.Binary;

namespace Weld.Wasm.Sections;

/// <summary>The flags byte of limits.</summary>
[Flags]
public enum LimitsFlags : byte
{
    None = 0,
    HasMaximum = 1,
    Shared = 2,
    Is64 = 4,
    HasPageSize = 8,
}

/// <summary>The size range of a memory (in pages) or a table (in elements).</summary>
/// <param name="Flags">Which of the other values count.</param>
/// <param name="Minimum">The initial size.</param>
/// <param name="Maximum">The largest size; 0 without <see cref="LimitsFlags.HasMaximum"/>.</param>
/// <param name="PageSizeLog2">The page size of the custom-page-sizes proposal, as a power of two.</param>
public readonly record struct Limits(LimitsFlags Flags, ulong Minimum, ulong Maximum, uint PageSizeLog2 = 16)
{
    public bool HasMaximum => (Flags & LimitsFlags.HasMaximum) != 0;

    public static Limits Read(ref WasmReader reader)
    {
        uint flags = reader.ReadLebU32();
        if (flags > 15)
            throw reader.Malformed($"invalid limits flags 0x{flags:x}");
        var known = (LimitsFlags)flags;
        bool is64 = (known & LimitsFlags.Is64) != 0;
        ulong minimum = is64 ? reader.ReadLebU64() : reader.ReadLebU32();
        ulong maximum = (known & LimitsFlags.HasMaximum) == 0 ? 0 : is64 ? reader.ReadLebU64() : reader.ReadLebU32();
        if (maximum < minimum && (known & LimitsFlags.HasMaximum) != 0)
            throw reader.Malformed($"the maximum size {maximum} is less than the minimum {minimum}");
        uint pageSize = (known & LimitsFlags.HasPageSize) != 0 ? reader.ReadLebU32() : 16;
        return new Limits(known, minimum, maximum, pageSize);
    }

    public void Write(WasmWriter writer)
    {
        writer.WriteByte((byte)Flags);
        writer.WriteLebU64(Minimum);
        if (HasMaximum)
            writer.WriteLebU64(Maximum);
        if ((Flags & LimitsFlags.HasPageSize) != 0)
            writer.WriteLebU32(PageSizeLog2);
    }
}
