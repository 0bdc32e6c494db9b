using Weld.Wasm.Sections;

namespace Weld.Linker.Resolution;

/// <summary>The function types of all linked objects, each once.</summary>
public sealed class SignatureTable
{
    private readonly Dictionary<Signature, int> _ids = [];
    private readonly List<Signature> _signatures = [];

    public int Count => _signatures.Count;

    public Signature this[SignatureId id] => _signatures[id.Index];

    public SignatureId Intern(Signature signature)
    {
        if (_ids.TryGetValue(signature, out int id))
            return new SignatureId(id);
        _ids.Add(signature, _signatures.Count);
        _signatures.Add(signature);
        return new SignatureId(_signatures.Count - 1);
    }
}
