namespace Weld.Air.Interpretation;

/// <summary>A value while a program runs: its bytes as they would lie in memory. Nobody changes them.</summary>
/// <param name="Type">The type.</param>
/// <param name="Bytes">As many as the type's layout says. Integers are extended to all of them.</param>
public readonly record struct RuntimeValue(TypeId Type, ReadOnlyMemory<byte> Bytes);
