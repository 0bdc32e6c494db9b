using Weld.Base;
using Weld.Base.Diagnostics;

namespace Weld.Linker.Image;

/// <summary>A section of NUL-terminated strings, cut into its strings.</summary>
/// <remarks>Counterpart in wasm-ld: <c>MergeInputChunk</c> in InputChunks.cpp.</remarks>
public sealed unsafe class StringPieces
{
    private readonly byte* _bytes;
    private readonly int[] _starts;

    private StringPieces(byte* bytes, int[] starts, int count)
    {
        _bytes = bytes;
        _starts = starts;
        Count = count;
    }

    public int Count { get; }

    /// <summary>A string with its NUL.</summary>
    public Utf8String this[int piece] => new(_bytes + _starts[piece], _starts[piece + 1] - _starts[piece]);

    /// <summary>Where a string begins in the section; for <see cref="Count"/>, where the section ends.</summary>
    public int StartOf(int piece) => _starts[piece];

    /// <param name="section">The section's bytes; they must stay where they are as long as the strings are used.</param>
    /// <param name="fileOffset">Where the section is in its file, for the error message.</param>
    /// <exception cref="MalformedInputException">The last string has no NUL.</exception>
    public static StringPieces Split(Utf8String section, long fileOffset)
    {
        ReadOnlySpan<byte> bytes = section.Bytes;
        if (!bytes.IsEmpty && bytes[^1] != 0)
            throw new MalformedInputException("string is not null terminated", fileOffset + bytes.LastIndexOf((byte)0) + 1);
        // Counting first costs a fraction of what growing a list would.
        int count = bytes.Count((byte)0);
        int[] starts = new int[count + 1];
        int start = 0;
        for (int i = 0; i < count; i++)
        {
            starts[i] = start;
            start += bytes[start..].IndexOf((byte)0) + 1;
        }
        starts[count] = start;
        fixed (byte* pointer = bytes)
            return new StringPieces(pointer, starts, count);
    }

    /// <summary>The string that holds an offset of the section, and the offset within that string.</summary>
    /// <remarks>The end of the section belongs to its last string: symbols and addends may point there.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The offset is outside the section, or the section is empty.</exception>
    public (int Piece, int Offset) Find(int offset)
    {
        if (Count == 0 || (uint)offset > (uint)_starts[Count])
            throw new ArgumentOutOfRangeException(nameof(offset));
        int found = Array.BinarySearch(_starts, 0, Count, offset);
        int piece = found >= 0 ? found : ~found - 1;
        return (piece, offset - _starts[piece]);
    }
}
