namespace Weld.Air.Interpretation;

/// <summary>Arithmetic on floats of one format, as IEEE 754 says: the exact result, rounded once.</summary>
/// <remarks>Everything is computed with integers of any size. What makes a NaN makes <see cref="FloatFormat.NaN"/>.</remarks>
internal static class FloatArithmetic
{
    public static UInt128 Add(FloatFormat f, UInt128 x, UInt128 y)
    {
        if (f.IsNaN(x) || f.IsNaN(y))
            return f.NaN;
        if (f.IsInfinite(x))
            return f.IsInfinite(y) && f.IsNegative(x) != f.IsNegative(y) ? f.NaN : x;
        if (f.IsInfinite(y))
            return y;
        (BigInteger a, int ea) = Exact(f, x);
        (BigInteger b, int eb) = Exact(f, y);
        return Sum(f, a, ea, b, eb, f.IsNegative(x) && f.IsNegative(y));
    }

    public static UInt128 Negate(FloatFormat f, UInt128 x) => x ^ f.SignBit;

    public static UInt128 Subtract(FloatFormat f, UInt128 x, UInt128 y) => Add(f, x, f.IsNaN(y) ? y : Negate(f, y));

    public static UInt128 Multiply(FloatFormat f, UInt128 x, UInt128 y)
    {
        bool isNegative = f.IsNegative(x) != f.IsNegative(y);
        if (f.IsNaN(x) || f.IsNaN(y) || (f.IsInfinite(x) && IsZero(f, y)) || (IsZero(f, x) && f.IsInfinite(y)))
            return f.NaN;
        if (f.IsInfinite(x) || f.IsInfinite(y))
            return f.Infinity(isNegative);
        (_, BigInteger a, int ea) = f.Decode(x);
        (_, BigInteger b, int eb) = f.Decode(y);
        return f.Encode(isNegative, a * b, (long)ea + eb);
    }

    public static UInt128 Divide(FloatFormat f, UInt128 x, UInt128 y)
    {
        bool isNegative = f.IsNegative(x) != f.IsNegative(y);
        if (f.IsNaN(x) || f.IsNaN(y) || (f.IsInfinite(x) && f.IsInfinite(y)) || (IsZero(f, x) && IsZero(f, y)))
            return f.NaN;
        if (f.IsInfinite(x) || IsZero(f, y))
            return f.Infinity(isNegative);
        if (f.IsInfinite(y))
            return f.Zero(isNegative);
        (_, BigInteger a, int ea) = f.Decode(x);
        (_, BigInteger b, int eb) = f.Decode(y);
        // Two bits more than the result has, at least; what is left over only says on which side of a tie it is.
        int shift = f.FractionBits + 3 + (int)b.GetBitLength();
        BigInteger quotient = BigInteger.DivRem(a << shift, b, out BigInteger rest);
        return f.Encode(isNegative, quotient, (long)ea - shift - eb, !rest.IsZero);
    }

    /// <summary>C's fmod: exact, with the sign of x.</summary>
    public static UInt128 Remainder(FloatFormat f, UInt128 x, UInt128 y)
    {
        if (f.IsNaN(x) || f.IsNaN(y) || f.IsInfinite(x) || IsZero(f, y))
            return f.NaN;
        if (f.IsInfinite(y))
            return x;
        (_, BigInteger a, int ea) = f.Decode(x);
        (_, BigInteger b, int eb) = f.Decode(y);
        int least = Math.Min(ea, eb);
        return f.Encode(f.IsNegative(x), (a << (ea - least)) % (b << (eb - least)), least);
    }

    /// <summary>The remainder with the sign of y.</summary>
    public static UInt128 Modulus(FloatFormat f, UInt128 x, UInt128 y)
    {
        UInt128 rest = Remainder(f, x, y);
        bool isOnOtherSide = !f.IsNaN(rest) && !IsZero(f, rest) && f.IsNegative(rest) != f.IsNegative(y);
        return isOnOtherSide ? Add(f, rest, y) : rest;
    }

    public static UInt128 MultiplyAdd(FloatFormat f, UInt128 x, UInt128 y, UInt128 z)
    {
        if (!f.IsFinite(x) || !f.IsFinite(y) || !f.IsFinite(z))
            return Add(f, f.IsFinite(x) && f.IsFinite(y) ? f.Zero(false) : Multiply(f, x, y), z);
        (BigInteger a, int ea) = Exact(f, x);
        (BigInteger b, int eb) = Exact(f, y);
        (BigInteger c, int ec) = Exact(f, z);
        bool isProductNegative = f.IsNegative(x) != f.IsNegative(y);
        return Sum(f, a * b, ea + eb, c, ec, isProductNegative && f.IsNegative(z));
    }

    public static UInt128 SquareRoot(FloatFormat f, UInt128 x)
    {
        if (f.IsNaN(x) || (f.IsNegative(x) && !IsZero(f, x)))
            return f.NaN;
        if (f.IsInfinite(x) || IsZero(f, x))
            return x;
        (_, BigInteger a, int exponent) = f.Decode(x);
        int shift = (2 * (f.FractionBits + 3)) + ((exponent & 1) != 0 ? 1 : 0);
        a <<= shift;
        BigInteger root = IntegerRoot(a);
        return f.Encode(false, root, (exponent - shift) / 2, root * root != a);
    }

    /// <summary>The greater one; a NaN loses, and -0 is less than 0.</summary>
    public static UInt128 Max(FloatFormat f, UInt128 x, UInt128 y)
    {
        if (f.IsNaN(x) || f.IsNaN(y))
            return f.IsNaN(x) ? (f.IsNaN(y) ? f.NaN : y) : x;
        int order = Compare(f, x, y) ?? 0;
        bool isFirst = order > 0 || (order == 0 && !f.IsNegative(x));
        return isFirst ? x : y;
    }

    public static UInt128 Min(FloatFormat f, UInt128 x, UInt128 y)
    {
        if (f.IsNaN(x) || f.IsNaN(y))
            return Max(f, x, y);
        return Max(f, x, y) == x ? y : x;
    }

    /// <summary>The order of two floats; null if one is NaN.</summary>
    public static int? Compare(FloatFormat f, UInt128 x, UInt128 y)
    {
        if (f.IsNaN(x) || f.IsNaN(y))
            return null;
        if (!f.IsFinite(x) || !f.IsFinite(y))
            return Side(f, x).CompareTo(Side(f, y));
        (BigInteger a, int ea) = Exact(f, x);
        (BigInteger b, int eb) = Exact(f, y);
        int least = Math.Min(ea, eb);
        return (a << (ea - least)).CompareTo(b << (eb - least));
    }

    /// <summary>An integer beside the float, chosen by how much is cut off.</summary>
    public static UInt128 Round(FloatFormat f, UInt128 x, Rounding rounding)
    {
        if (f.IsNaN(x))
            return f.NaN;
        if (f.IsInfinite(x))
            return x;
        (bool isNegative, BigInteger significand, int exponent) = f.Decode(x);
        if (exponent >= 0)
            return x;
        BigInteger kept = significand >> -exponent;
        BigInteger rest = significand - (kept << -exponent);
        bool isAway = rounding switch
        {
            Rounding.Down => isNegative && !rest.IsZero,
            Rounding.Up => !isNegative && !rest.IsZero,
            Rounding.NearestAway => rest >= BigInteger.One << (-exponent - 1),
            _ => false,
        };
        return f.Encode(isNegative, isAway ? kept + 1 : kept, 0);
    }

    /// <summary>The integer part of a finite float.</summary>
    public static BigInteger ToInteger(FloatFormat f, UInt128 x)
    {
        (bool isNegative, BigInteger significand, int exponent) = f.Decode(x);
        BigInteger magnitude = exponent >= 0 ? significand << exponent : significand >> -exponent;
        return isNegative ? -magnitude : magnitude;
    }

    public static UInt128 FromInteger(FloatFormat f, BigInteger value) => f.Encode(value.Sign < 0, BigInteger.Abs(value), 0);

    private static bool IsZero(FloatFormat f, UInt128 x) => f.IsFinite(x) && f.Decode(x).Significand.IsZero;

    private static (BigInteger Value, int Exponent) Exact(FloatFormat f, UInt128 x)
    {
        (bool isNegative, BigInteger significand, int exponent) = f.Decode(x);
        return (isNegative ? -significand : significand, exponent);
    }

    private static UInt128 Sum(FloatFormat f, BigInteger a, int ea, BigInteger b, int eb, bool areBothNegative)
    {
        int least = Math.Min(ea, eb);
        BigInteger sum = (a << (ea - least)) + (b << (eb - least));
        // An exact zero is positive, unless both were negative (zeros).
        return f.Encode(sum.IsZero ? areBothNegative : sum.Sign < 0, BigInteger.Abs(sum), least);
    }

    // Infinities on the outside, all numbers in the middle.
    private static int Side(FloatFormat f, UInt128 x) => f.IsFinite(x) ? 0 : f.IsNegative(x) ? -1 : 1;

    private static BigInteger IntegerRoot(BigInteger value)
    {
        BigInteger root = BigInteger.One << (((int)value.GetBitLength() + 1) / 2);
        while (true)
        {
            BigInteger better = (root + (value / root)) >> 1;
            if (better >= root)
                return root;
            root = better;
        }
    }
}

/// <summary>Which integer a float becomes.</summary>
internal enum Rounding : byte
{
    Down,
    Up,
    NearestAway,
    TowardsZero,
}
