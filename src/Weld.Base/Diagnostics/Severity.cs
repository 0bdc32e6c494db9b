namespace Weld.Base.Diagnostics;

/// <summary>How much a diagnostic matters.</summary>
public enum Severity
{
    /// <summary>Information that was asked for, such as <c>--trace</c>.</summary>
    Note,

    /// <summary>The output is written, but may not do what its author expects.</summary>
    Warning,

    /// <summary>No output is written.</summary>
    Error,
}
