using Weld.Base;
using Weld.Base.Diagnostics;
using Weld.Linker.Diagnostics;

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

    /// <summary>The parsed object; null for one that cannot be read, and for a lazy one that has not been needed yet.</summary>
    public ObjectFile? Object { get; set; }

    /// <summary>Of a shared library: what it defines.</summary>
    public SharedLibrary? Shared { get; init; }

    /// <summary>Of a stub library: what it lists.</summary>
    public StubLibrary? Stub { get; init; }

    public bool IsObject => Shared is null && Stub is null;

    /// <summary>Of a lazy input: the names that it defines.</summary>
    public NameId[] LazySymbols { get; set; } = [];

    /// <summary>Reads the object.</summary>
    /// <param name="names">Receives its names.</param>
    /// <param name="diagnostics">Receives why the object cannot be read.</param>
    /// <returns>Null when it cannot be read.</returns>
    public ObjectFile? Read(NameTable names, DiagnosticBag diagnostics) =>
        InputErrors.TryRead(File, file => ObjectReader.Read(file, names, LazySymbols), diagnostics);

    private const int Waiting = 0;
    private const int Taken = 1;
    private const int Parsed = 2;

    private int _state;

    /// <summary>Parses a lazy input, unless another thread has begun to.</summary>
    /// <param name="parse">Returns null when the object cannot be read.</param>
    /// <returns>False for another thread.</returns>
    public bool TryParse(Func<LinkInput, ObjectFile?> parse)
    {
        if (Interlocked.CompareExchange(ref _state, Taken, Waiting) != Waiting)
            return false;
        Object = parse(this);
        Volatile.Write(ref _state, Parsed);
        return true;
    }

    /// <summary>Waits for another thread to parse it.</summary>
    public void WaitUntilParsed()
    {
        var wait = new SpinWait();
        while (Volatile.Read(ref _state) == Taken)
            wait.SpinOnce(sleep1Threshold: -1);
    }
}
