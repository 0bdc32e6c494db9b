using System.Text.RegularExpressions;

namespace Weld.Air.Tests.Instructions;

public sealed partial class AirOpcodeTableTests
{
    [Fact]
    public void Rows_are_in_the_order_of_the_opcodes()
    {
        Assert.Equal(Enum.GetValues<AirOpcode>(), AirOpcodeTable.All.ToArray().Select(row => row.Opcode));
        Assert.All(Enum.GetValues<AirOpcode>(), opcode => Assert.Equal(opcode, AirOpcodeTable.Get(opcode).Opcode));
    }

    [Fact]
    public void Names_are_those_of_the_opcodes() =>
        Assert.All(Rows, row => Assert.Equal(row.Opcode.ToString().ToUpperInvariant(), row.Name.Replace("_", "").ToUpperInvariant()));

    [Fact]
    public void Lists_and_bodies_are_the_last_operands() =>
        Assert.All(Rows, row =>
        {
            Assert.All(row.Operands.SkipLast(1), operand => Assert.False(operand.Kind is OperandKind.Values or OperandKind.Lanes or OperandKind.Cases));
            Assert.All(row.Operands.SkipWhile(operand => operand.Kind != OperandKind.Body), operand => Assert.Equal(OperandKind.Body, operand.Kind));
            Assert.Equal(row.HasBodies, row.Operands.Any(operand => operand.Kind is OperandKind.Body or OperandKind.Cases));
        });

    [Fact]
    public void A_rule_about_the_subject_has_one() =>
        Assert.All(Rows, row =>
        {
            bool needsSubject = row.Result.ToString().StartsWith("Subject", StringComparison.Ordinal)
                || row.Operands.Any(operand => operand.Type.ToString().StartsWith("Subject", StringComparison.Ordinal));
            Assert.True(!needsSubject || row.Written != WrittenType.None, row.Name);
            Assert.Equal(row.Written == WrittenType.Operand, row.Result != ResultRule.Written && row.Operands.Any(operand => operand.Type == OperandTypeRule.Subject));
            Assert.Equal(row.Written == WrittenType.None, row.Class == SubjectClass.None);
        });

    [Fact]
    public void Flags_say_what_the_rows_say() =>
        Assert.All(Rows, row =>
        {
            Assert.Equal(row.Result == ResultRule.NoReturn, row.IsTerminator);
            Assert.Equal(row.Name.EndsWith("_safe", StringComparison.Ordinal), row.IsSafe);
            Assert.Equal(row.Name.Contains("_optimized", StringComparison.Ordinal), (row.Flags & OpcodeFlags.IsOptimized) != 0);
            Assert.Equal(row.Group == OpcodeGroup.Debug && !row.HasBodies, (row.Flags & OpcodeFlags.IsDebug) != 0);
        });

    [Fact]
    public void Meanings_are_sentences() =>
        Assert.All(Rows, row => Assert.Matches(Sentence(), row.Meaning));

    private static IEnumerable<OpcodeInfo> Rows => AirOpcodeTable.All.ToArray();

    [GeneratedRegex(@"^[^|\n]+[.]$")]
    private static partial Regex Sentence();
}
