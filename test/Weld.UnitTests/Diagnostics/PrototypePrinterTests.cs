using Weld.Linker.Diagnostics;
using Weld.Wasm.Sections;
using Xunit;
using ValueType = Weld.Wasm.Sections.ValueType;

namespace Weld.UnitTests.Diagnostics;

public sealed class PrototypePrinterTests
{
    [Theory]
    [InlineData("", "", "void f(void)")]
    [InlineData("i32 f64", "i32", "int f(int, double)")]
    [InlineData("i64 f32", "f64", "double f(long long, float)")]
    [InlineData("v128 externref", "v128", "v128_t f(v128_t, __externref_t)")]
    [InlineData("funcref exnref", "", "void f(funcref, exnref)")]
    [InlineData("i32", "i32 i64", "(int, long long) f(int)")]
    public void Writes_a_prototype(string parameters, string results, string expected) =>
        Assert.Equal(expected, PrototypePrinter.Print("f", Make(parameters, results)));

    [Theory]
    [InlineData("a::f(int, char (*)(int))", "int a::f(int)")]
    [InlineData("a::f() const", "int a::f(int)")]
    [InlineData("(anonymous namespace)::f(int)", "int (anonymous namespace)::f(int)")]
    [InlineData("(anonymous namespace)::f", "int (anonymous namespace)::f(int)")]
    [InlineData("a::operator()(int)", "int a::operator()(int)")]
    [InlineData("a::operator()", "int a::operator()(int)")]
    [InlineData("(x)", "int (x)(int)")]
    [InlineData("odd)", "int odd)(int)")]
    public void Replaces_the_parameters_of_a_demangled_name(string name, string expected) =>
        Assert.Equal(expected, PrototypePrinter.Print(name, Make("i32", "i32")));

    [Fact]
    public void Shortens_endless_lists()
    {
        string text = PrototypePrinter.Print("f", Signature.Create(Enumerable.Repeat(ValueType.I32, 100_000).ToArray(), []));
        Assert.EndsWith("int, int, and 99960 more)", text, StringComparison.Ordinal);
    }

    private static Signature Make(string parameters, string results) => Signature.Create(Types(parameters), Types(results));

    private static ValueType[] Types(string names) =>
        [.. names.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(n => Enum.Parse<ValueType>(n, ignoreCase: true))];
}
