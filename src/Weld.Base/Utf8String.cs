using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text;

namespace Weld.Base;

/// <summary>A name as UTF-8 bytes somewhere in memory that outlives it: an input file, or a native block.</summary>
/// <remarks>Names are most of what a linker reads. They stay where they are in the input; nothing is copied or decoded
/// until a message needs text. The bytes are a name's identity: two names are equal when their bytes are.</remarks>
public readonly unsafe struct Utf8String : IEquatable<Utf8String>
{
    private readonly byte* _bytes;

    public Utf8String(byte* bytes, int length)
    {
        _bytes = bytes;
        Length = length;
    }

    public int Length { get; }

    /// <summary>The first byte; not for names that may be empty.</summary>
    public byte* Pointer => _bytes;

    public bool IsEmpty => Length == 0;

    public ReadOnlySpan<byte> Bytes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(_bytes, Length);
    }

    /// <summary>Whether no byte has the high bit. Made for names: for these, the framework's question takes longer to ask.</summary>
    public bool IsAscii
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => AreAscii(_bytes, Length);
    }

    /// <summary>A copy of <paramref name="text"/> in memory that is never freed; for names that the program itself makes.</summary>
    public static Utf8String FromText(string text)
    {
        int length = Encoding.UTF8.GetByteCount(text);
        byte* bytes = (byte*)NativeMemory.Alloc((nuint)Math.Max(length, 1));
        Encoding.UTF8.GetBytes(text, new Span<byte>(bytes, length));
        return new Utf8String(bytes, length);
    }

    /// <summary>A name over a literal such as <c>"__stack_pointer"u8</c>, which lives as long as the program.</summary>
    public static Utf8String FromLiteral(ReadOnlySpan<byte> literal) =>
        new((byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(literal)), literal.Length);

    /// <summary>A name over bytes that lie in native memory, in a mapped file for example, and outlive it.</summary>
    public static Utf8String FromPinned(ReadOnlySpan<byte> bytes) => FromLiteral(bytes);

    /// <summary>A copy of <paramref name="bytes"/> in memory that is never freed.</summary>
    public static Utf8String Copy(ReadOnlySpan<byte> bytes)
    {
        byte* copy = (byte*)NativeMemory.Alloc((nuint)Math.Max(bytes.Length, 1));
        bytes.CopyTo(new Span<byte>(copy, bytes.Length));
        return new Utf8String(copy, bytes.Length);
    }

    public bool Equals(Utf8String other) => Length == other.Length && (_bytes == other._bytes || Bytes.SequenceEqual(other.Bytes));

    public bool Equals(ReadOnlySpan<byte> other) => Bytes.SequenceEqual(other);

    public bool StartsWith(ReadOnlySpan<byte> prefix) => Bytes.StartsWith(prefix);

    /// <summary>The part from <paramref name="start"/> to the end.</summary>
    public Utf8String Substring(int start) => new(_bytes + start, checked(Length - start));

    public override bool Equals(object? obj) => obj is Utf8String other && Equals(other);

    public override int GetHashCode() => (int)NameHash.Compute(Bytes);

    /// <summary>The name as text, malformed sequences replaced; for messages only.</summary>
    public override string ToString() => Encoding.UTF8.GetString(Bytes);

    public static bool operator ==(Utf8String left, Utf8String right) => left.Equals(right);

    public static bool operator !=(Utf8String left, Utf8String right) => !left.Equals(right);

    private static bool AreAscii(byte* bytes, int length)
    {
        // The last part overlaps the one before it, so that there is none of another size.
        const ulong HighBits = 0x8080808080808080;
        if (length >= Vector128<byte>.Count)
        {
            byte* last = bytes + length - Vector128<byte>.Count;
            Vector128<byte> all = Vector128.Load(last);
            for (; bytes < last; bytes += Vector128<byte>.Count)
                all |= Vector128.Load(bytes);
            return all.ExtractMostSignificantBits() == 0;
        }
        if (length >= sizeof(ulong))
            return ((Unsafe.ReadUnaligned<ulong>(bytes) | Unsafe.ReadUnaligned<ulong>(bytes + length - sizeof(ulong))) & HighBits) == 0;
        if (length >= sizeof(uint))
            return ((Unsafe.ReadUnaligned<uint>(bytes) | Unsafe.ReadUnaligned<uint>(bytes + length - sizeof(uint))) & 0x80808080) == 0;
        return length == 0 || (bytes[0] | bytes[length / 2] | bytes[length - 1]) < 0x80;
    }
}
