using Weld.Base;

namespace Weld.Linker.Inputs;

/// <summary>A name that the host provides, and what the host needs of the module in return.</summary>
public sealed record StubSymbol(Utf8String Name, IReadOnlyList<Utf8String> Dependencies);

/// <summary>A text file that starts with <c>#STUB</c>: symbols that become imports when something needs them.</summary>
/// <remarks>Emscripten makes them for its JavaScript libraries. A line is <c>name</c> or <c>name: dependency, dependency</c>;
/// <c>#</c> starts a comment line.</remarks>
public sealed class StubLibrary
{
    private StubLibrary(List<StubSymbol> symbols) => Symbols = symbols;

    public IReadOnlyList<StubSymbol> Symbols { get; }

    public static StubLibrary Read(InputFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        var symbols = new List<StubSymbol>();
        ReadOnlySpan<byte> text = file.Bytes;
        foreach (Range range in text.Split((byte)'\n'))
        {
            ReadOnlySpan<byte> line = Trim(text[range]);
            if (line.IsEmpty || line[0] == (byte)'#')
                continue;
            int colon = line.IndexOf((byte)':');
            ReadOnlySpan<byte> name = colon < 0 ? line : Trim(line[..colon]);
            symbols.Add(new StubSymbol(Utf8String.FromPinned(name), colon < 0 ? [] : ReadDependencies(line[(colon + 1)..])));
        }
        return new StubLibrary(symbols);
    }

    private static List<Utf8String> ReadDependencies(ReadOnlySpan<byte> list)
    {
        var dependencies = new List<Utf8String>();
        list = Trim(list);
        if (list.IsEmpty)
            return dependencies;
        foreach (Range range in list.Split((byte)','))
            dependencies.Add(Utf8String.FromPinned(Trim(list[range])));
        return dependencies;
    }

    private static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> text) => text.Trim(" \t\r\v\f"u8);
}
