using Weld.Mir;
using Weld.Mir.Intrinsics;
using Weld.Mir.Modules;
using ValueType = Weld.Wasm.Sections.ValueType;

namespace Weld.CodeGen.Tests.Mir;

/// <summary>A module that uses everything an object can hold.</summary>
internal sealed class SampleModule
{
    public static readonly string[] DefaultFeatures = ["bulk-memory", "mutable-globals", "reference-types", "call-indirect-overlong", "sign-ext"];

    private readonly MirBuilder _builder;

    public SampleModule(bool is64 = false, params string[] features)
    {
        Module = new ModuleObject(is64, new MirSignaturePool(), features.Length == 0 ? DefaultFeatures : features);
        _builder = new MirBuilder(is64);
    }

    public ModuleObject Module { get; }

    public ValueType Address => _builder.AddressType;

    public MirSignatureId Type(ValueType[] parameters, params ValueType[] results) => Module.Signatures.Add(parameters, results);

    public MirFunctionId Define(int id, string name, ValueType[] parameters, ValueType[] results, Action<MirBuilder> build, MirLinkage linkage = MirLinkage.Internal)
    {
        Module.Functions[new MirFunctionId(id)] = new MirFunctionItem { Name = name, Signature = Type(parameters, results), Body = Body(parameters, results, build), Linkage = linkage };
        return new MirFunctionId(id);
    }

    public MirFunction Body(ValueType[] parameters, ValueType[] results, Action<MirBuilder> build)
    {
        _builder.Begin(Type(parameters, results), parameters);
        build(_builder);
        return _builder.Build();
    }

    public MirFunctionId Declare(int id, string name, ValueType[] parameters, ValueType[] results, string? module = null, string? field = null, MirLinkage linkage = MirLinkage.Strong)
    {
        Module.Functions[new MirFunctionId(id)] = new MirFunctionItem { Name = name, Signature = Type(parameters, results), ImportModule = module, ImportField = field, Linkage = linkage };
        return new MirFunctionId(id);
    }

    public void Export(string name, MirReference target) => Module.Exports.Set(new MirExport(name, target));

    /// <summary>Adds every kind of thing; what the exports return is in <see cref="Calls"/>.</summary>
    public SampleModule AddAll()
    {
        ValueType i32 = ValueType.I32;
        ValueType i64 = ValueType.I64;
        // Gaps in the numbers are allowed.
        MirFunctionId imported = Declare(40, "imported_twice", [i32], [i32], "host", "twice");
        MirFunctionId add = Define(3, "add", [i32, i32], [i32], static b => Binary(b, MirOpcode.I32Add));
        MirFunctionId multiply = Define(4, "multiply", [i32, i32], [i32], static b => Binary(b, MirOpcode.I32Mul));
        MirSignatureId binary = Type([i32, i32], i32);

        // A table of two functions, a number with a pointer into a constant, and zeros.
        int word = Module.Is64 ? 8 : 4;
        Module.Constants[new MirConstantId(2)] = MirDataContents.Create("hello"u8.ToArray(), 0);
        Module.Constants[new MirConstantId(9)] = MirDataContents.Create("not used"u8.ToArray(), 0);
        Module.Constants[new MirConstantId(5)] = MirDataContents.Create(new byte[word], Log2(word), new MirDataRelocation(0, new MirConstantId(2), MirUse.Address, 1));
        Module.Data[new MirDataId(0)] = new MirDataItem
        {
            Name = "operations",
            IsConstant = true,
            Linkage = MirLinkage.Internal,
            Contents = MirDataContents.Create(
                new byte[2 * word], Log2(word),
                new MirDataRelocation(0, add, MirUse.Slot, 0), new MirDataRelocation((uint)word, multiply, MirUse.Slot, 0)),
        };
        Module.Data[new MirDataId(1)] = new MirDataItem { Name = "counter", Contents = MirDataContents.Zeros(4, 2) };
        Module.Data[new MirDataId(2)] = new MirDataItem { Name = "limit", Contents = MirDataContents.Create(new byte[] { 100, 0, 0, 0 }, 2) };

        Export("gcd", Define(10, "gcd", [i32, i32], [i32], Gcd));
        Export("call_imported", Define(11, "call_imported", [i32], [i32], b =>
        {
            b.LocalGet(new MirLocal(0));
            b.Call(imported);
        }));
        Export("operate", Define(12, "operate", [i32, i32, i32], [i32], b =>
        {
            b.LocalGet(new MirLocal(1));
            b.LocalGet(new MirLocal(2));
            PushIndexed(b, new MirDataId(0), new MirLocal(0));
            b.Memory(b.Is64 ? MirOpcode.I64Load : MirOpcode.I32Load, b.Is64 ? 3 : 2, 0);
            b.CallIndirect(binary);
        }));
        Export("count", Define(13, "count", [], [i32], static b =>
        {
            b.DataAddress(new MirDataId(1));
            b.AddressConst(0);
            b.Memory(MirOpcode.I32Load, 2, new MirDataId(1), 0);
            b.I32Const(1);
            b.Emit(MirOpcode.I32Add);
            b.Memory(MirOpcode.I32Store, 2, 0);
            b.DataAddress(new MirDataId(1), -4);
            b.Memory(MirOpcode.I32Load, 2, 4);
            b.AddressConst(0);
            b.Memory(MirOpcode.I32Load, 2, new MirDataId(2), 0);
            b.Emit(MirOpcode.I32Add);
        }));
        Export("second_letter", Define(14, "second_letter", [], [i32], static b =>
        {
            b.ConstantAddress(new MirConstantId(5), 4);
            b.Memory(b.Is64 ? MirOpcode.I64Load : MirOpcode.I32Load, b.Is64 ? 3 : 2, 0);
            b.Memory(MirOpcode.I32Load8U, 0, 0);
        }));
        Export("alignment", Define(15, "alignment", [], [Address], static b =>
        {
            b.ConstantAddress(new MirConstantId(5), 6);
            b.AddressConst(63);
            b.Emit(b.Is64 ? MirOpcode.I64And : MirOpcode.I32And);
        }));
        Export("wide_product", Define(16, "wide_product", [i64, i64], [i64], static b =>
        {
            uint slot = b.AllocateInFrame(16, 4);
            b.FrameAddress(slot);
            b.LocalGet(new MirLocal(0));
            b.I64Const(0);
            b.LocalGet(new MirLocal(1));
            b.I64Const(0);
            b.CallIntrinsic(Intrinsic.Multi3);
            b.LocalGet(b.FrameBase);
            b.Memory(MirOpcode.I64Load, 3, slot + 8);
            b.Emit(MirOpcode.LeaveFrame);
        }));

        Module.SetErrorName(1, "OutOfMemory");
        Module.SetErrorName(2, "FileNotFound");
        Export("error_length", Define(17, "error_length", [i32], [Address], static b =>
        {
            b.ErrorNameTable();
            b.LocalGet(new MirLocal(0));
            if (b.Is64)
                b.Emit(MirOpcode.I64ExtendI32U);
            b.AddressConst(b.Is64 ? 16 : 8);
            b.Emit(b.Is64 ? MirOpcode.I64Mul : MirOpcode.I32Mul);
            b.Emit(b.Is64 ? MirOpcode.I64Add : MirOpcode.I32Add);
            b.Memory(b.Is64 ? MirOpcode.I64Load : MirOpcode.I32Load, b.Is64 ? 3 : 2, b.Is64 ? 8u : 4u);
        }));
        Export("error_count", Define(18, "error_count", [], [i32], static b => b.ErrorCount()));
        AddEnum(7, new MirEnumItem("Sparse", 64, [(unchecked((ulong)-5L), "minus"), (0, "zero"), (1, "one"), (2, "two"), (1ul << 40, "huge")]), "sparse_name");
        AddEnum(8, new MirEnumItem("Dense", 2, [(0, "a"), (1, "bb"), (2, "ccc")]), "dense_name");
        AddEnum(9, new MirEnumItem("Signed", 8, [(unchecked((ulong)-1L), "negative"), (0, "nothing"), (100, "hundred")]), "signed_name");
        Module.InitFunctions = [new MirInitFunction(
            Define(30, "start_counting", [], [], static b =>
            {
                b.DataAddress(new MirDataId(1));
                b.I32Const(40);
                b.Memory(MirOpcode.I32Store, 2, 0);
            }),
            100)];
        return this;
    }

    public static readonly (string Call, string Result)[] Calls =
    [
        ("gcd(48, 18)", "6"),
        ("call_imported(21)", "42"),
        ("operate(0, 6, 7)", "13"),
        ("operate(1, 6, 7)", "42"),
        ("count()", "101"),
        ("count()", "102"),
        ("__wasm_call_ctors()", "undefined"),
        ("count()", "141"),
        ("String.fromCharCode(second_letter())", "e"),
        ("alignment()", "0"),
        ("wide_product(0x100000000n, 0x500000000n)", "5n"),
        ("error_length(0)", "0"),
        ("error_length(1)", "11"),
        ("error_length(2)", "12"),
        ("error_count()", "3"),
        ("sparse_name(64, -5n), text(u32(64), u32(68))", "minus"),
        ("sparse_name(64, 0n), text(u32(64), u32(68))", "zero"),
        ("sparse_name(64, 2n), text(u32(64), u32(68))", "two"),
        ("sparse_name(64, 1n << 40n), text(u32(64), u32(68))", "huge"),
        ("sparse_name(64, 3n)", "trap: unreachable"),
        ("sparse_name(64, -4n)", "trap: unreachable"),
        ("sparse_name(64, 0x10000000001n)", "trap: unreachable"),
        ("dense_name(64, 2), text(u32(64), u32(68))", "ccc"),
        ("dense_name(64, 3)", "trap: unreachable"),
        ("signed_name(64, -1), text(u32(64), u32(68))", "negative"),
        ("signed_name(64, 0), text(u32(64), u32(68))", "nothing"),
        ("signed_name(64, 100), text(u32(64), u32(68))", "hundred"),
        ("signed_name(64, 1)", "trap: unreachable"),
    ];

    private void AddEnum(int id, MirEnumItem item, string export)
    {
        Module.Enums[new MirEnumId(id)] = item;
        ValueType tag = item.TagBits > 32 ? ValueType.I64 : ValueType.I32;
        Export(export, Define(100 + id, $"call_{export}", [Address, tag], [], b =>
        {
            b.LocalGet(new MirLocal(0));
            b.LocalGet(new MirLocal(1));
            b.CallTagName(new MirEnumId(id));
        }));
    }

    private static void Binary(MirBuilder builder, MirOpcode opcode)
    {
        builder.LocalGet(new MirLocal(0));
        builder.LocalGet(new MirLocal(1));
        builder.Emit(opcode);
    }

    private static void Gcd(MirBuilder builder)
    {
        MirLocal a = new(0);
        MirLocal b = new(1);
        MirLocal rest = builder.NewLocal(ValueType.I32);
        MirLabel done = builder.Block();
        MirLabel again = builder.Loop();
        builder.LocalGet(b);
        builder.Emit(MirOpcode.I32Eqz);
        builder.BranchIf(done);
        Binary(builder, MirOpcode.I32RemU);
        builder.LocalSet(rest);
        builder.LocalGet(b);
        builder.LocalSet(a);
        builder.LocalGet(rest);
        builder.LocalSet(b);
        builder.Branch(again);
        builder.End();
        builder.End();
        builder.LocalGet(a);
    }

    private static void PushIndexed(MirBuilder builder, MirDataId table, MirLocal index)
    {
        builder.DataAddress(table);
        builder.LocalGet(index);
        if (builder.Is64)
            builder.Emit(MirOpcode.I64ExtendI32U);
        builder.AddressConst(builder.Is64 ? 8 : 4);
        builder.Emit(builder.Is64 ? MirOpcode.I64Mul : MirOpcode.I32Mul);
        builder.Emit(builder.Is64 ? MirOpcode.I64Add : MirOpcode.I32Add);
    }

    private static int Log2(int value) => System.Numerics.BitOperations.Log2((uint)value);
}
