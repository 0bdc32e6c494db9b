namespace Weld.Base.Ids;

/// <summary>An id or nothing, in the space of one id: <c>default</c> is nothing.</summary>
public readonly record struct OptionalId<TId>
    where TId : struct, IId<TId>
{
    private readonly int _indexPlusOne;

    private OptionalId(int indexPlusOne) => _indexPlusOne = indexPlusOne;

    public bool HasValue => _indexPlusOne != 0;

    /// <summary>The id; call only when <see cref="HasValue"/>.</summary>
    public TId Value => TId.FromIndex(_indexPlusOne - 1);

    public bool TryGet(out TId id)
    {
        id = _indexPlusOne == 0 ? default : TId.FromIndex(_indexPlusOne - 1);
        return _indexPlusOne != 0;
    }

    public static OptionalId<TId> Some(TId id) => new(id.Index + 1);
}
