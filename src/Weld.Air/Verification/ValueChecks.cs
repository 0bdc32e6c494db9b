using Weld.Air.Layouts;

namespace Weld.Air.Verification;

/// <summary>Checks the constants of a module.</summary>
internal sealed class ValueChecks(TypeLayouts layouts, Violations violations)
{
    private readonly AirModule _module = layouts.Module;
    private ValueId _value;

    public void Run()
    {
        for (int index = 0; index < _module.Values.Count; index++)
        {
            _value = new ValueId(index);
            AirValue value = _module.Values[_value];
            if ((uint)value.Type.Index >= (uint)_module.Types.Count || !IsGood(value, _module.Types[value.Type]))
                violations.Report(VerifierRuleTable.Constant, _value, "the constant does not fit its type");
        }
    }

    private bool IsGood(AirValue value, AirType type) => value switch
    {
        VoidValue => true,
        IntegerValue integer => IsInteger(integer, type),
        FloatValue number => type is FloatType { Bits: var bits } && (bits == 128 || number.Bits >> bits == 0),
        UndefinedValue => TypeChecks.HasValues(_module, value.Type),
        AggregateValue aggregate => IsAggregate(aggregate, type),
        RepeatedValue repeated => _module.Types.TryGetElement(value.Type, out TypeId element) && Is(repeated.Element, element),
        BytesValue bytes => type is ArrayType array && array.Child == TypeId.U8 && array.Length == (ulong)bytes.Bytes.Count,
        PointerValue pointer => type is PointerType pointerType && IsPointer(pointer, pointerType),
        SliceValue slice => type is SliceType sliceType && IsSlice(slice, sliceType),
        OptionalValue optional => type is OptionalType { Child: var child } && (!optional.Payload.TryGet(out ValueId payload) || Is(payload, child)),
        ErrorValue error => IsError(error.Error, value.Type),
        ErrorUnionValue union => type is ErrorUnionType unionType && IsErrorUnion(union, unionType),
        UnionValue union => type is UnionType && _module.Types.TryGetField(value.Type, union.Field, out AirField field) && Is(union.Payload, field.Type),
        _ => false,
    };

    private bool Is(ValueId value, TypeId type) => (uint)value.Index < (uint)_module.Values.Count && _module.Values.TypeOf(value) == type;

    private bool IsInteger(IntegerValue value, AirType type)
    {
        if (type is not (IntegerType or EnumType or SimpleType { SimpleKind: TypeKind.Bool }))
            return false;
        if (!layouts.TryGetInteger(value.Type, out IntegerShape shape) || !shape.Has(value.Value))
            return false;
        return type is not EnumType { IsOpen: false } tags || tags.Fields.Any(field => field.Value == value.Value);
    }

    private bool IsAggregate(AggregateValue aggregate, AirType type)
    {
        ulong count = type switch
        {
            ArrayType array => array.Length,
            VectorType vector => (ulong)vector.Length,
            StructType container => (ulong)container.Fields.Count,
            _ => ulong.MaxValue,
        };
        if ((ulong)aggregate.Elements.Count != count)
            return false;
        for (int i = 0; i < aggregate.Elements.Count; i++)
        {
            TypeId element = type is StructType container ? container.Fields[i].Type
                : _module.Types.TryGetElement(aggregate.Type, out TypeId child) ? child : default;
            if (!Is(aggregate.Elements[i], element))
                return false;
        }
        return true;
    }

    private bool IsPointer(PointerValue pointer, PointerType type)
    {
        bool isFunction = _module.Types.Kind(type.Child) == TypeKind.Function;
        switch (pointer.Base)
        {
            case PointerBase.Absolute:
                return (pointer.Offset != 0 || type.IsAllowZero) && pointer.Offset >= 0 && (layouts.Target.Is64 || pointer.Offset <= uint.MaxValue);
            case PointerBase.Constant:
                return (uint)pointer.Constant.Index < (uint)_module.Values.Count && !isFunction;
            default:
                if ((uint)pointer.Item.Index >= (uint)_module.Items.Count)
                    return false;
                AirItem item = _module.Items[pointer.Item];
                return item is AirFunction
                    ? isFunction && item.Type == type.Child && pointer.Offset == 0 && !type.IsMany
                    : !isFunction && item is AirVariable { IsThreadLocal: false };
        }
    }

    private bool IsSlice(SliceValue slice, SliceType type) =>
        (uint)slice.Pointer.Index < (uint)_module.Values.Count && (uint)slice.Length.Index < (uint)_module.Values.Count
        && _module.Types[_module.Values.TypeOf(slice.Pointer)] is PointerType { IsMany: true } pointer && pointer.Child == type.Child
        && _module.Values.TypeOf(slice.Length) == TypeId.Usize;

    private bool IsError(ErrorId error, TypeId type) =>
        (uint)error.Index < (uint)_module.Errors.Count && _module.Types[type] is ErrorSetType set && (set.IsAny || set.Errors.Span.BinarySearch(error) >= 0);

    private bool IsErrorUnion(ErrorUnionValue union, ErrorUnionType type)
    {
        if (union.Error.TryGet(out ErrorId error))
            return !union.Payload.HasValue && IsError(error, type.ErrorSet);
        return union.Payload.TryGet(out ValueId payload) && Is(payload, type.Payload);
    }
}
