using System.Runtime.ExceptionServices;

namespace Weld.Linker;

/// <summary>Runs independent pieces of work on several threads.</summary>
/// <remarks>Other threads help only when there is enough to do: a small link takes less time than waking them.
/// Pieces are taken in order from one counter, so that large ones do not leave threads idle.</remarks>
public static class Workers
{
    private const int MinimumPerThread = 8;

    /// <summary>How many threads <c>--threads</c> means.</summary>
    /// <param name="threads">The option's value; 0 for one per core.</param>
    public static int Count(int threads) => threads == 0 ? Environment.ProcessorCount : threads;

    /// <summary>Calls <paramref name="body"/> for 0 to <paramref name="count"/> - 1, in any order.</summary>
    /// <param name="count">The number of pieces.</param>
    /// <param name="threads">The number of threads; 0 for one per core.</param>
    /// <param name="body">The work. Its results must not depend on the order.</param>
    /// <param name="minimumPerThread">As many pieces as it takes to be worth a thread.</param>
    public static void ForEach(int count, int threads, Action<int> body, int minimumPerThread = MinimumPerThread) =>
        ForEach(count, threads, static () => (object?)null, (_, index) => body(index), minimumPerThread);

    /// <summary>Does two things, at the same time if there are threads. Neither may need what the other makes.</summary>
    public static void Both(int threads, Action first, Action second)
    {
        if (Count(threads) > 1)
        {
            ForEach(2, threads, index => (index == 0 ? first : second)(), minimumPerThread: 1);
            return;
        }
        first();
        second();
    }

    /// <summary>As <see cref="ForEach(int, int, Action{int}, int)"/>, with something that each thread keeps from piece to piece.</summary>
    /// <param name="count">The number of pieces.</param>
    /// <param name="threads">The number of threads; 0 for one per core.</param>
    /// <param name="makeState">Makes what a thread keeps.</param>
    /// <param name="body">The work. Its results must not depend on the order, nor on what the thread did before.</param>
    /// <param name="minimumPerThread">As many pieces as it takes to be worth a thread.</param>
    public static void ForEach<TState>(int count, int threads, Func<TState> makeState, Action<TState, int> body, int minimumPerThread = MinimumPerThread)
    {
        int next = -1;
        ExceptionDispatchInfo? failure = null;
        HelperThreads.RunWith(Math.Min(Count(threads), count / minimumPerThread) - 1, Count(threads) - 1, Work);
        failure?.Throw();

        void Work()
        {
            try
            {
                TState state = makeState();
                for (int i = Interlocked.Increment(ref next); i < count; i = Interlocked.Increment(ref next))
                    body(state, i);
            }
            catch (Exception e)
            {
                failure = ExceptionDispatchInfo.Capture(e);
            }
        }
    }
}
