using Xunit;

namespace Weld.CodeGen.Tests.Functions;

/// <summary>f32 and f64 against .NET's arithmetic, which is IEEE's.</summary>
public sealed class FloatTests
{
    private static readonly double[] Values =
        [0, -0.0, 1, -1, 0.5, -0.5, 1.5, -1.5, 2.5, -2.5, 0.49999999999999994, 7.25, -7.25, 3, -3, 1e10, -1e10, 4503599627370497.5,
         double.PositiveInfinity, double.NegativeInfinity, double.NaN, double.Epsilon, double.MaxValue, 0.1];

    [Fact]
    public void Doubles()
    {
        var module = new Compiled();
        foreach ((string name, Func<FunctionBuilder, Operand, Operand, Operand> emit, Func<double, double, double> result) in Binaries())
        {
            module.Define(name, [TypeId.F64, TypeId.F64], TypeId.F64, f => emit(f, f.Parameter(0), f.Parameter(1)));
            foreach (double x in Values)
                foreach (double y in Values)
                    module.Expect(name, [Compiled.F64(x), Compiled.F64(y)], Compiled.F64(result(x, y)));
        }
        foreach ((string name, Func<FunctionBuilder, Operand, Operand> emit, Func<double, double> result) in Unaries())
        {
            module.Define(name, [TypeId.F64], TypeId.F64, f => emit(f, f.Parameter(0)));
            foreach (double x in Values)
                module.Expect(name, [Compiled.F64(x)], Compiled.F64(result(x)));
        }
        AddComparisons(module, TypeId.F64, Compiled.F64);
        module.Define("mul_add", [TypeId.F64, TypeId.F64, TypeId.F64], TypeId.F64, f => f.MulAdd(f.Parameter(0), f.Parameter(1), f.Parameter(2)));
        // Rounded twice, this would be 0.
        double third = 1.0 / 3;
        module.Expect("mul_add", [Compiled.F64(third), Compiled.F64(3), Compiled.F64(-1)], Compiled.F64(Math.FusedMultiplyAdd(third, 3, -1)));
        Assert.NotEqual(0, Math.FusedMultiplyAdd(third, 3, -1));
        module.Run(static link => link.AddFile(ObjectLink.CLibrary).AddBuiltins());
    }

    [Fact]
    public void Floats()
    {
        var module = new Compiled();
        foreach ((string name, Func<FunctionBuilder, Operand, Operand, Operand> emit, Func<double, double, double> result) in Binaries())
        {
            module.Define(name, [TypeId.F32, TypeId.F32], TypeId.F32, f => emit(f, f.Parameter(0), f.Parameter(1)));
            // Rounding to f32 after f64 is the same as rounding once for these; fmod and mod are exact, but for the sum.
            foreach (double x in Values)
                foreach (double y in Values)
                    if (name != "mod")
                        module.Expect(name, [Compiled.F32((float)x), Compiled.F32((float)y)], Compiled.F32((float)result((float)x, (float)y)));
        }
        foreach ((string name, Func<FunctionBuilder, Operand, Operand> emit, Func<double, double> result) in Unaries())
        {
            module.Define(name, [TypeId.F32], TypeId.F32, f => emit(f, f.Parameter(0)));
            foreach (double x in Values)
                module.Expect(name, [Compiled.F32((float)x)], Compiled.F32((float)result((float)x)));
        }
        AddComparisons(module, TypeId.F32, static value => Compiled.F32((float)value));
        module.Run(static link => link.AddFile(ObjectLink.CLibrary).AddBuiltins());
    }

    [Fact]
    public void Functions_of_the_library()
    {
        var module = new Compiled();
        (string Name, Func<FunctionBuilder, Operand, Operand> Emit)[] functions =
        [
            ("sin", static (f, x) => f.Sin(x)), ("cos", static (f, x) => f.Cos(x)), ("tan", static (f, x) => f.Tan(x)), ("exp", static (f, x) => f.Exp(x)),
            ("exp2", static (f, x) => f.Exp2(x)), ("log", static (f, x) => f.Log(x)), ("log2", static (f, x) => f.Log2(x)), ("log10", static (f, x) => f.Log10(x)),
        ];
        foreach ((string name, Func<FunctionBuilder, Operand, Operand> emit) in functions)
        {
            module.Define("call_" + name, [TypeId.F64], TypeId.F64, f => emit(f, f.Parameter(0)));
            module.Define("call_" + name + "f", [TypeId.F32], TypeId.F32, f => emit(f, f.Parameter(0)));
        }
        // Numbers whose results are exact.
        foreach ((string name, double x, double result) in new[] { ("sin", 0.0, 0.0), ("cos", 0, 1), ("tan", 0, 0), ("exp", 0, 1), ("exp2", 3, 8), ("log", 1, 0), ("log2", 8, 3), ("log10", 1000, 3) })
        {
            module.Expect("call_" + name, [Compiled.F64(x)], Compiled.F64(result));
            module.Expect("call_" + name + "f", [Compiled.F32((float)x)], Compiled.F32((float)result));
        }
        module.Run(static link => link.AddFile(ObjectLink.CLibrary).AddBuiltins());
    }

    private static void AddComparisons(Compiled module, TypeId type, Func<double, string> print)
    {
        (string Name, Func<FunctionBuilder, Operand, Operand, Operand> Emit, Func<double, double, bool> Result)[] rows =
        [
            ("lt", static (f, x, y) => f.CmpLt(x, y), static (x, y) => x < y),
            ("lte", static (f, x, y) => f.CmpLte(x, y), static (x, y) => x <= y),
            ("eq", static (f, x, y) => f.CmpEq(x, y), static (x, y) => x == y),
            ("gte", static (f, x, y) => f.CmpGte(x, y), static (x, y) => x >= y),
            ("gt", static (f, x, y) => f.CmpGt(x, y), static (x, y) => x > y),
            ("neq", static (f, x, y) => f.CmpNeq(x, y), static (x, y) => x != y),
        ];
        foreach ((string name, Func<FunctionBuilder, Operand, Operand, Operand> emit, Func<double, double, bool> result) in rows)
        {
            module.Define("cmp_" + name, [type, type], TypeId.Bool, f => emit(f, f.Parameter(0), f.Parameter(1)));
            foreach (double x in Values)
                foreach (double y in Values)
                {
                    bool isSingle = type == TypeId.F32;
                    module.Expect("cmp_" + name, [print(x), print(y)], Compiled.I32(result(isSingle ? (float)x : x, isSingle ? (float)y : y) ? 1 : 0));
                }
        }
    }

    private static IEnumerable<(string, Func<FunctionBuilder, Operand, Operand, Operand>, Func<double, double, double>)> Binaries() =>
    [
        ("add", static (f, x, y) => f.Add(x, y), static (x, y) => x + y),
        ("sub", static (f, x, y) => f.Sub(x, y), static (x, y) => x - y),
        ("mul", static (f, x, y) => f.Mul(x, y), static (x, y) => x * y),
        ("div_float", static (f, x, y) => f.DivFloat(x, y), static (x, y) => x / y),
        ("rem", static (f, x, y) => f.Rem(x, y), static (x, y) => x % y),
        ("mod", static (f, x, y) => f.Mod(x, y), static (x, y) => x % y is var r && r != 0 && r < 0 != y < 0 ? r + y : r),
        ("max", static (f, x, y) => f.Max(x, y), static (x, y) => double.IsNaN(x) ? y : double.IsNaN(y) ? x : Math.Max(x, y)),
        ("min", static (f, x, y) => f.Min(x, y), static (x, y) => double.IsNaN(x) ? y : double.IsNaN(y) ? x : Math.Min(x, y)),
    ];

    private static IEnumerable<(string, Func<FunctionBuilder, Operand, Operand>, Func<double, double>)> Unaries() =>
    [
        ("neg", static (f, x) => f.Neg(x), static x => -x),
        ("abs", static (f, x) => f.Abs(x), Math.Abs),
        ("sqrt", static (f, x) => f.Sqrt(x), Math.Sqrt),
        ("floor", static (f, x) => f.Floor(x), Math.Floor),
        ("ceil", static (f, x) => f.Ceil(x), Math.Ceiling),
        ("trunc", static (f, x) => f.TruncFloat(x), Math.Truncate),
        ("round", static (f, x) => f.Round(x), static x => Math.Round(x, MidpointRounding.AwayFromZero)),
    ];
}
