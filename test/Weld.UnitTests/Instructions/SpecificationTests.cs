using System.Globalization;
using System.Numerics;
using Weld.TestSupport;
using Weld.Wasm.Instructions;
using Xunit;

namespace Weld.UnitTests.Instructions;

/// <summary>The opcode table against the specification's own list.</summary>
public sealed class SpecificationTests
{
    private static readonly string[][] Rows =
    [
        .. File.ReadLines(Repository.Path("test", "Weld.UnitTests", "Instructions", "specification.txt"))
            .Where(static line => !line.StartsWith(';')).Select(static line => line.Split(' ')),
    ];

    [Fact]
    public void Every_instruction_of_the_specification_is_in_the_table_with_its_operands_and_types()
    {
        Assert.Equal(499, Rows.Length);
        foreach (string[] row in Rows)
        {
            WasmOpcodeInfo? found = WasmOpcodeTable.Find(byte.Parse(row[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture), uint.Parse(row[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture));
            Assert.NotNull(found);
            Assert.Equal(row[2], found.Mnemonic);
            Assert.Equal((row[2], KindOf(row[3])), (row[2], found.Immediate));
            if (row[4] != "-")
                Assert.Equal((row[2], BitOperations.Log2(uint.Parse(row[4], CultureInfo.InvariantCulture))), (row[2], found.SizeLog2));
            // The index of instructions writes those of tables as if every table had 32-bit addresses, or as if the opcode said which.
            if (!found.Mnemonic.StartsWith("table.", StringComparison.Ordinal))
                Assert.Equal((row[2], row[5] == "-" ? null : row[5]), (row[2], found.StackEffect));
        }
    }

    /// <summary>What the table has beyond the specification, by proposal.</summary>
    [Fact]
    public void Other_instructions_are_those_of_proposals()
    {
        HashSet<(string, string)> known = [.. Rows.Select(static row => (row[0], row[1]))];
        WasmOpcodeInfo[] others = [.. WasmOpcodeTable.Rows.ToArray().Where(row => !known.Contains((row.Prefix.ToString("x2", CultureInfo.InvariantCulture), row.Code.ToString("x2", CultureInfo.InvariantCulture))))];
        Assert.Equal(67, others.Count(static row => row.Prefix == 0xfe));
        Assert.Equal(
            [
                "try", "catch", "rethrow", "delegate", "catch_all",
                "cont.new", "cont.bind", "suspend", "resume", "resume_throw", "resume_throw_ref", "switch",
                "i64.add128", "i64.sub128", "i64.mul_wide_s", "i64.mul_wide_u",
            ],
            others.Where(static row => row.Prefix != 0xfe).Select(static row => row.Mnemonic));
        Assert.Equal(582, WasmOpcodeTable.Rows.Length);
    }

    private static ImmediateKind KindOf(string operands) => operands switch
    {
        "-" => ImmediateKind.None,
        "blocktype" => ImmediateKind.BlockType,
        "labelidx" => ImmediateKind.Label,
        "labelidx*+labelidx" => ImmediateKind.LabelTable,
        "funcidx" => ImmediateKind.FunctionIndex,
        "typeidx" => ImmediateKind.TypeIndex,
        "typeidx+tableidx" => ImmediateKind.TypeAndTable,
        "localidx" => ImmediateKind.LocalIndex,
        "globalidx" => ImmediateKind.GlobalIndex,
        "tagidx" => ImmediateKind.TagIndex,
        "tableidx" => ImmediateKind.TableIndex,
        "tableidx+tableidx" => ImmediateKind.TwoTables,
        "elemidx" => ImmediateKind.ElementIndex,
        "elemidx+tableidx" => ImmediateKind.ElementAndTable,
        "dataidx" => ImmediateKind.DataIndex,
        "dataidx+memidx" => ImmediateKind.DataAndMemory,
        "memidx" => ImmediateKind.MemoryIndex,
        "memidx+memidx" => ImmediateKind.TwoMemories,
        "memarg" => ImmediateKind.Memory,
        "memarg+laneidx" => ImmediateKind.MemoryLane,
        "laneidx" => ImmediateKind.Lane,
        "laneidx16" => ImmediateKind.Shuffle,
        "i32" => ImmediateKind.I32,
        "i64" => ImmediateKind.I64,
        "f32" => ImmediateKind.F32,
        "f64" => ImmediateKind.F64,
        "i128" => ImmediateKind.V128,
        "valtype*" => ImmediateKind.ValueTypes,
        "heaptype" => ImmediateKind.HeapType,
        "typeidx+typeidx" => ImmediateKind.TwoTypes,
        "typeidx+fieldidx" => ImmediateKind.TypeAndField,
        "typeidx+u32" => ImmediateKind.TypeAndCount,
        "typeidx+dataidx" => ImmediateKind.TypeAndData,
        "typeidx+elemidx" => ImmediateKind.TypeAndElement,
        "castop+labelidx+heaptype+heaptype" => ImmediateKind.CastBranch,
        "blocktype+catch*" => ImmediateKind.TryTable,
        _ => throw new ArgumentOutOfRangeException(nameof(operands), operands, "no kind"),
    };
}
