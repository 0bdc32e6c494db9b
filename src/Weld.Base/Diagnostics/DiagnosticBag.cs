namespace Weld.Base.Diagnostics;

/// <summary>Collects diagnostics in the order in which they should be printed.</summary>
/// <remarks>Not thread-safe: parallel work gives each item a bag of its own, and they are added in input order.</remarks>
public sealed class DiagnosticBag
{
    private readonly List<Diagnostic> _diagnostics = [];

    /// <summary>Treat warnings as errors (<c>--fatal-warnings</c>).</summary>
    public bool FatalWarnings { get; set; }

    public int ErrorCount { get; private set; }

    public bool HasErrors => ErrorCount != 0;

    public IReadOnlyList<Diagnostic> Diagnostics => _diagnostics;

    public void Add(Diagnostic diagnostic)
    {
        if (FatalWarnings && diagnostic.Severity == Severity.Warning)
            diagnostic = diagnostic with { Severity = Severity.Error };
        if (diagnostic.Severity == Severity.Error)
            ErrorCount++;
        _diagnostics.Add(diagnostic);
    }

    public void AddRange(IEnumerable<Diagnostic> diagnostics)
    {
        foreach (Diagnostic diagnostic in diagnostics)
            Add(diagnostic);
    }
}
