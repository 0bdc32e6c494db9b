using Weld.Wasm.Linking;

namespace Weld.Mir.Objects;

/// <summary>A place in a body or in data where the number of something goes.</summary>
/// <param name="Offset">From the start of the body or data.</param>
/// <param name="Target">What the number is of.</param>
/// <param name="Addend">Added to an address.</param>
/// <param name="Kind">How it is written.</param>
/// <param name="AlignmentLog2">The alignment that is needed of a constant.</param>
/// <param name="IsOnlyReference">No number goes there: the target just has to have a symbol.</param>
internal readonly record struct EncodedRelocation(uint Offset, MirReference Target, int Addend, RelocationKind Kind, byte AlignmentLog2, bool IsOnlyReference = false);
