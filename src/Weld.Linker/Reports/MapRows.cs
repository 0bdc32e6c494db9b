using Weld.Linker.Diagnostics;
using Weld.Linker.Image;
using Weld.Linker.Inputs;
using Weld.Linker.Planning;
using Weld.Linker.Resolution;
using Weld.Wasm.Linking;
using Weld.Wasm.Sections;

namespace Weld.Linker.Reports;

/// <summary>How deep a row of a map is; the number is the indentation of its name in columns.</summary>
public enum MapLevel
{
    /// <summary>A section of the output, or a segment of the data section.</summary>
    Output = 0,

    /// <summary>What an input gave to it: a function, a data segment, a global.</summary>
    Input = 8,

    /// <summary>A symbol that is defined there.</summary>
    Symbol = 16,
}

/// <summary>A row of a map.</summary>
/// <param name="Level">What it is.</param>
/// <param name="Section">The section of the output.</param>
/// <param name="Address">The address in memory, or the index of a global; null for what has none.</param>
/// <param name="Offset">Where it is in the file; null for what is not in the file. See <see cref="MapReport"/> for what is printed.</param>
/// <param name="Size">The size in bytes.</param>
/// <param name="Name">The name of the section, function, segment, global or symbol.</param>
/// <param name="Owner">The object; null for what the linker made.</param>
/// <param name="Node">What the row stands for among what is live; null for sections.</param>
public readonly record struct MapRow(
    MapLevel Level, ImageSection Section, ulong? Address, long? Offset, ulong Size, string Name, LinkedObject? Owner, LiveNode? Node)
{
    /// <summary>Of a data symbol: the offset in its input segment.</summary>
    public ulong SymbolOffset { get; init; }
}

/// <summary>Walks the output in file order, for both formats of the map.</summary>
public sealed class MapRows
{
    private readonly OutputPlan _plan;
    private readonly ImageWriter _image;
    private readonly List<MapRow> _rows = [];
    private readonly Dictionary<LiveNode, List<(LinkedObject Owner, uint Symbol)>> _symbols = [];

    private MapRows(OutputPlan plan, ImageWriter image)
    {
        _plan = plan;
        _image = image;
    }

    public static IReadOnlyList<MapRow> Make(OutputPlan plan, ImageWriter image)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(image);
        var rows = new MapRows(plan, image);
        rows.CollectSymbols();
        foreach (ImageSection section in image.Sections)
            rows.AddSection(section);
        return rows._rows;
    }

    /// <summary>The symbols of objects, by what they are in; those of folded functions by the body that they share. A symbol that lost to another definition is not one.</summary>
    private void CollectSymbols()
    {
        foreach (LinkedObject owner in _plan.Program.Objects)
            for (uint i = 0; i < owner.Object.Symbols.Length; i++)
            {
                ref InputSymbol symbol = ref owner.Object.Symbols[i];
                if (!symbol.IsDefined || symbol.Kind is not (SymbolKind.Function or SymbolKind.Data) || !IsDefinedHere(owner, i))
                    continue;
                int element = owner.ElementOf(symbol);
                if (symbol.Kind == SymbolKind.Function && _plan.FoldedInto is int[] folded)
                    element = folded[element];
                var node = LiveNode.Of(symbol.Kind, element);
                if (!_symbols.TryGetValue(node, out List<(LinkedObject, uint)>? list))
                    _symbols.Add(node, list = []);
                list.Add((owner, i));
            }
    }

    private bool IsDefinedHere(LinkedObject owner, uint index)
    {
        if ((owner.Object.Symbols[index].Flags & SymbolFlags.Absolute) != 0)
            return false;
        if (owner.Bindings[index] < 0)
            return true;
        ref Symbol row = ref _plan.Program.Symbols[new SymbolId(owner.Bindings[index])];
        return row.IsDefined && row.File == owner.Index && row.Element == owner.ElementOf(owner.Object.Symbols[index]);
    }

    private void AddSection(ImageSection section)
    {
        _rows.Add(new MapRow(MapLevel.Output, section, null, section.Offset, (ulong)section.Size, section.Name, null, null));
        switch (section.Id)
        {
            case SectionId.Code:
                AddFunctions(section);
                break;
            case SectionId.Data:
                AddSegments(section);
                break;
            case SectionId.Global:
                AddGlobals(section);
                break;
        }
    }

    private void AddFunctions(ImageSection section)
    {
        var names = new SyntheticNames(_plan.Program);
        for (int i = 0; i < _plan.Functions.Count; i++)
        {
            OutputFunction function = _plan.Functions[i];
            long start = _image.Code.EntryOf(i);
            long end = i + 1 < _plan.Functions.Count ? _image.Code.EntryOf(i + 1) : _image.Code.Size;
            string name = function.Owner is null
                ? names[_plan.SyntheticFunctions[(int)function.Function].Function]
                : NameOf(function.Owner, function.Function);
            var row = new MapRow(MapLevel.Input, section, null, section.Start + start, (ulong)(end - start), name, function.Owner,
                LiveNode.Of(SymbolKind.Function, function.Id.Index));
            _rows.Add(row);
            foreach ((LinkedObject owner, uint symbol) in SymbolsOf(row.Node!.Value))
                _rows.Add(row with
                {
                    Level = MapLevel.Symbol,
                    Name = Display(owner, symbol),
                    Owner = owner,
                    Node = LiveNode.Of(SymbolKind.Function, owner.ElementOf(owner.Object.Symbols[symbol])),
                });
        }
    }

    private static string NameOf(LinkedObject owner, uint function)
    {
        int symbol = owner.Object.Functions[function].NameSymbol;
        return symbol < 0 ? "" : owner.Object.NameOf(owner.Object.Symbols[symbol]).ToString();
    }

    private void AddSegments(ImageSection section)
    {
        int number = 0;
        foreach (OutputSegment segment in _plan.Data.Segments)
        {
            long? head = null;
            long? contents = null;
            if (_plan.Data.IsInFile(segment))
            {
                head = section.Start + _image.Data.EntryOf(number);
                contents = section.Start + _image.Data.ContentsOf(number++);
            }
            _rows.Add(new MapRow(MapLevel.Output, section, segment.Address, head, segment.Size, segment.Name.ToString(), null, null));
            foreach (SegmentChunk chunk in segment.Chunks)
                AddChunk(section, segment, chunk, contents + (long)chunk.Offset);
        }
    }

    private void AddChunk(ImageSection section, OutputSegment segment, SegmentChunk chunk, long? offset)
    {
        ulong address = segment.Address + chunk.Offset;
        if (chunk.Owner is not LinkedObject owner)
        {
            _rows.Add(new MapRow(MapLevel.Input, section, address, offset, chunk.Size, segment.Name.ToString(), null, null));
            return;
        }
        var node = LiveNode.Of(SymbolKind.Data, owner.FirstSegment + (int)chunk.Segment);
        string name = owner.Object.Segments[chunk.Segment].Name.ToString();
        _rows.Add(new MapRow(MapLevel.Input, section, address, offset, chunk.Size, name, owner, node));
        foreach ((_, uint index) in SymbolsOf(node))
        {
            ref InputSymbol symbol = ref owner.Object.Symbols[index];
            _rows.Add(new MapRow(MapLevel.Symbol, section, address + symbol.Offset, offset + symbol.Offset, owner.Object.SizeOf(symbol), Display(owner, index), owner, node)
            {
                SymbolOffset = symbol.Offset,
            });
        }
    }

    /// <summary>The globals of objects and the linker's own; not those that only hold an address.</summary>
    private void AddGlobals(ImageSection section)
    {
        var owners = new Dictionary<int, (LinkedObject Owner, int Element)>();
        foreach (LinkedObject owner in _plan.Program.Objects)
            for (int i = 0; i < owner.Object.Globals.Length; i++)
                owners.Add(owner.FirstGlobal + i, (owner, i));
        var globals = new List<(int Index, LinkedObject? Owner, int Element)>();
        for (int element = 0; element < _plan.GlobalIndex.Length; element++)
            if (_plan.GlobalIndex[element] >= (int)_plan.ImportedGlobalCount)
                globals.Add((_plan.GlobalIndex[element], owners.TryGetValue(element, out (LinkedObject Owner, int) found) ? found.Owner : null, element));
        foreach ((int index, LinkedObject? owner, int element) in globals.OrderBy(global => global.Index))
        {
            string name = _plan.Globals[index - (int)_plan.ImportedGlobalCount].Name.ToString();
            _rows.Add(new MapRow(MapLevel.Input, section, (ulong)index, null, 0, name, owner, LiveNode.Of(SymbolKind.Global, element)));
        }
    }

    private List<(LinkedObject Owner, uint Symbol)> SymbolsOf(LiveNode node) =>
        _symbols.TryGetValue(node, out List<(LinkedObject, uint)>? list) ? list : [];

    private string Display(LinkedObject owner, uint symbol) =>
        SymbolNames.Display(owner.Object.NameOf(owner.Object.Symbols[symbol]), _plan.Options.Demangle);
}
