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
