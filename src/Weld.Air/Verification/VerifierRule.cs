using Weld.Base.Diagnostics;

namespace Weld.Air.Verification;

/// <summary>A rule of the verifier.</summary>
/// <param name="Descriptor">Code and name.</param>
/// <param name="Meaning">What is asked for, for the manual.</param>
public sealed record VerifierRule(DiagnosticDescriptor Descriptor, string Meaning);
