using Weld.Base;
using Weld.Linker.Inputs;
using Weld.Linker.Liveness;
using Weld.Linker.Options;
using Weld.Linker.Resolution;
using Weld.Wasm.Linking;

namespace Weld.Linker.Planning;

/// <summary>Finds functions that do the same, so that the output has one body for all of them (<c>--icf</c>).</summary>
/// <remarks>Two functions are the same when their types and bodies are, and when each relocation of one has the same meaning in
/// the other: the same symbol, or functions that are the same in turn. Classes start with all that look alike and are split
/// until nothing changes, as in lld's ELF linker, so that functions which call each other can be folded too.
/// A function pointer is a table slot, and each function keeps its own with <c>--icf=safe</c>: pointers stay distinct although
/// bodies are shared. With <c>--icf=all</c> slots are shared as well.</remarks>
public sealed class FoldIdenticalFunctions
{
    private readonly ResolvedProgram _program;
    private readonly LiveSet _live;
    private readonly bool _sharesSlots;
    private readonly bool _isShared;
    private readonly int _threads;
    private readonly List<Candidate> _candidates = [];
    private readonly int[] _candidateOf;
    private ulong[] _classes = [];

    private FoldIdenticalFunctions(ResolvedProgram program, LiveSet live, LinkOptions options)
    {
        _program = program;
        _live = live;
        _sharesSlots = options.Icf == IcfMode.All;
        _isShared = options.Shared;
        _threads = options.Threads;
        _candidateOf = new int[program.FunctionCount];
        Array.Fill(_candidateOf, -1);
    }

    private readonly record struct Candidate(LinkedObject Owner, uint Function);

    /// <returns>For each function, the one whose body it shares; itself when it has its own.</returns>
    public static int[] Run(ResolvedProgram program, LiveSet live, LinkOptions options, TextWriter report)
    {
        var stage = new FoldIdenticalFunctions(program, live, options);
        stage.Collect();
        stage.Classify();
        int[] folded = stage.Fold();
        if (options.PrintIcfSections)
            stage.Print(folded, report);
        return folded;
    }

    private void Collect()
    {
        foreach (LinkedObject owner in _program.Objects)
            for (uint i = 0; i < owner.Object.Functions.Length; i++)
            {
                var id = new FunctionId(owner.FirstFunction + (int)i);
                if (!_live.Functions.Contains(id))
                    continue;
                _candidateOf[id.Index] = _candidates.Count;
                _candidates.Add(new Candidate(owner, i));
            }
    }

    private void Classify()
    {
        _classes = new ulong[_candidates.Count];
        Workers.ForEach(_candidates.Count, _threads, index => _classes[index] = HashOfBody(_candidates[index]));
        int count = CountClasses();
        while (true)
        {
            var next = new ulong[_classes.Length];
            Workers.ForEach(next.Length, _threads, index => next[index] = HashWithCallees(index));
            _classes = next;
            int refined = CountClasses();
            if (refined == count)
                return;
            count = refined;
        }
    }

    private int CountClasses() => new HashSet<ulong>(_classes).Count;

    private int[] Fold()
    {
        var folded = new int[_program.FunctionCount];
        for (int i = 0; i < folded.Length; i++)
            folded[i] = i;
        var firsts = new Dictionary<ulong, List<int>>();
        for (int i = 0; i < _candidates.Count; i++)
        {
            if (!firsts.TryGetValue(_classes[i], out List<int>? candidates))
                firsts.Add(_classes[i], candidates = []);
            // Equal hashes are compared: chance must not decide what a program does.
            int same = candidates.FindIndex(first => AreEqual(_candidates[first], _candidates[i]));
            if (same < 0)
                candidates.Add(i);
            else
                folded[IdOf(i)] = IdOf(candidates[same]);
        }
        return folded;
    }

    private int IdOf(int candidate) => _candidates[candidate].Owner.FirstFunction + (int)_candidates[candidate].Function;

    // ── what a function is made of ──

    private static RelocationRange Relocations(in Candidate candidate) =>
        candidate.Owner.Object.RelocationsOf(candidate.Owner.Object.Functions[candidate.Function]);

    private static ReadOnlySpan<byte> Body(in Candidate candidate)
    {
        ref InputFunction input = ref candidate.Owner.Object.Functions[candidate.Function];
        return candidate.Owner.Object.Slice(input.BodyOffset, input.BodySize);
    }

    private static SignatureId TypeOf(in Candidate candidate) => candidate.Owner.Signatures[candidate.Owner.Object.Functions[candidate.Function].TypeIndex];

    /// <summary>The hash of everything but which functions it uses.</summary>
    private ulong HashOfBody(in Candidate candidate)
    {
        ReadOnlySpan<byte> body = Body(candidate);
        ulong hash = Mix((ulong)body.Length, (ulong)TypeOf(candidate).Index);
        int done = 0;
        var relocations = Relocations(candidate);
        while (!relocations.AtEnd)
        {
            Relocation relocation = relocations.Read();
            int place = (int)relocation.Offset;
            hash = Mix(hash, NameHash.Compute(body[done..place]));
            hash = Mix(hash, (ulong)relocation.Kind ^ (ulong)relocation.Addend << 8);
            (bool isFunction, ulong target) = TargetOf(candidate.Owner, relocation);
            if (!isFunction)
                hash = Mix(hash, target);
            done = place + RelocationTable.Get(relocation.Kind).Width;
        }
        return Mix(hash, NameHash.Compute(body[done..]));
    }

    private ulong HashWithCallees(int index)
    {
        Candidate candidate = _candidates[index];
        ulong hash = _classes[index];
        var relocations = Relocations(candidate);
        while (!relocations.AtEnd)
        {
            (bool isFunction, ulong target) = TargetOf(candidate.Owner, relocations.Read());
            if (isFunction)
                hash = Mix(hash, _classes[(int)target]);
        }
        return hash;
    }

    private bool AreEqual(in Candidate first, in Candidate second)
    {
        ReadOnlySpan<byte> firstBody = Body(first);
        ReadOnlySpan<byte> secondBody = Body(second);
        if (firstBody.Length != secondBody.Length || TypeOf(first) != TypeOf(second))
            return false;
        var firstRelocations = Relocations(first);
        var secondRelocations = Relocations(second);
        int done = 0;
        while (!firstRelocations.AtEnd && !secondRelocations.AtEnd)
        {
            Relocation one = firstRelocations.Read();
            Relocation two = secondRelocations.Read();
            int place = (int)one.Offset;
            if (one.Kind != two.Kind || one.Addend != two.Addend || one.Offset != two.Offset)
                return false;
            if (!firstBody[done..place].SequenceEqual(secondBody[done..place]))
                return false;
            (bool isFunction, ulong target) = TargetOf(first.Owner, one);
            (bool isOtherFunction, ulong otherTarget) = TargetOf(second.Owner, two);
            bool isSame = isFunction && isOtherFunction
                ? _classes[(int)target] == _classes[(int)otherTarget]
                : isFunction == isOtherFunction && target == otherTarget;
            if (!isSame)
                return false;
            done = place + RelocationTable.Get(one.Kind).Width;
        }
        return firstRelocations.AtEnd && secondRelocations.AtEnd && firstBody[done..].SequenceEqual(secondBody[done..]);
    }

    /// <summary>What a relocation means: a candidate, or something that only itself is equal to.</summary>
    private (bool IsFunction, ulong Target) TargetOf(LinkedObject owner, in Relocation relocation)
    {
        if (relocation.Kind == RelocationKind.TypeIndexLeb)
            return (false, Tagged(1, owner.Signatures[relocation.Index].Index));
        ref InputSymbol symbol = ref owner.Object.Symbols[relocation.Index];
        int binding = owner.Bindings[relocation.Index];
        int function = -1;
        if (binding >= 0)
        {
            ref Symbol row = ref _program.Symbols[new SymbolId(binding)];
            // Another module may replace a weak function of a shared library.
            if (row.IsDefined && row.IsFunction && !(_isShared && row.IsWeak))
                function = row.Element;
        }
        else if (symbol.Kind == SymbolKind.Function)
        {
            function = owner.ElementOf(symbol);
        }
        if (function >= 0)
        {
            // Where a pointer is made, the function itself matters as long as each has its own slot.
            bool isCall = RelocationTable.Get(relocation.Kind).Value == RelocationValue.FunctionIndex;
            return (isCall || _sharesSlots) && _candidateOf[function] >= 0
                ? (true, (ulong)_candidateOf[function])
                : (false, Tagged(2, function));
        }
        if (binding >= 0)
            return (false, Tagged(3, binding));
        return symbol.Kind == SymbolKind.Data
            ? (false, Mix(Tagged(4, owner.ElementOf(symbol)), owner.Object.ValueOf(symbol)))
            : (false, Mix(Tagged(5, owner.ElementOf(symbol)), (ulong)symbol.Kind));
    }

    private static ulong Tagged(int kind, int id) => (ulong)kind << 40 | (uint)id;

    private static ulong Mix(ulong hash, ulong value)
    {
        hash = (hash ^ value) * 0x9E3779B97F4A7C15;
        return hash ^ hash >> 29;
    }

    private void Print(int[] folded, TextWriter report)
    {
        var groups = new SortedDictionary<int, List<int>>();
        for (int id = 0; id < folded.Length; id++)
        {
            if (folded[id] == id)
                continue;
            if (!groups.TryGetValue(folded[id], out List<int>? members))
                groups.Add(folded[id], members = []);
            members.Add(id);
        }
        foreach ((int first, List<int> members) in groups)
        {
            report.WriteLine($"selected section {NameOf(first)}");
            foreach (int member in members)
                report.WriteLine($"  removing identical section {NameOf(member)}");
        }
    }

    private string NameOf(int id)
    {
        Candidate candidate = _candidates[_candidateOf[id]];
        int symbol = candidate.Owner.Object.Functions[candidate.Function].NameSymbol;
        string name = symbol < 0 ? $"function {candidate.Function}" : candidate.Owner.Object.NameOf(candidate.Owner.Object.Symbols[symbol]).ToString();
        return $"{candidate.Owner.DisplayName}:({name})";
    }
}
