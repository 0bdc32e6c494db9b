namespace Weld.Air.Interpretation;

/// <summary>Linear memory, as pieces with an address each. An access must lie in one piece.</summary>
/// <remarks>Between two pieces are bytes of nobody, so that running over an end is noticed. Static data, frames and the heap (what
/// the program gets with wasm_memory_grow) have a range of addresses each.</remarks>
internal sealed class AddressSpace(ulong mostBytes, int pointerBits)
{
    public const ulong PageBytes = 65536;

    private const ulong StaticStart = 1024;
    private const ulong StackStart = 1ul << 26;
    private const ulong HeapStart = 1ul << 27;
    private const ulong Gap = 16;

    private readonly SortedList<ulong, Piece> _pieces = [];
    private ulong _staticEnd = StaticStart;
    private ulong _stackEnd = StackStart;
    private ulong _heapBytes;
    private ulong _used;

    /// <summary>Where the next frame starts; to be given to <see cref="Release"/>.</summary>
    public ulong StackEnd => _stackEnd;

    public ulong Pages => (HeapStart + _heapBytes) / PageBytes;

    /// <summary>Adds memory that lasts.</summary>
    public ulong AddStatic(ulong size, int alignment) => Add(ref _staticEnd, StackStart, size, alignment);

    /// <summary>Adds memory that lasts until its frame is released.</summary>
    public ulong AddToStack(ulong size, int alignment) => Add(ref _stackEnd, HeapStart, size, alignment);

    /// <summary>Makes static memory read-only, after it was filled.</summary>
    public void Protect(ulong address) => _pieces[address].IsConst = true;

    public void Release(ulong stackEnd)
    {
        _stackEnd = stackEnd;
        for (int i = _pieces.Count - 1; i >= 0 && _pieces.Keys[i] >= stackEnd; i--)
        {
            if (_pieces.Keys[i] >= HeapStart)
                continue;
            _used -= (ulong)_pieces.Values[i].Bytes.Length;
            _pieces.RemoveAt(i);
        }
    }

    /// <summary>Adds pages to the heap.</summary>
    /// <returns>The pages before; null when there is no more memory.</returns>
    public ulong? Grow(ulong pages)
    {
        ulong before = Pages;
        if (pages > mostBytes / PageBytes || _used + (pages * PageBytes) > mostBytes)
            return null;
        _used += pages * PageBytes;
        _heapBytes += pages * PageBytes;
        if (!_pieces.TryGetValue(HeapStart, out Piece? heap))
            _pieces.Add(HeapStart, heap = new Piece([]));
        Array.Resize(ref heap.Bytes, checked((int)_heapBytes));
        return before;
    }

    public ReadOnlySpan<byte> Read(ulong address, ulong length) => Find(address, length, isWrite: false);

    public void Write(ulong address, ReadOnlySpan<byte> bytes) => bytes.CopyTo(Find(address, (ulong)bytes.Length, isWrite: true));

    private ulong Add(ref ulong end, ulong most, ulong size, int alignment)
    {
        ulong mask = (ulong)alignment - 1;
        ulong address = (end + Gap + mask) & ~mask;
        if (size > mostBytes - _used || address + size > most)
            throw new TrapException(TrapReason.MemoryLimit, $"no memory for {size} more bytes");
        _used += size;
        end = address + Math.Max(size, 1);
        _pieces.Add(address, new Piece(new byte[size]));
        return address;
    }

    private Span<byte> Find(ulong address, ulong length, bool isWrite)
    {
        if (length == 0)
            return [];
        int index = LastAtMost(address);
        if (index >= 0)
        {
            Piece piece = _pieces.Values[index];
            ulong offset = address - _pieces.Keys[index];
            ulong size = (ulong)piece.Bytes.Length;
            if (offset < size && length <= size - offset)
                return isWrite && piece.IsConst
                    ? throw TrapException.Illegal($"writes to the constant at {Hex(address)}")
                    : piece.Bytes.AsSpan((int)offset, (int)length);
        }
        throw TrapException.Illegal($"{(isWrite ? "writes to" : "reads from")} {Hex(address)} ({length} bytes), where nothing is");
    }

    private int LastAtMost(ulong address)
    {
        int low = 0;
        int high = _pieces.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_pieces.Keys[middle] <= address)
                low = middle + 1;
            else
                high = middle;
        }
        return low - 1;
    }

    private string Hex(ulong address) => "0x" + address.ToString(pointerBits == 64 ? "x16" : "x8", System.Globalization.CultureInfo.InvariantCulture);

    private sealed class Piece(byte[] bytes)
    {
        public byte[] Bytes = bytes;

        public bool IsConst { get; set; }
    }
}
