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
    private readonly SortedDictionary<string, List<string>> _used = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, List<string>> _disallowed = new(StringComparer.Ordinal);
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
        foreach (LinkedObject owner in _program.Objects)
            foreach (TargetFeature feature in owner.Object.Features)
            {
                SortedDictionary<string, List<string>> users = feature.Prefix == FeaturePrefix.Used ? _used : _disallowed;
                string name = feature.Name.ToString();
                if (!users.TryGetValue(name, out List<string>? files))
                    users.Add(name, files = []);
                files.Add(owner.DisplayName);
            }
        if (_options.IsPic)
            _allowed.Add("mutable-globals");
        _allowed.UnionWith(_options.ExtraFeatures);
        _allowed.UnionWith(_options.Features ?? (IEnumerable<string>)_used.Keys);
    }

    private List<string> ObjectsWithTls(LiveSet live)
    {
        var files = new List<string>();
        foreach (LinkedObject owner in _program.Objects)
            for (int i = 0; i < owner.Object.Segments.Length; i++)
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
            if (_disallowed.TryGetValue("shared-mem", out List<string>? disallowers))
                _diagnostics.Add(PlanErrors.SharedMemoryDisallowed(disallowers));
            Need("shared memory", []);
        }
        if (tlsObjects.Count != 0)
            Need("thread-local storage", tlsObjects);
        if (_options.Features is not null)
            foreach ((string feature, List<string> users) in _used)
                if (!_allowed.Contains(feature))
                    _diagnostics.Add(PlanErrors.FeatureNotAllowed(feature, users));
        foreach ((string feature, List<string> users) in _used)
            if (_disallowed.TryGetValue(feature, out List<string>? disallowers))
                _diagnostics.Add(PlanErrors.FeatureDisallowed(feature, users, disallowers));
    }

    private void Need(string purpose, List<string> users)
    {
        foreach (string feature in (ReadOnlySpan<string>)["atomics", "bulk-memory"])
            if (!_allowed.Contains(feature))
                _diagnostics.Add(PlanErrors.FeatureNeeded(feature, purpose, users));
    }
}
