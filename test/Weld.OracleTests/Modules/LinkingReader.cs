namespace Weld.OracleTests.Modules;

/// <summary>The linking section of an object line by line, for comparing two.</summary>
public static class LinkingReader
{
    private const uint Undefined = 0x10;
    private const uint ExplicitName = 0x40;

    /// <summary>All but the flags of segments.</summary>
    public static IEnumerable<string> Lines(Module module) =>
        Subsections(module).SelectMany(subsection => Read(subsection.Id, subsection.Reader));

    public static IEnumerable<string> SegmentFlags(Module module) =>
        from subsection in Subsections(module)
        where subsection.Id == 5
        from segment in Repeat(subsection.Reader, reader => (Name: reader.Text(), Alignment: reader.Unsigned(), Flags: reader.Unsigned()))
        select $"segment {segment.Name} flags {segment.Flags:x}";

    private static List<(int Id, ByteReader Reader)> Subsections(Module module)
    {
        List<(int, ByteReader)> list = [];
        foreach (Section section in module.Sections.Where(section => section is { Id: 0, Name: "linking" }))
        {
            var reader = new ByteReader(module.Bytes, section.Start, section.End);
            uint version = reader.Unsigned();
            if (version != 2)
                throw new InvalidDataException($"linking section of version {version}");
            while (!reader.AtEnd)
            {
                int id = reader.Byte();
                int size = (int)reader.Unsigned();
                list.Add((id, new ByteReader(module.Bytes, reader.Position, reader.Position + size)));
                reader.Bytes(size);
            }
        }
        return list;
    }

    private static List<string> Read(int id, ByteReader reader) => id switch
    {
        5 => Repeat(reader, r => { string line = $"segment {r.Text()} align {r.Unsigned()}"; r.Unsigned(); return line; }),
        6 => Repeat(reader, r => $"constructor priority {r.Unsigned()} symbol {r.Unsigned()}"),
        7 => Repeat(reader, r => $"comdat {r.Text()} flags {r.Unsigned()}: {string.Join(", ", Repeat(r, entry => $"{entry.Byte()} {entry.Unsigned()}"))}"),
        8 => Repeat(reader, Symbol),
        _ => throw new InvalidDataException($"linking subsection {id}"),
    };

    private static List<T> Repeat<T>(ByteReader reader, Func<ByteReader, T> read)
    {
        List<T> items = [];
        for (uint left = reader.Unsigned(); left > 0; left--)
            items.Add(read(reader));
        return items;
    }

    private static string Symbol(ByteReader reader)
    {
        int kind = reader.Byte();
        uint flags = reader.Unsigned();
        bool isDefined = (flags & Undefined) == 0;
        string start = $"symbol kind {kind} flags {flags:x}";
        return kind switch
        {
            1 => $"{start} {reader.Text()}" + (isDefined ? $" segment {reader.Unsigned()} + {reader.UnsignedLong()} size {reader.UnsignedLong()}" : ""),
            3 => $"{start} section {reader.Unsigned()}",
            _ => $"{start} index {reader.Unsigned()}" + (isDefined || (flags & ExplicitName) != 0 ? $" {reader.Text()}" : ""),
        };
    }
}
