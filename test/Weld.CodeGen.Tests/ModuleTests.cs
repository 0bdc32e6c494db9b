using Weld.Base.Diagnostics;
using Weld.Linker;
using Weld.Linker.Options;
using Weld.Mir;
using Weld.Mir.Modules;
using Weld.TestSupport;
using Xunit;

namespace Weld.CodeGen.Tests;

/// <summary>Whole modules: what is refused, threads, 64-bit memories, and links of objects that are in memory.</summary>
public sealed class ModuleTests
{
    [Fact]
    public void What_cannot_be_compiled_is_named()
    {
        var module = new AirModule();
        TypeId vector = module.Types.Vector(TypeId.I32, 4);
        foreach ((string name, TypeId type) in new[] { ("wide", TypeId.U128), ("half", TypeId.F16), ("quad", TypeId.F128), ("lanes", vector) })
        {
            FunctionBuilder f = module.DefineFunction(name, [type, type], type);
            f.Ret(f.Mul(f.Parameter(0), f.Parameter(1)));
            f.Finish();
        }
        FunctionBuilder atomic = module.DefineFunction("atomic", [module.Types.Pointer(TypeId.U32)], TypeId.U32);
        atomic.Ret(atomic.AtomicLoad(TypeId.U32, atomic.Parameter(0), MemoryOrder.SeqCst));
        atomic.Finish();
        foreach (int threads in new[] { 1, 4 })
        {
            var diagnostics = new DiagnosticBag();
            ModuleCompiler.Compile(module, CodeGenTarget.Wasm32, diagnostics, threads);
            Assert.Equal(
                [
                    "function wide: cannot compile mul of u128: not supported yet",
                    "function half: cannot compile mul of f16: not supported yet",
                    "function quad: cannot compile mul of f128: not supported yet",
                    "function lanes: cannot compile mul of @Vector(4, i32): not supported yet",
                    "function atomic: cannot compile atomic_load of *u32, u32: not supported yet",
                ],
                diagnostics.Diagnostics.Select(static diagnostic => diagnostic.ToString()));
        }
    }

    /// <summary>Values that cannot be computed with can still be moved around.</summary>
    [Fact]
    public void Large_numbers_and_vectors_are_loaded_and_stored()
    {
        var module = new Compiled();
        TypeId vector = module.Types.Vector(TypeId.I32, 4);
        ValueId lanes = module.Module.Values.Aggregate(vector, [.. Enumerable.Range(1, 4).Select(n => module.Module.Values.Integer(TypeId.I32, n * 10))]);
        module.Define("lane", [TypeId.U32], TypeId.I32, f =>
        {
            Operand place = f.Alloc(vector);
            f.Store(place, lanes);
            f.Ret(f.ArrayElemVal(f.Load(place), f.Bitcast(TypeId.Usize, f.Parameter(0))));
        });
        module.Define("high_word", [], TypeId.U64, f =>
        {
            Operand place = f.Alloc(TypeId.I128);
            f.Store(place, f.Constant(TypeId.I128, BigInteger.Parse("-18446744073709551617", System.Globalization.CultureInfo.InvariantCulture)));
            f.Ret(f.PtrElemVal(f.Bitcast(module.Types.ManyPointer(TypeId.U64), place), f.Constant(TypeId.Usize, 1)));
        });
        module.Expect("lane", 30, 2);
        module.Expect("high_word", [], "lfffffffffffffffe");
        module.Run();
    }

    [Fact]
    public void Any_number_of_threads_gives_the_same_object()
    {
        var module = new AirModule();
        for (int i = 0; i < 200; i++)
        {
            FunctionBuilder f = module.DefineFunction($"f{i}", [TypeId.I32], i % 3 == 0 ? TypeId.I64 : TypeId.I32);
            Operand sum = f.AddWrap(f.Parameter(0), f.Constant(TypeId.I32, i));
            f.Ret(i % 3 == 0 ? f.Intcast(TypeId.I64, sum) : sum);
            module.Export(f.Finish(), $"f{i}");
        }
        byte[] expected = ObjectBytes.Of(ModuleCompiler.Compile(module, CodeGenTarget.Wasm32, new DiagnosticBag()));
        for (int threads = 2; threads < 9; threads++)
            Assert.Equal(expected, ObjectBytes.Of(ModuleCompiler.Compile(module, CodeGenTarget.Wasm32, new DiagnosticBag(), threads)));
    }

    [Fact]
    public void Code_for_64_bit_memories()
    {
        var module = new Compiled { Target = CodeGenTarget.Wasm64 };
        TypeId slice = module.Types.Slice(TypeId.U8, isConst: true);
        TypeId bytes = module.Types.ManyPointer(TypeId.U8, isConst: true);
        ValueTable values = module.Module.Values;
        AirFunction sum = module.Define("sum", [slice], TypeId.U32, f =>
        {
            Operand i = f.Alloc(TypeId.Usize), all = f.Alloc(TypeId.U32);
            f.Store(i, f.Constant(TypeId.Usize, 0));
            f.Store(all, f.Constant(TypeId.U32, 0));
            f.Loop(_ =>
            {
                Operand now = f.Load(i);
                f.If(f.CmpEq(now, f.SliceLen(f.Parameter(0))), () => f.Ret(f.Load(all)));
                f.Store(all, f.Add(f.Load(all), f.Intcast(TypeId.U32, f.SliceElemVal(f.Parameter(0), now))));
                f.Store(i, f.Add(now, f.Constant(TypeId.Usize, 1)));
            });
        });
        module.Define("text", [], TypeId.U32, f => f.Call(sum, values.String("abc")));
        module.Define("filled", [TypeId.U8, TypeId.Usize], TypeId.U32, f =>
        {
            Operand place = f.Alloc(module.Types.Array(TypeId.U8, 300)), copy = f.Alloc(module.Types.Array(TypeId.U8, 300));
            f.Memset(place, f.Parameter(0));
            f.Memcpy(copy, place);
            f.Store(copy, f.Load(place));
            f.Ret(f.Call(sum, f.Slice(slice, f.PtrAdd(bytes, f.Bitcast(bytes, copy), f.Constant(TypeId.Usize, 1)), f.Parameter(1))));
        });
        TypeId unary = module.Types.Function([slice], TypeId.U32);
        AirVariable pointer = module.Module.DefineVariable("pointer", module.Types.FunctionPointer(unary), values.PointerTo(sum.Id));
        module.Define("indirect", [], TypeId.U32, f => f.Call(f.Load(f.PointerTo(pointer)), values.String("b")));
        TypeId color = module.Types.Define("color", new EnumType(TypeId.U8, [new("red", 1), new("green", 5)]));
        module.Define("name", [TypeId.U8], TypeId.U32, f => f.Call(sum, f.TagName(f.Bitcast(color, f.Parameter(0)))));
        module.Define("grow", [], TypeId.Isize, static f => f.WasmMemoryGrow(0, f.Constant(TypeId.Usize, 2)));
        using ObjectLink link = new ObjectLink().Add64("code.o", module.ToObject());
        string[] results = ObjectLink.CallWithCurrentNode(link.Link("weld", "-mwasm64"), "text()", "filled(3, 100n)", "indirect()", "name(5)", "grow() > 0n");
        Assert.Equal(["294", "300", "98", $"{"green".Sum(static letter => letter)}", "true"], results);
    }

    /// <summary>The linker takes an object that no file holds, and says what a routine that is missing is for.</summary>
    [Fact]
    public void Objects_in_memory_are_inputs()
    {
        var module = new Compiled();
        module.Define("one", [], TypeId.I32, static f => f.Constant(TypeId.I32, 1));
        Assert.Equal("", Link(module, out byte[] linked));
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["a.wasm"], linked);
        Assert.Equal(["1"], ObjectLink.Call(folder["a.wasm"], "one()"));
        module.Define("sine", [TypeId.F64], TypeId.F64, static f => f.Sin(f.Parameter(0)));
        string messages = Link(module, out _);
        Assert.Contains("undefined symbol: sin", messages, StringComparison.Ordinal);
        Assert.Contains("f64 sine calls it: add libm.a or libc.a to the link", messages, StringComparison.Ordinal);
    }

    [Fact]
    public void Assembly_is_checked_and_kept()
    {
        var module = new Compiled();
        module.Define("rotate", [TypeId.U32, TypeId.U32], TypeId.U32, f => f.Assembly(TypeId.U32, "i32.rotl\n  i32.const 0x10\n i32.add ", f.Parameter(0), f.Parameter(1)));
        module.Define("load", [TypeId.U32], TypeId.U32, f =>
        {
            Operand place = f.Alloc(module.Types.Array(TypeId.U32, 2));
            f.Store(f.PtrElemPtr(module.Types.Pointer(TypeId.U32), place, f.Constant(TypeId.Usize, 1)), f.Parameter(0));
            f.Ret(f.Assembly(TypeId.U32, "i32.load offset=4 align=1", place));
        });
        module.Expect("rotate", 0x12233441 + 16, 0x11223344, 4);
        module.Expect("load", 77, 77);
        module.Run();
        var bad = new Compiled();
        bad.Define("f", [], TypeId.Void, static f => { f.Assembly(TypeId.Void, "local.get 0"); f.Ret(); });
        var diagnostics = new DiagnosticBag();
        ModuleCompiler.Compile(bad.Module, CodeGenTarget.Wasm32, diagnostics);
        Assert.Contains("'local.get 0' is no instruction", Assert.Single(diagnostics.Diagnostics).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_listing_shows_names()
    {
        var module = new Compiled();
        module.Define("f", [TypeId.I32], TypeId.I32, static f => f.AddWrap(f.Parameter(0), f.Constant(TypeId.I32, 1)));
        ModuleObject mir = module.Compile();
        Assert.Equal(
            """
            function f (i32) -> i32
              local %1 i32
              local.get %0
              i32.const 1
              i32.add
              leave_frame
              return
              unreachable
            end

            """,
            MirListing.Print(mir.Functions[new MirFunctionId(0)]!.Body!, "f", null, mir.Signatures));
    }

    private static string Link(Compiled module, out byte[] linked)
    {
        using var folder = new TemporaryFolder();
        var diagnostics = new DiagnosticBag();
        LinkOptions options = CommandLine.Parse(["--no-entry", "-o", folder["out.wasm"]], diagnostics).Options;
        options.AddInput("code.o", module.Compile());
        LinkPipeline.Run(options, diagnostics, TextWriter.Null);
        linked = File.Exists(folder["out.wasm"]) ? File.ReadAllBytes(folder["out.wasm"]) : [];
        return string.Join('\n', diagnostics.Diagnostics.Select(static diagnostic => string.Join('\n', [diagnostic.ToString(), .. diagnostic.Details])));
    }
}
