using Weld.Air.Text;
using Weld.Base.Diagnostics;
using Weld.Mir;
using Weld.Mir.Modules;
using Weld.TestSupport;
using Xunit;

namespace Weld.CodeGen.Tests.Edits;

/// <summary>Compiling again what has changed gives what compiling everything gives, and touches nothing else.</summary>
public sealed class ModuleCompilerTests
{
    [Fact]
    public void One_function_is_compiled_again()
    {
        AirModule module = Make(12, out AirFunction changed, out AirFunction caller);
        ModuleCompiler compiler = CompileAll(module);
        Assert.Equal(["13", "26"], Run(compiler.Object, "changed()", "caller()"));
        MirFunction? before = compiler.Object.Functions[new MirFunctionId(caller.Id.Index)]!.Body;
        Return(module, changed, 20);
        Update(compiler, changed);
        Assert.Same(before, compiler.Object.Functions[new MirFunctionId(caller.Id.Index)]!.Body);
        Assert.Equal(["21", "42"], Run(compiler.Object, "changed()", "caller()"));
        Assert.Equal(ObjectBytes.Of(CompileAll(Make(20, out _, out _)).Object), ObjectBytes.Of(compiler.Object));
        // The same module compiled as a whole has the same numbers; this one has not.
        Assert.Equal(ObjectBytes.Of(CompileAll(module).Object), ObjectBytes.Of(compiler.Object));
    }

    [Fact]
    public void What_only_the_old_body_needed_is_gone()
    {
        var module = new AirModule();
        TypeId color = module.Types.Define("color", new EnumType(TypeId.U8, [new("crimson", 1), new("emerald", 5)]));
        TypeId text = module.Types.Slice(TypeId.U8, isConst: true);
        AirFunction f = module.AddFunction("f", module.Types.Function([color, TypeId.F64], TypeId.U32));
        module.Export(f, "f");
        FunctionBuilder old = module.Build(f);
        Operand length = old.SliceLen(old.TagName(old.Parameter(0)));
        Operand letter = old.SliceElemVal(module.Values.String("a long text"), old.Constant(TypeId.Usize, 3));
        old.Ret(old.Add(old.Bitcast(TypeId.U32, length), old.Intcast(TypeId.U32, letter)));
        old.Finish();
        ModuleCompiler compiler = CompileAll(module);
        byte[] before = ObjectBytes.Of(compiler.Object);
        foreach (string needed in new[] { "crimson", "a long text", "__tag_name_color" })
            Assert.True(before.AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(needed)) >= 0, needed);
        FunctionBuilder now = module.Build(f);
        now.Ret(now.Constant(TypeId.U32, 1));
        now.Finish();
        Update(compiler, f);
        byte[] after = ObjectBytes.Of(compiler.Object);
        foreach (string gone in new[] { "crimson", "a long text", "__tag_name_color", ".rodata" })
            Assert.Equal(-1, after.AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(gone)));
        Assert.NotEqual(default, text);
        Assert.Equal(["1"], Run(compiler.Object, "f(1, 0)"));
    }

    [Fact]
    public void Functions_are_compiled_again_on_any_number_of_threads()
    {
        byte[] expected = Compile(threads: 1);
        for (int run = 0; run < 3; run++)
            Assert.Equal(expected, Compile(threads: 8));

        static byte[] Compile(int threads)
        {
            var module = new AirModule();
            AirFunction[] functions = [.. Enumerable.Range(0, 200).Select(i => module.AddFunction($"f{i}", module.Types.Function([], TypeId.I32)))];
            foreach (AirFunction function in functions)
                Return(module, function, 1);
            ModuleCompiler compiler = CompileAll(module);
            Parallel.ForEach(functions, new ParallelOptions { MaxDegreeOfParallelism = threads }, function =>
            {
                int i = function.Id.Index;
                FunctionBuilder f = module.Build(function);
                Operand letter = f.SliceElemVal(module.Values.String($"text {i % 17}"), f.Constant(TypeId.Usize, 5));
                f.Ret(f.Call(functions[(i + 1) % functions.Length]));
                Assert.NotEqual(default, letter);
                f.Finish();
                Update(compiler, function);
            });
            return ObjectBytes.Of(compiler.Object);
        }
    }

    [Fact]
    public void What_cannot_be_compiled_stays_as_it_was()
    {
        AirModule module = Make(12, out AirFunction changed, out _);
        ModuleCompiler compiler = CompileAll(module);
        byte[] before = ObjectBytes.Of(compiler.Object);
        FunctionBuilder f = module.Build(changed);
        Operand wide = f.Constant(module.Types.Signed(500), 3);
        f.Ret(f.Trunc(TypeId.I32, f.MulWrap(wide, wide)));
        f.Finish();
        var diagnostics = new DiagnosticBag();
        compiler.Update(changed, diagnostics);
        Assert.True(diagnostics.HasErrors);
        Assert.Equal(before, ObjectBytes.Of(compiler.Object));
        Return(module, changed, 20);
        Update(compiler, changed);
        Assert.Equal(["42"], Run(compiler.Object, "caller()"));
    }

    [Fact]
    public void Removed_items_take_their_exports_with_them()
    {
        AirModule module = Make(12, out AirFunction changed, out AirFunction caller);
        ModuleCompiler compiler = CompileAll(module);
        byte[] before = ObjectBytes.Of(compiler.Object);
        compiler.Remove(changed);
        compiler.UpdateModule();
        var diagnostics = new DiagnosticBag();
        Assert.Null(compiler.Object.Read(diagnostics));
        Assert.Equal(
            [
                "function caller: refers to function changed, which was removed from the module",
                "data table: refers to function changed, which was removed from the module",
            ],
            diagnostics.Diagnostics.Select(static diagnostic => diagnostic.ToString()));
        AirVariable table = module.Variables.Single();
        compiler.Remove(caller);
        compiler.Remove(table);
        compiler.UpdateModule();
        Assert.Empty(compiler.Object.Exports);
        ObjectBytes.Of(compiler.Object);
        Update(compiler, table);
        Update(compiler, caller);
        Update(compiler, changed);
        compiler.UpdateModule();
        Assert.Equal(before, ObjectBytes.Of(compiler.Object));
    }

    [Fact]
    public void Errors_keep_their_numbers_when_others_are_added()
    {
        var module = new AirModule();
        module.Errors.Intern("Missing");
        AirFunction name = module.AddFunction("name_length", module.Types.Function([TypeId.U16], TypeId.U32));
        FunctionBuilder f = module.Build(name);
        f.Ret(f.Bitcast(TypeId.U32, f.SliceLen(f.ErrorName(f.Bitcast(TypeId.AnyError, f.Parameter(0))))));
        f.Finish();
        AirFunction isKnown = module.AddFunction("is_known", module.Types.Function([TypeId.U16], TypeId.Bool));
        f = module.Build(isKnown);
        f.Ret(f.ErrorSetHasValue(TypeId.AnyError, f.Bitcast(TypeId.AnyError, f.Parameter(0))));
        f.Finish();
        AirFunction number = module.AddFunction("number", module.Types.Function([], TypeId.U16));
        f = module.Build(number);
        f.Ret(f.Bitcast(TypeId.U16, module.Values.Error(TypeId.AnyError, "Missing")));
        f.Finish();
        foreach (AirFunction function in new[] { name, isKnown, number })
            module.Export(function, function.Name);
        ModuleCompiler compiler = CompileAll(module);
        Assert.Equal(["1", "7", "1", "0"], Run(compiler.Object, "number()", "name_length(1)", "is_known(1)", "is_known(2)"));
        MirFunction?[] bodies = Bodies();
        module.Errors.Intern("AlsoMissing");
        compiler.UpdateModule();
        Assert.Equal(["1", "7", "11", "1", "1", "0"], Run(compiler.Object, "number()", "name_length(1)", "name_length(2)", "is_known(1)", "is_known(2)", "is_known(3)"));
        Assert.Equal(bodies, Bodies());
        Assert.Equal(ObjectBytes.Of(CompileAll(module).Object), ObjectBytes.Of(compiler.Object));

        MirFunction?[] Bodies() => [.. compiler.Object.Functions.All().Select(static row => row.Item.Body)];
    }

    [Fact]
    public void Error_numbers_in_text_are_those_of_the_list()
    {
        const string Functions = """
            fn @later() -> anyerror {
              ret error.NotListed
            }

            fn @first() -> anyerror {
              ret error.First
            }

            export @later as "later"
            export @first as "first"
            """;
        Assert.Equal(["3", "2"], Run(Parse("errors { Second, First }\n" + Functions), "later()", "first()"));
        // Without a list, by first use.
        Assert.Equal(["1", "2"], Run(Parse(Functions), "later()", "first()"));

        static ModuleObject Parse(string text)
        {
            var diagnostics = new DiagnosticBag();
            ParsedModule? parsed = AirText.Parse("errors.air", text, diagnostics);
            Assert.Empty(diagnostics.Diagnostics);
            return CompileAll(parsed!.Module).Object;
        }
    }

    private static AirModule Make(int number, out AirFunction changed, out AirFunction caller)
    {
        var module = new AirModule();
        changed = module.AddFunction("changed", module.Types.Function([], TypeId.I32));
        caller = module.AddFunction("caller", module.Types.Function([], TypeId.I32));
        module.DefineVariable("table", module.Types.FunctionPointer(changed.Type), module.Values.PointerTo(changed.Id));
        Return(module, changed, number);
        FunctionBuilder f = module.Build(caller);
        f.Ret(f.Mul(f.Call(changed), f.Constant(TypeId.I32, 2)));
        f.Finish();
        module.Export(changed, "changed");
        module.Export(caller, "caller");
        return module;
    }

    /// <summary>Lets a function return a number and 1, both from constants in memory.</summary>
    private static void Return(AirModule module, AirFunction function, int number)
    {
        FunctionBuilder f = module.Build(function);
        TypeId pair = module.Types.Array(TypeId.I32, 2);
        ValueId value = module.Values.Aggregate(pair, [module.Values.Integer(TypeId.I32, number), module.Values.Integer(TypeId.I32, 1)]);
        Operand place = f.Alloc(pair);
        f.Store(place, value);
        Operand loaded = f.Load(place);
        f.Ret(f.Add(f.ArrayElemVal(loaded, f.Constant(TypeId.Usize, 0)), f.ArrayElemVal(loaded, f.Constant(TypeId.Usize, 1))));
        f.Finish();
    }

    private static ModuleCompiler CompileAll(AirModule module)
    {
        var compiler = new ModuleCompiler(module, CodeGenTarget.Wasm32);
        var diagnostics = new DiagnosticBag();
        compiler.UpdateAll(diagnostics);
        Assert.Empty(diagnostics.Diagnostics);
        return compiler;
    }

    private static void Update(ModuleCompiler compiler, AirItem item)
    {
        var diagnostics = new DiagnosticBag();
        compiler.Update(item, diagnostics);
        Assert.Empty(diagnostics.Diagnostics);
    }

    private static string[] Run(ModuleObject module, params string[] calls)
    {
        using ObjectLink link = new ObjectLink().Add("module.o", ObjectBytes.Of(module));
        return ObjectLink.Call(link.Link("weld"), calls);
    }
}
