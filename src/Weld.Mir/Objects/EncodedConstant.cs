using Weld.Mir.Modules;

namespace Weld.Mir.Objects;

/// <summary>A constant with the hash of what it holds, but for what it points to.</summary>
internal sealed class EncodedConstant
{
    public EncodedConstant(MirDataContents contents)
    {
        Contents = contents;
        var hash = new HashCode();
        hash.Add(contents.Size);
        hash.Add(contents.Relocations.Count);
        hash.AddBytes(contents.Bytes.Span);
        Hash = hash.ToHashCode();
    }

    public MirDataContents Contents { get; }

    /// <summary>Differs from one process to the next.</summary>
    public int Hash { get; }
}
