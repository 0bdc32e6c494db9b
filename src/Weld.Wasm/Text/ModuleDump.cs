using System.Text;
using Weld.Wasm.Binary;
using Weld.Wasm.Instructions;
using Weld.Wasm.Sections;

namespace Weld.Wasm.Text;

/// <summary>Prints a module as stable, readable text: what golden tests compare.</summary>
/// <remarks>Parts are printed in the order of <see cref="Parts"/>, whichever is asked for first. Names in angle brackets come
/// from the name section. Index operands keep their width out of sight, but each body and section tells its size.</remarks>
public sealed partial class ModuleDump
{
    private readonly ModuleView _view;
    private readonly byte[] _module;
    private readonly StringBuilder _text = new();

    private ModuleDump(byte[] module)
    {
        _module = module;
        _view = ModuleView.Read(module);
    }

    /// <summary>The parts that can be asked for.</summary>
    public static IReadOnlyList<string> Parts { get; } =
    [
        "sections", "dylink", "types", "imports", "functions", "tables", "memory", "tags", "globals", "exports", "start", "elements",
        "datacount", "code", "data", "custom", "linking", "relocs", "names", "producers", "features",
    ];

    /// <summary>Prints the parts that <paramref name="parts"/> names; all of them when it is empty.</summary>
    /// <exception cref="Base.Diagnostics.MalformedInputException">The module is malformed.</exception>
    public static unsafe string Print(byte[] module, params IReadOnlyCollection<string> parts)
    {
        // Names are pointers into the module.
        fixed (byte* pinned = module)
        {
            var dump = new ModuleDump(module);
            foreach (string part in Parts)
                if (parts.Count == 0 || parts.Contains(part))
                    dump.PrintPart(part);
            return dump._text.ToString();
        }
    }

    private delegate void SectionPrinter(ref WasmReader reader);

    private void PrintPart(string part)
    {
        switch (part)
        {
            case "sections":
                PrintSections();
                break;
            case "types":
                PrintSection(part, SectionId.Type, PrintTypes);
                break;
            case "imports":
                PrintSection(part, SectionId.Import, PrintImports);
                break;
            case "functions":
                PrintSection(part, SectionId.Function, PrintFunctions);
                break;
            case "tables":
                PrintSection(part, SectionId.Table, PrintTables);
                break;
            case "memory":
                PrintSection(part, SectionId.Memory, PrintMemories);
                break;
            case "tags":
                PrintSection(part, SectionId.Tag, PrintTags);
                break;
            case "globals":
                PrintSection(part, SectionId.Global, PrintGlobals);
                break;
            case "exports":
                PrintSection(part, SectionId.Export, PrintExports);
                break;
            case "start":
                PrintSection(part, SectionId.Start, (ref reader) => Line($"func {FunctionRef(reader.ReadLebU32())}"));
                break;
            case "elements":
                PrintSection(part, SectionId.Element, PrintElements);
                break;
            case "datacount":
                PrintSection(part, SectionId.DataCount, (ref reader) => Line($"{reader.ReadLebU32()}"));
                break;
            case "code":
                PrintSection(part, SectionId.Code, PrintCode);
                break;
            case "data":
                PrintSection(part, SectionId.Data, PrintData);
                break;
            default:
                PrintCustomPart(part);
                break;
        }
    }

    private void PrintSection(string part, SectionId id, SectionPrinter print)
    {
        if (_view.Find(id) is not { } section)
        {
            Title($"{part}: none");
            return;
        }
        Title(part);
        var reader = new WasmReader(_module.AsSpan(section.Start, section.Length), section.Start);
        print(ref reader);
    }

    private void PrintSections()
    {
        Title("sections");
        foreach (SectionView section in _view.Sections)
            Line(section.Id == SectionId.Custom
                ? $"custom {section.Name} {section.Length}"
                : $"{Lower(section.Id.ToString())} {section.Length}");
    }

    private void PrintTypes(ref WasmReader reader)
    {
        for (int i = 0; i < _view.Types.Length; i++)
            Line($"{i} {Print(_view.Types[i])}");
    }

    private void PrintImports(ref WasmReader reader)
    {
        var counts = new int[5];
        foreach (Import import in _view.Imports)
        {
            int index = counts[(int)import.Kind]++;
            string type = import.Kind switch
            {
                ExternalKind.Function or ExternalKind.Tag => PrintType(import.TypeIndex),
                ExternalKind.Global => Print(import.Global),
                ExternalKind.Table => $"{import.Table} {Print(import.Table.Limits)}",
                _ => Print(import.Table.Limits),
            };
            Line($"{KindName(import.Kind)} {index} {import.Module}.{import.Name} {type}");
        }
    }

    private void PrintFunctions(ref WasmReader reader)
    {
        uint imported = _view.ImportCount(ExternalKind.Function);
        for (uint i = 0; i < _view.Functions.Length; i++)
            Line($"{FunctionRef(imported + i)} {PrintType(_view.Functions[i])}");
    }

    private void PrintTables(ref WasmReader reader)
    {
        uint index = _view.ImportCount(ExternalKind.Table);
        foreach (TableType table in TableSection.Read(ref reader))
            Line($"{index++} {table} {Print(table.Limits)}");
    }

    private void PrintMemories(ref WasmReader reader)
    {
        uint index = _view.ImportCount(ExternalKind.Memory);
        foreach (Limits memory in MemorySection.Read(ref reader))
            Line($"{index++} {Print(memory)}");
    }

    private void PrintTags(ref WasmReader reader)
    {
        uint index = _view.ImportCount(ExternalKind.Tag);
        foreach (uint type in TagSection.Read(ref reader))
            Line($"{index++} {PrintType(type)}");
    }

    private void PrintGlobals(ref WasmReader reader)
    {
        uint index = _view.ImportCount(ExternalKind.Global);
        foreach (Global global in GlobalSection.Read(ref reader))
        {
            Line($"{index}{_view.NameOf(NameSubsection.Global, index)} {Print(global.Type)} = {PrintExpression(global.InitialValue.Bytes)}");
            index++;
        }
    }

    private void PrintExports(ref WasmReader reader)
    {
        foreach (Export export in ExportSection.Read(ref reader))
            Line($"{Quote(export.Name.Bytes)} {KindName(export.Kind)} {Reference(export.Kind, export.Index)}");
    }

    private void PrintElements(ref WasmReader reader)
    {
        int count = reader.ReadCount("element segment", minimumSize: 2);
        for (int i = 0; i < count; i++)
        {
            uint flags = reader.ReadLebU32();
            string place = (flags & 1) != 0 ? (flags & 2) != 0 ? "declared" : "passive" : "";
            if ((flags & 1) == 0)
            {
                uint table = (flags & 2) != 0 ? reader.ReadLebU32() : 0;
                place = $"table {table} at {PrintExpression(ConstantExpression.Read(ref reader))}";
            }
            if ((flags & 3) != 0)
                reader.ReadByte();
            Line($"{i} {place}:");
            for (int left = reader.ReadCount("element"); left > 0; left--)
                Line((flags & 4) != 0 ? $"  {PrintExpression(ConstantExpression.Read(ref reader))}" : $"  {FunctionRef(reader.ReadLebU32())}");
        }
    }

    private void PrintCode(ref WasmReader reader)
    {
        WasmReader whole = reader;
        ReadOnlySpan<byte> contents = whole.ReadBytes((uint)whole.Remaining);
        long start = reader.FileOffset;
        uint index = _view.ImportCount(ExternalKind.Function);
        int number = 0;
        foreach (BodyRange body in CodeSection.Read(ref reader))
        {
            string type = number < _view.Functions.Length ? PrintType(_view.Functions[number]) : "?";
            Line($"func {FunctionRef(index)} {type} {body.Size} bytes");
            PrintBody(contents.Slice((int)body.Offset, (int)body.Size), start + body.Offset);
            index++;
            number++;
        }
    }

    private void PrintBody(ReadOnlySpan<byte> body, long fileOffset)
    {
        var reader = new InstructionReader(body, fileOffset);
        foreach (LocalRun run in reader.ReadLocals())
            Line($"  local {InstructionText.TypeName(run.Type)} {run.Count}");
        while (!reader.AtEnd)
        {
            int depth = reader.Depth;
            Instruction instruction = reader.Read();
            if (reader.AtEnd)
                break;
            bool isMiddle = instruction.Opcode.Prefix == 0 && instruction.Opcode.Code is 0x05 or 0x07 or 0x19;
            int indent = 2 * (isMiddle || reader.Depth < depth ? depth - 1 : depth);
            Line($"{new string(' ', indent)}{InstructionText.Print(instruction, NameOfOperand)}");
        }
        if (reader.HasBytesLeft)
            Line("  bytes after the end");
    }

    private void PrintData(ref WasmReader reader)
    {
        WasmReader headers = reader;
        WasmReader whole = reader;
        ReadOnlySpan<byte> contents = whole.ReadBytes((uint)whole.Remaining);
        SegmentRange[] segments = DataSection.Read(ref reader);
        headers.ReadLebU32();
        for (uint i = 0; i < segments.Length; i++)
        {
            SegmentRange segment = segments[i];
            var flags = (DataSegmentFlags)headers.ReadLebU32();
            if ((flags & DataSegmentFlags.HasMemoryIndex) != 0)
                headers.ReadLebU32();
            string place = (flags & DataSegmentFlags.Passive) != 0 ? "passive" : $"at {PrintExpression(ConstantExpression.Read(ref headers))}";
            headers.Skip(headers.ReadLebU32());
            string name = i < _view.SegmentInfo.Length ? $" <{_view.SegmentInfo[i].Name}>" : _view.NameOf(NameSubsection.DataSegment, i);
            Line($"{i}{name} {place} {segment.Size} bytes");
            PrintContents(contents.Slice((int)segment.Offset, (int)segment.Size), "  ");
        }
    }

    private string Reference(ExternalKind kind, uint index) => kind switch
    {
        ExternalKind.Function => FunctionRef(index),
        ExternalKind.Global => $"{index}{_view.NameOf(NameSubsection.Global, index)}",
        _ => $"{index}",
    };

    private string FunctionRef(uint index) => $"{index}{_view.NameOf(NameSubsection.Function, index)}";

    private string NameOfOperand(ImmediateKind kind, uint index) => kind switch
    {
        ImmediateKind.FunctionIndex => _view.NameOf(NameSubsection.Function, index),
        ImmediateKind.GlobalIndex => _view.NameOf(NameSubsection.Global, index),
        _ => "",
    };

    private string PrintExpression(ReadOnlySpan<byte> bytes) => InstructionText.PrintExpression(bytes, NameOfOperand);

    private string PrintType(uint index) => index < _view.Types.Length ? Print(_view.Types[index]) : $"(type {index})";

    private static string Print(Signature signature)
    {
        string text = signature.ToString();
        return text.Replace("-> void", "-> ()", StringComparison.Ordinal);
    }

    private static string Print(GlobalType type) => $"{(type.IsMutable ? "mut " : "")}{ValueTypes.Name(type.Type)}";

    private static string Print(Limits limits)
    {
        string text = $"{limits.Minimum}{(limits.HasMaximum ? $" max {limits.Maximum}" : "")}";
        if ((limits.Flags & LimitsFlags.Shared) != 0)
            text += " shared";
        if ((limits.Flags & LimitsFlags.Is64) != 0)
            text += " i64";
        return (limits.Flags & LimitsFlags.HasPageSize) != 0 ? $"{text} pagesize {1ul << (int)(limits.PageSizeLog2 & 63)}" : text;
    }

    private static string KindName(ExternalKind kind) => kind == ExternalKind.Function ? "func" : Lower(kind.ToString());

    private static string Lower(string text) => text.ToLowerInvariant();

    private void Title(string title) => _text.Append(title).Append('\n');

    private void Line(string line) => _text.Append("  ").Append(line).Append('\n');
}
