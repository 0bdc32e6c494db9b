using System.Globalization;
using Xunit;

namespace Weld.CodeGen.Tests.Functions;

/// <summary>Every integer instruction on many widths, with numbers at the limits, against arithmetic on numbers of any size.</summary>
public sealed class IntegerTests
{
    private static readonly int[] Widths = [1, 2, 3, 7, 8, 9, 15, 16, 17, 24, 31, 32, 33, 40, 47, 48, 63, 64];

    public static TheoryData<string> Groups => ["wrap", "plain", "sat", "overflow", "safe", "division", "bits", "shift", "count", "compare", "sign"];

    [Theory, MemberData(nameof(Groups))]
    public void Integers(string group)
    {
        var module = new Compiled();
        foreach (int bits in Widths)
            foreach (bool isSigned in new[] { false, true })
                AddGroup(module, group, new IntegerShape(isSigned, bits));
        module.Run();
    }

    /// <summary>The same without the sign extension instructions.</summary>
    [Fact]
    public void Integers_for_the_first_version_of_wasm()
    {
        var module = new Compiled { Target = new CodeGenTarget(false, WasmFeatures.MutableGlobals) };
        foreach (int bits in Widths)
            AddGroup(module, "wrap", new IntegerShape(true, bits));
        module.Run();
    }

    private static void AddGroup(Compiled module, string group, IntegerShape shape)
    {
        var type = new IntegerCases(module, shape);
        switch (group)
        {
            case "wrap":
                type.Binary("add_wrap", static (f, x, y) => f.AddWrap(x, y), (x, y) => Wrap(x + y, shape));
                type.Binary("sub_wrap", static (f, x, y) => f.SubWrap(x, y), (x, y) => Wrap(x - y, shape));
                type.Binary("mul_wrap", static (f, x, y) => f.MulWrap(x, y), (x, y) => Wrap(x * y, shape));
                break;
            case "plain":
                type.Binary("add", static (f, x, y) => f.Add(x, y), (x, y) => Legal(x + y, shape));
                type.Binary("sub", static (f, x, y) => f.Sub(x, y), (x, y) => Legal(x - y, shape));
                type.Binary("mul", static (f, x, y) => f.Mul(x, y), (x, y) => Legal(x * y, shape));
                type.Binary("max", static (f, x, y) => f.Max(x, y), static (x, y) => BigInteger.Max(x, y));
                type.Binary("min", static (f, x, y) => f.Min(x, y), static (x, y) => BigInteger.Min(x, y));
                break;
            case "sat":
                type.Binary("add_sat", static (f, x, y) => f.AddSat(x, y), (x, y) => Clamp(x + y, shape));
                type.Binary("sub_sat", static (f, x, y) => f.SubSat(x, y), (x, y) => Clamp(x - y, shape));
                type.Binary("mul_sat", static (f, x, y) => f.MulSat(x, y), (x, y) => Clamp(x * y, shape));
                break;
            case "overflow":
                type.Overflow("add", static (f, x, y) => f.AddWithOverflow(x, y), static (x, y) => x + y);
                type.Overflow("sub", static (f, x, y) => f.SubWithOverflow(x, y), static (x, y) => x - y);
                type.Overflow("mul", static (f, x, y) => f.MulWithOverflow(x, y), static (x, y) => x * y);
                break;
            case "safe":
                type.Safe("add", static (f, x, y) => f.AddSafe(x, y), static (x, y) => x + y);
                type.Safe("sub", static (f, x, y) => f.SubSafe(x, y), static (x, y) => x - y);
                type.Safe("mul", static (f, x, y) => f.MulSafe(x, y), static (x, y) => x * y);
                break;
            case "division":
                type.Binary("div_trunc", static (f, x, y) => f.DivTrunc(x, y), (x, y) => y == 0 ? null : Legal(x / y, shape));
                type.Binary("div_floor", static (f, x, y) => f.DivFloor(x, y), (x, y) => y == 0 ? null : Legal(Floor(x, y), shape));
                type.Binary("div_exact", static (f, x, y) => f.DivExact(x, y), (x, y) => y == 0 || x % y != 0 ? null : Legal(x / y, shape));
                type.Binary("rem", static (f, x, y) => f.Rem(x, y), static (x, y) => y == 0 ? null : x % y);
                type.Binary("mod", static (f, x, y) => f.Mod(x, y), static (x, y) => y == 0 ? null : x - (y * Floor(x, y)));
                break;
            case "bits":
                type.Binary("bit_and", static (f, x, y) => f.BitAnd(x, y), static (x, y) => x & y);
                type.Binary("bit_or", static (f, x, y) => f.BitOr(x, y), static (x, y) => x | y);
                type.Binary("xor", static (f, x, y) => f.Xor(x, y), static (x, y) => x ^ y);
                type.Unary("not", static (f, x) => f.Not(x), x => Wrap(~x, shape));
                if (shape.Bits % 8 == 0)
                    type.Unary("byte_swap", static (f, x) => f.ByteSwap(x), x => FromBits(Turn(Bits(x, shape), shape.Bits, 8), shape));
                type.Unary("bit_reverse", static (f, x) => f.BitReverse(x), x => FromBits(Turn(Bits(x, shape), shape.Bits, 1), shape));
                break;
            case "shift":
                type.Shift("shl", static (f, x, y) => f.Shl(x, y), (x, n) => n >= shape.Bits ? null : Wrap(x << n, shape));
                type.Shift("shl_exact", static (f, x, y) => f.ShlExact(x, y), (x, n) => n >= shape.Bits ? null : Legal(x << n, shape));
                type.Shift("shl_sat", static (f, x, y) => f.ShlSat(x, y), (x, n) => Clamp(x << n, shape));
                type.Shift("shr", static (f, x, y) => f.Shr(x, y), (x, n) => n >= shape.Bits ? null : x >> n);
                type.ShiftOverflow();
                break;
            case "count":
                type.Count("clz", static (f, t, x) => f.Clz(t, x), x => shape.Bits - (int)Bits(x, shape).GetBitLength());
                type.Count("ctz", static (f, t, x) => f.Ctz(t, x), x => x.IsZero ? shape.Bits : (int)BigInteger.TrailingZeroCount(Bits(x, shape)));
                type.Count("popcount", static (f, t, x) => f.Popcount(t, x), x => (int)BigInteger.PopCount(Bits(x, shape)));
                break;
            case "compare":
                type.Compare("lt", static (f, x, y) => f.CmpLt(x, y), static (x, y) => x < y);
                type.Compare("lte", static (f, x, y) => f.CmpLte(x, y), static (x, y) => x <= y);
                type.Compare("eq", static (f, x, y) => f.CmpEq(x, y), static (x, y) => x == y);
                type.Compare("gte", static (f, x, y) => f.CmpGte(x, y), static (x, y) => x >= y);
                type.Compare("gt", static (f, x, y) => f.CmpGt(x, y), static (x, y) => x > y);
                type.Compare("neq", static (f, x, y) => f.CmpNeq(x, y), static (x, y) => x != y);
                break;
            default:
                type.Unary("neg", static (f, x) => f.Neg(x), x => Legal(-x, shape));
                type.Abs();
                break;
        }
    }

    internal static BigInteger Wrap(BigInteger value, IntegerShape shape) => FromBits(Bits(value, shape), shape);

    internal static BigInteger Bits(BigInteger value, IntegerShape shape) => value & ((BigInteger.One << shape.Bits) - 1);

    internal static BigInteger FromBits(BigInteger bits, IntegerShape shape) =>
        shape.IsSigned && bits > shape.Most ? bits - (BigInteger.One << shape.Bits) : bits;

    internal static BigInteger? Legal(BigInteger value, IntegerShape shape) => shape.Has(value) ? value : null;

    private static BigInteger Clamp(BigInteger value, IntegerShape shape) => BigInteger.Clamp(value, shape.Least, shape.Most);

    private static BigInteger Floor(BigInteger x, BigInteger y)
    {
        BigInteger quotient = BigInteger.DivRem(x, y, out BigInteger rest);
        return !rest.IsZero && (rest.Sign < 0) != (y.Sign < 0) ? quotient - 1 : quotient;
    }

    private static BigInteger Turn(BigInteger bits, int width, int group)
    {
        BigInteger result = 0;
        for (int i = 0; i < width; i += group)
            result |= ((bits >> i) & ((BigInteger.One << group) - 1)) << (width - group - i);
        return result;
    }

    /// <summary>Functions and cases for one integer type.</summary>
    private sealed class IntegerCases(Compiled module, IntegerShape shape)
    {
        private readonly TypeId _type = module.Types.Integer(shape.IsSigned, shape.Bits);
        private readonly string _suffix = (shape.IsSigned ? "_i" : "_u") + shape.Bits.ToString(CultureInfo.InvariantCulture);
        private readonly BigInteger[] _values = Boundaries(shape);

        /// <param name="name">The instruction.</param>
        /// <param name="emit">Emits it.</param>
        /// <param name="result">The right result; null for operands that are illegal.</param>
        public void Binary(string name, Func<FunctionBuilder, Operand, Operand, Operand> emit, Func<BigInteger, BigInteger, BigInteger?> result)
        {
            module.Define(name + _suffix, [_type, _type], _type, f => emit(f, f.Parameter(0), f.Parameter(1)));
            foreach (BigInteger x in _values)
                foreach (BigInteger y in _values)
                    if (result(x, y) is { } expected)
                        module.Expect(name + _suffix, [Value(x), Value(y)], Value(expected));
        }

        public void Unary(string name, Func<FunctionBuilder, Operand, Operand> emit, Func<BigInteger, BigInteger?> result)
        {
            module.Define(name + _suffix, [_type], _type, f => emit(f, f.Parameter(0)));
            foreach (BigInteger x in _values)
                if (result(x) is { } expected)
                    module.Expect(name + _suffix, [Value(x)], Value(expected));
        }

        public void Overflow(string name, Func<FunctionBuilder, Operand, Operand, Operand> emit, Func<BigInteger, BigInteger, BigInteger> exact)
        {
            module.Define(name + "_value" + _suffix, [_type, _type], _type, f => f.StructFieldVal(emit(f, f.Parameter(0), f.Parameter(1)), 0));
            module.Define(name + "_overflow" + _suffix, [_type, _type], TypeId.U1, f => f.StructFieldVal(emit(f, f.Parameter(0), f.Parameter(1)), 1));
            foreach (BigInteger x in _values)
                foreach (BigInteger y in _values)
                {
                    module.Expect(name + "_value" + _suffix, [Value(x), Value(y)], Value(Wrap(exact(x, y), shape)));
                    module.Expect(name + "_overflow" + _suffix, [Value(x), Value(y)], Compiled.I32(shape.Has(exact(x, y)) ? 0 : 1));
                }
        }

        public void Safe(string name, Func<FunctionBuilder, Operand, Operand, Operand> emit, Func<BigInteger, BigInteger, BigInteger> exact)
        {
            module.Define(name + "_safe" + _suffix, [_type, _type], _type, f => emit(f, f.Parameter(0), f.Parameter(1)));
            foreach (BigInteger x in _values)
                foreach (BigInteger y in _values)
                    module.Expect(name + "_safe" + _suffix, [Value(x), Value(y)], shape.Has(exact(x, y)) ? Value(exact(x, y)) : "trap");
        }

        /// <summary>Amounts of two types: one that fits in an i32, and u64.</summary>
        public void Shift(string name, Func<FunctionBuilder, Operand, Operand, Operand> emit, Func<BigInteger, int, BigInteger?> result)
        {
            foreach (TypeId amount in new[] { TypeId.U8, TypeId.U64 })
            {
                string function = $"{name}_by{(amount == TypeId.U8 ? 8 : 64)}{_suffix}";
                module.Define(function, [_type, amount], _type, f => emit(f, f.Parameter(0), f.Parameter(1)));
                foreach (BigInteger x in _values)
                    foreach (int n in new[] { 0, 1, 2, shape.Bits / 2, shape.Bits - 1, shape.Bits, 31, 32, 33, 63, 64, 65, 200 })
                        if (result(x, n) is { } expected)
                            module.Expect(function, [Value(x), module.Value(amount, n)], Value(expected));
            }
        }

        public void ShiftOverflow()
        {
            module.Define("shl_overflow" + _suffix, [_type, TypeId.U8], TypeId.U1, f => f.StructFieldVal(f.ShlWithOverflow(f.Parameter(0), f.Parameter(1)), 1));
            module.Define("shl_value" + _suffix, [_type, TypeId.U8], _type, f => f.StructFieldVal(f.ShlWithOverflow(f.Parameter(0), f.Parameter(1)), 0));
            foreach (BigInteger x in _values)
                for (int n = 0; n < shape.Bits; n++)
                {
                    module.Expect("shl_overflow" + _suffix, [Value(x), Compiled.I32(n)], Compiled.I32(shape.Has(x << n) ? 0 : 1));
                    module.Expect("shl_value" + _suffix, [Value(x), Compiled.I32(n)], Value(Wrap(x << n, shape)));
                }
        }

        public void Count(string name, Func<FunctionBuilder, TypeId, Operand, Operand> emit, Func<BigInteger, int> result)
        {
            foreach (TypeId type in new[] { TypeId.U8, TypeId.U64 })
            {
                string function = $"{name}_to{(type == TypeId.U8 ? 8 : 64)}{_suffix}";
                module.Define(function, [_type], type, f => emit(f, type, f.Parameter(0)));
                foreach (BigInteger x in _values)
                    module.Expect(function, [Value(x)], module.Value(type, result(x)));
            }
        }

        public void Compare(string name, Func<FunctionBuilder, Operand, Operand, Operand> emit, Func<BigInteger, BigInteger, bool> result)
        {
            module.Define(name + _suffix, [_type, _type], TypeId.Bool, f => emit(f, f.Parameter(0), f.Parameter(1)));
            foreach (BigInteger x in _values)
                foreach (BigInteger y in _values)
                    module.Expect(name + _suffix, [Value(x), Value(y)], Compiled.I32(result(x, y) ? 1 : 0));
        }

        public void Abs()
        {
            TypeId magnitude = module.Types.Unsigned(shape.Bits);
            module.Define("abs" + _suffix, [_type], magnitude, f => f.Abs(f.Parameter(0)));
            foreach (BigInteger x in _values)
                module.Expect("abs" + _suffix, [Value(x)], module.Value(magnitude, BigInteger.Abs(x)));
        }

        private string Value(BigInteger value) => module.Value(_type, value);

        private static BigInteger[] Boundaries(IntegerShape shape)
        {
            SortedSet<BigInteger> all = [];
            foreach (BigInteger center in new[] { 0, shape.Least, shape.Most, shape.Least / 2, shape.Most / 2, shape.Most / 3, (BigInteger)1 << (shape.Bits / 2) })
                for (int delta = -2; delta <= 2; delta++)
                    if (shape.Has(center + delta))
                        all.Add(center + delta);
            return [.. all];
        }
    }
}
