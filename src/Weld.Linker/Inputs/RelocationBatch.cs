using System.Runtime.CompilerServices;
using Weld.Wasm.Binary;
using Weld.Wasm.Linking;

namespace Weld.Linker.Inputs;

/// <summary>Decodes the entries of a relocation section some at a time: a loop that does nothing else is twice as fast.</summary>
internal ref struct RelocationBatch
{
    /// <summary>The most relocations at a time: they stay in the first-level cache until they have been looked at.</summary>
    public const int Size = 64;

    private readonly ReadOnlySpan<byte> _entries;
    private readonly long _fileOffset;
    private readonly Span<Relocation> _relocations;
    private int _start;
    private int _position;

    /// <param name="reader">Stands before the entries, which are the rest of what it reads.</param>
    /// <param name="relocations">Room for <see cref="Size"/> relocations.</param>
    public RelocationBatch(WasmReader reader, Span<Relocation> relocations)
    {
        _fileOffset = reader.FileOffset;
        _entries = reader.ReadBytes((uint)reader.Remaining);
        _relocations = relocations;
    }

    /// <summary>Decodes some entries, at least one. Only their kinds are checked.</summary>
    /// <param name="most">How many are left.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public ReadOnlySpan<Relocation> Read(int most)
    {
        _start = _position;
        int count = RelocationReader.ReadShort(_entries, ref _position, _relocations[..Math.Min(most, _relocations.Length)]);
        if (count == 0)
        {
            _relocations[0] = ReadOne();
            count = 1;
        }
        return _relocations[..count];
    }

    private Relocation ReadOne()
    {
        WasmReader reader = ReaderAt(_position);
        Relocation relocation = RelocationReader.ReadChecked(ref reader);
        _position += reader.Position;
        return relocation;
    }

    /// <summary>A reader before one of the relocations that were read last, for messages.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public readonly WasmReader ReaderOf(int number)
    {
        WasmReader reader = ReaderAt(_start);
        for (; number > 0; number--)
            RelocationReader.ReadChecked(ref reader);
        return reader;
    }

    /// <summary>There must be nothing after the last relocation.</summary>
    public readonly void CheckEnd() => RelocationChecker.CheckEnd(ReaderAt(_position));

    private readonly WasmReader ReaderAt(int position) => new(_entries[position..], _fileOffset + position);
}
