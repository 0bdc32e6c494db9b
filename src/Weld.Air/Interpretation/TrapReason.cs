namespace Weld.Air.Interpretation;

/// <summary>Why a call did not return.</summary>
public enum TrapReason : byte
{
    /// <summary>The instruction <c>trap</c> or <c>breakpoint</c>.</summary>
    Trap,

    /// <summary>The instruction <c>unreach</c>.</summary>
    Unreachable,

    /// <summary>A result of safe arithmetic does not fit.</summary>
    Overflow,

    /// <summary>A safe conversion does not fit.</summary>
    Conversion,

    /// <summary>The program did what docs/air.md calls illegal; compiled code may do anything there.</summary>
    Illegal,

    /// <summary>The program calls or reads something that is defined elsewhere, and the host does not offer it.</summary>
    NotDefined,

    /// <summary>The interpreter cannot do this: wasm as text, and waiting for other threads.</summary>
    Unsupported,

    /// <summary>More instructions than the options allow.</summary>
    StepLimit,

    /// <summary>More memory than the options allow.</summary>
    MemoryLimit,

    /// <summary>More calls in each other than the options allow.</summary>
    CallLimit,
}
