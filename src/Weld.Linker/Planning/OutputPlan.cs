using Weld.Base;
using Weld.Linker.Liveness;
using Weld.Linker.Options;
using Weld.Linker.Resolution;
using Weld.Wasm.Linking;
using Weld.Wasm.Sections;

namespace Weld.Linker.Planning;

/// <summary>What a relocation against a symbol of the symbol table is replaced by.</summary>
public struct SymbolTarget
{
    /// <summary>Of data: the address, without addend.</summary>
    public ulong Address;

    /// <summary>Of a function, global, tag or table: the index in the output.</summary>
    public uint Index;

    /// <summary>Of a function: its table slot, or <see cref="OutputPlan.NoSlot"/>.</summary>
    public uint TableSlot;

    /// <summary>Of data and functions that have a GOT global: that global's index.</summary>
    public uint GotIndex;

    public SymbolTargetFlags Flags;
}

/// <summary>Which fields of a <see cref="SymbolTarget"/> mean something.</summary>
[Flags]
public enum SymbolTargetFlags : uint
{
    None = 0,

    /// <summary>The output has it: relocations get its value and not a tombstone.</summary>
    Live = 1,

    /// <summary>Data with an address; without this, addends are dropped and the value is 0.</summary>
    HasAddress = 2,

    /// <summary>A function with a body in an object or made by the linker.</summary>
    HasBody = 4,

    /// <summary>Reached through a global: <see cref="SymbolTarget.GotIndex"/>.</summary>
    HasGot = 8,
}

/// <summary>A function of the output: an object's, or a synthetic one.</summary>
/// <param name="Id">The function's id.</param>
/// <param name="Owner">The object; null for a synthetic function.</param>
/// <param name="Function">The function's index in the object; in <see cref="OutputPlan.SyntheticFunctions"/> for a synthetic one.</param>
/// <param name="Signature">Its type.</param>
/// <param name="BodySize">The size of the object's body in bytes; 0 for a synthetic function, whose body may change.</param>
public readonly record struct OutputFunction(FunctionId Id, LinkedObject? Owner, uint Function, SignatureId Signature, uint BodySize);

/// <summary>A synthetic function with its final body.</summary>
public sealed record PlannedFunction(SyntheticFunction Function, byte[] Body);

/// <summary>A global of the output with its name in the name section; no name, no entry.</summary>
public readonly record struct OutputGlobal(Global Global, Utf8String Name);

/// <summary>An import and its symbol's name.</summary>
public readonly record struct OutputImport(Import Import, Utf8String Name);

/// <summary>A custom section of the output: the contents of input sections of one name, after each other.</summary>
public sealed class OutputCustomSection
{
    public required Utf8String Name { get; init; }

    public List<CustomChunk> Chunks { get; } = [];

    /// <summary>The size of the contents in bytes, without the name.</summary>
    public long Size { get; set; }
}

/// <summary>One piece of a custom section: an input section, or the merged strings of several.</summary>
public readonly record struct CustomChunk(LinkedObject? Owner, uint Section, MergedStrings? Strings, long Offset, long Size);

/// <summary>Where a custom section of an object is in the output.</summary>
public struct CustomPlace
{
    private int _outputPlusOne;

    public long Offset;

    /// <summary>Of a section whose strings were merged: these, and its number among them.</summary>
    public MergedStrings? Strings;
    public int Section;

    public readonly bool IsInOutput => _outputPlusOne != 0;

    /// <summary>Which output section; only when it is in one.</summary>
    public int Output
    {
        readonly get => _outputPlusOne - 1;
        set => _outputPlusOne = value + 1;
    }

    /// <summary>The place of a byte of the input section in the output section's contents.</summary>
    public readonly long Map(long offset) => Offset + (Strings is null ? offset : (long)Strings.Map(Section, (ulong)Math.Max(offset, 0)));
}

/// <summary>Stage 4's result: every index, slot, address and order of the output. Nothing is decided after this.</summary>
public sealed class OutputPlan
{
    /// <summary>The slot of a function that is not in the table. Slot 0 is a function's in position-independent output.</summary>
    public const uint NoSlot = uint.MaxValue;

    public required ResolvedProgram Program { get; init; }

    public required LiveSet Live { get; init; }

    public required LinkOptions Options { get; init; }

    public required DataPlan Data { get; init; }

    public required IReadOnlyCollection<string> Features { get; init; }

    /// <summary>The types in output order.</summary>
    public List<Signature> Types { get; } = [];

    /// <summary>The output index of each signature; -1 for those that the output does not have.</summary>
    public required int[] TypeIndex { get; init; }

    public List<OutputImport> Imports { get; } = [];

    /// <summary>The defined functions in output order; their indices follow those of the imports.</summary>
    public List<OutputFunction> Functions { get; } = [];

    /// <summary>What the name section calls the functions of objects; null when it is not wanted.</summary>
    public FunctionNames? FunctionNames { get; set; }

    public List<PlannedFunction> SyntheticFunctions { get; } = [];

    public uint ImportedFunctionCount { get; set; }

    public uint ImportedGlobalCount { get; set; }

    public List<TableType> Tables { get; } = [];

    /// <summary>The type index of each tag.</summary>
    public List<uint> Tags { get; } = [];

    public List<OutputGlobal> Globals { get; } = [];

    public List<Export> Exports { get; } = [];

    /// <summary>The constructors, in the order in which they are called.</summary>
    public List<(LinkedObject Owner, uint Symbol, uint Priority)> InitFunctions { get; } = [];

    /// <summary>What a dynamic linker needs to know; null in a static link.</summary>
    public DylinkSection? Dylink { get; set; }

    public uint? StartFunction { get; set; }

    /// <summary>The function index of each table slot from <see cref="LinkOptions.TableBase"/> on.</summary>
    public List<uint> Elements { get; } = [];

    /// <summary>The number of the table that <see cref="Elements"/> are for.</summary>
    public uint ElementTable { get; set; }

    /// <summary>The memory's limits, in pages.</summary>
    public Limits Memory { get; set; }

    public List<OutputCustomSection> CustomSections { get; set; } = [];

    /// <summary>The place of each custom section of each object.</summary>
    public CustomPlace[] CustomPlaces { get; set; } = [];

    /// <summary>The output index of each function of the objects, and of the synthetic ones; -1 for dropped ones.</summary>
    public required int[] FunctionIndex { get; set; }

    /// <summary>For each function, the one whose body it shares, or itself; null when nothing is folded.</summary>
    public int[]? FoldedInto { get; set; }

    /// <summary>The type index of a function of the output.</summary>
    public uint TypeOf(in OutputFunction function) => (uint)TypeIndex[function.Signature.Index];

    /// <summary>Whether a function has no body of its own.</summary>
    public bool IsFolded(int function) => FoldedInto is not null && function < FoldedInto.Length && FoldedInto[function] != function;

    /// <summary>The table slot of each of them, or <see cref="NoSlot"/>.</summary>
    public required uint[] TableSlot { get; set; }

    public required int[] GlobalIndex { get; init; }

    public required int[] TagIndex { get; init; }

    public required int[] TableNumber { get; init; }

    /// <summary>What relocations against each row of the symbol table get.</summary>
    public required SymbolTarget[] Targets { get; init; }

    /// <summary>The GOT globals of defined local symbols, by object and symbol.</summary>
    public Dictionary<(int Object, uint Symbol), uint> LocalGot { get; } = [];
}
