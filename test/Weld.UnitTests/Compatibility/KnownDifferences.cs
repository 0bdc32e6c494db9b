namespace Weld.UnitTests.Compatibility;

/// <summary>Differences of one option or section that no single case can show. The page's text above the tables says more.</summary>
internal static class KnownDifferences
{
    public const string NotInWasmLd = "wasm-ld refuses it";
    public const string NoBitcode = "it is about bitcode, which weld does not compile";

    /// <summary>By the option's name.</summary>
    public static IReadOnlyDictionary<string, string> OfOptions { get; } = new Dictionary<string, string>
    {
        ["-z"] = "ELF's keys are taken in silence; wasm-ld warns of them, but has no use for them either",
        ["--save-temps"] = "wasm-ld writes some of its files even without bitcode",
        ["--help"] = "also lists what wasm-ld does not have",
        ["--reproduce"] = "the archive holds also -L directories, members of thin archives and --allow-undefined-file, so that it links again",
        ["--verbose"] = "tells of weld's own stages",
        ["--version"] = "names weld, and the version of LLD that it follows",
        ["-v"] = "names weld, and the version of LLD that it follows",
        ["--why-extract"] = "one line for every member that is linked; wasm-ld leaves out those that a variable needed",
    };
}
