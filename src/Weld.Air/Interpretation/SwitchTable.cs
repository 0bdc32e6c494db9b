namespace Weld.Air.Interpretation;

/// <summary>Where each value of a switch goes, so that switches with many cases take no longer than others.</summary>
internal sealed class SwitchTable
{
    private readonly Dictionary<BigInteger, int> _items = [];
    private readonly List<(BigInteger First, BigInteger Last, int Start)> _ranges = [];

    /// <summary>The start of the else body.</summary>
    public int? Else { get; set; }

    public void Add(BigInteger item, int start) => _items.TryAdd(item, start);

    public void Add(BigInteger first, BigInteger last, int start) => _ranges.Add((first, last, start));

    /// <summary>The start of the body for a value; null if there is none.</summary>
    public int? Find(BigInteger value)
    {
        if (_items.TryGetValue(value, out int start))
            return start;
        foreach ((BigInteger first, BigInteger last, int inRange) in _ranges)
            if (first <= value && value <= last)
                return inRange;
        return Else;
    }
}
