using System.Buffers.Binary;
using System.Diagnostics;
using Weld.Mir.Modules;

namespace Weld.CodeGen.Constants;

/// <summary>Constants as bytes with pointers to be filled in, and constants that are integers to the machine as numbers.</summary>
internal sealed class ConstantEncoder
{
    private const byte Undefined = 0xaa;

    private readonly AirModule _module;
    private readonly TypeLayouts _layouts;
    private readonly List<MirDataRelocation> _relocations = [];
    private byte[] _bytes = [];

    public ConstantEncoder(AirModule module, TypeLayouts layouts)
    {
        _module = module;
        _layouts = layouts;
    }

    /// <summary>The bytes of a constant in memory.</summary>
    /// <param name="value">The constant.</param>
    /// <param name="alignment">In bytes; 0 for that of its type.</param>
    public MirDataContents Encode(ValueId value, int alignment = 0)
    {
        TypeId type = _module.Values.TypeOf(value);
        TypeLayout layout = _layouts.Get(type);
        int alignmentLog2 = BitOperations.Log2((uint)Math.Max(alignment, layout.Alignment));
        uint size = checked((uint)layout.Size);
        if (IsZero(value))
            return MirDataContents.Zeros(size, alignmentLog2);
        _bytes = new byte[size];
        _relocations.Clear();
        Write(value, 0);
        _relocations.Sort(static (left, right) => left.Offset.CompareTo(right.Offset));
        return new MirDataContents(_bytes, size, alignmentLog2, [.. _relocations]);
    }

    /// <summary>The number that a constant of an integer, enum, bool, error or packed type, or an address, is; null when that is known only at the end.</summary>
    public BigInteger? TryGetInteger(ValueId value)
    {
        AirValue data = _module.Values[value];
        switch (data)
        {
            case IntegerValue integer:
                return integer.Value;
            case FloatValue number:
                return (BigInteger)number.Bits;
            case ErrorValue error:
                return error.Error.Number;
            case UndefinedValue:
                return 0;
            case PointerValue { Base: PointerBase.Absolute } pointer:
                return pointer.Offset;
            case OptionalValue optional:
                return optional.IsNull ? 0 : _layouts.Get(_module.Values.TypeOf(optional.Payload.Value)).HasBits ? TryGetInteger(optional.Payload.Value) : 1;
            case ErrorUnionValue union:
                return union.Error.TryGet(out ErrorId number2) ? number2.Number : 0;
            case AggregateValue aggregate when _module.Types[data.Type] is StructType { Layout: ContainerLayout.Packed } type:
                return PackFields(data.Type, type, aggregate);
            case UnionValue union:
                return TryGetBits(union.Payload);
            default:
                return null;
        }
    }

    private BigInteger? PackFields(TypeId typeId, StructType type, AggregateValue aggregate)
    {
        int[] offsets = _layouts.Get(typeId).FieldBitOffsets;
        BigInteger sum = 0;
        for (int i = 0; i < type.Fields.Count; i++)
        {
            if (TryGetBits(aggregate.Elements[i]) is not { } field)
                return null;
            sum |= field << offsets[i];
        }
        // A packed struct with a signed backing integer is a signed number.
        return _layouts.TryGetInteger(typeId, out IntegerShape shape) && shape.IsSigned && sum >= BigInteger.One << (shape.Bits - 1)
            ? sum - (BigInteger.One << shape.Bits)
            : sum;
    }

    /// <summary>As an unsigned number of the type's width.</summary>
    private BigInteger? TryGetBits(ValueId value)
    {
        if (!_layouts.TryGetBits(_module.Values.TypeOf(value), out int bits) || TryGetInteger(value) is not { } number)
            return _module.Values[value] is VoidValue ? 0 : null;
        return number & ((BigInteger.One << bits) - 1);
    }

    private bool IsZero(ValueId value) => _module.Values[value] switch
    {
        IntegerValue integer => integer.Value.IsZero,
        FloatValue number => number.Bits == 0,
        AggregateValue aggregate => AreZero(aggregate),
        RepeatedValue repeated => IsZero(repeated.Element) && IsSentinelZero(repeated.Type),
        OptionalValue optional => optional.IsNull,
        PointerValue { Base: PointerBase.Absolute } pointer => pointer.Offset == 0,
        VoidValue => true,
        _ => false,
    };

    private bool AreZero(AggregateValue aggregate)
    {
        foreach (ValueId element in aggregate.Elements)
            if (!IsZero(element))
                return false;
        return IsSentinelZero(aggregate.Type);
    }

    private bool IsSentinelZero(TypeId type) =>
        _module.Types[type] is not ArrayType { Sentinel: { HasValue: true } sentinel } || IsZero(sentinel.Value);

    // ── bytes ──

    private void Write(ValueId value, ulong offset)
    {
        AirValue data = _module.Values[value];
        TypeLayout layout = _layouts.Get(data.Type);
        if (!layout.HasBits)
            return;
        switch (data)
        {
            case UndefinedValue:
                _bytes.AsSpan((int)offset, (int)layout.Size).Fill(Undefined);
                break;
            case BytesValue bytes:
                bytes.Bytes.Span.CopyTo(_bytes.AsSpan((int)offset));
                WriteSentinel(data.Type, offset);
                break;
            case RepeatedValue repeated when _module.Types[data.Type] is ArrayType array && IsWithoutPointers(repeated.Element, offset):
                Repeat(offset, array);
                WriteSentinel(data.Type, offset);
                break;
            case RepeatedValue:
                WriteElements(value, data.Type, offset);
                break;
            case AggregateValue when _module.Types[data.Type] is StructType { Layout: not ContainerLayout.Packed } type:
                for (int i = 0; i < type.Fields.Count; i++)
                    Write(_module.Values.Element(value, (ulong)i), offset + layout.FieldOffsets[i]);
                break;
            case AggregateValue when _module.Types[data.Type] is not StructType:
                WriteElements(value, data.Type, offset);
                break;
            case PointerValue pointer:
                WritePointer(pointer, offset);
                break;
            case SliceValue slice:
                Write(slice.Pointer, offset);
                Write(slice.Length, offset + (ulong)_layouts.Target.PointerBytes);
                break;
            case OptionalValue optional:
                WriteOptional(optional, layout, offset);
                break;
            case ErrorUnionValue union:
                WriteInteger(union.Error.TryGet(out ErrorId error) ? error.Number : 0, offset + layout.TagOffset, 2);
                if (union.Payload.TryGet(out ValueId payload))
                    Write(payload, offset + layout.PayloadOffset);
                break;
            case UnionValue union when _module.Types[data.Type] is UnionType { Layout: not ContainerLayout.Packed } type:
                WriteUnion(union, type, layout, offset);
                break;
            default:
                WriteInteger(TryGetInteger(value) ?? throw new UnreachableException($"a constant of {data.Kind} has no bytes"), offset, (int)layout.Size);
                break;
        }
    }

    /// <summary>Writes an element, and says whether its bytes are all of it.</summary>
    private bool IsWithoutPointers(ValueId element, ulong offset)
    {
        int before = _relocations.Count;
        Write(element, offset);
        bool isAll = _relocations.Count == before;
        _relocations.RemoveRange(before, _relocations.Count - before);
        return isAll;
    }

    // Ever more of what is there is copied behind it.
    private void Repeat(ulong offset, ArrayType array)
    {
        int done = (int)_layouts.Get(array.Child).Size;
        Span<byte> all = _bytes.AsSpan((int)offset, checked(done * (int)array.Length));
        for (; done < all.Length; done *= 2)
            all[..Math.Min(done, all.Length - done)].CopyTo(all[done..]);
    }

    private void WriteElements(ValueId value, TypeId type, ulong offset)
    {
        if (_module.Types[type] is VectorType vector)
        {
            WriteLanes(value, vector, offset);
            return;
        }
        var array = (ArrayType)_module.Types[type];
        ulong stride = _layouts.Get(array.Child).Size;
        for (ulong i = 0; i < array.LengthWithSentinel; i++)
            Write(_module.Values.Element(value, i), offset + (i * stride));
    }

    private void WriteLanes(ValueId value, VectorType vector, ulong offset)
    {
        ulong stride = _layouts.Get(vector.Child).Size;
        for (int i = 0; i < vector.Length; i++)
        {
            ValueId lane = _module.Values.Element(value, (ulong)i);
            if (vector.Child == TypeId.Bool)
                _bytes[(int)offset + (i / 8)] |= (byte)((TryGetInteger(lane) == 1 ? 1 : 0) << (i % 8));
            else
                Write(lane, offset + ((ulong)i * stride));
        }
    }

    private void WriteSentinel(TypeId type, ulong offset)
    {
        if (_module.Types[type] is ArrayType { Sentinel: { HasValue: true } sentinel } array)
            Write(sentinel.Value, offset + (array.Length * _layouts.Get(array.Child).Size));
    }

    private void WritePointer(PointerValue pointer, ulong offset)
    {
        uint at = checked((uint)offset);
        switch (pointer.Base)
        {
            case PointerBase.Item when _module.Items[pointer.Item] is AirFunction:
                _relocations.Add(new MirDataRelocation(at, new MirFunctionId(pointer.Item.Index), MirUse.Slot, 0));
                break;
            case PointerBase.Item:
                _relocations.Add(new MirDataRelocation(at, new MirDataId(pointer.Item.Index), MirUse.Address, pointer.Offset));
                break;
            case PointerBase.Constant:
                _relocations.Add(new MirDataRelocation(at, new MirConstantId(pointer.Constant.Index), MirUse.Address, pointer.Offset, AlignmentAskedFor(pointer)));
                break;
            default:
                WriteInteger(pointer.Offset, offset, _layouts.Target.PointerBytes);
                break;
        }
    }

    private byte AlignmentAskedFor(PointerValue pointer) =>
        _module.Types[pointer.Type] is ReferenceType { Alignment: > 1 } type ? (byte)BitOperations.Log2((uint)type.Alignment) : (byte)0;

    private void WriteOptional(OptionalValue optional, TypeLayout layout, ulong offset)
    {
        TypeId child = ((OptionalType)_module.Types[optional.Type]).Child;
        if (optional.IsNull)
            return;
        if (_layouts.Get(child).HasBits)
            Write(optional.Payload.Value, offset);
        if (!_layouts.IsPointerLike(child))
            WriteInteger(1, offset + layout.TagOffset, 1);
    }

    private void WriteUnion(UnionValue union, UnionType type, TypeLayout layout, ulong offset)
    {
        Write(union.Payload, offset + layout.PayloadOffset);
        if (!type.Tag.TryGet(out TypeId tag) || !_layouts.Get(tag).HasBits)
            return;
        BigInteger number = ((EnumType)_module.Types[tag]).Fields[union.Field].Value;
        WriteInteger(number, offset + layout.TagOffset, (int)_layouts.Get(tag).Size);
    }

    private void WriteInteger(BigInteger value, ulong offset, int size)
    {
        Span<byte> place = _bytes.AsSpan((int)offset, size);
        if (size <= sizeof(long))
        {
            Span<byte> word = stackalloc byte[sizeof(ulong)];
            BinaryPrimitives.WriteUInt64LittleEndian(word, (ulong)(value & ulong.MaxValue));
            word[..size].CopyTo(place);
            return;
        }
        place.Fill(value.Sign < 0 ? byte.MaxValue : (byte)0);
        value.TryWriteBytes(place, out _, isUnsigned: value.Sign >= 0);
    }
}
