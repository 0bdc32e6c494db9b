using System.Runtime.InteropServices;
using Weld.Wasm.Sections;

namespace Weld.Mir.Objects;

/// <summary>The function types of an object, in the order of first use.</summary>
internal sealed class ObjectTypes
{
    private readonly MirSignaturePool _pool;
    private readonly List<Signature> _types = [];
    private readonly Dictionary<Signature, int> _indexes = [];
    private int[] _indexById = [];

    public ObjectTypes(MirSignaturePool pool) => _pool = pool;

    public ReadOnlySpan<Signature> Rows => CollectionsMarshal.AsSpan(_types);

    public int IndexOf(MirSignatureId id)
    {
        if (id.Index >= _indexById.Length)
            Array.Resize(ref _indexById, Math.Max(id.Index + 1, _indexById.Length * 2));
        ref int index = ref _indexById[id.Index];
        if (index == 0)
            index = IndexOf(_pool[id]) + 1;
        return index - 1;
    }

    public int IndexOf(Signature type)
    {
        if (_indexes.TryGetValue(type, out int index))
            return index;
        _types.Add(type);
        _indexes.Add(type, _types.Count - 1);
        return _types.Count - 1;
    }
}
