using static Weld.Linker.Options.InputArgumentKind;
using static Weld.Linker.Options.OptionDashes;
using static Weld.Linker.Options.OptionShape;
using static Weld.Linker.Options.OptionStatus;

namespace Weld.Linker.Options;

/// <summary>Every option weld accepts. The parser, <c>--help</c> and docs/options.md are all made from these rows.</summary>
/// <remarks>Names, dashes and shapes are wasm-ld 22's: its newer options have two dashes only, because one dash would
/// make them <c>-e</c>, <c>-l</c> or <c>-m</c> with a value.</remarks>
public static partial class OptionTable
{
    public static Option[] Rows { get; } =
    [
        // ── inputs and output ──
        new()
        {
            Spellings = [new("o", One, JoinedOrSeparate)], Metavar = "<path>", Help = "Write the module to <path>",
            Apply = (r, a) => r.Options.OutputFile = a.Value,
        },
        new()
        {
            Spellings = [new("l", One, JoinedOrSeparate)], Metavar = "<name>",
            Aliases = [new("library=", OneOrTwo, Joined), new("library", OneOrTwo, Separate)],
            Help = "Link lib<name>.a, or <file> of :<file>, from the -L directories",
            Apply = (r, a) => r.Options.Inputs.Add(new(Library, a.Value!)),
        },
        new()
        {
            Spellings = [new("L", One, JoinedOrSeparate)], Metavar = "<dir>",
            Aliases = [new("library-path=", OneOrTwo, Joined), new("library-path", OneOrTwo, Separate)],
            Help = "Look for libraries in <dir>, after those of earlier -L",
            Apply = (r, a) => r.Options.SearchPaths.Add(a.Value!),
        },
        Marker("whole-archive", WholeArchive, "Link every member of the archives that follow"),
        Marker("no-whole-archive", NoWholeArchive, "Link only needed members of the archives that follow (default)"),
        Marker("start-lib", StartLib, "Treat the objects up to --end-lib as members of an archive"),
        Marker("end-lib", EndLib, "End what --start-lib started"),
        new()
        {
            Spellings = [new("Bstatic", OneOrTwo, Flag)],
            Aliases = [new("dn", OneOrTwo, Flag), new("non_shared", OneOrTwo, Flag), new("static", OneOrTwo, Flag)],
            Help = "Let -l find static libraries only (default)",
            Apply = (r, _) => r.Options.Inputs.Add(new(Bstatic, "")),
        },
        new()
        {
            Spellings = [new("Bdynamic", OneOrTwo, Flag)],
            Aliases = [new("dy", OneOrTwo, Flag), new("call_shared", OneOrTwo, Flag)],
            Help = "Let -l find lib<name>.so too",
            Apply = (r, _) => r.Options.Inputs.Add(new(Bdynamic, "")),
        },
        new()
        {
            Spellings = [new("m", One, JoinedOrSeparate)], Metavar = "<target>", IsLastOnly = true,
            Help = "The target: wasm32 or wasm64",
            Apply = (r, a) => r.SetMachine(a.Value!),
        },
        ValueOrNext("soname", "<name>", "Name the module <name> in the name section", (r, a) => r.Options.SoName = a.Value),
        ValueOrNext("rpath", "<path>", "Where a dynamic loader looks for libraries", (r, a) => r.Options.RuntimePaths.Add(a.Value!)),
        On("relocatable", "Write an object that can be linked again", (r, _) => r.Options.Relocatable = true, Implemented, new OptionSpelling("r", One, Flag)),
        On("shared", "Write a shared library", (r, _) => r.Options.Shared = true),
        On("pie", "Write a position independent executable", (r, _) => r.Options.Pie = true),
        On("no-pie", "Write an executable at fixed addresses (default)", (r, _) => r.Options.Pie = false),
        OnTwo("experimental-pic", "Do not warn that dynamic linking is not yet stable", (r, _) => r.Options.ExperimentalPic = true),
        On("Bsymbolic", "Bind defined symbols within a shared library", (r, _) => r.Options.Bsymbolic = true),
        On("emit-relocs", "Keep relocations in the output", (r, _) => r.Options.EmitRelocs = true),
        new()
        {
            Spellings = [new("O", One, JoinedOrSeparate)], Metavar = "<level>", IsLastOnly = true,
            Help = "0 leaves strings unmerged; 1 (default) merges equal strings and tails; 2 also shortens numbers in code, without debug information",
            Apply = (r, a) => r.SetOptimize(a),
        },
        ValueOrNext("threads", "<number>", "Number of threads (default: one per core)", (r, a) => r.SetThreads(a), isLastOnly: true),

        // ── symbols ──
        new()
        {
            Spellings = [new("entry", OneOrTwo, Separate)], Metavar = "<symbol>",
            Aliases = [new("entry=", OneOrTwo, Joined), new("e", One, JoinedOrSeparate)],
            Help = "The function to start with (default: _start)",
            Apply = (r, a) => r.Entry = a.Value,
        },
        OnTwo("no-entry", "Have no entry function", (r, _) => r.Entry = ""),
        ValueOrNext("export", "<symbol>", "Export the symbol, which must be defined", (r, a) => r.Options.RequiredExports.Add(a.Value!)),
        ValueOrNext("export-if-defined", "<symbol>", "Export the symbol if it is defined", (r, a) => r.Options.OptionalExports.Add(a.Value!)),
        OnTwo("export-all", "Export all symbols that are linked", (r, _) => r.Options.ExportAll = true),
        On("export-dynamic", "Export symbols of default visibility", (r, _) => r.ExportDynamic = true, Implemented, new OptionSpelling("E", One, Flag)),
        On("no-export-dynamic", "Export only what is asked for (default)", (r, _) => r.ExportDynamic = false),
        new()
        {
            Spellings = [new("undefined=", OneOrTwo, Joined), new("undefined", OneOrTwo, Separate)], Metavar = "<symbol>",
            Aliases = [new("u", One, JoinedOrSeparate)],
            Help = "Link the archive member that defines the symbol",
            Apply = (r, a) => r.Options.Undefined.Add(a.Value!),
        },
        ValueOrNext("wrap", "<symbol>", "Resolve <symbol> to __wrap_<symbol>, and __real_<symbol> to <symbol>", (r, a) => r.Options.Wrap.Add(a.Value!)),
        On("import-undefined", "Import undefined functions and tables", (r, _) => r.Options.ImportUndefined = true),
        On("allow-undefined", "Short for --import-undefined --unresolved-symbols=ignore-all", (r, _) => r.AllowUndefined = true),
        new()
        {
            Spellings = [new("allow-undefined-file=", OneOrTwo, Joined), new("allow-undefined-file", One, Separate)], Metavar = "<file>",
            Help = "Let the symbols that <file> lists be undefined, and import them", IsLastOnly = true,
            Apply = (r, a) => r.Options.AllowUndefinedFiles.Add(a.Value!),
        },
        ValueOrNext("unresolved-symbols", "[report-all,ignore-all,import-dynamic]", "What to do about undefined symbols",
            (r, a) => r.SetUnresolved(a.Value!), isLastOnly: true),
        On("error-unresolved-symbols", "Undefined symbols are errors (default)", (r, _) => r.WarnsOfUnresolved = false),
        On("warn-unresolved-symbols", "Undefined symbols are warnings", (r, _) => r.WarnsOfUnresolved = true),
        On("allow-multiple-definition", "Of several definitions, take the first", (r, _) => r.Options.AllowMultipleDefinition = true),
        On("no-allow-multiple-definition", "Several definitions of a symbol are an error (default)", (r, _) => r.Options.AllowMultipleDefinition = false),
        On("noinhibit-exec", "Write the output although there are errors that leave it usable", (r, _) => r.Options.NoinhibitExec = true),
        OnTwo("no-shlib-sigcheck", "Do not compare function types with those in shared libraries", (r, _) => r.Options.ShlibSigCheck = false),

        // ── what is kept ──
        On("gc-sections", "Drop what is not reachable (default)", (r, _) => r.GcSections = true),
        On("no-gc-sections", "Keep what is not reachable", (r, _) => r.GcSections = false),
        On("print-gc-sections", "List what is dropped", (r, _) => r.Options.PrintGcSections = true),
        On("no-print-gc-sections", "Do not list what is dropped (default)", (r, _) => r.Options.PrintGcSections = false),
        OnTwo("merge-data-segments", "Make few data segments of many (default)", (r, _) => r.MergeDataSegments = true),
        OnTwo("no-merge-data-segments", "Keep one data segment per name", (r, _) => r.MergeDataSegments = false),
        On("strip-all", "Drop names, debug information and other custom sections", (r, _) => r.Options.StripAll = true,
            Implemented, new OptionSpelling("s", One, Flag)),
        On("strip-debug", "Drop debug information", (r, _) => r.Options.StripDebug = true, Implemented, new OptionSpelling("S", One, Flag)),
        ValueOrNext("keep-section", "<name>", "Keep this custom section in spite of --strip-all", (r, a) => r.Options.KeepSections.Add(a.Value!)),
        On("compress-relocations", "Shorten the numbers in code that the linker fills in", (r, _) => r.Options.CompressRelocations = true),
        On("demangle", "Show C++ and Rust names as written in the source (default)", (r, _) => r.Options.Demangle = true),
        On("no-demangle", "Show names as they are in the objects", (r, _) => r.Options.Demangle = false),

        // ── memory ──
        new()
        {
            Spellings = [new("z", One, JoinedOrSeparate)], Metavar = "<key>[=<value>]",
            Help = "stack-size=<bytes> (default: 65536), or muldefs for --allow-multiple-definition",
            Apply = (r, a) => r.AddZ(a.Value!),
        },
        On("stack-first", "Put the stack before the data, so that its overflow traps (default)", (r, _) => r.Options.StackFirst = true),
        On("no-stack-first", "Put the stack behind the data", (r, _) => r.Options.StackFirst = false),
        Value("global-base", "<address>", "Where data starts (default: 1024 with --no-stack-first)", (r, a) => r.Options.GlobalBase = r.ReadSize(a)),
        new()
        {
            Spellings = [new("initial-memory=", Two, Joined)], Metavar = "<bytes>", IsLastOnly = true,
            // The flag is wasm-ld's mistake: it has no value, so it always fails.
            Aliases = [new("i", One, Flag)],
            Help = "Size of the memory at start",
            Apply = (r, a) => r.Options.InitialMemory = r.ReadSize(a),
        },
        Value("initial-heap", "<bytes>", "Room for the heap at start", (r, a) => r.Options.InitialHeap = r.ReadSize(a)),
        Value("max-memory", "<bytes>", "How far the memory can grow", (r, a) => r.Options.MaxMemory = r.ReadSize(a)),
        OnTwo("no-growable-memory", "Do not let the memory grow", (r, _) => r.Options.NoGrowableMemory = true),
        Value("page-size", "<bytes>", "Size of a memory page: 65536 (default) or 1", (r, a) => r.SetPageSize(a)),
        new()
        {
            Spellings = [new("import-memory=", Two, Joined), new("import-memory", Two, Flag)], Metavar = "<module>,<name>",
            Help = "Import the memory; without names from env, memory",
            Apply = (r, a) => r.SetMemoryImport(a.Value),
        },
        new()
        {
            Spellings = [new("export-memory=", Two, Joined), new("export-memory", Two, Flag)], Metavar = "<name>",
            Help = "Export the memory as <name>; without a name as memory (default unless it is imported)",
            Apply = (r, a) => r.MemoryExport = a.Value ?? r.MemoryExport ?? "memory",
        },
        OnTwo("shared-memory", "Share the memory between threads", (r, _) => r.Options.SharedMemory = true),

        // ── function table ──
        Value("table-base", "<slot>", "Slot of the first function in the table (default: 1)", (r, a) => r.TableBase = r.ReadSize(a)),
        OnTwo("import-table", "Import the function table", (r, _) => r.Options.ImportTable = true),
        OnTwo("export-table", "Export the function table", (r, _) => r.Options.ExportTable = true),
        OnTwo("growable-table", "Let the function table grow", (r, _) => r.Options.GrowableTable = true),

        // ── features and identification ──
        List("features", "<feature>,...", "The features the module may use (default: those of the objects)", (r, a) => r.SetFeatures(a.Value!)),
        List("extra-features", "<feature>,...", "Features to add to those of the objects", (r, a) => r.SetExtraFeatures(a.Value!)),
        OnTwo("check-features", "Check that objects agree on features (default)", (r, _) => r.Options.CheckFeatures = true),
        OnTwo("no-check-features", "Do not check that objects agree on features", (r, _) => r.Options.CheckFeatures = false),
        new()
        {
            Spellings = [new("build-id=", OneOrTwo, Joined), new("build-id", OneOrTwo, Flag)],
            Metavar = "[fast,sha1,tree,uuid,none,0x<hexstring>]", IsLastOnly = true,
            Help = "Write a build_id section; without a value a fast one",
            Apply = (r, a) => r.SetBuildId(a.Value),
        },

        // ── reports and messages ──
        On("help", "Print this text"),
        On("version", "Print the version and do not link"),
        new()
        {
            Spellings = [new("v", One, Flag)], Aliases = [new("V", One, Flag)],
            Help = "Print the version; then link, if there is an input file",
        },
        On("trace", "Print the names of linked files", (r, _) => r.Options.Trace = true, Implemented, new OptionSpelling("t", One, Flag)),
        new()
        {
            Spellings = [new("trace-symbol=", OneOrTwo, Joined), new("trace-symbol", OneOrTwo, Separate)], Metavar = "<symbol>",
            Aliases = [new("y", One, JoinedOrSeparate)],
            Help = "Print which files define and use the symbol",
            Apply = (r, a) => r.Options.TraceSymbols.Add(a.Value!),
        },
        On("verbose", "Say on standard error what is done", (r, _) => r.Options.Verbose = true),
        ValueOrNext("Map", "<file>", "Write a map of the output to <file>", (r, a) => r.Options.MapFile = a.Value),
        On("print-map", "Write a map of the output to standard output", (r, _) => r.PrintsMap = true, Implemented, new OptionSpelling("M", One, Flag)),
        Value("why-extract", "<file>", "Write to <file> why archive members are linked", (r, a) => r.Options.WhyExtractFile = a.Value),
        ValueOrNextTwo("reproduce", "<file>", "Write a tar file with the command line and all inputs", (r, a) => r.Options.ReproduceFile = a.Value),
        ValueOrNextTwo("error-limit", "<number>", "Stop after so many errors; 0 for never (default: 20)", (r, a) => r.SetErrorLimit(a)),
        On("fatal-warnings", "Treat warnings as errors", (r, _) => r.Options.FatalWarnings = true),
        On("no-fatal-warnings", "Do not treat warnings as errors (default)", (r, _) => r.Options.FatalWarnings = false),
        new()
        {
            Spellings =
            [
                new("color-diagnostics=", OneOrTwo, Joined),
                new("color-diagnostics", OneOrTwo, Flag),
            ],
            Metavar = "[auto,always,never]", IsLastOnly = true,
            Help = "Colors in messages (default: auto; without a value: always)",
            Apply = (r, a) => r.SetColor(a),
        },
        On("no-color-diagnostics", "No colors in messages", (r, _) => r.Options.Color = ColorMode.Never),
        ValueOrNext("rsp-quoting", "[posix,windows]", "How quotes are read in @response files (default: as on this system)"),

        // ── link-time optimization: of effect on bitcode only, see BitcodeCompiler ──
        new()
        {
            Spellings = [new("lto-O", Two, Joined)], Metavar = "<level>", IsLastOnly = true,
            Help = "How much to optimize bitcode, where clang compiles it (default: 2)",
            Apply = (r, a) => r.SetLtoLevel(a, isCodeGeneration: false),
        },
        new()
        {
            Spellings = [new("lto-CGO", Two, Joined)], Metavar = "<level>", IsLastOnly = true,
            Help = "How much to optimize bitcode, where llc compiles it (default: 2)",
            Apply = (r, a) => r.SetLtoLevel(a, isCodeGeneration: true),
        },
        Value("lto-partitions", "<number>", "Pieces to make code of in parallel", (r, a) => r.Options.LtoPartitions = r.ReadSize(a), Ignored),
        OnTwo("lto-debug-pass-manager", "Print LLVM's passes", null, Ignored),
        Value("lto-obj-path", "<path>", "Keep the object made of bitcode at <path>, further ones at <path>1 and so on", (r, a) => r.Options.LtoObjectPath = a.Value),
        On("disable-verify", "Do not check bitcode", null, Ignored),
        On("save-temps", "Keep the objects made of bitcode beside the output, as <output>.lto.<name>.o", (r, _) => r.Options.SaveTemps = true),
        Value("thinlto-cache-dir", "<path>", "Where to cache what was made of bitcode", null, Ignored),
        ValueOrNextTwo("thinlto-cache-policy", "<policy>", "What to remove from that cache", null, Ignored),
        Value("thinlto-jobs", "<number>", "Bitcode files to compile at a time (default: --threads)", (r, a) => r.Options.ThinLtoJobs = a.Value),
        OnTwo("thinlto-emit-imports-files", "Write what each bitcode file takes from others", null, Ignored),
        OnTwo("thinlto-emit-index-files", "Write the summaries that ThinLTO uses", null, Ignored),
        new()
        {
            Spellings = [new("thinlto-index-only=", Two, Joined), new("thinlto-index-only", Two, Flag)], Metavar = "<file>", Status = NotYet,
            Help = "Stop after ThinLTO's summaries, without a module",
        },
        Value("thinlto-object-suffix-replace", "<old;new>", "Suffix of objects in ThinLTO's lists", null, Ignored),
        Value("thinlto-prefix-replace", "<old;new>", "Directory of files that ThinLTO writes", null, Ignored),
        ValueOrNext("mllvm", "<option>", "An option for the clang or llc that compiles bitcode", (r, a) => r.Options.LlvmOptions.Add(a.Value!)),

        .. OwnRows(),
        .. ForeignRows(),
    ];

    private static Option On(string name, string help, Action<OptionReader, ParsedArgument>? apply = null, OptionStatus status = Implemented, params OptionSpelling[] aliases) =>
        new() { Spellings = [new(name, OneOrTwo, Flag)], Aliases = aliases, Help = help, Status = status, Apply = apply };

    private static Option OnTwo(string name, string help, Action<OptionReader, ParsedArgument>? apply, OptionStatus status = Implemented) =>
        new() { Spellings = [new(name, Two, Flag)], Help = help, Status = status, Apply = apply };

    /// <summary>A flag whose place among the inputs matters.</summary>
    private static Option Marker(string name, InputArgumentKind kind, string help) =>
        On(name, help, (r, _) => r.Options.Inputs.Add(new(kind, "")));

    /// <summary><c>--name=VALUE</c> and nothing else.</summary>
    private static Option Value(string name, string metavar, string help, Action<OptionReader, ParsedArgument>? apply, OptionStatus status = Implemented) =>
        new() { Spellings = [new(name + "=", Two, Joined)], Metavar = metavar, Help = help, Status = status, IsLastOnly = true, Apply = apply };

    /// <summary><c>--name=A,B</c> and <c>-name=A,B</c>.</summary>
    private static Option List(string name, string metavar, string help, Action<OptionReader, ParsedArgument> apply) =>
        new() { Spellings = [new(name + "=", OneOrTwo, Joined)], Metavar = metavar, Help = help, IsLastOnly = true, Apply = apply };

    /// <summary><c>--name=VALUE</c> and <c>--name VALUE</c>, with one or two dashes.</summary>
    private static Option ValueOrNext(
        string name, string metavar, string help, Action<OptionReader, ParsedArgument>? apply = null, OptionStatus status = Implemented, bool isLastOnly = false) =>
        new()
        {
            Spellings = [new(name + "=", OneOrTwo, Joined), new(name, OneOrTwo, Separate)],
            Metavar = metavar,
            Help = help,
            Status = status,
            IsLastOnly = isLastOnly,
            Apply = apply,
        };

    private static Option ValueOrNextTwo(string name, string metavar, string help, Action<OptionReader, ParsedArgument>? apply, OptionStatus status = Implemented) =>
        new()
        {
            Spellings = [new(name + "=", Two, Joined), new(name, Two, Separate)],
            Metavar = metavar,
            Help = help,
            Status = status,
            IsLastOnly = true,
            Apply = apply,
        };
}
