namespace Weld.Linker.Options;

/// <summary>What weld does about an option.</summary>
public enum OptionStatus
{
    /// <summary>Does what it does in wasm-ld.</summary>
    Implemented,

    /// <summary>Refused with a message: linking without it would give another module than the one asked for.</summary>
    NotYet,

    /// <summary>Accepted without effect, because it cannot change what weld writes.</summary>
    Ignored,
}

/// <summary>One option: one row of <see cref="OptionTable"/>.</summary>
public sealed class Option
{
    public required OptionSpelling[] Spellings { get; init; }

    /// <summary>Further spellings, short or historical.</summary>
    public OptionSpelling[] Aliases { get; init; } = [];

    /// <summary>What the value is called in help; null when the option has none.</summary>
    public string? Metavar { get; init; }

    public required string Help { get; init; }

    public OptionStatus Status { get; init; }

    /// <summary>Whether wasm-ld does not have it: an option of weld's own, or one of another linker.</summary>
    public bool IsExtra { get; init; }

    /// <summary>Whether only the last occurrence counts, so that a wrong value before it does no harm.</summary>
    public bool IsLastOnly { get; init; }

    /// <summary>Records one occurrence; null when there is nothing to record.</summary>
    public Action<OptionReader, ParsedArgument>? Apply { get; init; }

    /// <summary>The name in messages and documents: the first spelling, without a joining <c>=</c>.</summary>
    public string Name => Spellings[0].ToString().TrimEnd('=');
}
