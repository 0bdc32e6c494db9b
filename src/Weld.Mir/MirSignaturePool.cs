using Weld.Wasm.Sections;
using ValueType = Weld.Wasm.Sections.ValueType;

namespace Weld.Mir;

/// <summary>Function types, each once. Workers may add to it at the same time.</summary>
/// <remarks>So the numbers depend on which worker comes first; nothing that is written may be in their order.</remarks>
public sealed class MirSignaturePool
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Signature, MirSignatureId> _ids = [];
    private Signature[] _signatures = new Signature[16];

    public Signature this[MirSignatureId id] => Volatile.Read(ref _signatures)[id.Index];

    public int Count
    {
        get
        {
            lock (_lock)
                return _ids.Count;
        }
    }

    public MirSignatureId Add(ReadOnlySpan<ValueType> parameters, ReadOnlySpan<ValueType> results) =>
        Add(Signature.Create(parameters, results));

    public MirSignatureId Add(Signature signature)
    {
        lock (_lock)
        {
            if (_ids.TryGetValue(signature, out MirSignatureId id))
                return id;
            id = new MirSignatureId(_ids.Count);
            if (id.Index == _signatures.Length)
            {
                // Readers hold no lock: they see the old array or a new one that has all its rows.
                var larger = new Signature[id.Index * 2];
                _signatures.CopyTo(larger, 0);
                larger[id.Index] = signature;
                Volatile.Write(ref _signatures, larger);
            }
            else
            {
                _signatures[id.Index] = signature;
            }
            _ids.Add(signature, id);
            return id;
        }
    }
}
