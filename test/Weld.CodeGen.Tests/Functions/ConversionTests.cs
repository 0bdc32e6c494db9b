using Xunit;

namespace Weld.CodeGen.Tests.Functions;

/// <summary>Every pair of integer widths, integers and floats, and bits taken as another type.</summary>
public sealed class ConversionTests
{
    private static readonly int[] Widths = [1, 5, 8, 16, 31, 32, 33, 48, 64];

    private static readonly double[] Floats =
        [0, -0.0, 1, -1, 0.5, -0.5, 1.5, 2.5, 127, 128, 255, 256, 32767.5, 65535, 2147483647, 2147483648, -2147483648, 4294967295, 4294967296,
         9007199254740993, 9223372036854774784, -9223372036854775808, 18446744073709549568, 1e-300, 3.0000001e9];

    [Fact]
    public void Integers_to_integers()
    {
        var module = new Compiled();
        foreach (IntegerShape from in Shapes())
            foreach (IntegerShape to in Shapes())
            {
                TypeId fromType = module.Types.Integer(from.IsSigned, from.Bits);
                TypeId toType = module.Types.Integer(to.IsSigned, to.Bits);
                string pair = $"{Name(from)}_{Name(to)}";
                module.Define("intcast_" + pair, [fromType], toType, f => f.Intcast(toType, f.Parameter(0)));
                module.Define("safe_" + pair, [fromType], toType, f => f.IntcastSafe(toType, f.Parameter(0)));
                if (to.Bits <= from.Bits)
                    module.Define("trunc_" + pair, [fromType], toType, f => f.Trunc(toType, f.Parameter(0)));
                foreach (BigInteger value in Values(from))
                {
                    string argument = module.Value(fromType, value);
                    if (to.Has(value))
                        module.Expect("intcast_" + pair, [argument], module.Value(toType, value));
                    module.Expect("safe_" + pair, [argument], to.Has(value) ? module.Value(toType, value) : "trap");
                    if (to.Bits <= from.Bits)
                        module.Expect("trunc_" + pair, [argument], module.Value(toType, IntegerTests.Wrap(value, to)));
                }
            }
        module.Run();
    }

    [Fact]
    public void Bits_as_the_other_sign_and_as_floats()
    {
        var module = new Compiled();
        foreach (int bits in Widths)
        {
            TypeId signed = module.Types.Signed(bits);
            TypeId unsigned = module.Types.Unsigned(bits);
            module.Define($"to_signed{bits}", [unsigned], signed, f => f.Bitcast(signed, f.Parameter(0)));
            module.Define($"to_unsigned{bits}", [signed], unsigned, f => f.Bitcast(unsigned, f.Parameter(0)));
            foreach (BigInteger value in Values(new IntegerShape(true, bits)))
            {
                BigInteger same = IntegerTests.Wrap(value, new IntegerShape(false, bits));
                module.Expect($"to_signed{bits}", [module.Value(unsigned, same)], module.Value(signed, value));
                module.Expect($"to_unsigned{bits}", [module.Value(signed, value)], module.Value(unsigned, same));
            }
        }
        module.Define("f32_bits", [TypeId.F32], TypeId.U32, f => f.Bitcast(TypeId.U32, f.Parameter(0)));
        module.Define("i32_float", [TypeId.I32], TypeId.F32, f => f.Bitcast(TypeId.F32, f.Parameter(0)));
        module.Define("f64_bits", [TypeId.F64], TypeId.I64, f => f.Bitcast(TypeId.I64, f.Parameter(0)));
        module.Define("u64_float", [TypeId.U64], TypeId.F64, f => f.Bitcast(TypeId.F64, f.Parameter(0)));
        module.Define("half_bits", [TypeId.I16], TypeId.U16, f => f.Bitcast(TypeId.U16, f.Bitcast(TypeId.F16, f.Parameter(0))));
        module.Expect("f32_bits", [Compiled.F32(1)], "i3f800000");
        module.Expect("i32_float", ["ibf800000"], Compiled.F32(-1));
        module.Expect("f64_bits", [Compiled.F64(-2)], "lc000000000000000");
        module.Expect("u64_float", ["l3ff0000000000000"], Compiled.F64(1));
        module.Expect("half_bits", ["iffffc000"], "ic000");
        module.Run();
    }

    [Fact]
    public void Integers_and_floats()
    {
        var module = new Compiled();
        module.Define("fpext", [TypeId.F32], TypeId.F64, f => f.Fpext(TypeId.F64, f.Parameter(0)));
        module.Define("fptrunc", [TypeId.F64], TypeId.F32, f => f.Fptrunc(TypeId.F32, f.Parameter(0)));
        foreach (double value in Floats)
        {
            module.Expect("fptrunc", [Compiled.F64(value)], Compiled.F32((float)value));
            module.Expect("fpext", [Compiled.F32((float)value)], Compiled.F64((float)value));
        }
        foreach (IntegerShape shape in Shapes())
        {
            TypeId type = module.Types.Integer(shape.IsSigned, shape.Bits);
            AddFloat(module, shape, type, TypeId.F32, static value => Compiled.F32((float)value), static value => (float)value, FromInteger32);
            AddFloat(module, shape, type, TypeId.F64, static value => Compiled.F64(value), static value => value, static value => Compiled.F64(FromInteger(value)));
        }
        module.Run();
    }

    // Rounded once; a cast of a long through double would round twice.
    private static string FromInteger32(BigInteger value) => Compiled.F32(value.Sign < 0 ? (float)(long)value : (float)(ulong)value);

    private static double FromInteger(BigInteger value) => value.Sign < 0 ? (long)value : (ulong)value;

    private static void AddFloat(Compiled module, IntegerShape shape, TypeId type, TypeId number, Func<double, string> print, Func<double, double> round, Func<BigInteger, string> fromInteger)
    {
        string suffix = $"_{Name(shape)}_{number.Index}";
        module.Define("to_int" + suffix, [number], type, f => f.IntFromFloat(type, f.Parameter(0)));
        module.Define("to_int_safe" + suffix, [number], type, f => f.IntFromFloatSafe(type, f.Parameter(0)));
        module.Define("to_float" + suffix, [type], number, f => f.FloatFromInt(number, f.Parameter(0)));
        foreach (double value in Floats)
        {
            BigInteger whole = new(Math.Truncate(round(value)));
            if (shape.Has(whole))
                module.Expect("to_int" + suffix, [print(value)], module.Value(type, whole));
            module.Expect("to_int_safe" + suffix, [print(value)], shape.Has(whole) ? module.Value(type, whole) : "trap");
        }
        module.Expect("to_int_safe" + suffix, [print(double.NaN)], "trap");
        module.Expect("to_int_safe" + suffix, [print(double.PositiveInfinity)], "trap");
        foreach (BigInteger value in Values(shape))
            module.Expect("to_float" + suffix, [module.Value(type, value)], fromInteger(value));
    }

    private static IEnumerable<IntegerShape> Shapes() => Widths.SelectMany(static bits => new[] { new IntegerShape(false, bits), new IntegerShape(true, bits) });

    private static string Name(IntegerShape shape) => $"{(shape.IsSigned ? 'i' : 'u')}{shape.Bits}";

    private static SortedSet<BigInteger> Values(IntegerShape shape)
    {
        SortedSet<BigInteger> all = [];
        foreach (int bits in Widths)
            for (int delta = -1; delta <= 1; delta++)
                foreach (BigInteger value in new[] { (BigInteger.One << bits) + delta, (BigInteger.One << (bits - 1)) + delta, -(BigInteger.One << (bits - 1)) + delta, delta })
                    if (shape.Has(value))
                        all.Add(value);
        return all;
    }
}
