using Weld.OracleTests.Modules;

namespace Weld.OracleTests.Options;

/// <summary>One link of small objects, done by both linkers.</summary>
/// <param name="Arguments">Words separated by spaces; <c>{out}</c> is a folder of the linker's own.</param>
public sealed record OptionCase(string Name, string Arguments)
{
    /// <summary>The link must fail, and each linker's output must contain these words.</summary>
    public string[]? Fails { get; init; }

    /// <summary>The link works, with a warning that contains these words.</summary>
    public string[] Warns { get; init; } = [];

    /// <summary>Both linkers print the same report, apart from the order where the option promises none.</summary>
    public bool SameReport { get; init; }

    /// <summary>Besides linking, each linker prints texts of its own.</summary>
    public bool AlsoPrints { get; init; }

    /// <summary>A file in {out} that must be the same text.</summary>
    public string? ReportFile { get; init; }

    /// <summary>There is no output file: the command only prints.</summary>
    public bool OnlyPrints { get; init; }

    /// <summary>Why the validators cannot judge the module.</summary>
    public string? NotValidated { get; init; }

    public ExpectedDifference[] Allowed { get; init; } = [];
}
