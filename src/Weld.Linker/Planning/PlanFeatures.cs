using Weld.Base.Diagnostics;
using Weld.Linker.Diagnostics;
using Weld.Linker.Liveness;
using Weld.Linker.Options;
using Weld.Linker.Resolution;
using Weld.Wasm.Sections;

namespace Weld.Linker.Planning;

/// <summary>Decides which features the output declares, and checks that all inputs agree with them.</summary>
/// <remarks>Counterpart in wasm-ld: Writer::populateTargetFeatures. Where wasm-ld names one offender, all are named here.</remarks>
public sealed class PlanFeatures
{
    private readonly ResolvedProgram _program;
    private readonly LinkOptions _options;
    private readonly DiagnosticBag _diagnostics;
    private readonly SortedSet<string> _used = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _disallowed = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _allowed = new(StringComparer.Ordinal);

    private PlanFeatures(ResolvedProgram program, LinkOptions options, DiagnosticBag diagnostics)
    {
        _program = program;
        _options = options;
        _diagnostics = diagnostics;
    }

    /// <returns>The features of the output, in the order of their names.</returns>
    public static IReadOnlyCollection<string> Run(ResolvedProgram program, LiveSet live, LinkOptions options, DiagnosticBag diagnostics)
    {
        var stage = new PlanFeatures(program, options, diagnostics);
        stage.Collect();
        if (options.CheckFeatures)
            stage.Check(stage.ObjectsWithTls(live));
        return stage._allowed;
    }

    private void Collect()
    {
        TargetFeature[] previous = [];
        foreach (LinkedObject owner in _program.Objects)
        {
            // Those of one compiler are the same in each object.
            TargetFeature[] features = owner.Object.Features;
            if (features.AsSpan().SequenceEqual(previous))
                continue;
            previous = features;
            foreach (TargetFeature feature in features)
                (feature.Prefix == FeaturePrefix.Used ? _used : _disallowed).Add(feature.Name.ToString());
        }
        if (_options.IsPic)
            _allowed.Add("mutable-globals");
        _allowed.UnionWith(_options.ExtraFeatures);
        _allowed.UnionWith(_options.Features ?? (IEnumerable<string>)_used);
    }

    private List<string> ObjectsWithTls(LiveSet live)
    {
        var files = new List<string>();
        foreach (LinkedObject owner in _program.Objects)
            for (int i = 0; owner.Object.HasTls && i < owner.Object.Segments.Length; i++)
                if (owner.Object.Segments[i].IsTls && live.Segments.Contains(new SegmentId(owner.FirstSegment + i)))
                {
                    files.Add(owner.DisplayName);
                    break;
                }
        return files;
    }

    private void Check(List<string> tlsObjects)
    {
        if (_options.SharedMemory)
        {
            if (_disallowed.Contains("shared-mem"))
                _diagnostics.Add(PlanErrors.SharedMemoryDisallowed(ObjectsWith(FeaturePrefix.Disallowed, "shared-mem")));
            Need("shared memory", []);
        }
        if (tlsObjects.Count != 0)
            Need("thread-local storage", tlsObjects);
        if (_options.Features is not null)
            foreach (string feature in _used)
                if (!_allowed.Contains(feature))
                    _diagnostics.Add(PlanErrors.FeatureNotAllowed(feature, ObjectsWith(FeaturePrefix.Used, feature)));
        foreach (string feature in _used)
            if (_disallowed.Contains(feature))
                _diagnostics.Add(PlanErrors.FeatureDisallowed(feature, ObjectsWith(FeaturePrefix.Used, feature), ObjectsWith(FeaturePrefix.Disallowed, feature)));
    }

    /// <summary>The objects that say something about a feature, for messages.</summary>
    private List<string> ObjectsWith(FeaturePrefix prefix, string name)
    {
        var files = new List<string>();
        foreach (LinkedObject owner in _program.Objects)
            if (Array.Exists(owner.Object.Features, feature => feature.Prefix == prefix && feature.Name.ToString() == name))
                files.Add(owner.DisplayName);
        return files;
    }

    private void Need(string purpose, List<string> users)
    {
        foreach (string feature in (ReadOnlySpan<string>)["atomics", "bulk-memory"])
            if (!_allowed.Contains(feature))
                _diagnostics.Add(PlanErrors.FeatureNeeded(feature, purpose, users));
    }
}
