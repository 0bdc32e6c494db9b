using System.Diagnostics;

namespace Weld.Air.Values;

/// <summary>A binary floating-point format, and exact conversion from and to numbers.</summary>
/// <remarks>Everything goes through (sign, significand, exponent) with integers of any size, rounded once, to nearest with
/// ties to even. That is slow and right.</remarks>
public sealed class FloatFormat
{
    private static readonly FloatFormat Half = new(16, 5, 10, hasIntegerBit: false);
    private static readonly FloatFormat Single = new(32, 8, 23, hasIntegerBit: false);
    private static readonly FloatFormat Double = new(64, 11, 52, hasIntegerBit: false);
    private static readonly FloatFormat Extended = new(80, 15, 63, hasIntegerBit: true);
    private static readonly FloatFormat Quad = new(128, 15, 112, hasIntegerBit: false);

    private readonly bool _hasIntegerBit;

    private FloatFormat(int bits, int exponentBits, int fractionBits, bool hasIntegerBit)
    {
        Bits = bits;
        ExponentBits = exponentBits;
        FractionBits = fractionBits;
        _hasIntegerBit = hasIntegerBit;
    }

    public int Bits { get; }

    public int ExponentBits { get; }

    /// <summary>Without the integer bit, which f80 alone writes.</summary>
    public int FractionBits { get; }

    /// <summary>The exponent of the smallest normal number.</summary>
    public int LeastExponent => 2 - (1 << (ExponentBits - 1));

    public int MostExponent => (1 << (ExponentBits - 1)) - 1;

    public static FloatFormat Of(int bits) => bits switch
    {
        16 => Half,
        32 => Single,
        64 => Double,
        80 => Extended,
        128 => Quad,
        _ => throw new ArgumentOutOfRangeException(nameof(bits)),
    };

    private int ExponentField => (1 << ExponentBits) - 1;

    private int SignificandBits => FractionBits + (_hasIntegerBit ? 1 : 0);

    private UInt128 IntegerBit => _hasIntegerBit ? UInt128.One << FractionBits : UInt128.Zero;

    private UInt128 FractionMask => (UInt128.One << FractionBits) - 1;

    public UInt128 SignBit => UInt128.One << (Bits - 1);

    public UInt128 Zero(bool isNegative) => isNegative ? SignBit : UInt128.Zero;

    public UInt128 Infinity(bool isNegative) => Zero(isNegative) | (UInt128)ExponentField << SignificandBits | IntegerBit;

    /// <summary>The NaN that operations make: quiet, without a payload.</summary>
    public UInt128 NaN => Infinity(false) | UInt128.One << (FractionBits - 1);

    public bool IsNegative(UInt128 bits) => (bits & SignBit) != 0;

    public bool IsNaN(UInt128 bits) => Exponent(bits) == ExponentField && (bits & FractionMask) != 0;

    public bool IsInfinite(UInt128 bits) => Exponent(bits) == ExponentField && (bits & FractionMask) == 0;

    public bool IsFinite(UInt128 bits) => Exponent(bits) != ExponentField;

    /// <summary>The finite number as ±significand × 2^exponent, exactly.</summary>
    public (bool IsNegative, BigInteger Significand, int Exponent) Decode(UInt128 bits)
    {
        Debug.Assert(IsFinite(bits), "only numbers have a significand");
        int exponent = Exponent(bits);
        UInt128 fraction = bits & FractionMask;
        // The stored integer bit of f80 counts as it is written; the others' follows from the exponent.
        bool hasOne = _hasIntegerBit ? (bits & IntegerBit) != 0 : exponent != 0;
        if (hasOne)
            fraction |= UInt128.One << FractionBits;
        return (IsNegative(bits), fraction, Math.Max(exponent, 1) - 1 + LeastExponent - FractionBits);
    }

    /// <summary>The nearest number to ±significand × 2^exponent.</summary>
    /// <param name="isNegative">The sign, which zero has too.</param>
    /// <param name="significand">Not negative.</param>
    /// <param name="exponent">Of the significand's last bit.</param>
    /// <param name="isInexact">Whether the exact number is greater by less than one of the significand's last bit.</param>
    public UInt128 Encode(bool isNegative, BigInteger significand, long exponent, bool isInexact = false)
    {
        if (significand.IsZero)
            return Zero(isNegative);
        long length = significand.GetBitLength();
        // The exponent of the last bit that the result can hold.
        long last = Math.Max(length + exponent - 1 - FractionBits, (long)LeastExponent - FractionBits);
        if (last + FractionBits > MostExponent)
            return Infinity(isNegative);
        significand = RoundTo(significand, last - exponent, isInexact);
        if (significand.GetBitLength() > FractionBits + 1)
        {
            significand >>= 1;
            last++;
        }
        return Assemble(isNegative, (UInt128)significand, last);
    }

    public UInt128 FromDouble(double value)
    {
        UInt128 bits = BitConverter.DoubleToUInt64Bits(value);
        return Convert(bits, Double);
    }

    /// <summary>The nearest double.</summary>
    public double ToDouble(UInt128 bits) => BitConverter.UInt64BitsToDouble((ulong)Double.Convert(bits, this));

    /// <summary>A number of another format in this one. NaNs become quiet and keep the upper bits of their payload.</summary>
    public UInt128 Convert(UInt128 bits, FloatFormat from)
    {
        ArgumentNullException.ThrowIfNull(from);
        if (from == this)
            return bits;
        bool isNegative = from.IsNegative(bits);
        if (from.IsInfinite(bits))
            return Infinity(isNegative);
        if (!from.IsNaN(bits))
        {
            (_, BigInteger significand, int exponent) = from.Decode(bits);
            return Encode(isNegative, significand, exponent);
        }
        UInt128 payload = bits & from.FractionMask;
        payload = FractionBits >= from.FractionBits ? payload << (FractionBits - from.FractionBits) : payload >> (from.FractionBits - FractionBits);
        return Zero(isNegative) | NaN | payload;
    }

    private static BigInteger RoundTo(BigInteger significand, long shift, bool isInexact)
    {
        if (shift <= 0)
            return significand << checked((int)-shift);
        if (shift > significand.GetBitLength() + 1)
            return BigInteger.Zero;
        BigInteger kept = significand >> (int)shift;
        BigInteger rest = significand - (kept << (int)shift);
        int side = rest.CompareTo(BigInteger.One << ((int)shift - 1));
        bool isUp = side > 0 || (side == 0 && (isInexact || !kept.IsEven));
        return isUp ? kept + 1 : kept;
    }

    private UInt128 Assemble(bool isNegative, UInt128 significand, long last)
    {
        bool isNormal = significand >> FractionBits != 0;
        long exponent = last + FractionBits;
        if (exponent > MostExponent)
            return Infinity(isNegative);
        UInt128 field = isNormal ? (UInt128)(exponent - LeastExponent + 1) : UInt128.Zero;
        UInt128 stored = _hasIntegerBit ? significand : significand & FractionMask;
        return Zero(isNegative) | field << SignificandBits | stored;
    }

    private int Exponent(UInt128 bits) => (int)(bits >> SignificandBits) & ExponentField;
}
