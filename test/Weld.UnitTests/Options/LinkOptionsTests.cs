using System.Globalization;
using Weld.Base.Diagnostics;
using Weld.Linker.Options;
using Xunit;

namespace Weld.UnitTests.Options;

/// <summary>What each option does to <see cref="LinkOptions"/>.</summary>
public sealed class LinkOptionsTests
{
    public static TheoryData<string, string, string> Effects => new()
    {
        { "-o x -oy", "OutputFile", "y" },
        { "", "OutputFile", "" },
        { "-L a -Lb --library-path=c -library-path d", "SearchPaths", "a,b,c,d" },
        { "a.o -lb --whole-archive c.a --no-whole-archive -Bdynamic --library d -Bstatic --start-lib e.o --end-lib", "Inputs",
            "File a.o,Library b,WholeArchive ,File c.a,NoWholeArchive ,Bdynamic ,Library d,Bstatic ,StartLib ,File e.o,EndLib " },
        { "-m wasm32", "Is64", "False" },
        { "-m wasm32 -mwasm64", "Is64", "True" },
        { "", "Is64", "" },
        { "--soname=n", "SoName", "n" },
        { "--rpath=a -rpath b", "RuntimePaths", "a,b" },
        { "-r", "Relocatable", "True" },
        { "-shared", "Shared", "True" },
        { "-pie", "Pie", "True" },
        { "-pie --no-pie", "Pie", "False" },
        { "--experimental-pic", "ExperimentalPic", "True" },
        { "-Bsymbolic", "Bsymbolic", "True" },
        { "--emit-relocs", "EmitRelocs", "True" },
        { "", "Optimize", "1" },
        { "-O0", "Optimize", "0" },
        { "-O 2", "Optimize", "2" },
        { "--threads=3", "Threads", "3" },
        { "", "Threads", "0" },

        { "", "Entry", "_start" },
        { "-e f", "Entry", "f" },
        { "--entry=f --no-entry", "Entry", "" },
        { "--no-entry -entry f", "Entry", "f" },
        { "-r", "Entry", "" },
        { "-shared", "Entry", "__wasm_call_ctors" },
        { "--export=a -export b --export a", "RequiredExports", "a,b,a" },
        { "--export-if-defined=a -export-if-defined b", "OptionalExports", "a,b" },
        { "--export-all", "ExportAll", "True" },
        { "", "ExportDynamic", "False" },
        { "-E", "ExportDynamic", "True" },
        { "-E --no-export-dynamic", "ExportDynamic", "False" },
        { "-shared", "ExportDynamic", "True" },
        { "-shared --no-export-dynamic", "ExportDynamic", "False" },
        { "-u a -ub --undefined=c -undefined d", "Undefined", "a,b,c,d" },
        { "--wrap=a -wrap b", "Wrap", "a,b" },
        { "--import-undefined", "ImportUndefined", "True" },
        { "--allow-undefined", "ImportUndefined", "True" },
        { "--allow-undefined --unresolved-symbols=report-all", "UnresolvedSymbols", "Ignore" },
        { "", "UnresolvedSymbols", "ReportError" },
        { "--warn-unresolved-symbols", "UnresolvedSymbols", "Warn" },
        { "--warn-unresolved-symbols --error-unresolved-symbols", "UnresolvedSymbols", "ReportError" },
        { "--warn-unresolved-symbols --unresolved-symbols=report-all", "UnresolvedSymbols", "Warn" },
        { "--unresolved-symbols=ignore-all --warn-unresolved-symbols", "UnresolvedSymbols", "Ignore" },
        { "--unresolved-symbols import-dynamic", "UnresolvedSymbols", "ImportDynamic" },
        { "--allow-undefined-file=a -allow-undefined-file b", "AllowUndefinedFiles", "b" },
        { "--allow-multiple-definition", "AllowMultipleDefinition", "True" },
        { "--allow-multiple-definition -no-allow-multiple-definition", "AllowMultipleDefinition", "False" },
        { "-z muldefs", "AllowMultipleDefinition", "True" },
        { "--noinhibit-exec", "NoinhibitExec", "True" },
        { "--no-shlib-sigcheck", "ShlibSigCheck", "False" },
        { "-y a --trace-symbol=b", "TraceSymbols", "a,b" },

        { "", "GcSections", "True" },
        { "--no-gc-sections", "GcSections", "False" },
        { "--no-gc-sections --gc-sections", "GcSections", "True" },
        { "-r", "GcSections", "False" },
        { "--print-gc-sections", "PrintGcSections", "True" },
        { "--print-gc-sections --no-print-gc-sections", "PrintGcSections", "False" },
        { "", "MergeDataSegments", "True" },
        { "--no-merge-data-segments", "MergeDataSegments", "False" },
        { "--no-merge-data-segments --merge-data-segments", "MergeDataSegments", "True" },
        { "-r", "MergeDataSegments", "False" },
        { "-s", "StripAll", "True" },
        { "-S", "StripDebug", "True" },
        { "--keep-section=a -keep-section b", "KeepSections", "a,b" },
        { "--compress-relocations", "CompressRelocations", "True" },
        { "--no-demangle", "Demangle", "False" },
        { "--no-demangle --demangle", "Demangle", "True" },

        { "", "StackSize", "65536" },
        { "-z stack-size=1 -z stack-size=0x1000", "StackSize", "4096" },
        { "-zstack-size=010", "StackSize", "8" },
        { "", "StackFirst", "True" },
        { "--no-stack-first", "StackFirst", "False" },
        { "--no-stack-first --stack-first", "StackFirst", "True" },
        { "--global-base=4096", "GlobalBase", "4096" },
        { "--initial-memory=1 --initial-memory=131072", "InitialMemory", "131072" },
        { "--initial-heap=5", "InitialHeap", "5" },
        { "--max-memory=262144", "MaxMemory", "262144" },
        { "--no-growable-memory", "NoGrowableMemory", "True" },
        { "", "PageSize", "65536" },
        { "--page-size=1", "PageSize", "1" },
        { "", "MemoryImport", "" },
        { "--import-memory", "MemoryImport", "(env, memory)" },
        { "--import-memory=a,b,c", "MemoryImport", "(a, b,c)" },
        { "--import-memory=a", "MemoryImport", "(env, a)" },
        { "--import-memory=a,b --import-memory", "MemoryImport", "(a, b)" },
        { "-shared", "MemoryImport", "(env, memory)" },
        { "", "MemoryExport", "memory" },
        { "--import-memory", "MemoryExport", "" },
        { "--import-memory --export-memory", "MemoryExport", "memory" },
        { "--export-memory=m", "MemoryExport", "m" },
        { "--export-memory=m --export-memory", "MemoryExport", "m" },
        { "--export-memory=m --export-memory=n", "MemoryExport", "n" },
        { "--shared-memory", "SharedMemory", "True" },

        { "", "TableBase", "1" },
        { "--table-base=7", "TableBase", "7" },
        { "-pie", "TableBase", "0" },
        { "--import-table", "ImportTable", "True" },
        { "-pie", "ImportTable", "True" },
        { "-r", "ImportTable", "True" },
        { "--export-table", "ExportTable", "True" },
        { "--growable-table", "GrowableTable", "True" },

        { "", "Features", "" },
        { "--features=a,,b --features=c,d", "Features", "c,d" },
        { "--extra-features=a --extra-features=b,c", "ExtraFeatures", "b,c" },
        { "--no-check-features", "CheckFeatures", "False" },
        { "--no-check-features --check-features", "CheckFeatures", "True" },
        { "", "BuildId", "None" },
        { "--build-id", "BuildId", "Fast" },
        { "--build-id=tree", "BuildId", "Sha1" },
        { "--build-id=sha1", "BuildId", "Sha1" },
        { "--build-id=uuid", "BuildId", "Uuid" },
        { "--build-id=uuid --build-id=none", "BuildId", "None" },
        { "--build-id=0xabcde", "BuildId", "HexString" },
        { "--build-id=0xabCDe", "BuildIdBytes", "171,205,14" },

        { "-t", "Trace", "True" },
        { "--verbose", "Verbose", "True" },
        { "--Map=a -Map b", "MapFile", "b" },
        { "-M --Map=a", "MapFile", "-" },
        { "--why-extract=f", "WhyExtractFile", "f" },
        { "--reproduce f", "ReproduceFile", "f" },
        { "--Map=a --map-format=json", "MapIsJson", "True" },
        { "--map-format=json --map-format text", "MapIsJson", "False" },
        { "--why-live=a -why-live b", "WhyLive", "a,b" },
        { "--dependency-file=a -dependency-file b", "DependencyFile", "b" },
        { "--stats", "Stats", "True" },
        { "", "Icf", "None" },
        { "--icf=all --icf=safe", "Icf", "Safe" },
        { "--separate-debug-file=a.wasm", "SeparateDebugFile", "a.wasm" },
        { "-o b.wasm --separate-debug-file", "SeparateDebugFile", "b.wasm.debug.wasm" },
        { "--icf=none", "Icf", "None" },
        { "--print-icf-sections", "PrintIcfSections", "True" },
        { "--print-icf-sections --no-print-icf-sections", "PrintIcfSections", "False" },
        { "--time-trace=f", "TimeTraceFile", "f" },
        { "-o out --time-trace", "TimeTraceFile", "out.time-trace" },
        { "", "TimeTraceGranularity", "500" },
        { "--time-trace-granularity=3", "TimeTraceGranularity", "3" },
        { "--linker=/x/wasm-ld", "ExternalLinker", "/x/wasm-ld" },
        { "--no-threads", "Threads", "1" },
        { "--export-dynamic-symbol=a --export-dynamic-symbol b", "OptionalExports", "a,b" },
        { "--as-needed -plugin p --hash-style=gnu -z relro", "IgnoredOptions", "--as-needed,-plugin p,--hash-style=gnu,-z relro" },
        { "-Os", "Optimize", "2" },
        { "-Og", "Optimize", "1" },
        { "--fatal-warnings", "FatalWarnings", "True" },
        { "--fatal-warnings --no-fatal-warnings", "FatalWarnings", "False" },
        { "", "ErrorLimit", "20" },
        { "--error-limit 3", "ErrorLimit", "3" },
        { "--error-limit=-1", "ErrorLimit", "0" },
        { "", "Color", "Auto" },
        { "--color-diagnostics", "Color", "Always" },
        { "--color-diagnostics=auto", "Color", "Auto" },
        { "--color-diagnostics --no-color-diagnostics", "Color", "Never" },
        { "--no-color-diagnostics --color-diagnostics=always", "Color", "Always" },
        { "--lto-partitions=4", "LtoPartitions", "4" },
        { "--thinlto-jobs=4", "ThinLtoJobs", "4" },
        { "--lto-driver=/x/clang", "LtoDriver", "/x/clang" },
        { "", "LtoLevel", "2" },
        { "--lto-O3 --lto-O1", "LtoLevel", "1" },
        { "", "LtoCodeGenerationLevel", "" },
        { "--lto-CGO3", "LtoCodeGenerationLevel", "3" },
        { "--lto-obj-path=x", "LtoObjectPath", "x" },
        { "--save-temps", "SaveTemps", "True" },
        { "-mllvm a --mllvm=b", "LlvmOptions", "a,b" },
    };

    [Theory, MemberData(nameof(Effects))]
    public void An_option_sets_its_property(string line, string property, string expected)
    {
        var diagnostics = new DiagnosticBag();
        LinkOptions options = CommandLine.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries), diagnostics).Options;
        Assert.Empty(diagnostics.Diagnostics);
        Assert.Equal(expected, Show(typeof(LinkOptions).GetProperty(property)!.GetValue(options)));
    }

    /// <summary>A row without a test above would go unnoticed.</summary>
    [Fact]
    public void Every_option_with_an_effect_is_tested()
    {
        HashSet<Option?> tested = [.. Effects.SelectMany(row => OptionParser.Parse(row.Data.Item1.Split(' '), null)).Select(argument => argument.Option)];
        string[] untested = [.. OptionTable.Rows.Where(option => option.Apply is not null && !tested.Contains(option)).Select(option => option.Name)];
        Assert.Empty(untested);
    }

    private static string Show(object? value) => value switch
    {
        null => "",
        List<InputArgument> inputs => string.Join(',', inputs.Select(input => $"{input.Kind} {input.Value}")),
        IEnumerable<string> strings => string.Join(',', strings),
        byte[] bytes => string.Join(',', bytes),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
