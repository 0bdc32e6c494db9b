namespace Weld.Linker.Options;

/// <summary>Values that other linkers know for options that wasm-ld has too.</summary>
public static class ForeignKeywords
{
    private static readonly HashSet<string> ZKeys =
    [
        "relro", "norelro", "now", "lazy", "execstack", "noexecstack", "nognustack", "defs", "undefs", "text", "notext", "textoff",
        "nodelete", "nodlopen", "nodefaultlib", "nodump", "origin", "combreloc", "nocombreloc", "copyreloc", "nocopyreloc", "initfirst",
        "interpose", "loadfltr", "global", "common", "nocommon", "separate-code", "noseparate-code", "separate-loadable-segments",
        "keep-text-section-prefix", "nokeep-text-section-prefix", "start-stop-gc", "nostart-stop-gc", "pack-relative-relocs",
        "nopack-relative-relocs", "sectionheader", "nosectionheader", "rel", "rela", "ibt", "shstk", "force-ibt", "force-bti",
        "pac-plt", "retpolineplt", "hazardplt", "wxneeded", "unique", "nounique", "dynamic-undefined-weak", "nodynamic-undefined-weak",
    ];

    private static readonly string[] ZPrefixes = ["max-page-size=", "common-page-size=", "start-stop-visibility=", "dead-reloc-in-nonalloc=", "cet-report="];

    /// <summary>Whether <c>-z KEY</c> is for ELF, so that it says nothing about a module.</summary>
    public static bool IsKnownZ(string key) =>
        ZKeys.Contains(key) || Array.Exists(ZPrefixes, prefix => key.StartsWith(prefix, StringComparison.Ordinal));

    /// <summary>The level behind a compiler's <c>-Os</c> and the like; null for what is none.</summary>
    public static int? OptimizeLevel(string value) => value switch
    {
        "s" or "z" => 2,
        "g" => 1,
        "fast" => 3,
        _ => null,
    };
}
