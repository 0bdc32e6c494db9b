using System.Text;
using Weld.CodeGen.Tests.Mir;
using Weld.Mir;
using Weld.Mir.Modules;
using Weld.TestSupport;
using Weld.Wasm.Binary;
using Weld.Wasm.Instructions;
using Weld.Wasm.Sections;
using Xunit;
using ValueType = Weld.Wasm.Sections.ValueType;

namespace Weld.CodeGen.Tests.Defects;

/// <summary>Defects of another linker for modules in memory, each as a test that weld has not got it. docs/air-testing.md lists them.</summary>
public sealed class LinkerDefectTests
{
    private static readonly string[] ThreadFeatures = ["atomics", "bulk-memory", "mutable-globals"];

    [Fact]
    public void Numbers_of_value_0_take_a_byte()
    {
        Assert.Equal((1, 1, 1), (Leb128.SizeU32(0), Leb128.SizeU64(0), Leb128.SizeS64(0)));
        // An empty function table and function 0 as the start function: counts and indexes of 0.
        var sample = new SampleModule(features: ThreadFeatures);
        sample.Module.Data[new MirDataId(0)] = Word("data", 7);
        sample.Export("f", sample.Define(0, "f", [], [ValueType.I32], static b => Load(b, new MirDataId(0))));
        using var link = new MemoryLink();
        Assert.Equal(["7"], link.Run(sample.Module, "console.log(new WebAssembly.Instance(module).exports.f());", "--no-entry", "--shared-memory", "--max-memory=131072"));
    }

    [Fact]
    public void The_entry_function_is_exported_and_no_start_function()
    {
        SampleModule sample = Counter();
        using var link = new MemoryLink();
        Assert.Equal(["0", "1"], link.Run(sample.Module, "const { exports } = new WebAssembly.Instance(module); console.log(exports.count()); exports._start(); console.log(exports.count());"));
        Assert.DoesNotContain("Start", link.Sections());
    }

    [Theory]
    [InlineData("--stack-first")]
    [InlineData("--no-stack-first")]
    [InlineData("--global-base=70000")]
    public void Imported_memory_that_is_not_zero_is_initialised(string layout)
    {
        var sample = new SampleModule();
        AddOddData(sample);
        using var link = new MemoryLink();
        Assert.Equal(
            ["1,0,258,0,305419896,0"],
            link.Run(
                sample.Module,
                """
                const memory = new WebAssembly.Memory({ initial: 4 });
                new Uint8Array(memory.buffer).fill(0xaa);
                const { exports } = new WebAssembly.Instance(module, { env: { memory } });
                console.log([exports.byte(), exports.zero_byte(), exports.half(), exports.zero_word(), exports.word(), exports.zero_end()].join());
                """,
                "--no-entry", "--import-memory", layout));
    }

    /// <summary>Of the two that start on one memory, only the first initialises it: data and the zeros at the end.</summary>
    [Fact]
    public void Shared_memory_is_initialised_once()
    {
        var sample = new SampleModule(features: ThreadFeatures);
        AddOddData(sample);
        MirFunctionId set = sample.Define(50, "set_word", [ValueType.I32], [], static b =>
        {
            b.DataAddress(new MirDataId(4));
            b.LocalGet(new MirLocal(0));
            b.Memory(MirOpcode.I32Store, 2, 0);
        });
        sample.Export("set_word", set);
        using var link = new MemoryLink();
        Assert.Equal(
            ["1,0,258,0,305419896,0", "1,0,258,0,5,0"],
            link.Run(
                sample.Module,
                """
                const memory = new WebAssembly.Memory({ initial: 4, maximum: 4, shared: true });
                const read = exports => console.log([exports.byte(), exports.zero_byte(), exports.half(), exports.zero_word(), exports.word(), exports.zero_end()].join());
                const first = new WebAssembly.Instance(module, { env: { memory } }).exports;
                read(first);
                first.set_word(5);
                read(new WebAssembly.Instance(module, { env: { memory } }).exports);
                """,
                "--no-entry", "--shared-memory", "--import-memory", "--max-memory=262144"));
    }

    /// <summary>As much of the memory as can be dirty: all but the flag that says that it is initialised.</summary>
    [Fact]
    public void Zeros_of_shared_memory_are_written()
    {
        var sample = new SampleModule(features: ThreadFeatures);
        AddOddData(sample);
        foreach ((string name, int id) in new[] { ("zeros_at", 5), ("word_at", 4) })
            sample.Export(name, new MirDataId(id));
        using var link = new MemoryLink();
        Assert.Equal(
            ["true", "0"],
            link.Run(
                sample.Module,
                """
                const memory = new WebAssembly.Memory({ initial: 4, maximum: 4, shared: true });
                const clean = new WebAssembly.Instance(module, { env: { memory } }).exports;
                const dirty = new WebAssembly.Memory({ initial: 4, maximum: 4, shared: true });
                const at = clean.zeros_at.value;
                new Uint8Array(dirty.buffer).fill(0xaa, at, at + 4);
                console.log(new Uint8Array(dirty.buffer)[at] == 0xaa);
                console.log(new WebAssembly.Instance(module, { env: { memory: dirty } }).exports.zero_end());
                """,
                "--no-entry", "--shared-memory", "--import-memory", "--max-memory=262144"));
    }

    [Fact]
    public void Memory_that_is_shared_and_not_imported_is_initialised_by_passive_segments()
    {
        var sample = new SampleModule(features: ThreadFeatures);
        AddOddData(sample);
        using var link = new MemoryLink();
        Assert.Equal(["305419896", "true"], link.Run(
            sample.Module,
            "const { exports } = new WebAssembly.Instance(module); console.log(exports.word()); console.log(exports.memory.buffer instanceof SharedArrayBuffer);",
            "--no-entry", "--shared-memory", "--max-memory=262144"));
        string text = ProcessRunner.Run(Tools.Find("wasm-objdump", "wabt"), ["-x", "-j", "Data", link.Output]).RequireSuccess().StandardOutput;
        Assert.Contains("passive", text, StringComparison.Ordinal);
        Assert.DoesNotContain("init i32", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Thread_locals_have_a_base_and_a_size()
    {
        var sample = new SampleModule(features: ThreadFeatures);
        sample.Module.Data[new MirDataId(0)] = Word("thread_data", 77) with { IsThreadLocal = true };
        sample.Module.Data[new MirDataId(1)] = Word("other_data", 88);
        sample.Export("local", sample.Define(0, "local_of", [], [ValueType.I32], static b =>
        {
            b.TlsAddress(new MirDataId(0));
            b.Memory(MirOpcode.I32Load, 2, 0);
        }));
        sample.Export("data", sample.Define(1, "data_of", [], [ValueType.I32], static b => Load(b, new MirDataId(1))));
        using var link = new MemoryLink();
        Assert.Equal(
            ["77", "88", "4", "true"],
            link.Run(
                sample.Module,
                """
                const { exports } = new WebAssembly.Instance(module);
                console.log(exports.local());
                console.log(exports.data());
                console.log(exports.__tls_size.value);
                const place = 200000;
                new Uint32Array(exports.memory.buffer)[place / 4] = 1;
                exports.__wasm_init_tls(place);
                console.log(new Uint32Array(exports.memory.buffer)[place / 4] == 77 && exports.local() == 77);
                """,
                "--no-entry", "--shared-memory", "--max-memory=262144", "--initial-memory=262144", "--export=__tls_size", "--export=__wasm_init_tls"));
    }

    /// <summary>Segments that begin with nothing, or with zeros, have one header.</summary>
    [Fact]
    public void A_segment_that_begins_with_nothing_is_one_segment()
    {
        var sample = new SampleModule();
        sample.Module.Data[new MirDataId(0)] = new MirDataItem { Name = "a", Section = ".data.a", Contents = MirDataContents.Create(Array.Empty<byte>(), 0) };
        sample.Module.Data[new MirDataId(1)] = new MirDataItem { Name = "b", Section = ".data.b", Contents = MirDataContents.Zeros(3, 0) };
        sample.Module.Data[new MirDataId(2)] = Word("c", 0x01020304);
        for (int i = 0; i < 3; i++)
        {
            int id = i;
            sample.Export($"f{i}", sample.Define(i, $"f{i}", [], [ValueType.I32], b => b.DataAddress(new MirDataId(id))));
        }
        using var link = new MemoryLink();
        Assert.Equal(
            ["16909060", "0", "true"],
            link.Run(
                sample.Module,
                "const { exports } = new WebAssembly.Instance(module); const v = new DataView(exports.memory.buffer); console.log(v.getUint32(exports.f2(), true)); console.log(v.getUint8(exports.f1())); console.log(exports.f0() <= exports.f1() && exports.f1() + 3 <= exports.f2());",
                "--no-entry"));
        string text = ProcessRunner.Run(Tools.Find("wasm-objdump", "wabt"), ["-x", "-j", "Data", link.Output]).RequireSuccess().StandardOutput;
        Assert.Equal(1, text.Split("segment[").Length - 1);
    }

    /// <summary>Imported globals come first, and the numbers of all others follow them.</summary>
    [Fact]
    public void An_imported_global_moves_the_stack_pointer()
    {
        var sample = new SampleModule();
        var host = new MirGlobalId(MirGlobalId.PredefinedCount);
        sample.Module.Globals[host] = new MirGlobalItem { Name = "host_number", ImportModule = "host", ImportField = "number", Type = new GlobalType(ValueType.I32, IsMutable: false) };
        sample.Export("f", sample.Define(0, "f", [ValueType.I32], [ValueType.I32], b =>
        {
            uint slot = b.AllocateInFrame(4, 2);
            b.FrameAddress(slot);
            b.LocalGet(new MirLocal(0));
            b.GlobalGet(host);
            b.Emit(MirOpcode.I32Add);
            b.Memory(MirOpcode.I32Store, 2, 0);
            b.LocalGet(b.FrameBase);
            b.Memory(MirOpcode.I32Load, 2, slot);
            b.Emit(MirOpcode.LeaveFrame);
        }));
        using var link = new MemoryLink();
        Assert.Equal(
            ["42", "global 0"],
            link.Run(
                sample.Module,
                """
                console.log(new WebAssembly.Instance(module, { host: { number: 40 } }).exports.f(2));
                console.log(WebAssembly.Module.imports(module).map((row, index) => `${row.kind} ${index}`).join());
                """,
                "--no-entry"));
    }

    [Theory]
    [InlineData("--global-base=2147483392")]
    [InlineData("--global-base=6442450944")]
    public void Addresses_of_64_bits_keep_their_places_and_sign(string layout)
    {
        var sample = new SampleModule(is64: true);
        sample.Module.Data[new MirDataId(0)] = Word("data", 1);
        sample.Export("f", sample.Define(0, "f", [], [ValueType.I64], static b => b.DataAddress(new MirDataId(0), 0x100)));
        using var link = new MemoryLink();
        Assert.Empty(link.Link(sample.Module, "--no-entry", "-mwasm64", layout, "--no-stack-first"));
        long expected = long.Parse(layout["--global-base=".Length..], System.Globalization.CultureInfo.InvariantCulture) + 0x100;
        Assert.Contains(expected, ConstantsOf(link.Output));
    }

    [Fact]
    public void An_extern_without_a_module_is_imported_from_env()
    {
        var module = new Compiled();
        AirFunction host = module.Module.DeclareFunction("host_function", module.Types.Function([TypeId.I32], TypeId.I32));
        module.Define("f", [TypeId.I32], TypeId.I32, f => f.Call(host, f.Parameter(0)));
        using var link = new MemoryLink();
        Assert.Equal(["env.host_function"], link.Run(
            module.Compile(),
            "console.log(WebAssembly.Module.imports(module).map(row => `${row.module}.${row.name}`).join());",
            "--no-entry", "--import-undefined"));
    }

    [Fact]
    public void An_extern_that_nobody_defines_is_an_error()
    {
        var module = new Compiled();
        AirFunction host = module.Module.DeclareFunction("host_function", module.Types.Function([TypeId.I32], TypeId.I32));
        module.Define("f", [TypeId.I32], TypeId.I32, f => f.Call(host, f.Parameter(0)));
        using var link = new MemoryLink();
        Assert.StartsWith("module: undefined symbol: host_function", Assert.Single(link.Link(module.Compile(), "--no-entry")), StringComparison.Ordinal);
    }

    [Fact]
    public void Addresses_of_what_is_weak_are_those_of_the_winner()
    {
        var module = new Compiled();
        AirFunction weak = module.Define("both_function", [], TypeId.I32, static f => f.Constant(TypeId.I32, 1));
        weak.Linkage = Linkage.Weak;
        AirVariable data = module.Module.DefineVariable("both_data", TypeId.I32, module.Module.Values.Integer(TypeId.I32, 1));
        data.Linkage = Linkage.Weak;
        module.Define("call", [], TypeId.I32, f => f.Call(f.PointerTo(weak)));
        module.Define("load", [], TypeId.I32, f => f.Load(f.PointerTo(data)));
        AirVariable pointer = module.Module.DefineVariable("pointer", module.Types.FunctionPointer(weak.Type), module.Module.Values.PointerTo(weak.Id));
        module.Define("same", [], TypeId.Bool, f => f.CmpEq(f.Load(f.PointerTo(pointer)), f.PointerTo(weak)));
        ModuleObject mir = module.Compile();
        mir.Exports.Remove("both_function");
        using MemoryLink link = new MemoryLink().AddC(asArchive: false, "int both_function(void) { return 2; } int both_data = 2; int (*p)(void) = both_function; __attribute__((export_name(\"c_call\"))) int c_call(void) { return p(); }");
        Assert.Equal(["2,2,1,2"], link.Run(mir, "const e = new WebAssembly.Instance(module).exports; console.log([e.call(), e.load(), e.same(), e.c_call()].join());", "--no-entry"));
    }

    [Fact]
    public void The_table_can_be_imported()
    {
        SampleModule sample = new();
        MirFunctionId add = sample.Define(0, "add", [ValueType.I32], [ValueType.I32], static b => { b.LocalGet(new MirLocal(0)); b.I32Const(1); b.Emit(MirOpcode.I32Add); });
        sample.Export("f", sample.Define(1, "f", [ValueType.I32], [ValueType.I32], b =>
        {
            b.LocalGet(new MirLocal(0));
            b.FunctionSlot(add);
            b.CallIndirect(sample.Type([ValueType.I32], ValueType.I32));
        }));
        using var link = new MemoryLink();
        Assert.Equal(["42", "42"], link.Run(
            sample.Module,
            """
            const table = new WebAssembly.Table({ initial: 10, element: 'anyfunc' });
            console.log(new WebAssembly.Instance(module, { env: { __indirect_function_table: table } }).exports.f(41));
            console.log(table.get(1)(41));
            """,
            "--no-entry", "--import-table"));
    }

    [Fact]
    public void Shared_memory_always_has_a_maximum()
    {
        var sample = new SampleModule(features: ThreadFeatures);
        AddOddData(sample);
        using var link = new MemoryLink();
        Assert.Equal(["305419896"], link.Run(sample.Module, "console.log(new WebAssembly.Instance(module).exports.word());", "--no-entry", "--shared-memory"));
    }

    [Fact]
    public void Members_of_archives_that_are_not_needed_do_not_collide()
    {
        var module = new Compiled();
        AirFunction x = module.Module.DeclareFunction("x", module.Types.Function([], TypeId.I32));
        module.Define("f", [], TypeId.I32, f => f.Call(x));
        using MemoryLink link = new MemoryLink().AddC(asArchive: true, "int x(void) { return 1; } int y;", "int x(void) { return 2; } int z;", "int y; int z;");
        Assert.Equal(["1"], link.Run(module.Compile(), "console.log(new WebAssembly.Instance(module).exports.f());", "--no-entry"));
    }

    /// <summary>The constructor of an archive member that only the module needs, and exports of commands that call constructors first.</summary>
    [Fact]
    public void Constructors_run_before_what_is_exported()
    {
        var module = new Compiled();
        AirFunction get = module.Module.DeclareFunction("get", module.Types.Function([], TypeId.I32));
        module.Define("f", [], TypeId.I32, f => f.Call(get));
        ModuleObject mir = module.Compile();
        MirSignatureId none = mir.Signatures.Add([], []);
        var builder = new MirBuilder(is64: false);
        builder.Begin(none, []);
        builder.DataAddress(new MirDataId(90));
        builder.I32Const(5);
        builder.Memory(MirOpcode.I32Store, 2, 0);
        mir.Data[new MirDataId(90)] = new MirDataItem { Name = "from_air" };
        mir.Functions[new MirFunctionId(91)] = new MirFunctionItem { Name = "start", Signature = none, Body = builder.Build(), Linkage = MirLinkage.Internal };
        mir.InitFunctions = [new MirInitFunction(new MirFunctionId(91), 200)];
        using MemoryLink link = new MemoryLink().AddC(
            asArchive: true,
            "int from_air; static int number; __attribute__((constructor(100))) static void start(void) { number = from_air ? 1000 : 1; } int get(void) { return number + from_air; }");
        Assert.Equal(["6"], link.Run(mir, "console.log(new WebAssembly.Instance(module).exports.f());", "--no-entry"));
    }

    [Fact]
    public void Functions_without_a_frame_do_not_touch_the_stack_and_all_have_names()
    {
        SampleModule sample = Counter();
        using var link = new MemoryLink();
        Assert.Empty(link.Link(sample.Module));
        string text = ProcessRunner.Run(Tools.Find("wasm-objdump", "wabt"), ["-d", link.Output]).RequireSuccess().StandardOutput;
        Assert.DoesNotContain("global.set", text, StringComparison.Ordinal);
        Assert.Contains("<count_up>", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Features_of_all_inputs_are_in_the_module()
    {
        var sample = new SampleModule(is64: true, features: ["atomics", "bulk-memory", "mutable-globals"]);
        sample.Export("f", sample.Define(0, "f", [], [], static _ => { }));
        using var link = new MemoryLink();
        Assert.Empty(link.Link(sample.Module, "--no-entry", "-mwasm64"));
        byte[] module = File.ReadAllBytes(link.Output);
        foreach (string feature in new[] { "memory64", "atomics", "bulk-memory" })
            Assert.NotEqual(-1, module.AsSpan().IndexOf(Encoding.UTF8.GetBytes("+" + (char)feature.Length + feature)));
    }

    [Fact]
    public void Data_after_data_of_odd_size_is_where_its_address_says()
    {
        var sample = new SampleModule();
        AddOddData(sample);
        for (int i = 0; i < 6; i++)
            sample.Export($"at{i}", new MirDataId(i));
        using var link = new MemoryLink();
        Assert.Equal(
            ["1,0,258,0,305419896,0", "0,0,0"],
            link.Run(
                sample.Module,
                """
                const { exports } = new WebAssembly.Instance(module);
                console.log([exports.byte(), exports.zero_byte(), exports.half(), exports.zero_word(), exports.word(), exports.zero_end()].join());
                console.log([exports.at2.value % 2, exports.at4.value % 16, exports.at5.value % 4].join());
                """,
                "--no-entry"));
    }

    /// <summary>Data of 1, 3, 2, 4, 5 and 4 bytes; every second one is zero.</summary>
    private static void AddOddData(SampleModule sample)
    {
        (string Name, byte[] Bytes, int Alignment)[] items =
        [
            ("byte", [1], 0), ("zero_byte", [0, 0, 0], 0), ("half", [2, 1], 1), ("zero_word", [0, 0, 0, 0], 2), ("word", [0x78, 0x56, 0x34, 0x12, 9], 4), ("zero_end", [0, 0, 0, 0], 2),
        ];
        for (int i = 0; i < items.Length; i++)
        {
            (string name, byte[] bytes, int alignment) = items[i];
            var id = new MirDataId(i);
            sample.Module.Data[id] = new MirDataItem { Name = "data_" + name, Order = i, Contents = MirDataContents.Create(bytes, alignment) };
            sample.Export(name, sample.Define(100 + i, "get_" + name, [], [ValueType.I32], b =>
            {
                b.DataAddress(id);
                b.Memory(bytes.Length switch { 1 or 3 => MirOpcode.I32Load8U, 2 => MirOpcode.I32Load16U, _ => MirOpcode.I32Load }, 0, 0);
            }));
        }
    }

    private static SampleModule Counter()
    {
        var sample = new SampleModule();
        sample.Module.Data[new MirDataId(0)] = Word("counter", 0);
        sample.Define(0, "_start", [], [], static b => b.Call(new MirFunctionId(1)), MirLinkage.Strong);
        sample.Define(1, "count_up", [], [], static b =>
        {
            b.DataAddress(new MirDataId(0));
            Load(b, new MirDataId(0));
            b.I32Const(1);
            b.Emit(MirOpcode.I32Add);
            b.Memory(MirOpcode.I32Store, 2, 0);
        });
        sample.Export("count", sample.Define(2, "count_of", [], [ValueType.I32], static b => Load(b, new MirDataId(0))));
        return sample;
    }

    private static void Load(MirBuilder builder, MirDataId data)
    {
        builder.DataAddress(data);
        builder.Memory(MirOpcode.I32Load, 2, 0);
    }

    private static MirDataItem Word(string name, int value) => new() { Name = name, Contents = MirDataContents.Create(BitConverter.GetBytes(value), 2) };

    /// <summary>The i64 constants in the code of a module.</summary>
    private static List<long> ConstantsOf(string path)
    {
        List<long> constants = [];
        var reader = new WasmReader(File.ReadAllBytes(path));
        reader.ReadBytes(8);
        while (!reader.AtEnd)
        {
            byte id = reader.ReadByte();
            ReadOnlySpan<byte> contents = reader.ReadBytes(reader.ReadLebU32());
            if (id != (byte)SectionId.Code)
                continue;
            var code = new WasmReader(contents);
            for (uint left = code.ReadLebU32(); left > 0; left--)
            {
                var body = new InstructionReader(code.ReadBytes(code.ReadLebU32()));
                body.ReadLocals();
                while (!body.AtEnd)
                    if (body.Read() is { Opcode.Mnemonic: "i64.const" } instruction)
                        constants.Add(instruction.Value);
            }
        }
        return constants;
    }
}
