using Weld.Base.Diagnostics;
using Weld.Linker.Diagnostics;

namespace Weld.Linker.Options;

/// <summary>Refuses options that contradict each other. Runs after the inputs were found, because wasm-ld reports missing files first.</summary>
/// <remarks>Counterpart in wasm-ld: checkOptions. The oddities in the wording are its own; build scripts look for them.</remarks>
public static class OptionChecks
{
    public static void Run(LinkOptions options, DiagnosticBag diagnostics)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(diagnostics);
        if (options.CompressRelocations && !options.StripDebug && !options.StripAll)
            diagnostics.Add(OptionErrors.Incompatible(
                "--compress-relocations is incompatible with output debug information. Please pass --strip-debug or --strip-all"));
        if (options.SeparateDebugFile is not null && (options.Relocatable || options.EmitRelocs))
            diagnostics.Add(OptionErrors.Incompatible("--separate-debug-file may not be used with -r or --emit-relocs"));
        if (options.SeparateDebugFile is not null && options.SeparateDebugFile == options.OutputFile)
            diagnostics.Add(OptionErrors.Incompatible("--separate-debug-file names the output file"));
        CheckLto(options, diagnostics);
        if (options.Pie && options.Shared)
            diagnostics.Add(OptionErrors.Incompatible("-shared and -pie may not be used together"));
        if (string.IsNullOrEmpty(options.OutputFile))
            diagnostics.Add(OptionErrors.NoOutputFile());
        if (options.ImportTable && options.ExportTable)
            diagnostics.Add(OptionErrors.Incompatible("--import-table and --export-table may not be used together"));
        if (options.Relocatable)
            CheckRelocatable(options, diagnostics);
        WarnOfUnstable(options, diagnostics);
        if (options.Bsymbolic && !options.Shared)
            diagnostics.Add(OptionErrors.Meaningless("-Bsymbolic is only meaningful when combined with -shared"));
        if (options.IsPic && options.GlobalBase != 0)
            diagnostics.Add(OptionErrors.Incompatible("--global-base may not be used with -shared/-pie"));
        if (options.IsPic && options.TableBase != 0)
            diagnostics.Add(OptionErrors.Incompatible("--table-base may not be used with -shared/-pie"));
    }

    private static void CheckLto(LinkOptions options, DiagnosticBag diagnostics)
    {
        if (options.LtoPartitions == 0)
            diagnostics.Add(OptionErrors.LtoPartitions());
        if (options.ThinLtoJobs is { Length: > 0 } jobs && jobs != "all" && !uint.TryParse(jobs, out _))
            diagnostics.Add(OptionErrors.ThinLtoJobs(jobs));
    }

    private static void CheckRelocatable(LinkOptions options, DiagnosticBag diagnostics)
    {
        if (options.Entry.Length != 0)
            diagnostics.Add(OptionErrors.Incompatible("entry point specified for relocatable output file"));
        if (options.GcSections)
            diagnostics.Add(OptionErrors.Incompatible("-r and --gc-sections may not be used together"));
        if (options.CompressRelocations)
            diagnostics.Add(OptionErrors.Incompatible("-r -and --compress-relocations may not be used together"));
        if (options.Undefined.Count != 0)
            diagnostics.Add(OptionErrors.Incompatible("-r -and --undefined may not be used together"));
        if (options.Pie)
            diagnostics.Add(OptionErrors.Incompatible("-r and -pie may not be used together"));
        if (options.SharedMemory)
            diagnostics.Add(OptionErrors.Incompatible("-r and --shared-memory may not be used together"));
        if (options.GlobalBase != 0)
            diagnostics.Add(OptionErrors.Incompatible("-r and --global-base may not by used together"));
    }

    private static void WarnOfUnstable(LinkOptions options, DiagnosticBag diagnostics)
    {
        if (options.ExperimentalPic)
            return;
        if (options.Shared)
            diagnostics.Add(OptionErrors.Unstable("creating shared libraries, with -shared, is not yet stable"));
        if (options.Pie)
            diagnostics.Add(OptionErrors.Unstable("creating PIEs, with -pie, is not yet stable"));
        if (options.UnresolvedSymbols == UnresolvedPolicy.ImportDynamic)
            diagnostics.Add(OptionErrors.Unstable("dynamic imports are not yet stable (--unresolved-symbols=import-dynamic)"));
    }
}
