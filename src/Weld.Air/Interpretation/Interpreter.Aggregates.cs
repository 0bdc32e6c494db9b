using Weld.Air.Layouts;

namespace Weld.Air.Interpretation;

/// <content>Structs, unions, slices, optionals, error unions and names.</content>
public sealed partial class Interpreter
{
    // ---- Aggregate ----

    private byte[] ComputeAggregate(AirOpcode opcode)
    {
        switch (opcode)
        {
            case AirOpcode.AggregateInit:
                return AggregateInit();
            case AirOpcode.UnionInit:
                return _images.Union(ResultType, Word(0), At(1));
            case AirOpcode.StructFieldVal:
                return StructFieldVal();
            case AirOpcode.StructFieldPtr:
                return Moved(0, FieldOffset(PointeeAt(0), ResultType, Word(1)));
            case AirOpcode.FieldParentPtr:
                _module.Types.TryGetPointee(ResultType, out TypeId parent);
                return Moved(0, -FieldOffset(parent, TypeAt(0), Word(1)));
            case AirOpcode.SetUnionTag:
                SetUnionTag();
                return [];
            case AirOpcode.GetUnionTag:
                return At(0).AsSpan((int)_layouts.Get(TypeAt(0)).TagOffset, _images.Size(ResultType)).ToArray();
            case AirOpcode.VectorStoreElem:
                VectorStoreElem();
                return [];
            case AirOpcode.ArrayElemVal:
                return _images.Element(TypeAt(0), At(0), AddressAt(1));
            default:
                return ComputePointer(opcode);
        }
    }

    private byte[] AggregateInit()
    {
        Operand[] operands = _frame.Body.Operands(_instruction, 0).ToArray();
        if (_module.Types[ResultType] is StructType)
            return _images.Struct(ResultType, number => Value(operands[number]));
        byte[] bytes = _images.Zeros(ResultType);
        for (int i = 0; i < operands.Length; i++)
            _images.SetElement(ResultType, bytes, (ulong)i, Value(operands[i]));
        AddSentinel(ResultType, bytes);
        return bytes;
    }

    private byte[] StructFieldVal()
    {
        TypeId type = TypeAt(0);
        if (_module.Types[type] is UnionType { Tag: { HasValue: true } tag } union)
        {
            BigInteger active = _images.ToInteger(tag.Value, At(0).AsSpan((int)_layouts.Get(type).TagOffset, _images.Size(tag.Value)));
            if (active != _images.TagOf(union, Word(1)))
                throw TrapException.Illegal($"field {union.Fields[Word(1)].Name} of a union is not active");
        }
        return _images.Field(type, At(0), Word(1));
    }

    /// <summary>How many bytes behind the container's address the pointer to a field points.</summary>
    private long FieldOffset(TypeId container, TypeId pointer, int number)
    {
        TypeLayout layout = _layouts.Get(container);
        return _module.Types[container] switch
        {
            // Pointers with a bit offset have the address of the whole.
            StructType { Layout: ContainerLayout.Packed } => _module.Types[pointer] is PointerType { IsBitPointer: true } ? 0 : layout.FieldBitOffsets[number] / 8,
            StructType => (long)layout.FieldOffsets[number],
            SliceType => number * (long)_layouts.Target.PointerBytes,
            _ => (long)layout.PayloadOffset,
        };
    }

    /// <summary>A pointer operand, so many bytes further on.</summary>
    private byte[] Moved(int position, BigInteger bytes) => _images.FromAddress(Wrapped(AddressAt(position) + bytes));

    private ulong Wrapped(BigInteger address) => (ulong)(address & ((BigInteger.One << _layouts.Target.PointerBits) - 1));

    private void SetUnionTag()
    {
        TypeId type = PointeeAt(0);
        var union = (UnionType)_module.Types[type];
        if (union.Tag.TryGet(out TypeId tag) && _layouts.Get(tag).HasBits)
            _memory.Write(AddressAt(0) + _layouts.Get(type).TagOffset, At(1));
    }

    private void VectorStoreElem()
    {
        TypeId type = PointeeAt(0);
        byte[] bytes = Load(TypeAt(0), AddressAt(0), type);
        _images.SetElement(type, bytes, AddressAt(1), At(2));
        Store(TypeAt(0), AddressAt(0), type, bytes);
    }

    private byte[] ComputePointer(AirOpcode opcode)
    {
        switch (opcode)
        {
            case AirOpcode.Slice:
                return _images.Slice(ResultType, AddressAt(0), AddressAt(1));
            case AirOpcode.SliceLen:
                return _images.FromAddress(ByteImages.SliceLength(At(0)));
            case AirOpcode.SlicePtr:
                return _images.FromAddress(ByteImages.SlicePointer(At(0)));
            case AirOpcode.PtrSliceLenPtr:
                return Moved(0, _layouts.Target.PointerBytes);
            case AirOpcode.PtrSlicePtrPtr:
                return At(0);
            case AirOpcode.SliceElemVal:
                return LoadElement(SliceElementAddress(checksRange: true), ResultType);
            case AirOpcode.SliceElemPtr:
                return _images.FromAddress(SliceElementAddress(checksRange: false));
            case AirOpcode.PtrElemVal:
                return PtrElemVal();
            case AirOpcode.PtrElemPtr or AirOpcode.PtrAdd:
                return Moved(0, AddressAt(1) * (BigInteger)ElementSize(0));
            case AirOpcode.PtrSub:
                return Moved(0, -(AddressAt(1) * (BigInteger)ElementSize(0)));
            case AirOpcode.ArrayToSlice:
                return _images.Slice(ResultType, AddressAt(0), ((ArrayType)_module.Types[PointeeAt(0)]).Length);
            default:
                throw new TrapException(TrapReason.Unsupported, AirOpcodeTable.Get(opcode).Name);
        }
    }

    private ulong SliceElementAddress(bool checksRange)
    {
        ulong index = AddressAt(1);
        ulong length = ByteImages.SliceLength(At(0));
        if (checksRange && index >= length)
            throw TrapException.Illegal($"index {index} of a slice with {length} elements");
        return Wrapped(ByteImages.SlicePointer(At(0)) + ((BigInteger)index * _layouts.Get(PointeeAt(0)).Size));
    }

    private byte[] PtrElemVal()
    {
        TypeId pointee = PointeeAt(0);
        bool isMany = _module.Types[TypeAt(0)] is SliceType or PointerType { IsMany: true };
        return isMany
            ? LoadElement(Wrapped(AddressAt(0) + (AddressAt(1) * (BigInteger)ElementSize(0))), ResultType)
            : _images.Element(pointee, Load(TypeAt(0), AddressAt(0), pointee), AddressAt(1));
    }

    private byte[] LoadElement(ulong address, TypeId type) => _memory.Read(address, (ulong)_images.Size(type)).ToArray();

    private ulong ElementSize(int position)
    {
        TypeId element = _module.Types.TryGetPointeeElement(TypeAt(position), out TypeId found) ? found : PointeeAt(position);
        return _layouts.Get(element).Size;
    }

    // ---- Optional ----

    private byte[] ComputeOptional(AirOpcode opcode)
    {
        switch (opcode)
        {
            case AirOpcode.IsNull or AirOpcode.IsNonNull:
                return _images.FromBool(_images.IsNull(TypeAt(0), At(0)) == (opcode == AirOpcode.IsNull));
            case AirOpcode.IsNullPtr or AirOpcode.IsNonNullPtr:
                return _images.FromBool(_images.IsNull(PointeeAt(0), LoadPointee()) == (opcode == AirOpcode.IsNullPtr));
            case AirOpcode.OptionalPayload:
                return _images.IsNull(TypeAt(0), At(0)) ? throw TrapException.Illegal("the payload of null") : _images.OptionalPayload(TypeAt(0), At(0));
            case AirOpcode.OptionalPayloadPtr:
                return At(0);
            case AirOpcode.OptionalPayloadPtrSet:
                TypeId optional = PointeeAt(0);
                if (!_layouts.IsPointerLike(((OptionalType)_module.Types[optional]).Child))
                    _memory.Write(AddressAt(0) + _layouts.Get(optional).TagOffset, [1]);
                return At(0);
            default:
                return _images.Optional(ResultType, At(0));
        }
    }

    private byte[] LoadPointee() => Load(TypeAt(0), AddressAt(0), PointeeAt(0));

    // ---- Error union ----

    private byte[] ComputeErrorUnion(AirOpcode opcode)
    {
        switch (opcode)
        {
            case AirOpcode.IsErr or AirOpcode.IsNonErr:
                return _images.FromBool(_images.ErrorOf(TypeAt(0), At(0)) != 0 == (opcode == AirOpcode.IsErr));
            case AirOpcode.IsErrPtr or AirOpcode.IsNonErrPtr:
                return _images.FromBool(_images.ErrorOf(PointeeAt(0), LoadPointee()) != 0 == (opcode == AirOpcode.IsErrPtr));
            case AirOpcode.UnwrapErrunionPayload:
                return _images.ErrorOf(TypeAt(0), At(0)) != 0 ? throw TrapException.Illegal("the payload of an error") : _images.ErrorUnionPayload(TypeAt(0), At(0));
            case AirOpcode.UnwrapErrunionErr:
                return ErrorOf(TypeAt(0), At(0));
            case AirOpcode.UnwrapErrunionErrPtr:
                return ErrorOf(PointeeAt(0), LoadPointee());
            case AirOpcode.UnwrapErrunionPayloadPtr:
                return Moved(0, _layouts.Get(PointeeAt(0)).PayloadOffset);
            case AirOpcode.ErrunionPayloadPtrSet:
                _memory.Write(AddressAt(0) + _layouts.Get(PointeeAt(0)).TagOffset, [0, 0]);
                return Moved(0, _layouts.Get(PointeeAt(0)).PayloadOffset);
            case AirOpcode.WrapErrunionPayload:
                return _images.ErrorUnion(ResultType, 0, At(0));
            default:
                return _images.ErrorUnion(ResultType, (int)_images.ToInteger(TypeAt(0), At(0)), null);
        }
    }

    private byte[] ErrorOf(TypeId union, byte[] bytes)
    {
        int error = _images.ErrorOf(union, bytes);
        return error != 0 ? _images.FromInteger(ResultType, error) : throw TrapException.Illegal("the error of a payload");
    }

    // ---- Names ----

    private byte[] ComputeName(AirOpcode opcode)
    {
        switch (opcode)
        {
            case AirOpcode.TagName:
                return Text(NameOf(TypeAt(0), _images.ToInteger(TypeAt(0), At(0))) ?? throw TrapException.Illegal("the name of a value that has none"));
            case AirOpcode.ErrorName:
                int number = _images.ErrorOf(TypeAt(0), At(0));
                return number > 0 && number <= _module.Errors.Count
                    ? Text(_module.Errors[new ErrorId(number - 1)])
                    : throw TrapException.Illegal($"the name of error number {number}");
            case AirOpcode.IsNamedEnumValue:
                return _images.FromBool(IsNamed(TypeAt(0), _images.ToInteger(TypeAt(0), At(0))));
            default:
                return _images.FromBool(HasError((ErrorSetType)_module.Types[new TypeId(Word(0))], _images.ErrorOf(_frame.Body.TypeOf(OperandAt(1), _module), At(1))));
        }
    }

    private byte[] Text(string text)
    {
        (ulong address, ulong length) = Program.Text(text);
        return _images.Slice(ResultType, address, length);
    }

    private bool IsNamed(TypeId type, BigInteger value) => NameOf(type, value) is not null;

    private string? NameOf(TypeId type, BigInteger value)
    {
        foreach (EnumField field in ((EnumType)_module.Types[type]).Fields)
            if (field.Value == value)
                return field.Name;
        return null;
    }

    private bool HasError(ErrorSetType set, int number)
    {
        if (set.IsAny)
            return number > 0 && number <= _module.Errors.Count;
        foreach (ErrorId error in set.Errors)
            if (error.Number == number)
                return true;
        return false;
    }

    // ---- The machine ----

    private byte[] ComputeMachine(AirOpcode opcode)
    {
        switch (opcode)
        {
            case AirOpcode.FrameAddr:
                return _images.FromAddress(_frame.StackEnd);
            case AirOpcode.RetAddr:
                return _images.FromAddress(0);
            case AirOpcode.ErrReturnTrace:
                return _frame.ErrorReturnTrace ?? _images.Undefineds(ResultType);
            case AirOpcode.SetErrReturnTrace:
                _frame.ErrorReturnTrace = At(0);
                return [];
            case AirOpcode.SaveErrReturnTraceIndex:
                ulong trace = ByteImages.ToAddress(_frame.ErrorReturnTrace ?? throw TrapException.Illegal("there is no error return trace"));
                return _memory.Read(trace, (ulong)_layouts.Target.PointerBytes).ToArray();
            default:
                throw new TrapException(TrapReason.Unsupported, "wasm as text");
        }
    }
}
