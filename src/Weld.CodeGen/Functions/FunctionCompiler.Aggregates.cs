using Weld.CodeGen.Types;

namespace Weld.CodeGen.Functions;

/// <content>Structs, unions, arrays and slices.</content>
internal sealed partial class FunctionCompiler
{
    private void AggregateInit()
    {
        TypeFacts facts = _facts[ResultType];
        if (!facts.HasBits)
            return;
        switch (_module.Types[ResultType])
        {
            case StructType { Layout: ContainerLayout.Packed } type:
                PackedInit(type, facts);
                break;
            case StructType:
                StructInit();
                break;
            case ArrayType array:
                ArrayInit(array);
                break;
            case VectorType vector when facts.IsByReference && vector.Child != TypeId.Bool:
                ElementsInit(DefineInFrame(), vector.Child);
                break;
            default:
                Refuse();
                break;
        }
    }

    private void StructInit()
    {
        ulong[] offsets = _context.Layouts.Get(ResultType).FieldOffsets;
        Place place = DefineInFrame();
        ReadOnlySpan<Operand> fields = _body.Operands(_current, 0);
        for (int i = 0; i < fields.Length; i++)
            if (!IsUndefined(fields[i]))
                Store(place + offsets[i], fields[i]);
    }

    private void ArrayInit(ArrayType array)
    {
        Place place = DefineInFrame();
        ElementsInit(place, array.Child);
        if (array.Sentinel.TryGet(out ValueId sentinel))
            Store(place + (array.Length * _facts[array.Child].Size), sentinel);
    }

    private void ElementsInit(Place place, TypeId element)
    {
        ulong stride = _facts[element].Size;
        ReadOnlySpan<Operand> elements = _body.Operands(_current, 0);
        for (int i = 0; i < elements.Length; i++)
            if (!IsUndefined(elements[i]))
                Store(place + ((ulong)i * stride), elements[i]);
    }

    private void PackedInit(StructType type, in TypeFacts facts)
    {
        if (!facts.IsMachineInteger)
        {
            Refuse();
            return;
        }
        int[] offsets = _context.Layouts.Get(ResultType).FieldBitOffsets;
        PushNumber(0, facts);
        for (int i = 0; i < type.Fields.Count; i++)
        {
            TypeFacts field = _facts[type.Fields[i].Type];
            if (!field.HasBits)
                continue;
            PushBits(Operand(i), field, facts, offsets[i]);
            EmitInteger(MirOpcode.I32Or, facts);
        }
        Wrap(facts);
        Define();
    }

    private void UnionInit()
    {
        TypeFacts facts = _facts[ResultType];
        if (!facts.HasBits)
            return;
        var type = (UnionType)_module.Types[ResultType];
        int number = _body.Word(_current, 0);
        Operand payload = Operand(1);
        if (type.Layout == ContainerLayout.Packed)
        {
            if (!facts.IsMachineInteger)
            {
                Refuse();
                return;
            }
            if (FactsOf(payload).HasBits)
                PushBits(payload, FactsOf(payload), facts, 0);
            else
                PushNumber(0, facts);
            Define();
            return;
        }
        TypeLayout layout = _context.Layouts.Get(ResultType);
        Place place = DefineInFrame();
        if (type.Tag.TryGet(out TypeId tag) && _facts[tag].HasBits)
            StoreTag(place + layout.TagOffset, ((EnumType)_module.Types[tag]).Fields[number].Value, _facts[tag]);
        if (!IsUndefined(payload))
            Store(place + layout.PayloadOffset, payload);
    }

    private void StoreTag(Place place, BigInteger number, in TypeFacts tag)
    {
        if (tag.IsByReference)
        {
            Refuse();
            return;
        }
        uint offset = PushBase(place);
        PushNumber(number, tag.IsLong);
        StoreTo(offset, tag);
    }

    /// <summary>Where a field of a struct or union starts; 0 in packed ones, where pointers say the bit.</summary>
    private ulong OffsetOfField(TypeId container, int number) => _module.Types[container] switch
    {
        StructType { Layout: not ContainerLayout.Packed } => _context.Layouts.Get(container).FieldOffsets[number],
        UnionType { Layout: not ContainerLayout.Packed } => _context.Layouts.Get(container).PayloadOffset,
        _ => 0,
    };

    private void FieldPointer()
    {
        TypeId container = PointerTypeOf(Operand(0))!.Child;
        DefinePlace(PlaceOf(Operand(0)) + OffsetOfField(container, _body.Word(_current, 1)));
    }

    private void ParentPointer()
    {
        TypeId container = ((PointerType)_module.Types[ResultType]).Child;
        DefinePlace(PlaceOf(Operand(0)) + -(long)OffsetOfField(container, _body.Word(_current, 1)));
    }

    private void FieldValue()
    {
        TypeFacts field = _facts[ResultType];
        TypeId container = TypeOf(Operand(0));
        if (!field.HasBits)
            return;
        TypeFacts facts = _facts[container];
        if (_module.Types[container] is not (StructType { Layout: ContainerLayout.Packed } or UnionType { Layout: ContainerLayout.Packed }))
        {
            DefinePart(PlaceOf(Operand(0)) + OffsetOfField(container, _body.Word(_current, 1)), field);
        }
        else if (!facts.IsMachineInteger || field.IsByReference)
        {
            Refuse();
        }
        else
        {
            int[] bits = _context.Layouts.Get(container).FieldBitOffsets;
            Push(Operand(0));
            ExtractBits(facts, bits.Length == 0 ? 0 : bits[_body.Word(_current, 1)], field);
            Define();
        }
    }

    private void SetUnionTag()
    {
        TypeId union = PointerTypeOf(Operand(0))!.Child;
        Store(PlaceOf(Operand(0)) + _context.Layouts.Get(union).TagOffset, Operand(1));
    }

    private void GetUnionTag() =>
        DefinePart(PlaceOf(Operand(0)) + _context.Layouts.Get(TypeOf(Operand(0))).TagOffset, _facts[ResultType]);

    // ── slices ──

    private ulong LengthOffset => (ulong)_target.Air.PointerBytes;

    private void Slice()
    {
        Place place = DefineInFrame();
        Store(place, Operand(0));
        Store(place + LengthOffset, Operand(1));
    }

    private void SliceLength() => DefinePart(PlaceOf(Operand(0)) + LengthOffset, _facts[ResultType]);

    private void SlicePointer() => DefinePart(PlaceOf(Operand(0)), _facts[ResultType]);

    private void PointerToLength() => DefinePlace(PlaceOf(Operand(0)) + LengthOffset);

    private void PointerToPointer() => DefinePlace(PlaceOf(Operand(0)));

    private void ArrayToSlice()
    {
        Place place = DefineInFrame();
        ulong length = _module.Types[PointerTypeOf(Operand(0))!.Child] is ArrayType array ? array.Length : 1;
        Store(place, Operand(0));
        StoreNumber(place + LengthOffset, (long)length, _facts[TypeId.Usize]);
    }

    // ── elements ──

    private void ArrayElementValue()
    {
        TypeFacts element = _facts[ResultType];
        if (!element.HasBits)
            return;
        if (HasNoElementsInMemory(TypeOf(Operand(0))))
            Refuse();
        else
            DefinePart(Indexed(PlaceOf(Operand(0)), Operand(1), element.Size), element);
    }

    private void ElementValue()
    {
        TypeFacts element = _facts[ResultType];
        if (!element.HasBits)
            return;
        if (PointsToBits(Operand(0)))
            Refuse();
        else
            DefineLoaded(Indexed(PlaceOfElements(Operand(0)), Operand(1), element.Size), element);
    }

    private void ElementPointer()
    {
        if (PointsToBits(Operand(0)))
        {
            Refuse();
            return;
        }
        uint stride = ElementFacts(Operand(0)).Size;
        DefinePlace(Indexed(PlaceOfElements(Operand(0)), Operand(1), stride));
    }

    private void PointerAdd(MirOpcode opcode)
    {
        uint stride = ElementFacts(Operand(0)).Size;
        Push(Operand(0));
        Push(Operand(1));
        if (stride != 1)
        {
            _code.AddressConst(stride);
            EmitAddress(MirOpcode.I32Mul);
        }
        EmitAddress(opcode);
        Define();
    }

    private void VectorStoreElement()
    {
        if (PointsToBits(Operand(0)))
            Refuse();
        else
            Store(Indexed(PlaceOf(Operand(0)), Operand(1), ElementFacts(Operand(0)).Size), Operand(2));
    }

    // Bools of vectors are bits, and lanes of vectors in registers are not in memory.
    private bool HasNoElementsInMemory(TypeId type) =>
        _module.Types[type] is VectorType vector && (vector.Child == TypeId.Bool || !_facts[type].IsByReference);

    private bool PointsToBits(Operand pointer) =>
        PointerTypeOf(pointer) is { IsMany: false } type && _module.Types[type.Child] is VectorType { Child: var child } && child == TypeId.Bool;

    /// <summary>Where the first element is: what a slice's pointer, or a pointer, points to.</summary>
    private Place PlaceOfElements(Operand operand)
    {
        if (FactsOf(operand).Kind != TypeKind.Slice)
            return PlaceOf(operand);
        PushLoaded(PlaceOf(operand), _facts[TypeId.Usize]);
        return Place.At(PopToTemporary(_code.AddressType));
    }

    private Place Indexed(Place start, Operand index, uint stride)
    {
        if (index.IsConstant && _context.Constants.TryGetInteger(index.Value) is { } number && number * stride <= int.MaxValue)
            return start + ((ulong)number * stride);
        uint offset = PushBase(start);
        Push(index);
        if (stride != 1)
        {
            _code.AddressConst(stride);
            EmitAddress(MirOpcode.I32Mul);
        }
        EmitAddress(MirOpcode.I32Add);
        return Place.At(PopToTemporary(_code.AddressType), offset);
    }
}
