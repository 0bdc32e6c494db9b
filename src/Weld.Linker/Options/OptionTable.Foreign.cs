using static Weld.Linker.Options.OptionDashes;
using static Weld.Linker.Options.OptionShape;
using static Weld.Linker.Options.OptionStatus;

namespace Weld.Linker.Options;

/// <content>Options of GNU ld and of lld for ELF that build systems pass to every linker. wasm-ld refuses them; what they ask for
/// is either always so in WebAssembly or has no meaning there.</content>
/// <remarks>Names that begin like one of wasm-ld's one-letter options with a value (e, l, m, o, u, y, z, L, O) have two dashes
/// only, so that no command line changes its meaning.</remarks>
public static partial class OptionTable
{
    private static Option[] ForeignRows() =>
    [
        // ── with an effect ──
        new()
        {
            Spellings = [new("no-threads", OneOrTwo, Flag)], IsExtra = true,
            Help = "Short for --threads=1", Apply = (r, _) => r.Options.Threads = 1,
        },
        new()
        {
            Spellings = [new("export-dynamic-symbol=", Two, Joined), new("export-dynamic-symbol", Two, Separate)], Metavar = "<symbol>", IsExtra = true,
            Help = "Short for --export-if-defined", Apply = (r, a) => r.Options.OptionalExports.Add(a.Value!),
        },

        // ── archives: every member can satisfy every other one, whatever the order ──
        ForeignFlag("start-group", "Archives are searched as often as needed anyway", OneOrTwo, new OptionSpelling("(", One, Flag)),
        ForeignFlag("end-group", "Archives are searched as often as needed anyway", Two, new OptionSpelling(")", One, Flag)),
        ForeignFlag("warn-backrefs", "Archive order does not matter"),
        ForeignFlag("no-warn-backrefs", "Archive order does not matter"),
        ForeignValue("warn-backrefs-exclude", "<glob>", "Archive order does not matter"),

        // ── shared libraries ──
        ForeignFlag("as-needed", "There is no list of needed libraries in a static module"),
        ForeignFlag("no-as-needed", "There is no list of needed libraries in a static module"),
        ForeignFlag("add-needed", "For ELF"),
        ForeignFlag("no-add-needed", "For ELF"),
        ForeignFlag("copy-dt-needed-entries", "For ELF"),
        ForeignFlag("no-copy-dt-needed-entries", "For ELF"),
        ForeignFlag("no-undefined", "Undefined symbols are errors by default"),
        ForeignFlag("allow-shlib-undefined", "For ELF"),
        ForeignFlag("no-allow-shlib-undefined", "For ELF"),
        ForeignFlag("undefined-version", "WebAssembly has no symbol versions", Two),
        ForeignFlag("no-undefined-version", "WebAssembly has no symbol versions"),
        ForeignValue("version-script", "<file>", "WebAssembly has no symbol versions"),
        ForeignFlag("default-symver", "WebAssembly has no symbol versions"),
        ForeignValue("rpath-link", "<dir>", "For ELF"),
        ForeignFlag("enable-new-dtags", "For ELF", Two),
        ForeignFlag("disable-new-dtags", "For ELF"),
        ForeignValue("dynamic-linker", "<path>", "For ELF"),
        ForeignFlag("no-dynamic-linker", "For ELF"),
        ForeignValue("hash-style", "<style>", "For ELF"),
        ForeignFlag("Bsymbolic-functions", "For ELF"),
        ForeignFlag("Bsymbolic-non-weak", "For ELF"),
        ForeignFlag("Bno-symbolic", "For ELF"),
        ForeignFlag("pic-executable", "For ELF"),
        ForeignFlag("nostdlib", "Only -L directories are searched anyway"),
        ForeignValue("sysroot", "<dir>", "The compiler passes full paths"),

        // ── sections and layout ──
        ForeignFlag("eh-frame-hdr", "For ELF", Two),
        ForeignFlag("no-eh-frame-hdr", "For ELF"),
        ForeignFlag("ld-generated-unwind-info", "For ELF", Two),
        ForeignFlag("no-ld-generated-unwind-info", "For ELF"),
        ForeignFlag("relax", "For ELF"),
        ForeignFlag("no-relax", "For ELF"),
        ForeignFlag("rosegment", "For ELF"),
        ForeignFlag("no-rosegment", "For ELF"),
        ForeignFlag("nmagic", "For ELF", OneOrTwo, new OptionSpelling("n", One, Flag)),
        ForeignFlag("no-nmagic", "For ELF"),
        ForeignFlag("omagic", "For ELF", Two, new OptionSpelling("N", One, Flag)),
        ForeignFlag("no-omagic", "For ELF"),
        ForeignFlag("EL", "WebAssembly is little-endian", One),
        ForeignFlag("define-common", "WebAssembly has no common symbols", OneOrTwo, new OptionSpelling("d", One, Flag)),
        ForeignFlag("no-define-common", "WebAssembly has no common symbols"),
        ForeignOptionalValue("sort-common", "[ascending,descending]", "WebAssembly has no common symbols"),
        ForeignValue("sort-section", "[name,alignment]", "Linker scripts do not apply"),
        ForeignFlag("unique", "Linker scripts do not apply", Two),
        ForeignFlag("gdb-index", "For ELF"),
        ForeignFlag("no-gdb-index", "For ELF"),
        ForeignValue("compress-debug-sections", "[none,zlib,zstd]", "Debug sections of WebAssembly are not compressed"),
        ForeignFlag("discard-all", "Local symbols are in the name section only", OneOrTwo, new OptionSpelling("x", One, Flag)),
        ForeignFlag("discard-locals", "Local symbols are in the name section only", OneOrTwo, new OptionSpelling("X", One, Flag)),
        ForeignFlag("discard-none", "Local symbols are in the name section only"),

        // ── warnings about what does not occur ──
        ForeignFlag("warn-common", "WebAssembly has no common symbols"),
        ForeignFlag("no-warn-common", "WebAssembly has no common symbols"),
        ForeignFlag("warn-constructors", "For other formats"),
        ForeignFlag("warn-multiple-gp", "For ELF"),
        ForeignFlag("warn-once", "Undefined symbols are reported together anyway"),
        ForeignFlag("warn-section-align", "For other formats"),
        ForeignFlag("warn-alternate-em", "For ELF"),
        ForeignFlag("warn-execstack", "Code is never on the stack"),
        ForeignFlag("no-warn-execstack", "Code is never on the stack"),
        ForeignFlag("warn-rwx-segments", "Code is never in memory"),
        ForeignFlag("no-warn-rwx-segments", "Code is never in memory"),
        ForeignOptionalValue("warn-textrel", "[yes,no]", "For ELF"),
        ForeignFlag("no-warn-textrel", "For ELF"),
        ForeignFlag("warn-shared-textrel", "For ELF"),
        ForeignFlag("warn-ifunc-textrel", "For ELF"),
        ForeignFlag("no-warn-ifunc-textrel", "For ELF"),
        ForeignFlag("warn-symbol-ordering", "Symbols are not reordered"),
        ForeignFlag("no-warn-symbol-ordering", "Symbols are not reordered"),
        ForeignFlag("no-warn-mismatch", "Objects that do not fit are always refused"),
        ForeignFlag("no-warn-search-mismatch", "Libraries that do not fit are always refused"),

        // ── how the linker works ──
        ForeignValue("plugin", "<file>", "Bitcode is compiled without a linker plugin"),
        ForeignValue("plugin-opt", "<option>", "Bitcode is compiled without a linker plugin", OneOrTwo),
        ForeignFlag("no-keep-memory", "For other linkers"),
        ForeignFlag("reduce-memory-overheads", "For other linkers"),
        ForeignFlag("no-mmap-output-file", "For other linkers"),
        ForeignFlag("check-sections", "Sections never overlap"),
        ForeignFlag("no-check-sections", "Sections never overlap"),
        ForeignFlag("accept-unknown-input-arch", "Objects that do not fit are always refused"),
        ForeignFlag("no-accept-unknown-input-arch", "Objects that do not fit are always refused"),
        ForeignFlag("g", "For other linkers", One),
    ];

    private static Option ForeignFlag(string name, string help, OptionDashes dashes = OneOrTwo, params OptionSpelling[] aliases) =>
        new() { Spellings = [new(name, dashes, Flag)], Aliases = aliases, Help = help, Status = Ignored, IsExtra = true };

    private static Option ForeignValue(string name, string metavar, string help, OptionDashes dashes = OneOrTwo) =>
        new()
        {
            Spellings = [new(name + "=", dashes, Joined), new(name, dashes, Separate)],
            Metavar = metavar,
            Help = help,
            Status = Ignored,
            IsExtra = true,
        };

    private static Option ForeignOptionalValue(string name, string metavar, string help) =>
        new()
        {
            Spellings = [new(name + "=", OneOrTwo, Joined), new(name, OneOrTwo, Flag)],
            Metavar = metavar,
            Help = help,
            Status = Ignored,
            IsExtra = true,
        };
}
