using Weld.Air.Layouts;

namespace Weld.Air.Verification;

/// <content>Memory, atomics, aggregates, optionals and error unions.</content>
internal sealed partial class FunctionVerifier
{
    private bool CheckMemory()
    {
        switch (_info.Opcode)
        {
            case AirOpcode.Load:
                return OperandType(0) is PointerType { IsMany: false } loaded ? CheckIs(_type, loaded.Child) : FailOperand(0, "a pointer to one value");
            case AirOpcode.Store or AirOpcode.StoreSafe or AirOpcode.Memset or AirOpcode.MemsetSafe:
                return CheckWritable(0) && CheckFilled();
            case AirOpcode.Memcpy or AirOpcode.Memmove:
                return CheckCopy();
            case AirOpcode.RetPtr:
                return (_module.Types[_type] is PointerType { IsMany: false } pointer && pointer.Child == _functionType.Result)
                    || Fail(VerifierRuleTable.Function, $"the result is a pointer to {Print(_functionType.Result)}, which the function returns");
            case AirOpcode.ThreadLocalPtr:
                return CheckThreadLocal();
            case AirOpcode.Prefetch:
                return OperandType(0) is PointerType || FailOperand(0, "a pointer");
            default:
                return true;
        }
    }

    private bool CheckFilled() => _info.Opcode is AirOpcode.Store or AirOpcode.StoreSafe
        || OperandType(0) is SliceType or PointerType { IsMany: false }
        || FailOperand(0, "a slice or a pointer to an array");

    private bool CheckCopy()
    {
        if (!_module.Types.TryGetPointeeElement(TypeOf(0), out TypeId element) || OperandType(0) is PointerType { IsMany: true })
            return FailOperand(0, "a slice or a pointer to an array");
        if (!_module.Types.TryGetPointeeElement(TypeOf(1), out TypeId source) || source != element)
            return FailOperand(1, $"a slice, many pointer or pointer to an array of {Print(element)}");
        if (ArrayLength(0) is { } to && ArrayLength(1) is { } from && to != from)
            return Fail(VerifierRuleTable.Count, $"{from} elements are copied to {to}");
        return CheckWritable(0);
    }

    private ulong? ArrayLength(int position) => OperandType(position) is PointerType { IsMany: false } pointer
        ? _module.Types[pointer.Child] switch
        {
            ArrayType array => array.Length,
            VectorType vector => (ulong)vector.Length,
            _ => null,
        }
        : null;

    private bool CheckThreadLocal()
    {
        if (_module.Items[new ItemId(_body.Word(_id, 0))] is not AirVariable { IsThreadLocal: true } variable)
            return Fail(VerifierRuleTable.Function, "the item is no threadlocal variable");
        return (_module.Types[_type] is PointerType { IsMany: false } pointer && pointer.Child == variable.Type)
            || Fail(VerifierRuleTable.ResultType, $"the result is a pointer to {Print(variable.Type)}");
    }

    // ---- Atomics ----

    private bool CheckAtomic() => _info.Opcode switch
    {
        AirOpcode.Fence => CheckOrder(0, MemoryOrder.Unordered, MemoryOrder.Monotonic),
        AirOpcode.AtomicLoad => CheckAccess(0, _type) && CheckOrder(1, MemoryOrder.Release, MemoryOrder.AcqRel),
        AirOpcode.AtomicStore => CheckAccess(0, TypeOf(1)) && CheckWritable(0) && CheckOrder(2, MemoryOrder.Acquire, MemoryOrder.AcqRel),
        AirOpcode.AtomicRmw => CheckAccess(1, _subject) && CheckWritable(1) && CheckRmw(),
        AirOpcode.MemoryWait => CheckWait(),
        AirOpcode.MemoryNotify => OperandType(0) is PointerType || FailOperand(0, "a pointer"),
        _ => CheckAccess(0, _subject) && CheckWritable(0) && CheckOrder(4, MemoryOrder.Release, MemoryOrder.AcqRel),
    };

    private bool CheckAccess(int position, TypeId type)
    {
        if (OperandType(position) is not PointerType { IsMany: false, IsBitPointer: false } pointer || pointer.Child != type)
            return FailOperand(position, $"a pointer to {Print(type)}");
        TypeLayout layout = _layouts.Get(type);
        bool isScalar = _module.Types.Kind(type) is TypeKind.Integer or TypeKind.Float or TypeKind.Bool or TypeKind.Pointer or TypeKind.Enum or TypeKind.ErrorSet
            || IsPointerLike(type) || (_module.Types.Kind(type) is TypeKind.Struct or TypeKind.Union && _layouts.TryGetInteger(type, out _));
        return (isScalar && layout.Size is 1 or 2 or 4 or 8) || Fail(VerifierRuleTable.Atomic, $"{Print(type)} cannot be accessed in one piece");
    }

    private bool CheckOrder(int position, MemoryOrder no, MemoryOrder norThis)
    {
        var order = (MemoryOrder)_body.Word(_id, position);
        return (order != no && order != norThis) || Fail(VerifierRuleTable.Order, $"the order {order} makes no sense here");
    }

    private bool CheckRmw()
    {
        var operation = (RmwOperator)_body.Word(_id, 0);
        bool isGood = _module.Types.Kind(_subject) switch
        {
            TypeKind.Integer => true,
            TypeKind.Float => operation is RmwOperator.Xchg or RmwOperator.Add or RmwOperator.Sub or RmwOperator.Max or RmwOperator.Min,
            _ => operation == RmwOperator.Xchg,
        };
        return isGood || Fail(VerifierRuleTable.Atomic, $"the operator {operation} is not for {Print(_subject)}");
    }

    private bool CheckWait() =>
        (_layouts.TryGetInteger(_subject, out IntegerShape shape) && shape.Bits is 32 or 64 ? CheckAccess(0, _subject) : Fail(VerifierRuleTable.Atomic, "a wait is for 32 or 64 bits"));

    // ---- Structs and unions ----

    private bool CheckAggregate() => _info.Opcode switch
    {
        AirOpcode.AggregateInit => CheckInit(),
        AirOpcode.UnionInit => _module.Types[_type] is UnionType
            ? CheckField(_type, _body.Word(_id, 0), out _)
            : Fail(VerifierRuleTable.Subject, $"{Print(_type)} is no union"),
        AirOpcode.StructFieldPtr => CheckFieldPointer(),
        AirOpcode.StructFieldVal => CheckField(TypeOf(0), _body.Word(_id, 1), out AirField field) && CheckIs(_type, field.Type),
        AirOpcode.FieldParentPtr => CheckParent(),
        AirOpcode.SetUnionTag => CheckWritable(0),
        AirOpcode.GetUnionTag => OperandType(0) is UnionType { Tag: { HasValue: true } tag } ? CheckIs(_type, tag.Value) : FailOperand(0, "a tagged union"),
        AirOpcode.VectorStoreElem => CheckWritable(0) && (Pointee(0) is VectorType || FailOperand(0, "a pointer to a vector")),
        AirOpcode.ArrayElemVal => _module.Types.TryGetElement(TypeOf(0), out TypeId element) ? CheckIs(_type, element) : FailOperand(0, "an array or vector"),
        _ => CheckPointers(),
    };

    private AirType? Pointee(int position) => OperandType(position) is PointerType { IsMany: false } pointer ? _module.Types[pointer.Child] : null;

    private bool CheckInit()
    {
        long count = _module.Types[_type] switch
        {
            ArrayType array => (long)Math.Min(array.Length, long.MaxValue),
            VectorType vector => vector.Length,
            StructType fields => fields.Fields.Count,
            _ => -1,
        };
        int found = _body.Words(_id).Length;
        if (count < 0)
            return Fail(VerifierRuleTable.Subject, $"{Print(_type)} is not made of elements");
        return count == found || Fail(VerifierRuleTable.Count, $"{found} elements instead of {count}");
    }

    private bool CheckField(TypeId container, int number, out AirField field) =>
        _module.Types.TryGetField(container, number, out field) || Fail(VerifierRuleTable.Field, $"{Print(container)} has no field {number}");

    private bool CheckFieldPointer()
    {
        if (OperandType(0) is not PointerType { IsMany: false } pointer)
            return FailOperand(0, "a pointer to a struct or union");
        int number = _body.Word(_id, 1);
        if (!CheckField(pointer.Child, number, out AirField field))
            return false;
        bool isPacked = _module.Types[pointer.Child] is StructType { Layout: ContainerLayout.Packed } or UnionType { Layout: ContainerLayout.Packed };
        if (!isPacked)
            return !pointer.IsBitPointer ? CheckPointerResult(field.Type, pointer) : FailOperand(0, "a pointer to whole bytes");
        TypeLayout layout = _layouts.Get(pointer.Child);
        int bit = pointer.BitOffset + (layout.FieldBitOffsets.Length > number ? layout.FieldBitOffsets[number] : 0);
        int host = pointer.IsBitPointer ? pointer.HostBytes : (int)layout.Size;
        if (_module.Types[_type] is not PointerType { IsMany: false } result || result.Child != field.Type)
            return Fail(VerifierRuleTable.ResultType, $"the result is a pointer to {Print(field.Type)}, not {Print(_type)}");
        bool isPlace = result.IsBitPointer ? result.HostBytes == host && result.BitOffset == bit : IsWhole(field.Type, bit);
        return isPlace ? CheckConst(pointer, result) : Fail(VerifierRuleTable.ResultType, $"the field starts at bit {bit} of {host} bytes, as a pointer with align says");
    }

    /// <summary>Whether a packed field is all of some bytes, so that a plain pointer will do.</summary>
    private bool IsWhole(TypeId type, int bit) =>
        bit % 8 == 0 && _layouts.TryGetBits(type, out int bits) && (ulong)bits == 8 * _layouts.Get(type).Size;

    private bool CheckParent()
    {
        if (_module.Types[_type] is not PointerType { IsMany: false, IsBitPointer: false } result || OperandType(0) is not PointerType { IsMany: false, IsBitPointer: false } pointer)
            return FailOperand(0, "a pointer to a field, and for the result one to its struct or union,");
        if (!CheckField(result.Child, _body.Word(_id, 1), out AirField field))
            return false;
        if (_module.Types[result.Child] is StructType { Layout: ContainerLayout.Packed })
            return Fail(VerifierRuleTable.Subject, "the fields of a packed struct have no addresses");
        return field.Type == pointer.Child ? CheckConst(pointer, result) : FailOperand(0, $"a pointer to {Print(field.Type)}");
    }

    // ---- Slices and pointers to elements ----

    private bool CheckPointers()
    {
        if (OperandType(0) is not ReferenceType from)
            return FailOperand(0, "a pointer or slice");
        return _info.Opcode switch
        {
            AirOpcode.SliceLen => from is SliceType || FailOperand(0, "a slice"),
            AirOpcode.SlicePtr => from is SliceType ? CheckPointerResult(from.Child, from, isMany: true) : FailOperand(0, "a slice"),
            AirOpcode.Slice or AirOpcode.ArrayToSlice => CheckSlice(from),
            AirOpcode.PtrSliceLenPtr => _module.Types[from.Child] is SliceType ? CheckPointerResult(TypeId.Usize, from) : FailOperand(0, "a pointer to a slice"),
            AirOpcode.PtrSlicePtrPtr => CheckPointerOfSlice(from),
            AirOpcode.SliceElemVal => from is SliceType ? CheckIs(_type, from.Child) : FailOperand(0, "a slice"),
            AirOpcode.SliceElemPtr => from is SliceType ? CheckPointerResult(from.Child, from) : FailOperand(0, "a slice"),
            AirOpcode.PtrAdd or AirOpcode.PtrSub => CheckStep(from),
            _ => CheckElement(from),
        };
    }

    private bool CheckSlice(ReferenceType from)
    {
        bool isSource = _info.Opcode == AirOpcode.Slice ? from is PointerType : Pointee(0) is ArrayType;
        if (!isSource || !_module.Types.TryGetPointeeElement(TypeOf(0), out TypeId element))
            return FailOperand(0, _info.Opcode == AirOpcode.Slice ? "a many pointer or a pointer to an array" : "a pointer to an array");
        var result = (SliceType)_module.Types[_type];
        return result.Child == element ? CheckConst(from, result) : Fail(VerifierRuleTable.ResultType, $"the result is a slice of {Print(element)}, not {Print(_type)}");
    }

    private bool CheckPointerOfSlice(ReferenceType from)
    {
        if (_module.Types[from.Child] is not SliceType slice)
            return FailOperand(0, "a pointer to a slice");
        return _module.Types[_type] is PointerType { IsMany: false } result && _module.Types[result.Child] is PointerType { IsMany: true } inner && inner.Child == slice.Child
            ? CheckConst(from, result) && CheckConst(slice, inner)
            : Fail(VerifierRuleTable.ResultType, $"the result is a pointer to a many pointer to {Print(slice.Child)}");
    }

    private bool CheckStep(ReferenceType from)
    {
        if (from is not PointerType { IsBitPointer: false } || !TypeChecks.HasValues(_module, from.Child))
            return FailOperand(0, "a pointer");
        return _module.Types[_type] is PointerType { IsBitPointer: false } result && result.Child == from.Child
            ? CheckConst(from, result)
            : Fail(VerifierRuleTable.ResultType, $"the result is a pointer to {Print(from.Child)}, not {Print(_type)}");
    }

    private bool CheckElement(ReferenceType from)
    {
        if (from is not PointerType { IsBitPointer: false } || !_module.Types.TryGetPointeeElement(TypeOf(0), out TypeId element))
            return FailOperand(0, "a many pointer, or a pointer to an array or vector,");
        if (_info.Opcode == AirOpcode.PtrElemVal)
            return CheckIs(_type, element);
        return Pointee(0) is VectorType && element == TypeId.Bool
            ? FailOperand(0, "a pointer to elements that have bytes of their own")
            : CheckPointerResult(element, from);
    }

    // ---- Optionals and error unions ----

    private bool CheckOptional()
    {
        bool isPointer = _info.Operands[0].Name == "pointer";
        if (_info.Opcode == AirOpcode.WrapOptional)
            return true;
        AirType? found = isPointer ? Pointee(0) : OperandType(0);
        if (found is not OptionalType optional)
            return FailOperand(0, isPointer ? "a pointer to an optional" : "an optional");
        return _info.Opcode switch
        {
            AirOpcode.OptionalPayload => CheckIs(_type, optional.Child),
            AirOpcode.OptionalPayloadPtr => CheckPointerResult(optional.Child, (ReferenceType)OperandType(0)),
            AirOpcode.OptionalPayloadPtrSet => CheckWritable(0) && CheckPointerResult(optional.Child, (ReferenceType)OperandType(0)),
            _ => true,
        };
    }

    private bool CheckErrorUnion()
    {
        if (_info.Opcode is AirOpcode.WrapErrunionPayload or AirOpcode.WrapErrunionErr)
            return true;
        bool isPointer = _info.Operands[0].Name == "pointer";
        AirType? found = isPointer ? Pointee(0) : OperandType(0);
        if (found is ErrorSetType && _info.Opcode is AirOpcode.IsErr or AirOpcode.IsNonErr)
            return true;
        if (found is not ErrorUnionType union)
            return FailOperand(0, isPointer ? "a pointer to an error union" : "an error union");
        return _info.Opcode switch
        {
            AirOpcode.UnwrapErrunionPayload => CheckIs(_type, union.Payload),
            AirOpcode.UnwrapErrunionErr or AirOpcode.UnwrapErrunionErrPtr => CheckIs(_type, union.ErrorSet),
            AirOpcode.UnwrapErrunionPayloadPtr => CheckPointerResult(union.Payload, (ReferenceType)OperandType(0)),
            AirOpcode.ErrunionPayloadPtrSet => CheckWritable(0) && CheckPointerResult(union.Payload, (ReferenceType)OperandType(0)),
            _ => true,
        };
    }
}
