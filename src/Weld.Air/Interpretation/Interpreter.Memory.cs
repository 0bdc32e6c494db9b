using Weld.Air.Layouts;

namespace Weld.Air.Interpretation;

/// <content>Memory and atomics. There is one thread.</content>
public sealed partial class Interpreter
{
    private const int ReturnSlot = -1;

    // ---- Access ----

    /// <summary>Reads a value through a pointer of that type.</summary>
    private byte[] Load(TypeId pointer, ulong address, TypeId type)
    {
        if (_module.Types[pointer] is PointerType { IsBitPointer: true } bits)
            return _images.FromBits(type, ReadHost(bits, address) >> bits.BitOffset);
        CheckAlignment(pointer, address, type);
        return _memory.Read(address, (ulong)_images.Size(type)).ToArray();
    }

    private void Store(TypeId pointer, ulong address, TypeId type, byte[] value)
    {
        if (_module.Types[pointer] is not PointerType { IsBitPointer: true } bits)
        {
            CheckAlignment(pointer, address, type);
            _memory.Write(address, value);
            return;
        }
        BigInteger mask = ((BigInteger.One << _images.Bits(type)) - 1) << bits.BitOffset;
        BigInteger host = ReadHost(bits, address);
        var bytes = new byte[bits.HostBytes];
        ByteImages.WriteInteger(bytes, (host & ~mask) | (_images.ToBits(type, value) << bits.BitOffset));
        _memory.Write(address, bytes);
    }

    private BigInteger ReadHost(PointerType pointer, ulong address) => new(_memory.Read(address, (ulong)pointer.HostBytes), isUnsigned: true);

    private void CheckAlignment(TypeId pointer, ulong address, TypeId type)
    {
        int asked = _module.Types[pointer] is ReferenceType reference ? reference.Alignment : 0;
        int alignment = asked != 0 ? asked : _layouts.Get(type).Alignment;
        if (address % (ulong)alignment != 0 && _layouts.Get(type).HasBits)
            throw TrapException.Illegal($"address {address} is not a multiple of {alignment}");
    }

    private TypeId PointeeAt(int position) => _module.Types.TryGetPointee(TypeAt(position), out TypeId pointee)
        ? pointee
        : throw new TrapException(TrapReason.Unsupported, "not a pointer; the verifier should have refused it");

    // ---- Memory ----

    private byte[] ComputeMemory(AirOpcode opcode)
    {
        switch (opcode)
        {
            case AirOpcode.Alloc:
                return _images.FromAddress(Alloc(_instruction.Index, ResultType, isFresh: true));
            case AirOpcode.RetPtr:
                return _images.FromAddress(Alloc(ReturnSlot, ResultType, isFresh: false));
            case AirOpcode.Load:
                return Load(TypeAt(0), AddressAt(0), ResultType);
            case AirOpcode.Store or AirOpcode.StoreSafe:
                if (opcode == AirOpcode.StoreSafe || !IsUndefined(OperandAt(1)))
                    Store(TypeAt(0), AddressAt(0), PointeeAt(0), At(1));
                return [];
            case AirOpcode.Memset or AirOpcode.MemsetSafe:
                if (opcode == AirOpcode.MemsetSafe || !IsUndefined(OperandAt(1)))
                    Memset();
                return [];
            case AirOpcode.Memcpy or AirOpcode.Memmove:
                Memcpy(mayOverlap: opcode == AirOpcode.Memmove);
                return [];
            case AirOpcode.ThreadLocalPtr:
                return _images.FromAddress(Program.AddressOf(new ItemId(Word(0))));
            case AirOpcode.WasmMemorySize:
                return _images.FromAddress(_memory.Pages);
            case AirOpcode.WasmMemoryGrow:
                return _images.FromInteger(TypeId.Isize, _memory.Grow(ByteImages.ToAddress(At(1))) is { } before ? before : -1);
            default:
                // A hint.
                return [];
        }
    }

    /// <summary>The frame's memory for an instruction; the same one each time, and undefined again if it is to be fresh.</summary>
    private ulong Alloc(int key, TypeId pointer, bool isFresh)
    {
        var type = (PointerType)_module.Types[pointer];
        TypeLayout layout = _layouts.Get(type.Child);
        bool isNew = !_frame.Memory.TryGetValue(key, out ulong address);
        if (isNew)
        {
            address = _memory.AddToStack(layout.Size, Math.Max(layout.Alignment, type.Alignment));
            _frame.Memory.Add(key, address);
        }
        if (isNew || isFresh)
            _memory.Write(address, _images.Undefineds(type.Child));
        return address;
    }

    private void Memset()
    {
        (ulong address, TypeId element, ulong count) = Elements(0);
        ulong size = _layouts.Get(element).Size;
        for (ulong i = 0; i < count; i++)
        {
            CountBytes(size);
            _memory.Write(address + (i * size), At(1));
        }
    }

    private void Memcpy(bool mayOverlap)
    {
        (ulong destination, TypeId element, ulong count) = Elements(0);
        ulong source = SourceAddress(1);
        ulong size = _layouts.Get(element).Size;
        UInt128 length = (UInt128)size * count;
        if (!mayOverlap && length > 0 && destination < source + length && source < destination + length)
            throw TrapException.Illegal("memcpy of memory that overlaps");
        if (length > _options.MostMemory)
            throw TrapException.Illegal($"memcpy of {length} bytes");
        CountBytes((ulong)length);
        _memory.Write(destination, _memory.Read(source, (ulong)length).ToArray());
    }

    // Bulk operations cost steps too, so that the limit bounds the time.
    private void CountBytes(ulong bytes)
    {
        _steps += 1 + (long)(bytes / 64);
        if (_steps > _options.MostSteps)
            throw StepLimit();
    }

    /// <summary>What a slice or a pointer to an array covers.</summary>
    private (ulong Address, TypeId Element, ulong Count) Elements(int position)
    {
        byte[] bytes = At(position);
        if (_module.Types[TypeAt(position)] is SliceType slice)
            return (ByteImages.SlicePointer(bytes), slice.Child, ByteImages.SliceLength(bytes));
        TypeId pointee = PointeeAt(position);
        return _module.Types[pointee] switch
        {
            ArrayType array => (ByteImages.ToAddress(bytes), array.Child, array.Length),
            _ => (ByteImages.ToAddress(bytes), _module.Types.LaneOf(pointee), _images.Elements(pointee).Count),
        };
    }

    private ulong SourceAddress(int position) =>
        _module.Types[TypeAt(position)] is SliceType ? ByteImages.SlicePointer(At(position)) : AddressAt(position);

    // ---- Atomic ----

    private byte[] ComputeAtomic(AirOpcode opcode)
    {
        switch (opcode)
        {
            case AirOpcode.AtomicLoad:
                return Load(TypeAt(0), AddressAt(0), ResultType);
            case AirOpcode.AtomicStore:
                Store(TypeAt(0), AddressAt(0), PointeeAt(0), At(1));
                return [];
            case AirOpcode.AtomicRmw:
                byte[] before = Load(TypeAt(1), AddressAt(1), ResultType);
                Store(TypeAt(1), AddressAt(1), ResultType, Modify((RmwOperator)Word(0), ResultType, before, At(2)));
                return before;
            case AirOpcode.CmpxchgWeak or AirOpcode.CmpxchgStrong:
                return CompareExchange();
            case AirOpcode.MemoryWait:
                return Wait();
            case AirOpcode.MemoryNotify:
                // Nobody waits; but the address must be one.
                _memory.Read(AddressAt(0), 4);
                return _images.FromInteger(TypeId.U32, 0);
            default:
                return [];
        }
    }

    private byte[] Modify(RmwOperator operation, TypeId type, byte[] x, byte[] y)
    {
        if (operation == RmwOperator.Xchg)
            return y;
        if (_images.FloatOf(type) is { } format)
        {
            AirOpcode opcode = operation switch
            {
                RmwOperator.Add => AirOpcode.Add,
                RmwOperator.Sub => AirOpcode.Sub,
                RmwOperator.Max => AirOpcode.Max,
                _ => AirOpcode.Min,
            };
            return _images.FromFloat(type, FloatOperation(format, opcode, ByteImages.ToFloat(format, x), ByteImages.ToFloat(format, y)));
        }
        BigInteger a = _images.ToInteger(type, x);
        BigInteger b = _images.ToInteger(type, y);
        return _images.FromInteger(type, operation switch
        {
            RmwOperator.Add => a + b,
            RmwOperator.Sub => a - b,
            RmwOperator.And => a & b,
            RmwOperator.Nand => -1 - (a & b),
            RmwOperator.Or => a | b,
            RmwOperator.Xor => a ^ b,
            RmwOperator.Max => BigInteger.Max(a, b),
            _ => BigInteger.Min(a, b),
        });
    }

    private byte[] CompareExchange()
    {
        TypeId type = PointeeAt(0);
        byte[] found = Load(TypeAt(0), AddressAt(0), type);
        if (Order(type, found, At(1)) != 0)
            return _images.Optional(ResultType, found);
        Store(TypeAt(0), AddressAt(0), type, At(2));
        return _images.Optional(ResultType, null);
    }

    private byte[] Wait()
    {
        TypeId type = TypeAt(1);
        bool isThere = Order(type, Load(TypeAt(0), AddressAt(0), type), At(1)) == 0;
        if (isThere && _images.ToInteger(TypeId.I64, At(2)) < 0)
            throw new TrapException(TrapReason.Unsupported, "memory_wait without end: there is no other thread");
        return _images.FromInteger(TypeId.U32, isThere ? 2 : 1);
    }
}
