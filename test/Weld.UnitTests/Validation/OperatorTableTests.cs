using Weld.Base.Diagnostics;
using Weld.Wasm.Binary;
using Weld.Wasm.Sections;
using Weld.Wasm.Validation;
using Xunit;
using ValueType = Weld.Wasm.Sections.ValueType;

namespace Weld.UnitTests.Validation;

/// <summary>Every row of the table against wabt: the types of each instruction, and which opcodes are none.</summary>
public sealed class OperatorTableTests
{
    private const byte Address = 1;

    public static TheoryData<byte> Prefixes => [0, 0xfc, 0xfd, 0xfe];

    [Theory]
    [MemberData(nameof(Prefixes))]
    public void Types_are_those_of_wabt(byte prefix)
    {
        OperatorShape[] table = TableOf(prefix);
        var functions = new List<(Signature Type, byte[] Body)>();
        for (int opcode = 0; opcode < table.Length; opcode++)
            if (table[opcode].Form != OperatorForm.None)
                functions.Add(MakeFunction(prefix, opcode, table[opcode]));
        using var directory = new TempDirectory();
        string path = directory.Write("all.wasm", MakeModule(functions));
        ExternalTool.Run(directory.Path, "wasm-validate", "--enable-all", path);
        foreach ((Signature type, byte[] body) in functions)
            Check(type, body);
    }

    [Theory]
    [MemberData(nameof(Prefixes))]
    public void Opcodes_without_a_row_are_unknown_to_wabt(byte prefix)
    {
        OperatorShape[] table = TableOf(prefix);
        using var directory = new TempDirectory();
        Signature type = Signature.Create([], []);
        // Blocks need an end each; they are tested with the validator.
        for (int opcode = prefix == 0 ? 0x20 : 0; opcode < table.Length; opcode++)
        {
            // In unreachable code, operands of any type are there; zeros are immediates of any length.
            byte[] body = [0, 0, .. Encode(prefix, opcode), .. new byte[20], 0, 0x0b];
            if (table[opcode].Form != OperatorForm.None || Accepts(type, body))
                continue;
            string path = directory.Write("one.wasm", MakeModule([(type, body)]));
            Assert.True(ExternalTool.TryRun(directory.Path, "wasm-validate", "--enable-all", path).ExitCode != 0, $"opcode 0x{prefix:x2} {opcode} is known to wabt");
        }
    }

    private static OperatorShape[] TableOf(byte prefix) => prefix switch
    {
        0 => OperatorTable.Plain,
        0xfc => OperatorTable.Miscellaneous,
        0xfd => OperatorTable.Simd,
        _ => OperatorTable.Atomic,
    };

    private static (Signature Type, byte[] Body) MakeFunction(byte prefix, int opcode, OperatorShape shape)
    {
        List<ValueType> parameters = [];
        foreach (byte operand in (ReadOnlySpan<byte>)[shape.First, shape.Second, shape.Third])
            if (operand != 0)
                parameters.Add(operand == Address ? ValueType.I32 : (ValueType)operand);
        var body = new WasmWriter();
        body.WriteLebU32(0);
        for (byte i = 0; i < parameters.Count; i++)
            body.WriteBytes([0x20, i]);
        body.WriteBytes(Encode(prefix, opcode));
        if (shape.Form is OperatorForm.Memory or OperatorForm.Atomic or OperatorForm.MemoryLane)
            body.WriteBytes([shape.SizeLog2, 0]);
        if (shape.Form is OperatorForm.Lane or OperatorForm.MemoryLane)
            body.WriteByte((byte)((16 >> shape.SizeLog2) - 1));
        body.WriteByte(0x0b);
        return (Signature.Create([.. parameters], shape.Result == 0 ? [] : [(ValueType)shape.Result]), body.ToArray());
    }

    private static byte[] Encode(byte prefix, int opcode)
    {
        var writer = new WasmWriter();
        if (prefix == 0)
        {
            writer.WriteByte((byte)opcode);
            return writer.ToArray();
        }
        writer.WriteByte(prefix);
        writer.WriteLebU32((uint)opcode);
        return writer.ToArray();
    }

    private static byte[] MakeModule(List<(Signature Type, byte[] Body)> functions)
    {
        var module = new WasmWriter();
        module.WriteBytes(ModuleHeader.Bytes);
        Section(SectionId.Type, writer => TypeSection.Write(writer, [.. functions.Select(static function => function.Type)]));
        Section(SectionId.Function, writer => FunctionSection.Write(writer, [.. Enumerable.Range(0, functions.Count).Select(static i => (uint)i)]));
        Section(SectionId.Memory, static writer => MemorySection.Write(writer, [new Limits(LimitsFlags.HasMaximum | LimitsFlags.Shared, 1, 1)]));
        Section(SectionId.Code, writer =>
        {
            writer.WriteLebU32((uint)functions.Count);
            foreach ((_, byte[] body) in functions)
                writer.WriteName(body);
        });
        return module.ToArray();

        void Section(SectionId id, Action<WasmWriter> write)
        {
            var contents = new WasmWriter();
            write(contents);
            module.WriteByte((byte)id);
            module.WriteName(contents.Written);
        }
    }

    private static bool Accepts(Signature type, byte[] body)
    {
        try
        {
            Check(type, body);
            return true;
        }
        catch (MalformedInputException)
        {
            return false;
        }
    }

    private static void Check(Signature type, byte[] body) =>
        new FunctionValidator(ValidatorContext.Make([type])).Check(body, 0, 0, allowsUnknown: false);
}
