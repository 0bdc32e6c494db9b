using System.Globalization;
using System.Text;
using Weld.Base.Diagnostics;
using Weld.Linker.Image;
using Weld.Linker.Planning;
using Weld.Wasm.Sections;

namespace Weld.Linker.Reports;

/// <summary>The map of <c>--Map</c> and <c>--print-map</c>: wasm-ld's columns, or JSON.</summary>
/// <remarks>In wasm-ld's map, offsets in a section count from the start of its header as if the header took no room. Tools that read
/// maps are used to that, so the text format has it too; JSON has real offsets.</remarks>
public static class MapReport
{
    public static void Write(OutputPlan plan, ImageWriter image, LinkReports reports, DiagnosticBag diagnostics)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(reports);
        IReadOnlyList<MapRow> rows = MapRows.Make(plan, image);
        StringBuilder text = plan.Options.MapIsJson ? JsonMap.Make(rows, plan, reports.Reasons!) : MakeText(rows);
        ReportFile.Write(plan.Options.MapFile!, text, reports.Output, "cannot open map file", diagnostics);
    }

    private static StringBuilder MakeText(IReadOnlyList<MapRow> rows)
    {
        var text = new StringBuilder("    Addr      Off     Size Out     In      Symbol\n");
        foreach (MapRow row in rows)
        {
            if (row.Address is ulong address)
                text.Append(CultureInfo.InvariantCulture, $"{address,8:x} ");
            else
                text.Append("       - ");
            text.Append(CultureInfo.InvariantCulture, $"{ShownOffset(row),8:x} {row.Size,8:x} ").Append(' ', (int)row.Level).Append(ShownName(row)).Append('\n');
        }
        return text;
    }

    private static string ShownName(MapRow row) => row.Level == MapLevel.Input && row.Section.Id != SectionId.Global
        ? $"{row.Owner?.DisplayName ?? "<internal>"}:({row.Name})"
        : row.Name;

    private static long ShownOffset(MapRow row)
    {
        if (row.Offset is long offset)
            return offset > row.Section.Offset ? offset - (row.Section.Start - row.Section.Offset) : offset;
        // What is not in the file: a segment is shown at its section, and what is in it counts from 0.
        return row.Level == MapLevel.Output ? row.Section.Offset : (long)row.SymbolOffset;
    }
}
