namespace Weld.Air.Layouts;

/// <content>The rules: docs/air.md, "Memory".</content>
public sealed partial class TypeLayouts
{
    /// <summary>Wider vectors are not aligned more.</summary>
    private const int MostVectorAlignment = 64;

    private TypeLayout? Compute(TypeId type, int depth)
    {
        if (depth == 0)
            return null;
        TypeLayout? layout = _module.Types[type] switch
        {
            SimpleType { SimpleKind: TypeKind.Bool } => Scalar(1, Representation.I32),
            SimpleType => Empty(),
            IntegerType or EnumType => Integer(type),
            FloatType number => Float(number.Bits),
            PointerType => Pointer(),
            SliceType => Memory(2ul * (ulong)Target.PointerBytes, Target.PointerBytes),
            ErrorSetType => Scalar(2, Representation.I32),
            ArrayType array => Array(array, depth - 1),
            VectorType vector => Vector(vector, depth - 1),
            OptionalType optional => Optional(optional, depth - 1),
            ErrorUnionType union => ErrorUnion(union, depth - 1),
            StructType { Layout: ContainerLayout.Packed } packed => PackedStruct(type, packed),
            StructType fields => Struct(fields, depth - 1),
            UnionType { Layout: ContainerLayout.Packed } => Packed(type),
            UnionType union => Union(union, depth - 1),
            FunctionType => Empty(),
            _ => null,
        };
        return layout is { Size: <= AirLimits.TypeSize, Depth: <= AirLimits.ContainmentDepth } ? layout : null;
    }

    private TypeLayout? Part(TypeId type, int depth)
    {
        if (type.Index < _cache.Length && _cache[type.Index] is { } known)
            return known;
        TypeLayout? layout = Compute(type, depth);
        if (layout is not null)
            Keep(type, layout);
        return layout;
    }

    private static TypeLayout Empty() => new() { Size = 0, Alignment = 1, Representation = Representation.None, Depth = 1 };

    private static TypeLayout Scalar(int size, Representation representation) =>
        new() { Size = (ulong)size, Alignment = size, Representation = representation, Depth = 1 };

    private static TypeLayout Memory(ulong size, int alignment, int depth = 1) =>
        new() { Size = size, Alignment = alignment, Representation = size == 0 ? Representation.None : Representation.Memory, Depth = depth };

    private TypeLayout Pointer() => Scalar(Target.PointerBytes, Target.Is64 ? Representation.I64 : Representation.I32);

    private TypeLayout? Integer(TypeId type) => TryGetInteger(type, out IntegerShape shape) ? Integer(shape.Bits) : null;

    private static TypeLayout Integer(int bits) => bits switch
    {
        0 => Empty(),
        <= 8 => Scalar(1, Representation.I32),
        <= 16 => Scalar(2, Representation.I32),
        <= 32 => Scalar(4, Representation.I32),
        <= 64 => Scalar(8, Representation.I64),
        _ => Memory(RoundUp((ulong)(bits + 7) / 8, 16), 16),
    };

    private static TypeLayout Float(int bits) => bits switch
    {
        16 => Scalar(2, Representation.I32),
        32 => Scalar(4, Representation.F32),
        64 => Scalar(8, Representation.F64),
        _ => Memory(16, 16),
    };

    private TypeLayout? Array(ArrayType array, int depth)
    {
        if (Part(array.Child, depth) is not { } element)
            return null;
        UInt128 size = (UInt128)element.Size * ((UInt128)array.Length + (array.Sentinel.HasValue ? 1u : 0u));
        return size > AirLimits.TypeSize ? null : Memory((ulong)size, element.Alignment, element.Depth + 1);
    }

    private TypeLayout? Vector(VectorType vector, int depth)
    {
        if (vector.Length is < 1 or > VectorType.MostLanes || Part(vector.Child, depth) is not { } element)
            return null;
        bool isBits = vector.Child == TypeId.Bool;
        ulong packed = isBits ? (ulong)(vector.Length + 7) / 8 : element.Size * (ulong)vector.Length;
        int alignment = (int)Math.Min(BitOperations.RoundUpToPowerOf2(Math.Max(packed, 1)), MostVectorAlignment);
        ulong size = RoundUp(packed, (ulong)alignment);
        bool isNative = Target.HasSimd128 && packed == 16 && !isBits
            && TryGetBits(vector.Child, out int bits) && bits is 8 or 16 or 32 or 64 && _module.Types[vector.Child] is not FloatType { Bits: 16 };
        return isNative
            ? new TypeLayout { Size = 16, Alignment = 16, Representation = Representation.V128, Depth = element.Depth + 1 }
            : Memory(size, alignment, element.Depth + 1);
    }

    private TypeLayout? Optional(OptionalType optional, int depth)
    {
        if (Part(optional.Child, depth) is not { } payload)
            return null;
        if (IsPointerLike(optional.Child))
            return payload;
        if (payload.Size == 0)
            return new TypeLayout { Size = 1, Alignment = 1, Representation = Representation.I32, Depth = payload.Depth + 1 };
        return new TypeLayout
        {
            Size = RoundUp(payload.Size + 1, (ulong)payload.Alignment),
            Alignment = payload.Alignment,
            Representation = Representation.Memory,
            TagOffset = payload.Size,
            Depth = payload.Depth + 1,
        };
    }

    private TypeLayout? ErrorUnion(ErrorUnionType union, int depth)
    {
        if (Part(union.Payload, depth) is not { } payload)
            return null;
        if (payload.Size == 0)
            return new TypeLayout { Size = 2, Alignment = 2, Representation = Representation.I32, Depth = payload.Depth + 1 };
        bool isPayloadFirst = payload.Alignment >= 2;
        ulong error = isPayloadFirst ? RoundUp(payload.Size, 2) : 0;
        ulong start = isPayloadFirst ? 0 : RoundUp(2, (ulong)payload.Alignment);
        int alignment = Math.Max(payload.Alignment, 2);
        return new TypeLayout
        {
            Size = RoundUp(Math.Max(error + 2, start + payload.Size), (ulong)alignment),
            Alignment = alignment,
            Representation = Representation.Memory,
            TagOffset = error,
            PayloadOffset = start,
            Depth = payload.Depth + 1,
        };
    }

    private TypeLayout? Struct(StructType type, int depth)
    {
        var parts = new TypeLayout[type.Fields.Count];
        int deepest = 0;
        for (int i = 0; i < parts.Length; i++)
        {
            if (!IsAlignment(type.Fields[i].Alignment) || Part(type.Fields[i].Type, depth) is not { } part)
                return null;
            parts[i] = part;
            deepest = Math.Max(deepest, part.Depth);
        }
        var offsets = new ulong[parts.Length];
        ulong end = 0;
        int alignment = 1;
        foreach (int i in FieldOrder(type, parts))
        {
            int fieldAlignment = AlignmentOf(type.Fields[i], parts[i]);
            offsets[i] = RoundUp(end, (ulong)fieldAlignment);
            end = offsets[i] + parts[i].Size;
            alignment = Math.Max(alignment, fieldAlignment);
            if (end > AirLimits.TypeSize)
                return null;
        }
        ulong size = RoundUp(end, (ulong)alignment);
        return new TypeLayout
        {
            Size = size,
            Alignment = alignment,
            Representation = size == 0 ? Representation.None : Representation.Memory,
            FieldOffsets = offsets,
            Depth = deepest + 1,
        };
    }

    /// <summary>C's order, except that auto structs put larger alignments first, so that there is the least padding.</summary>
    private static IEnumerable<int> FieldOrder(StructType type, TypeLayout[] parts)
    {
        IEnumerable<int> order = Enumerable.Range(0, parts.Length);
        return type is { Layout: ContainerLayout.Auto, IsTuple: false }
            ? order.OrderByDescending(i => AlignmentOf(type.Fields[i], parts[i]))
            : order;
    }

    private static int AlignmentOf(AirField field, TypeLayout layout) => field.Alignment != 0 ? field.Alignment : layout.Alignment;

    private static bool IsAlignment(int alignment) => alignment == 0 || (alignment is > 0 and <= 1 << 28 && BitOperations.IsPow2(alignment));

    private TypeLayout? Packed(TypeId type) => TryGetBits(type, out int bits) && bits <= IntegerType.MostBits ? Integer(bits) : null;

    private TypeLayout? PackedStruct(TypeId type, StructType packed)
    {
        if (Packed(type) is not { } integer)
            return null;
        var offsets = new int[packed.Fields.Count];
        int next = 0;
        for (int i = 0; i < offsets.Length; i++)
        {
            offsets[i] = next;
            next += TryGetBits(packed.Fields[i].Type, out int bits) ? bits : 0;
        }
        return new TypeLayout
        {
            Size = integer.Size,
            Alignment = integer.Alignment,
            Representation = integer.Representation,
            FieldBitOffsets = offsets,
            Depth = 1,
        };
    }

    private TypeLayout? Union(UnionType type, int depth)
    {
        ulong payloadSize = 0;
        int payloadAlignment = 1;
        int deepest = 0;
        foreach (AirField field in type.Fields)
        {
            if (!IsAlignment(field.Alignment) || Part(field.Type, depth) is not { } part)
                return null;
            payloadSize = Math.Max(payloadSize, part.Size);
            payloadAlignment = Math.Max(payloadAlignment, AlignmentOf(field, part));
            deepest = Math.Max(deepest, part.Depth);
        }
        if (!type.Tag.TryGet(out TypeId tagType))
            return Memory(RoundUp(payloadSize, (ulong)payloadAlignment), payloadAlignment, deepest + 1);
        if (Part(tagType, depth) is not { } tag)
            return null;
        bool isTagFirst = tag.Alignment >= payloadAlignment;
        ulong tagOffset = isTagFirst ? 0 : RoundUp(payloadSize, (ulong)tag.Alignment);
        ulong payloadOffset = isTagFirst ? RoundUp(tag.Size, (ulong)payloadAlignment) : 0;
        int alignment = Math.Max(tag.Alignment, payloadAlignment);
        ulong size = RoundUp(Math.Max(tagOffset + tag.Size, payloadOffset + payloadSize), (ulong)alignment);
        return new TypeLayout
        {
            Size = size,
            Alignment = alignment,
            Representation = size == 0 ? Representation.None : Representation.Memory,
            TagOffset = tagOffset,
            PayloadOffset = payloadOffset,
            Depth = deepest + 1,
        };
    }

    private static ulong RoundUp(ulong value, ulong alignment) => checked(value + alignment - 1) & ~(alignment - 1);
}
