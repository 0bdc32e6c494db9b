using Weld.Base.Diagnostics;
using Weld.Wasm.Binary;
using Weld.Wasm.Sections;
using Xunit;

namespace Weld.UnitTests.Sections;

public sealed class ConstantExpressionTests
{
    [Theory]
    [InlineData("41 00 0b", 3)]
    [InlineData("41 80 01 0b", 4)]
    [InlineData("41 ff ff 03 0b", 5)]
    [InlineData("41 ff ff ff 07 0b", 6)]
    [InlineData("41 ff ff ff ff 07 0b", 7)]
    [InlineData("41 ff ff ff ff 7e 0b", 7)]
    [InlineData("42 00 0b", 3)]
    [InlineData("23 00 41 80 01 6a 0b", 7)]
    [InlineData("41 00 41 01 6a 0b", 6)]
    public void Is_stepped_over_whatever_follows(string expression, int size)
    {
        byte[] bytes = Convert.FromHexString(expression.Replace(" ", "", StringComparison.Ordinal));
        foreach (int more in (ReadOnlySpan<int>)[0, 1, 2, 20])
        {
            var reader = new WasmReader([.. bytes, .. new byte[more]]);
            ConstantExpression.Skip(ref reader);
            Assert.Equal(size, reader.Position);
        }
    }

    [Theory]
    [InlineData("41 ff ff ff ff 0f 0b 00 00 00", "does not fit into 32 bits")]
    [InlineData("41 00 00 0b 00 00 00 00", "invalid opcode 0x00")]
    [InlineData("41 80 80 80 80 80 00 0b", "does not fit into 32 bits")]
    [InlineData("41 80", "unexpected end")]
    [InlineData("41 00", "unexpected end")]
    [InlineData("", "unexpected end")]
    public void Is_refused_when_it_is_none(string expression, string message)
    {
        byte[] bytes = Convert.FromHexString(expression.Replace(" ", "", StringComparison.Ordinal));
        MalformedInputException error = Assert.Throws<MalformedInputException>(() =>
        {
            var reader = new WasmReader(bytes);
            ConstantExpression.Skip(ref reader);
        });
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }
}
