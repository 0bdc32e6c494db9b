namespace Weld.Air.Values;

/// <summary>The names of all errors of a module. May be used from any thread.</summary>
/// <remarks>An error's number is its place in this list: who wants the same bytes from each run interns errors in the same order.</remarks>
public sealed class ErrorTable
{
    private readonly InternTable<ErrorId, string> _names = new();

    public int Count => _names.Count;

    public string this[ErrorId id] => _names[id];

    public ErrorId Intern(string name)
    {
        AirNames.Check(name);
        if (_names.TryFind(name, out ErrorId known))
            return known;
        if (_names.Count >= ErrorId.Most)
            throw new InvalidOperationException($"a module has at most {ErrorId.Most} errors");
        return _names.Intern(name);
    }

    public bool TryFind(string name, out ErrorId id) => _names.TryFind(name, out id);
}
