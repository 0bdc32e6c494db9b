namespace Weld.Base.Ids;

/// <summary>An index into one table, as a type of its own, so that ids of different tables cannot be mixed.</summary>
public interface IId<TSelf>
    where TSelf : struct, IId<TSelf>
{
    /// <summary>The row number, from 0.</summary>
    int Index { get; }

    static abstract TSelf FromIndex(int index);
}
