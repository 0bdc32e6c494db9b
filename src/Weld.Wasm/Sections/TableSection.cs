using Weld.Wasm.Binary;

namespace Weld.Wasm.Sections;

/// <summary>The type of a table.</summary>
public readonly record struct TableType(ValueType Element, Limits Limits)
{
    public static TableType Read(ref WasmReader reader)
    {
        byte element = reader.ReadByte();
        if (!ValueTypes.IsKnown(element) || !ValueTypes.IsReference((ValueType)element))
            throw reader.Malformed(element is 0x63 or 0x64 or 0x40
                ? "the file has unmodeled reference or GC types"
                : $"invalid table element type 0x{element:x2}");
        Limits limits = Limits.Read(ref reader);
        if ((limits.Flags & (LimitsFlags.Shared | LimitsFlags.HasPageSize)) != 0)
            throw reader.Malformed($"invalid flags {(int)limits.Flags} of a table");
        return new TableType((ValueType)element, limits);
    }

    public void Write(WasmWriter writer)
    {
        writer.WriteByte((byte)Element);
        Limits.Write(writer);
    }

    public override string ToString() => ValueTypes.Name(Element) ?? "?";
}

/// <summary>Section 4: the tables that the module defines.</summary>
/// <remarks>https://webassembly.github.io/spec/core/binary/modules.html#table-section</remarks>
public static class TableSection
{
    public static TableType[] Read(ref WasmReader reader)
    {
        var tables = new TableType[reader.ReadCount("table", minimumSize: 3)];
        for (int i = 0; i < tables.Length; i++)
            tables[i] = TableType.Read(ref reader);
        return tables;
    }

    public static void Write(WasmWriter writer, ReadOnlySpan<TableType> tables)
    {
        writer.WriteLebU32((uint)tables.Length);
        foreach (TableType table in tables)
            table.Write(writer);
    }
}
