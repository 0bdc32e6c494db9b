using System.Globalization;
using System.Text;
using Weld.Wasm.Binary;
using Weld.Wasm.Instructions;
using Weld.Wasm.Linking;
using Weld.Wasm.Sections;
using ValueType = Weld.Wasm.Sections.ValueType;

namespace Weld.Wasm.Text;

/// <summary>Prints an object as WebAssembly's text format, for people and for assemblers.</summary>
/// <remarks>Functions and globals have the names of their symbols. What only linking decides, which is addresses, stands there as in
/// the object, with its symbol in a comment. Only what objects made by weld consist of is printed.</remarks>
public sealed class ObjectWat
{
    private readonly byte[] _object;
    private readonly ModuleView _view;
    private readonly WatNames _names;
    private readonly Dictionary<(SectionId Section, uint Offset), string> _relocations = [];
    private readonly StringBuilder _text = new();

    private ObjectWat(byte[] bytes)
    {
        _object = bytes;
        _view = ModuleView.Read(bytes);
        _names = new WatNames(_view);
    }

    /// <param name="bytes">The object.</param>
    /// <exception cref="Base.Diagnostics.MalformedInputException">The object is malformed.</exception>
    public static unsafe string Print(byte[] bytes)
    {
        // Names are pointers into the object.
        fixed (byte* pinned = bytes)
        {
            var printer = new ObjectWat(bytes);
            foreach (SectionView section in printer._view.Sections)
                if (section.Name.StartsWith("reloc.", StringComparison.Ordinal))
                    printer.ReadRelocations(section);
            printer.PrintModule();
            return printer._text.ToString();
        }
    }

    private void ReadRelocations(SectionView section)
    {
        WasmReader reader = ReaderOf(section);
        SectionId target = _view.Sections[(int)reader.ReadLebU32()].Id;
        for (int left = reader.ReadCount("relocation", minimumSize: 3); left > 0; left--)
        {
            Relocation relocation = RelocationReader.ReadChecked(ref reader);
            if (relocation.Kind == RelocationKind.TypeIndexLeb)
                continue;
            SymbolEntry symbol = _view.Symbols[(int)relocation.Index];
            if (symbol.Kind == SymbolKind.Data || RelocationTable.Get(relocation.Kind).Value == RelocationValue.TableSlot)
                _relocations[(target, relocation.Offset)] = $"@{_names.SymbolName(symbol)}{Addend(relocation.Addend)}";
        }
    }

    private void PrintModule()
    {
        Line(0, "(module");
        for (int i = 0; i < _view.Types.Length; i++)
            Line(1, $"(type (;{i};) (func{Parts(_view.Types[i])}))");
        PrintImports();
        if (_view.Find(SectionId.Code) is { } code)
            PrintCode(code);
        if (_view.Find(SectionId.Data) is { } data)
            PrintData(data);
        Line(0, ")");
    }

    private void PrintImports()
    {
        var counts = new uint[5];
        foreach (Import import in _view.Imports)
        {
            uint index = counts[(int)import.Kind]++;
            string type = import.Kind switch
            {
                ExternalKind.Function => $"func {_names.Function(index)} (type {import.TypeIndex})",
                ExternalKind.Tag => $"tag (type {import.TypeIndex})",
                ExternalKind.Global => $"global {_names.Global(index)} {Print(import.Global)}",
                ExternalKind.Table => $"table {Print(import.Table.Limits)} {import.Table}",
                _ => $"memory {Print(import.Table.Limits)}",
            };
            Line(1, $"(import {WatNames.Quote(import.Module.Bytes)} {WatNames.Quote(import.Name.Bytes)} ({type}))");
        }
    }

    private void PrintCode(SectionView section)
    {
        WasmReader reader = ReaderOf(section);
        uint imported = _view.ImportCount(ExternalKind.Function);
        uint number = 0;
        foreach (BodyRange body in CodeSection.Read(ref reader))
        {
            uint type = _view.Functions[number];
            Line(1, $"(func {_names.Function(imported + number)} (type {type}){Parts(_view.Types[type])}");
            PrintBody(_object.AsSpan(section.Start + (int)body.Offset, (int)body.Size), body.Offset);
            Line(1, ")");
            number++;
        }
    }

    private void PrintBody(ReadOnlySpan<byte> body, uint offset)
    {
        var reader = new InstructionReader(body);
        LocalRun[] runs = reader.ReadLocals();
        if (runs.Length != 0)
            Line(2, $"(local{string.Concat(runs.SelectMany(static run => Enumerable.Repeat(" " + InstructionText.TypeName(run.Type), (int)run.Count)))})");
        while (true)
        {
            int depth = reader.Depth;
            Instruction instruction = reader.Read();
            if (reader.AtEnd)
                break;
            bool isMiddle = instruction.Opcode.Prefix == 0 && instruction.Opcode.Code is 0x05 or 0x07 or 0x19;
            int indent = isMiddle || reader.Depth < depth ? depth : depth + 1;
            Line(indent, WatInstruction.Print(instruction, _names) + Note(instruction, offset));
        }
    }

    // A relocation is at one of the immediates, which of them does not matter here.
    private string Note(Instruction instruction, uint bodyOffset)
    {
        for (int i = 0; i < instruction.Immediates.Length; i++)
            if (_relocations.TryGetValue((SectionId.Code, bodyOffset + (uint)(instruction.ImmediatePosition + i)), out string? note))
                return $" (; {note} ;)";
        return "";
    }

    private void PrintData(SectionView section)
    {
        WasmReader headers = ReaderOf(section);
        WasmReader reader = headers;
        SegmentRange[] segments = DataSection.Read(ref reader);
        headers.ReadLebU32();
        for (int i = 0; i < segments.Length; i++)
        {
            headers.ReadLebU32();
            string place = (segments[i].Flags & DataSegmentFlags.Passive) != 0
                ? ""
                : $" ({InstructionText.PrintExpression(ConstantExpression.Read(ref headers), static (_, _) => "")})";
            headers.Skip(headers.ReadLebU32());
            Line(1, $"(data {_names.Segment(i)}{place}");
            PrintContents(section, segments[i], i);
            Line(1, ")");
        }
    }

    // A new line where a symbol starts and where a pointer lies, so that there is room to say so.
    private void PrintContents(SectionView section, SegmentRange segment, int number)
    {
        ReadOnlySpan<byte> bytes = _object.AsSpan(section.Start + (int)segment.Offset, (int)segment.Size);
        var notes = new SortedDictionary<int, string>();
        foreach (SymbolEntry symbol in _view.Symbols)
            if (symbol.Kind == SymbolKind.Data && symbol.IsDefined && symbol.Index == number)
                Append(notes, (int)symbol.Offset, $"{_names.SymbolName(symbol)}:");
        for (int i = 0; i < bytes.Length; i++)
            if (_relocations.TryGetValue((SectionId.Data, segment.Offset + (uint)i), out string? target))
                Append(notes, i, target);
        int[] starts = [.. notes.Keys.Prepend(0).Distinct().Order(), bytes.Length];
        for (int i = 0; i + 1 < starts.Length; i++)
        {
            string note = notes.TryGetValue(starts[i], out string? found) ? $" (; {found} ;)" : "";
            Line(2, WatNames.Quote(bytes[starts[i]..starts[i + 1]]) + note);
        }
    }

    private static void Append(SortedDictionary<int, string> notes, int at, string note) =>
        notes[at] = notes.TryGetValue(at, out string? before) ? $"{before} {note}" : note;

    private WasmReader ReaderOf(SectionView section) => new(_object.AsSpan(section.Start, section.Length));

    private static string Parts(Signature signature) => Part("param", signature.Parameters) + Part("result", signature.Results);

    private static string Part(string name, ReadOnlySpan<ValueType> types)
    {
        if (types.IsEmpty)
            return "";
        var text = new StringBuilder(" (").Append(name);
        foreach (ValueType type in types)
            text.Append(' ').Append(ValueTypes.Name(type));
        return text.Append(')').ToString();
    }

    private static string Print(GlobalType type) => type.IsMutable ? $"(mut {ValueTypes.Name(type.Type)})" : $"{ValueTypes.Name(type.Type)}";

    private static string Print(Limits limits) =>
        ((limits.Flags & LimitsFlags.Is64) != 0 ? "i64 " : "")
        + string.Create(CultureInfo.InvariantCulture, $"{limits.Minimum}{(limits.HasMaximum ? $" {limits.Maximum}" : "")}")
        + ((limits.Flags & LimitsFlags.Shared) != 0 ? " shared" : "");

    private static string Addend(long addend) => addend == 0 ? "" : addend.ToString("+0;-0", CultureInfo.InvariantCulture);

    private void Line(int depth, string text) => _text.Append(' ', depth * 2).Append(text).Append('\n');
}
