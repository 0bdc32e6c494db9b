namespace Weld.Air.Tests.Building;

public sealed class FunctionBuilderTests
{
    [Fact]
    public void The_example_has_its_instructions_in_order()
    {
        AirModule module = GcdExample.Build();
        FunctionBody body = Body(module, "gcd");
        AirOpcode[] expected =
        [
            AirOpcode.Arg, AirOpcode.Arg, AirOpcode.Alloc, AirOpcode.Alloc, AirOpcode.Store, AirOpcode.Store, AirOpcode.Loop,
            AirOpcode.Load, AirOpcode.CmpEq, AirOpcode.Block, AirOpcode.CondBr, AirOpcode.Load, AirOpcode.Ret, AirOpcode.Br,
            AirOpcode.Load, AirOpcode.Rem, AirOpcode.Store, AirOpcode.Store, AirOpcode.Repeat,
        ];
        Assert.Equal(expected, body.Opcodes.ToArray());
        Assert.Equal("gcd", Assert.Single(module.Exports).Name);
    }

    [Fact]
    public void Bodies_are_ranges()
    {
        FunctionBody body = Body(GcdExample.Build(), "gcd");
        Assert.Equal([0, 1, 2, 3, 4, 5, 6], Indexes(body, body.Root));
        Assert.Equal(new BodyRange(7, 19), body.Body(new InstructionId(6)));
        Assert.Equal([7, 8, 9, 14, 15, 16, 17, 18], Indexes(body, body.Body(new InstructionId(6))));
        Assert.Equal(new BodyRange(11, 13), body.Body(new InstructionId(10)));
        Assert.Equal(new BodyRange(13, 14), body.Body(new InstructionId(10), 1));
    }

    [Fact]
    public void Operands_are_results_or_constants()
    {
        AirModule module = GcdExample.Build();
        FunctionBody body = Body(module, "gcd");
        var compare = new InstructionId(8);
        Assert.Equal(new InstructionId(7), body.Operand(compare, 0).Instruction);
        Assert.Equal(module.Values.Integer(TypeId.U32, 0), body.Operand(compare, 1).Value);
        Assert.Equal(TypeId.Bool, body.Type(compare));
        Assert.Equal(TypeId.U32, body.TypeOf(body.Operand(compare, 1), module));
        Assert.Equal("b", body.Name(new InstructionId(1)));
    }

    [Fact]
    public void Cases_of_a_switch_have_items_ranges_and_bodies()
    {
        var module = new AirModule();
        FunctionBuilder f = module.DefineFunction("f", [TypeId.U8], TypeId.Void);
        f.SwitchBr(f.Parameter(0), cases =>
        {
            cases.Case(Value(module, 1), () => f.Ret());
            cases.Case([Value(module, 5)], [Value(module, 7), Value(module, 9)], () => f.SwitchBr(f.Parameter(0), inner => inner.Else(() => f.Ret())));
            cases.Else(() => f.Trap());
        });
        FunctionBody body = f.Finish().Body!;
        var found = new List<string>();
        SwitchCases read = body.Cases(new InstructionId(1));
        while (read.MoveNext())
            found.Add($"{string.Join(',', read.Current.Items.ToArray().Select(item => Number(module, item)))} {string.Join(',', read.Current.RangeEnds.ToArray().Select(item => Number(module, item)))} {read.Current.Body.Start}-{read.Current.Body.End}");
        Assert.Equal(["1  2-3", "5 7,9 3-5"], found);
        Assert.True(read.HasElse);
        Assert.Equal(new BodyRange(5, 6), read.Else);
        Assert.Equal(6, body.Next(new InstructionId(1)));
        Assert.Equal(new BodyRange(4, 5), body.Cases(new InstructionId(3)).Else);
    }

    [Fact]
    public void Names_in_a_function_are_unique()
    {
        var module = new AirModule();
        FunctionBuilder f = module.DefineFunction("f", [("x", TypeId.U8), ("x", TypeId.U8)], TypeId.Void);
        f.Ret();
        Assert.Equal("x.2", f.Finish().Body!.Name(new InstructionId(1)));
    }

    private static ValueId Value(AirModule module, int value) => module.Values.Integer(TypeId.U8, value);

    private static BigInteger Number(AirModule module, ValueId id) => ((IntegerValue)module.Values[id]).Value;

    private static FunctionBody Body(AirModule module, string name)
    {
        Assert.True(module.Items.TryFind(name, out AirItem? item));
        return ((AirFunction)item).Body!;
    }

    private static List<int> Indexes(FunctionBody body, BodyRange range)
    {
        var indexes = new List<int>();
        foreach (InstructionId id in body.Within(range))
            indexes.Add(id.Index);
        return indexes;
    }
}
