using System.Text;
using Xunit;

namespace Weld.CodeGen.Tests.Functions;

/// <summary>Calls: within a module, through pointers, to the host, and both ways between C and AIR.</summary>
public sealed class CallTests
{
    [Fact]
    public void Function_pointers()
    {
        var module = new Compiled();
        TypeId binary = module.Types.Function([TypeId.I32, TypeId.I32], TypeId.I32);
        AirFunction add = module.Define("add", [TypeId.I32, TypeId.I32], TypeId.I32, f => f.Add(f.Parameter(0), f.Parameter(1)));
        AirFunction sub = module.Define("sub", [TypeId.I32, TypeId.I32], TypeId.I32, f => f.Sub(f.Parameter(0), f.Parameter(1)));
        module.Define("pick", [TypeId.Bool, TypeId.I32, TypeId.I32], TypeId.I32, f =>
            f.Call(f.Select(module.Types.FunctionPointer(binary), f.Parameter(0), f.PointerTo(add), f.PointerTo(sub)), f.Parameter(1), f.Parameter(2)));
        TypeId table = module.Types.Array(module.Types.FunctionPointer(binary), 2);
        AirVariable operations = module.Module.DefineConstant("operations", table, module.Module.Values.Aggregate(table, module.Module.Values.PointerTo(sub.Id), module.Module.Values.PointerTo(add.Id)));
        module.Define("indexed", [TypeId.U32, TypeId.I32, TypeId.I32], TypeId.I32, f =>
            f.Call(f.PtrElemVal(f.PointerTo(operations), f.Bitcast(TypeId.Usize, f.Parameter(0))), f.Parameter(1), f.Parameter(2)));
        module.Expect("pick", 7, 1, 5, 2);
        module.Expect("pick", 3, 0, 5, 2);
        module.Expect("indexed", 3, 0, 5, 2);
        module.Expect("indexed", 7, 1, 5, 2);
        module.Run();
    }

    [Fact]
    public void Results_in_memory_and_ret_ptr()
    {
        var module = new Compiled();
        TypeId big = module.Types.Tuple(TypeId.I64, TypeId.I32, TypeId.I32);
        AirFunction direct = module.Define("direct", [TypeId.I32], big, f =>
        {
            Operand result = f.RetPtr();
            f.Store(f.StructFieldPtr(module.Types.Pointer(TypeId.I64), result, 0), f.Intcast(TypeId.I64, f.Parameter(0)));
            f.Store(f.StructFieldPtr(module.Types.Pointer(TypeId.I32), f.RetPtr(), 1), f.Constant(TypeId.I32, 20));
            f.Store(f.StructFieldPtr(module.Types.Pointer(TypeId.I32), result, 2), f.Constant(TypeId.I32, 3));
            f.RetLoad(result);
        });
        AirFunction scalar = module.Define("scalar", [TypeId.I32], TypeId.I32, f =>
        {
            Operand result = f.RetPtr();
            f.Store(result, f.Parameter(0));
            f.RetLoad(result);
        });
        module.Define("use", [TypeId.I32], TypeId.I32, f =>
        {
            Operand first = f.Call(direct, f.Parameter(0)), second = f.Call(direct, f.Call(scalar, f.Constant(TypeId.I32, 100)));
            Operand sum = f.Add(f.StructFieldVal(first, 0), f.StructFieldVal(second, 0));
            f.Ret(f.Add(f.Intcast(TypeId.I32, sum), f.Add(f.StructFieldVal(first, 1), f.StructFieldVal(second, 2))));
        });
        module.Expect("scalar", 9, 9);
        module.Expect("use", 5 + 100 + 20 + 3, 5);
        module.Run();
    }

    [Fact]
    public void Tail_calls_where_the_engine_has_them()
    {
        var module = new Compiled { Target = CodeGenTarget.Wasm32 with { Features = WasmFeatures.Default | WasmFeatures.TailCall } };
        AirFunction count = module.Module.AddFunction("count", module.Types.Function([TypeId.U32, TypeId.U32], TypeId.U32));
        FunctionBuilder f = module.Module.Build(count);
        Operand place = f.Alloc(TypeId.U32);
        f.Store(place, f.Parameter(1));
        f.If(f.CmpEq(f.Parameter(0), f.Constant(TypeId.U32, 0)), () => f.Ret(f.Load(place)));
        f.TailCall(f.PointerTo(count), f.Sub(f.Parameter(0), f.Constant(TypeId.U32, 1)), f.Add(f.Load(place), f.Constant(TypeId.U32, 1)));
        f.Finish();
        module.Module.Export(count, "count");
        using ObjectLink link = new ObjectLink().Add("code.o", module.ToObject());
        Assert.Equal(["3000000"], ObjectLink.CallWithCurrentNode(link.Link("weld"), "count(3000000, 0)"));
    }

    [Theory, MemberData(nameof(ObjectLink.Linkers), MemberType = typeof(ObjectLink))]
    public void Variadic_functions_of_c(string linker)
    {
        var module = new Compiled();
        TypeId text = module.Types.ManyPointer(TypeId.U8, isConst: true);
        TypeId buffer = module.Types.ManyPointer(TypeId.U8);
        AirFunction print = module.Module.DeclareFunction("snprintf", module.Types.Function([buffer, TypeId.Usize, text], TypeId.I32, CallingConvention.C, isVariadic: true));
        AirVariable room = module.Module.DefineVariable("room", module.Types.Array(TypeId.U8, 100), module.Module.Values.Undefined(module.Types.Array(TypeId.U8, 100)));
        ValueId format = module.Module.Values.Pointer(text, module.Module.Values.Bytes(module.Types.Array(TypeId.U8, 20), "%d %lld %.2f %s %c\0\0\0"u8[..20]));
        ValueId word = module.Module.Values.Pointer(text, module.Module.Values.Bytes(module.Types.Array(TypeId.U8, 5), "weld\0"u8));
        module.Define("print", [], TypeId.I32, f => f.Call(
            f.PointerTo(print), f.Bitcast(buffer, f.PointerTo(room)), f.Constant(TypeId.Usize, 100), format,
            f.Constant(TypeId.I32, -7), f.Constant(TypeId.I64, 1L << 40), f.Constant(TypeId.F64, 2.5), word, f.Constant(TypeId.I32, '!')));
        module.Define("address", [], TypeId.U32, f => f.Bitcast(TypeId.U32, f.Bitcast(TypeId.Usize, f.PointerTo(room))));
        // And the other way: C calls a variadic function of AIR.
        TypeId list = module.Types.Pointer(TypeId.U8);
        TypeId variadic = module.Types.Function([TypeId.I32], TypeId.I64, CallingConvention.C, isVariadic: true);
        FunctionBuilder sum = module.Module.DefineFunction("sum", variadic);
        Operand arguments = sum.Alloc(list);
        sum.Store(arguments, sum.CVaStart(list));
        Operand first = sum.CVaArg(TypeId.I32, arguments);
        Operand copy = sum.Alloc(list);
        sum.Store(copy, sum.CVaCopy(list, arguments));
        Operand second = sum.CVaArg(TypeId.I64, arguments);
        Operand again = sum.CVaArg(TypeId.I64, copy);
        Operand third = sum.CVaArg(TypeId.F64, arguments);
        sum.CVaEnd(arguments);
        sum.Ret(sum.Add(sum.Add(sum.Intcast(TypeId.I64, sum.Add(first, sum.Parameter(0))), sum.Add(second, again)), sum.IntFromFloat(TypeId.I64, third)));
        AirFunction finished = sum.Finish();
        finished.Linkage = Linkage.Strong;
        using ObjectLink link = new ObjectLink().Add("code.o", module.ToObject())
            .AddC("long long sum(int, ...); __attribute__((export_name(\"from_c\"))) long long from_c(void) { return sum(1, 10, 100LL, 3.9); }")
            .AddFile(ObjectLink.CLibrary).AddBuiltins();
        Assert.Equal(["28", "-7 1099511627776 2.50 weld !", "214n"], ObjectLink.Call(link.Link(linker), "print()", "text(address(), 28)", "from_c()"));
    }

    /// <summary>Every kind of type as argument and as result, from AIR to C and from C to AIR; what comes back is compared byte by byte.</summary>
    [Theory, MemberData(nameof(ObjectLink.Linkers), MemberType = typeof(ObjectLink))]
    public void C_and_air_agree(string linker)
    {
        var module = new Compiled();
        var types = new CTypes(module.Module);
        var c = new StringBuilder("typedef unsigned char u8; typedef signed char i8; typedef unsigned short u16; typedef short i16; typedef unsigned u32; typedef int i32;\n");
        c.Append("typedef u8 *bytes; typedef unsigned long long u64; typedef long long i64; typedef unsigned __int128 u128; typedef __int128 i128;\n");
        c.Append(types.Declarations);
        List<string> calls = [];
        foreach (CType type in types.All)
        {
            // C's result is its argument; AIR's too. Each calls the other with a value between two scalars.
            c.Append($"{type.Name} c_{type.Id}(i32 before, {type.Name} x, i64 after) {{ if (before != 5 || after != 77) __builtin_trap(); return x; }}\n");
            c.Append($"{type.Name} air_{type.Id}(i32 before, {type.Name} x, i64 after);\n");
            c.Append($"__attribute__((export_name(\"c_calls_{type.Id}\"))) i32 c_calls_{type.Id}(void) {{ {type.Name} x; for (u32 i = 0; i < sizeof x; i++) ((u8 *)&x)[i] = {type.Fill}; {type.Name} y = air_{type.Id}(5, x, 77); {type.Compare} }}\n");
            c.Append($"__attribute__((export_name(\"c_points_{type.Id}\"))) i32 c_points_{type.Id}(void) {{ {type.Name} (*volatile f)(i32, {type.Name}, i64) = air_{type.Id}; {type.Name} x; for (u32 i = 0; i < sizeof x; i++) ((u8 *)&x)[i] = {type.Fill}; {type.Name} y = f(5, x, 77); {type.Compare} }}\n");
            c.Append($"i32 c_same_{type.Id}({type.Name} *px, {type.Name} *py) {{ {type.Name} x = *px, y = *py; {type.Compare} }}\n");
            types.AddFunctions(module, type);
            calls.AddRange([$"c_calls_{type.Id}()", $"c_points_{type.Id}()", $"air_calls_{type.Id}()", $"air_points_{type.Id}()"]);
        }
        Assert.True(types.All.Count >= 60, $"{types.All.Count} types");
        using ObjectLink link = new ObjectLink().Add("code.o", module.ToObject()).AddC(c.ToString()).AddBuiltins();
        string[] results = ObjectLink.Call(link.Link(linker), [.. calls]);
        Assert.Empty(calls.Zip(results).Where(static pair => pair.Second != "1").Select(static pair => $"{pair.First} gave {pair.Second}"));
    }

    private sealed record CType(int Id, string Name, TypeId Air, bool IsScalar)
    {
        // Bytes that no type finds special: no NaN, and a bool is 0 or 1.
        public string Fill => Name == "_Bool" ? "1" : "(u8)(i * 7 + 3)";

        public string Compare { get; init; } = "return x == y;";
    }

    private sealed class CTypes
    {
        private readonly AirModule _module;
        private readonly StringBuilder _declarations = new();

        public CTypes(AirModule module)
        {
            _module = module;
            TypeTable t = module.Types;
            (string, TypeId)[] scalars =
            [
                ("_Bool", TypeId.Bool), ("u8", TypeId.U8), ("i8", TypeId.I8), ("u16", TypeId.U16), ("i16", TypeId.I16), ("u32", TypeId.U32), ("i32", TypeId.I32),
                ("u64", TypeId.U64), ("i64", TypeId.I64), ("u128", TypeId.U128), ("i128", TypeId.I128), ("float", TypeId.F32), ("double", TypeId.F64),
                ("long double", TypeId.F128), ("bytes", t.Pointer(TypeId.U8)), ("unsigned long", TypeId.Usize),
            ];
            foreach ((string name, TypeId type) in scalars)
                All.Add(new CType(All.Count, name, type, IsScalar: true));
            // One field: the scalar itself, in any depth; also in unions and in arrays of one.
            foreach ((string name, TypeId type) in scalars)
            {
                AddStruct([(name, type)]);
                AddStruct([(name, type), ("i32", TypeId.I32)]);
            }
            CType single = AddStruct([("double", TypeId.F64)]);
            AddStruct([(single.Name, single.Air)]);
            AddArray("i32", TypeId.I32, 1);
            AddArray("float", TypeId.F32, 1);
            AddArray("i64", TypeId.I64, 2);
            AddArray("u8", TypeId.U8, 3);
            AddArray("i16", TypeId.I16, 17);
            AddUnion([("float", TypeId.F32)]);
            AddUnion([("float", TypeId.F32), ("u32", TypeId.U32)]);
            AddUnion([("u8", TypeId.U8), ("i64", TypeId.I64)]);
            AddUnion([("i128", TypeId.I128)]);
            AddUnion([("u16", TypeId.U16), ("double", TypeId.F64), ("i32", TypeId.I32)]);
            AddStruct([("i8", TypeId.I8), ("double", TypeId.F64), ("i16", TypeId.I16)]);
            AddStruct([("u8", TypeId.U8), ("u8", TypeId.U8)]);
            AddStruct([("float", TypeId.F32), ("float", TypeId.F32), ("float", TypeId.F32)]);
            AddStruct([("i64", TypeId.I64), ("i64", TypeId.I64), ("i64", TypeId.I64), ("i64", TypeId.I64), ("u8", TypeId.U8)]);
            CType mixed = AddStruct([("bytes", t.Pointer(TypeId.U8)), ("u16", TypeId.U16), ("float", TypeId.F32)]);
            AddStruct([(mixed.Name, mixed.Air), ("i8", TypeId.I8)]);
        }

        public List<CType> All { get; } = [];

        public string Declarations => _declarations.ToString();

        /// <summary>A function that C calls, and functions that call C's, by name and through a pointer.</summary>
        public void AddFunctions(Compiled compiled, CType type)
        {
            TypeId signature = _module.Types.Function([TypeId.I32, type.Air, TypeId.I64], type.Air, CallingConvention.C);
            FunctionBuilder f = _module.DefineFunction($"air_{type.Id}", signature);
            f.If(f.BoolOr(f.CmpNeq(f.Parameter(0), f.Constant(TypeId.I32, 5)), f.CmpNeq(f.Parameter(2), f.Constant(TypeId.I64, 77))), f.Trap);
            f.Ret(f.Parameter(1));
            f.Finish().Linkage = Linkage.Strong;
            AirFunction callee = _module.DeclareFunction($"c_{type.Id}", signature);
            TypeId pointer = _module.Types.Pointer(type.Air);
            AirFunction same = _module.DeclareFunction($"c_same_{type.Id}", _module.Types.Function([pointer, pointer], TypeId.I32, CallingConvention.C));
            AirVariable holder = _module.DefineVariable($"pointer_{type.Id}", _module.Types.FunctionPointer(signature), _module.Values.PointerTo(callee.Id));
            foreach (bool isThroughPointer in new[] { false, true })
                compiled.Define($"air_{(isThroughPointer ? "points" : "calls")}_{type.Id}", [], TypeId.I32, g =>
                {
                    Operand x = g.Alloc(type.Air), y = g.Alloc(type.Air);
                    Fill(g, type, x);
                    Operand function = isThroughPointer ? g.Load(g.PointerTo(holder)) : g.PointerTo(callee);
                    g.Store(y, g.Call(function, g.Constant(TypeId.I32, 5), g.Load(x), g.Constant(TypeId.I64, 77)));
                    g.Ret(g.Call(same, x, y));
                });
        }

        private void Fill(FunctionBuilder f, CType type, Operand place)
        {
            TypeId bytes = _module.Types.ManyPointer(TypeId.U8);
            int size = (int)new TypeLayouts(_module, AirTarget.Wasm32).Get(type.Air).Size;
            for (int i = 0; i < size; i++)
                f.Store(
                    f.PtrElemPtr(_module.Types.Pointer(TypeId.U8), f.Bitcast(bytes, place), f.Constant(TypeId.Usize, i)),
                    f.Constant(TypeId.U8, type.Name == "_Bool" ? 1 : (byte)((i * 7) + 3)));
        }

        private CType AddStruct((string Name, TypeId Type)[] fields)
        {
            string name = $"struct s{All.Count}";
            _declarations.Append($"{name} {{ {string.Concat(fields.Select(static (field, i) => $"{field.Name} f{i}; "))}}};\n");
            TypeId type = _module.Types.Intern(new StructType(ContainerLayout.Extern, [.. fields.Select(static (field, i) => new AirField($"f{i}", field.Type))]));
            return Add(name, type, string.Join(" && ", fields.Select(static (field, i) => Equal($"f{i}", field.Name))));
        }

        private void AddArray(string element, TypeId type, int count)
        {
            string name = $"struct s{All.Count}";
            _declarations.Append($"{name} {{ {element} a[{count}]; }};\n");
            TypeId array = _module.Types.Array(type, (ulong)count);
            Add(name, _module.Types.Intern(new StructType(ContainerLayout.Extern, [new AirField("a", array)])), string.Join(" && ", Enumerable.Range(0, count).Select(static i => $"x.a[{i}] == y.a[{i}]")));
        }

        private void AddUnion((string Name, TypeId Type)[] fields)
        {
            string name = $"union s{All.Count}";
            _declarations.Append($"{name} {{ {string.Concat(fields.Select(static (field, i) => $"{field.Name} f{i}; "))}}};\n");
            TypeId type = _module.Types.Intern(new UnionType(ContainerLayout.Extern, [.. fields.Select(static (field, i) => new AirField($"f{i}", field.Type))]));
            Add(name, type, string.Join(" && ", fields.Select(static (field, i) => Equal($"f{i}", field.Name))));
        }

        private CType Add(string name, TypeId type, string comparison)
        {
            var added = new CType(All.Count, name, type, IsScalar: false) { Compare = $"return {comparison};" };
            All.Add(added);
            return added;
        }

        // Structs in structs are compared by their bytes, without the padding at their end being looked at.
        private static string Equal(string field, string type) => type.StartsWith("struct", StringComparison.Ordinal)
            ? $"((u8 *)&x.{field})[0] == ((u8 *)&y.{field})[0] && ((u8 *)&x.{field})[5] == ((u8 *)&y.{field})[5]"
            : $"x.{field} == y.{field}";
    }
}
