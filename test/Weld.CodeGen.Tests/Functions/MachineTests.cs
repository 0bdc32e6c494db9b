using Weld.Mir;
using Xunit;

namespace Weld.CodeGen.Tests.Functions;

/// <summary>Threads' variables, the frame, traces, debug positions, and the forms of instructions that differ in hints only.</summary>
public sealed class MachineTests
{
    [Theory]
    [InlineData(WasmFeatures.Default)]
    [InlineData(WasmFeatures.Default | WasmFeatures.Atomics)]
    public void Variables_of_a_thread(WasmFeatures features)
    {
        var module = new Compiled { Target = new CodeGenTarget(false, features) };
        foreach (string name in new[] { "first", "second" })
        {
            AirVariable variable = module.Module.DefineVariable(name, TypeId.I32, module.Module.Values.Integer(TypeId.I32, name.Length));
            variable.IsThreadLocal = true;
            module.Define("next_" + name, [], TypeId.I32, f =>
            {
                Operand place = f.ThreadLocalPtr(variable);
                f.Store(place, f.Add(f.Load(place), f.Constant(TypeId.I32, 1)));
                f.Ret(f.Load(place));
            });
        }
        module.Expect("next_first", 6);
        module.Expect("next_second", 7);
        module.Expect("next_first", 7);
        module.Run();
    }

    [Fact]
    public void Frames_and_traces()
    {
        var module = new Compiled();
        module.Define("frame", [], TypeId.Bool, static f => f.CmpGt(f.FrameAddr(), f.Constant(TypeId.Usize, 0)));
        module.Define("return_address", [], TypeId.Usize, static f => f.RetAddr());
        TypeId pointer = module.Types.Pointer(TypeId.Usize);
        module.Define("trace", [TypeId.Usize], TypeId.Usize, f =>
        {
            Operand index = f.Alloc(TypeId.Usize);
            f.Store(index, f.Parameter(0));
            f.SetErrReturnTrace(index);
            f.Ret(f.Add(f.SaveErrReturnTraceIndex(), f.Load(f.ErrReturnTrace(pointer))));
        });
        module.Expect("frame", 1);
        module.Expect("return_address", 0);
        module.Expect("trace", 14, 7);
        module.Run();
    }

    [Fact]
    public void Forms_with_hints()
    {
        var module = new Compiled();
        ValueTable values = module.Module.Values;
        TypeId union = module.Types.ErrorUnion(module.Types.ErrorSet("Bad"), TypeId.I32);
        AirFunction twice = module.Define("twice", [TypeId.I32], TypeId.I32, f => f.ShrExact(f.Shl(f.Parameter(0), f.Constant(TypeId.I32, 2)), f.Constant(TypeId.I32, 1)));
        module.Define("calls", [TypeId.I32], TypeId.I32, f => f.CallNeverInline(f.PointerTo(twice), f.CallNeverTail(f.PointerTo(twice), f.Parameter(0))));
        module.Define("cold", [TypeId.Bool], TypeId.I32, f =>
        {
            Operand place = f.Alloc(union);
            f.Store(place, f.Select(union, f.Parameter(0), values.ErrorUnionError(union, new ErrorId(0)), values.ErrorUnionPayload(union, values.Integer(TypeId.I32, 5))));
            Operand pointer = f.TryPtrCold(module.Types.Pointer(TypeId.I32), place, () => f.Ret(f.Constant(TypeId.I32, -1)));
            f.Ret(f.Add(f.Load(pointer), f.TryCold(f.Load(place), () => f.Ret(f.Constant(TypeId.I32, -2)))));
        });
        module.Define("inlined", [TypeId.I32], TypeId.I32, f => f.DbgInlineBlock(twice, TypeId.I32, block => f.Br(block, f.Add(f.Parameter(0), f.Parameter(0)))));
        TypeId pair = module.Types.Tuple(TypeId.U32, TypeId.U32);
        AirFunction undefined = module.Define("undefined_pair", [], pair, f => f.RetSafe(values.Undefined(pair)));
        module.Define("undefined", [], TypeId.U32, f => f.StructFieldVal(f.Call(undefined), 1));
        module.Define("filled", [], TypeId.U16, f =>
        {
            Operand place = f.Alloc(module.Types.Array(TypeId.U16, 3));
            f.Memset(place, f.Constant(TypeId.U16, 1));
            f.MemsetSafe(place, values.Undefined(TypeId.U16));
            f.Ret(f.PtrElemVal(place, f.Constant(TypeId.Usize, 2)));
        });
        TypeId vector = module.Types.Vector(TypeId.I16, 3);
        module.Define("lane", [TypeId.I16, TypeId.Usize], TypeId.I16, f =>
        {
            Operand place = f.Alloc(vector);
            f.Store(place, values.Repeated(vector, values.Integer(TypeId.I16, -1)));
            f.VectorStoreElem(place, f.Parameter(1), f.Parameter(0));
            f.Ret(f.ArrayElemVal(f.Load(place), f.Constant(TypeId.Usize, 1)));
        });
        module.Define("breakpoint", [], TypeId.Void, static f =>
        {
            f.Breakpoint();
            f.Ret();
        });
        module.Expect("calls", 20, 5);
        module.Expect("cold", 10, 0);
        module.Expect("cold", -1, 1);
        module.Expect("inlined", 14, 7);
        module.Expect("undefined", 0xaaaaaaaa);
        module.Expect("filled", 0xaaaa);
        module.Expect("lane", 9, 9, 1);
        module.Expect("lane", -1, 9, 2);
        module.Expect("breakpoint", [], "trap");
        module.Run();
    }

    [Fact]
    public void Statements_are_places_in_the_source()
    {
        var module = new Compiled();
        module.Define("f", [TypeId.I32], TypeId.I32, static f =>
        {
            f.DbgStmt(3, 5);
            Operand sum = f.Add(f.Parameter(0), f.Constant(TypeId.I32, 1));
            f.DbgStmt(4, 1);
            f.DbgVarVal("sum", sum);
            f.Ret(sum);
        });
        MirFunction code = module.Compile().Functions[new MirFunctionId(0)]!.Body!;
        Assert.Equal([(3, 5), (4, 1)], code.Positions.Select(static position => (position.Line, position.Column)));
        Assert.Equal(0, code.Positions[0].Instruction);
    }
}
