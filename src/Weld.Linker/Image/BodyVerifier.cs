using Weld.Base;
using Weld.Base.Diagnostics;
using Weld.Linker.Diagnostics;
using Weld.Linker.Inputs;
using Weld.Linker.Planning;
using Weld.Linker.Resolution;
using Weld.Wasm.Sections;
using Weld.Wasm.Validation;

namespace Weld.Linker.Image;

/// <summary>Checks function bodies when they are in the output, relocated, and still in the processor's cache.</summary>
/// <remarks>Everything else in the output is made or checked by earlier stages; bodies are copied. This is what makes it sure
/// that a module that weld writes validates, whatever the objects hold. docs/fuzzing.md has what it costs. One instance
/// serves one thread.</remarks>
public sealed class BodyVerifier
{
    // With these alone, an instruction that weld does not know is an error in the object and not a newer proposal.
    private static readonly HashSet<string> KnownFeatures =
    [
        "atomics", "bulk-memory", "bulk-memory-opt", "call-indirect-overlong", "exception-handling", "extended-const", "memory64",
        "multivalue", "mutable-globals", "nontrapping-fptoint", "reference-types", "relaxed-simd", "shared-mem", "sign-ext", "simd128",
        "tail-call", "wide-arithmetic",
    ];

    private readonly OutputPlan _plan;
    private readonly FunctionValidator _validator;
    private readonly VerifiedBodies? _verified;
    private LinkedObject? _owner;
    private TargetFeature[]? _features;
    private bool _allowsUnknown;

    public BodyVerifier(OutputPlan plan, CodeContext context)
        : this(plan, context, verified: null)
    {
    }

    /// <param name="plan">The output.</param>
    /// <param name="context">Its index spaces.</param>
    /// <param name="verified">What all threads have verified of functions that may come again; null when none does.</param>
    internal BodyVerifier(OutputPlan plan, CodeContext context, VerifiedBodies? verified)
    {
        _plan = plan;
        _verified = verified;
        _validator = new FunctionValidator(context);
    }

    /// <summary>The index spaces of the output.</summary>
    public static CodeContext MakeContext(OutputPlan plan)
    {
        var functions = new List<uint>(plan.Functions.Count + plan.Imports.Count);
        var globals = new List<GlobalType>();
        var tables = new List<TableType>();
        var tags = new List<uint>();
        foreach (OutputImport import in plan.Imports)
        {
            switch (import.Import.Kind)
            {
                case ExternalKind.Function:
                    functions.Add(import.Import.TypeIndex);
                    break;
                case ExternalKind.Global:
                    globals.Add(import.Import.Global);
                    break;
                case ExternalKind.Table:
                    tables.Add(import.Import.Table);
                    break;
                case ExternalKind.Tag:
                    tags.Add(import.Import.TypeIndex);
                    break;
            }
        }
        foreach (OutputFunction function in plan.Functions)
            functions.Add(plan.TypeOf(function));
        foreach (OutputGlobal global in plan.Globals)
            globals.Add(global.Global.Type);
        tables.AddRange(plan.Tables);
        tags.AddRange(plan.Tags);
        var declared = new Lazy<HashSet<uint>>(() =>
            [.. plan.Elements, .. plan.Exports.Where(static export => export.Kind == ExternalKind.Function).Select(static export => export.Index)]);
        return new CodeContext
        {
            Types = [.. plan.Types.Select(FunctionShape.Of)],
            FunctionTypes = [.. functions],
            Globals = [.. globals],
            Tables = [.. tables],
            Tags = [.. tags],
            Is64 = plan.Options.Is64 == true,
            DataCount = plan.Data.IsPassive ? (uint)plan.Data.Segments.Count(plan.Data.IsInFile) : null,
            ElementCount = plan.Elements.Count == 0 ? 0u : 1u,
            IsDeclared = function => declared.Value.Contains(function),
        };
    }

    /// <summary>Whether a feature may be of a newer proposal. Names are words with hyphens; anything else is damage.</summary>
    private static bool IsNewer(Utf8String feature)
    {
        foreach (byte character in feature.Bytes)
            if (!char.IsAsciiLetterLower((char)character) && !char.IsAsciiDigit((char)character) && character != '-')
                return false;
        return !KnownFeatures.Contains(feature.ToString());
    }

    /// <summary>Checks one body of an object as it is in the output.</summary>
    public void Verify(LinkedObject owner, in OutputFunction function, ReadOnlySpan<byte> body, DiagnosticBag diagnostics)
    {
        if (_owner != owner)
            SetOwner(owner);
        ref InputFunction input = ref owner.Object.Functions[function.Function];
        uint type = _plan.TypeOf(function);
        SymbolId shared = _verified is null ? SymbolId.None : SharedSymbolOf(owner, input);
        if (!shared.IsNone && _verified!.Contains(shared, type, body))
            return;
        try
        {
            _validator.Check(body, type, input.BodyOffset, _allowsUnknown);
            if (!shared.IsNone && !_allowsUnknown)
                _verified!.Add(shared, type, body);
        }
        catch (MalformedInputException e)
        {
            string name = input.NameSymbol < 0 ? $"function {function.Function}"
                : SymbolNames.Display(owner.Object.NameOf(owner.Object.Symbols[input.NameSymbol]), _plan.Options.Demangle);
            diagnostics.Add(InputErrors.InvalidBody(owner.DisplayName, name, e));
        }
    }

    /// <summary>The symbol of a function in a COMDAT group, which other objects may have as well.</summary>
    private static SymbolId SharedSymbolOf(LinkedObject owner, in InputFunction function) =>
        function.Comdat >= 0 && function.NameSymbol >= 0 && owner.Bindings[function.NameSymbol] is >= 0 and int row ? new SymbolId(row) : SymbolId.None;

    private void SetOwner(LinkedObject owner)
    {
        _owner = owner;
        TargetFeature[] features = owner.Object.Features;
        // Those of one compiler are the same in each object.
        if (_features is not null && features.AsSpan().SequenceEqual(_features))
            return;
        _features = features;
        _allowsUnknown = Array.Exists(features, static feature => IsNewer(feature.Name));
    }
}
