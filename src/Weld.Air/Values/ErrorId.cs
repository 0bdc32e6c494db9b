namespace Weld.Air.Values;

/// <summary>An error of the module's one list of errors.</summary>
public readonly record struct ErrorId(int Index) : IId<ErrorId>, IComparable<ErrorId>
{
    /// <summary>More do not fit in the 16 bits that an error has in memory.</summary>
    public const int Most = 65535;

    /// <summary>What an error set's value is in memory; 0 there means no error.</summary>
    public int Number => Index + 1;

    public static ErrorId FromIndex(int index) => new(index);

    public int CompareTo(ErrorId other) => Index.CompareTo(other.Index);

    public static bool operator <(ErrorId left, ErrorId right) => left.Index < right.Index;

    public static bool operator >(ErrorId left, ErrorId right) => left.Index > right.Index;

    public static bool operator <=(ErrorId left, ErrorId right) => left.Index <= right.Index;

    public static bool operator >=(ErrorId left, ErrorId right) => left.Index >= right.Index;
}
