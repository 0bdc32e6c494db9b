using System.Globalization;
using Weld.Base.Diagnostics;
using Weld.Linker;
using Weld.Linker.Options;
using Weld.Mir.Modules;
using Weld.TestSupport;
using Xunit;

namespace Weld.CodeGen.Tests.Edits;

/// <summary>Random edits of a module: after each, the object and the linked module are those of a module that is made anew, byte for byte.</summary>
public sealed class EditTests
{
    private const int Edits = 150;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_module_that_was_edited_is_the_same_as_one_made_anew(int seed)
    {
        using var folder = new TemporaryFolder();
        var editor = new RandomEditor(seed);
        var edited = new ProgramModule(editor.Program, noise: 0);
        edited.UpdateErrors();
        for (int i = 0; i < Edits; i++)
        {
            foreach (string name in editor.Edit())
                edited.Update(name);
            edited.UpdateExports();
            edited.UpdateErrors();
            ProgramModule anew = editor.MakeAnew();
            byte[] expected = ObjectBytes.Of(anew.Object);
            Assert.Equal(expected, ObjectBytes.Of(edited.Object));
            Assert.Equal(expected, ObjectBytes.Of(edited.Object));
            byte[] module = Link(folder, edited.Object);
            Assert.Equal(Link(folder, anew.Object), module);
            if (i % 50 == 49)
                Run(folder, editor.Program, module);
        }
    }

    private static void Run(TemporaryFolder folder, EditedProgram program, byte[] module)
    {
        string path = folder["run.wasm"];
        File.WriteAllBytes(path, module);
        Assert.Equal("", WasiRunner.ValidateQuickly(path));
        string[] exports = [.. program.Exports.Keys];
        Assert.NotEmpty(exports);
        Assert.Equal(
            exports.Select(name => program.Evaluate(program.Exports[name], 7).ToString(CultureInfo.InvariantCulture)),
            ObjectLink.Call(path, [.. exports.Select(static name => $"{name}(7)")]));
    }

    private static byte[] Link(TemporaryFolder folder, ModuleObject module)
    {
        var diagnostics = new DiagnosticBag();
        var options = new LinkOptions { OutputFile = folder["out.wasm"], Entry = "", Threads = 1 };
        options.AddInput("module", module);
        LinkPipeline.Run(options, diagnostics, TextWriter.Null);
        Assert.Empty(diagnostics.Diagnostics);
        return File.ReadAllBytes(folder["out.wasm"]);
    }
}
