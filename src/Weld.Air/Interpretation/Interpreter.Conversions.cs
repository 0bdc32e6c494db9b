namespace Weld.Air.Interpretation;

/// <content>Conversions between types, and vectors as a whole.</content>
public sealed partial class Interpreter
{
    // ---- Conversion ----

    private byte[] ComputeConversion(AirOpcode opcode)
    {
        if (opcode == AirOpcode.Bitcast)
            return Bitcast();
        if (opcode == AirOpcode.AddrspaceCast)
            return At(0);
        TypeId from = LaneAt(0);
        TypeId to = _module.Types.LaneOf(ResultType);
        return EachLane(ResultType, [0], v => opcode switch
        {
            AirOpcode.Intcast or AirOpcode.IntcastSafe => CastInteger(to, _images.ToInteger(from, v[0]), opcode == AirOpcode.IntcastSafe),
            AirOpcode.Trunc => _images.FromInteger(to, _images.ToInteger(from, v[0])),
            AirOpcode.Fptrunc or AirOpcode.Fpext => _images.FromFloat(to, _images.FloatOf(to)!.Convert(ByteImages.ToFloat(_images.FloatOf(from)!, v[0]), _images.FloatOf(from)!)),
            AirOpcode.FloatFromInt => _images.FromFloat(to, FloatArithmetic.FromInteger(_images.FloatOf(to)!, _images.ToInteger(from, v[0]))),
            _ => IntegerFromFloat(to, _images.FloatOf(from)!, v[0], isSafe: opcode is AirOpcode.IntFromFloatSafe or AirOpcode.IntFromFloatOptimizedSafe),
        });
    }

    private byte[] CastInteger(TypeId to, BigInteger value, bool isSafe)
    {
        bool fits = _images.Shape(to).Has(value);
        if (isSafe && (!fits || (_module.Types[to] is EnumType { IsOpen: false } && !IsNamed(to, value))))
            throw new TrapException(TrapReason.Conversion, $"intcast_safe of {value}");
        return fits ? _images.FromInteger(to, value) : throw TrapException.Illegal($"intcast of {value} does not fit");
    }

    private byte[] IntegerFromFloat(TypeId to, FloatFormat format, byte[] bytes, bool isSafe)
    {
        UInt128 x = ByteImages.ToFloat(format, bytes);
        if (format.IsFinite(x) && _images.Shape(to).Has(FloatArithmetic.ToInteger(format, x)))
            return _images.FromInteger(to, FloatArithmetic.ToInteger(format, x));
        string what = $"int_from_float of {format.ToDouble(x).ToString(System.Globalization.CultureInfo.InvariantCulture)} does not fit";
        throw isSafe ? new TrapException(TrapReason.Conversion, what) : TrapException.Illegal(what);
    }

    private byte[] Bitcast()
    {
        TypeId from = TypeAt(0);
        bool isVector = _module.Types[from] is VectorType || _module.Types[ResultType] is VectorType;
        bool isArray = _module.Types[from] is ArrayType || _module.Types[ResultType] is ArrayType;
        bool areBoth = _module.Types[from] is VectorType && _module.Types[ResultType] is VectorType;
        if (!isArray && (!isVector || !areBoth) && _layouts.TryGetBits(from, out _) && _layouts.TryGetBits(ResultType, out _))
            return _images.FromBits(ResultType, _images.ToBits(from, At(0)));
        byte[] bytes = _images.Zeros(ResultType);
        At(0).AsSpan(0, Math.Min(bytes.Length, At(0).Length)).CopyTo(bytes);
        return bytes;
    }

    // ---- Vector ----

    private byte[] ComputeVector(AirOpcode opcode)
    {
        switch (opcode)
        {
            case AirOpcode.Splat:
                return Splat();
            case AirOpcode.ShuffleOne:
                return Shuffle(1);
            case AirOpcode.ShuffleTwo:
                return Shuffle(2);
            default:
                return Reduce((ReduceOperator)Word(0));
        }
    }

    private byte[] Splat()
    {
        byte[] bytes = _images.Zeros(ResultType);
        ulong count = _images.Elements(ResultType).Count;
        ulong sentinels = _module.Types[ResultType] is ArrayType { Sentinel.HasValue: true } ? 1u : 0u;
        for (ulong i = 0; i < count - sentinels; i++)
            _images.SetElement(ResultType, bytes, i, At(0));
        AddSentinel(ResultType, bytes);
        return bytes;
    }

    private byte[] Shuffle(int sources)
    {
        byte[] bytes = _images.Zeros(ResultType);
        ReadOnlySpan<ShuffleLane> lanes = _frame.Body.Lanes(_instruction, sources);
        ulong count = _images.Elements(TypeAt(0)).Count;
        for (int i = 0; i < lanes.Length; i++)
        {
            ulong lane = lanes[i].IsConstant ? 0 : (ulong)lanes[i].Lane;
            byte[] value = lanes[i].IsConstant ? Program.Constant(lanes[i].Value)
                : lane < count ? _images.Element(TypeAt(0), At(0), lane)
                : _images.Element(TypeAt(1), At(1), lane - count);
            _images.SetElement(ResultType, bytes, (ulong)i, value);
        }
        return bytes;
    }

    private byte[] Reduce(ReduceOperator reduction)
    {
        TypeId vector = TypeAt(1);
        (TypeId lane, ulong count) = _images.Elements(vector);
        byte[] all = _images.Element(vector, At(1), 0);
        for (ulong i = 1; i < count; i++)
            all = Join(reduction, lane, all, _images.Element(vector, At(1), i));
        return all;
    }

    private byte[] Join(ReduceOperator reduction, TypeId type, byte[] x, byte[] y)
    {
        AirOpcode opcode = reduction switch
        {
            ReduceOperator.Min => AirOpcode.Min,
            ReduceOperator.Max => AirOpcode.Max,
            ReduceOperator.Add => AirOpcode.AddWrap,
            ReduceOperator.Mul => AirOpcode.MulWrap,
            _ => AirOpcode.Xor,
        };
        if (_images.FloatOf(type) is { } format)
        {
            AirOpcode number = opcode switch { AirOpcode.AddWrap => AirOpcode.Add, AirOpcode.MulWrap => AirOpcode.Mul, _ => opcode };
            return _images.FromFloat(type, FloatOperation(format, number, ByteImages.ToFloat(format, x), ByteImages.ToFloat(format, y)));
        }
        BigInteger a = _images.ToInteger(type, x);
        BigInteger b = _images.ToInteger(type, y);
        return reduction switch
        {
            ReduceOperator.And => _images.FromInteger(type, a & b),
            ReduceOperator.Or => _images.FromInteger(type, a | b),
            ReduceOperator.Xor => _images.FromInteger(type, a ^ b),
            _ => _images.FromInteger(type, Exact(_images.Shape(type), opcode, a, b)),
        };
    }

    private void AddSentinel(TypeId type, Span<byte> bytes)
    {
        if (_module.Types[type] is ArrayType { Sentinel: { HasValue: true } sentinel } array)
            _images.SetElement(type, bytes, array.Length, Program.Constant(sentinel.Value));
    }
}
