using Weld.Base.Diagnostics;

namespace Weld.Wasm.Linking;

/// <summary>An input of a link that no file holds: bytes, or a module that makes its bytes when the link asks for them.</summary>
/// <remarks>It is here and not in the linker so that what makes objects and what links them need not know each other.</remarks>
public abstract class MemoryFile
{
    /// <summary>Whether the linker may write the numbers that it fills in as short as they can be. That moves instructions, so nothing
    /// outside of the object may count on where they are.</summary>
    public virtual bool MayShortenCode => false;

    /// <summary>The bytes of the file, which do not change before <see cref="Release"/>.</summary>
    /// <param name="diagnostics">Receives why there are none.</param>
    /// <returns>Null when there are none.</returns>
    public abstract ReadOnlyMemory<byte>? Read(DiagnosticBag diagnostics);

    /// <summary>Takes back what <see cref="Read"/> gave, whose memory may serve for the next time. Nobody has to call it; the linker does.</summary>
    public virtual void Release(ReadOnlyMemory<byte> bytes)
    {
    }

    /// <summary>Says of an undefined symbol what needs it and what would define it; null when there is nothing to say.</summary>
    public virtual string? Explain(string symbol) => null;

    public static MemoryFile FromBytes(ReadOnlyMemory<byte> bytes) => new FixedBytes(bytes);

    public static implicit operator MemoryFile(byte[] bytes) => FromBytes(bytes);

    public static implicit operator MemoryFile(ReadOnlyMemory<byte> bytes) => FromBytes(bytes);

    private sealed class FixedBytes(ReadOnlyMemory<byte> bytes) : MemoryFile
    {
        public override ReadOnlyMemory<byte>? Read(DiagnosticBag diagnostics) => bytes;
    }
}
