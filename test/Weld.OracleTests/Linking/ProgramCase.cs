namespace Weld.OracleTests.Linking;

/// <summary>A program in Programs/, compiled in one way.</summary>
/// <param name="Sources">Linked as objects, in this order.</param>
/// <param name="Flags">For the compiler.</param>
public sealed record ProgramCase(string Name, string[] Sources, string[] Flags)
{
    /// <summary>Put into a static library that the program is linked against.</summary>
    public string[] LibrarySources { get; init; } = [];

    /// <summary>For the link only.</summary>
    public string[] LinkFlags { get; init; } = [];
    public string[] Arguments { get; init; } = [];
    public string StandardInput { get; init; } = "";
    public Dictionary<string, string> Environment { get; init; } = [];

    /// <summary>A line that the program must print: two linkers could be wrong together.</summary>
    public required string Prints { get; init; }
    public int ExitCode { get; init; }

    public bool IsCPlusPlus => Sources[0].EndsWith(".cpp", StringComparison.Ordinal);
    public string Title => string.Join(' ', Flags.Prepend(Name));
}
