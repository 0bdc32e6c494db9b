using Weld.Linker;

namespace Weld.Cli;

/// <summary>What <c>--version</c> says.</summary>
internal static class WeldVersion
{
    public const string Number = LinkerVersion.Number;
    private const string CompatibleLld = LinkerVersion.CompatibleLld;

    /// <summary>CMake looks for <c>LLD [0-9.]+</c> and "compatible with GNU", Meson for <c>LLD</c> in the first line; both forms have them.</summary>
    public static string Line(bool isWasmLd) => isWasmLd
        ? $"LLD {CompatibleLld} (weld {Number}; compatible with GNU linkers)"
        : $"weld {Number} (compatible with LLD {CompatibleLld}; compatible with GNU linkers)";
}
