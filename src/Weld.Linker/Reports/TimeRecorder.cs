using System.Diagnostics;

namespace Weld.Linker.Reports;

/// <summary>A piece of work that has been timed.</summary>
/// <param name="Name">What was done; for a stage, the stage's name.</param>
/// <param name="Detail">What it was done to, or null.</param>
/// <param name="Start">When it began, in <see cref="Stopwatch"/> ticks.</param>
/// <param name="Duration">How long it took, in the same unit.</param>
/// <param name="Depth">How many pieces of work on its thread contain it.</param>
/// <param name="Thread">The thread that did it.</param>
public readonly record struct TimedWork(string Name, string? Detail, long Start, long Duration, int Depth, int Thread);

/// <summary>Records how long the parts of a link take, on all threads.</summary>
public sealed class TimeRecorder
{
    [ThreadStatic]
    private static int _depth;

    private readonly Lock _lock = new();
    private readonly List<TimedWork> _work = [];

    /// <summary>When the recorder was made, in <see cref="Stopwatch"/> ticks.</summary>
    public long Origin { get; } = Stopwatch.GetTimestamp();

    /// <summary>What has ended so far, in the order of the ends.</summary>
    public IReadOnlyList<TimedWork> Work => _work;

    public TimeScope Begin(string name, string? detail)
    {
        _depth++;
        return new TimeScope(this, name, detail, Stopwatch.GetTimestamp());
    }

    internal void End(string name, string? detail, long start)
    {
        _depth--;
        var work = new TimedWork(name, detail, start, Stopwatch.GetTimestamp() - start, _depth, Environment.CurrentManagedThreadId);
        lock (_lock)
            _work.Add(work);
    }
}

/// <summary>Ends a time of a <see cref="TimeRecorder"/>. The default value does nothing.</summary>
public readonly struct TimeScope : IDisposable
{
    private readonly TimeRecorder? _recorder;
    private readonly string _name;
    private readonly string? _detail;
    private readonly long _start;

    internal TimeScope(TimeRecorder recorder, string name, string? detail, long start)
    {
        _recorder = recorder;
        _name = name;
        _detail = detail;
        _start = start;
    }

    public void Dispose() => _recorder?.End(_name, _detail, _start);
}
