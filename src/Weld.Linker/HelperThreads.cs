namespace Weld.Linker;

/// <summary>The threads that help <see cref="Workers"/>. They are started when they are first needed and wait for more work then.</summary>
/// <remarks>A link has a dozen stages that go on several threads. To start a thread for each, and to wait until it runs as
/// <see cref="Thread.Start()"/> does, takes a twentieth of a small link.</remarks>
internal static class HelperThreads
{
    // In a process that goes on after its links, threads without work end.
    private const int LongestIdleMilliseconds = 5000;

    private static readonly object Gate = new();

    /// <summary>Work that more threads can join.</summary>
    private static readonly List<Job> Open = [];

    private static int _started;

    private static int _idle;

    // What this thread helps with, or does with the help of others.
    [ThreadStatic]
    private static Job? _current;

    /// <summary>Something that several threads do together.</summary>
    private sealed class Job(Action work, int wanted, Job? parent)
    {
        public Action Work => work;

        /// <summary>How many threads can still join.</summary>
        public int Wanted { get; set; } = wanted;

        /// <summary>How many threads have joined and are at it.</summary>
        public int Active { get; set; }

        /// <summary>Whether this is part of what <paramref name="other"/> does.</summary>
        public bool IsPartOf(Job other)
        {
            for (Job? job = this; job is not null; job = job.Parent)
                if (job == other)
                    return true;
            return false;
        }

        private Job? Parent => parent;
    }

    /// <summary>Does <paramref name="work"/> on this thread and on up to <paramref name="helpers"/> others, and returns when all of them are done.</summary>
    /// <param name="helpers">The number of other threads; none if not positive.</param>
    /// <param name="most">How many there may be in all: when the others are busy, this one does what there is to do until they come.</param>
    /// <param name="work">What to do: the same on each thread, with nothing left to do when it returns on one. It must not throw.</param>
    public static void RunWith(int helpers, int most, Action work)
    {
        if (helpers <= 0)
        {
            work();
            return;
        }
        var job = new Job(work, helpers, _current);
        int missing;
        lock (Gate)
        {
            Open.Add(job);
            missing = Math.Max(Math.Min(helpers - _idle, most - _started), 0);
            _started += missing;
            Monitor.PulseAll(Gate);
        }
        for (; missing > 0; missing--)
            new Thread(Help) { IsBackground = true }.Start();
        Job? outer = _current;
        _current = job;
        work();
        lock (Gate)
        {
            Open.Remove(job);
            while (job.Active != 0)
            {
                // Others may be at something that is itself done by several threads. Only with that: anything else may take longer, or wait for this.
                if (Join(within: job) is Job part)
                    Do(part);
                else
                    Monitor.Wait(Gate);
            }
        }
        _current = outer;
    }

    private static void Help()
    {
        lock (Gate)
        {
            while (true)
            {
                if (Join(within: null) is Job job)
                {
                    Do(job);
                    continue;
                }
                _idle++;
                bool isNeeded = Monitor.Wait(Gate, LongestIdleMilliseconds);
                _idle--;
                if (isNeeded)
                    continue;
                _started--;
                return;
            }
        }
    }

    private static Job? Join(Job? within)
    {
        foreach (Job job in Open)
            if (job.Wanted > 0 && (within is null || job.IsPartOf(within)))
            {
                job.Wanted--;
                job.Active++;
                return job;
            }
        return null;
    }

    private static void Do(Job job)
    {
        Monitor.Exit(Gate);
        Job? outer = _current;
        _current = job;
        job.Work();
        _current = outer;
        Monitor.Enter(Gate);
        if (--job.Active == 0)
            Monitor.PulseAll(Gate);
    }
}
