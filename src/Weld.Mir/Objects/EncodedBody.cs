namespace Weld.Mir.Objects;

/// <summary>A function body as it is in an object, but for the numbers of what it names.</summary>
/// <param name="Source">What it was made of.</param>
/// <param name="Bytes">The body without its size, with zeros where numbers go.</param>
/// <param name="Relocations">Where they go, by offset.</param>
/// <param name="ErrorCount">The number of errors that is in the code; null when it is not.</param>
internal sealed record EncodedBody(MirFunction Source, byte[] Bytes, EncodedRelocation[] Relocations, uint? ErrorCount);
