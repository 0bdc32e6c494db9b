namespace Weld.Air.Text;

/// <summary>A part of a text, in characters: from <paramref name="Start"/> up to, not including, <paramref name="End"/>.</summary>
public readonly record struct TextSpan(int Start, int End);
