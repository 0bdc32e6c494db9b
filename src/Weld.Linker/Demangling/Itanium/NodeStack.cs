namespace Weld.Linker.Demangling.Itanium;

/// <summary>A growing array of node indexes whose memory is reused.</summary>
internal sealed class NodeStack
{
    private int[] _items = new int[16];

    public int Count { get; private set; }

    public int this[int index] => _items[index];

    public ReadOnlySpan<int> Items => _items.AsSpan(0, Count);

    public void Push(int node)
    {
        if (Count == _items.Length)
            Array.Resize(ref _items, Count * 2);
        _items[Count++] = node;
    }

    public void Truncate(int count) => Count = count;

    public void Clear() => Count = 0;
}
