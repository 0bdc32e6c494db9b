using Weld.Base.Diagnostics;
using Weld.CodeGen.Tests.Mir;
using Weld.Linker;
using Weld.Linker.Options;
using Weld.Mir;
using Weld.Mir.Modules;
using Weld.TestSupport;
using Xunit;

namespace Weld.CodeGen.Tests.Edits;

/// <summary>Numbers in code of modules in memory: short in modules that run, padded in objects; the code section against wasm-ld's.</summary>
public sealed class ShortCodeTests
{
    [Fact]
    public void Code_of_modules_in_memory_is_as_short_as_wasm_ld_makes_it()
    {
        using var folder = new TemporaryFolder();
        ModuleObject module = new SampleModule().AddAll().Module;
        Link(module, folder["short.wasm"]);
        int size = CodeSizeOf(folder["short.wasm"]);
        Assert.Equal(CodeSizeOfWasmLd(folder, module, "--compress-relocations", "--strip-debug"), size);
        Assert.True(CodeSizeOfWasmLd(folder, module) > size);
        Assert.Equal("", ProcessRunner.Run(Tools.WasmValidate, ["--enable-all", folder["short.wasm"]]).AllOutput);
    }

    /// <summary>Code of C keeps its padding, which its debug information and disassemblies may count on.</summary>
    [Fact]
    public void Code_of_files_is_left_as_it_is()
    {
        using var folder = new TemporaryFolder();
        ModuleObject module = new SampleModule().AddAll().Module;
        // It needs compiler-rt.
        module.Functions.Remove(new MirFunctionId(16));
        module.Exports.Remove("wide_product");
        string source = folder.Write("c.c", "int twice(int x); int z[100]; __attribute__((export_name(\"in_c\"))) int in_c(int x) { return twice(x + z[x]) + twice(x + 1); } __attribute__((noinline)) int twice(int x) { z[1] = x; return z[x] * 2; }");
        ProcessRunner.Run(Tools.Clang, ["--target=wasm32-unknown-unknown", "-O1", "-fno-inline", "-c", source, "-o", folder["c.o"]]).RequireSuccess();
        Link(module, folder["both.wasm"], folder["c.o"]);
        Link(module, folder["all.wasm"], folder["c.o"], "-O2");
        File.WriteAllBytes(folder["module.o"], ObjectBytes.Of(module));
        Link(null, folder["none.wasm"], folder["c.o"], folder["module.o"]);
        int none = CodeSizeOf(folder["none.wasm"]);
        int some = CodeSizeOf(folder["both.wasm"]);
        int all = CodeSizeOf(folder["all.wasm"]);
        Assert.True(all < some && some < none, $"{all} {some} {none}");
        Assert.Equal(["0", "6"], ObjectLink.Call(folder["both.wasm"], "in_c(-1)", "gcd(48, 18)"));
    }

    [Theory]
    [InlineData("-r")]
    [InlineData("--emit-relocs")]
    public void Code_keeps_its_padding_where_relocations_are_kept(string option)
    {
        using var folder = new TemporaryFolder();
        ModuleObject module = new SampleModule().AddAll().Module;
        Link(module, folder["weld.wasm"], option);
        Assert.Equal(CodeSizeOfWasmLd(folder, module, option), CodeSizeOf(folder["weld.wasm"]));
    }

    private static int CodeSizeOfWasmLd(TemporaryFolder folder, ModuleObject module, params string[] options)
    {
        File.WriteAllBytes(folder["module.o"], ObjectBytes.Of(module));
        string output = folder["wasm-ld.wasm"];
        string[] builtins = options.Contains("-r") ? [] : ["--allow-undefined"];
        string[] entry = options.Contains("-r") ? [] : ["--no-entry"];
        ProcessRunner.Run(Tools.WasmLd, [.. entry, folder["module.o"], .. options, .. builtins, "-o", output]).RequireSuccess();
        return CodeSizeOf(output);
    }

    private static int CodeSizeOf(string path)
    {
        string text = ProcessRunner.Run(Tools.Find("wasm-objdump", "wabt"), ["-h", path]).RequireSuccess().StandardOutput;
        string line = text.Split('\n').Single(static line => line.TrimStart().StartsWith("Code ", StringComparison.Ordinal));
        int at = line.IndexOf("size=0x", StringComparison.Ordinal) + "size=0x".Length;
        return Convert.ToInt32(line[at..(at + 8)], 16);
    }

    private static void Link(ModuleObject? module, string output, params string[] arguments)
    {
        var diagnostics = new DiagnosticBag();
        string[] entry = arguments.Contains("-r") ? [] : ["--no-entry", "--allow-undefined"];
        LinkOptions options = CommandLine.Parse([.. entry, .. arguments, "-o", output], diagnostics).Options;
        if (module is not null)
            options.AddInput("module", module);
        LinkPipeline.Run(options, diagnostics, TextWriter.Null);
        Assert.Empty(diagnostics.Diagnostics);
    }
}
