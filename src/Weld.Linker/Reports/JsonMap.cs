using System.Text;
using Weld.Linker.Inputs;
using Weld.Linker.Planning;

namespace Weld.Linker.Reports;

/// <summary>The map as JSON: the sections, and every symbol with its object, archive member, section, place, size, and why it is kept.</summary>
public static class JsonMap
{
    public static StringBuilder Make(IReadOnlyList<MapRow> rows, OutputPlan plan, LiveReasons reasons)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(plan);
        var names = new NodeNames(plan.Program, reasons, plan.Options.Demangle);
        var json = new StringBuilder("{").AppendMember("version", 1).AppendMember("output", plan.Options.OutputFile).Append("\"sections\":[");
        foreach (MapRow row in rows)
            if (row.Level == MapLevel.Output)
                AppendPlace(json.Append("\n{").AppendMember("section", row.Name), row).End('}').Append(',');
        json.End(']').Append(",\"symbols\":[");
        for (int i = 0; i < rows.Count; i++)
        {
            // What has symbols is listed by them.
            bool hasSymbols = rows[i].Level == MapLevel.Input && i + 1 < rows.Count && rows[i + 1].Level == MapLevel.Symbol;
            if (rows[i].Level != MapLevel.Output && !hasSymbols)
                AppendSymbol(json, rows[i], names);
        }
        return json.End(']').Append("}\n");
    }

    private static void AppendSymbol(StringBuilder json, MapRow row, NodeNames names)
    {
        InputFile? file = row.Owner?.Object.File;
        json.Append("\n{").AppendMember("symbol", row.Name);
        json.AppendMember("object", file?.ArchiveName ?? file?.Name).AppendMember("member", file?.ArchiveName is null ? null : file.Name);
        json.AppendMember("section", row.Section.Name);
        AppendPlace(json, row).AppendMember("kept", row.Node is LiveNode node ? names.DescribeReason(node) : null).End('}').Append(',');
    }

    private static StringBuilder AppendPlace(StringBuilder json, MapRow row)
    {
        if (row.Address is ulong address)
            json.AppendMember(row.Section.Id == Wasm.Sections.SectionId.Global ? "index" : "address", (long)address);
        if (row.Offset is long offset)
            json.AppendMember("offset", offset);
        return json.AppendMember("size", (long)row.Size);
    }
}
