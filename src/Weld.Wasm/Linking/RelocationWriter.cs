using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Weld.Wasm.Binary;

namespace Weld.Wasm.Linking;

/// <summary>Writes many entries of a relocation section, one after the other.</summary>
/// <remarks>The counterpart of <see cref="RelocationReader"/>. How far the buffer is filled is kept here, and given to the writer by <see cref="Finish"/>.</remarks>
public ref struct RelocationWriter
{
    private readonly WasmWriter _writer;
    private Span<byte> _room;
    private int _filled;

    /// <param name="writer">Receives the entries. Nothing else may be written to it before <see cref="Finish"/>.</param>
    public RelocationWriter(WasmWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        _writer = writer;
        _room = writer.GetSpan(Relocation.LongestEntry);
    }

    /// <summary>How many entries were written.</summary>
    public uint Count { get; private set; }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Write(RelocationKind kind, uint offset, uint index, long addend)
    {
        if (_room.Length - _filled < Relocation.LongestEntry)
            MakeRoom();
        _filled += Relocation.Write(ref Unsafe.Add(ref MemoryMarshal.GetReference(_room), _filled), kind, offset, index, addend);
        Count++;
    }

    public readonly void Finish() => _writer.Advance(_filled);

    private void MakeRoom()
    {
        _writer.Advance(_filled);
        _filled = 0;
        _room = _writer.GetSpan(Relocation.LongestEntry);
    }
}
