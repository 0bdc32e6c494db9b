using Weld.Base;

namespace Weld.Linker.Inputs;

/// <summary>One object on the way into the link: linked for certain, or an archive member that waits to be needed.</summary>
public sealed class LinkInput
{
    public LinkInput(InputFile file, bool isLazy)
    {
        File = file;
        IsLazy = isLazy;
    }

    public InputFile File { get; }

    /// <summary>Whether the object is linked only when one of <see cref="LazySymbols"/> is needed.</summary>
    public bool IsLazy { get; }

    /// <summary>The parsed object; null for one that cannot be read, and for a lazy one that nobody expected to be needed.</summary>
    public ObjectFile? Object { get; set; }

    /// <summary>Of a shared library: what it defines.</summary>
    public SharedLibrary? Shared { get; init; }

    /// <summary>Of a stub library: what it lists.</summary>
    public StubLibrary? Stub { get; init; }

    public bool IsObject => Shared is null && Stub is null;

    /// <summary>Of a lazy input: the names that it defines.</summary>
    public NameId[] LazySymbols { get; set; } = [];
}
