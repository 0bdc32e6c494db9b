using Weld.Air.Text;
using Weld.Air.Verification;
using Weld.Base.Diagnostics;

namespace Weld.Air.Tests.Verification;

/// <summary>Mistakes that text cannot express: made with the builder.</summary>
public sealed class BuiltModuleTests
{
    /// <summary>The rules that only a builder can break.</summary>
    internal static readonly string[] Codes = ["WELD1110", "WELD1111", "WELD1122"];

    private readonly AirModule _module = new();

    [Fact]
    public void A_built_module_without_mistakes_is_good()
    {
        var diagnostics = new DiagnosticBag();
        Assert.True(Verifier.Run(Building.GcdExample.Build(), AirTarget.Wasm32, diagnostics));
        Assert.Empty(diagnostics.Diagnostics);
    }

    [Fact]
    public void Args_are_only_at_the_start() => Fails("WELD1110", "@f %0 (arg)", f => f.Emit(AirOpcode.Arg, TypeId.U32, 0));

    [Fact]
    public void Operands_must_exist()
    {
        Fails("WELD1111", "@f %0 (neg)", f => f.Emit(AirOpcode.Neg, TypeId.U32, new Operand().Raw));
        Fails("WELD1111", "@f %0 (neg)", f => f.Emit(AirOpcode.Neg, TypeId.U32, ((Operand)new InstructionId(1000)).Raw));
        Fails("WELD1111", "@f %0 (neg)", f => f.Emit(AirOpcode.Neg, TypeId.U32, ((Operand)new ValueId(1000)).Raw));
        Fails("WELD1111", "@f %0 (neg)", f => f.Emit(AirOpcode.Neg, new TypeId(1000), ((Operand)ValueId.True).Raw));
        Fails("WELD1111", "@f %0 (fence)", f => f.Emit(AirOpcode.Fence, TypeId.Void, 77));
        Fails("WELD1111", "@f %0 (dbg_stmt)", f => f.Emit(AirOpcode.DbgStmt, TypeId.Void, 1, -2));
        Fails("WELD1111", "@f %0 (call)", f => f.Emit(AirOpcode.Call, TypeId.Void));
        Fails("WELD1111", "@f %0 (call)", f => f.Emit(AirOpcode.Call, TypeId.Void, ((Operand)ValueId.True).Raw, 0));
        Fails("WELD1111", "@f %0 (assembly)", f => f.Emit(AirOpcode.Assembly, TypeId.Void, 55));
        Fails("WELD1111", "@f %0 (thread_local_ptr)", f => f.Emit(AirOpcode.ThreadLocalPtr, TypeId.Void, 55));
        Fails("WELD1111", "@f %0 (shuffle_one)", f => f.Emit(AirOpcode.ShuffleOne, TypeId.Void, ((Operand)ValueId.True).Raw, -500));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1, 0)]
    [InlineData(-1, 0, 1)]
    [InlineData(1, 0, 1)]
    [InlineData(1, 0, 1, 0, 1, 1)]
    [InlineData(1, 0, 1, 0, 1, 9999, 1)]
    [InlineData(1, 0, int.MaxValue, int.MaxValue, 1, 1)]
    [InlineData(1, 0, -1, 0, 1, 1)]
    public void The_words_of_a_switch_must_be_cases(params int[] words) =>
        Fails("WELD1111", "@f %0 (switch_br)", f => f.Emit(AirOpcode.SwitchBr, TypeId.NoReturn, [((Operand)ValueId.True).Raw, .. words]));

    [Theory]
    [InlineData(AirOpcode.Block, 1000)]
    [InlineData(AirOpcode.Block, 0)]
    public void Bodies_must_lie_within_those_around(AirOpcode opcode, int end) =>
        Fails("WELD1122", "@f %0 (block)", f => f.Emit(opcode, TypeId.NoReturn, end));

    [Fact]
    public void A_second_body_must_not_end_before_the_first() =>
        Fails("WELD1122", "@f %0 (cond_br)", f =>
        {
            f.Emit(AirOpcode.CondBr, TypeId.NoReturn, ((Operand)ValueId.True).Raw, 2, 1);
            f.Ret();
        });

    [Fact]
    public void Bodies_nest_to_a_limit() =>
        Fails("WELD1122", "@f %1001 (block)", f =>
        {
            for (int i = 0; i < 1500; i++)
                f.BeginBody(AirOpcode.Block, TypeId.NoReturn);
            f.Ret();
            for (int i = 0; i < 1500; i++)
                f.EndBody();
        });

    [Fact]
    public void An_empty_body_is_reported() => Fails("WELD1116", "@f", _ => { });

    [Fact]
    public void Places_of_a_built_module_are_names()
    {
        FunctionBuilder f = _module.DefineFunction("f", [("x", TypeId.U8)], TypeId.U8);
        f.Ret(f.Emit(AirOpcode.Add, TypeId.U16, ((Operand)f.Parameter(0)).Raw, ((Operand)f.Parameter(0)).Raw));
        f.Finish();
        var diagnostics = new DiagnosticBag();
        Assert.False(Verifier.Run(_module, AirTarget.Wasm32, diagnostics));
        Assert.Equal(
            "@f %1 (add): error: the result is of type u8, not u16 [WELD1115]\n",
            DiagnosticText.Format(diagnostics.Diagnostics[0]));
    }

    private static void Fails(string code, string place, Action<FunctionBuilder> build)
    {
        var module = new AirModule();
        FunctionBuilder f = module.DefineFunction("f", [], TypeId.Void);
        build(f);
        f.Finish();
        var diagnostics = new DiagnosticBag();
        Assert.False(Verifier.Run(module, AirTarget.Wasm32, diagnostics));
        Assert.Contains(diagnostics.Diagnostics, diagnostic => diagnostic.Descriptor.Code == code && diagnostic.Location == place);
    }
}
