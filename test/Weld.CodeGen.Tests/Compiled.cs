using System.Globalization;
using System.Text;
using Weld.Air.Verification;
using Weld.Base.Diagnostics;
using Weld.Mir.Modules;
using Weld.TestSupport;
using Xunit;

namespace Weld.CodeGen.Tests;

/// <summary>A module of AIR that a test builds, with calls of its functions and what they must give.</summary>
internal sealed class Compiled
{
    private readonly StringBuilder _cases = new();

    public AirModule Module { get; } = new();

    public TypeTable Types => Module.Types;

    public CodeGenTarget Target { get; init; } = CodeGenTarget.Wasm32;

    /// <summary>Defines and exports a function; names are given numbers when they are taken.</summary>
    public AirFunction Define(string name, TypeId[] parameters, TypeId result, Action<FunctionBuilder> build, CallingConvention convention = CallingConvention.Auto)
    {
        FunctionBuilder f = Module.DefineFunction(name, parameters, result, convention);
        build(f);
        AirFunction function = f.Finish();
        Module.Export(function, name);
        return function;
    }

    /// <summary>Defines a function that returns what an instruction gives.</summary>
    public AirFunction Define(string name, TypeId[] parameters, TypeId result, Func<FunctionBuilder, Operand> build) =>
        Define(name, parameters, result, f => f.Ret(build(f)));

    /// <summary>A call of an export: values as <see cref="Value(TypeId, BigInteger)"/> gives them, or "trap".</summary>
    public void Expect(string name, IEnumerable<string> arguments, string result) =>
        _cases.Append(CultureInfo.InvariantCulture, $"{name} {string.Join("", arguments.Select(static argument => argument + " "))}= {result}\n");

    /// <summary>A call with i32 arguments and an i32 result.</summary>
    public void Expect(string name, long result, params long[] arguments) =>
        Expect(name, arguments.Select(static argument => I32(argument)), I32(result));

    public static string I32(long value) => $"i{unchecked((uint)value):x}";

    public static string I64(long value) => $"l{unchecked((ulong)value):x}";

    public static string F32(float value) => $"f{BitConverter.SingleToUInt32Bits(value):x}";

    public static string F64(double value) => $"d{BitConverter.DoubleToUInt64Bits(value):x}";

    /// <summary>An integer in its register: sign- or zero-extended.</summary>
    public string Value(TypeId type, BigInteger value)
    {
        var integer = (IntegerType)Types[type];
        int bits = integer.IsPointerSized ? Target.Air.PointerBits : integer.Bits;
        return bits > 32 ? $"l{(ulong)(value & ulong.MaxValue):x}" : $"i{(uint)(value & uint.MaxValue):x}";
    }

    public ModuleObject Compile()
    {
        var diagnostics = new DiagnosticBag();
        Verifier.Run(Module, Target.Air, diagnostics);
        Assert.Empty(diagnostics.Diagnostics);
        ModuleObject module = ModuleCompiler.Compile(Module, Target, diagnostics);
        Assert.Empty(diagnostics.Diagnostics);
        return module;
    }

    public byte[] ToObject() => ObjectBytes.Of(Compile());

    /// <summary>Compiles, links, and calls everything that was expected.</summary>
    public void Run(Action<ObjectLink>? add = null, params string[] options)
    {
        using ObjectLink link = new ObjectLink().Add("code.o", ToObject());
        add?.Invoke(link);
        string module = link.Link("weld", options);
        using var folder = new TemporaryFolder();
        string cases = folder.Write("cases", _cases.ToString());
        ProcessResult result = ProcessRunner.Run(Tools.Node, ["--no-warnings", Repository.Path("test", "Weld.CodeGen.Tests", "cases.mjs"), module, cases]).RequireSuccess();
        int count = _cases.ToString().Count(static c => c == '\n');
        Assert.Equal($"{count} cases, 0 wrong", result.StandardOutput.TrimEnd());
    }
}
