using Weld.Base.Diagnostics;
using Weld.Wasm.Binary;
using Weld.Wasm.Sections;

namespace Weld.Fuzz.Mutation;

/// <summary>A section as the mutators see it: contents that may say anything, in a frame that is right.</summary>
/// <param name="Id">The section's number.</param>
/// <param name="Contents">Everything after the size; of a custom section with its name.</param>
public sealed record Part(byte Id, byte[] Contents)
{
    /// <summary>The name of a custom section; empty for others and for a name that cannot be read.</summary>
    public string CustomName
    {
        get
        {
            if (Id != 0)
                return "";
            try
            {
                var reader = new WasmReader(Contents);
                return System.Text.Encoding.Latin1.GetString(reader.ReadName());
            }
            catch (MalformedInputException)
            {
                return "";
            }
        }
    }
}

/// <summary>A wasm file taken apart into sections, to be put together again after they were changed.</summary>
public static class ObjectParts
{
    /// <returns>The sections up to the first byte that makes no sense; null for anything but a wasm module.</returns>
    public static List<Part>? Split(byte[] file)
    {
        if (!file.AsSpan().StartsWith(ModuleHeader.Bytes))
            return null;
        var parts = new List<Part>();
        try
        {
            var reader = new WasmReader(file);
            reader.Skip(ModuleHeader.Size);
            while (!reader.AtEnd)
                parts.Add(new Part(reader.ReadByte(), reader.ReadName().ToArray()));
        }
        catch (MalformedInputException)
        {
            // What can be read is enough to mutate.
        }
        return parts;
    }

    public static byte[] Join(IEnumerable<Part> parts)
    {
        var writer = new WasmWriter(4096);
        writer.WriteBytes(ModuleHeader.Bytes);
        foreach (Part part in parts)
        {
            writer.WriteByte(part.Id);
            writer.WriteName(part.Contents);
        }
        return writer.ToArray();
    }
}
