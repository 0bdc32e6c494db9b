using Weld.Base.Diagnostics;
using Weld.Linker;
using Weld.Linker.Options;
using Weld.TestSupport;
using Xunit;

namespace Weld.CodeGen.Tests;

/// <summary>Links objects that a test has made with weld and with wasm-ld, and calls what the modules export.</summary>
internal sealed class ObjectLink : IDisposable
{
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

    /// <summary>Adds an object that clang makes of C.</summary>
    public ObjectLink AddC(string source, params string[] flags)
    {
        string path = _folder.Write($"c{_inputs.Count}.c", source);
        ProcessRunner.Run(Tools.Clang, ["--target=wasm32-unknown-unknown", "-O1", .. flags, "-c", path, "-o", path + ".o"]).RequireSuccess();
        _inputs.Add(path + ".o");
        return this;
    }

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
        if (linker == "weld")
            Assert.Equal("", LinkHere(arguments));
        else
            Assert.Equal("", ProcessRunner.Run(Tools.WasmLd, arguments).AllOutput);
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
        ProcessRunner.Run(Tools.Node, ["--no-warnings", Repository.Path("test", "Weld.CodeGen.Tests", "call.mjs"), module, .. calls])
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
