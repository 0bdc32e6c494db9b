using System.Numerics;
using Weld.Base.Ids;
using Weld.Linker.Inputs;
using Weld.Linker.Resolution;
using Weld.Wasm.Linking;

namespace Weld.Linker.Liveness;

/// <summary>Follows relocations from what is live to what it needs, on several threads.</summary>
/// <remarks>What waits is not a function or segment but an object: when its turn comes, all is followed that has become live in it since, in the order of the
/// file, so that its tables are read from front to back and once for many. The result is a set, so that the order does not show.
/// Functions and segments of objects, nearly all there is, are marked here; the rest by <see cref="MarkLive"/>.</remarks>
internal sealed class LiveTraversal
{
    // Fewer functions and segments are followed sooner than a thread is started.
    private const int SmallProgram = 5_000;

    // So many times as many objects as there are threads wait before one takes several of them.
    private const int SharesPerThread = 4;

    private readonly LiveSet _live;
    private readonly IReadOnlyList<LinkedObject> _objects;
    private readonly ElementOwners _owners;
    private readonly IdSet<FunctionId> _followedFunctions;
    private readonly IdSet<SegmentId> _followedSegments;
    private readonly Marker _mark;
    private readonly ObjectMarker _markObject;
    private readonly int _threads;

    /// <summary>For each object whether it waits, as a number that can be exchanged.</summary>
    private readonly int[] _waits;
    private readonly Queue<int> _waiting = new();
    private int _idle;

    private LiveTraversal(ResolvedProgram program, LiveSet live, ElementOwners owners, int threads, Marker mark, ObjectMarker markObject)
    {
        _live = live;
        _objects = program.FilesByIndex;
        _owners = owners;
        _followedFunctions = new IdSet<FunctionId>(program.FunctionCount);
        _followedSegments = new IdSet<SegmentId>(program.SegmentCount);
        _mark = mark;
        _markObject = markObject;
        _threads = program.FunctionCount + program.SegmentCount < SmallProgram ? 1 : Workers.Count(threads);
        _waits = new int[_objects.Count];
        for (int index = 0; index < _objects.Count; index++)
            if (IsUsed(_objects[index]))
                Touch(index);
    }

    /// <summary>Marks what a relocation needs, if that takes a closer look; from any thread.</summary>
    /// <param name="owner">The object of the relocation.</param>
    /// <param name="relocation">The relocation.</param>
    /// <param name="traversal">To be told which objects have functions or segments that were not live before.</param>
    public delegate void Marker(LinkedObject owner, in Relocation relocation, LiveTraversal traversal);

    /// <summary>Marks what comes with an object of which something is used; from any thread.</summary>
    public delegate void ObjectMarker(LinkedObject owner, LiveTraversal traversal);

    /// <param name="program">The program.</param>
    /// <param name="live">Has what is live to begin with; receives the rest.</param>
    /// <param name="owners">Which object has which element.</param>
    /// <param name="threads">The number of threads; 0 for one per core.</param>
    /// <param name="mark">Called for what takes a closer look.</param>
    /// <param name="markObject">Called at least once for each object that is used.</param>
    public static void Run(ResolvedProgram program, LiveSet live, ElementOwners owners, int threads, Marker mark, ObjectMarker markObject)
    {
        var traversal = new LiveTraversal(program, live, owners, threads, mark, markObject);
        Workers.ForEach(traversal._threads, traversal._threads, _ => traversal.Follow(), minimumPerThread: 1);
    }

    /// <summary>Something in an object has become live.</summary>
    public void Touch(int file)
    {
        if (Volatile.Read(ref _waits[file]) != 0 || Interlocked.Exchange(ref _waits[file], 1) != 0)
            return;
        lock (_waiting)
        {
            _waiting.Enqueue(file);
            if (_idle != 0)
                Monitor.Pulse(_waiting);
        }
    }

    private bool IsUsed(LinkedObject owner) =>
        _live.Functions.Next(owner.FirstFunction, owner.FirstFunction + owner.Object.Functions.Length) < owner.FirstFunction + owner.Object.Functions.Length
        || _live.Segments.Next(owner.FirstSegment, owner.FirstSegment + owner.Object.Segments.Length) < owner.FirstSegment + owner.Object.Segments.Length;

    private void Follow()
    {
        var share = new Queue<int>();
        while (TryTake(share))
            while (share.TryDequeue(out int file))
                FollowObject(_objects[file]);
    }

    /// <returns>False when no thread has anything left.</returns>
    private bool TryTake(Queue<int> share)
    {
        lock (_waiting)
        {
            _idle++;
            while (_waiting.Count == 0)
            {
                if (_idle == _threads)
                {
                    Monitor.PulseAll(_waiting);
                    return false;
                }
                Monitor.Wait(_waiting);
            }
            _idle--;
            for (int left = 1 + (_waiting.Count / (_threads * SharesPerThread)); left > 0 && _waiting.TryDequeue(out int file); left--)
                share.Enqueue(file);
            return true;
        }
    }

    private void FollowObject(LinkedObject owner)
    {
        // From now on it may wait again: what becomes live is either seen below or comes after this.
        Interlocked.Exchange(ref _waits[owner.Index], 0);
        _markObject(owner, this);
        while (FollowFunctions(owner) | FollowSegments(owner))
        {
            // Its own relocations have added to it.
        }
    }

    private bool FollowFunctions(LinkedObject owner)
    {
        int first = owner.FirstFunction;
        int end = first + owner.Object.Functions.Length;
        bool any = false;
        for (int word = first >> 6; word << 6 < end; word++)
            for (ulong bits = _followedFunctions.AddSharedFrom(_live.Functions, word, first, end); bits != 0; bits &= bits - 1)
            {
                any = true;
                FollowRelocations(owner, owner.Object.RelocationsOf(owner.Object.Functions[(word << 6) + BitOperations.TrailingZeroCount(bits) - first]));
            }
        return any;
    }

    private bool FollowSegments(LinkedObject owner)
    {
        int first = owner.FirstSegment;
        int end = first + owner.Object.Segments.Length;
        bool any = false;
        for (int word = first >> 6; word << 6 < end; word++)
            for (ulong bits = _followedSegments.AddSharedFrom(_live.Segments, word, first, end); bits != 0; bits &= bits - 1)
            {
                ref InputSegment segment = ref owner.Object.Segments[(word << 6) + BitOperations.TrailingZeroCount(bits) - first];
                if (segment.RelocationCount == 0)
                    continue;
                any = true;
                FollowRelocations(owner, owner.Object.RelocationsOf(segment));
            }
        return any;
    }

    private void FollowRelocations(LinkedObject owner, RelocationRange relocations)
    {
        Referent[] referents = owner.Referents;
        PackedRelocation last = default;
        bool hasLast = false;
        foreach (PackedRelocation relocation in relocations.All)
        {
            if (relocation.Kind == RelocationKind.TypeIndexLeb)
                continue;
            Referent referent = referents[relocations.IndexOf(relocation)];
            if (referent.IsOther)
            {
                // Nearly all of these are the stack pointer, several times in a function.
                if (hasLast && relocation.IsLike(last))
                    continue;
                last = relocation;
                hasLast = true;
                _mark(owner, relocations.Unpack(relocation), this);
            }
            else if (referent.IsSegment ? _live.Segments.AddShared(new SegmentId(referent.Index)) : _live.Functions.AddShared(new FunctionId(referent.Index)))
            {
                int file = _owners.IndexOf(referent);
                if (file != owner.Index)
                    Touch(file);
            }
        }
    }
}
