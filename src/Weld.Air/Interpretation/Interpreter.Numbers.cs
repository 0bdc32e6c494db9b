using Weld.Air.Layouts;

namespace Weld.Air.Interpretation;

/// <content>Arithmetic, bits, float functions, comparison: lane by lane.</content>
public sealed partial class Interpreter
{
    // ---- Lanes ----

    /// <summary>Does something for each lane, or once if the types are no vectors.</summary>
    /// <param name="result">The type of the result.</param>
    /// <param name="operands">The positions of the operands.</param>
    /// <param name="compute">Takes the lanes and gives the lane of the result.</param>
    private byte[] EachLane(TypeId result, ReadOnlySpan<int> operands, Func<byte[][], byte[]> compute)
    {
        var values = new byte[operands.Length][];
        if (_module.Types[result] is not VectorType vector)
        {
            for (int k = 0; k < values.Length; k++)
                values[k] = At(operands[k]);
            return compute(values);
        }
        byte[] lanes = _images.Zeros(result);
        for (int i = 0; i < vector.Length; i++)
        {
            for (int k = 0; k < values.Length; k++)
                values[k] = _images.Element(TypeAt(operands[k]), At(operands[k]), (ulong)i);
            _images.SetElement(result, lanes, (ulong)i, compute(values));
        }
        return lanes;
    }

    private TypeId LaneAt(int position) => _module.Types.LaneOf(TypeAt(position));

    // ---- Arithmetic ----

    private byte[] ComputeArithmetic(AirOpcode opcode)
    {
        TypeId lane = LaneAt(0);
        TypeId result = _module.Types.LaneOf(ResultType);
        if (_images.FloatOf(lane) is { } format)
        {
            return opcode switch
            {
                AirOpcode.Neg or AirOpcode.NegOptimized or AirOpcode.Abs => EachLane(ResultType, [0], v =>
                    _images.FromFloat(result, SignOperation(format, opcode, ByteImages.ToFloat(format, v[0])))),
                AirOpcode.MulAdd => EachLane(ResultType, [0, 1, 2], v => _images.FromFloat(result, FloatArithmetic.MultiplyAdd(
                    format, ByteImages.ToFloat(format, v[0]), ByteImages.ToFloat(format, v[1]), ByteImages.ToFloat(format, v[2])))),
                _ => EachLane(ResultType, [0, 1], v =>
                    _images.FromFloat(result, FloatOperation(format, opcode, ByteImages.ToFloat(format, v[0]), ByteImages.ToFloat(format, v[1])))),
            };
        }
        IntegerShape shape = _images.Shape(lane);
        if (opcode is AirOpcode.Neg or AirOpcode.Abs)
        {
            return EachLane(ResultType, [0], v =>
            {
                BigInteger x = _images.ToInteger(lane, v[0]);
                return opcode == AirOpcode.Abs ? _images.FromInteger(result, BigInteger.Abs(x)) : Legal(result, shape, -x, "-x");
            });
        }
        if (IsWithOverflow(opcode))
            return WithOverflow((x, y) => Exact(shape, opcode, x, y), isShift: false);
        return EachLane(ResultType, [0, 1], v => IntegerOperation(opcode, lane, _images.ToInteger(lane, v[0]), _images.ToInteger(lane, v[1])));
    }

    private static bool IsWithOverflow(AirOpcode opcode) => opcode is AirOpcode.AddWithOverflow or AirOpcode.SubWithOverflow or AirOpcode.MulWithOverflow;

    private byte[] IntegerOperation(AirOpcode opcode, TypeId type, BigInteger x, BigInteger y)
    {
        IntegerShape shape = _images.Shape(type);
        BigInteger exact = Exact(shape, opcode, x, y);
        switch (opcode)
        {
            case AirOpcode.AddWrap or AirOpcode.SubWrap or AirOpcode.MulWrap:
                return _images.FromInteger(type, exact);
            case AirOpcode.AddSat or AirOpcode.SubSat or AirOpcode.MulSat:
                return _images.FromInteger(type, BigInteger.Clamp(exact, shape.Least, shape.Most));
            case AirOpcode.AddSafe or AirOpcode.SubSafe or AirOpcode.MulSafe when !shape.Has(exact):
                throw new TrapException(TrapReason.Overflow, $"{AirOpcodeTable.Get(opcode).Name} of {x} and {y}");
            default:
                return Legal(type, shape, exact, AirOpcodeTable.Get(opcode).Name);
        }
    }

    private static BigInteger Exact(IntegerShape shape, AirOpcode opcode, BigInteger x, BigInteger y)
    {
        switch (opcode)
        {
            case AirOpcode.Add or AirOpcode.AddSafe or AirOpcode.AddWrap or AirOpcode.AddSat or AirOpcode.AddWithOverflow:
                return x + y;
            case AirOpcode.Sub or AirOpcode.SubSafe or AirOpcode.SubWrap or AirOpcode.SubSat or AirOpcode.SubWithOverflow:
                return x - y;
            case AirOpcode.Mul or AirOpcode.MulSafe or AirOpcode.MulWrap or AirOpcode.MulSat or AirOpcode.MulWithOverflow:
                return x * y;
            case AirOpcode.Max:
                return BigInteger.Max(x, y);
            case AirOpcode.Min:
                return BigInteger.Min(x, y);
        }
        if (y.IsZero)
            throw TrapException.Illegal("division by zero");
        BigInteger quotient = BigInteger.DivRem(x, y, out BigInteger rest);
        bool isBelow = !rest.IsZero && (rest.Sign < 0) != (y.Sign < 0);
        switch (opcode)
        {
            case AirOpcode.DivTrunc:
                return quotient;
            case AirOpcode.DivFloor:
                return isBelow ? quotient - 1 : quotient;
            case AirOpcode.DivExact:
                return rest.IsZero ? quotient : throw TrapException.Illegal($"{y} does not divide {x}");
            case AirOpcode.Rem:
                return rest;
            case AirOpcode.Mod:
                return isBelow ? rest + y : rest;
            default:
                throw new TrapException(TrapReason.Unsupported, $"{AirOpcodeTable.Get(opcode).Name} of integers with {shape.Bits} bits");
        }
    }

    private byte[] Legal(TypeId type, IntegerShape shape, BigInteger exact, string what) =>
        shape.Has(exact) ? _images.FromInteger(type, exact) : throw TrapException.Illegal($"{what}: {exact} does not fit {shape.Bits} bits");

    /// <summary>The tuple of wrapped results and flags.</summary>
    private byte[] WithOverflow(Func<BigInteger, BigInteger, BigInteger> exact, bool isShift)
    {
        TypeId type = TypeAt(0);
        TypeId lane = LaneAt(0);
        TypeId second = LaneAt(1);
        TypeId flags = _module.Types.WithLanesOf(type, TypeId.U1);
        BigInteger Result(byte[][] v) => exact(_images.ToInteger(lane, v[0]), isShift ? ShiftAmount(lane, second, v[1]) : _images.ToInteger(second, v[1]));
        byte[] value = EachLane(type, [0, 1], v => _images.FromInteger(lane, Result(v)));
        byte[] flag = EachLane(flags, [0, 1], v => _images.FromInteger(TypeId.U1, _images.Shape(lane).Has(Result(v)) ? 0 : 1));
        return _images.Struct(ResultType, number => number == 0 ? value : flag);
    }

    private static UInt128 SignOperation(FloatFormat format, AirOpcode opcode, UInt128 x) =>
        opcode == AirOpcode.Abs ? x & ~format.SignBit : FloatArithmetic.Negate(format, x);

    private static UInt128 FloatOperation(FloatFormat format, AirOpcode opcode, UInt128 x, UInt128 y)
    {
        switch (opcode)
        {
            case AirOpcode.Add or AirOpcode.AddOptimized:
                return FloatArithmetic.Add(format, x, y);
            case AirOpcode.Sub or AirOpcode.SubOptimized:
                return FloatArithmetic.Subtract(format, x, y);
            case AirOpcode.Mul or AirOpcode.MulOptimized:
                return FloatArithmetic.Multiply(format, x, y);
            case AirOpcode.DivFloat or AirOpcode.DivFloatOptimized or AirOpcode.DivExact or AirOpcode.DivExactOptimized:
                return FloatArithmetic.Divide(format, x, y);
            // The quotient is a float, so it is rounded twice, as by the two instructions that machines have.
            case AirOpcode.DivTrunc or AirOpcode.DivTruncOptimized:
                return FloatArithmetic.Round(format, FloatArithmetic.Divide(format, x, y), Rounding.TowardsZero);
            case AirOpcode.DivFloor or AirOpcode.DivFloorOptimized:
                return FloatArithmetic.Round(format, FloatArithmetic.Divide(format, x, y), Rounding.Down);
            case AirOpcode.Rem or AirOpcode.RemOptimized:
                return FloatArithmetic.Remainder(format, x, y);
            case AirOpcode.Mod or AirOpcode.ModOptimized:
                return FloatArithmetic.Modulus(format, x, y);
            case AirOpcode.Max:
                return FloatArithmetic.Max(format, x, y);
            case AirOpcode.Min:
                return FloatArithmetic.Min(format, x, y);
            default:
                throw new TrapException(TrapReason.Unsupported, $"{AirOpcodeTable.Get(opcode).Name} of floats");
        }
    }

    // ---- Bits ----

    private byte[] ComputeBits(AirOpcode opcode)
    {
        TypeId lane = LaneAt(0);
        IntegerShape shape = _images.Shape(lane);
        switch (opcode)
        {
            case AirOpcode.BitAnd or AirOpcode.BoolAnd:
                return EachLane(ResultType, [0, 1], v => _images.FromInteger(lane, _images.ToInteger(lane, v[0]) & _images.ToInteger(lane, v[1])));
            case AirOpcode.BitOr or AirOpcode.BoolOr:
                return EachLane(ResultType, [0, 1], v => _images.FromInteger(lane, _images.ToInteger(lane, v[0]) | _images.ToInteger(lane, v[1])));
            case AirOpcode.Xor:
                return EachLane(ResultType, [0, 1], v => _images.FromInteger(lane, _images.ToInteger(lane, v[0]) ^ _images.ToInteger(lane, v[1])));
            case AirOpcode.Not:
                return EachLane(ResultType, [0], v => _images.FromInteger(lane, -1 - _images.ToInteger(lane, v[0])));
            case AirOpcode.ShlWithOverflow:
                return WithOverflow(static (x, amount) => x << (int)amount, isShift: true);
            case AirOpcode.Shl or AirOpcode.ShlExact or AirOpcode.ShlSat or AirOpcode.Shr or AirOpcode.ShrExact:
                TypeId second = LaneAt(1);
                return EachLane(ResultType, [0, 1], v => Shift(opcode, lane, _images.ToInteger(lane, v[0]), second, v[1]));
        }
        TypeId result = _module.Types.LaneOf(ResultType);
        return EachLane(ResultType, [0], v => _images.FromInteger(result, CountOrTurn(opcode, shape.Bits, _images.ToBits(lane, v[0]))));
    }

    private byte[] Shift(AirOpcode opcode, TypeId type, BigInteger x, TypeId amountType, byte[] amountBytes)
    {
        IntegerShape shape = _images.Shape(type);
        if (opcode == AirOpcode.ShlSat)
        {
            // Beyond the width, any x that is not 0 is at the limit already.
            int most = (int)BigInteger.Min(_images.ToInteger(amountType, amountBytes), shape.Bits);
            return _images.FromInteger(type, BigInteger.Clamp(x << most, shape.Least, shape.Most));
        }
        int amount = ShiftAmount(type, amountType, amountBytes);
        switch (opcode)
        {
            case AirOpcode.Shl:
                return _images.FromInteger(type, x << amount);
            case AirOpcode.ShlExact:
                return Legal(type, shape, x << amount, "shl_exact");
            case AirOpcode.ShrExact when x >> amount << amount != x:
                throw TrapException.Illegal($"shr_exact of {x} by {amount}");
            default:
                return _images.FromInteger(type, x >> amount);
        }
    }

    private int ShiftAmount(TypeId type, TypeId amountType, byte[] bytes)
    {
        BigInteger amount = _images.ToInteger(amountType, bytes);
        int width = _images.Shape(type).Bits;
        return amount >= 0 && amount < width ? (int)amount : throw TrapException.Illegal($"shift of {width} bits by {amount}");
    }

    private static BigInteger CountOrTurn(AirOpcode opcode, int width, BigInteger bits) => opcode switch
    {
        AirOpcode.Clz => width - (int)bits.GetBitLength(),
        AirOpcode.Ctz => bits.IsZero ? width : CountOnes((bits & -bits) - 1),
        AirOpcode.Popcount => CountOnes(bits),
        AirOpcode.ByteSwap => Turn(bits, width, 8),
        AirOpcode.BitReverse => Turn(bits, width, 1),
        _ => throw new TrapException(TrapReason.Unsupported, AirOpcodeTable.Get(opcode).Name),
    };

    private static int CountOnes(BigInteger bits)
    {
        int count = 0;
        foreach (byte part in bits.ToByteArray(isUnsigned: true))
            count += BitOperations.PopCount(part);
        return count;
    }

    /// <summary>The groups of bits in opposite order.</summary>
    private static BigInteger Turn(BigInteger bits, int width, int groupBits)
    {
        BigInteger turned = BigInteger.Zero;
        for (int done = 0; done < width; done += groupBits)
        {
            turned = (turned << groupBits) | (bits & ((1 << groupBits) - 1));
            bits >>= groupBits;
        }
        return turned;
    }

    // ---- Float functions ----

    private byte[] ComputeFloat(AirOpcode opcode)
    {
        TypeId lane = LaneAt(0);
        FloatFormat format = _images.FloatOf(lane)!;
        return EachLane(ResultType, [0], v => _images.FromFloat(lane, FloatFunction(format, opcode, ByteImages.ToFloat(format, v[0]))));
    }

    private static UInt128 FloatFunction(FloatFormat format, AirOpcode opcode, UInt128 x) => opcode switch
    {
        AirOpcode.Sqrt => FloatArithmetic.SquareRoot(format, x),
        AirOpcode.Floor => FloatArithmetic.Round(format, x, Rounding.Down),
        AirOpcode.Ceil => FloatArithmetic.Round(format, x, Rounding.Up),
        AirOpcode.Round => FloatArithmetic.Round(format, x, Rounding.NearestAway),
        AirOpcode.TruncFloat => FloatArithmetic.Round(format, x, Rounding.TowardsZero),
        // Not exact: libraries differ in the last bit, and f80 and f128 get no more digits than f64 has.
        AirOpcode.Sin => FromLibrary(format, Math.Sin(format.ToDouble(x))),
        AirOpcode.Cos => FromLibrary(format, Math.Cos(format.ToDouble(x))),
        AirOpcode.Tan => FromLibrary(format, Math.Tan(format.ToDouble(x))),
        AirOpcode.Exp => FromLibrary(format, Math.Exp(format.ToDouble(x))),
        AirOpcode.Exp2 => FromLibrary(format, Math.Pow(2, format.ToDouble(x))),
        AirOpcode.Log => FromLibrary(format, Math.Log(format.ToDouble(x))),
        AirOpcode.Log2 => FromLibrary(format, Math.Log2(format.ToDouble(x))),
        AirOpcode.Log10 => FromLibrary(format, Math.Log10(format.ToDouble(x))),
        _ => throw new TrapException(TrapReason.Unsupported, AirOpcodeTable.Get(opcode).Name),
    };

    // .NET's NaNs are negative.
    private static UInt128 FromLibrary(FloatFormat format, double result) => double.IsNaN(result) ? format.NaN : format.FromDouble(result);

    // ---- Compare ----

    private byte[] ComputeCompare(AirOpcode opcode)
    {
        switch (opcode)
        {
            case AirOpcode.CmpVector or AirOpcode.CmpVectorOptimized:
                TypeId lane = LaneAt(1);
                var comparison = (CompareOperator)Word(0);
                return EachLane(ResultType, [1, 2], v => _images.FromBool(Compare(comparison, lane, v[0], v[1])));
            case AirOpcode.CmpLtErrorsLen:
                return _images.FromBool(_images.ToInteger(TypeId.U16, At(0)) <= _module.Errors.Count);
            case AirOpcode.Select:
                return Select();
            default:
                return _images.FromBool(Compare(Comparison(opcode), TypeAt(0), At(0), At(1)));
        }
    }

    private static CompareOperator Comparison(AirOpcode opcode) => opcode switch
    {
        AirOpcode.CmpLt or AirOpcode.CmpLtOptimized => CompareOperator.Lt,
        AirOpcode.CmpLte or AirOpcode.CmpLteOptimized => CompareOperator.Lte,
        AirOpcode.CmpEq or AirOpcode.CmpEqOptimized => CompareOperator.Eq,
        AirOpcode.CmpGte or AirOpcode.CmpGteOptimized => CompareOperator.Gte,
        AirOpcode.CmpGt or AirOpcode.CmpGtOptimized => CompareOperator.Gt,
        _ => CompareOperator.Neq,
    };

    private bool Compare(CompareOperator comparison, TypeId type, byte[] x, byte[] y)
    {
        int? order = Order(type, x, y);
        return comparison switch
        {
            CompareOperator.Lt => order < 0,
            CompareOperator.Lte => order <= 0,
            CompareOperator.Eq => order == 0,
            CompareOperator.Gte => order >= 0,
            CompareOperator.Gt => order > 0,
            _ => order != 0,
        };
    }

    /// <summary>Less than 0, 0 or more; null if there is no order.</summary>
    private int? Order(TypeId type, byte[] x, byte[] y)
    {
        if (_images.FloatOf(type) is { } format)
            return FloatArithmetic.Compare(format, ByteImages.ToFloat(format, x), ByteImages.ToFloat(format, y));
        if (_module.Types[type] is not OptionalType { Child: var child })
            return _images.ToInteger(type, x).CompareTo(_images.ToInteger(type, y));
        bool isNull = _images.IsNull(type, x);
        if (isNull || _images.IsNull(type, y))
            return isNull == _images.IsNull(type, y) ? 0 : 1;
        return _layouts.Get(child).HasBits ? Order(child, _images.OptionalPayload(type, x), _images.OptionalPayload(type, y)) : 0;
    }

    private byte[] Select()
    {
        if (_module.Types[TypeAt(0)] is VectorType)
            return EachLane(ResultType, [0, 1, 2], static v => ByteImages.ToBool(v[0]) ? v[1] : v[2]);
        return ByteImages.ToBool(At(0)) ? At(1) : At(2);
    }
}
