namespace Weld.Air.Text;

/// <summary>Where the items and instructions of a module are in the text that it was parsed from.</summary>
public sealed class SourceMap
{
    private readonly Dictionary<ItemId, int> _items = [];
    private readonly Dictionary<ItemId, List<int>> _instructions = [];
    private readonly Dictionary<TypeId, int> _types = [];
    private readonly Dictionary<ValueId, int> _values = [];
    private readonly List<int> _exports = [];

    internal SourceMap(SourceText source) => Source = source;

    public SourceText Source { get; }

    /// <summary>The comments, in order, with their sign.</summary>
    public List<TextSpan> Comments { get; } = [];

    /// <summary>Where things start that are printed with a line of their own.</summary>
    internal IEnumerable<int> LineStarts(AirModule module) =>
    [
        .. _types.Where(type => module.Types[type.Key] is NamedType { Name: not null }).Select(type => type.Value),
        .. _items.Values,
        .. _instructions.SelectMany(function => function.Value.Skip(((AirFunction)module.Items[function.Key]).Body?.ParameterCount ?? 0)),
        .. _exports,
    ];

    public int? Find(ItemId item) => _items.TryGetValue(item, out int position) ? position : null;

    public int? Find(TypeId type) => _types.TryGetValue(type, out int position) ? position : null;

    public int? Find(ItemId function, InstructionId instruction) =>
        _instructions.TryGetValue(function, out List<int>? positions) && instruction.Index < positions.Count ? positions[instruction.Index] : null;

    /// <summary>Where a constant is written first.</summary>
    public int? Find(ValueId value) => _values.TryGetValue(value, out int position) ? position : null;

    /// <summary>Of the export with that number.</summary>
    public int? FindExport(int number) => number < _exports.Count ? _exports[number] : null;

    internal void Add(ItemId item, int position) => _items[item] = position;

    internal void Add(TypeId type, int position) => _types[type] = position;

    internal void AddFirst(TypeId type, int position) => _types.TryAdd(type, position);

    internal void AddFirst(ValueId value, int position) => _values.TryAdd(value, position);

    internal void Add(ItemId function, List<int> instructions) => _instructions[function] = instructions;

    internal void AddExport(int position) => _exports.Add(position);
}
