using System.Text;
using Weld.Wasm.Binary;
using Weld.Wasm.Sections;

namespace Weld.Linker.Image;

/// <summary>A section of the output, for reports.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name in reports: <c>CODE</c>, <c>CUSTOM(name)</c>.</param>
/// <param name="Offset">Where its header starts in the file.</param>
/// <param name="Start">Where its contents start.</param>
/// <param name="Size">Its size in bytes, header included.</param>
public readonly record struct ImageSection(SectionId Id, string Name, long Offset, long Start, long Size)
{
    /// <param name="head">The id, the size, and the name of a custom section.</param>
    /// <param name="offset">Where it starts in the file.</param>
    /// <param name="contentsSize">The size of what follows the head.</param>
    public static ImageSection Make(ReadOnlySpan<byte> head, long offset, long contentsSize)
    {
        var reader = new WasmReader(head);
        var id = (SectionId)reader.ReadByte();
        reader.ReadLebU32();
        string name = id switch
        {
            SectionId.Custom => $"CUSTOM({Encoding.UTF8.GetString(reader.ReadName())})",
            SectionId.Element => "ELEM",
            _ => id.ToString().ToUpperInvariant(),
        };
        return new ImageSection(id, name, offset, offset + head.Length, head.Length + contentsSize);
    }
}
