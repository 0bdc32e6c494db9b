using Weld.Air.Layouts;

namespace Weld.Air.Interpretation;

/// <summary>Reads and makes the bytes of values by the layouts of their types.</summary>
internal sealed class ByteImages(AirModule module, TypeLayouts layouts)
{
    public const byte Undefined = 0xaa;

    public AirModule Module => module;

    public TypeLayouts Layouts => layouts;

    public byte[] Zeros(TypeId type) => new byte[Size(type)];

    public byte[] Undefineds(TypeId type)
    {
        byte[] bytes = Zeros(type);
        bytes.AsSpan().Fill(Undefined);
        return bytes;
    }

    public int Size(TypeId type)
    {
        ulong size = layouts.Get(type).Size;
        return size <= int.MaxValue / 2 ? (int)size : throw new TrapException(TrapReason.MemoryLimit, $"a value of {size} bytes");
    }

    // ---- Integers ----

    /// <summary>The integer that a type is; illegal to ask for others.</summary>
    public IntegerShape Shape(TypeId type) =>
        layouts.TryGetInteger(type, out IntegerShape shape) ? shape : throw new TrapException(TrapReason.Unsupported, "not an integer; the verifier should have refused it");

    public BigInteger ToInteger(TypeId type, ReadOnlySpan<byte> bytes)
    {
        IntegerShape shape = Shape(type);
        if (bytes.Length > sizeof(ulong))
            return Wrap(shape, new BigInteger(bytes, isUnsigned: true));
        int gap = 64 - shape.Bits;
        ulong bits = ToAddress(bytes) << gap;
        return shape.IsSigned ? (long)bits >> gap : bits >> gap;
    }

    /// <summary>The number modulo 2^bits, extended to all bytes.</summary>
    public byte[] FromInteger(TypeId type, BigInteger value)
    {
        byte[] bytes = Zeros(type);
        WriteInteger(bytes, Wrap(Shape(type), value));
        return bytes;
    }

    /// <summary>The number that the low bits are.</summary>
    public static BigInteger Wrap(IntegerShape shape, BigInteger value)
    {
        if (shape.Has(value))
            return value;
        BigInteger low = value & ((BigInteger.One << shape.Bits) - 1);
        return shape.IsSigned && low >> (shape.Bits - 1) != 0 ? low - (BigInteger.One << shape.Bits) : low;
    }

    public byte[] FromBool(bool value) => FromInteger(TypeId.Bool, value ? 1 : 0);

    public static bool ToBool(ReadOnlySpan<byte> bytes) => (bytes[0] & 1) != 0;

    /// <summary>An address or usize, or any other bytes, of which there are at most 8.</summary>
    public static ulong ToAddress(ReadOnlySpan<byte> bytes)
    {
        ulong number = 0;
        for (int i = bytes.Length - 1; i >= 0; i--)
            number = (number << 8) | bytes[i];
        return number;
    }

    public byte[] FromAddress(ulong address)
    {
        var bytes = new byte[layouts.Target.PointerBytes];
        WriteInteger(bytes, address);
        return bytes;
    }

    /// <summary>Writes the low bytes of the number, in two's complement.</summary>
    public static void WriteInteger(Span<byte> bytes, BigInteger value)
    {
        ulong low = (ulong)(value & ulong.MaxValue);
        for (int i = 0; i < bytes.Length; i++)
        {
            if (i % 8 == 0 && i > 0)
            {
                value >>= 64;
                low = (ulong)(value & ulong.MaxValue);
            }
            bytes[i] = (byte)low;
            low >>= 8;
        }
    }

    // ---- Floats ----

    public FloatFormat? FloatOf(TypeId type) => module.Types[type] is FloatType number ? FloatFormat.Of(number.Bits) : null;

    public static UInt128 ToFloat(FloatFormat format, ReadOnlySpan<byte> bytes) => (UInt128)new BigInteger(bytes[..(format.Bits / 8)], isUnsigned: true);

    public byte[] FromFloat(TypeId type, UInt128 bits)
    {
        byte[] bytes = Zeros(type);
        WriteInteger(bytes, bits);
        return bytes;
    }

    // ---- Bits ----

    /// <summary>The value's bits as a number that is not negative; lane 0 of a vector is lowest.</summary>
    public BigInteger ToBits(TypeId type, ReadOnlySpan<byte> bytes)
    {
        if (module.Types[type] is VectorType vector)
        {
            BigInteger all = BigInteger.Zero;
            for (int i = vector.Length - 1; i >= 0; i--)
                all = (all << Bits(vector.Child)) | ToBits(vector.Child, Element(type, bytes, (ulong)i));
            return all;
        }
        return new BigInteger(bytes, isUnsigned: true) & ((BigInteger.One << Bits(type)) - 1);
    }

    public byte[] FromBits(TypeId type, BigInteger bits)
    {
        if (module.Types[type] is VectorType vector)
        {
            byte[] lanes = Zeros(type);
            for (int i = 0; i < vector.Length; i++)
                SetElement(type, lanes, (ulong)i, FromBits(vector.Child, bits >> (i * Bits(vector.Child))));
            return lanes;
        }
        if (layouts.TryGetInteger(type, out _))
            return FromInteger(type, bits);
        byte[] bytes = Zeros(type);
        WriteInteger(bytes, bits & ((BigInteger.One << Bits(type)) - 1));
        return bytes;
    }

    public int Bits(TypeId type) =>
        layouts.TryGetBits(type, out int bits) ? bits : throw new TrapException(TrapReason.Unsupported, "a type without a width in bits; the verifier should have refused it");

    // ---- Parts ----

    /// <summary>An element of an array (also its sentinel) or a lane of a vector.</summary>
    public byte[] Element(TypeId type, ReadOnlySpan<byte> bytes, ulong index)
    {
        (TypeId element, ulong count) = Elements(type);
        if (index >= count)
            throw TrapException.Illegal($"index {index} of {count} elements");
        if (IsBoolVector(type))
            return FromBool((bytes[(int)index / 8] >> ((int)index % 8) & 1) != 0);
        int size = Size(element);
        return bytes.Slice((int)index * size, size).ToArray();
    }

    public void SetElement(TypeId type, Span<byte> bytes, ulong index, ReadOnlySpan<byte> value)
    {
        (TypeId element, ulong count) = Elements(type);
        if (index >= count)
            throw TrapException.Illegal($"index {index} of {count} elements");
        if (!IsBoolVector(type))
        {
            value.CopyTo(bytes[((int)index * Size(element))..]);
            return;
        }
        byte mask = (byte)(1 << ((int)index % 8));
        ref byte place = ref bytes[(int)index / 8];
        place = (byte)(ToBool(value) ? place | mask : place & ~mask);
    }

    /// <summary>The element of an array or vector, and how many there are, with the sentinel.</summary>
    public (TypeId Element, ulong Count) Elements(TypeId type) => module.Types[type] switch
    {
        ArrayType array => (array.Child, array.LengthWithSentinel),
        VectorType vector => (vector.Child, (ulong)vector.Length),
        _ => throw new TrapException(TrapReason.Unsupported, "neither an array nor a vector; the verifier should have refused it"),
    };

    public bool IsBoolVector(TypeId type) => module.Types[type] is VectorType { Child: var child } && child == TypeId.Bool;

    /// <summary>A field of a struct or tuple, or of a union, whether it is active or not.</summary>
    public byte[] Field(TypeId type, ReadOnlySpan<byte> bytes, int number)
    {
        TypeId field = module.Types.FieldsOf(type)[number].Type;
        TypeLayout layout = layouts.Get(type);
        switch (module.Types[type])
        {
            case StructType { Layout: ContainerLayout.Packed }:
                return FromBits(field, ToBits(type, bytes) >> layout.FieldBitOffsets[number]);
            case UnionType { Layout: ContainerLayout.Packed }:
                return FromBits(field, ToBits(type, bytes));
            case UnionType:
                return bytes.Slice((int)layout.PayloadOffset, Size(field)).ToArray();
            default:
                return bytes.Slice((int)layout.FieldOffsets[number], Size(field)).ToArray();
        }
    }

    public byte[] Struct(TypeId type, Func<int, byte[]> field)
    {
        Sequence<AirField> fields = module.Types.FieldsOf(type);
        TypeLayout layout = layouts.Get(type);
        if (module.Types[type] is StructType { Layout: ContainerLayout.Packed })
        {
            BigInteger bits = BigInteger.Zero;
            for (int i = 0; i < fields.Count; i++)
                bits |= ToBits(fields[i].Type, field(i)) << layout.FieldBitOffsets[i];
            return FromBits(type, bits);
        }
        byte[] bytes = Undefineds(type);
        for (int i = 0; i < fields.Count; i++)
            field(i).CopyTo(bytes.AsSpan((int)layout.FieldOffsets[i]));
        return bytes;
    }

    public byte[] Union(TypeId type, int number, ReadOnlySpan<byte> payload)
    {
        var union = (UnionType)module.Types[type];
        if (union.Layout == ContainerLayout.Packed)
            return FromBits(type, ToBits(union.Fields[number].Type, payload));
        TypeLayout layout = layouts.Get(type);
        byte[] bytes = Undefineds(type);
        payload.CopyTo(bytes.AsSpan((int)layout.PayloadOffset));
        if (union.Tag.TryGet(out TypeId tag))
            FromInteger(tag, TagOf(union, number)).CopyTo(bytes.AsSpan((int)layout.TagOffset));
        return bytes;
    }

    /// <summary>The tag's value for a field: the enum has the same names.</summary>
    public BigInteger TagOf(UnionType union, int number)
    {
        foreach (EnumField field in ((EnumType)module.Types[union.Tag.Value]).Fields)
            if (field.Name == union.Fields[number].Name)
                return field.Value;
        throw new TrapException(TrapReason.Unsupported, "a union's field without a tag; the verifier should have refused it");
    }

    public byte[] Slice(TypeId type, ulong pointer, ulong length)
    {
        byte[] bytes = Zeros(type);
        FromAddress(pointer).CopyTo(bytes, 0);
        FromAddress(length).CopyTo(bytes, bytes.Length / 2);
        return bytes;
    }

    public static ulong SlicePointer(ReadOnlySpan<byte> bytes) => ToAddress(bytes[..(bytes.Length / 2)]);

    public static ulong SliceLength(ReadOnlySpan<byte> bytes) => ToAddress(bytes[(bytes.Length / 2)..]);

    // ---- Optionals and error unions ----

    /// <summary>An optional; null payload for null.</summary>
    public byte[] Optional(TypeId type, byte[]? payload)
    {
        if (layouts.IsPointerLike(((OptionalType)module.Types[type]).Child))
            return payload ?? Zeros(type);
        byte[] bytes = Undefineds(type);
        payload?.CopyTo(bytes, 0);
        bytes[(int)layouts.Get(type).TagOffset] = payload is null ? (byte)0 : (byte)1;
        return bytes;
    }

    public bool IsNull(TypeId type, ReadOnlySpan<byte> bytes)
    {
        TypeId child = ((OptionalType)module.Types[type]).Child;
        if (!layouts.IsPointerLike(child))
            return bytes[(int)layouts.Get(type).TagOffset] == 0;
        return module.Types[child] is SliceType ? SlicePointer(bytes) == 0 : ToAddress(bytes) == 0;
    }

    public byte[] OptionalPayload(TypeId type, byte[] bytes)
    {
        TypeId child = ((OptionalType)module.Types[type]).Child;
        return layouts.IsPointerLike(child) ? bytes : bytes[..Size(child)];
    }

    public byte[] ErrorUnion(TypeId type, int error, byte[]? payload)
    {
        TypeLayout layout = layouts.Get(type);
        byte[] bytes = Undefineds(type);
        WriteInteger(bytes.AsSpan((int)layout.TagOffset, 2), error);
        payload?.CopyTo(bytes, (int)layout.PayloadOffset);
        return bytes;
    }

    /// <summary>The number of the error; 0 for a payload.</summary>
    public int ErrorOf(TypeId type, ReadOnlySpan<byte> bytes)
    {
        int offset = module.Types[type] is ErrorUnionType ? (int)layouts.Get(type).TagOffset : 0;
        return bytes[offset] | bytes[offset + 1] << 8;
    }

    public byte[] ErrorUnionPayload(TypeId type, byte[] bytes)
    {
        int start = (int)layouts.Get(type).PayloadOffset;
        return bytes[start..(start + Size(((ErrorUnionType)module.Types[type]).Payload))];
    }
}
