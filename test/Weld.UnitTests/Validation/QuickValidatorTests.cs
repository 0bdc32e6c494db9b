using Weld.Base.Diagnostics;
using Weld.Wasm.Sections;
using Weld.Wasm.Validation;
using Xunit;
using ValueType = Weld.Wasm.Sections.ValueType;

namespace Weld.UnitTests.Validation;

/// <summary>The quick validator accepts only what the precise one accepts, and nearly all of what compilers write.</summary>
public sealed class QuickValidatorTests
{
    // Types 0 to 5. Each is also the type of the function with its number.
    private static readonly Signature[] Types =
    [
        Signature.Create([ValueType.I32, ValueType.I64], []),
        Signature.Create([], [ValueType.I32]),
        Signature.Create([ValueType.F64, ValueType.F32], [ValueType.F64]),
        Signature.Create([.. Enumerable.Repeat(ValueType.I32, 8), ValueType.I64, ValueType.F32], [ValueType.I64]),
        Signature.Create([ValueType.V128], [ValueType.V128]),
        Signature.Create([], []),
    ];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Accepts_what_compilers_write(bool is64)
    {
        var random = new Random(5);
        CodeContext context = ValidatorContext.Make(Types, is64);
        var quick = new QuickValidator(context);
        var precise = new FunctionValidator(context);
        var generator = new BodyGenerator(random, Types, is64);
        for (int i = 0; i < 3_000; i++)
        {
            uint type = (uint)random.Next(Types.Length);
            byte[] body = generator.Make(type);
            precise.CheckClosely(body, type, 0, allowsUnknown: false);
            Assert.True(quick.Accepts(body, type), $"type {type}: {Convert.ToHexString(body)}");
        }
    }

    /// <summary>Bodies with a few wrong bytes, of which some remain valid.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Accepts_nothing_that_is_invalid(bool is64)
    {
        var random = new Random(7);
        CodeContext context = ValidatorContext.Make(Types, is64);
        var quick = new QuickValidator(context);
        var precise = new FunctionValidator(context);
        var generator = new BodyGenerator(random, Types, is64);
        int accepted = 0;
        int refused = 0;
        for (int i = 0; i < 20_000; i++)
        {
            uint type = (uint)random.Next(Types.Length);
            byte[] body = Spoil(generator.Make(type), random);
            bool isValid = IsValid(precise, body, type);
            bool isAccepted = quick.Accepts(body, type);
            Assert.True(isValid || !isAccepted, $"type {type}: {Convert.ToHexString(body)}");
            accepted += isAccepted ? 1 : 0;
            refused += isValid ? 0 : 1;
        }
        Assert.True(accepted > 3_000 && refused > 3_000, $"{accepted} accepted, {refused} refused: too few to show anything");
    }

    /// <summary>What chance would hardly find. The functions are () -> ().</summary>
    [Theory]
    [InlineData("00 41 01 02 40 41 02 6a 0b 1a 0b")]            // a second operand outside of the block: binary
    [InlineData("00 41 01 02 40 45 0b 1a 0b")]                  // unary
    [InlineData("00 41 01 02 40 28 02 00 0b 1a 0b")]            // load
    [InlineData("00 41 01 02 40 41 02 36 02 00 41 03 0b 1a 0b")] // store
    [InlineData("01 01 7f 41 01 02 40 22 00 0b 1a 0b")]         // local.tee
    [InlineData("01 01 7f 41 01 02 40 21 00 41 03 0b 1a 0b")]   // local.set
    [InlineData("00 44 00 00 00 00 00 00 00 00 02 40 24 01 41 03 0b 1a 0b")] // global.set
    [InlineData("00 41 01 02 40 1a 41 02 0b 1a 0b")]            // drop
    [InlineData("00 41 01 02 40 0d 00 41 02 0b 1a 0b")]         // br_if
    [InlineData("00 41 01 02 40 04 40 0b 41 02 0b 1a 0b")]      // if
    [InlineData("00 41 01 02 7f 0c 00 0b 1a 1a 0b")]            // br
    [InlineData("00 41 01 02 40 41 02 41 03 1b 41 04 0b 1a 0b")] // select
    [InlineData("00 41 01 02 40 11 05 00 41 02 0b 1a 0b")]      // call_indirect
    [InlineData("01 02 6f 20 00 20 01 41 00 1b 1a 0b")]         // select of references
    [InlineData("00 41 00 28 02 80 80 80 80 10 1a 0b")]         // LEBs of more than 32 bits
    [InlineData("00 41 00 41 00 36 02 80 80 80 80 10 0b")]
    [InlineData("00 41 80 80 80 80 08 1a 0b")]
    [InlineData("00 41 ff ff ff ff 77 1a 0b")]
    [InlineData("00 41 80 80 80 80 80 00 1a 0b")]
    [InlineData("00 42 80 80 80 80 80 80 80 80 80 01 1a 0b")]
    [InlineData("00 10 85 80 80 80 10 0b")]
    [InlineData("00 10 85 80 80 80 80 00 0b")]
    [InlineData("00 23 80 80 80 80 10 1a 0b")]
    [InlineData("00 41 00 11 85 80 80 80 10 00 0b")]
    [InlineData("00 41 00 11 05 80 80 80 80 10 0b")]
    [InlineData("00 41 00 24 00 0b")]                           // an immutable global
    [InlineData("00 41 00 11 05 01 0b")]                        // a table of something else
    [InlineData("00 02 40 11 05 01 0b 0b")]                     // at the beginning of a block, without an index
    [InlineData("00 02 7f 42 00 0b 1a 0b")]                     // another result than the block has
    [InlineData("00 02 7f 41 00 41 00 0b 1a 0b")]               // one too many
    [InlineData("00 02 40 41 00 0b 0b")]
    [InlineData("00 41 00 0b")]
    [InlineData("00 02 40 0b 0b 0b")]                           // ends that nothing has begun
    [InlineData("00 02 40 05 0b 0b")]                           // else without if
    [InlineData("00 02 7f 00 05 41 00 0b 1a 0b")]
    [InlineData("00 41 00 04 40 05 05 0b 0b")]
    [InlineData("00 41 00 04 7f 41 00 0b 1a 0b")]               // a result without else
    [InlineData("00 41 00 04 7f 00 0b 1a 0b")]
    [InlineData("00 41 00 0d 01 0b")]                           // branches that lead nowhere
    [InlineData("00 0c 7f 0b")]
    [InlineData("00 41 00 0d ff 00 0b")]
    [InlineData("00 41 00 0e 00 01 0b")]
    [InlineData("00 20 00 1a 0b")]                              // locals that are not there
    [InlineData("01 01 7f 20 01 1a 0b")]
    [InlineData("01 01 7f 20 80 01 1a 0b")]
    [InlineData("01 01 7f 20 ff ff ff ff 0f 1a 0b")]
    [InlineData("00 02 40 21 00 0b 0b")]
    [InlineData("00 44 00 00 00 00 00 00 00 00 41 01 6a 1a 0b")] // a constant as the second operand: of another type
    [InlineData("00 02 40 41 01 6a 0b 0b")]                     // alone
    [InlineData("00 41 01 44 00 00 00 00 00 00")]               // ends within an immediate
    [InlineData("00 41 00 41 80 80 80")]
    [InlineData("00 20")]
    public void Refuses(string hex)
    {
        byte[] body = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
        CodeContext context = ValidatorContext.Make(Types);
        Assert.False(IsValid(new FunctionValidator(context), body, 5));
        Assert.False(new QuickValidator(context).Accepts(body, 5));
    }

    /// <summary>An index of three bytes must not be taken for one of two, however many blocks there are.</summary>
    [Theory]
    [InlineData(300, new byte[] { 0xac, 0x02 }, true)]
    [InlineData(20_000, new byte[] { 0xff, 0x7f }, true)]
    [InlineData(20_000, new byte[] { 0xff, 0xff, 0x00 }, false)]
    public void Takes_targets_of_two_bytes(int depth, byte[] target, bool isAccepted)
    {
        byte[] blocks = [.. Enumerable.Repeat<byte[]>([0x02, 0x40], depth).SelectMany(static block => block)];
        byte[] body = [0x00, .. blocks, 0x41, 0x00, 0x0e, 0x01, 0x00, .. target, .. Enumerable.Repeat((byte)0x0b, depth + 1)];
        CodeContext context = ValidatorContext.Make(Types);
        Assert.True(IsValid(new FunctionValidator(context), body, 5));
        Assert.Equal(isAccepted, new QuickValidator(context).Accepts(body, 5));
    }

    [Fact]
    public void Reads_nothing_behind_a_body()
    {
        CodeContext context = ValidatorContext.Make(Types);
        var quick = new QuickValidator(context);
        // The end of a valid body is behind the bytes that it is given.
        for (int length = 0; length < 80; length++)
        {
            byte[] bytes = [0, .. Enumerable.Repeat((byte)0x01, length), 0x0b, 0x0b];
            Assert.True(quick.Accepts(bytes.AsSpan(0, length + 2), 5), $"{length}");
            Assert.False(quick.Accepts(bytes.AsSpan(0, length + 1), 5), $"{length}");
            Assert.False(quick.Accepts(bytes, 5), $"{length}");
        }
    }

    private static byte[] Spoil(byte[] body, Random random)
    {
        List<byte> bytes = [.. body];
        for (int left = random.Next(1, 3); left > 0 && bytes.Count > 0; left--)
        {
            int at = random.Next(bytes.Count);
            switch (random.Next(6))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2:
                    bytes[at] = (byte)(bytes[at] + random.Next(-2, 3));
                    break;
                case 3:
                    bytes.RemoveAt(at);
                    break;
                case 4:
                    bytes.Insert(at, bytes[random.Next(bytes.Count)]);
                    break;
                default:
                    bytes[at] = bytes[random.Next(bytes.Count)];
                    break;
            }
        }
        return [.. bytes];
    }

    private static bool IsValid(FunctionValidator precise, byte[] body, uint type)
    {
        try
        {
            precise.CheckClosely(body, type, 0, allowsUnknown: false);
            return true;
        }
        catch (MalformedInputException)
        {
            return false;
        }
    }
}
