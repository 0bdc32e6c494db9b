using System.Globalization;
using System.Text;
using Weld.Wasm.Binary;
using Weld.Wasm.Linking;
using Weld.Wasm.Sections;

namespace Weld.Wasm.Text;

/// <content>Custom sections: those that the tools know, and others as text or bytes.</content>
public sealed partial class ModuleDump
{
    private void PrintCustomPart(string part)
    {
        switch (part)
        {
            case "dylink":
                PrintCustomSections(part, static name => name == "dylink.0", PrintBytes);
                break;
            case "linking":
                PrintCustomSections(part, static name => name == "linking", PrintLinking);
                break;
            case "relocs":
                PrintCustomSections(part, static name => name.StartsWith("reloc.", StringComparison.Ordinal), PrintRelocations);
                break;
            case "names":
                PrintCustomSections(part, static name => name == "name", PrintNames);
                break;
            case "producers":
                PrintCustomSections(part, static name => name == "producers", PrintProducers);
                break;
            case "features":
                PrintCustomSections(part, static name => name == "target_features", PrintFeatures);
                break;
            default:
                PrintCustomSections(part, IsOtherCustomSection, PrintBytes);
                break;
        }
    }

    private static bool IsOtherCustomSection(string name) =>
        name is not ("dylink.0" or "linking" or "name" or "producers" or "target_features") && !name.StartsWith("reloc.", StringComparison.Ordinal);

    private void PrintCustomSections(string part, Predicate<string> isWanted, SectionPrinter print)
    {
        bool any = false;
        foreach (SectionView section in _view.Sections)
        {
            if (section.Id != SectionId.Custom || !isWanted(section.Name))
                continue;
            any = true;
            Title(part is "custom" or "relocs" ? $"{part} {section.Name} {section.Length} bytes" : part);
            var reader = new WasmReader(_module.AsSpan(section.Start, section.Length), section.Start);
            print(ref reader);
        }
        if (!any)
            Title($"{part}: none");
    }

    private void PrintBytes(ref WasmReader reader) => PrintContents(reader.ReadBytes((uint)reader.Remaining), "");

    private void PrintLinking(ref WasmReader reader)
    {
        LinkingSection.ReadVersion(ref reader);
        for (int i = 0; i < _view.Symbols.Count; i++)
            Line($"symbol {i} {PrintSymbol(_view.Symbols[i])}");
        for (int i = 0; i < _view.SegmentInfo.Length; i++)
            Line($"segment {i} {_view.SegmentInfo[i].Name} align {1u << (int)_view.SegmentInfo[i].AlignmentLog2}{PrintFlags(_view.SegmentInfo[i].Flags)}");
        while (!reader.AtEnd)
        {
            WasmReader contents = LinkingSection.ReadSubsection(ref reader, out LinkingSubsection kind);
            if (kind == LinkingSubsection.InitFunctions)
                foreach (InitFunction function in LinkingSection.ReadInitFunctions(ref contents))
                    Line($"init {function.Priority} {SymbolName(function.Symbol)}");
            if (kind == LinkingSubsection.ComdatInfo)
                foreach (Comdat comdat in LinkingSection.ReadComdats(ref contents))
                    Line($"comdat {comdat.Name}: {string.Join(", ", comdat.Entries.ToArray().Select(static entry => $"{Lower(entry.Kind.ToString())} {entry.Index}"))}");
        }
    }

    private static string PrintSymbol(SymbolEntry symbol)
    {
        string place = !symbol.IsDefined || symbol.Kind != SymbolKind.Data
            ? $"{symbol.Index}"
            : $"segment {symbol.Index}+{symbol.Offset} size {symbol.Size}";
        string kind = symbol.Kind == SymbolKind.Function ? "func" : Lower(symbol.Kind.ToString());
        return $"{kind} {(symbol.Name.IsEmpty ? "-" : symbol.Name)} {place}{PrintFlags(symbol.Flags)}";
    }

    private static string PrintFlags<T>(T flags)
        where T : struct, Enum => Convert.ToUInt32(flags, CultureInfo.InvariantCulture) == 0 ? "" : $" [{Lower(flags.ToString())}]";

    private void PrintRelocations(ref WasmReader reader)
    {
        uint section = reader.ReadLebU32();
        for (int left = reader.ReadCount("relocation", minimumSize: 3); left > 0; left--)
        {
            Relocation relocation = RelocationReader.ReadChecked(ref reader);
            RelocationInfo info = RelocationTable.Get(relocation.Kind);
            string target = !info.NamesSymbol ? $"type {relocation.Index}" : SymbolName(relocation.Index);
            Line($"section {section}+0x{relocation.Offset:x} {info.Name} {target}{(info.HasAddend ? $" + {relocation.Addend}" : "")}");
        }
    }

    private string SymbolName(uint symbol) => symbol >= _view.Symbols.Count ? $"symbol {symbol}"
        : _view.Symbols[(int)symbol].Name.IsEmpty ? $"symbol {symbol}"
        : _view.Symbols[(int)symbol].Name.ToString();

    private void PrintNames(ref WasmReader reader)
    {
        while (!reader.AtEnd)
        {
            byte kind = reader.ReadByte();
            var contents = new WasmReader(reader.ReadBytes(reader.ReadLebU32()), reader.FileOffset);
            string title = kind switch { 0 => "module", 1 => "function", 2 => "local", 7 => "global", 9 => "segment", _ => $"subsection {kind}" };
            if (kind == 0)
            {
                Line($"module {Quote(contents.ReadName())}");
                continue;
            }
            if (title is not ("function" or "global" or "segment"))
            {
                Line($"{title} {contents.Remaining} bytes");
                continue;
            }
            for (int left = contents.ReadCount("name", minimumSize: 2); left > 0; left--)
                Line($"{title} {contents.ReadLebU32()} {Quote(contents.ReadName())}");
        }
    }

    private void PrintProducers(ref WasmReader reader)
    {
        for (int left = reader.ReadCount("field"); left > 0; left--)
        {
            string field = Encoding.UTF8.GetString(reader.ReadName());
            for (int values = reader.ReadCount("producer"); values > 0; values--)
                Line($"{field} {Quote(reader.ReadName())} {Quote(reader.ReadName())}");
        }
    }

    private void PrintFeatures(ref WasmReader reader)
    {
        for (int left = reader.ReadCount("feature", minimumSize: 2); left > 0; left--)
            Line($"{(char)reader.ReadByte()}{Encoding.UTF8.GetString(reader.ReadName())}");
    }
}
