using System.Runtime.InteropServices;
using Weld.Mir.Modules;

namespace Weld.Mir.Objects;

/// <summary>Finds constants that hold the same, so that each is written once.</summary>
/// <remarks>What a constant points to is looked at first, so that two lists of equal parts are one list. Constants that point to each other
/// in a circle are what they are.</remarks>
internal sealed class ObjectConstants
{
    private const int Unknown = 0;
    private const int InProgress = -1;

    private readonly ModuleObject _module;
    private readonly Dictionary<Key, int> _slots = [];
    private readonly Stack<int> _pending = new();
    private readonly int[] _states;

    public ObjectConstants(ModuleObject module)
    {
        _module = module;
        _states = new int[module.Constants.Capacity];
    }

    /// <summary>The one of all equal constants that stands for them.</summary>
    public MirReference Canonical(MirReference target) =>
        target.Kind == MirReferenceKind.Constant ? new MirReference(MirReferenceKind.Constant, Canonical(target.Id)) : target;

    private int Canonical(int slot)
    {
        if ((uint)slot < (uint)_states.Length && _states[slot] > Unknown)
            return _states[slot] - 1;
        Visit(slot);
        while (_pending.TryPeek(out int next))
        {
            // Visiting pushes what has to come first.
            int count = _pending.Count;
            foreach (MirDataRelocation relocation in Find(next)!.Contents.Relocations)
                if (relocation.Target.Kind == MirReferenceKind.Constant)
                    Visit(relocation.Target.Id);
            if (_pending.Count == count)
                Finish(_pending.Pop());
        }
        return Known(slot);
    }

    private void Visit(int slot)
    {
        if (Find(slot) is null || _states[slot] != Unknown)
            return;
        _states[slot] = InProgress;
        _pending.Push(slot);
    }

    private void Finish(int slot)
    {
        ref int first = ref CollectionsMarshal.GetValueRefOrAddDefault(_slots, new Key(this, Find(slot)!), out bool exists);
        if (!exists)
            first = slot;
        _states[slot] = first + 1;
    }

    private int Known(int slot) => (uint)slot < (uint)_states.Length && _states[slot] > Unknown ? _states[slot] - 1 : slot;

    private EncodedConstant? Find(int slot) => (EncodedConstant?)_module.Constants.FindSlot(slot)?.Encoded;

    private readonly struct Key(ObjectConstants owner, EncodedConstant constant) : IEquatable<Key>
    {
        private readonly EncodedConstant _constant = constant;

        public bool Equals(Key other)
        {
            MirDataContents left = _constant.Contents;
            MirDataContents right = other._constant.Contents;
            if (left.Size != right.Size || left.Relocations.Count != right.Relocations.Count || !left.Bytes.Span.SequenceEqual(right.Bytes.Span))
                return false;
            for (int i = 0; i < left.Relocations.Count; i++)
                if (Resolve(left.Relocations[i]) != Resolve(right.Relocations[i]))
                    return false;
            return true;
        }

        public override bool Equals(object? obj) => obj is Key other && Equals(other);

        public override int GetHashCode() => _constant.Hash;

        private MirDataRelocation Resolve(MirDataRelocation relocation) => relocation.Target.Kind == MirReferenceKind.Constant
            ? relocation with { Target = new MirReference(MirReferenceKind.Constant, owner.Known(relocation.Target.Id)) }
            : relocation;
    }
}
