using Weld.Wasm.Binary;
using Weld.Wasm.Linking;
using Weld.Wasm.Sections;

namespace Weld.Wasm.Text;

/// <summary>The attributes that may follow a declaration.</summary>
internal sealed class Attributes
{
    public SymbolFlags Flags { get; set; }

    public SegmentFlags SegmentFlags { get; set; }

    public bool HasNoSymbol { get; set; }

    public string? Module { get; set; }

    public string? Field { get; set; }

    public string? Export { get; set; }

    public string? Comdat { get; set; }

    public ulong? Size { get; set; }

    public uint Alignment { get; set; } = 1;
}

/// <summary>A symbol of the object that is built.</summary>
internal sealed class ObjectSymbol(SymbolKind kind, string name, SymbolFlags flags)
{
    public SymbolKind Kind { get; } = kind;

    public string Name { get; } = name;

    public SymbolFlags Flags { get; } = flags;

    public uint Index { get; set; }

    public ulong Offset { get; set; }

    public ulong Size { get; set; }

    /// <summary>Whether the name is written although the symbol is an import.</summary>
    public bool IsNamed => (Flags & SymbolFlags.Undefined) == 0 || (Flags & SymbolFlags.ExplicitName) != 0 || Kind == SymbolKind.Data;
}

/// <summary>An import, or a definition in one of the index spaces.</summary>
/// <param name="Name">The symbol's name.</param>
/// <param name="Type">The type index of a function or tag.</param>
/// <param name="Global">The type of a global.</param>
/// <param name="Table">The type of a table.</param>
/// <param name="Attributes">What was written after it.</param>
/// <param name="BlockStart">The position of the first token of its body; 0 without one.</param>
internal sealed record Declaration(string Name, uint Type, GlobalType Global, TableType Table, Attributes Attributes, int BlockStart);

/// <summary>A data segment, a custom section or a raw section: items in braces.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Id">Of a raw section: the id.</param>
/// <param name="Attributes">What was written after it.</param>
/// <param name="BlockStart">The position of the first token of its items.</param>
internal sealed record Block(string Name, byte Id, Attributes Attributes, int BlockStart);

/// <summary>A relocation with its kind as the number in the file, which need not be a valid one.</summary>
internal readonly record struct RawRelocation(byte Kind, uint Offset, uint Index, long Addend)
{
    public bool HasAddend => Kind < RelocationTable.Count && RelocationTable.Get((RelocationKind)Kind).HasAddend;
}

/// <summary>Bytes with the relocations in them.</summary>
internal sealed class RelocatableBytes
{
    public WasmWriter Writer { get; } = new();

    public List<RawRelocation> Relocations { get; } = [];
}

/// <summary>Everything that object text declares, in the order of the text.</summary>
internal sealed class ObjectModel
{
    public List<Signature> Types { get; } = [];

    public Dictionary<ExternalKind, List<Declaration>> Imports { get; } = ByKind();

    public Dictionary<ExternalKind, List<Declaration>> Definitions { get; } = ByKind();

    public List<(string Name, uint Function)> Exports { get; } = [];

    public List<Block> Segments { get; } = [];

    public List<Block> CustomSections { get; } = [];

    public List<Block> RawSections { get; } = [];

    public List<Block> RawSubsections { get; } = [];

    public List<Block> RawSymbols { get; } = [];

    public List<(string Section, RawRelocation Relocation)> RawRelocations { get; } = [];

    public List<ObjectSymbol> Symbols { get; } = [];

    public Dictionary<string, int> SymbolByName { get; } = [];

    /// <summary>Aliases, whose place is known once that of their targets is.</summary>
    public List<(string Name, string Target)> Aliases { get; } = [];

    public List<(uint Priority, string Name)> InitFunctions { get; } = [];

    /// <summary>Members by group; the groups in the order of their first member.</summary>
    public List<(string Name, List<ComdatEntry> Entries)> Comdats { get; } = [];

    public List<(char Prefix, string Name)> Features { get; } = [];

    public List<(string Field, List<(string Name, string Version)> Values)> Producers { get; } = [];

    /// <summary>The limits of the imported memory; null for none.</summary>
    public Limits? Memory { get; set; } = new Limits(LimitsFlags.None, 0, 0);

    /// <summary>The version of the linking section; null for no such section.</summary>
    public uint? LinkingVersion { get; set; } = LinkingSection.Version;

    /// <summary>Bytes to cut off at the end.</summary>
    public int Truncate { get; set; }

    public bool Is64 => Memory is { } memory && (memory.Flags & LimitsFlags.Is64) != 0;

    public uint ImportCount(ExternalKind kind) => (uint)Imports[kind].Count;

    public uint InternType(Signature signature)
    {
        int index = Types.IndexOf(signature);
        if (index < 0)
        {
            index = Types.Count;
            Types.Add(signature);
        }
        return (uint)index;
    }

    public void AddToComdat(string group, ComdatEntry entry)
    {
        int index = Comdats.FindIndex(comdat => comdat.Name == group);
        if (index < 0)
        {
            index = Comdats.Count;
            Comdats.Add((group, []));
        }
        Comdats[index].Entries.Add(entry);
    }

    private static Dictionary<ExternalKind, List<Declaration>> ByKind() => new()
    {
        [ExternalKind.Function] = [],
        [ExternalKind.Table] = [],
        [ExternalKind.Memory] = [],
        [ExternalKind.Global] = [],
        [ExternalKind.Tag] = [],
    };
}
