using Weld.Base.Diagnostics;
using Weld.Linker;
using Weld.Linker.Options;

namespace Weld.CodeGen.Tests.Edits;

/// <summary>The example of a session in README.md; a test compares and runs it.</summary>
internal static class SessionExample
{
    public static bool Run(string folder, string libraries, DiagnosticBag diagnostics)
    {
        // example
        var module = new AirModule();
        TypeId text = module.Types.ManyPointer(TypeId.U8, isConst: true);
        AirFunction puts = module.DeclareFunction("puts", module.Types.Function([text], TypeId.I32, CallingConvention.C));
        AirFunction main = module.AddFunction("__main_void", module.Types.Function([], TypeId.I32, CallingConvention.C));
        main.Linkage = Linkage.Strong;
        WriteMain("one");

        var compiler = new ModuleCompiler(module, CodeGenTarget.Wasm32);
        compiler.UpdateAll(diagnostics);
        bool isFirstLinked = Link("first.wasm");

        WriteMain("two");
        compiler.Update(main, diagnostics); // this function only, from any thread
        compiler.UpdateModule();            // new exports and errors
        return isFirstLinked && Link("second.wasm");

        void WriteMain(string line)
        {
            FunctionBuilder f = module.Build(main);
            f.Call(puts, f.SlicePtr(text, module.Values.String(line + "\0")));
            f.Ret(f.Constant(TypeId.I32, 0));
            f.Finish();
        }

        bool Link(string output)
        {
            var options = new LinkOptions { OutputFile = Path.Combine(folder, output) };
            options.AddInput("main", compiler.Object);
            options.AddInput("c.a", File.ReadAllBytes(Path.Combine(libraries, "libc.a"))); // bytes are inputs too
            options.Inputs.Add(new InputArgument(InputArgumentKind.File, Path.Combine(libraries, "crt1.o")));
            return LinkPipeline.Run(options, diagnostics, Console.Out);
        }
        // end
    }
}
