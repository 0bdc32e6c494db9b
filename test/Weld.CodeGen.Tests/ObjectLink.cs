using Weld.Base.Diagnostics;
using Weld.Linker;
using Weld.Linker.Options;
using Weld.TestSupport;
using Xunit;

namespace Weld.CodeGen.Tests;

/// <summary>Links objects that a test has made with weld and with wasm-ld, and calls what the modules export.</summary>
internal sealed class ObjectLink : IDisposable
{
    public const string CLibrary = "/usr/lib/wasm32-wasi/libc.a";

    private const string Builtins = "/usr/lib/llvm-22/lib/clang/22/lib/wasi/libclang_rt.builtins-wasm32.a";

    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _inputs = [];

    public static TheoryData<string> Linkers => ["weld", "wasm-ld-22"];

    /// <summary>Adds an object, which must be valid by itself too.</summary>
    public ObjectLink Add(string name, byte[] bytes)
    {
        string path = _folder[name];
        File.WriteAllBytes(path, bytes);
        Assert.Equal("", ProcessRunner.Run(Tools.WasmValidate, ["--enable-all", path]).AllOutput);
        _inputs.Add(path);
        return this;
    }

    /// <summary>Adds an object with a 64-bit table, which wabt does not know.</summary>
    public ObjectLink Add64(string name, byte[] bytes)
    {
        File.WriteAllBytes(_folder[name], bytes);
        _inputs.Add(_folder[name]);
        return this;
    }

    /// <summary>Adds an object that clang makes of C.</summary>
    public ObjectLink AddC(string source, params string[] flags)
    {
        string path = _folder.Write($"c{_inputs.Count}.c", source);
        ProcessRunner.Run(Tools.Clang, ["--target=wasm32-unknown-unknown", "-O1", .. flags, "-c", path, "-o", path + ".o"]).RequireSuccess();
        _inputs.Add(path + ".o");
        return this;
    }

    /// <summary>Adds compiler-rt's builtins, and what those of Debian need since they are compiled with stack protection.</summary>
    public ObjectLink AddBuiltins() =>
        AddC("unsigned long __stack_chk_guard = 1; void __stack_chk_fail(void) { __builtin_trap(); }").AddFile(Builtins);

    public ObjectLink AddFile(string path)
    {
        _inputs.Add(path);
        return this;
    }

    /// <summary>Links everything and returns the module's path.</summary>
    public string Link(string linker, params string[] options)
    {
        string output = _folder[$"{linker}.wasm"];
        string[] arguments = ["--no-entry", .. options, .. _inputs, "-o", output];
        string messages = linker == "weld" ? LinkHere(arguments) : ProcessRunner.Run(Tools.WasmLd, arguments).AllOutput;
        Assert.True(messages.Length == 0, messages);
        if (!options.Contains("-mwasm64"))
            Assert.Equal("", WasiRunner.ValidateQuickly(output));
        return output;
    }

    /// <summary>Links with weld and returns the messages, which must hold an error.</summary>
    public string LinkToError(params string[] options)
    {
        string messages = LinkHere(["--no-entry", .. options, .. _inputs, "-o", _folder["bad.wasm"]]);
        Assert.NotEqual("", messages);
        return messages;
    }

    /// <summary>The results of calls such as <c>f(1, 2n)</c>, in order.</summary>
    public static string[] Call(string module, params string[] calls) =>
        Call(Tools.Node, module, calls);

    /// <summary>As <see cref="Call(string, string[])"/>, for 64-bit memories.</summary>
    public static string[] CallWithCurrentNode(string module, params string[] calls) => Call(Tools.CurrentNode, module, calls);

    private static string[] Call(string node, string module, string[] calls) =>
        ProcessRunner.Run(node, ["--no-warnings", Repository.Path("test", "Weld.CodeGen.Tests", "call.mjs"), module, .. calls])
            .RequireSuccess().StandardOutput.TrimEnd('\n').Split('\n');

    public void Dispose() => _folder.Dispose();

    private static string LinkHere(string[] arguments)
    {
        var diagnostics = new DiagnosticBag();
        LinkOptions options = CommandLine.Parse(arguments, diagnostics).Options;
        LinkPipeline.Run(options, diagnostics, TextWriter.Null);
        return string.Join('\n', diagnostics.Diagnostics.Select(static diagnostic => string.Join('\n', [diagnostic.ToString(), .. diagnostic.Details])));
    }
}
