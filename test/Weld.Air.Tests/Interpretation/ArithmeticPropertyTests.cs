using Weld.Air.Interpretation;

namespace Weld.Air.Tests.Interpretation;

/// <summary>Arithmetic on random numbers, against what numbers do by definition, and against the machine's floats.</summary>
public sealed class ArithmeticPropertyTests
{
    private const int Rounds = 400;

    private static readonly AirOpcode[] Exacts = [AirOpcode.Add, AirOpcode.Sub, AirOpcode.Mul];
    private static readonly AirOpcode[] Wraps = [AirOpcode.AddWrap, AirOpcode.SubWrap, AirOpcode.MulWrap];
    private static readonly AirOpcode[] Saturations = [AirOpcode.AddSat, AirOpcode.SubSat, AirOpcode.MulSat];
    private static readonly AirOpcode[] Safes = [AirOpcode.AddSafe, AirOpcode.SubSafe, AirOpcode.MulSafe];

    private readonly Random _random = new(20261121);

    [Fact]
    public void Add_sub_mul_of_every_kind()
    {
        for (int round = 0; round < Rounds; round++)
        {
            (TypeId type, AirModule module, BigInteger least, BigInteger most) = RandomInteger();
            BigInteger x = RandomIn(least, most);
            BigInteger y = RandomIn(least, most);
            BigInteger[] exacts = [x + y, x - y, x * y];
            for (int i = 0; i < exacts.Length; i++)
            {
                bool fits = exacts[i] >= least && exacts[i] <= most;
                BigInteger wrapped = least + Modulo(exacts[i] - least, most - least + 1);
                BigInteger nearest = exacts[i] < least ? least : exacts[i] > most ? most : exacts[i];
                Assert.Equal(fits ? exacts[i] : null, Number(module, type, Exacts[i], x, y));
                Assert.Equal(fits ? exacts[i] : null, Number(module, type, Safes[i], x, y));
                Assert.Equal(wrapped, Number(module, type, Wraps[i], x, y));
                Assert.Equal(nearest, Number(module, type, Saturations[i], x, y));
            }
        }
    }

    [Fact]
    public void Division_and_remainder_belong_together()
    {
        for (int round = 0; round < Rounds; round++)
        {
            (TypeId type, AirModule module, BigInteger least, BigInteger most) = RandomInteger();
            BigInteger x = RandomIn(least, most);
            BigInteger y = RandomIn(least, most);
            BigInteger? truncated = Number(module, type, AirOpcode.DivTrunc, x, y);
            BigInteger? floored = Number(module, type, AirOpcode.DivFloor, x, y);
            if (y.IsZero)
            {
                Assert.Null(truncated);
                Assert.Null(Number(module, type, AirOpcode.Mod, x, y));
                continue;
            }
            BigInteger rest = Number(module, type, AirOpcode.Rem, x, y)!.Value;
            BigInteger modulus = Number(module, type, AirOpcode.Mod, x, y)!.Value;
            Assert.True(BigInteger.Abs(rest) < BigInteger.Abs(y) && (rest.IsZero || rest.Sign == x.Sign));
            Assert.True(BigInteger.Abs(modulus) < BigInteger.Abs(y) && (modulus.IsZero || modulus.Sign == y.Sign));
            if (truncated is null)
            {
                Assert.True(x == least && y == -1);
                continue;
            }
            Assert.Equal(x, (truncated * y) + rest);
            Assert.Equal(x, (floored * y) + modulus);
        }
    }

    [Fact]
    public void Shifts_are_products_and_quotients_by_powers_of_two()
    {
        for (int round = 0; round < Rounds; round++)
        {
            (TypeId type, AirModule module, BigInteger least, BigInteger most) = RandomInteger();
            BigInteger x = RandomIn(least, most);
            int width = ((IntegerType)module.Types[type]).Bits;
            int amount = _random.Next(width);
            BigInteger product = x * BigInteger.Pow(2, amount);
            Assert.Equal(least + Modulo(product - least, most - least + 1), Shifted(module, type, AirOpcode.Shl, x, amount));
            Assert.Equal(BigInteger.Clamp(product, least, most), Shifted(module, type, AirOpcode.ShlSat, x, amount));
            BigInteger quotient = Shifted(module, type, AirOpcode.Shr, x, amount)!.Value;
            Assert.InRange(x - (quotient * BigInteger.Pow(2, amount)), 0, BigInteger.Pow(2, amount) - 1);
            Assert.Null(Shifted(module, type, AirOpcode.Shl, x, width));
        }
    }

    [Fact]
    public void Floats_agree_with_the_machine()
    {
        for (int round = 0; round < 20 * Rounds; round++)
        {
            double x = RandomDouble();
            double y = RandomDouble();
            Same(x + y, Double(FloatFormat.Of(64), x, y, FloatArithmetic.Add));
            Same(x - y, Double(FloatFormat.Of(64), x, y, FloatArithmetic.Subtract));
            Same(x * y, Double(FloatFormat.Of(64), x, y, FloatArithmetic.Multiply));
            Same(x / y, Double(FloatFormat.Of(64), x, y, FloatArithmetic.Divide));
            Same(x % y, Double(FloatFormat.Of(64), x, y, FloatArithmetic.Remainder));
            Same(Math.Sqrt(x), Double(FloatFormat.Of(64), x, y, static (f, a, _) => FloatArithmetic.SquareRoot(f, a)));
            Same(Math.FusedMultiplyAdd(x, y, -x), Double(FloatFormat.Of(64), x, y, static (f, a, b) => FloatArithmetic.MultiplyAdd(f, a, b, FloatArithmetic.Negate(f, a))));
            Same(Math.Floor(x), Double(FloatFormat.Of(64), x, y, static (f, a, _) => FloatArithmetic.Round(f, a, Rounding.Down)));
            Same(Math.Ceiling(x), Double(FloatFormat.Of(64), x, y, static (f, a, _) => FloatArithmetic.Round(f, a, Rounding.Up)));
            Same(Math.Round(x, MidpointRounding.AwayFromZero), Double(FloatFormat.Of(64), x, y, static (f, a, _) => FloatArithmetic.Round(f, a, Rounding.NearestAway)));
            Assert.Equal(double.IsNaN(x) || double.IsNaN(y) ? null : x.CompareTo(y), FloatArithmetic.Compare(FloatFormat.Of(64), BitConverter.DoubleToUInt64Bits(x), BitConverter.DoubleToUInt64Bits(y)));
            float a = RandomFloat();
            float b = RandomFloat();
            Same(a / b, Single(a, b, FloatArithmetic.Divide));
            Same(a * b, Single(a, b, FloatArithmetic.Multiply));
            Half p = BitConverter.UInt16BitsToHalf((ushort)_random.Next(65536));
            Half q = BitConverter.UInt16BitsToHalf((ushort)_random.Next(65536));
            Half sum = BitConverter.UInt16BitsToHalf((ushort)FloatArithmetic.Add(FloatFormat.Of(16), BitConverter.HalfToUInt16Bits(p), BitConverter.HalfToUInt16Bits(q)));
            Same((double)(p + q), (double)sum);
        }
    }

    private static BigInteger Modulo(BigInteger x, BigInteger by) => ((x % by) + by) % by;

    private static BigInteger? Number(AirModule module, TypeId type, AirOpcode opcode, BigInteger x, BigInteger y) =>
        Result(module, type, opcode, module.Values.Integer(type, x), module.Values.Integer(type, y));

    private static BigInteger? Shifted(AirModule module, TypeId type, AirOpcode opcode, BigInteger x, int amount) =>
        Result(module, type, opcode, module.Values.Integer(type, x), module.Values.Integer(TypeId.U16, amount));

    private static BigInteger? Result(AirModule module, TypeId type, AirOpcode opcode, ValueId x, ValueId y)
    {
        FunctionBuilder f = module.DefineFunction($"f{module.Items.Count}", [type, module.Values.TypeOf(y)], type);
        f.Ret(f.Emit(opcode, type, ((Operand)f.Parameter(0)).Raw, ((Operand)f.Parameter(1)).Raw));
        var interpreter = new Interpreter(module);
        InterpreterResult result = interpreter.Call(f.Finish(), x, y);
        return result.IsTrap ? null : ((IntegerValue)module.Values[interpreter.ToConstant(result.Value)]).Value;
    }

    private static double Double(FloatFormat format, double x, double y, Func<FloatFormat, UInt128, UInt128, UInt128> operation) =>
        BitConverter.UInt64BitsToDouble((ulong)operation(format, BitConverter.DoubleToUInt64Bits(x), BitConverter.DoubleToUInt64Bits(y)));

    private static float Single(float x, float y, Func<FloatFormat, UInt128, UInt128, UInt128> operation) =>
        BitConverter.UInt32BitsToSingle((uint)operation(FloatFormat.Of(32), BitConverter.SingleToUInt32Bits(x), BitConverter.SingleToUInt32Bits(y)));

    // With the sign of zeros; all NaNs are the same.
    private static void Same(double expected, double actual) => Assert.Equal(
        double.IsNaN(expected) ? ulong.MaxValue : BitConverter.DoubleToUInt64Bits(expected),
        double.IsNaN(actual) ? ulong.MaxValue : BitConverter.DoubleToUInt64Bits(actual));

    private (TypeId Type, AirModule Module, BigInteger Least, BigInteger Most) RandomInteger()
    {
        var module = new AirModule();
        int[] widths = [1, 7, 8, 16, 31, 32, 33, 63, 64, 65, 127, 128, 129];
        int bits = _random.Next(2) == 0 ? widths[_random.Next(widths.Length)] : _random.Next(1, 200);
        bool isSigned = _random.Next(2) == 0;
        BigInteger all = BigInteger.Pow(2, bits);
        return (module.Types.Integer(isSigned, bits), module, isSigned ? -all / 2 : 0, isSigned ? (all / 2) - 1 : all - 1);
    }

    private BigInteger RandomIn(BigInteger least, BigInteger most) => _random.Next(6) switch
    {
        0 => least,
        1 => most,
        2 => BigInteger.Clamp(_random.Next(-2, 3), least, most),
        _ => least + Modulo(new BigInteger(_random.NextInt64()) * _random.NextInt64() * _random.NextInt64() * _random.Next(), most - least + 1),
    };

    private double RandomDouble() => _random.Next(4) switch
    {
        0 => _random.Next(-8, 9) / 2.0,
        1 => new[] { 0.0, -0.0, double.PositiveInfinity, double.NegativeInfinity, double.NaN, double.Epsilon, double.MaxValue, 1, -1 }[_random.Next(9)],
        2 => BitConverter.UInt64BitsToDouble((ulong)_random.NextInt64(-long.MaxValue, long.MaxValue)),
        _ => BitConverter.UInt64BitsToDouble(((ulong)_random.NextInt64() & 0x800fffffffffffff) | ((ulong)_random.Next(1000, 1080) << 52)),
    };

    private float RandomFloat() => _random.Next(3) == 0 ? _random.Next(-8, 9) / 2f : BitConverter.UInt32BitsToSingle((uint)_random.NextInt64());
}
