using System.Diagnostics;
using System.Globalization;
using Weld.Air.Generator;
using Weld.Base.Diagnostics;
using Weld.CodeGen;
using Weld.Linker;
using Weld.Linker.Options;
using Weld.Mir.Modules;
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
    private readonly NodeServer _node;
    private readonly CodeGenTarget _target;
    private readonly Stopwatch _compiling = new();
    private readonly Stopwatch _linking = new();
    private readonly Stopwatch _running = new();

    public WasmRun(CodeGenTarget target)
    {
        _target = target;
        _node = new NodeServer(target.Is64 ? Tools.CurrentNode : Tools.Node);
        ProcessRunner.Run(Tools.Clang, ["--target=wasm32-unknown-unknown", "-O1", "-c", _folder.Write("guard.c", StackProtection), "-o", _folder["guard.o"]]).RequireSuccess();
    }

    /// <summary>Where the time went.</summary>
    public string Times => string.Create(
        CultureInfo.InvariantCulture,
        $"compile {_compiling.Elapsed.TotalSeconds:0.0} s, link {_linking.Elapsed.TotalSeconds:0.0} s, node {_running.Elapsed.TotalSeconds:0.0} s");

    /// <summary>A checksum for each entry, or "trap"; or what went wrong before. Null if a library is needed that there is not.</summary>
    public string? Run(GeneratedProgram program)
    {
        var diagnostics = new DiagnosticBag();
        ModuleObject module;
        _compiling.Start();
        try
        {
            module = ModuleCompiler.Compile(program.Module, _target, diagnostics);
            if (diagnostics.HasErrors)
                return "error: " + Text(diagnostics);
            if (module.Read(diagnostics) is not { } bytes)
                return "error: " + Text(diagnostics);
            File.WriteAllBytes(_folder["program.o"], bytes.Span);
        }
        // Whatever comes out of code generation is a result, so that the program can be made smaller.
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return $"error: {exception.GetType().Name}: {exception.Message} {exception.StackTrace?.Split('\n').FirstOrDefault()?.Trim()}";
        }
        finally
        {
            _compiling.Stop();
        }
        _linking.Start();
        string output = _folder["program.wasm"];
        // Most programs need no library, and reading the archives takes longer than the rest of a link.
        bool isLinked = Link(output, [], new DiagnosticBag()) || Link(output, _target.Is64 ? [] : [_folder["guard.o"], Builtins, CLibrary], diagnostics);
        _linking.Stop();
        if (!isLinked && _target.Is64 && diagnostics.Diagnostics.All(static diagnostic => diagnostic.Message.StartsWith("undefined symbol", StringComparison.Ordinal)))
            return null;
        if (!isLinked)
            return "error: " + Text(diagnostics);
        _running.Start();
        string results = _node.Call(output, program.Entries.Select(static entry => entry.Name));
        _running.Stop();
        return results;
    }

    public void Dispose()
    {
        _node.Dispose();
        _folder.Dispose();
    }

    private bool Link(string output, string[] libraries, DiagnosticBag diagnostics)
    {
        string[] arguments = ["--no-entry", "-z", "stack-size=65536", .. _target.Is64 ? (string[])["-mwasm64"] : [], _folder["program.o"], .. libraries, "-o", output];
        return LinkPipeline.Run(CommandLine.Parse(arguments, diagnostics).Options, diagnostics, TextWriter.Null);
    }

    private static string Text(DiagnosticBag diagnostics) => string.Join("; ", diagnostics.Diagnostics.Select(static diagnostic => diagnostic.ToString()));
}
