using Weld.Mir;
using Weld.Mir.Intrinsics;
using Weld.Mir.Modules;
using Weld.TestSupport;
using Weld.Wasm.Sections;
using Xunit;
using ValueType = Weld.Wasm.Sections.ValueType;

namespace Weld.CodeGen.Tests.Mir;

/// <summary>Objects made of MIR, linked by both linkers, and what LLVM's readers say about them.</summary>
public sealed class ObjectWriterTests
{
    private const string CLibrary = "/usr/lib/wasm32-wasi/libc.a";

    public static TheoryData<string> Linkers => ObjectLink.Linkers;

    [Theory, MemberData(nameof(Linkers))]
    public void An_object_with_everything_runs(string linker)
    {
        using ObjectLink link = new ObjectLink().Add("all.o", ObjectBytes.Of(new SampleModule().AddAll().Module, ("weld", "1"))).AddBuiltins();
        string module = link.Link(linker, "--export=__wasm_call_ctors");
        Assert.Equal(SampleModule.Calls.Select(static call => call.Result), ObjectLink.Call(module, [.. SampleModule.Calls.Select(static call => call.Call)]));
    }

    [Theory, MemberData(nameof(Linkers))]
    public void Without_reference_types_the_table_is_a_byte(string linker)
    {
        using ObjectLink link = new ObjectLink().Add("all.o", ObjectBytes.Of(new SampleModule(features: "mutable-globals").AddAll().Module)).AddBuiltins();
        string module = link.Link(linker);
        Assert.Equal(["42"], ObjectLink.Call(module, "operate(1, 6, 7)"));
    }

    [Fact]
    public void The_same_module_gives_the_same_bytes()
    {
        ModuleObject module = new SampleModule().AddAll().Module;
        byte[] first = ObjectBytes.Of(module);
        Assert.Equal(first, ObjectBytes.Of(module));
        Assert.Equal(first, ObjectBytes.Of(new SampleModule().AddAll().Module));
    }

    [Theory, MemberData(nameof(Linkers))]
    public void C_and_an_object_use_each_other(string linker)
    {
        var sample = new SampleModule();
        MirFunctionId fromC = sample.Declare(1, "c_add", [ValueType.I32, ValueType.I32], [ValueType.I32]);
        MirFunctionId missing = sample.Declare(2, "not_there", [], [ValueType.I32], linkage: MirLinkage.Weak);
        sample.Module.Data[new MirDataId(0)] = new MirDataItem { Name = "c_variable" };
        sample.Module.Data[new MirDataId(1)] = new MirDataItem { Name = "our_variable", Contents = MirDataContents.Create(new byte[] { 5, 0, 0, 0 }, 2) };
        sample.Define(3, "ours", [ValueType.I32], [ValueType.I32], b =>
        {
            b.LocalGet(new MirLocal(0));
            b.DataAddress(new MirDataId(0));
            b.Memory(MirOpcode.I32Load, 2, 0);
            b.Call(fromC);
        }, MirLinkage.Strong);
        sample.Export("null_when_missing", sample.Define(4, "f", [], [ValueType.I32], b => b.FunctionSlot(missing)));
        sample.Define(5, "both_define", [], [ValueType.I32], static b => b.I32Const(1), MirLinkage.Weak);
        const string Source = """
            int ours(int);
            int both_define(void) { return 2; }
            extern int our_variable;
            int c_variable = 30;
            int c_add(int a, int b) { return a + b + our_variable; }
            __attribute__((export_name("run"))) int run(int x) { c_variable++; return ours(x); }
            __attribute__((export_name("which"))) int which(void) { return both_define(); }
            """;
        using ObjectLink link = new ObjectLink().Add("ours.o", ObjectBytes.Of(sample.Module)).AddC(Source);
        Assert.Equal(["136", "137", "0", "2"], ObjectLink.Call(link.Link(linker), "run(100)", "run(100)", "null_when_missing()", "which()"));
    }

    [Theory, MemberData(nameof(Linkers))]
    public void Data_that_nothing_uses_is_dropped(string linker)
    {
        var sample = new SampleModule();
        sample.Module.Data[new MirDataId(0)] = new MirDataItem { Name = "unused", Linkage = MirLinkage.Internal, Contents = MirDataContents.Create("UNUSED"u8.ToArray(), 0) };
        sample.Module.Data[new MirDataId(1)] = new MirDataItem { Name = "kept", Linkage = MirLinkage.Internal, IsRetained = true, Contents = MirDataContents.Create("KEPT"u8.ToArray(), 0) };
        sample.Export("f", sample.Define(0, "f", [], [ValueType.I32], static b => b.I32Const(1)));
        sample.Define(1, "unused_function", [], [ValueType.I32], static b => b.I32Const(0x5ead));
        using ObjectLink link = new ObjectLink().Add("a.o", ObjectBytes.Of(sample.Module));
        byte[] module = File.ReadAllBytes(link.Link(linker, "--strip-all"));
        Assert.Equal(-1, module.AsSpan().IndexOf("UNUSED"u8));
        Assert.NotEqual(-1, module.AsSpan().IndexOf("KEPT"u8));
    }

    [Theory, MemberData(nameof(Linkers))]
    public void Exports_of_data_are_addresses_and_several_names_are_fine(string linker)
    {
        var sample = new SampleModule();
        sample.Module.Data[new MirDataId(0)] = new MirDataItem { Name = "x", Linkage = MirLinkage.Internal, Contents = MirDataContents.Create(new byte[] { 77, 0, 0, 0 }, 2) };
        sample.Export("variable", new MirDataId(0));
        MirFunctionId f = sample.Define(0, "f", [], [ValueType.I32], static b => b.I32Const(1));
        sample.Export("one", f);
        sample.Export("uno", f);
        sample.Export("f", f);
        using ObjectLink link = new ObjectLink().Add("a.o", ObjectBytes.Of(sample.Module));
        Assert.Equal(["77", "1", "1", "1"], ObjectLink.Call(link.Link(linker), "u32(variable.value)", "one()", "uno()", "f()"));
    }

    [Theory, MemberData(nameof(Linkers))]
    public void Thread_locals_are_relative_with_threads_and_ordinary_without(string linker)
    {
        foreach (string[] features in new string[][] { ["atomics", "bulk-memory", "mutable-globals"], ["mutable-globals"] })
        {
            var sample = new SampleModule(features: features);
            bool hasThreads = features.Contains("atomics");
            sample.Module.Data[new MirDataId(0)] = new MirDataItem { Name = "padding", IsThreadLocal = true, Contents = MirDataContents.Create(new byte[] { 1, 0, 0, 0 }, 2) };
            sample.Module.Data[new MirDataId(1)] = new MirDataItem { Name = "local", IsThreadLocal = true, Contents = MirDataContents.Create(new byte[] { 9, 0, 0, 0 }, 2) };
            sample.Export("f", sample.Define(0, "f", [], [ValueType.I32], b =>
            {
                if (hasThreads)
                    b.TlsAddress(new MirDataId(1));
                else
                    b.DataAddress(new MirDataId(1));
                b.Memory(MirOpcode.I32Load, 2, 0);
            }));
            using ObjectLink link = new ObjectLink().Add("a.o", ObjectBytes.Of(sample.Module));
            Assert.Equal(["9"], ObjectLink.Call(link.Link(linker), "f()"));
        }
    }

    [Theory, MemberData(nameof(Linkers))]
    public void Memories_of_64_bits(string linker)
    {
        var sample = new SampleModule(is64: true);
        sample.AddAll();
        sample.Module.Functions[new MirFunctionId(16)] = null;
        sample.Module.Exports.Remove("wide_product");
        using ObjectLink link = new ObjectLink().Add64("all.o", ObjectBytes.Of(sample.Module));
        string module = link.Link(linker, "-mwasm64", "--export=__wasm_call_ctors");
        (string Call, string Result)[] calls = [.. SampleModule.Calls.Where(static call => !call.Call.StartsWith("wide", StringComparison.Ordinal)).Select(static call => (Widen(call.Call), WidenResult(call)))];
        Assert.Equal(calls.Select(static call => call.Result), ObjectLink.CallWithCurrentNode(module, [.. calls.Select(static call => call.Call)]));
    }

    [Fact]
    public void Llvm_reads_the_object()
    {
        using var folder = new TemporaryFolder();
        string path = folder["all.o"];
        File.WriteAllBytes(path, ObjectBytes.Of(new SampleModule().AddAll().Module, ("weld", "1")));
        string symbols = ProcessRunner.Run(Tools.Find("llvm-readobj-22", "llvm-22"), ["--symbols", "--sections", "--relocs", path]).RequireSuccess().StandardOutput;
        Assert.Contains("ImportModule: host", symbols, StringComparison.Ordinal);
        Assert.Contains("R_WASM_MEMORY_ADDR_SLEB", symbols, StringComparison.Ordinal);
        string yaml = ProcessRunner.Run(Tools.Find("obj2yaml-22", "llvm-22"), [path]).RequireSuccess().StandardOutput;
        foreach (string expected in new[] { "Name:            .bss.counter", "Name:            .rodata.operations", "__tag_name_Sparse", "Priority:        100", "R_WASM_TABLE_INDEX_I32", "__multi3", "Tools:" })
            Assert.Contains(expected, yaml, StringComparison.Ordinal);
        Assert.DoesNotContain("not used", yaml, StringComparison.Ordinal);
    }

    /// <summary>The signatures in the table, against the ones that the archives of LLVM and of the C library define.</summary>
    [Theory]
    [InlineData(IntrinsicLibrary.CompilerRt)]
    [InlineData(IntrinsicLibrary.Libm)]
    public void Every_intrinsic_has_the_signature_of_its_archive(IntrinsicLibrary library)
    {
        var sample = new SampleModule();
        foreach (IntrinsicInfo info in IntrinsicTable.Rows)
            if (info.Library == library)
                CallWithZeros(sample, info);
        using ObjectLink link = new ObjectLink().Add("calls.o", ObjectBytes.Of(sample.Module)).AddBuiltins().AddFile(CLibrary);
        // The linkers say when signatures differ.
        foreach (string linker in new[] { "weld", "wasm-ld-22" })
            link.Link(linker, "--fatal-warnings");
    }

    [Fact]
    public void Intrinsics_are_rows_in_the_order_of_their_names()
    {
        Assert.Equal(Enum.GetValues<Intrinsic>(), IntrinsicTable.Rows.ToArray().Select(static row => row.Intrinsic));
        foreach (IntrinsicInfo row in IntrinsicTable.Rows)
        {
            Assert.Equal(row.Symbol.TrimStart('_'), row.Intrinsic.ToString(), ignoreCase: true);
            Assert.Same(row, IntrinsicTable.Find(row.Symbol));
        }
        Assert.Null(IntrinsicTable.Find("printf"));
    }

    private static void CallWithZeros(SampleModule sample, IntrinsicInfo info)
    {
        Signature type = info.Signature(is64: false);
        ValueType[] parameters = type.Parameters.ToArray();
        bool hasResult = type.Results.Length != 0;
        int id = (int)info.Intrinsic;
        sample.Export($"call_{info.Symbol}", sample.Define(id, $"f{id}", [], [], b =>
        {
            foreach (ValueType parameter in parameters)
                switch (parameter)
                {
                    case ValueType.I32:
                        b.I32Const(0);
                        break;
                    case ValueType.I64:
                        b.I64Const(0);
                        break;
                    case ValueType.F32:
                        b.F32Const(0);
                        break;
                    default:
                        b.F64Const(0);
                        break;
                }
            b.CallIntrinsic(info.Intrinsic);
            if (hasResult)
                b.Emit(MirOpcode.Drop);
        }));
    }

    private static string Widen(string call) => call.Replace("(64, ", "(64n, ", StringComparison.Ordinal).Replace("u32(64), u32(68)", "u64(64), u64(72)", StringComparison.Ordinal);

    // Lengths and addresses are BigInts there.
    private static string WidenResult((string Call, string Result) call) =>
        call.Call.StartsWith("error_length", StringComparison.Ordinal) || call.Call.StartsWith("alignment", StringComparison.Ordinal) ? call.Result + "n" : call.Result;
}
