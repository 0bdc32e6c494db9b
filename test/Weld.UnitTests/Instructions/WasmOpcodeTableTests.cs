using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Weld.Wasm.Binary;
using Weld.Wasm.Instructions;
using Weld.Wasm.Text;
using Xunit;

namespace Weld.UnitTests.Instructions;

/// <summary>The opcode table against the disassemblers and the validators of wabt and LLVM.</summary>
public sealed partial class WasmOpcodeTableTests
{
    // wabt 1.0.32 has two instructions under the names they had before the proposal was finished.
    private static readonly Dictionary<string, string> NamesInWabt = new()
    {
        ["i16x8.relaxed_dot_i8x16_i7x16_s"] = "i16x8.dot_i8x16_i7x16_s",
        ["i32x4.relaxed_dot_i8x16_i7x16_add_s"] = "i32x4.dot_i8x16_i7x16_add_s",
    };

    [Fact]
    public void Every_opcode_has_one_row()
    {
        WasmOpcodeInfo[] rows = WasmOpcodeTable.Rows.ToArray();
        Assert.Equal(rows.Length, rows.DistinctBy(static row => (row.Prefix, row.Code)).Count());
        foreach (WasmOpcodeInfo row in rows)
            Assert.Same(row, WasmOpcodeTable.Find(row.Prefix, row.Code));
    }

    [Fact]
    public void Only_select_has_two_rows_of_one_name()
    {
        IEnumerable<string> doubled = WasmOpcodeTable.Rows.ToArray().GroupBy(static row => row.Mnemonic).Where(static group => group.Count() > 1).Select(static group => group.Key);
        Assert.Equal(["select"], doubled);
        Assert.Equal(0x1bu, WasmOpcodeTable.Find("select")!.Code);
    }

    [Fact]
    public void Unknown_opcodes_have_no_row()
    {
        Assert.Null(WasmOpcodeTable.Find(0, 0xff));
        Assert.Null(WasmOpcodeTable.Find(0xfd, uint.MaxValue));
        Assert.Null(WasmOpcodeTable.Find(0x01, 0));
        Assert.Null(WasmOpcodeTable.Find("i32.frobnicate"));
    }

    [Fact]
    public void Reader_reads_every_instruction_to_its_end()
    {
        foreach (WasmOpcodeInfo row in WasmOpcodeTable.Rows)
        {
            byte[] bytes = Encode(row);
            var reader = new InstructionReader(bytes);
            Instruction instruction = reader.Read();
            Assert.Same(row, instruction.Opcode);
            Assert.Equal(bytes.Length, instruction.Size);
        }
    }

    [Fact]
    public void Wabt_reads_the_same_instructions()
    {
        WasmOpcodeInfo[] rows = WasmOpcodeTable.Rows.ToArray().Where(static row => !IsUnknownToWabt(row)).ToArray();
        using var directory = new TempDirectory();
        string text = ExternalTool.Run(directory.Path, "wasm-objdump", "-d", WriteModule(directory, rows));
        IEnumerable<string> names = FunctionOfWabt().Matches(text).Select(static match => match.Groups[1].Value);
        Assert.Equal(rows.Select(static row => NamesInWabt.GetValueOrDefault(row.Mnemonic, row.Mnemonic)), names);
    }

    [Fact]
    public void Llvm_reads_the_instructions_that_wabt_does_not_know()
    {
        WasmOpcodeInfo[] rows = WasmOpcodeTable.Rows.ToArray().Where(static row => IsUnknownToWabt(row) && !IsUnknownToBoth(row)).ToArray();
        Assert.NotEmpty(rows);
        using var directory = new TempDirectory();
        string text = ExternalTool.Run(directory.Path, "llvm-objdump-22", "-d", WriteModule(directory, rows));
        IEnumerable<string> names = FunctionOfLlvm().Matches(text).Select(static match => match.Groups[1].Value);
        Assert.Equal(rows.Select(static row => row.Mnemonic), names);
    }

    [Fact]
    public void Wabt_agrees_on_the_stack_effects()
    {
        var text = new StringBuilder("features +bulk-memory\nimport table __indirect_function_table funcref 0\nfunc f () { }\ndata .data.x align=4 { x: i32 f }\n");
        int count = 0;
        foreach (WasmOpcodeInfo row in WasmOpcodeTable.Rows)
            if (row.StackEffect is { } effect && !IsUnknownToWabt(row, hasDataCount: true))
            {
                string[] sides = effect.Split(':');
                string operands = string.Concat(Enumerable.Range(0, sides[0].Length).Select(static i => $"local.get {i} "));
                text.Append(CultureInfo.InvariantCulture, $"func f{count++} ({TypeNames(sides[0])}) -> ({TypeNames(sides[1])}) {{ {operands}{row.Mnemonic} {SampleText(row.Immediate)} }}\n");
            }
        Assert.True(count > 400, $"only {count} instructions were checked");
        using var directory = new TempDirectory();
        string path = Path.Combine(directory.Path, "effects.wasm");
        File.WriteAllBytes(path, ObjectText.Assemble(text.ToString()));
        ExternalTool.Run(directory.Path, "wasm-validate", "--enable-all", path);
    }

    [Fact]
    public void Llvm_agrees_on_the_stack_effects_of_wide_arithmetic()
    {
        WasmOpcodeInfo[] rows = WasmOpcodeTable.Rows.ToArray().Where(static row => row.Prefix == 0xfc && row.Code is >= 0x13 and <= 0x16).ToArray();
        Assert.Equal(4, rows.Length);
        var text = new StringBuilder();
        foreach (WasmOpcodeInfo row in rows)
        {
            string[] sides = row.StackEffect!.Split(':');
            string name = row.Mnemonic.Replace('.', '_');
            text.Append(CultureInfo.InvariantCulture, $"{name}:\n.functype {name} ({TypeNames(sides[0])}) -> ({TypeNames(sides[1])})\n");
            for (int i = 0; i < sides[0].Length; i++)
                text.Append(CultureInfo.InvariantCulture, $"local.get {i}\n");
            text.Append(CultureInfo.InvariantCulture, $"{row.Mnemonic}\nend_function\n");
        }
        using var directory = new TempDirectory();
        string path = Path.Combine(directory.Path, "wide.s");
        File.WriteAllText(path, text.ToString());
        ExternalTool.Run(directory.Path, "llvm-mc-22", "--triple=wasm32-unknown-unknown", "--mattr=+wide-arithmetic", "-filetype=obj", path, "-o", "wide.o");
    }

    // Garbage collection, stack switching and some typed references are in neither tool; their rows follow the specification alone.
    private static bool IsUnknownToBoth(WasmOpcodeInfo row) =>
        row.Prefix == 0xfb || (row.Prefix == 0 && row.Code is 0x15 or 0xd3 or 0xd4 or 0xd5 or 0xd6 or (>= 0xe0 and <= 0xe6));

    // The disassembler wants a data count section before it reads memory.init and data.drop, which the modules here lack.
    private static bool IsUnknownToWabt(WasmOpcodeInfo row, bool hasDataCount = false) =>
        IsUnknownToBoth(row) || row.Mnemonic is "throw_ref" or "try_table" || (row.Prefix == 0xfc && row.Code is >= 0x13 and <= 0x16) ||
        (!hasDataCount && row.Mnemonic is "memory.init" or "data.drop");

    /// <summary>A module with a function per row, which consists of that instruction; only good for disassemblers.</summary>
    private static string WriteModule(TempDirectory directory, WasmOpcodeInfo[] rows)
    {
        var module = new WasmWriter();
        module.WriteBytes([0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00, /* type */ 0x01, 0x04, 0x01, 0x60, 0x00, 0x00]);
        var functions = new WasmWriter();
        var code = new WasmWriter();
        functions.WriteLebU32((uint)rows.Length);
        code.WriteLebU32((uint)rows.Length);
        foreach (WasmOpcodeInfo row in rows)
        {
            functions.WriteByte(0);
            var body = new WasmWriter();
            body.WriteByte(0);
            body.WriteBytes(Encode(row));
            for (int ends = row.Mnemonic switch { "end" => 0, "block" or "loop" or "if" or "try" or "try_table" => 2, _ => 1 }; ends > 0; ends--)
                body.WriteByte(0x0b);
            code.WriteSized(body);
        }
        module.WriteByte(0x03);
        module.WriteSized(functions);
        module.WriteBytes([/* memory */ 0x05, 0x03, 0x01, 0x00, 0x01]);
        module.WriteByte(0x0a);
        module.WriteSized(code);
        string path = Path.Combine(directory.Path, "module.wasm");
        File.WriteAllBytes(path, module.ToArray());
        return path;
    }

    private static byte[] Encode(WasmOpcodeInfo row)
    {
        var writer = new WasmWriter();
        if (row.Prefix != 0)
        {
            writer.WriteByte(row.Prefix);
            writer.WriteLebU32(row.Code);
        }
        else
        {
            writer.WriteByte((byte)row.Code);
        }
        writer.WriteBytes(SampleBytes(row.Immediate));
        return writer.ToArray();
    }

    private static byte[] SampleBytes(ImmediateKind kind) => kind switch
    {
        ImmediateKind.None => [],
        ImmediateKind.BlockType => [0x40],
        ImmediateKind.LabelTable => [1, 0, 0],
        ImmediateKind.Memory or ImmediateKind.TypeAndTable or ImmediateKind.TwoTables or ImmediateKind.ElementAndTable or
            ImmediateKind.DataAndMemory or ImmediateKind.TwoMemories or ImmediateKind.TwoTypes or ImmediateKind.TypeAndField or
            ImmediateKind.TypeAndCount or ImmediateKind.TypeAndData or ImmediateKind.TypeAndElement or ImmediateKind.TypeAndTag or
            ImmediateKind.ResumeTable => [0, 0],
        ImmediateKind.MemoryLane or ImmediateKind.ResumeThrowTable => [0, 0, 0],
        ImmediateKind.V128 or ImmediateKind.Shuffle => new byte[16],
        ImmediateKind.F32 => new byte[4],
        ImmediateKind.F64 => new byte[8],
        ImmediateKind.ValueTypes => [1, 0x7f],
        ImmediateKind.HeapType => [0x70],
        ImmediateKind.CastBranch => [0, 0, 0x70, 0x70],
        ImmediateKind.TryTable => [0x40, 0],
        _ => [0],
    };

    private static string SampleText(ImmediateKind kind) => kind switch
    {
        ImmediateKind.V128 or ImmediateKind.Shuffle => "00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00",
        ImmediateKind.None or ImmediateKind.Memory or ImmediateKind.MemoryIndex or ImmediateKind.ReservedByte => "",
        _ => "0",
    };

    private static string TypeNames(string effect) => string.Join(", ", effect.Select(static letter => letter switch
    {
        'i' or 'a' => "i32",
        'l' => "i64",
        'f' => "f32",
        'd' => "f64",
        _ => "v128",
    }));

    // The first instruction after the line that starts a function.
    [GeneratedRegex(@"func\[\d+\].*\n[^|]*\| (\S+)")]
    private static partial Regex FunctionOfWabt();

    [GeneratedRegex(@">:\n\s*\n?\s*[0-9a-f]+:[^\t\n]*\t(\S+)")]
    private static partial Regex FunctionOfLlvm();
}
