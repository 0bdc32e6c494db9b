using System.Globalization;
using Weld.Base.Diagnostics;
using Weld.Linker;
using Weld.Linker.Options;

namespace Weld.FileTests;

/// <summary>A stand-in for the command line until it is there.</summary>
internal static class TemporaryDriver
{
    public static int Run(string[] args, TextWriter output, TextWriter errors)
    {
        var o = new LinkOptions();
        var bag = new DiagnosticBag();
        for (int i = 0; i < args.Length; i++)
        {
            string a = args[i];
            string? v = null;
            int eq = a.IndexOf('=', StringComparison.Ordinal);
            if (a.StartsWith("--", StringComparison.Ordinal) && eq > 0)
            {
                v = a[(eq + 1)..];
                a = a[..eq];
            }
            if (!Apply(o, a, v, args, ref i))
            {
                errors.WriteLine($"weld: error: unknown argument {args[i]}");
                return 1;
            }
        }
        LinkPipeline.Run(o, bag, output);
        foreach (Diagnostic d in bag.Diagnostics)
        {
            errors.WriteLine($"weld: {(d.Severity == Severity.Error ? "error" : "warning")}: {d}");
            foreach (string line in d.Details)
                errors.WriteLine(">>> " + line);
        }
        return bag.HasErrors ? 1 : 0;
    }

    private static ulong U(string? v) => ulong.Parse(v!, CultureInfo.InvariantCulture);

    private static bool Apply(LinkOptions o, string a, string? v, string[] args, ref int i)
    {
        switch (a)
        {
            case "-o": o.OutputFile = args[++i]; return true;
            case "-m": o.Is64 = args[++i] == "wasm64"; return true;
            case "--no-entry": o.Entry = ""; return true;
            case "--entry": o.Entry = v!; return true;
            case "-e": o.Entry = args[++i]; return true;
            case "--export": o.RequiredExports.Add(v!); return true;
            case "--export-if-defined": o.OptionalExports.Add(v!); return true;
            case "--export-all": o.ExportAll = true; return true;
            case "--export-dynamic" or "-E": o.ExportDynamic = true; return true;
            case "--undefined": o.Undefined.Add(v!); return true;
            case "-u": o.Undefined.Add(args[++i]); return true;
            case "--wrap": o.Wrap.Add(v!); return true;
            case "--import-undefined": o.ImportUndefined = true; return true;
            case "--allow-undefined": o.ImportUndefined = true; o.UnresolvedSymbols = UnresolvedPolicy.Ignore; return true;
            case "--allow-undefined-file": o.AllowUndefinedFiles.Add(v!); return true;
            case "--warn-unresolved-symbols": o.UnresolvedSymbols = UnresolvedPolicy.Warn; return true;
            case "--error-unresolved-symbols": o.UnresolvedSymbols = UnresolvedPolicy.ReportError; return true;
            case "--unresolved-symbols":
                o.UnresolvedSymbols = v switch { "report-all" => UnresolvedPolicy.ReportError, "ignore-all" => UnresolvedPolicy.Ignore, _ => UnresolvedPolicy.ImportDynamic };
                return true;
            case "--allow-multiple-definition": o.AllowMultipleDefinition = true; return true;
            case "--noinhibit-exec": o.NoinhibitExec = true; return true;
            case "-y": o.TraceSymbols.Add(args[++i]); return true;
            case "--gc-sections": o.GcSections = true; return true;
            case "--no-gc-sections": o.GcSections = false; return true;
            case "--print-gc-sections": o.PrintGcSections = true; return true;
            case "--merge-data-segments": o.MergeDataSegments = true; return true;
            case "--no-merge-data-segments": o.MergeDataSegments = false; return true;
            case "--strip-all" or "-s": o.StripAll = true; return true;
            case "--strip-debug" or "-S": o.StripDebug = true; return true;
            case "--keep-section": o.KeepSections.Add(v!); return true;
            case "--compress-relocations": o.CompressRelocations = true; return true;
            case "--demangle": o.Demangle = true; return true;
            case "--no-demangle": o.Demangle = false; return true;
            case "-z":
                string z = args[++i];
                if (z == "muldefs")
                    o.AllowMultipleDefinition = true;
                else
                    o.StackSize = U(z["stack-size=".Length..]);
                return true;
            case "--stack-first": o.StackFirst = true; return true;
            case "--no-stack-first": o.StackFirst = false; return true;
            case "--global-base": o.GlobalBase = U(v); return true;
            case "--initial-memory": o.InitialMemory = U(v); return true;
            case "--initial-heap": o.InitialHeap = U(v); return true;
            case "--max-memory": o.MaxMemory = U(v); return true;
            case "--no-growable-memory": o.NoGrowableMemory = true; return true;
            case "--page-size": o.PageSize = U(v); return true;
            case "--import-memory":
                string[] names = v is null ? ["env", "memory"] : v.Contains(',', StringComparison.Ordinal) ? v.Split(',') : ["env", v];
                o.MemoryImport = (names[0], names[1]);
                if (!Array.Exists(args, static x => x.StartsWith("--export-memory", StringComparison.Ordinal)))
                    o.MemoryExport = null;
                return true;
            case "--export-memory": o.MemoryExport = v ?? "memory"; return true;
            case "--shared-memory": o.SharedMemory = true; return true;
            case "--table-base": o.TableBase = U(v); return true;
            case "--import-table": o.ImportTable = true; return true;
            case "--export-table": o.ExportTable = true; return true;
            case "--growable-table": o.GrowableTable = true; return true;
            case "--features": o.Features = [.. v!.Split(',')]; return true;
            case "--extra-features": o.ExtraFeatures.AddRange(v!.Split(',')); return true;
            case "--no-check-features": o.CheckFeatures = false; return true;
            case "--build-id":
                o.BuildId = v switch { null or "fast" => BuildIdKind.Fast, "sha1" or "tree" => BuildIdKind.Sha1, "uuid" => BuildIdKind.Uuid, "none" => BuildIdKind.None, _ => BuildIdKind.HexString };
                if (o.BuildId == BuildIdKind.HexString)
                    o.BuildIdBytes = Convert.FromHexString(v![2..]);
                return true;
            case "--trace" or "-t": o.Trace = true; return true;
            case "--soname": o.SoName = v; return true;
            case "--fatal-warnings": o.FatalWarnings = true; return true;
            case "--whole-archive": o.Inputs.Add(new(InputArgumentKind.WholeArchive, "")); return true;
            case "--no-whole-archive": o.Inputs.Add(new(InputArgumentKind.NoWholeArchive, "")); return true;
            case "--start-lib": o.Inputs.Add(new(InputArgumentKind.StartLib, "")); return true;
            case "--end-lib": o.Inputs.Add(new(InputArgumentKind.EndLib, "")); return true;
            case "-L": o.SearchPaths.Add(args[++i]); return true;
            case "--Map": o.MapFile = v; return true;
            case "--why-extract": o.WhyExtractFile = v; return true;
            case "-r" or "--relocatable": o.Relocatable = true; o.GcSections = false; return true;
        }
        if (a.StartsWith("-O", StringComparison.Ordinal))
            o.Optimize = a[2] - '0';
        else if (a.StartsWith("-L", StringComparison.Ordinal))
            o.SearchPaths.Add(a[2..]);
        else if (a.StartsWith("-l", StringComparison.Ordinal))
            o.Inputs.Add(new(InputArgumentKind.Library, a[2..]));
        else if (!a.StartsWith('-'))
            o.Inputs.Add(new(InputArgumentKind.File, a));
        else
            return false;
        return true;
    }
}
