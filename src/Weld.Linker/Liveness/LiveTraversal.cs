using Weld.Base;
using Weld.Linker.Inputs;
using Weld.Linker.Resolution;
using Weld.Wasm.Linking;

namespace Weld.Linker.Liveness;

/// <summary>Follows relocations from what is live to what it needs, on several threads.</summary>
/// <remarks>Each thread has a stack of its own and gives from it while another has nothing to do. The result is a set, so that the order
/// does not show. Functions and segments of objects, nearly all there is, are marked here; the rest by <see cref="MarkLive"/>.</remarks>
internal sealed class LiveTraversal
{
    // Items wait in a queue of this size while their memory is fetched.
    private const int QueueSize = 16;

    // So many items are given away at once, by a thread that has twice as many.
    private const int ShareSize = 128;

    // Fewer functions and segments are followed sooner than a thread is started.
    private const int SmallProgram = 5_000;

    private readonly LiveSet _live;
    private readonly ElementOwners _owners;
    private readonly Marker _mark;
    private readonly ObjectMarker _markObject;
    private readonly int _threads;
    private readonly Stack<Referent> _shared;
    private int _idle;

    private LiveTraversal(ResolvedProgram program, LiveSet live, ElementOwners owners, Stack<Referent> roots, int threads, Marker mark, ObjectMarker markObject)
    {
        _live = live;
        _owners = owners;
        _mark = mark;
        _markObject = markObject;
        _shared = roots;
        _threads = program.FunctionCount + program.SegmentCount < SmallProgram ? 1 : Workers.Count(threads);
    }

    /// <summary>Marks what a relocation needs, if that takes a closer look; from any thread.</summary>
    /// <param name="owner">The object of the relocation.</param>
    /// <param name="relocation">The relocation.</param>
    /// <param name="found">Receives functions and segments that were not live before.</param>
    public delegate void Marker(LinkedObject owner, in Relocation relocation, Stack<Referent> found);

    /// <summary>Marks what comes with an object of which something is used; from any thread.</summary>
    public delegate void ObjectMarker(LinkedObject owner, Stack<Referent> found);

    /// <param name="program">The program.</param>
    /// <param name="live">Receives what is live.</param>
    /// <param name="owners">Which object has which element.</param>
    /// <param name="roots">What is live to begin with.</param>
    /// <param name="threads">The number of threads; 0 for one per core.</param>
    /// <param name="mark">Called for what takes a closer look.</param>
    /// <param name="markObject">Called at least once for each object that is used.</param>
    public static void Run(ResolvedProgram program, LiveSet live, ElementOwners owners, Stack<Referent> roots, int threads, Marker mark, ObjectMarker markObject)
    {
        var traversal = new LiveTraversal(program, live, owners, roots, threads, mark, markObject);
        Workers.ForEach(traversal._threads, traversal._threads, _ => traversal.Follow(), minimumPerThread: 1);
    }

    private void Follow()
    {
        var stack = new Stack<Referent>(ShareSize * 4);
        while (TryTake(stack))
            FollowAll(stack);
    }

    /// <returns>False when no thread has anything left.</returns>
    private bool TryTake(Stack<Referent> stack)
    {
        lock (_shared)
        {
            _idle++;
            while (_shared.Count == 0)
            {
                if (_idle == _threads)
                {
                    Monitor.PulseAll(_shared);
                    return false;
                }
                Monitor.Wait(_shared);
            }
            _idle--;
            for (int left = Math.Max(ShareSize, _shared.Count / _threads); left > 0 && _shared.TryPop(out Referent item); left--)
                stack.Push(item);
            return true;
        }
    }

    private void Share(Stack<Referent> stack)
    {
        lock (_shared)
        {
            for (int left = ShareSize; left > 0; left--)
                _shared.Push(stack.Pop());
            Monitor.Pulse(_shared);
        }
    }

    private void FollowAll(Stack<Referent> stack)
    {
        var queue = new (LinkedObject Owner, Referent Item)[QueueSize];
        int first = 0;
        int end = 0;
        while (true)
        {
            while (end - first < QueueSize && stack.TryPop(out Referent item))
            {
                LinkedObject owner = _owners.Of(item);
                queue[end++ % QueueSize] = (owner, item);
                if (item.IsSegment)
                    Prefetch.Read(ref owner.Object.Segments[item.Index - owner.FirstSegment]);
                else
                    Prefetch.Read(ref owner.Object.Functions[item.Index - owner.FirstFunction]);
            }
            if (first == end)
                return;
            if (end - first > QueueSize / 2)
                PrefetchRelocations(queue[(first + (QueueSize / 2)) % QueueSize]);
            (LinkedObject nextOwner, Referent next) = queue[first++ % QueueSize];
            FollowRelocations(nextOwner, next, stack);
            if (Volatile.Read(ref _idle) != 0 && stack.Count > ShareSize * 2)
                Share(stack);
        }
    }

    private static void PrefetchRelocations((LinkedObject Owner, Referent Item) waiting)
    {
        ReadOnlySpan<PackedRelocation> relocations = waiting.Owner.RelocationsOf(waiting.Item).All;
        if (!relocations.IsEmpty)
            Prefetch.Read(in relocations[0]);
    }

    private void FollowRelocations(LinkedObject owner, Referent item, Stack<Referent> stack)
    {
        _markObject(owner, stack);
        Referent[] referents = owner.Referents;
        RelocationRange relocations = owner.RelocationsOf(item);
        foreach (PackedRelocation relocation in relocations.All)
        {
            if (relocation.Kind == RelocationKind.TypeIndexLeb)
                continue;
            Referent referent = referents[relocations.IndexOf(relocation)];
            if (referent.IsOther)
                _mark(owner, relocations.Unpack(relocation), stack);
            else if (referent.IsSegment ? _live.Segments.AddShared(new SegmentId(referent.Index)) : _live.Functions.AddShared(new FunctionId(referent.Index)))
                stack.Push(referent);
        }
    }
}
