using System.Buffers.Binary;
using System.Text;
using Weld.Mir.Modules;

namespace Weld.Mir.Objects;

/// <summary>Names as data: a table of slices (address, length), and the characters, each name with a NUL after it.</summary>
internal static class SliceTable
{
    /// <param name="names">The names; null for a row of zeros.</param>
    /// <param name="is64">Whether addresses are 64 bits wide.</param>
    /// <param name="addConstant">Takes the characters and gives what the table refers to them by.</param>
    public static MirDataContents Make(IEnumerable<string?> names, bool is64, Func<MirDataContents, MirConstantId> addConstant)
    {
        int word = is64 ? 8 : 4;
        var characters = new MemoryStream();
        var table = new MemoryStream();
        List<(uint Offset, long Addend)> pointers = [];
        Span<byte> length = stackalloc byte[sizeof(long)];
        foreach (string? name in names)
        {
            byte[] utf8 = Encoding.UTF8.GetBytes(name ?? "");
            if (name is not null)
                pointers.Add(((uint)table.Length, characters.Length));
            table.Write(new byte[word]);
            BinaryPrimitives.WriteInt64LittleEndian(length, utf8.Length);
            table.Write(length[..word]);
            if (name is not null)
                characters.Write([.. utf8, 0]);
        }
        MirConstantId id = addConstant(MirDataContents.Create(characters.ToArray(), 0));
        return MirDataContents.Create(table.ToArray(), is64 ? 3 : 2,
            [.. pointers.Select(pointer => new MirDataRelocation(pointer.Offset, id, MirUse.Address, pointer.Addend))]);
    }
}
