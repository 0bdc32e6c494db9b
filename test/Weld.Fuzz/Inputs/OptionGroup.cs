using Weld.Linker.Options;

namespace Weld.Fuzz.Inputs;

/// <summary>Options that are given together.</summary>
/// <param name="Arguments">As on the command line, separated by spaces; also what <c>wasm-ld</c> is given in a comparison.</param>
/// <param name="Apply">The same for a link in this process.</param>
public sealed record OptionGroup(string Arguments, Action<LinkOptions> Apply)
{
    public static IReadOnlyList<OptionGroup> All { get; } =
    [
        new("--no-gc-sections", o => o.GcSections = false),
        new("-O0", o => o.Optimize = 0),
        new("-O2", o => o.Optimize = 2),
        new("--no-entry", o => o.Entry = ""),
        new("--no-entry --export-all", o => { o.Entry = ""; o.ExportAll = true; }),
        new("--export-all", o => o.ExportAll = true),
        new("--export-dynamic", o => o.ExportDynamic = true),
        new("--export=counter --export-if-defined=add", o => { o.RequiredExports.Add("counter"); o.OptionalExports.Add("add"); }),
        new("--entry=apply", o => o.Entry = "apply"),
        new("--undefined=total", o => o.Undefined.Add("total")),
        new("--strip-all", o => o.StripAll = true),
        new("--strip-debug", o => o.StripDebug = true),
        new("--no-merge-data-segments", o => o.MergeDataSegments = false),
        new("--allow-undefined", o => { o.ImportUndefined = true; o.UnresolvedSymbols = UnresolvedPolicy.Ignore; }),
        new("--import-undefined", o => o.ImportUndefined = true),
        new("--unresolved-symbols=ignore-all", o => o.UnresolvedSymbols = UnresolvedPolicy.Ignore),
        new("--warn-unresolved-symbols", o => o.UnresolvedSymbols = UnresolvedPolicy.Warn),
        new("--noinhibit-exec", o => o.NoinhibitExec = true),
        new("--allow-multiple-definition", o => o.AllowMultipleDefinition = true),
        new("--fatal-warnings", o => o.FatalWarnings = true),
        new("--no-stack-first", o => o.StackFirst = false),
        new("--no-stack-first --global-base=4096", o => { o.StackFirst = false; o.GlobalBase = 4096; }),
        new("-zstack-size=1048576", o => o.StackSize = 1048576),
        new("--initial-memory=1048576 --max-memory=2097152", o => { o.InitialMemory = 1048576; o.MaxMemory = 2097152; }),
        new("--initial-heap=65536 --no-growable-memory", o => { o.InitialHeap = 65536; o.NoGrowableMemory = true; }),
        new("--import-memory", o => { o.MemoryImport = ("env", "memory"); o.MemoryExport = null; }),
        new("--shared-memory --features=atomics,bulk-memory,mutable-globals --no-check-features", o =>
        {
            o.SharedMemory = true;
            o.Features = ["atomics", "bulk-memory", "mutable-globals"];
            o.CheckFeatures = false;
        }),
        new("--import-table", o => o.ImportTable = true),
        new("--export-table --growable-table", o => { o.ExportTable = true; o.GrowableTable = true; }),
        new("--table-base=100", o => o.TableBase = 100),
        new("--extra-features=atomics,bulk-memory", o => o.ExtraFeatures.AddRange(["atomics", "bulk-memory"])),
        new("--no-check-features", o => o.CheckFeatures = false),
        new("--build-id=fast", o => o.BuildId = BuildIdKind.Fast),
        new("--build-id=sha1", o => o.BuildId = BuildIdKind.Sha1),
        new("--wrap=add", o => o.Wrap.Add("add")),
        new("--print-gc-sections", o => o.PrintGcSections = true),
        new("--trace --trace-symbol=add", o => { o.Trace = true; o.TraceSymbols.Add("add"); }),
        new("--no-demangle", o => o.Demangle = false),
        new("--error-limit=0", o => o.ErrorLimit = 0),
        new("-mwasm64", o => o.Is64 = true),
    ];

    public static OptionGroup Get(string arguments) => All.First(group => group.Arguments == arguments);
}
