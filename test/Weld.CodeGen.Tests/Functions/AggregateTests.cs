using Xunit;

namespace Weld.CodeGen.Tests.Functions;

/// <summary>Structs, packed structs, unions, arrays, slices, optionals, error unions, enums and names.</summary>
public sealed class AggregateTests
{
    [Fact]
    public void Structs_by_value_and_by_pointer()
    {
        var module = new Compiled();
        TypeId inner = module.Types.Define("inner", new StructType(ContainerLayout.Extern, [new("a", TypeId.U8), new("b", TypeId.I64)]));
        TypeId outer = module.Types.Define("outer", new StructType(ContainerLayout.Auto, [new("x", TypeId.U8), new("in", inner), new("nothing", TypeId.Void), new("y", TypeId.F64)]));
        AirFunction make = module.Define("make", [TypeId.U8, TypeId.I64], outer, f =>
        {
            Operand part = f.AggregateInit(inner, f.Parameter(0), f.Parameter(1));
            f.Ret(f.AggregateInit(outer, f.Constant(TypeId.U8, 200), part, ValueId.Void, f.Constant(TypeId.F64, 1.5)));
        });
        AirFunction sum = module.Define("sum", [outer], TypeId.I64, f =>
        {
            Operand part = f.StructFieldVal(f.Parameter(0), 1);
            Operand total = f.Add(f.StructFieldVal(part, 1), f.Intcast(TypeId.I64, f.StructFieldVal(part, 0)));
            total = f.Add(total, f.Intcast(TypeId.I64, f.StructFieldVal(f.Parameter(0), 0)));
            f.Ret(f.Add(total, f.IntFromFloat(TypeId.I64, f.Mul(f.StructFieldVal(f.Parameter(0), 3), f.Constant(TypeId.F64, 2.0)))));
        });
        module.Define("round", [TypeId.U8, TypeId.I64], TypeId.I64, f => f.Call(sum, f.Call(make, f.Parameter(0), f.Parameter(1))));
        module.Expect("round", ["i5", "l3e8"], Compiled.I64(1000 + 5 + 200 + 3));
        module.Define("by_pointer", [TypeId.U8, TypeId.I64], TypeId.I64, f =>
        {
            Operand place = f.Alloc(outer);
            f.Store(place, f.Call(make, f.Parameter(0), f.Parameter(1)));
            Operand part = f.StructFieldPtr(module.Types.Pointer(inner), place, 1);
            Operand number = f.StructFieldPtr(module.Types.Pointer(TypeId.I64), part, 1);
            f.Store(number, f.Mul(f.Load(number), f.Constant(TypeId.I64, 2)));
            Operand parent = f.FieldParentPtr(module.Types.Pointer(outer), part, 1);
            f.Ret(f.Call(sum, f.Load(parent)));
        });
        module.Expect("by_pointer", ["i5", "l3e8"], Compiled.I64(2000 + 5 + 200 + 3));
        // What a function got by reference stays as it was.
        module.Define("unchanged", [TypeId.U8], TypeId.I64, f =>
        {
            Operand place = f.Alloc(outer);
            f.Store(place, f.Call(make, f.Parameter(0), f.Constant(TypeId.I64, 1)));
            Operand before = f.Load(place);
            f.Store(place, f.Call(make, f.Constant(TypeId.U8, 0), f.Constant(TypeId.I64, 99)));
            f.Ret(f.Call(sum, before));
        });
        module.Expect("unchanged", ["i7"], Compiled.I64(1 + 7 + 200 + 3));
        module.Run();
    }

    [Fact]
    public void Packed_structs()
    {
        var module = new Compiled();
        ValueTable values = module.Module.Values;
        TypeId i5 = module.Types.Signed(5);
        TypeId flags = module.Types.Define("flags", new StructType(ContainerLayout.Packed, [new("low", module.Types.Unsigned(3)), new("sign", i5), new("on", TypeId.Bool), new("high", module.Types.Unsigned(20))]));
        TypeId wide = module.Types.Define("wide", new StructType(ContainerLayout.Packed, [new("a", TypeId.I8), new("f", TypeId.F32), new("b", module.Types.Signed(24))]));
        module.Define("init", [module.Types.Unsigned(3), i5, TypeId.Bool, module.Types.Unsigned(20)], flags, f => f.AggregateInit(flags, f.Parameter(0), f.Parameter(1), f.Parameter(2), f.Parameter(3)));
        module.Expect("init", 5 | (0x1f << 3) | (1 << 8) | (0xabcde << 9), 5, -1, 1, 0xabcde);
        module.Define("sign", [flags], i5, f => f.StructFieldVal(f.Parameter(0), 1));
        module.Define("high", [flags], module.Types.Unsigned(20), f => f.StructFieldVal(f.Parameter(0), 3));
        module.Expect("sign", -16, 0x10 << 3);
        module.Expect("sign", 14, 0x1ffffff7 & ~(0x10 << 3));
        module.Expect("high", 0xabcde, 0xabcde << 9);
        TypeId signPointer = module.Types.Intern(new PointerType(i5) { HostBytes = 4, BitOffset = 3 });
        module.Define("store_sign", [flags, i5], flags, f =>
        {
            Operand place = f.Alloc(flags);
            f.Store(place, f.Parameter(0));
            Operand field = f.StructFieldPtr(signPointer, place, 1);
            f.Store(field, f.Parameter(1));
            f.Ret(f.Load(place));
        });
        module.Expect("store_sign", 0x1fffff07 | (0x0e << 3), 0x1fffff07, 14);
        module.Expect("store_sign", 7 | (0x11 << 3), 7, -15);
        module.Define("load_sign", [flags], i5, f =>
        {
            Operand place = f.Alloc(flags);
            f.Store(place, f.Parameter(0));
            f.Ret(f.Load(f.StructFieldPtr(signPointer, place, 1)));
        });
        module.Expect("load_sign", -15, 7 | (0x11 << 3));
        module.Define("wide_init", [TypeId.I8, TypeId.F32, module.Types.Signed(24)], wide, f => f.AggregateInit(wide, f.Parameter(0), f.Parameter(1), f.Parameter(2)));
        module.Expect("wide_init", ["iffffffff", Compiled.F32(1), "ifffffffe"], "lfffffe3f800000ff");
        module.Define("wide_float", [wide], TypeId.F32, f => f.StructFieldVal(f.Parameter(0), 1));
        module.Define("wide_last", [wide], module.Types.Signed(24), f => f.StructFieldVal(f.Parameter(0), 2));
        module.Expect("wide_float", ["lfffffe3f800000ff"], Compiled.F32(1));
        module.Expect("wide_last", ["lfffffe3f800000ff"], "ifffffffe");
        ValueId constant = values.Aggregate(flags, values.Integer(module.Types.Unsigned(3), 5), values.Integer(i5, -2), ValueId.True, values.Integer(module.Types.Unsigned(20), 3));
        module.Define("constant", [], flags, f => constant);
        module.Expect("constant", 5 | (0x1e << 3) | (1 << 8) | (3 << 9));
        module.Run();
    }

    [Fact]
    public void Unions()
    {
        var module = new Compiled();
        TypeId tag = module.Types.Define("shape_tag", new EnumType(TypeId.U8, [new("none", 3), new("circle", 7), new("square", 200)]));
        TypeId shape = module.Types.Define("shape", new UnionType(ContainerLayout.Auto, [new("none", TypeId.Void), new("circle", TypeId.F64), new("square", module.Types.Tuple(TypeId.I32, TypeId.I32))]) { Tag = Base.Ids.OptionalId<TypeId>.Some(tag) });
        TypeId bare = module.Types.Define("bare", new UnionType(ContainerLayout.Extern, [new("f", TypeId.F32), new("u", TypeId.U32), new("b", module.Types.Array(TypeId.U8, 4))]));
        ValueTable values = module.Module.Values;
        AirFunction area = module.Define("area", [shape], TypeId.I32, f => f.SwitchBr(f.GetUnionTag(f.Parameter(0)), s =>
        {
            s.Case(values.Enum(tag, "circle"), () => f.Ret(f.IntFromFloat(TypeId.I32, f.StructFieldVal(f.Parameter(0), 1))));
            s.Case(values.Enum(tag, "square"), () =>
            {
                Operand sides = f.StructFieldVal(f.Parameter(0), 2);
                f.Ret(f.Mul(f.StructFieldVal(sides, 0), f.StructFieldVal(sides, 1)));
            });
            s.Else(() => f.Ret(f.Constant(TypeId.I32, -1)));
        }));
        module.Define("circle", [TypeId.F64], TypeId.I32, f => f.Call(area, f.UnionInit(shape, 1, f.Parameter(0))));
        module.Define("square", [TypeId.I32, TypeId.I32], TypeId.I32, f => f.Call(area, f.UnionInit(shape, 2, f.AggregateInit(module.Types.Tuple(TypeId.I32, TypeId.I32), f.Parameter(0), f.Parameter(1)))));
        module.Define("none", [], TypeId.I32, f => f.Call(area, values.Union(shape, 0, ValueId.Void)));
        module.Define("constant", [], TypeId.I32, f => f.Call(area, values.Union(shape, 1, values.Float(TypeId.F64, 8))));
        module.Define("set_tag", [TypeId.F64], TypeId.U8, f =>
        {
            Operand place = f.Alloc(shape);
            f.Store(place, f.UnionInit(shape, 1, f.Parameter(0)));
            f.SetUnionTag(place, values.Enum(tag, "square"));
            f.Ret(f.Bitcast(TypeId.U8, f.GetUnionTag(f.Load(place))));
        });
        module.Expect("circle", [Compiled.F64(5)], "i5");
        module.Expect("square", 42, 6, 7);
        module.Expect("none", -1);
        module.Expect("constant", 8);
        module.Expect("set_tag", [Compiled.F64(5)], "ic8");
        module.Define("bits", [TypeId.F32], TypeId.U32, f => f.StructFieldVal(f.UnionInit(bare, 0, f.Parameter(0)), 1));
        module.Define("byte", [TypeId.U32], TypeId.U8, f =>
        {
            Operand place = f.Alloc(bare);
            f.Store(f.StructFieldPtr(module.Types.Pointer(TypeId.U32), place, 1), f.Parameter(0));
            f.Ret(f.ArrayElemVal(f.StructFieldVal(f.Load(place), 2), f.Constant(TypeId.Usize, 1)));
        });
        module.Expect("bits", [Compiled.F32(1)], "i3f800000");
        module.Expect("byte", 0x33, 0x11223344);
        module.Run();
    }

    [Fact]
    public void Arrays_and_slices()
    {
        var module = new Compiled();
        TypeId array = module.Types.Array(TypeId.I16, 5);
        TypeId slice = module.Types.Slice(TypeId.I16);
        TypeId many = module.Types.ManyPointer(TypeId.I16);
        module.Define("element", [TypeId.I16, TypeId.U32], TypeId.I16, f =>
        {
            Operand made = f.AggregateInit(array, f.Parameter(0), f.Constant(TypeId.I16, -2), f.Constant(TypeId.I16, -3), f.Parameter(0), f.Constant(TypeId.I16, -5));
            f.Ret(f.ArrayElemVal(made, f.Bitcast(TypeId.Usize, f.Parameter(1))));
        });
        module.Expect("element", 9, 9, 0);
        module.Expect("element", -2, 9, 1);
        module.Expect("element", 9, 9, 3);
        module.Expect("element", -5, 9, 4);
        AirFunction total = module.Define("total", [slice], TypeId.I32, f =>
        {
            Operand i = f.Alloc(TypeId.Usize), all = f.Alloc(TypeId.I32);
            f.Store(i, f.Constant(TypeId.Usize, 0));
            f.Store(all, f.Constant(TypeId.I32, 0));
            f.Loop(_ =>
            {
                Operand now = f.Load(i);
                f.If(f.CmpEq(now, f.SliceLen(f.Parameter(0))), () => f.Ret(f.Load(all)));
                f.Store(all, f.Add(f.Load(all), f.Intcast(TypeId.I32, f.SliceElemVal(f.Parameter(0), now))));
                f.Store(i, f.Add(now, f.Constant(TypeId.Usize, 1)));
            });
        });
        module.Define("part", [TypeId.U32, TypeId.U32], TypeId.I32, f =>
        {
            Operand place = f.Alloc(array);
            ValueId[] numbers = [.. new[] { 1, 10, 100, 1000, 10000 }.Select(n => module.Module.Values.Integer(TypeId.I16, n))];
            f.Store(place, module.Module.Values.Aggregate(array, numbers));
            Operand whole = f.ArrayToSlice(slice, place);
            Operand start = f.PtrAdd(many, f.SlicePtr(many, whole), f.Bitcast(TypeId.Usize, f.Parameter(0)));
            Operand back = f.PtrSub(many, f.PtrAdd(many, start, f.Constant(TypeId.Usize, 1)), f.Constant(TypeId.Usize, 1));
            f.Ret(f.Call(total, f.Slice(slice, back, f.Bitcast(TypeId.Usize, f.Parameter(1)))));
        });
        module.Expect("part", 11111, 0, 5);
        module.Expect("part", 1110, 1, 3);
        module.Expect("part", 0, 1, 0);
        module.Define("change", [TypeId.U32, TypeId.I16], TypeId.I32, f =>
        {
            Operand place = f.Alloc(array);
            f.Memset(place, f.Constant(TypeId.I16, 1));
            Operand variable = f.Alloc(slice);
            f.Store(variable, f.ArrayToSlice(slice, place));
            f.Store(f.SliceElemPtr(module.Types.Pointer(TypeId.I16), f.Load(variable), f.Bitcast(TypeId.Usize, f.Parameter(0))), f.Parameter(1));
            f.Store(f.PtrSliceLenPtr(module.Types.Pointer(TypeId.Usize), variable), f.Constant(TypeId.Usize, 4));
            f.Store(f.PtrSlicePtrPtr(module.Types.Pointer(many), variable), f.PtrAdd(many, f.SlicePtr(many, f.Load(variable)), f.Constant(TypeId.Usize, 1)));
            f.Ret(f.Call(total, f.Load(variable)));
        });
        module.Expect("change", 103, 2, 100);
        module.Expect("change", 4, 0, 100);
        TypeId text = module.Types.Array(TypeId.U8, 3, Base.Ids.OptionalId<ValueId>.Some(module.Module.Values.Integer(TypeId.U8, 33)));
        module.Define("sentinel", [TypeId.U8], TypeId.U8, f =>
        {
            Operand place = f.Alloc(text);
            f.Store(place, f.AggregateInit(text, f.Parameter(0), f.Parameter(0), f.Parameter(0)));
            f.Ret(f.PtrElemVal(place, f.Constant(TypeId.Usize, 3)));
        });
        module.Expect("sentinel", 33, 5);
        module.Run();
    }

    [Fact]
    public void Optionals()
    {
        var module = new Compiled();
        ValueTable values = module.Module.Values;
        TypeId pointer = module.Types.Pointer(TypeId.I32);
        TypeId slice = module.Types.Slice(TypeId.U8, isConst: true);
        AirVariable variable = module.Module.DefineVariable("v", TypeId.I32, values.Integer(TypeId.I32, 5));
        (string Name, TypeId Payload, ValueId Value)[] rows =
        [
            ("int", TypeId.I32, values.Integer(TypeId.I32, 0)),
            ("long", TypeId.I64, values.Integer(TypeId.I64, 7)),
            ("void", TypeId.Void, ValueId.Void),
            ("pointer", pointer, values.PointerTo(variable.Id)),
            ("slice", slice, values.String("abc")),
            ("struct", module.Types.Tuple(TypeId.I32, TypeId.I64), values.Aggregate(module.Types.Tuple(TypeId.I32, TypeId.I64), values.Integer(TypeId.I32, 1), values.Integer(TypeId.I64, 2))),
        ];
        foreach ((string name, TypeId payload, ValueId value) in rows)
        {
            TypeId optional = module.Types.Optional(payload);
            // Made at run time, and as a constant; null and not.
            AirFunction pick = module.Define("pick_" + name, [TypeId.U8], optional, f => f.SwitchBr(f.Parameter(0), s =>
            {
                s.Case(values.Integer(TypeId.U8, 0), () => f.Ret(values.Null(optional)));
                s.Case(values.Integer(TypeId.U8, 1), () => f.Ret(f.WrapOptional(optional, value)));
                s.Else(() => f.Ret(values.Optional(optional, value)));
            }));
            module.Define("is_null_" + name, [TypeId.U8], TypeId.Bool, f => f.IsNull(f.Call(pick, f.Parameter(0))));
            module.Define("is_set_" + name, [TypeId.U8], TypeId.Bool, f => f.IsNonNull(f.Call(pick, f.Parameter(0))));
            module.Define("in_memory_" + name, [TypeId.U8], TypeId.Bool, f =>
            {
                Operand place = f.Alloc(optional);
                f.Store(place, f.Call(pick, f.Parameter(0)));
                f.Ret(f.Xor(f.IsNullPtr(place), f.BoolAnd(f.IsNonNullPtr(place), FunctionBuilder.Constant(false))));
            });
            for (int i = 0; i < 3; i++)
            {
                module.Expect("is_null_" + name, i == 0 ? 1 : 0, i);
                module.Expect("is_set_" + name, i == 0 ? 0 : 1, i);
                module.Expect("in_memory_" + name, i == 0 ? 1 : 0, i);
            }
        }
        TypeId number = module.Types.Optional(TypeId.I64);
        module.Define("payload", [TypeId.I64], TypeId.I64, f =>
        {
            Operand place = f.Alloc(number);
            f.Store(place, values.Null(number));
            f.Store(f.OptionalPayloadPtrSet(module.Types.Pointer(TypeId.I64), place), f.Parameter(0));
            Operand first = f.OptionalPayload(f.Load(place));
            Operand inner = f.OptionalPayloadPtr(module.Types.Pointer(TypeId.I64), place);
            f.Store(inner, f.Add(f.Load(inner), f.Constant(TypeId.I64, 1)));
            f.Ret(f.Add(first, f.OptionalPayload(f.Load(place))));
        });
        module.Expect("payload", ["l14"], "l29");
        TypeId optionalPointer = module.Types.Optional(pointer);
        module.Define("through", [], TypeId.I32, f => f.Load(f.OptionalPayload(f.WrapOptional(optionalPointer, f.PointerTo(variable)))));
        module.Expect("through", 5);
        TypeId empty = module.Types.Optional(TypeId.Void);
        module.Define("set_void", [], TypeId.Bool, f =>
        {
            Operand place = f.Alloc(empty);
            f.Store(place, values.Null(empty));
            f.OptionalPayloadPtrSet(module.Types.Pointer(TypeId.Void), place);
            f.Ret(f.IsNonNull(f.Load(place)));
        });
        module.Expect("set_void", 1);
        module.Define("equal", [TypeId.I64, TypeId.Bool], TypeId.Bool, f =>
        {
            Operand other = f.Select(number, f.Parameter(1), values.Null(number), f.WrapOptional(number, f.Constant(TypeId.I64, 4)));
            f.Ret(f.CmpEq(f.WrapOptional(number, f.Parameter(0)), other));
        });
        module.Expect("equal", ["l4", "i0"], "i1");
        module.Expect("equal", ["l5", "i0"], "i0");
        module.Expect("equal", ["l0", "i1"], "i0");
        module.Define("nulls", [], TypeId.Bool, f => f.CmpNeq(values.Null(number), f.Select(number, FunctionBuilder.Constant(true), values.Null(number), values.Null(number))));
        module.Expect("nulls", 0);
        module.Run();
    }

    [Fact]
    public void Error_unions()
    {
        var module = new Compiled();
        ValueTable values = module.Module.Values;
        TypeId errors = module.Types.ErrorSet("First", "Second", "Third");
        foreach ((string name, TypeId payload, ValueId value) in new[]
        {
            ("byte", TypeId.U8, values.Integer(TypeId.U8, 9)),
            ("long", TypeId.I64, values.Integer(TypeId.I64, 9)),
            ("void", TypeId.Void, ValueId.Void),
            ("text", module.Types.Slice(TypeId.U8, isConst: true), values.String("xy")),
        })
        {
            TypeId union = module.Types.ErrorUnion(errors, payload);
            AirFunction pick = module.Define("pick_" + name, [TypeId.U8], union, f => f.SwitchBr(f.Parameter(0), s =>
            {
                s.Case(values.Integer(TypeId.U8, 0), () => f.Ret(f.WrapErrunionPayload(union, value)));
                s.Case(values.Integer(TypeId.U8, 1), () => f.Ret(values.ErrorUnionPayload(union, value)));
                s.Case(values.Integer(TypeId.U8, 2), () => f.Ret(f.WrapErrunionErr(union, values.Error(errors, "Third"))));
                s.Else(() => f.Ret(values.ErrorUnionError(union, new ErrorId(1))));
            }));
            module.Define("is_err_" + name, [TypeId.U8], TypeId.Bool, f => f.IsErr(f.Call(pick, f.Parameter(0))));
            module.Define("is_ok_" + name, [TypeId.U8], TypeId.Bool, f => f.IsNonErr(f.Call(pick, f.Parameter(0))));
            module.Define("number_" + name, [TypeId.U8], TypeId.U16, f =>
            {
                Operand place = f.Alloc(union);
                f.Store(place, f.Call(pick, f.Parameter(0)));
                f.If(f.IsNonErrPtr(place), () => f.Ret(f.Constant(TypeId.U16, 100)));
                f.If(f.IsErrPtr(place), () => f.Ret(f.Bitcast(TypeId.U16, f.UnwrapErrunionErrPtr(errors, place))));
                f.Unreach();
            });
            int[] numbers = [100, 100, 3, 2];
            for (int i = 0; i < 4; i++)
            {
                module.Expect("is_err_" + name, i < 2 ? 0 : 1, i);
                module.Expect("is_ok_" + name, i < 2 ? 1 : 0, i);
                module.Expect("number_" + name, numbers[i], i);
            }
        }
        TypeId wide = module.Types.ErrorUnion(errors, TypeId.I64);
        module.Define("set", [TypeId.I64], TypeId.I64, f =>
        {
            Operand place = f.Alloc(wide);
            f.Store(place, values.ErrorUnionError(wide, new ErrorId(0)));
            f.Store(f.ErrunionPayloadPtrSet(module.Types.Pointer(TypeId.I64), place), f.Parameter(0));
            Operand payload = f.UnwrapErrunionPayloadPtr(module.Types.Pointer(TypeId.I64), place);
            f.If(f.IsErr(f.Load(place)), () => f.Ret(f.Constant(TypeId.I64, -1)));
            f.Ret(f.Add(f.Load(payload), f.UnwrapErrunionPayload(f.Load(place))));
        });
        module.Expect("set", ["l15"], "l2a");
        module.Run();
    }

    [Fact]
    public void Names_of_values_and_errors()
    {
        var module = new Compiled();
        ValueTable values = module.Module.Values;
        TypeId sparse = module.Types.Define("sparse", new EnumType(TypeId.I64, [new("minus", -5), new("zero", 0), new("one", 1), new("huge", BigInteger.One << 40)]) { IsOpen = true });
        TypeId single = module.Types.Define("single", new EnumType(TypeId.U8, [new("only", 4)]));
        module.Define("name_length", [TypeId.I64], TypeId.U32, f => f.Bitcast(TypeId.U32, f.SliceLen(f.TagName(f.Bitcast(sparse, f.Parameter(0))))));
        module.Define("name_letter", [TypeId.I64], TypeId.U8, f => f.SliceElemVal(f.TagName(f.Bitcast(sparse, f.Parameter(0))), f.Constant(TypeId.Usize, 0)));
        module.Expect("name_length", [Compiled.I64(-5)], "i5");
        module.Expect("name_letter", [Compiled.I64(1L << 40)], Compiled.I32('h'));
        module.Expect("name_length", [Compiled.I64(2)], "trap");
        module.Define("single", [], TypeId.U32, f => f.Bitcast(TypeId.U32, f.SliceLen(f.TagName(values.Enum(single, "only")))));
        module.Expect("single", 4);
        module.Define("is_named", [TypeId.I64], TypeId.Bool, f => f.IsNamedEnumValue(f.Bitcast(sparse, f.Parameter(0))));
        foreach ((long value, int expected) in new[] { (-5L, 1), (-4, 0), (0, 1), (1, 1), (2, 0), (1L << 40, 1), ((1L << 40) + 1, 0), (1L << 32, 0) })
            module.Expect("is_named", [Compiled.I64(value)], Compiled.I32(expected));
        TypeId closed = module.Types.Define("closed", new EnumType(TypeId.U8, [new("a", 1), new("b", 2)]));
        module.Define("to_enum", [TypeId.I32], TypeId.U8, f => f.Bitcast(TypeId.U8, f.IntcastSafe(closed, f.Parameter(0))));
        module.Expect("to_enum", 2, 2);
        module.Expect("to_enum", ["i3"], "trap");
        module.Expect("to_enum", ["i101"], "trap");
        TypeId some = module.Types.ErrorSet("OutOfMemory", "FileNotFound");
        TypeId all = module.Types.ErrorSet("OutOfMemory", "FileNotFound", "Other", "Last");
        module.Define("error_length", [TypeId.U16], TypeId.U32, f => f.Bitcast(TypeId.U32, f.SliceLen(f.ErrorName(f.Bitcast(TypeId.AnyError, f.Parameter(0))))));
        module.Expect("error_length", 11, 1);
        module.Expect("error_length", 4, 4);
        module.Define("in_set", [TypeId.U16], TypeId.Bool, f => f.ErrorSetHasValue(some, f.Bitcast(TypeId.AnyError, f.Parameter(0))));
        module.Define("in_any", [TypeId.U16], TypeId.Bool, f => f.ErrorSetHasValue(TypeId.AnyError, f.Bitcast(all, f.Parameter(0))));
        module.Define("in_list", [TypeId.U16], TypeId.Bool, f => f.CmpLtErrorsLen(f.Parameter(0)));
        foreach ((int number, bool isInSet, bool isInAny) in new[] { (0, false, false), (1, true, true), (2, true, true), (3, false, true), (4, false, true), (5, false, false), (60000, false, false) })
        {
            module.Expect("in_set", isInSet ? 1 : 0, number);
            module.Expect("in_any", isInAny ? 1 : 0, number);
            module.Expect("in_list", number <= 4 ? 1 : 0, number);
        }
        module.Run();
    }
}
