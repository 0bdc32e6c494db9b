using System.Globalization;
using Weld.Mir;
using Weld.Mir.Lowering;
using Weld.Wasm.Binary;
using Weld.Wasm.Instructions;
using Weld.Wasm.Sections;
using Xunit;

namespace Weld.CodeGen.Tests.Mir;

/// <summary>The opcodes of MIR against the table of wasm: names, numbers, and what lowering writes for each.</summary>
public sealed class MirOpcodeTests
{
    [Fact]
    public void Every_instruction_of_the_table_has_an_opcode_with_its_name()
    {
        foreach (WasmOpcodeInfo row in WasmOpcodeTable.Rows)
        {
            MirOpcode opcode = MirOpcodeTable.Opcode(row);
            Assert.Equal(NameOf(row), opcode.ToString());
            Assert.Equal((row.Prefix, row.Code), MirOpcodeTable.Code(opcode));
            Assert.Same(row, MirOpcodeTable.Row(opcode));
        }
        Assert.Equal(WasmOpcodeTable.Rows.Length, Enum.GetValues<MirOpcode>().Count(static opcode => (int)opcode < MirOpcodeTable.FirstSymbolic));
    }

    [Fact]
    public void Every_opcode_has_a_mnemonic() =>
        Assert.All(Enum.GetValues<MirOpcode>(), static opcode => Assert.NotEqual("", MirOpcodeTable.Mnemonic(opcode)));

    [Fact]
    public void Every_instruction_is_written_as_the_reader_reads_it()
    {
        foreach (WasmOpcodeInfo row in WasmOpcodeTable.Rows)
        {
            if (row.Immediate is ImmediateKind.TryTable or ImmediateKind.CastBranch or ImmediateKind.ResumeTable or ImmediateKind.ResumeThrowTable)
                continue;
            Instruction read = Lowered.First(builder => Emit(builder, row));
            Assert.Same(row, read.Opcode);
            // delegate and end close a block, which is where the reader stops.
            if (row.Immediate is ImmediateKind.Memory or ImmediateKind.MemoryLane)
                Assert.Equal((row.SizeLog2, 70000L), ((byte)read.Alignment, read.Value));
        }
    }

    private static void Emit(MirBuilder builder, WasmOpcodeInfo row)
    {
        MirOpcode opcode = MirOpcodeTable.Opcode(row);
        switch (MirOpcodeTable.Encoding(opcode))
        {
            case MirEncoding.Memory:
                builder.Memory(opcode, row.SizeLog2, 70000);
                break;
            case MirEncoding.MemoryLane:
                builder.MemoryLane(opcode, row.SizeLog2, 70000, 1);
                break;
            case MirEncoding.Bytes16:
                builder.Bytes16(opcode, UInt128.MaxValue >> 3);
                break;
            case MirEncoding.LabelTable:
                builder.BranchTable([new MirLabel(0)], new MirLabel(0));
                break;
            case MirEncoding.I64:
                builder.I64Const(long.MinValue);
                break;
            case MirEncoding.F64:
                builder.F64Const(double.Epsilon);
                break;
            case MirEncoding.BlockType:
                builder.Indexes(opcode, MirInstruction.EmptyBlock);
                break;
            case MirEncoding.ValueTypes:
                builder.Indexes(opcode, (uint)Weld.Wasm.Sections.ValueType.F32);
                break;
            case MirEncoding.Raw:
                builder.Raw(opcode, 1, 2);
                break;
            case MirEncoding.None or MirEncoding.ReservedByte:
                builder.Emit(opcode);
                break;
            default:
                builder.Indexes(opcode, 1, 2);
                break;
        }
    }

    // As C# writes what the text format writes: i32.load8_s is I32Load8S.
    private static string NameOf(WasmOpcodeInfo row) => row is { Code: 0x1c, Prefix: 0 }
        ? "SelectTyped"
        : string.Concat(row.Mnemonic.Split('.', '_').Select(static part => char.ToUpper(part[0], CultureInfo.InvariantCulture) + part[1..]));
}
