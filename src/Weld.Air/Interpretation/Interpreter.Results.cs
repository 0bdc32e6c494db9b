namespace Weld.Air.Interpretation;

/// <content>Results as constants, to be printed and compared.</content>
public sealed partial class Interpreter
{
    /// <summary>The value as a constant of the module. Pointers to the start of an item name it; others are addresses.</summary>
    public ValueId ToConstant(RuntimeValue value) => ToConstant(value.Type, value.Bytes.ToArray());

    private ValueId ToConstant(TypeId type, byte[] bytes)
    {
        ValueTable values = _module.Values;
        switch (_module.Types[type])
        {
            case SimpleType { SimpleKind: TypeKind.Void }:
                return ValueId.Void;
            case SimpleType or IntegerType or EnumType:
                return values.Integer(type, _images.ToInteger(type, bytes));
            case FloatType number:
                return values.FloatBits(type, ByteImages.ToFloat(FloatFormat.Of(number.Bits), bytes));
            case PointerType pointer:
                return PointerConstant(type, pointer, ByteImages.ToAddress(bytes));
            case SliceType slice:
                TypeId many = _module.Types.Intern(new PointerType(slice.Child, slice.Alignment) { IsMany = true, IsConst = slice.IsConst, IsVolatile = slice.IsVolatile, IsAllowZero = slice.IsAllowZero });
                return values.Slice(type, values.Address(many, (long)ByteImages.SlicePointer(bytes)), ByteImages.SliceLength(bytes));
            case OptionalType optional:
                return _images.IsNull(type, bytes) ? values.Null(type) : values.Optional(type, ToConstant(optional.Child, _images.OptionalPayload(type, bytes)));
            case ErrorSetType:
                return ErrorConstant(type, _images.ErrorOf(type, bytes));
            case ErrorUnionType union:
                int error = _images.ErrorOf(type, bytes);
                return error != 0
                    ? values.ErrorUnionError(type, new ErrorId(error - 1))
                    : values.ErrorUnionPayload(type, ToConstant(union.Payload, _images.ErrorUnionPayload(type, bytes)));
            case StructType fields:
                return values.Aggregate(type, [.. fields.Fields.Select((field, number) => ToConstant(field.Type, _images.Field(type, bytes, number)))]);
            case ArrayType { Length: > 0 } array when _images.Size(array.Child) == 0:
                return values.Repeated(type, ToConstant(array.Child, []));
            case ArrayType array:
                return values.Aggregate(type, [.. Enumerable.Range(0, checked((int)array.Length)).Select(i => ToConstant(array.Child, _images.Element(type, bytes, (ulong)i)))]);
            case VectorType vector:
                return values.Aggregate(type, [.. Enumerable.Range(0, vector.Length).Select(i => ToConstant(vector.Child, _images.Element(type, bytes, (ulong)i)))]);
            case UnionType union:
                return UnionConstant(type, union, bytes);
            default:
                return values.Undefined(type);
        }
    }

    private ValueId ErrorConstant(TypeId type, int number) => number > 0 && number <= _module.Errors.Count
        ? _module.Values.Intern(new ErrorValue(type, new ErrorId(number - 1)))
        : _module.Values.Undefined(type);

    private ValueId PointerConstant(TypeId type, PointerType pointer, ulong address)
    {
        bool isFunction = _module.Types[pointer.Child] is FunctionType;
        if (Program.ItemAt(address) is { } item && _module.Items[item] is AirFunction == isFunction)
            return _module.Values.Pointer(type, item);
        return _module.Values.Address(type, (long)address);
    }

    private ValueId UnionConstant(TypeId type, UnionType union, byte[] bytes)
    {
        if (union.Tag.TryGet(out TypeId tag))
        {
            BigInteger active = _images.ToInteger(tag, bytes.AsSpan((int)_layouts.Get(type).TagOffset, _images.Size(tag)));
            for (int i = 0; i < union.Fields.Count; i++)
                if (_images.TagOf(union, i) == active)
                    return _module.Values.Union(type, i, ToConstant(union.Fields[i].Type, _images.Field(type, bytes, i)));
        }
        // Nothing says which field is meant: the first, if it covers all.
        return union.Fields.Count > 0 && _layouts.Get(union.Fields[0].Type).Size == _layouts.Get(type).Size
            ? _module.Values.Union(type, 0, ToConstant(union.Fields[0].Type, _images.Field(type, bytes, 0)))
            : _module.Values.Undefined(type);
    }
}
