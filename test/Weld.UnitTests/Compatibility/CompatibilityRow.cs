namespace Weld.UnitTests.Compatibility;

/// <summary>A row of a table: a thing that wasm-ld has, and how weld stands to it.</summary>
/// <param name="Name">An option, a relocation kind, a symbol or a section.</param>
/// <param name="Status">What weld does about it.</param>
/// <param name="Tests">The tests that need it, the most telling first.</param>
/// <param name="Differences">Where weld does not do as wasm-ld 22, and why.</param>
internal sealed record CompatibilityRow(string Name, string Status, IReadOnlyList<string> Tests, IReadOnlyList<string> Differences)
{
    private const int ShownTests = 3;

    public override string ToString() =>
        $"| `{Name}` | {Status} | {string.Join(", ", Tests.Take(ShownTests))} | {Escape(string.Join("; ", Differences))} |";

    private static string Escape(string text) => text.Replace("|", "\\|", StringComparison.Ordinal).Replace("<", "\\<", StringComparison.Ordinal);
}
