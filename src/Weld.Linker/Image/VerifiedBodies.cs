using System.Buffers.Binary;
using Weld.Linker.Resolution;

namespace Weld.Linker.Image;

/// <summary>Verified bodies of functions that several objects have, so that the same bytes need not be verified again.</summary>
/// <remarks>Without garbage collection an executable keeps an inline function of each object that has it, and relocated they are nearly always the
/// same. What is valid depends on the bytes, on the function's type, and on the output, so comparing is enough. Any thread may ask and add.</remarks>
internal sealed class VerifiedBodies
{
    private const int TypeSize = sizeof(uint);

    /// <summary>The first body that was verified of each function, and behind it the function's type.</summary>
    private readonly byte[]?[] _bodies;

    /// <param name="symbols">The number of rows of the symbol table.</param>
    public VerifiedBodies(int symbols) => _bodies = new byte[symbols][];

    /// <summary>Whether this body has been added for a function of this name and type.</summary>
    public bool Contains(SymbolId symbol, uint type, ReadOnlySpan<byte> body) =>
        Volatile.Read(ref _bodies[symbol.Index]) is { } known
        && known.Length == body.Length + TypeSize
        && BinaryPrimitives.ReadUInt32LittleEndian(known.AsSpan(body.Length)) == type
        && body.SequenceEqual(known.AsSpan(0, body.Length));

    /// <summary>Adds a body that is valid in this output; only the first one of a function is kept.</summary>
    public void Add(SymbolId symbol, uint type, ReadOnlySpan<byte> body)
    {
        ref byte[]? place = ref _bodies[symbol.Index];
        if (Volatile.Read(ref place) is not null)
            return;
        byte[] copy = GC.AllocateUninitializedArray<byte>(body.Length + TypeSize);
        body.CopyTo(copy);
        BinaryPrimitives.WriteUInt32LittleEndian(copy.AsSpan(body.Length), type);
        Volatile.Write(ref place, copy);
    }
}
