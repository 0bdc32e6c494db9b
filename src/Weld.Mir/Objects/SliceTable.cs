using System.Buffers.Binary;
using System.Text;
using Weld.Mir.Modules;

namespace Weld.Mir.Objects;

/// <summary>Names as data: a table of slices (address, length), then the characters, each name with a NUL after it.</summary>
internal static class SliceTable
{
    /// <param name="names">The names; null for a row of zeros.</param>
    /// <param name="is64">Whether addresses are 64 bits wide.</param>
    /// <param name="self">What the table is referred to by: its rows point into it.</param>
    public static MirDataContents Make(IEnumerable<string?> names, bool is64, MirReference self)
    {
        int word = is64 ? 8 : 4;
        byte[]?[] rows = [.. names.Select(static name => name is null ? null : Encoding.UTF8.GetBytes(name))];
        int end = rows.Length * 2 * word;
        byte[] bytes = new byte[end + rows.Sum(static row => row is null ? 0 : row.Length + 1)];
        List<MirDataRelocation> pointers = [];
        Span<byte> length = stackalloc byte[sizeof(long)];
        for (int i = 0; i < rows.Length; i++)
        {
            if (rows[i] is not { } name)
                continue;
            pointers.Add(new MirDataRelocation((uint)(i * 2 * word), self, MirUse.Address, end));
            BinaryPrimitives.WriteInt64LittleEndian(length, name.Length);
            length[..word].CopyTo(bytes.AsSpan((i * 2 * word) + word));
            name.CopyTo(bytes, end);
            end += name.Length + 1;
        }
        return MirDataContents.Create(bytes, is64 ? 3 : 2, pointers);
    }
}
