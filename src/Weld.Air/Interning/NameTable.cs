namespace Weld.Air.Interning;

/// <summary>The texts that instructions hold, each once. May be used from any thread.</summary>
public sealed class NameTable
{
    private readonly InternTable<NameId, string> _names = new();

    public int Count => _names.Count;

    public string this[NameId id] => _names[id];

    public NameId Intern(string name)
    {
        AirNames.Check(name);
        return _names.Intern(name);
    }
}
