namespace Weld.Wasm.Linking;

/// <summary>One relocation of an object file.</summary>
/// <param name="Kind">What to write, and how.</param>
/// <param name="Offset">Where, in bytes from the start of the section's contents.</param>
/// <param name="Index">The symbol's index, or the type's for <see cref="RelocationKind.TypeIndexLeb"/>.</param>
/// <param name="Addend">Added to the value, in bytes; 0 for kinds without one.</param>
public readonly record struct Relocation(RelocationKind Kind, uint Offset, uint Index, long Addend);
