using System.Collections;

namespace Weld.Mir.Modules;

/// <summary>The exports of a module, by name. All members may be called from any thread.</summary>
public sealed class MirExportTable : IEnumerable<MirExport>
{
    private readonly EditClock _clock;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (MirExport Export, long SetAt)> _exports = new(StringComparer.Ordinal);
    private (MirExport Export, long SetAt)[]? _sorted;

    internal MirExportTable(EditClock clock) => _clock = clock;

    public int Count
    {
        get
        {
            lock (_lock)
                return _exports.Count;
        }
    }

    /// <summary>Adds an export, or puts it in place of the one with the same name.</summary>
    public void Set(MirExport export)
    {
        ArgumentNullException.ThrowIfNull(export);
        lock (_lock)
        {
            _exports[export.Name] = (export, _clock.Tick());
            _sorted = null;
        }
    }

    /// <returns>True when there was one.</returns>
    public bool Remove(string name)
    {
        lock (_lock)
        {
            _sorted = null;
            return _exports.Remove(name);
        }
    }

    /// <summary>All exports that there are now, by name, which is also their order in the object.</summary>
    public IEnumerator<MirExport> GetEnumerator() => Sorted().Select(static row => row.Export).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal (MirExport Export, long SetAt)[] Sorted()
    {
        lock (_lock)
            return _sorted ??= [.. _exports.Values.OrderBy(static row => row.Export.Name, StringComparer.Ordinal)];
    }
}
