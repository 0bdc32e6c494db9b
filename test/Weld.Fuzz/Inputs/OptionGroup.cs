namespace Weld.Fuzz.Inputs;

/// <summary>Options that are given together, by wasm-ld's names.</summary>
public static class OptionGroup
{
    public const string Wasm64 = "-mwasm64";

    public const string Shared = "--shared-memory --features=atomics,bulk-memory,mutable-globals --no-check-features";

    public static IReadOnlyList<string> All { get; } =
    [
        "--no-gc-sections",
        "-O0",
        "-O2",
        "--no-entry",
        "--no-entry --export-all",
        "--export-all",
        "--export-dynamic",
        "--export=counter --export-if-defined=add",
        "--entry=apply",
        "--undefined=total",
        "--strip-all",
        "--strip-debug",
        "--strip-all --keep-section=.debug_info",
        "--no-merge-data-segments",
        "--allow-undefined",
        "--import-undefined",
        "--unresolved-symbols=ignore-all",
        "--warn-unresolved-symbols",
        "--noinhibit-exec",
        "--allow-multiple-definition",
        "--fatal-warnings",
        "--no-stack-first",
        "--no-stack-first --global-base=4096",
        "-zstack-size=1048576",
        "--initial-memory=1048576 --max-memory=2097152",
        "--initial-heap=65536 --no-growable-memory",
        "--import-memory",
        "--import-memory=host,mem --export-memory=again",
        Shared,
        "--import-table",
        "--export-table --growable-table",
        "--table-base=100",
        "--extra-features=atomics,bulk-memory",
        "--no-check-features",
        "--build-id=fast",
        "--build-id=sha1",
        "--wrap=add",
        "--wrap=counter",
        "--print-gc-sections",
        "--trace",
        "--no-demangle",
        "--error-limit=0",
        "--icf=all",
        "--icf=safe --print-icf-sections",
        "--compress-relocations",
        "--relocatable",
        "--emit-relocs",
        "-pie --experimental-pic --import-memory",
        "-shared --experimental-pic",
        Wasm64,
    ];
}
