namespace Weld.OracleTests.Modules;

/// <summary>The name section: names of functions, globals, data segments, tables, memories and tags.</summary>
public static class NameReader
{
    public static void Read(Module module, Section section)
    {
        var reader = new ByteReader(module.Bytes, section.Start, section.End);
        while (!reader.AtEnd)
        {
            int id = reader.Byte();
            int size = (int)reader.Unsigned();
            int start = reader.Position;
            reader.Bytes(size);
            var part = new ByteReader(module.Bytes, start, start + size);
            Action<int, string>? assign = id switch
            {
                1 => (index, name) => module.Functions[index].Name = name,
                5 => (index, name) => module.Tables[index].Name = name,
                6 => (index, name) => module.Memories[index].Name = name,
                7 => (index, name) => module.Globals[index].Name = name,
                9 => (index, name) => module.Data[index].Name = name,
                11 => (index, name) => module.Tags[index].Name = name,
                _ => null,
            };
            if (assign is null)
                continue;
            for (uint left = part.Unsigned(); left > 0; left--)
                assign((int)part.Unsigned(), part.Text());
        }
    }

    /// <summary>The name section line by line, for comparing two.</summary>
    public static IEnumerable<string> Lines(Module module)
    {
        foreach (Section section in module.Sections.Where(section => section is { Id: 0, Name: "name" }))
        {
            var reader = new ByteReader(module.Bytes, section.Start, section.End);
            while (!reader.AtEnd)
            {
                int id = reader.Byte();
                int size = (int)reader.Unsigned();
                int start = reader.Position;
                reader.Bytes(size);
                var part = new ByteReader(module.Bytes, start, start + size);
                if (id == 0)
                {
                    yield return $"module {part.Text()}";
                    continue;
                }
                for (uint left = part.Unsigned(); left > 0; left--)
                    yield return $"subsection {id}: {part.Unsigned()} {part.Text()}";
            }
        }
    }
}
