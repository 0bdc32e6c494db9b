using System.Collections;
using Weld.Base;

namespace Weld.Linker.Inputs;

/// <summary>Stage 1's result: the objects, archive members and libraries in command line order, and the names in them.</summary>
public sealed class LinkInputs : IReadOnlyList<LinkInput>
{
    private readonly List<LinkInput> _inputs;

    public LinkInputs(List<LinkInput> inputs, NameTable names)
    {
        _inputs = inputs;
        Names = names;
    }

    /// <summary>The names of all symbols and COMDAT groups.</summary>
    public NameTable Names { get; }

    public int Count => _inputs.Count;

    public LinkInput this[int index] => _inputs[index];

    public IEnumerator<LinkInput> GetEnumerator() => _inputs.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
