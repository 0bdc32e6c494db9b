namespace Weld.Linker;

/// <summary>The memory of a process that makes one link and ends.</summary>
internal static class ProcessMemory
{
    // Below, there is no collection anyway.
    private const long SmallestInput = 16L << 20;

    // What is reserved is not used until it is needed. With more, the largest links would keep what a collection frees.
    private const long LargestReserve = 96L << 20;

    /// <summary>Keeps the collector away as long as a link of this size allows: nearly all that a link makes is needed to its end, so
    /// that collections only move it about.</summary>
    /// <param name="inputBytes">The size of all inputs.</param>
    public static void Reserve(long inputBytes)
    {
        if (inputBytes >= SmallestInput)
            GC.TryStartNoGCRegion(Math.Min(inputBytes * 2, LargestReserve));
    }
}
