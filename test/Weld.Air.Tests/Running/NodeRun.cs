using Weld.Base.Diagnostics;
using Weld.CodeGen;
using Weld.Linker;
using Weld.Linker.Options;
using Weld.TestSupport;

namespace Weld.Air.Tests.Running;

/// <summary>Links objects with weld and calls what they export in node, as run.mjs says.</summary>
internal static class NodeRun
{
    private const string Builtins = "/usr/lib/llvm-22/lib/clang/22/lib/wasi/libclang_rt.builtins-wasm32.a";
    private const string CLibrary = "/usr/lib/wasm32-wasi/libc.a";

    // Debian's builtins are compiled with stack protection.
    private const string StackProtection = "unsigned long __stack_chk_guard = 1; void __stack_chk_fail(void) { __builtin_trap(); }";

    /// <returns>What is wrong, each with the text of its call.</returns>
    public static IReadOnlyList<string> Run(TemporaryFolder folder, CodeGenTarget target, IEnumerable<string> objects, string calls, IReadOnlyList<string> texts)
    {
        string output = folder["all.wasm"];
        var diagnostics = new DiagnosticBag();
        string[] arguments =
        [
            "--no-entry", "--export=__stack_pointer", "-z", "stack-size=65536", .. target.Is64 ? (string[])["-mwasm64"] : [],
            .. objects, .. target.Is64 ? [] : Libraries(folder), "-o", output,
        ];
        if (!LinkPipeline.Run(CommandLine.Parse(arguments, diagnostics).Options, diagnostics, TextWriter.Null))
            return [.. diagnostics.Diagnostics.Select(static diagnostic => diagnostic.ToString())];
        if (!target.Is64)
            Assert.Equal("", WasiRunner.ValidateQuickly(output));
        string[] results = ProcessRunner.Run(
            target.Is64 ? Tools.CurrentNode : Tools.Node,
            ["--no-warnings", Repository.Path("test", "Weld.Air.Tests", "Running", "run.mjs"), output, folder.Write("calls", calls)]).RequireSuccess().StandardOutput.TrimEnd('\n').Split('\n');
        if (results.Length != texts.Count)
            return [$"{texts.Count} calls, but {results.Length} results"];
        return [.. texts.Zip(results).Where(static pair => pair.Second != "right").Select(static pair => $"{pair.First}: {pair.Second}")];
    }

    private static string[] Libraries(TemporaryFolder folder)
    {
        ProcessRunner.Run(Tools.Clang, ["--target=wasm32-unknown-unknown", "-O1", "-c", folder.Write("guard.c", StackProtection), "-o", folder["guard.o"]]).RequireSuccess();
        return [folder["guard.o"], Builtins, CLibrary];
    }
}
