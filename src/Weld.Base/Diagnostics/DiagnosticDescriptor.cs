namespace Weld.Base.Diagnostics;

/// <summary>One kind of diagnostic: its stable code and its default severity.</summary>
/// <param name="Code">The code that users and tests can rely on, for example <c>WELD0301</c>. A retired code is never used again.</param>
/// <param name="Name">The kind in words, for example <c>undefined-symbol</c>; also the name of its test case.</param>
/// <param name="Severity">The severity unless an option changes it.</param>
public sealed record DiagnosticDescriptor(string Code, string Name, Severity Severity);
