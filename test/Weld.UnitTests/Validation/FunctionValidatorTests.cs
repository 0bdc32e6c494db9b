using Weld.Base.Diagnostics;
using Weld.Wasm.Sections;
using Weld.Wasm.Validation;
using Xunit;
using ValueType = Weld.Wasm.Sections.ValueType;

namespace Weld.UnitTests.Validation;

/// <summary>The instructions with rules of their own. Type 0 is (i32), type 1 is () -> (i32), type 2 is () -> (i32, i64).</summary>
public sealed class FunctionValidatorTests
{
    private static readonly Signature[] Types =
    [
        Signature.Create([ValueType.I32], []), Signature.Create([], [ValueType.I32]), Signature.Create([], [ValueType.I32, ValueType.I64]),
    ];

    [Theory]
    [InlineData("00 0b")]                                           // nothing
    [InlineData("00 00 0b")]                                        // unreachable
    [InlineData("01 02 7f 20 02 1a 0b")]                            // two i32 locals after the parameter
    [InlineData("00 20 00 04 40 05 0b 0b")]                         // if else end
    [InlineData("00 41 01 04 7f 41 02 05 41 03 0b 1a 0b")]          // if with a result
    [InlineData("00 03 40 0c 00 0b 0b")]                            // an endless loop
    [InlineData("00 02 7f 41 01 41 00 0d 00 0b 1a 0b")]             // br_if that carries a value
    [InlineData("00 02 40 02 40 20 00 0e 01 00 01 0b 0b 0b")]       // br_table
    [InlineData("00 02 02 41 01 42 02 0b 1a 1a 0b")]                // a block of type 2
    [InlineData("00 10 01 1a 0b")]                                  // call
    [InlineData("00 41 00 11 01 00 1a 0b")]                         // call_indirect
    [InlineData("00 20 00 12 00 0b")]                               // tail call
    [InlineData("00 41 01 41 02 41 03 1b 1a 0b")]                   // select
    [InlineData("00 d0 6f d0 6f 41 00 1c 01 6f 1a 0b")]             // select of references
    [InlineData("00 00 1b 1a 0b")]                                  // operands of unreachable code
    [InlineData("00 44 00 00 00 00 00 00 00 00 24 01 0b")]          // global.set
    [InlineData("00 41 00 25 01 d1 1a 0b")]                         // table.get, ref.is_null
    [InlineData("00 d2 00 1a 0b")]                                  // ref.func
    [InlineData("00 06 40 20 00 08 00 07 00 1a 19 0b 0b")]          // try, throw, catch, catch_all
    [InlineData("00 06 40 19 09 00 0b 0b")]                         // rethrow
    [InlineData("00 06 40 06 40 18 00 0b 0b")]                      // delegate
    [InlineData("00 02 7f 1f 40 01 00 00 00 0b 00 0b 1a 0b")]       // try_table, catch
    [InlineData("00 02 69 1f 40 01 03 00 0b 00 0b 0a 0b")]          // catch_all_ref, throw_ref
    [InlineData("00 41 00 41 00 41 00 fc 0a 00 00 0b")]             // memory.copy
    [InlineData("00 41 00 41 00 41 00 fc 0c 00 00 fc 0d 00 0b")]    // table.init, elem.drop
    [InlineData("00 42 01 42 02 42 03 42 04 fc 13 1a 1a 0b")]       // i64.add128
    [InlineData("00 fe 03 00 0b")]                                  // atomic.fence
    public void Valid(string hex) => Check(hex);

    [Theory]
    [InlineData("00", "unexpected end")]
    [InlineData("00 0b 0b", "instructions after the end")]
    [InlineData("00 41 00 0b", "1 value(s) too many")]
    [InlineData("00 1a 0b", "the stack is empty")]
    [InlineData("00 42 00 45 1a 0b", "i32 expected, i64 found")]
    [InlineData("01 d1 86 03 7f 0b", "more than 50000 locals")]
    [InlineData("01 ff ff ff ff 0f 7f 0b", "more than 50000 locals")]
    [InlineData("01 01 00 0b", "unknown value type")]
    [InlineData("00 20 01 1a 0b", "there is no local 1")]
    [InlineData("00 05 0b", "else without if")]
    [InlineData("00 41 01 04 7f 41 02 0b 1a 0b", "an if without else")]
    [InlineData("00 0c 01 0b", "there is no enclosing block 1")]
    [InlineData("00 02 40 02 7f 20 00 0e 01 00 01 0b 1a 0b 0b", "the stack is empty")]
    [InlineData("00 02 7f 02 40 00 0e 01 00 01 0b 00 0b 1a 0b", "the targets of br_table differ")]
    [InlineData("00 02 04 0b 0b", "invalid block type 4")]
    [InlineData("00 10 03 0b", "there is no function 3")]
    [InlineData("00 41 00 11 03 00 0b", "there is no type 3")]
    [InlineData("00 41 00 11 01 02 0b", "there is no table 2")]
    [InlineData("00 41 00 11 01 01 0b", "does not hold functions")]
    [InlineData("00 12 01 0b", "a tail call with other results")]
    [InlineData("00 d0 6f d0 6f 41 00 1b 1a 0b", "select without a type")]
    [InlineData("00 41 00 24 00 0b", "immutable global")]
    [InlineData("00 23 02 0b", "there is no global 2")]
    [InlineData("00 d2 01 1a 0b", "which ref.func needs")]
    [InlineData("00 07 00 0b", "catch without try")]
    [InlineData("00 08 01 0b", "there is no tag 1")]
    [InlineData("00 09 00 0b", "rethrow names no catch block")]
    [InlineData("00 18 00 0b", "delegate without try")]
    [InlineData("00 02 40 1f 40 01 00 00 00 0b 0b 0b", "a catch clause and its label differ")]
    [InlineData("00 41 00 28 03 00 1a 0b", "invalid alignment 2^3")]
    [InlineData("00 41 00 fe 10 01 00 1a 0b", "invalid alignment 2^1")]
    [InlineData("00 fc 09 00 0b", "data count section")]
    [InlineData("00 ff 0b", "unknown instruction 0xff")]
    [InlineData("00 fd 9a 01 0b", "unknown instruction 0xfd 154")]
    [InlineData("00 0e ff ff ff ff 0f 0b", "branch target count 4294967295 is larger")]
    public void Invalid(string hex, string message)
    {
        MalformedInputException error = Assert.Throws<MalformedInputException>(() => Check(hex));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.InRange(error.Offset, 1000, 1000 + hex.Length);
    }

    [Fact]
    public void Unknown_instructions_can_be_allowed() => Check("00 ff 0b", allowsUnknown: true);

    [Fact]
    public void Deep_nesting_needs_no_stack()
    {
        byte[] body = [0, .. Enumerable.Repeat<byte[]>([0x02, 0x40], 200_000).SelectMany(static b => b), .. Enumerable.Repeat((byte)0x0b, 200_001)];
        new FunctionValidator(ValidatorContext.Make(Types)).Check(body, 0, 0, allowsUnknown: false);
    }

    private static void Check(string hex, bool allowsUnknown = false)
    {
        byte[] body = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
        new FunctionValidator(ValidatorContext.Make(Types)).Check(body, 0, 1000, allowsUnknown);
    }
}
