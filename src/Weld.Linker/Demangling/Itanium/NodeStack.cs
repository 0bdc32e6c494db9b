using System.Runtime.CompilerServices;

namespace Weld.Linker.Demangling.Itanium;

/// <summary>A growing array of node indexes whose memory is reused.</summary>
internal sealed class NodeStack
{
    private int[] _items = new int[16];

    public int Count { get; private set; }

    public int this[int index] => _items[index];

    public ReadOnlySpan<int> Items => _items.AsSpan(0, Count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Push(int node)
    {
        int count = Count;
        int[] items = _items;
        if ((uint)count < (uint)items.Length)
        {
            items[count] = node;
            Count = count + 1;
        }
        else
        {
            GrowAndPush(node);
        }
    }

    public void Truncate(int count) => Count = count;

    public void Clear() => Count = 0;

    private void GrowAndPush(int node)
    {
        Array.Resize(ref _items, Count * 2);
        _items[Count++] = node;
    }
}
