namespace Weld.OracleTests.Modules;

/// <summary>Reads a whole module; expressions are resolved once the name section is known.</summary>
public sealed class ModuleReader
{
    private readonly Module _module;
    private readonly List<uint> _definedFunctionTypes = [];
    private readonly List<(int Start, Action Read)> _afterNames = [];
    private int _importedFunctions;

    private ModuleReader(byte[] bytes) => _module = new Module { Bytes = bytes };

    public static Module Read(string path) => Read(File.ReadAllBytes(path));

    public static Module Read(byte[] bytes)
    {
        if (!bytes.AsSpan().StartsWith((ReadOnlySpan<byte>)[0, (byte)'a', (byte)'s', (byte)'m', 1, 0, 0, 0]))
            throw new InvalidDataException("not a wasm module");
        var reader = new ModuleReader(bytes);
        reader.ReadSections();
        return reader._module;
    }

    /// <summary>The body of a function as text with resolved indices; empty for an import.</summary>
    public static string Body(Module module, Function function)
    {
        (int start, int length) = function.Body.GetOffsetAndLength(module.Bytes.Length);
        return length == 0 ? "" : new InstructionReader(module, new ByteReader(module.Bytes, start, start + length)).Body();
    }

    private void ReadSections()
    {
        var file = new ByteReader(_module.Bytes, 8, _module.Bytes.Length);
        while (!file.AtEnd)
        {
            int id = file.Byte();
            int size = (int)file.Unsigned();
            int end = file.Position + size;
            string name = id == 0 ? new ByteReader(_module.Bytes, file.Position, end).Text() : "";
            int start = id == 0 ? NameEnd(file.Position, end) : file.Position;
            _module.Sections.Add(new Section(id, name, start, end));
            file.Bytes(size);
        }

        // Functions and names first: everything else is shown in their terms.
        foreach (Section section in _module.Sections.Where(section => section.Id != 0))
            ReadSection(section);
        foreach (Section section in _module.Sections.Where(section => section is { Id: 0, Name: "name" }))
            NameReader.Read(_module, section);
        Labels.Assign(_module);
        foreach ((_, Action read) in _afterNames.OrderBy(action => action.Start))
            read();
    }

    private int NameEnd(int start, int end)
    {
        var reader = new ByteReader(_module.Bytes, start, end);
        reader.Text();
        return reader.Position;
    }

    private void ReadSection(Section section)
    {
        var reader = new ByteReader(_module.Bytes, section.Start, section.End);
        switch (section.Id)
        {
            case 1: Repeat(reader, ReadType); break;
            case 2: Repeat(reader, ReadImport); _importedFunctions = _module.Functions.Count; break;
            case 3: Repeat(reader, r => _definedFunctionTypes.Add(r.Unsigned())); break;
            case 4: Repeat(reader, ReadTable); break;
            case 5: Repeat(reader, r => _module.Memories.Add(new Entity("memory", _module.Memories.Count, TypeText.Limits(r)))); break;
            case 6: Repeat(reader, ReadGlobal); break;
            case 7: Repeat(reader, r => _module.Exports.Add(new Export(r.Text(), KindName(r.Byte()), r.Unsigned()))); break;
            case 8: _module.Start = (int)reader.Unsigned(); break;
            case 9: _afterNames.Add((section.Start, () => Repeat(reader, ReadElements))); break;
            case 10: Repeat(reader, ReadBody); break;
            case 11: Repeat(reader, ReadData); break;
            case 12: _module.DataCount = reader.Unsigned(); break;
            case 13: Repeat(reader, r => { r.Byte(); _module.Tags.Add(new Entity("tag", _module.Tags.Count, Signature(r.Unsigned()))); }); break;
            default: throw new InvalidDataException($"section {section.Id}");
        }
    }

    private static void Repeat(ByteReader reader, Action<ByteReader> read)
    {
        for (uint left = reader.Unsigned(); left > 0; left--)
            read(reader);
    }

    private void ReadType(ByteReader reader)
    {
        byte form = reader.Byte();
        if (form != 0x60)
            throw new InvalidDataException($"type form {form:x2}");
        _module.Types.Add($"{ValueTypes(reader)} -> {ValueTypes(reader)}");
    }

    private static string ValueTypes(ByteReader reader)
    {
        var types = new List<string>();
        Repeat(reader, r => types.Add(TypeText.ValueType(r)));
        return $"({string.Join(", ", types)})";
    }

    private void ReadImport(ByteReader reader)
    {
        string name = $"{reader.Text()}.{reader.Text()}";
        Entity entity = reader.Byte() switch
        {
            0 => AddTo(_module.Functions, new Function(_module.Functions.Count, Signature(reader.Unsigned()), default) { Import = name }),
            1 => AddTo(_module.Tables, new Entity("table", _module.Tables.Count, TypeText.Table(reader)) { Import = name }),
            2 => AddTo(_module.Memories, new Entity("memory", _module.Memories.Count, TypeText.Limits(reader)) { Import = name }),
            3 => AddTo(_module.Globals, new Entity("global", _module.Globals.Count, TypeText.Global(reader)) { Import = name }),
            4 when reader.Byte() == 0 => AddTo(_module.Tags, new Entity("tag", _module.Tags.Count, Signature(reader.Unsigned())) { Import = name }),
            _ => throw new InvalidDataException($"import kind of {name}"),
        };
        _module.Imports.Add(entity);
    }

    private void ReadTable(ByteReader reader)
    {
        var table = new Entity("table", _module.Tables.Count, TypeText.Table(reader));
        _module.Tables.Add(table);
    }

    private void ReadGlobal(ByteReader reader)
    {
        var global = new Entity("global", _module.Globals.Count, TypeText.Global(reader));
        _module.Globals.Add(global);
        int start = reader.Position;
        new InstructionReader(_module, reader).Expression();
        _afterNames.Add((start, () => global.Initializer = Expression(start)));
    }

    private void ReadElements(ByteReader reader)
    {
        uint flags = reader.Unsigned();
        string mode = (flags & 3) switch { 1 => "passive", 3 => "declared", _ => "active" };
        long offset = 0;
        if ((flags & 1) == 0)
        {
            mode += $" in {_module.Tables[(flags & 2) != 0 ? (int)reader.Unsigned() : 0].Label}";
            offset = Constant(new InstructionReader(_module, reader).Expression(), out string text) ?? 0;
            mode += text;
        }
        string type = "funcref";
        if ((flags & 3) != 0)
            type = (flags & 4) != 0 ? TypeText.ValueType(reader) : $"kind {reader.Byte()}";
        var items = new List<string>();
        Repeat(reader, r => items.Add((flags & 4) != 0 ? new InstructionReader(_module, r).Expression() : _module.FunctionLabel(r.Unsigned())));
        _module.Elements.Add(new ElementSegment(mode, offset, type, items));
    }

    private void ReadBody(ByteReader reader)
    {
        int size = (int)reader.Unsigned();
        int ordinal = _module.Functions.Count - _importedFunctions;
        _module.Functions.Add(new Function(_module.Functions.Count, Signature(_definedFunctionTypes[ordinal]), reader.Position..(reader.Position + size)));
        reader.Bytes(size);
    }

    private void ReadData(ByteReader reader)
    {
        uint flags = reader.Unsigned();
        string mode = flags == 1 ? "passive" : $"active in memory {(flags == 2 ? reader.Unsigned() : 0)}";
        string offsetText = "";
        long offset = 0;
        if (flags != 1)
        {
            // Global labels are not known yet, and do not matter for the constant.
            offsetText = new InstructionReader(_module, reader).Expression();
            offset = Constant(offsetText, out _) ?? 0;
        }
        _module.Data.Add(new DataSegment(mode, offset, offsetText, reader.Bytes((int)reader.Unsigned()).ToArray()));
    }

    private static long? Constant(string expression, out string other)
    {
        string[] words = expression.Split(' ');
        bool constant = words.Length == 2 && words[0] is "i32.const" or "i64.const";
        other = constant ? "" : $" at {expression}";
        return constant ? long.Parse(words[1].TrimEnd(';'), System.Globalization.CultureInfo.InvariantCulture) : null;
    }

    private string Expression(int start) =>
        new InstructionReader(_module, new ByteReader(_module.Bytes, start, _module.Bytes.Length)).Expression();

    private string Signature(uint index) => _module.Types[(int)index];

    private static string KindName(byte kind) => kind switch { 0 => "func", 1 => "table", 2 => "memory", 3 => "global", 4 => "tag", _ => $"kind{kind}" };

    private static T AddTo<TBase, T>(List<TBase> list, T item) where T : TBase
    {
        list.Add(item);
        return item;
    }
}
