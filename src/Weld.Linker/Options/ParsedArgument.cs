namespace Weld.Linker.Options;

/// <summary>An option of the command line with its value.</summary>
/// <param name="Option">The row; null for an input file, whose path is the value.</param>
/// <param name="Text">The argument as it was written, without a separate value.</param>
/// <param name="Spelling">The part of <paramref name="Text"/> before a joined value.</param>
/// <param name="Value">The value; null for a flag.</param>
/// <param name="Position">Its place on the expanded command line.</param>
/// <param name="IsValueSeparate">Whether the value is the argument that follows.</param>
public readonly record struct ParsedArgument(Option? Option, string Text, string Spelling, string? Value, int Position, bool IsValueSeparate);
