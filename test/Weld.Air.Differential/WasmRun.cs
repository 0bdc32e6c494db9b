using Weld.Air.Generator;
using Weld.Base.Diagnostics;
using Weld.CodeGen;
using Weld.Linker;
using Weld.Linker.Options;
using Weld.Mir.Modules;
using Weld.Mir.Objects;
using Weld.TestSupport;

namespace Weld.Air.Differential;

/// <summary>Compiles programs, links them with weld, and runs them in node.</summary>
internal sealed class WasmRun : IDisposable
{
    private const string Builtins = "/usr/lib/llvm-22/lib/clang/22/lib/wasi/libclang_rt.builtins-wasm32.a";
    private const string CLibrary = "/usr/lib/wasm32-wasi/libc.a";

    // Debian's builtins are compiled with stack protection.
    private const string StackProtection = "unsigned long __stack_chk_guard = 1; void __stack_chk_fail(void) { __builtin_trap(); }";

    private readonly TemporaryFolder _folder = new();
    private readonly NodeServer _node = new();
    private readonly CodeGenTarget _target;

    public WasmRun(CodeGenTarget target)
    {
        _target = target;
        ProcessRunner.Run(Tools.Clang, ["--target=wasm32-unknown-unknown", "-O1", "-c", _folder.Write("guard.c", StackProtection), "-o", _folder["guard.o"]]).RequireSuccess();
    }

    /// <summary>A checksum for each entry, or "trap"; or what went wrong before.</summary>
    public string Run(GeneratedProgram program)
    {
        var diagnostics = new DiagnosticBag();
        MirModule module;
        try
        {
            module = ModuleCompiler.Compile(program.Module, _target, diagnostics);
            if (diagnostics.HasErrors)
                return "error: " + Text(diagnostics);
            File.WriteAllBytes(_folder["program.o"], ObjectWriter.Write(module));
        }
        // Whatever comes out of code generation is a result, so that the program can be made smaller.
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return $"error: {exception.GetType().Name}: {exception.Message} {exception.StackTrace?.Split('\n').FirstOrDefault()?.Trim()}";
        }
        string output = _folder["program.wasm"];
        LinkOptions options = CommandLine.Parse(
            ["--no-entry", "-z", "stack-size=65536", _folder["program.o"], _folder["guard.o"], Builtins, CLibrary, "-o", output], diagnostics).Options;
        if (!LinkPipeline.Run(options, diagnostics, TextWriter.Null) || diagnostics.HasErrors)
            return "error: " + Text(diagnostics);
        return _node.Call(output, program.Entries.Select(static entry => entry.Name));
    }

    public void Dispose()
    {
        _node.Dispose();
        _folder.Dispose();
    }

    private static string Text(DiagnosticBag diagnostics) => string.Join("; ", diagnostics.Diagnostics.Select(static diagnostic => diagnostic.ToString()));
}
