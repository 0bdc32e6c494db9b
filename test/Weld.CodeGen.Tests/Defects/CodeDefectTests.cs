using System.Text.RegularExpressions;
using Weld.Base.Diagnostics;
using Weld.TestSupport;
using Xunit;

namespace Weld.CodeGen.Tests.Defects;

/// <summary>Defects of another code generator that no other test is about, and the table of all of them.</summary>
public sealed partial class CodeDefectTests
{
    /// <summary>Atomics of the wrong width, and of signed values that never become equal: until they are compiled they are refused.</summary>
    [Theory]
    [InlineData(WasmFeatures.Default)]
    [InlineData(WasmFeatures.Default | WasmFeatures.Atomics)]
    public void Atomics_are_refused(WasmFeatures features)
    {
        var module = new AirModule();
        foreach (TypeId type in new[] { TypeId.I8, TypeId.I16, TypeId.I32, TypeId.I64 })
        {
            TypeId pointer = module.Types.Pointer(type);
            FunctionBuilder f = module.DefineFunction($"exchange{type.Index}", [pointer, type], module.Types.Optional(type));
            f.Ret(f.CmpxchgStrong(f.Parameter(0), f.Parameter(1), f.Parameter(1), MemoryOrder.SeqCst, MemoryOrder.SeqCst));
            f.Finish();
            f = module.DefineFunction($"most{type.Index}", [pointer, type], type);
            f.Ret(f.AtomicRmw(RmwOperator.Max, f.Parameter(0), f.Parameter(1), MemoryOrder.SeqCst));
            f.Finish();
        }
        var diagnostics = new DiagnosticBag();
        ModuleCompiler.Compile(module, new CodeGenTarget(false, features), diagnostics);
        Assert.Equal(8, diagnostics.ErrorCount);
        Assert.All(diagnostics.Diagnostics, static diagnostic => Assert.Equal("unsupported-instruction", diagnostic.Descriptor.Name));
    }

    [Fact]
    public void No_error_is_in_an_empty_set()
    {
        var module = new Compiled();
        module.Module.Errors.Intern("First");
        TypeId gap = module.Types.ErrorSet("First", "Third", "Fourth");
        module.Module.Errors.Intern("Second");
        TypeId all = module.Types.ErrorSet("First", "Second", "Third", "Fourth");
        foreach ((string name, TypeId set) in new[] { ("empty", module.Types.ErrorSet()), ("gap", gap) })
            module.Define(name, [TypeId.U16], TypeId.Bool, f => f.ErrorSetHasValue(set, f.Bitcast(all, f.Parameter(0))));
        foreach (int number in new[] { 0, 1, 2, 3, 4, 5, 65535 })
        {
            module.Expect("empty", 0, number);
            module.Expect("gap", module.Module.Errors.Count >= number && number > 0 && module.Module.Errors[new ErrorId(number - 1)] != "Second" ? 1 : 0, number);
        }
        module.Run();
    }

    [Fact]
    public void A_switch_over_64_bits_looks_at_all_of_them()
    {
        var module = new Compiled();
        module.Define("dense", [TypeId.U64], TypeId.I32, f => f.SwitchBr(f.Parameter(0), s =>
        {
            for (int i = 0; i < 6; i++)
            {
                int number = i;
                s.Case(module.Module.Values.Integer(TypeId.U64, i), () => f.Ret(f.Constant(TypeId.I32, number)));
            }
            s.Else(() => f.Ret(f.Constant(TypeId.I32, -1)));
        }));
        foreach (long value in new[] { 0L, 5, 6, 1L << 32, (1L << 32) + 3, (1L << 63) + 2, -1 })
            module.Expect("dense", [Compiled.I64(value)], Compiled.I32(value is >= 0 and < 6 ? value : -1));
        module.Run();
    }

    [Fact]
    public void The_signed_modulus_does_not_overflow()
    {
        var module = new Compiled();
        module.Define("mod", [TypeId.I32, TypeId.I32], TypeId.I32, static f => f.Mod(f.Parameter(0), f.Parameter(1)));
        module.Expect("mod", 2147483646, 2147483646, 2147483647);
        module.Expect("mod", 2147483646, -1, 2147483647);
        module.Expect("mod", -2147483647, 1, -2147483648);
        module.Run();
    }

    [Fact]
    public void Numbers_of_65_to_127_bits_are_refused_by_name()
    {
        var module = new AirModule();
        TypeId type = module.Types.Signed(100);
        FunctionBuilder f = module.DefineFunction("zeros", [type], TypeId.U8);
        f.Ret(f.Clz(TypeId.U8, f.Parameter(0)));
        f.Finish();
        var diagnostics = new DiagnosticBag();
        ModuleCompiler.Compile(module, CodeGenTarget.Wasm32, diagnostics);
        Assert.Equal("function zeros: cannot compile clz of i100, u8: not supported yet", Assert.Single(diagnostics.Diagnostics).ToString());
    }

    /// <summary>Every defect is in the table of docs/air-testing.md, and every test that it names exists.</summary>
    [Fact]
    public void The_table_names_tests_that_exist()
    {
        string text = File.ReadAllText(Repository.Path("docs", "air-testing.md"));
        Match[] rows = [.. DefectRow().Matches(text).AsEnumerable()];
        Assert.Equal(Enumerable.Range(1, 33), rows.Select(static row => int.Parse(row.Groups[1].ValueSpan, System.Globalization.CultureInfo.InvariantCulture)));
        Dictionary<string, string> sources = Directory.GetFiles(Repository.Path("test"), "*Tests.cs", SearchOption.AllDirectories)
            .GroupBy(static path => Path.GetFileNameWithoutExtension(path)).ToDictionary(static group => group.Key, static group => string.Concat(group.Select(File.ReadAllText)));
        foreach (Match row in rows)
        {
            Match[] tests = [.. TestName().Matches(row.Groups[2].Value).AsEnumerable()];
            Assert.True(tests.Length > 0, row.Value);
            Assert.All(tests, test => Assert.Contains($" {test.Groups[2].Value}(", sources[test.Groups[1].Value], StringComparison.Ordinal));
        }
    }

    [GeneratedRegex(@"^\| (\d+) \|[^|]*\|([^|]*)\|$", RegexOptions.Multiline)]
    private static partial Regex DefectRow();

    [GeneratedRegex(@"`(\w+)\.(\w+)`")]
    private static partial Regex TestName();
}
