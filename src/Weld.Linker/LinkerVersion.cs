namespace Weld.Linker;

/// <summary>Which weld this is.</summary>
public static class LinkerVersion
{
    public const string Number = "0.1.0";

    /// <summary>The release of wasm-ld whose options and behaviour it has.</summary>
    public const string CompatibleLld = "22.1.8";
}
