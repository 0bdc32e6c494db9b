using Xunit;

namespace Weld.CodeGen.Tests.Functions;

/// <summary>Loads, stores, filling and copying, with and without bulk memory.</summary>
public sealed class MemoryTests
{
    public static TheoryData<bool> BulkMemory => [true, false];

    private static Operand Many(FunctionBuilder f, TypeId element, Operand array, int index)
    {
        TypeId many = f.Module.Types.ManyPointer(element);
        return f.PtrAdd(many, f.Bitcast(many, array), f.Constant(TypeId.Usize, index));
    }

    private static CodeGenTarget Target(bool hasBulkMemory) =>
        hasBulkMemory ? CodeGenTarget.Wasm32 : CodeGenTarget.Wasm32 with { Features = WasmFeatures.Default & ~WasmFeatures.BulkMemory };

    [Fact]
    public void Stored_is_loaded_for_every_width()
    {
        var module = new Compiled();
        foreach (int bits in new[] { 1, 5, 8, 12, 16, 24, 31, 32, 33, 48, 63, 64 })
            foreach (bool isSigned in new[] { false, true })
            {
                TypeId type = module.Types.Integer(isSigned, bits);
                var shape = new IntegerShape(isSigned, bits);
                string name = $"{(isSigned ? 'i' : 'u')}{bits}";
                module.Define(name, [type], type, f =>
                {
                    Operand before = f.Alloc(TypeId.U64), place = f.Alloc(type);
                    f.Store(before, f.Constant(TypeId.U64, (BigInteger)ulong.MaxValue));
                    f.Store(place, f.Parameter(0));
                    f.Ret(f.Load(place));
                });
                foreach (BigInteger value in new[] { shape.Least, shape.Most, 0, shape.Most / 2 })
                    module.Expect(name, [module.Value(type, value)], module.Value(type, value));
            }
        module.Run();
    }

    [Theory, MemberData(nameof(BulkMemory))]
    public void Memset(bool hasBulkMemory)
    {
        var module = new Compiled { Target = Target(hasBulkMemory) };
        foreach ((string name, TypeId type, long value) in new[] { ("bytes", TypeId.U8, 7L), ("words", TypeId.U32, 0x01020304L), ("same", TypeId.U32, 0x05050505L), ("zeros", TypeId.I64, 0L) })
        {
            TypeId array = module.Types.Array(type, 10);
            module.Define(name, [TypeId.Usize, type], TypeId.U32, f =>
            {
                Operand place = f.Alloc(array);
                f.Memset(f.ArrayToSlice(module.Types.Slice(type), place), f.Constant(type, 1));
                Operand middle = Many(f, type, place, 3);
                f.Memset(f.Slice(module.Types.Slice(type), middle, f.Constant(TypeId.Usize, 4)), f.Constant(type, value));
                f.Memset(f.Slice(module.Types.Slice(type), middle, f.Constant(TypeId.Usize, 0)), f.Constant(type, 9));
                Operand element = f.PtrElemVal(place, f.Parameter(0));
                f.Ret(type == TypeId.I64 ? f.Trunc(TypeId.U32, element) : f.Intcast(TypeId.U32, element));
            });
            for (int i = 0; i < 10; i++)
                module.Expect(name, [Compiled.I32(i), type == TypeId.I64 ? "l0" : "i0"], Compiled.I32(i is >= 3 and < 7 ? value : 1));
            module.Define(name + "_dynamic", [TypeId.Usize, type], TypeId.U32, f =>
            {
                Operand place = f.Alloc(array);
                f.Memset(place, f.Parameter(1));
                Operand element = f.PtrElemVal(place, f.Parameter(0));
                f.Ret(type == TypeId.I64 ? f.Trunc(TypeId.U32, element) : f.Intcast(TypeId.U32, element));
            });
            module.Expect(name + "_dynamic", [Compiled.I32(9), type == TypeId.I64 ? "l37" : "i37"], "i37");
        }
        module.Run();
    }

    /// <summary>An empty slice may point anywhere; the instruction would trap.</summary>
    [Fact]
    public void Nothing_at_a_wild_address()
    {
        var module = new Compiled();
        module.Define("f", [TypeId.U32, TypeId.U32], TypeId.I32, f =>
        {
            Operand pointer = f.Bitcast(module.Types.ManyPointer(TypeId.U8), f.Bitcast(TypeId.Usize, f.Parameter(0)));
            Operand slice = f.Slice(module.Types.Slice(TypeId.U8), pointer, f.Bitcast(TypeId.Usize, f.Parameter(1)));
            f.Memset(slice, f.Constant(TypeId.U8, 1));
            f.Memcpy(slice, pointer);
            f.Ret(f.Constant(TypeId.I32, 1));
        });
        module.Expect("f", 1, 0xaaaaaaaa, 0);
        module.Expect("f", ["iaaaaaaaa", "i1"], "trap");
        module.Run();
    }

    [Theory, MemberData(nameof(BulkMemory))]
    public void Copies_of_ranges_that_overlap(bool hasBulkMemory)
    {
        var module = new Compiled { Target = Target(hasBulkMemory) };
        TypeId array = module.Types.Array(TypeId.U8, 10);
        ValueId digits = module.Module.Values.Bytes(array, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
        foreach ((string name, int to, int from) in new[] { ("up", 3, 1), ("down", 1, 3), ("same", 2, 2) })
        {
            module.Define(name, [TypeId.Usize], TypeId.U8, f =>
            {
                Operand place = f.Alloc(array);
                f.Store(place, digits);
                Operand target = Many(f, TypeId.U8, place, to);
                Operand source = Many(f, TypeId.U8, place, from);
                f.Memmove(f.Slice(module.Types.Slice(TypeId.U8), target, f.Constant(TypeId.Usize, 6)), source);
                f.Ret(f.PtrElemVal(place, f.Parameter(0)));
            });
            for (int i = 0; i < 10; i++)
                module.Expect(name, i >= to && i < to + 6 ? i - to + from : i, i);
        }
        module.Define("copy", [TypeId.Usize], TypeId.U8, f =>
        {
            Operand place = f.Alloc(array);
            f.Memcpy(place, module.Module.Values.Pointer(module.Types.Pointer(array, isConst: true), digits));
            f.Ret(f.PtrElemVal(place, f.Parameter(0)));
        });
        module.Expect("copy", 7, 7);
        module.Run();
    }

    /// <summary>By value, whatever the size: a change of the original does not change what was loaded.</summary>
    [Theory, MemberData(nameof(BulkMemory))]
    public void What_is_loaded_does_not_change(bool hasBulkMemory)
    {
        var module = new Compiled { Target = Target(hasBulkMemory) };
        foreach (ulong length in new ulong[] { 1, 3, 7, 15, 63, 64, 65, 200 })
        {
            TypeId array = module.Types.Array(TypeId.U8, length);
            module.Define($"f{length}", [TypeId.Usize], TypeId.U8, f =>
            {
                Operand place = f.Alloc(array), copy = f.Alloc(array);
                f.Memset(place, f.Constant(TypeId.U8, 5));
                f.Store(f.PtrElemPtr(module.Types.Pointer(TypeId.U8), place, f.Constant(TypeId.Usize, (long)length - 1)), f.Constant(TypeId.U8, 6));
                Operand value = f.Load(place);
                f.Memset(place, f.Constant(TypeId.U8, 9));
                f.Store(copy, value);
                f.Ret(f.PtrElemVal(copy, f.Parameter(0)));
            });
            module.Expect($"f{length}", length == 1 ? 6 : 5, 0);
            module.Expect($"f{length}", 6, (long)length - 1);
        }
        module.Run();
    }

    [Fact]
    public void Undefined_values_are_written_only_safely()
    {
        var module = new Compiled();
        TypeId pair = module.Types.Tuple(TypeId.U32, TypeId.U32);
        module.Define("plain", [], TypeId.U32, f =>
        {
            Operand place = f.Alloc(TypeId.U32);
            f.Store(place, f.Constant(TypeId.U32, 3));
            f.Store(place, module.Module.Values.Undefined(TypeId.U32));
            f.Ret(f.Load(place));
        });
        module.Define("safe", [], TypeId.U32, f =>
        {
            Operand place = f.Alloc(pair);
            f.StoreSafe(place, module.Module.Values.Undefined(pair));
            f.Ret(f.StructFieldVal(f.Load(place), 1));
        });
        module.Expect("plain", 3);
        module.Expect("safe", 0xaaaaaaaa);
        module.Run();
    }

    [Fact]
    public void Variables_constants_and_pointers_in_them()
    {
        var module = new Compiled();
        ValueTable values = module.Module.Values;
        AirVariable counter = module.Module.DefineVariable("counter", TypeId.I32, values.Integer(TypeId.I32, 40));
        TypeId pointer = module.Types.Pointer(TypeId.I32);
        AirVariable indirect = module.Module.DefineConstant("indirect", pointer, values.Pointer(pointer, counter.Id));
        module.Define("next", [], TypeId.I32, f =>
        {
            Operand place = f.Load(f.PointerTo(indirect));
            f.Store(place, f.Add(f.Load(place), f.Constant(TypeId.I32, 1)));
            f.Ret(f.Load(f.PointerTo(counter)));
        });
        module.Expect("next", 41);
        module.Expect("next", 42);
        ValueId text = values.String("hello");
        module.Define("letter", [TypeId.Usize], TypeId.U8, f => f.SliceElemVal(text, f.Parameter(0)));
        module.Define("length", [], TypeId.U32, f => f.Bitcast(TypeId.U32, f.SliceLen(text)));
        module.Expect("letter", 'o', 4);
        module.Expect("length", 5);
        // Small values lie in large aligned ones.
        TypeId aligned = module.Types.Pointer(TypeId.U8, alignment: 64);
        module.Define("aligned", [], TypeId.U32, f =>
        {
            Operand place = f.Emit(AirOpcode.Alloc, aligned);
            f.Store(place, f.Constant(TypeId.U8, 1));
            f.Ret(f.BitAnd(f.Bitcast(TypeId.U32, f.Bitcast(TypeId.Usize, place)), f.Constant(TypeId.U32, 63)));
        });
        module.Expect("aligned", 0);
        module.Run();
    }

    [Fact]
    public void Pages()
    {
        var module = new Compiled();
        module.Define("size", [], TypeId.U32, static f => f.Bitcast(TypeId.U32, f.WasmMemorySize(0)));
        module.Define("grow", [TypeId.U32], TypeId.I32, static f => f.Bitcast(TypeId.I32, f.WasmMemoryGrow(0, f.Bitcast(TypeId.Usize, f.Parameter(0)))));
        module.Expect("size", 1);
        module.Expect("grow", 1, 3);
        module.Expect("size", 4);
        module.Expect("grow", -1, 0x10000);
        module.Run();
    }

    /// <summary>Calls itself: every call has its own memory, and the stack is given back.</summary>
    [Fact]
    public void Frames_are_given_back()
    {
        var module = new Compiled();
        AirFunction factorial = module.Module.AddFunction("factorial", module.Types.Function([TypeId.U32], TypeId.U32));
        FunctionBuilder f = module.Module.Build(factorial);
        Operand place = f.Alloc(TypeId.U32);
        f.Store(place, f.Parameter(0));
        f.If(f.CmpEq(f.Parameter(0), f.Constant(TypeId.U32, 0)), () => f.Ret(f.Constant(TypeId.U32, 1)));
        Operand rest = f.Call(factorial, f.Sub(f.Parameter(0), f.Constant(TypeId.U32, 1)));
        f.Ret(f.Mul(f.Load(place), rest));
        f.Finish();
        module.Module.Export(factorial, "factorial");
        module.Define("often", [], TypeId.U32, g =>
        {
            Operand i = g.Alloc(TypeId.U32);
            g.Store(i, g.Constant(TypeId.U32, 0));
            g.Loop(_ =>
            {
                Operand last = g.Call(factorial, g.Constant(TypeId.U32, 10));
                g.If(g.CmpEq(g.Load(i), g.Constant(TypeId.U32, 100000)), () => g.Ret(last));
                g.Store(i, g.Add(g.Load(i), g.Constant(TypeId.U32, 1)));
            });
        });
        module.Expect("factorial", 3628800, 10);
        module.Expect("often", 3628800);
        module.Run();
    }
}
