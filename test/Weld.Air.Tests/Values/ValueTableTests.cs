namespace Weld.Air.Tests.Values;

public sealed class ValueTableTests
{
    private readonly AirModule _module = new();

    private ValueTable Values => _module.Values;

    private TypeTable Types => _module.Types;

    [Fact]
    public void Equal_values_have_the_same_id()
    {
        BigInteger large = BigInteger.One << 1000;
        TypeId wide = Types.Unsigned(2000);
        Assert.Equal(Values.Integer(wide, large), Values.Integer(wide, large));
        Assert.NotEqual(Values.Integer(TypeId.U8, 1), Values.Integer(TypeId.U16, 1));
        Assert.Equal(ValueId.True, Values.Integer(TypeId.Bool, 1));
        Assert.Equal(Values.String("abc"), Values.String("abc"));
        Assert.NotEqual(Values.Float(TypeId.F64, 0.0), Values.Float(TypeId.F64, -0.0));
        Assert.Equal(Values.Float(TypeId.F64, double.NaN), Values.Float(TypeId.F64, double.NaN));
    }

    [Fact]
    public void An_array_has_one_form()
    {
        TypeId bytes = Types.Array(TypeId.U8, 3);
        Assert.Equal(Values.Bytes(bytes, "abc"u8), Values.Aggregate(bytes, Byte('a'), Byte('b'), Byte('c')));
        TypeId many = Types.Array(TypeId.U8, 9);
        ValueId repeated = Values.Repeated(many, Byte('x'));
        Assert.Equal(repeated, Values.Bytes(many, "xxxxxxxxx"u8));
        Assert.Equal(repeated, Values.Aggregate(many, [.. Enumerable.Repeat(Byte('x'), 9)]));
        Assert.Equal(ValueKind.Repeated, Values[repeated].Kind);
        TypeId few = Types.Array(TypeId.U16, 2);
        ValueId element = Values.Integer(TypeId.U16, 7);
        Assert.Equal(Values.Aggregate(few, element, element), Values.Repeated(few, element));
        Assert.Equal(Values.Aggregate(Types.Array(TypeId.U8, 0)), Values.Bytes(Types.Array(TypeId.U8, 0), []));
    }

    [Fact]
    public void Elements_can_be_asked_for_in_every_form()
    {
        TypeId terminated = Types.Array(TypeId.U8, 3, OptionalId<ValueId>.Some(Byte('\0')));
        ValueId text = Values.Bytes(terminated, "abc"u8);
        Assert.Equal(Byte('c'), Values.Element(text, 2));
        Assert.Equal(Byte('\0'), Values.Element(text, 3));
        Assert.Equal(Byte('x'), Values.Element(Values.Repeated(Types.Array(TypeId.U8, 100), Byte('x')), 99));
        Assert.Equal(Values.Undefined(TypeId.U8), Values.Element(Values.Undefined(terminated), 1));
    }

    [Fact]
    public void Constants_nest_to_a_limit()
    {
        TypeId type = Types.Optional(Types.Pointer(TypeId.U8));
        ValueId value = Values.Undefined(TypeId.U8);
        Assert.Throws<ArgumentException>(() =>
        {
            for (int i = 0; i < 1000; i++)
                value = Values.Pointer(type, value);
        });
        Assert.Equal(AirLimits.ValueDepth, Values.Depth(value));
    }

    [Fact]
    public void Floats_are_converted_exactly()
    {
        foreach (double value in new[] { 0.0, -0.0, 1.0, -1.5, 1e300, 5e-324, double.MaxValue, double.Epsilon * 12345, Math.PI, double.PositiveInfinity, double.NegativeInfinity })
        {
            Assert.Equal(BitConverter.DoubleToUInt64Bits(value), (ulong)FloatFormat.Of(64).FromDouble(value));
            Assert.Equal(BitConverter.SingleToUInt32Bits((float)value), (uint)FloatFormat.Of(32).FromDouble(value));
            Assert.Equal(BitConverter.HalfToUInt16Bits((Half)value), (ushort)FloatFormat.Of(16).FromDouble(value));
            Assert.Equal(value, FloatFormat.Of(80).ToDouble(FloatFormat.Of(80).FromDouble(value)));
            Assert.Equal(value, FloatFormat.Of(128).ToDouble(FloatFormat.Of(128).FromDouble(value)));
        }
        Assert.Equal(new UInt128(0x3fff, 0x8000000000000000), FloatFormat.Of(80).FromDouble(1));
        Assert.Equal(new UInt128(0x3fff000000000000, 0), FloatFormat.Of(128).FromDouble(1));
    }

    [Fact]
    public void Floats_are_rounded_as_the_machine_does()
    {
        var random = new Random(1);
        for (int i = 0; i < 20000; i++)
        {
            double value = BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue));
            // Half of them near what a float and a half can hold.
            if (i % 2 == 0)
                value = Math.ScaleB(random.NextDouble() - 0.5, random.Next(-160, 140));
            if (double.IsNaN(value))
                continue;
            Assert.Equal(BitConverter.SingleToUInt32Bits((float)value), (uint)FloatFormat.Of(32).FromDouble(value));
            Assert.Equal(BitConverter.HalfToUInt16Bits((Half)value), (ushort)FloatFormat.Of(16).FromDouble(value));
        }
    }

    [Fact]
    public void Many_threads_get_the_same_ids()
    {
        const int Threads = 4;
        const int Count = 2000;
        var values = new ValueId[Threads][];
        var errors = new ErrorId[Threads][];
        var start = new Barrier(Threads);
        var threads = new Thread[Threads];
        for (int t = 0; t < Threads; t++)
        {
            int number = t;
            threads[t] = new Thread(() =>
            {
                start.SignalAndWait();
                values[number] = new ValueId[Count];
                errors[number] = new ErrorId[Count];
                for (int i = 0; i < Count; i++)
                {
                    values[number][i] = Values.String($"text {i}");
                    errors[number][i] = _module.Errors.Intern($"E{i}");
                    Types.Declare($"T{i}");
                    if (i % Threads == number)
                        _module.DeclareVariable($"v{i}", TypeId.U8);
                }
            });
            threads[t].Start();
        }
        foreach (Thread thread in threads)
            thread.Join();
        Assert.All(values, row => Assert.Equal(values[0], row));
        Assert.All(errors, row => Assert.Equal(errors[0], row));
        Assert.Equal(Count, values[0].Distinct().Count());
        Assert.Equal(Count, _module.Errors.Count);
        Assert.Equal(Count, _module.Items.Count);
        Assert.All(Enumerable.Range(0, Count), i => Assert.Equal($"E{i}", _module.Errors[errors[0][i]]));
    }

    private ValueId Byte(char value) => Values.Integer(TypeId.U8, value);
}
