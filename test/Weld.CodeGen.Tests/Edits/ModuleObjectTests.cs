using Weld.Base.Diagnostics;
using Weld.CodeGen.Tests.Mir;
using Weld.Linker;
using Weld.Linker.Options;
using Weld.Mir;
using Weld.Mir.Intrinsics;
using Weld.Mir.Modules;
using Weld.TestSupport;
using Xunit;
using ValueType = Weld.Wasm.Sections.ValueType;

namespace Weld.CodeGen.Tests.Edits;

/// <summary>A module in memory: what is refused, threads, and how the linker takes it.</summary>
public sealed class ModuleObjectTests
{
    [Fact]
    public void What_was_removed_and_is_still_used_is_named_with_its_user()
    {
        var sample = new SampleModule();
        MirFunctionId helper = sample.Define(1, "helper", [], [], static _ => { });
        sample.Module.Data[new MirDataId(4)] = new MirDataItem { Name = "table", Contents = MirDataContents.Create(new byte[4], 2, new MirDataRelocation(0, helper, MirUse.Slot, 0)) };
        sample.Module.Constants[new MirConstantId(2)] = MirDataContents.Zeros(4, 2);
        sample.Module.Enums[new MirEnumId(3)] = new MirEnumItem("color", 8, [(0, "red")]);
        sample.Define(0, "main", [], [], b =>
        {
            b.Call(helper);
            b.Call(helper);
            b.DataAddress(new MirDataId(4));
            b.Emit(MirOpcode.Drop);
            b.ConstantAddress(new MirConstantId(2), 2);
            b.I32Const(0);
            b.CallTagName(new MirEnumId(3));
        });
        sample.Export("run", helper);
        sample.Module.InitFunctions = [new MirInitFunction(helper, 1)];
        Assert.Empty(Messages(sample.Module));
        sample.Module.Functions.Remove(helper);
        sample.Module.Constants.Remove(new MirConstantId(2));
        sample.Module.Enums.Remove(new MirEnumId(3));
        Assert.Equal(
            [
                "function main: refers to function helper, which was removed from the module",
                "function main: refers to constant #2, which was removed from the module",
                "function main: refers to enum color, which was removed from the module",
                "data table: refers to function helper, which was removed from the module",
                "list of init functions: refers to function helper, which was removed from the module",
                "export run: refers to function helper, which was removed from the module",
            ],
            Messages(sample.Module));
        Assert.Null(sample.Module.Read(new DiagnosticBag()));
    }

    [Fact]
    public void What_has_the_number_of_something_removed_is_not_taken_for_it()
    {
        var sample = new SampleModule();
        MirFunctionId helper = sample.Module.Functions.Reserve();
        MirFunctionId main = sample.Module.Functions.Reserve();
        sample.Define(helper.Index, "helper", [], [], static _ => { });
        sample.Define(main.Index, "main", [], [], b => b.Call(helper));
        sample.Module.Functions.Remove(helper);
        MirFunctionId other = sample.Module.Functions.Reserve();
        Assert.Equal(helper, other);
        sample.Define(other.Index, "other", [], [], static _ => { });
        Assert.Equal(["function main: refers to function helper, which was removed from the module"], Messages(sample.Module));
        sample.Define(main.Index, "main", [], [], b => b.Call(other));
        Assert.Empty(Messages(sample.Module));
    }

    [Fact]
    public void What_is_set_again_by_its_number_is_the_same()
    {
        var sample = new SampleModule();
        MirFunctionId helper = sample.Define(7, "helper", [], [], static _ => { });
        sample.Define(3, "main", [], [], b => b.Call(helper));
        byte[] before = ObjectBytes.Of(sample.Module);
        sample.Module.Functions.Remove(helper);
        Assert.Single(Messages(sample.Module));
        sample.Define(7, "helper", [], [], static _ => { });
        Assert.Equal(before, ObjectBytes.Of(sample.Module));
    }

    [Fact]
    public void What_was_never_there_and_what_is_only_declared_is_named()
    {
        var sample = new SampleModule();
        sample.Define(0, "main", [], [], static b => b.Call(new MirFunctionId(12)));
        sample.Export("imported", sample.Declare(1, "host", [], []));
        sample.Export("memory_of_c", new MirDataId(0));
        sample.Module.Data[new MirDataId(0)] = new MirDataItem { Name = "c" };
        Assert.Equal(
            [
                "function main: refers to function #12, which is not in the module",
                "export imported: refers to function host, which is only declared",
                "export memory_of_c: refers to data c, which is only declared",
            ],
            Messages(sample.Module));
    }

    [Fact]
    public void Messages_of_a_module_come_out_of_the_link()
    {
        var sample = new SampleModule();
        sample.Define(0, "main", [], [], static b => b.Call(new MirFunctionId(12)));
        Assert.Equal(["function main: refers to function #12, which is not in the module"], Link(sample.Module, out _));
    }

    [Fact]
    public void Items_may_be_set_from_any_thread()
    {
        byte[] expected = ObjectBytes.Of(Fill(threads: 1));
        for (int run = 0; run < 5; run++)
            Assert.Equal(expected, ObjectBytes.Of(Fill(threads: 8)));
    }

    [Fact]
    public void Order_comes_before_names()
    {
        var sample = new SampleModule();
        foreach ((string name, int order) in new[] { ("b", 1), ("a", 1), ("z", 0) })
            sample.Export(name, sample.Module.Functions.Add(new MirFunctionItem { Name = name, Order = order, Signature = sample.Type([]), Body = sample.Body([], [], static _ => { }) }));
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["a.o"], ObjectBytes.Of(sample.Module));
        string text = ProcessRunner.Run(Tools.Find("wasm-objdump", "wabt"), ["-x", folder["a.o"]]).RequireSuccess().StandardOutput;
        int[] places = [.. new[] { "z", "a", "b" }.Select(name => text.IndexOf($"<{name}>", StringComparison.Ordinal))];
        Assert.DoesNotContain(-1, places);
        Assert.Equal(places.Order(), places);
    }

    [Theory, MemberData(nameof(Linkers))]
    public void Constants_without_names_are_exported(string linker)
    {
        var sample = new SampleModule();
        sample.Module.Constants[new MirConstantId(0)] = MirDataContents.Create(new byte[] { 9, 0, 0, 0 }, 2);
        sample.Module.Constants[new MirConstantId(1)] = MirDataContents.Create(new byte[4], 2, new MirDataRelocation(0, new MirConstantId(0), MirUse.Address, 0));
        sample.Export("number", new MirConstantId(0));
        sample.Export("pointer", new MirConstantId(1));
        using ObjectLink link = new ObjectLink().Add("a.o", ObjectBytes.Of(sample.Module));
        Assert.Equal(["9", "9"], ObjectLink.Call(link.Link(linker), "u32(number.value)", "u32(u32(pointer.value))"));
    }

    [Fact]
    public void Equal_constants_are_one_with_the_largest_alignment()
    {
        var sample = new SampleModule();
        for (int i = 0; i < 4; i++)
            sample.Module.Constants[new MirConstantId(i)] = MirDataContents.Create("equal text"u8.ToArray(), i);
        // Lists of two, whose parts are equal.
        for (int i = 0; i < 4; i++)
            sample.Module.Constants[new MirConstantId(10 + i)] = MirDataContents.Create(new byte[4], 2, new MirDataRelocation(0, new MirConstantId(i), MirUse.Address, 0));
        for (int i = 0; i < 4; i++)
        {
            int number = i;
            sample.Export($"text{i}", sample.Define(i, $"text{i}", [], [ValueType.I32], b => b.ConstantAddress(new MirConstantId(number), number == 1 ? 5 : 0)));
            sample.Export($"list{i}", sample.Define(10 + i, $"list{i}", [], [ValueType.I32], b => b.ConstantAddress(new MirConstantId(10 + number), 2)));
        }
        Assert.Empty(Link(sample.Module, out byte[] module));
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["a.wasm"], module);
        Assert.Equal(
            ["true", "true", "0"],
            ObjectLink.Call(folder["a.wasm"], "new Set([text0(), text1(), text2(), text3()]).size == 1", "new Set([list0(), list1(), list2(), list3()]).size == 1", "text3() % 32"));
        int first = module.AsSpan().IndexOf("equal text"u8);
        Assert.NotEqual(-1, first);
        Assert.Equal(-1, module.AsSpan(first + 1).IndexOf("equal text"u8));
    }

    [Fact]
    public void Constants_in_a_circle_are_fine()
    {
        var sample = new SampleModule();
        sample.Module.Constants[new MirConstantId(0)] = MirDataContents.Create(new byte[4], 2, new MirDataRelocation(0, new MirConstantId(1), MirUse.Address, 0));
        sample.Module.Constants[new MirConstantId(1)] = MirDataContents.Create(new byte[4], 2, new MirDataRelocation(0, new MirConstantId(0), MirUse.Address, 0));
        sample.Export("f", sample.Define(0, "f", [], [ValueType.I32], static b => b.ConstantAddress(new MirConstantId(0), 2)));
        Assert.Empty(Link(sample.Module, out byte[] module));
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["a.wasm"], module);
        Assert.Equal(["true"], ObjectLink.Call(folder["a.wasm"], "u32(u32(f())) == f()"));
    }

    /// <summary>A list of constants as long as it likes must not cost stack.</summary>
    [Fact]
    public void Long_lists_of_constants_are_fine()
    {
        const int Length = 100_000;
        var sample = new SampleModule();
        for (int i = 0; i < Length; i++)
            sample.Module.Constants[new MirConstantId(i)] = MirDataContents.Create(new byte[] { 0, 0, 0, 0, (byte)i, (byte)(i >> 8), (byte)(i >> 16), 0 }, 2, new MirDataRelocation(0, new MirConstantId(Math.Min(i + 1, Length - 1)), MirUse.Address, 0));
        sample.Export("f", sample.Define(0, "f", [], [ValueType.I32], static b => b.ConstantAddress(new MirConstantId(0), 2)));
        Assert.True(ObjectBytes.Of(sample.Module).Length > Length * 8);
    }

    [Fact]
    public void A_routine_that_is_missing_is_explained()
    {
        var sample = new SampleModule();
        sample.Export("f", sample.Define(0, "f", [], [], static b =>
        {
            b.AddressConst(0);
            for (int i = 0; i < 4; i++)
                b.I64Const(1);
            b.CallIntrinsic(Intrinsic.Multi3);
        }));
        string message = Assert.Single(Link(sample.Module, out _));
        Assert.Contains("undefined symbol: __multi3", message, StringComparison.Ordinal);
        Assert.Contains("128-bit multiplication calls it: add libclang_rt.builtins-wasm32.a (compiler-rt) to the link", message, StringComparison.Ordinal);
    }

    public static TheoryData<string> Linkers => ObjectLink.Linkers;

    private static ModuleObject Fill(int threads)
    {
        var module = new ModuleObject(is64: false, new MirSignaturePool(), SampleModule.DefaultFeatures);
        Parallel.For(0, 400, new ParallelOptions { MaxDegreeOfParallelism = threads }, index =>
        {
            var builder = new MirBuilder(is64: false);
            ValueType[] parameters = [.. Enumerable.Repeat(ValueType.I32, index % 7)];
            MirSignatureId type = module.Signatures.Add(parameters, []);
            builder.Begin(type, parameters);
            builder.ConstantAddress(new MirConstantId(index), 2);
            builder.Emit(MirOpcode.Drop);
            if (index > 10 && (index - 1) % 7 == 0)
                builder.Call(new MirFunctionId(index - 1));
            module.Constants.Set(new MirConstantId(index), MirDataContents.Create(new byte[] { (byte)index, 0, 0, 0 }, 2));
            module.Functions.Set(new MirFunctionId(index), new MirFunctionItem { Name = $"f{index}", Order = index, Signature = type, Body = builder.Build() });
            module.Exports.Set(new MirExport($"export{index}", new MirFunctionId(index)));
            module.SetErrorName(index + 1, $"error{index}");
        });
        return module;
    }

    private static string[] Messages(ModuleObject module)
    {
        var diagnostics = new DiagnosticBag();
        module.Read(diagnostics);
        return [.. diagnostics.Diagnostics.Select(static diagnostic => diagnostic.ToString())];
    }

    private static string[] Link(ModuleObject module, out byte[] linked)
    {
        using var folder = new TemporaryFolder();
        var diagnostics = new DiagnosticBag();
        var options = new LinkOptions { OutputFile = folder["out.wasm"], Entry = "" };
        options.AddInput("module", module);
        LinkPipeline.Run(options, diagnostics, TextWriter.Null);
        linked = File.Exists(options.OutputFile) ? File.ReadAllBytes(options.OutputFile) : [];
        return [.. diagnostics.Diagnostics.Select(static diagnostic => string.Join('\n', [diagnostic.ToString(), .. diagnostic.Details]))];
    }
}
