namespace Weld.Linker.Options;

/// <summary>The values of <c>--color-diagnostics</c>.</summary>
public enum ColorMode
{
    /// <summary>Colors on a terminal, unless NO_COLOR is set.</summary>
    Auto,
    Always,
    Never,
}
