namespace Weld.Base.Diagnostics;

/// <summary>One message to the user: what is wrong, where, and what to do.</summary>
public sealed record Diagnostic
{
    public Diagnostic(DiagnosticDescriptor descriptor, string? location, string message, params ReadOnlySpan<string> details)
    {
        Descriptor = descriptor;
        Severity = descriptor.Severity;
        Location = location;
        Message = message;
        Details = details.ToArray();
    }

    public DiagnosticDescriptor Descriptor { get; }

    public Severity Severity { get; init; }

    /// <summary>The file the message is about, as <c>file</c> or <c>archive(member)</c>; null when it is about none.</summary>
    public string? Location { get; }

    /// <summary>Whether <see cref="Location"/> is <c>file:line:column</c> and the details are that line and a caret; printed as compilers do.</summary>
    public bool IsInSource { get; init; }

    /// <summary>The first line, without location and severity. Its wording follows wasm-ld's, because build scripts match on it.</summary>
    public string Message { get; }

    /// <summary>Further lines; printed with <c>&gt;&gt;&gt; </c> before each.</summary>
    public IReadOnlyList<string> Details { get; }

    /// <summary>The first line with the location.</summary>
    public override string ToString() => Location is null ? Message : $"{Location}: {Message}";
}
