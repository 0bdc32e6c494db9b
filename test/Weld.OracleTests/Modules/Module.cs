namespace Weld.OracleTests.Modules;

/// <summary>A finished wasm module as this test project reads it: on purpose not with weld's own reader,
/// so that the two check each other.</summary>
public sealed class Module
{
    public required byte[] Bytes { get; init; }
    public List<Section> Sections { get; } = [];

    /// <summary>Signatures as text, so that they compare across type numberings.</summary>
    public List<string> Types { get; } = [];

    /// <summary>Index spaces: imports first, then what the module defines.</summary>
    public List<Function> Functions { get; } = [];
    public List<Entity> Tables { get; } = [];
    public List<Entity> Memories { get; } = [];
    public List<Entity> Globals { get; } = [];
    public List<Entity> Tags { get; } = [];

    /// <summary>In file order, over all kinds.</summary>
    public List<Entity> Imports { get; } = [];
    public List<Export> Exports { get; } = [];
    public int? Start { get; set; }
    public List<ElementSegment> Elements { get; } = [];
    public uint? DataCount { get; set; }
    public List<DataSegment> Data { get; } = [];

    public string FunctionLabel(uint index) =>
        index < Functions.Count ? Functions[(int)index].Label : $"func[{index}] (out of range)";

    public string GlobalLabel(uint index) =>
        index < Globals.Count ? Globals[(int)index].Label : $"global[{index}] (out of range)";
}

/// <param name="Name">Of a custom section; empty for the others.</param>
/// <param name="Start">File offset of the payload, after a custom section's name.</param>
public readonly record struct Section(int Id, string Name, int Start, int End)
{
    public override string ToString() => Id == 0 ? $"custom '{Name}'" : StandardNames[Id];

    private static readonly string[] StandardNames =
        ["custom", "TYPE", "IMPORT", "FUNCTION", "TABLE", "MEMORY", "GLOBAL", "EXPORT", "START", "ELEM", "CODE", "DATA", "DATACOUNT", "TAG"];
}

/// <summary>One item of an index space: imported or defined.</summary>
/// <param name="Type">Its type as text: limits, value type and mutability, or signature.</param>
public record Entity(string Kind, int Index, string Type)
{
    /// <summary><c>module.name</c> of an import, else null.</summary>
    public string? Import { get; init; }

    /// <summary>From the name section.</summary>
    public string? Name { get; set; }

    /// <summary>Of a defined global or table: its initialiser, with indices resolved to labels.</summary>
    public string? Initializer { get; set; }

    /// <summary>What other places call it: its name, and how many before it have the same.</summary>
    public string Label { get; set; } = $"{Kind}[{Index}]";
}

/// <param name="Body">File range of the body, locals included; empty for an import.</param>
public sealed record Function(int Index, string Type, Range Body) : Entity("func", Index, Type);

public readonly record struct Export(string Name, string Kind, uint Index);

/// <param name="Mode">active with table and offset, passive or declared.</param>
public sealed record ElementSegment(string Mode, long Offset, string Type, List<string> Items);

/// <param name="Mode">active with its memory, or passive.</param>
/// <param name="Offset">The address of an active segment, 0 otherwise.</param>
/// <param name="OffsetText">The offset expression, which need not be constant.</param>
public sealed record DataSegment(string Mode, long Offset, string OffsetText, byte[] Bytes)
{
    public string? Name { get; set; }
}
