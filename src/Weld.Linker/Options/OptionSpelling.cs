namespace Weld.Linker.Options;

/// <summary>How an option takes its value. The words are those of LLVM's option library, whose rules wasm-ld follows.</summary>
public enum OptionShape
{
    /// <summary>No value: <c>--name</c> and nothing more.</summary>
    Flag,

    /// <summary>The value is the rest of the argument, and may be empty: <c>--name=VALUE</c>, <c>--lto-O2</c>.</summary>
    Joined,

    /// <summary>The value is the next argument: <c>--name VALUE</c>.</summary>
    Separate,

    /// <summary>The rest of the argument, or the next one if there is no rest: <c>-oVALUE</c>, <c>-o VALUE</c>.</summary>
    JoinedOrSeparate,
}

/// <summary>The dashes that a spelling may start with.</summary>
[Flags]
public enum OptionDashes
{
    One = 1,
    Two = 2,
    OneOrTwo = One | Two,
}

/// <summary>One way to write an option.</summary>
/// <param name="Name">The text behind the dashes; with the <c>=</c> where there is one.</param>
/// <param name="Dashes">What may stand before it.</param>
/// <param name="Shape">Where the value is.</param>
public readonly record struct OptionSpelling(string Name, OptionDashes Dashes, OptionShape Shape)
{
    /// <summary>The spelling as a person would write it: two dashes where they are allowed.</summary>
    public override string ToString() => ((Dashes & OptionDashes.Two) != 0 ? "--" : "-") + Name;
}
