using Weld.Mir;
using Xunit;

namespace Weld.CodeGen.Tests.Functions;

/// <summary>Blocks, loops, switches, try.</summary>
public sealed class ControlTests
{
    [Fact]
    public void Blocks_give_results()
    {
        var module = new Compiled();
        module.Define("choose", [TypeId.Bool], TypeId.I32, f => f.Block(TypeId.I32, block =>
            f.CondBr(f.Parameter(0), () => f.Br(block, f.Constant(TypeId.I32, 1)), () => f.Br(block, f.Constant(TypeId.I32, 2)))));
        module.Expect("choose", 1, 1);
        module.Expect("choose", 2, 0);
        // Leaves two blocks at once.
        module.Define("outer", [TypeId.Bool], TypeId.I32, f => f.Block(TypeId.I32, outer =>
        {
            Operand inner = f.Block(TypeId.I32, block =>
                f.CondBr(f.Parameter(0), () => f.Br(outer, f.Constant(TypeId.I32, 10)), () => f.Br(block, f.Constant(TypeId.I32, 20))));
            f.Br(outer, f.Add(inner, f.Constant(TypeId.I32, 1)));
        }));
        module.Expect("outer", 10, 1);
        module.Expect("outer", 21, 0);
        TypeId pair = module.Types.Tuple(TypeId.I32, TypeId.I64);
        module.Define("aggregate", [TypeId.Bool, TypeId.I32], TypeId.I32, f => f.StructFieldVal(
            f.Block(pair, block => f.CondBr(
                f.Parameter(0),
                () => f.Br(block, f.AggregateInit(pair, f.Parameter(1), f.Constant(TypeId.I64, 1))),
                () => f.Br(block, module.Module.Values.Aggregate(pair, module.Module.Values.Integer(TypeId.I32, 77), module.Module.Values.Integer(TypeId.I64, 1))))),
            0));
        module.Expect("aggregate", 5, 1, 5);
        module.Expect("aggregate", 77, 0, 5);
        module.Run();
    }

    [Fact]
    public void Loops_keep_what_they_use_from_outside()
    {
        var module = new Compiled();
        module.Define("sum", [TypeId.U32], TypeId.U32, f =>
        {
            Operand total = f.Alloc(TypeId.U32), i = f.Alloc(TypeId.U32);
            f.Store(total, f.Constant(TypeId.U32, 0));
            f.Store(i, f.Constant(TypeId.U32, 0));
            // Defined before the loop, used at its start only: its local must live to the loop's end.
            Operand limit = f.Mul(f.Parameter(0), f.Constant(TypeId.U32, 2));
            f.Loop(_ =>
            {
                Operand now = f.Load(i);
                f.If(f.CmpGte(now, limit), () => f.Ret(f.Load(total)));
                Operand square = f.Mul(now, now);
                Operand more = f.Add(f.Load(total), square);
                Operand next = f.Add(now, f.Constant(TypeId.U32, 1));
                f.Store(total, more);
                f.Store(i, next);
            });
        });
        module.Expect("sum", 0, 0);
        module.Expect("sum", 285, 5);
        module.Expect("sum", 2470, 10);
        module.Run();
    }

    [Fact]
    public void Gcd_of_the_manual()
    {
        var module = new Compiled();
        module.Define("gcd", [TypeId.U32, TypeId.U32], TypeId.U32, f =>
        {
            Operand a = f.Alloc(TypeId.U32), b = f.Alloc(TypeId.U32);
            f.Store(a, f.Parameter(0));
            f.Store(b, f.Parameter(1));
            f.Loop(again =>
            {
                Operand divisor = f.Load(b);
                f.If(f.CmpEq(divisor, f.Constant(TypeId.U32, 0)), () => f.Ret(f.Load(a)));
                Operand rest = f.Rem(f.Load(a), divisor);
                f.Store(a, divisor);
                f.Store(b, rest);
            });
        });
        module.Expect("gcd", 6, 48, 18);
        module.Expect("gcd", 1, 4294967291, 4294967279);
        module.Run();
    }

    /// <summary>Dense, sparse, with ranges, of all widths, with values far away that must not be taken modulo 2^32.</summary>
    [Theory]
    [InlineData(8, false)]
    [InlineData(8, true)]
    [InlineData(32, false)]
    [InlineData(32, true)]
    [InlineData(64, false)]
    [InlineData(64, true)]
    public void Switches(int bits, bool isSigned)
    {
        var module = new Compiled();
        TypeId type = module.Types.Integer(isSigned, bits);
        var shape = new IntegerShape(isSigned, bits);
        (string Name, (BigInteger First, BigInteger Last)[][] Cases)[] switches =
        [
            ("dense", [[(0, 0)], [(1, 1)], [(2, 2), (5, 5)], [(3, 4)], [(6, 9)]]),
            ("one", [[(7, 7)]]),
            ("sparse", [[(1, 1)], [(30, 30)], [(60, 60)], [(90, 90)], [(120, 120)]]),
            ("ranges", [[(0, 50)], [(60, 100)], [(101, 101), (103, 110)]]),
            ("mixed", [[(10, 10)], [(11, 11)], [(12, 12)], [(13, 13), (100, 100)], [(shape.Most, shape.Most)], [(shape.Least, shape.Least), (20, 40)]]),
            ("limits", [[(shape.Least, shape.Least + 2)], [(shape.Most - 2, shape.Most)], [(shape.Most - 3, shape.Most - 3)]]),
            ("none", []),
        ];
        foreach ((string name, (BigInteger First, BigInteger Last)[][] cases) in switches)
        {
            module.Define(name, [type], TypeId.I32, f => f.SwitchBr(f.Parameter(0), s =>
            {
                for (int i = 0; i < cases.Length; i++)
                {
                    int number = i;
                    ValueId[] items = [.. cases[i].Where(static range => range.First == range.Last).Select(range => module.Module.Values.Integer(type, range.First))];
                    ValueId[] ends = [.. cases[i].Where(static range => range.First != range.Last).SelectMany(range => new[] { module.Module.Values.Integer(type, range.First), module.Module.Values.Integer(type, range.Last) })];
                    s.Case(items, ends, () => f.Ret(f.Constant(TypeId.I32, number)));
                }
                s.Else(() => f.Ret(f.Constant(TypeId.I32, -1)));
            }));
            foreach (BigInteger value in Probes(cases, shape))
            {
                int expected = Array.FindIndex(cases, ranges => ranges.Any(range => value >= range.First && value <= range.Last));
                module.Expect(name, [module.Value(type, value)], Compiled.I32(expected));
            }
        }
        module.Run();
    }

    private static IEnumerable<BigInteger> Probes((BigInteger First, BigInteger Last)[][] cases, IntegerShape shape)
    {
        SortedSet<BigInteger> all = [0, shape.Least, shape.Most];
        foreach ((BigInteger first, BigInteger last) in cases.SelectMany(static ranges => ranges))
            foreach (BigInteger value in new[] { first - 1, first, first + 1, last - 1, last, last + 1, first + (BigInteger.One << 32), last - (BigInteger.One << 32), first + (BigInteger.One << 31) })
                all.Add(value);
        return all.Where(shape.Has);
    }

    [Fact]
    public void Dense_cases_are_a_table()
    {
        var module = new Compiled();
        module.Define("f", [TypeId.U64], TypeId.I32, f => f.SwitchBr(f.Parameter(0), s =>
        {
            for (int i = 0; i < 20; i++)
            {
                int number = i;
                s.Case(module.Module.Values.Integer(TypeId.U64, 1000 + i), () => f.Ret(f.Constant(TypeId.I32, number)));
            }
            s.Else(() => f.Ret(f.Constant(TypeId.I32, -1)));
        }));
        MirFunction code = module.Compile().Functions[new MirFunctionId(0)]!.Body!;
        Assert.Contains("br_table", MirListing.Print(code, "f"), StringComparison.Ordinal);
        Assert.DoesNotContain("i64.eq\n", MirListing.Print(code, "f"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_switch_without_else_traps_elsewhere()
    {
        var module = new Compiled();
        module.Define("f", [TypeId.U8], TypeId.I32, f => f.SwitchBr(f.Parameter(0), s => s.Case(module.Module.Values.Integer(TypeId.U8, 1), () => f.Ret(f.Constant(TypeId.I32, 5)))));
        module.Expect("f", 5, 1);
        module.Expect("f", ["i2"], "trap");
        module.Run();
    }

    /// <summary>A little machine: each state dispatches to the next.</summary>
    [Fact]
    public void Dispatch_loops()
    {
        var module = new Compiled();
        module.Define("collatz", [TypeId.U32], TypeId.U32, f =>
        {
            Operand n = f.Alloc(TypeId.U32), steps = f.Alloc(TypeId.U32);
            f.Store(n, f.Parameter(0));
            f.Store(steps, f.Constant(TypeId.U32, 0));
            f.LoopSwitchBr(f.Constant(TypeId.U8, 0), (loop, s) =>
            {
                s.Case(module.Module.Values.Integer(TypeId.U8, 0), () =>
                {
                    Operand now = f.Load(n);
                    f.If(f.CmpEq(now, f.Constant(TypeId.U32, 1)), () => f.SwitchDispatch(loop, f.Constant(TypeId.U8, 9)));
                    f.Store(steps, f.Add(f.Load(steps), f.Constant(TypeId.U32, 1)));
                    Operand isOdd = f.CmpEq(f.BitAnd(now, f.Constant(TypeId.U32, 1)), f.Constant(TypeId.U32, 1));
                    f.SwitchDispatch(loop, f.Select(TypeId.U8, isOdd, f.Constant(TypeId.U8, 1), f.Constant(TypeId.U8, 2)));
                });
                s.Case(module.Module.Values.Integer(TypeId.U8, 1), () =>
                {
                    f.Store(n, f.Add(f.Mul(f.Load(n), f.Constant(TypeId.U32, 3)), f.Constant(TypeId.U32, 1)));
                    f.SwitchDispatch(loop, f.Constant(TypeId.U8, 0));
                });
                s.Case(module.Module.Values.Integer(TypeId.U8, 2), () =>
                {
                    f.Store(n, f.Shr(f.Load(n), f.Constant(TypeId.U32, 1)));
                    f.SwitchDispatch(loop, f.Constant(TypeId.U8, 0));
                });
                s.Else(() => f.Ret(f.Load(steps)));
            });
        });
        module.Expect("collatz", 0, 1);
        module.Expect("collatz", 111, 27);
        module.Run();
    }

    [Fact]
    public void Try_takes_the_payload_or_runs_its_body()
    {
        var module = new Compiled();
        TypeId errors = module.Types.ErrorSet("A", "B");
        TypeId small = module.Types.ErrorUnion(errors, TypeId.I32);
        TypeId none = module.Types.ErrorUnion(errors, TypeId.Void);
        AirFunction fallible = module.Define("fallible", [TypeId.I32], small, f =>
        {
            f.If(f.CmpLt(f.Parameter(0), f.Constant(TypeId.I32, 0)), () => f.Ret(module.Module.Values.ErrorUnionError(small, new ErrorId(1))));
            f.Ret(f.WrapErrunionPayload(small, f.Add(f.Parameter(0), f.Constant(TypeId.I32, 1))));
        });
        module.Define("taken", [TypeId.I32], TypeId.I32, f =>
        {
            Operand union = f.Call(fallible, f.Parameter(0));
            Operand payload = f.Try(union, () => f.Ret(f.Intcast(TypeId.I32, f.Bitcast(TypeId.U16, f.UnwrapErrunionErr(union)))));
            f.Ret(f.Mul(payload, f.Constant(TypeId.I32, 10)));
        });
        module.Expect("taken", 60, 5);
        module.Expect("taken", 2, -5);
        module.Define("through_memory", [TypeId.I32], TypeId.I32, f =>
        {
            Operand place = f.Alloc(small);
            f.Store(place, f.Call(fallible, f.Parameter(0)));
            Operand payload = f.TryPtr(module.Types.Pointer(TypeId.I32), place, () => f.Ret(f.Constant(TypeId.I32, -100)));
            f.Store(payload, f.Add(f.Load(payload), f.Constant(TypeId.I32, 3)));
            f.Ret(f.UnwrapErrunionPayload(f.Load(place)));
        });
        module.Expect("through_memory", 9, 5);
        module.Expect("through_memory", -100, -5);
        AirFunction empty = module.Define("empty", [TypeId.Bool], none, f =>
        {
            f.If(f.Parameter(0), () => f.Ret(f.WrapErrunionErr(none, module.Module.Values.Error(errors, "A"))));
            f.Ret(f.WrapErrunionPayload(none, ValueId.Void));
        });
        module.Define("nothing", [TypeId.Bool], TypeId.I32, f =>
        {
            f.Try(f.Call(empty, f.Parameter(0)), () => f.Ret(f.Constant(TypeId.I32, 1)));
            f.Ret(f.Constant(TypeId.I32, 0));
        });
        module.Expect("nothing", 1, 1);
        module.Expect("nothing", 0, 0);
        module.Run();
    }

    /// <summary>An engine takes 50,000 locals; a function may have more results than that.</summary>
    [Fact]
    public void Long_functions_use_few_locals()
    {
        var module = new Compiled();
        module.Define("long", [TypeId.U32], TypeId.U32, f =>
        {
            Operand x = f.Parameter(0);
            for (int i = 0; i < 100_000; i++)
                x = f.AddWrap(f.Xor(x, f.Constant(TypeId.U32, i)), f.Constant(TypeId.U32, 3));
            f.Ret(x);
        });
        uint expected = 5;
        for (uint i = 0; i < 100_000; i++)
            expected = (expected ^ i) + 3;
        module.Expect("long", expected, 5);
        Assert.True(module.Compile().Functions[new MirFunctionId(0)]!.Body!.Locals.Length < 10);
        module.Run();
    }

    [Fact]
    public void Traps_and_what_is_not_reached()
    {
        var module = new Compiled();
        module.Define("trap", [], TypeId.I32, static f => f.Trap());
        module.Define("unreach", [], TypeId.I32, static f => f.Unreach());
        module.Define("endless_block", [], TypeId.I32, static f =>
        {
            f.Block(TypeId.NoReturn, _ => f.Trap());
        });
        module.Expect("trap", [], "trap");
        module.Expect("unreach", [], "trap");
        module.Expect("endless_block", [], "trap");
        module.Run();
    }
}
