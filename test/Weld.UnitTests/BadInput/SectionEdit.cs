using Weld.Wasm.Binary;
using Weld.Wasm.Sections;
using Weld.Wasm.Text;

namespace Weld.UnitTests.BadInput;

/// <summary>Makes malformed objects: well-formed ones of which sections or bytes were changed.</summary>
internal static class SectionEdit
{
    /// <summary>Assembles an object and changes the list of its sections.</summary>
    public static byte[] Assemble(string text, Action<List<(byte Id, byte[] Contents)>> edit)
    {
        var reader = new WasmReader(ObjectText.Assemble(text));
        reader.Skip(ModuleHeader.Size);
        var sections = new List<(byte Id, byte[] Contents)>();
        while (!reader.AtEnd)
            sections.Add((reader.ReadByte(), reader.ReadName().ToArray()));
        edit(sections);
        var writer = new WasmWriter();
        writer.WriteBytes(ModuleHeader.Bytes);
        foreach ((byte id, byte[] contents) in sections)
        {
            writer.WriteByte(id);
            writer.WriteName(contents);
        }
        return writer.ToArray();
    }

    /// <summary>Assembles an object and replaces bytes, which must be there, wherever they are.</summary>
    public static byte[] Assemble(string text, byte[] old, byte[] replacement)
    {
        byte[] bytes = ObjectText.Assemble(text);
        int count = 0;
        for (int at; (at = bytes.AsSpan().IndexOf(old)) >= 0; count++)
            replacement.CopyTo(bytes.AsSpan(at));
        Assert(count > 0, "the bytes to replace are not in the object");
        return bytes;
    }

    /// <summary>The place of the custom section of a name.</summary>
    public static int FindCustom(List<(byte Id, byte[] Contents)> sections, string name)
    {
        int index = sections.FindIndex(section => section.Id == 0 && new WasmReader(section.Contents).ReadNameText() == name);
        Assert(index >= 0, $"there is no section {name}");
        return index;
    }

    private static string ReadNameText(this WasmReader reader) => System.Text.Encoding.UTF8.GetString(reader.ReadName());

    private static void Assert(bool condition, string message)
    {
        if (!condition)
            throw new InvalidOperationException(message);
    }
}
