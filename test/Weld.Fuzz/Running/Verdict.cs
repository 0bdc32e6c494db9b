namespace Weld.Fuzz.Running;

/// <summary>How a case ended.</summary>
public enum Verdict
{
    /// <summary>A module that validates.</summary>
    Linked,

    /// <summary>An error message that names a file, and no output.</summary>
    Refused,

    // From here on, the linker failed.

    /// <summary>A module that does not validate.</summary>
    Invalid,

    /// <summary>A function was called invalid in a module that the validators accept.</summary>
    FalseAlarm,

    /// <summary>An exception came out of the linker.</summary>
    Exception,

    /// <summary>The process died.</summary>
    Crash,

    /// <summary>The time limit passed.</summary>
    Hang,

    /// <summary>The memory limit was passed.</summary>
    Memory,

    /// <summary>A failure without an error message, or one that does not name a file.</summary>
    BadMessage,

    /// <summary>A failure that left an output file, or a success that left none.</summary>
    WrongOutput,

    /// <summary>Two links of the same inputs gave different bytes.</summary>
    NotDeterministic,
}

/// <summary>A verdict with what there is to say about it.</summary>
public readonly record struct CaseResult(Verdict Verdict, string Detail)
{
    public bool IsFailure => Verdict >= Verdict.Invalid;
}
