using Weld.Base;
using Weld.Base.Diagnostics;
using Weld.Linker.Diagnostics;

namespace Weld.Linker.Inputs;

/// <summary>One object on the way into the link: linked for certain, or an archive member that waits to be needed.</summary>
/// <remarks>It is prepared once, and if it is lazy parsed at most once, by whichever thread comes first.</remarks>
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
    public ObjectFile? Object { get; private set; }

    /// <summary>Of a shared library: what it defines.</summary>
    public SharedLibrary? Shared { get; init; }

    /// <summary>Of a stub library: what it lists.</summary>
    public StubLibrary? Stub { get; init; }

    public bool IsObject => Shared is null && Stub is null;

    /// <summary>Of a lazy input: the names that it defines.</summary>
    public NameId[] LazySymbols { get; private set; } = [];

    /// <summary>What was wrong when the input was prepared; null for nothing.</summary>
    public DiagnosticBag? Problems { get; private set; }

    private Once _preparing;
    private Once _parsing;

    /// <summary>Whether a thread prepares it or has done so.</summary>
    public bool IsBegun => !_preparing.IsWaiting;

    public bool IsPrepared => _preparing.IsDone;

    /// <summary>Reads what the link needs of every input: the object, or the names that a lazy one defines.</summary>
    /// <returns>False when another thread does or has done so.</returns>
    public bool TryPrepare(NameTable names)
    {
        if (!_preparing.TryBegin())
            return false;
        // Even a failure that nobody foresaw must not leave others waiting.
        try
        {
            if (IsObject)
                Prepare(names);
        }
        finally
        {
            _preparing.End();
        }
        return true;
    }

    private void Prepare(NameTable names)
    {
        var problems = new DiagnosticBag();
        if (IsLazy)
            LazySymbols = InputErrors.TryRead(File, file => LazySymbolReader.Read(file, names), problems) ?? [];
        else
            Object = Read(names, problems);
        if (problems.Diagnostics.Count != 0)
            Problems = problems;
    }

    /// <summary>Waits for another thread to prepare it.</summary>
    public void WaitUntilPrepared() => _preparing.Wait();

    /// <summary>Parses a lazy input, unless another thread does or has done so.</summary>
    /// <param name="names">Receives its names.</param>
    /// <param name="diagnostics">Receives why the object cannot be read.</param>
    /// <returns>False for another thread.</returns>
    public bool TryParse(NameTable names, DiagnosticBag diagnostics)
    {
        if (!_parsing.TryBegin())
            return false;
        try
        {
            Object = Read(names, diagnostics);
        }
        finally
        {
            _parsing.End();
        }
        return true;
    }

    /// <summary>Waits for another thread to parse it.</summary>
    public void WaitUntilParsed() => _parsing.Wait();

    /// <summary>Reads the object.</summary>
    /// <param name="names">Receives its names.</param>
    /// <param name="diagnostics">Receives why the object cannot be read.</param>
    /// <returns>Null when it cannot be read.</returns>
    public ObjectFile? Read(NameTable names, DiagnosticBag diagnostics) =>
        InputErrors.TryRead(File, file => ObjectReader.Read(file, names, LazySymbols), diagnostics);

    /// <summary>Something that one of several threads does.</summary>
    private struct Once
    {
        private const int Waiting = 0;
        private const int Taken = 1;
        private const int Done = 2;

        private int _state;

        public readonly bool IsWaiting => Volatile.Read(in _state) == Waiting;

        public readonly bool IsDone => Volatile.Read(in _state) == Done;

        /// <returns>Whether this thread is to do it.</returns>
        public bool TryBegin() => IsWaiting && Interlocked.CompareExchange(ref _state, Taken, Waiting) == Waiting;

        public void End() => Volatile.Write(ref _state, Done);

        /// <summary>Waits for the thread that has begun.</summary>
        public readonly void Wait()
        {
            var wait = new SpinWait();
            while (!IsDone)
                wait.SpinOnce(sleep1Threshold: -1);
        }
    }
}
