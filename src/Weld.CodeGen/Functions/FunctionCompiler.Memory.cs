using Weld.CodeGen.Types;

namespace Weld.CodeGen.Functions;

/// <content>Memory: the stack, loads and stores, filling and copying.</content>
internal sealed partial class FunctionCompiler
{
    private const byte UndefinedByte = 0xaa;

    private Location _resultPointer;

    private void Alloc()
    {
        var pointer = (PointerType)_module.Types[ResultType];
        TypeFacts facts = _facts[pointer.Child];
        int alignment = pointer.Alignment > 0 ? BitOperations.Log2((uint)pointer.Alignment) : facts.AlignmentLog2;
        if (IsResultUsed)
            _locations[_current.Index] = Location.AtFrame(AllocateInFrame(facts.Size, alignment));
    }

    private void Load()
    {
        TypeFacts facts = _facts[ResultType];
        if (!facts.HasBits || !IsResultUsed)
            return;
        Place place = PlaceOf(Operand(0));
        if (PointerTypeOf(Operand(0)) is { IsBitPointer: true } pointer)
        {
            if (pointer.HostBytes > sizeof(long) || facts.IsByReference)
            {
                Refuse();
                return;
            }
            TypeFacts host = TypeFacts.Integer(pointer.HostBytes * 8, isSigned: false);
            PushLoaded(place, host);
            ExtractBits(host, pointer.BitOffset, facts);
            Define();
        }
        else
        {
            DefineLoaded(place, facts);
        }
    }

    /// <summary>The result is what is in memory now, which may change later.</summary>
    private void DefineLoaded(Place place, in TypeFacts facts)
    {
        if (!facts.HasBits || !IsResultUsed)
            return;
        if (facts.IsByReference)
        {
            // The slot first: settling the source must not come between.
            Place slot = DefineInFrame();
            Copy(slot, place, facts.Size, facts.AlignmentLog2);
            return;
        }
        PushLoaded(place, facts);
        Define();
    }

    /// <summary>The result is part of a value by reference, which does not change.</summary>
    private void DefinePart(Place place, in TypeFacts facts)
    {
        if (!facts.HasBits)
            return;
        if (facts.IsByReference)
            DefinePlace(place);
        else
            DefineLoaded(place, facts);
    }

    private void StoreInstruction(bool isSafe)
    {
        Operand value = Operand(1);
        TypeFacts facts = FactsOf(value);
        if (!facts.HasBits)
            return;
        Place place = PlaceOf(Operand(0));
        if (PointerTypeOf(Operand(0)) is { IsBitPointer: true } pointer)
        {
            if (!IsUndefined(value))
                StoreBits(place, pointer, value, facts);
        }
        else if (!IsUndefined(value))
        {
            Store(place, value);
        }
        else if (isSafe)
        {
            FillUndefined(place, facts.Size);
        }
    }

    private void FillUndefined(Place place, uint size)
    {
        PushAddress(place);
        MirLocal address = PopToTemporary(_code.AddressType);
        _code.AddressConst(size);
        MirLocal count = PopToTemporary(_code.AddressType);
        FillBytes(address, count, isNeverEmpty: true, () => _code.I32Const(UndefinedByte));
    }

    private PointerType? PointerTypeOf(Operand operand) => _module.Types[TypeOf(operand)] as PointerType;

    // ── bits of packed types ──

    /// <summary>Pops the integer that a packed value is, and pushes the field that starts at a bit.</summary>
    private void ExtractBits(in TypeFacts host, int bit, in TypeFacts field)
    {
        ShiftBy(bit, MirOpcode.I32ShrU, host.IsLong);
        bool isLong = field.Representation is Representation.I64 or Representation.F64;
        ConvertRegister(host.IsLong, isLong, isSigned: false);
        if (field.IsInteger)
            Wrap(field);
        else if (field.Kind == TypeKind.Float)
            Reinterpret(isLong ? Representation.I64 : Representation.I32, field);
    }

    /// <summary>Pushes a field as bits of the integer that a packed value is: nothing above or below it.</summary>
    private void PushBits(Operand value, in TypeFacts field, in TypeFacts host, int bit)
    {
        Push(value);
        if (field.Representation == Representation.F32)
            _code.Emit(MirOpcode.I32ReinterpretF32);
        else if (field.Representation == Representation.F64)
            _code.Emit(MirOpcode.I64ReinterpretF64);
        ConvertRegister(field.Representation is Representation.I64 or Representation.F64, host.IsLong, isSigned: false);
        if (field is { IsSigned: true } && field.Bits < host.RegisterBits)
            Mask(field.Bits, host.IsLong);
        ShiftBy(bit, MirOpcode.I32Shl, host.IsLong);
    }

    private void StoreBits(Place place, PointerType pointer, Operand value, in TypeFacts field)
    {
        if (pointer.HostBytes > sizeof(long) || field.IsByReference || !_context.Layouts.TryGetBits(TypeOf(value), out int bits))
        {
            Refuse();
            return;
        }
        TypeFacts host = TypeFacts.Integer(pointer.HostBytes * 8, isSigned: false);
        long mask = bits == 64 ? -1 : (1L << bits) - 1;
        place = Settle(place);
        uint offset = PushBase(place);
        PushLoaded(place, host);
        PushNumber(~(mask << pointer.BitOffset), host);
        EmitInteger(MirOpcode.I32And, host);
        PushBits(value, field, host, pointer.BitOffset);
        EmitInteger(MirOpcode.I32Or, host);
        StoreTo(offset, host);
    }

    // ── ranges ──

    /// <summary>The address and the number of elements of a slice, or of the array that a pointer points to.</summary>
    private (MirLocal Address, MirLocal Count, bool IsNeverEmpty) RangeOf(Operand operand)
    {
        TypeFacts usize = _facts[TypeId.Usize];
        if (FactsOf(operand).Kind == TypeKind.Slice)
        {
            Place slice = Settle(PlaceOf(operand));
            PushLoaded(slice, usize);
            MirLocal address = PopToTemporary(_code.AddressType);
            PushLoaded(slice + usize.Size, usize);
            return (address, PopToTemporary(_code.AddressType), false);
        }
        ulong length = PointerTypeOf(operand) is { } pointer && _module.Types[pointer.Child] is ArrayType array ? array.Length : 1;
        Push(operand);
        MirLocal start = PopToTemporary(_code.AddressType);
        _code.AddressConst((long)length);
        return (start, PopToTemporary(_code.AddressType), length != 0);
    }

    // Of a pointer to what has no elements, that itself: ptr_add steps over it.
    private TypeFacts ElementFacts(Operand range)
    {
        TypeId type = TypeOf(range);
        return _module.Types.TryGetPointeeElement(type, out TypeId element) || _module.Types.TryGetPointee(type, out element) ? _facts[element] : default;
    }

    private void MultiplyBySize(MirLocal count, uint size)
    {
        if (size == 1)
            return;
        _code.LocalGet(count);
        _code.AddressConst(size);
        EmitAddress(MirOpcode.I32Mul);
        _code.LocalSet(count);
    }

    private void Memset(bool isSafe)
    {
        TypeFacts element = ElementFacts(Operand(0));
        Operand value = Operand(1);
        if (!element.HasBits || (IsUndefined(value) && !isSafe))
            return;
        (MirLocal address, MirLocal count, bool isNeverEmpty) = RangeOf(Operand(0));
        if (FindByte(value, element) is { } same)
        {
            MultiplyBySize(count, element.Size);
            FillBytes(address, count, isNeverEmpty, () => _code.I32Const(same));
        }
        else if (element.Size == 1 && !element.IsByReference)
        {
            FillBytes(address, count, isNeverEmpty, () => Push(value));
        }
        else
        {
            FillElements(address, count, value, element);
        }
    }

    /// <summary>The byte that all bytes of a constant are, if they are the same.</summary>
    private byte? FindByte(Operand value, in TypeFacts element)
    {
        if (!value.IsConstant || element.Size > 64)
            return null;
        Mir.Modules.MirDataContents contents = _context.Constants.Encode(value.Value);
        if (contents.IsZero)
            return 0;
        ReadOnlySpan<byte> bytes = contents.Bytes.Span;
        return contents.Relocations.Count == 0 && !bytes.ContainsAnyExcept(bytes[0]) ? bytes[0] : null;
    }

    // Even of no bytes, the instruction traps for an address outside of memory, which that of an empty slice may be.
    private void FillBytes(MirLocal address, MirLocal count, bool isNeverEmpty, Action pushByte)
    {
        if (_target.Has(WasmFeatures.BulkMemory))
        {
            BeginUnlessEmpty(count, isNeverEmpty);
            _code.LocalGet(address);
            pushByte();
            _code.LocalGet(count);
            _code.Indexes(MirOpcode.MemoryFill);
            EndUnlessEmpty(isNeverEmpty);
            return;
        }
        BeginUnlessEmpty(count, isNeverEmpty: false);
        MirLabel again = _code.Loop();
        _code.LocalGet(address);
        pushByte();
        _code.Memory(MirOpcode.I32Store8, 0, 0);
        Advance(address, 1);
        RepeatCounted(count, again);
        EndUnlessEmpty(isNeverEmpty: false);
    }

    private void FillElements(MirLocal address, MirLocal count, Operand value, in TypeFacts element)
    {
        BeginUnlessEmpty(count, isNeverEmpty: false);
        MirLabel again = _code.Loop();
        Store(Place.At(address), value);
        Advance(address, element.Size);
        RepeatCounted(count, again);
        EndUnlessEmpty(isNeverEmpty: false);
    }

    private void RepeatCounted(MirLocal count, MirLabel again)
    {
        Advance(count, -1);
        _code.LocalGet(count);
        PushIsNotZero();
        _code.BranchIf(again);
        _code.End();
    }

    /// <summary>Replaces the address-sized number on the stack by whether it is not zero.</summary>
    private void PushIsNotZero()
    {
        if (!_target.Is64)
            return;
        _code.I64Const(0);
        _code.Emit(MirOpcode.I64Ne);
    }

    private void BeginUnlessEmpty(MirLocal count, bool isNeverEmpty)
    {
        if (isNeverEmpty)
            return;
        _code.LocalGet(count);
        PushIsNotZero();
        _code.If();
    }

    private void EndUnlessEmpty(bool isNeverEmpty)
    {
        if (!isNeverEmpty)
            _code.End();
    }

    private void CopyInstruction(bool mayOverlap)
    {
        TypeFacts element = ElementFacts(Operand(0));
        if (!element.HasBits)
            return;
        (MirLocal to, MirLocal count, bool isNeverEmpty) = RangeOf(Operand(0));
        MirLocal from = PushSource();
        MultiplyBySize(count, element.Size);
        if (_target.Has(WasmFeatures.BulkMemory))
        {
            BeginUnlessEmpty(count, isNeverEmpty);
            _code.LocalGet(to);
            _code.LocalGet(from);
            _code.LocalGet(count);
            _code.Indexes(MirOpcode.MemoryCopy);
            EndUnlessEmpty(isNeverEmpty);
            return;
        }
        BeginUnlessEmpty(count, isNeverEmpty: false);
        if (mayOverlap)
            CopyInEitherDirection(to, from, count);
        else
            CopyForwards(to, from, count);
        EndUnlessEmpty(isNeverEmpty: false);
    }

    private MirLocal PushSource()
    {
        if (FactsOf(Operand(1)).Kind == TypeKind.Slice)
            PushLoaded(PlaceOf(Operand(1)), _facts[TypeId.Usize]);
        else
            Push(Operand(1));
        return PopToTemporary(_code.AddressType);
    }

    // Backwards when the destination starts within the source.
    private void CopyInEitherDirection(MirLocal to, MirLocal from, MirLocal count)
    {
        _code.LocalGet(to);
        _code.LocalGet(from);
        EmitAddress(MirOpcode.I32Sub);
        _code.LocalGet(count);
        EmitAddress(MirOpcode.I32LtU);
        _code.If();
        MirLabel again = _code.Loop();
        Advance(count, -1);
        _code.LocalGet(to);
        _code.LocalGet(count);
        EmitAddress(MirOpcode.I32Add);
        _code.LocalGet(from);
        _code.LocalGet(count);
        EmitAddress(MirOpcode.I32Add);
        _code.Memory(MirOpcode.I32Load8U, 0, 0);
        _code.Memory(MirOpcode.I32Store8, 0, 0);
        _code.LocalGet(count);
        PushIsNotZero();
        _code.BranchIf(again);
        _code.End();
        _code.Else();
        CopyForwards(to, from, count);
        _code.End();
    }

    // ── the result's memory, threads, pages ──

    private void ReturnPointer()
    {
        if (_resultPointer.Kind == LocationKind.None)
        {
            TypeFacts facts = _facts[_type.Result];
            _resultPointer = _abi.ReturnsThroughMemory
                ? Location.In(new MirLocal(0))
                : Location.AtFrame(AllocateInFrame(facts.Size, facts.AlignmentLog2));
        }
        if (!IsResultUsed)
            return;
        // A parameter must not be given back like other locals.
        if (_resultPointer.Kind == LocationKind.Local)
        {
            _code.LocalGet(_resultPointer.Local);
            Define(_code.AddressType);
        }
        else
        {
            _locations[_current.Index] = _resultPointer;
        }
    }

    private void ThreadLocalPointer()
    {
        var variable = new MirDataId(_body.Word(_current, 0));
        if (_target.Has(WasmFeatures.Atomics))
            _code.TlsAddress(variable);
        else
            _code.DataAddress(variable);
        Define();
    }

    private void MemorySize()
    {
        _code.Indexes(MirOpcode.MemorySize, (uint)_body.Word(_current, 0));
        Define();
    }

    private void MemoryGrow()
    {
        Push(Operand(1));
        _code.Indexes(MirOpcode.MemoryGrow, (uint)_body.Word(_current, 0));
        Define();
    }
}
