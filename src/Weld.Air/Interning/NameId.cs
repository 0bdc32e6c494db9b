namespace Weld.Air.Interning;

/// <summary>A text that an instruction holds: the name of a variable, or the text of an assembly.</summary>
public readonly record struct NameId(int Index) : IId<NameId>
{
    public static NameId FromIndex(int index) => new(index);
}
