using Weld.Wasm.Linking;

namespace Weld.Linker.Options;

/// <summary>What <c>--unresolved-symbols</c>, <c>--warn-unresolved-symbols</c> and <c>--allow-undefined</c> ask for.</summary>
public enum UnresolvedPolicy
{
    ReportError,
    Warn,
    Ignore,
    ImportDynamic,
}

/// <summary>The kinds of <c>--build-id</c>.</summary>
public enum BuildIdKind
{
    None,
    Fast,
    Sha1,
    Uuid,
    HexString,
}

/// <summary>One thing on the command line whose place in the order matters to finding files.</summary>
public enum InputArgumentKind
{
    /// <summary>A path.</summary>
    File,

    /// <summary><c>-l NAME</c>, NAME in <see cref="InputArgument.Value"/>.</summary>
    Library,
    WholeArchive,
    NoWholeArchive,
    StartLib,
    EndLib,
    Bstatic,
    Bdynamic,
}

/// <summary>An input, or an option that changes how the inputs after it are read.</summary>
public readonly record struct InputArgument(InputArgumentKind Kind, string Value);

/// <summary>Everything that a link depends on besides the bytes of its inputs. Filled by the option parser or by a program.</summary>
/// <remarks>Names and defaults are wasm-ld 22's. Sizes and addresses are in bytes. "Last one wins" has been applied.</remarks>
public sealed class LinkOptions
{
    // ── inputs and output ──
    public List<InputArgument> Inputs { get; } = [];

    public List<string> SearchPaths { get; } = [];

    /// <summary><c>-o</c>; null when not given.</summary>
    public string? OutputFile { get; set; }

    /// <summary><c>-m wasm64</c>; null when no <c>-m</c> was given.</summary>
    public bool? Is64 { get; set; }

    /// <summary><c>--soname</c>: the module name; null for the output's file name.</summary>
    public string? SoName { get; set; }

    /// <summary><c>--rpath</c>: where a dynamic loader looks for needed libraries.</summary>
    public List<string> RuntimePaths { get; } = [];

    public bool Relocatable { get; set; }

    public bool Shared { get; set; }

    public bool Pie { get; set; }

    public bool IsPic => Shared || Pie;

    public bool EmitRelocs { get; set; }

    public bool ExperimentalPic { get; set; }

    public bool Bsymbolic { get; set; }

    /// <summary><c>-O</c>: 0 merges no strings; 1 (the default) and more do.</summary>
    public int Optimize { get; set; } = 1;

    /// <summary>Worker threads; 0 for as many as there are cores.</summary>
    public int Threads { get; set; }

    // ── symbols ──
    /// <summary>The entry symbol; empty for none.</summary>
    public string Entry { get; set; } = "_start";

    /// <summary><c>--export</c>, in command line order.</summary>
    public List<string> RequiredExports { get; } = [];

    /// <summary><c>--export-if-defined</c>, in command line order.</summary>
    public List<string> OptionalExports { get; } = [];

    public bool ExportAll { get; set; }

    public bool ExportDynamic { get; set; }

    /// <summary><c>-u</c>, in command line order.</summary>
    public List<string> Undefined { get; } = [];

    /// <summary><c>--wrap</c>, in command line order.</summary>
    public List<string> Wrap { get; } = [];

    public bool ImportUndefined { get; set; }

    /// <summary>Whether <c>--allow-undefined</c> was given; <see cref="ImportUndefined"/> and <see cref="UnresolvedSymbols"/> are set accordingly.</summary>
    public UnresolvedPolicy UnresolvedSymbols { get; set; }

    /// <summary><c>--allow-undefined-file</c>: files that list symbols which may stay undefined.</summary>
    public List<string> AllowUndefinedFiles { get; } = [];

    public bool AllowMultipleDefinition { get; set; }

    public bool NoinhibitExec { get; set; }

    public bool ShlibSigCheck { get; set; } = true;

    public List<string> TraceSymbols { get; } = [];

    // ── what is kept ──
    public bool GcSections { get; set; } = true;

    public bool PrintGcSections { get; set; }

    /// <summary><c>--icf</c>: whether identical functions are folded.</summary>
    public IcfMode Icf { get; set; }

    public bool PrintIcfSections { get; set; }

    public bool MergeDataSegments { get; set; } = true;

    public bool StripAll { get; set; }

    /// <summary><c>--separate-debug-file</c>: the file for debug information; null when it stays in the output.</summary>
    public string? SeparateDebugFile { get; set; }

    public bool StripDebug { get; set; }

    public HashSet<string> KeepSections { get; } = [];

    /// <summary>Whether the output has a custom section of this name, if there is something for it: names, producers and features, which the linker makes.</summary>
    public bool Keeps(string section) => !StripAll || KeepSections.Contains(section);

    public bool CompressRelocations { get; set; }

    public bool Demangle { get; set; } = true;

    // ── memory ──
    public ulong StackSize { get; set; } = 65536;

    public bool StackFirst { get; set; } = true;

    /// <summary><c>--global-base</c>; 0 when not given.</summary>
    public ulong GlobalBase { get; set; }

    public ulong InitialMemory { get; set; }

    public ulong InitialHeap { get; set; }

    public ulong MaxMemory { get; set; }

    public bool NoGrowableMemory { get; set; }

    public ulong PageSize { get; set; } = 65536;

    /// <summary><c>--import-memory</c>; null when the memory is not imported.</summary>
    public (string Module, string Name)? MemoryImport { get; set; }

    /// <summary><c>--export-memory</c>, or "memory" when the memory is not imported; null when it is not exported.</summary>
    public string? MemoryExport { get; set; } = "memory";

    public bool SharedMemory { get; set; }

    // ── table ──
    /// <summary>The slot of the first function (<c>--table-base</c>).</summary>
    public ulong TableBase { get; set; } = 1;

    public bool ImportTable { get; set; }

    public bool ExportTable { get; set; }

    public bool GrowableTable { get; set; }

    // ── features and identification ──
    /// <summary><c>--features</c>; null when not given, so that features are inferred.</summary>
    public List<string>? Features { get; set; }

    public List<string> ExtraFeatures { get; } = [];

    public bool CheckFeatures { get; set; } = true;

    /// <summary>Whether function bodies are checked after relocation, so that a damaged object never becomes an invalid module.</summary>
    public bool VerifyCode { get; set; } = true;

    public BuildIdKind BuildId { get; set; }

    /// <summary>The bytes of <c>--build-id=0x…</c>.</summary>
    public byte[] BuildIdBytes { get; set; } = [];

    // ── reports ──
    /// <summary>The command line, for <c>--reproduce</c>; empty when a program filled these options.</summary>
    public IReadOnlyList<ParsedArgument> Arguments { get; set; } = [];

    /// <summary>Options that were given and have no effect, for <c>--verbose</c>.</summary>
    public List<string> IgnoredOptions { get; } = [];

    public bool Trace { get; set; }

    public bool Verbose { get; set; }

    /// <summary><c>--Map</c>; "-" for standard output (<c>--print-map</c>); null for none.</summary>
    public string? MapFile { get; set; }

    /// <summary><c>--map-format=json</c>.</summary>
    public bool MapIsJson { get; set; }

    public string? WhyExtractFile { get; set; }

    /// <summary><c>--why-live</c>, in command line order; <c>*</c> stands for any characters.</summary>
    public List<string> WhyLive { get; } = [];

    public string? DependencyFile { get; set; }

    public bool Stats { get; set; }

    /// <summary><c>--time-trace</c>; null for none.</summary>
    public string? TimeTraceFile { get; set; }

    /// <summary>The shortest time that <c>--time-trace</c> shows, in microseconds.</summary>
    public ulong TimeTraceGranularity { get; set; } = 500;

    public string? ReproduceFile { get; set; }

    public bool FatalWarnings { get; set; }

    /// <summary>Errors to print before giving up; 0 for all.</summary>
    public int ErrorLimit { get; set; } = 20;

    /// <summary><c>--lto-driver</c>: the clang or llc that compiles bitcode; null to look for one.</summary>
    public string? LtoDriver { get; set; }

    /// <summary><c>--lto-O</c>: the level of clang, 0 to 3.</summary>
    public int LtoLevel { get; set; } = 2;

    /// <summary><c>--lto-CGO</c>: the level of llc, 0 to 3; null for what follows from <see cref="LtoLevel"/>.</summary>
    public int? LtoCodeGenerationLevel { get; set; }

    /// <summary><c>--lto-obj-path</c>; null for nowhere.</summary>
    public string? LtoObjectPath { get; set; }

    /// <summary><c>--save-temps</c>: objects made of bitcode are kept beside the output.</summary>
    public bool SaveTemps { get; set; }

    /// <summary><c>-mllvm</c>: passed on to what compiles bitcode.</summary>
    public List<string> LlvmOptions { get; } = [];

    /// <summary><c>--lto-partitions</c>; only checked.</summary>
    public ulong LtoPartitions { get; set; } = 1;

    /// <summary><c>--thinlto-jobs</c>: how many bitcode files are compiled at a time; <c>all</c>, or null for <see cref="Threads"/>.</summary>
    public string? ThinLtoJobs { get; set; }

    /// <summary><c>--linker</c>: the program that links in place of weld; null for weld itself.</summary>
    public string? ExternalLinker { get; set; }

    /// <summary><c>--color-diagnostics</c>.</summary>
    public ColorMode Color { get; set; }

    /// <summary>Files that exist in memory only, by the path that <see cref="Inputs"/> names them by: bytes, or modules that a program
    /// changes between links.</summary>
    public Dictionary<string, MemoryFile> MemoryFiles { get; } = new(StringComparer.Ordinal);

    /// <summary>Adds an input that is in memory.</summary>
    public void AddInput(string name, MemoryFile file)
    {
        MemoryFiles.Add(name, file);
        Inputs.Add(new InputArgument(InputArgumentKind.File, name));
    }
}
