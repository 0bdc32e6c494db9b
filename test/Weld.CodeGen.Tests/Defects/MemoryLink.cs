using Weld.Base.Diagnostics;
using Weld.Linker;
using Weld.Linker.Options;
using Weld.Mir.Modules;
using Weld.TestSupport;
using Xunit;

namespace Weld.CodeGen.Tests.Defects;

/// <summary>Links a module in memory, with any options and C beside it, and lets JavaScript look at the result.</summary>
internal sealed class MemoryLink : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _inputs = [];

    public string Output => _folder["out.wasm"];

    /// <summary>Adds an object of C, or an archive of several.</summary>
    public MemoryLink AddC(bool asArchive, params string[] sources)
    {
        List<string> objects = [];
        foreach (string source in sources)
        {
            string path = _folder.Write($"c{_inputs.Count}_{objects.Count}.c", source);
            ProcessRunner.Run(Tools.Clang, ["--target=wasm32-unknown-unknown", "-O1", "-c", path, "-o", path + ".o"]).RequireSuccess();
            objects.Add(path + ".o");
        }
        if (!asArchive)
        {
            _inputs.AddRange(objects);
            return this;
        }
        string archive = _folder[$"lib{_inputs.Count}.a"];
        ProcessRunner.Run(Tools.LlvmAr, ["rcs", archive, .. objects]).RequireSuccess();
        _inputs.Add(archive);
        return this;
    }

    /// <returns>The messages.</returns>
    public string[] Link(ModuleObject module, params string[] arguments)
    {
        var diagnostics = new DiagnosticBag();
        LinkOptions options = CommandLine.Parse([.. arguments, "-o", Output], diagnostics).Options;
        options.AddInput("module", module);
        foreach (string input in _inputs)
            options.Inputs.Add(new InputArgument(InputArgumentKind.File, input));
        LinkPipeline.Run(options, diagnostics, TextWriter.Null);
        return [.. diagnostics.Diagnostics.Select(static diagnostic => string.Join('\n', [diagnostic.ToString(), .. diagnostic.Details]))];
    }

    /// <summary>Links without messages and runs JavaScript in which <c>module</c> is the compiled module; returns what it prints.</summary>
    public string[] Run(ModuleObject module, string script, params string[] arguments)
    {
        Assert.Empty(Link(module, arguments));
        Assert.Equal("", WasiRunner.ValidateQuickly(Output));
        string path = _folder.Write("run.mjs", $"import {{ readFileSync }} from 'node:fs';\nconst module = new WebAssembly.Module(readFileSync({System.Text.Json.JsonSerializer.Serialize(Output)}));\n{script}");
        return ProcessRunner.Run(Tools.Node, ["--no-warnings", path]).RequireSuccess().StandardOutput.TrimEnd('\n').Split('\n');
    }

    public string[] Sections()
    {
        string text = ProcessRunner.Run(Tools.Find("wasm-objdump", "wabt"), ["-h", Output]).RequireSuccess().StandardOutput;
        return [.. text.Split('\n').Where(static line => line.Contains("start=", StringComparison.Ordinal)).Select(static line => line.Trim().Split(' ')[0])];
    }

    public void Dispose() => _folder.Dispose();
}
