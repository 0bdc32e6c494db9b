using Weld.Air.Layouts;
using Weld.Air.Text;
using Weld.Base.Diagnostics;

namespace Weld.Air.Verification;

/// <summary>Checks that a module keeps the rules of <see cref="VerifierRuleTable"/>, so that nothing after it has to.</summary>
/// <remarks>Types come first, then constants, then items, then bodies: each step trusts what the ones before it checked, so a
/// step with violations is the last.</remarks>
public static class Verifier
{
    /// <summary>Checks everything.</summary>
    /// <param name="module">Any module.</param>
    /// <param name="target">For the sizes of pointers.</param>
    /// <param name="diagnostics">Takes what is wrong.</param>
    /// <param name="positions">Where things are, if the module was parsed.</param>
    /// <returns>Whether nothing is wrong.</returns>
    public static bool Run(AirModule module, AirTarget target, DiagnosticBag diagnostics, SourceMap? positions = null)
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentNullException.ThrowIfNull(diagnostics);
        var violations = new Violations(module, diagnostics, positions);
        var layouts = new TypeLayouts(module, target);
        new TypeChecks(layouts, violations).Run();
        if (violations.Count != 0)
            return false;
        new ValueChecks(layouts, violations).Run();
        if (violations.Count != 0)
            return false;
        new ItemChecks(layouts, violations).Run();
        foreach (AirFunction function in module.Functions)
            if (function.Body is not null)
                new FunctionVerifier(layouts, violations, function).Run();
        return violations.Count == 0;
    }

    /// <summary>Checks one function's body; the types and constants that it uses are taken for right.</summary>
    public static bool RunFunction(AirFunction function, TypeLayouts layouts, DiagnosticBag diagnostics, SourceMap? positions = null)
    {
        ArgumentNullException.ThrowIfNull(function);
        ArgumentNullException.ThrowIfNull(layouts);
        var violations = new Violations(layouts.Module, diagnostics, positions);
        if (function.Body is not null)
            new FunctionVerifier(layouts, violations, function).Run();
        return violations.Count == 0;
    }
}
