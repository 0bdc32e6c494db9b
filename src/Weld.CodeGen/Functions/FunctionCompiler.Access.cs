using Weld.CodeGen.Types;

namespace Weld.CodeGen.Functions;

/// <content>Loads, stores and copies of whole values; what the instructions are made of.</content>
internal sealed partial class FunctionCompiler
{
    /// <summary>Up to this size, a copy is loads and stores.</summary>
    private const uint LargestUnrolledCopy = 64;

    /// <summary>Pushes the value of a type that is not by reference.</summary>
    private void PushLoaded(Place place, in TypeFacts facts)
    {
        uint offset = PushBase(place);
        _code.Memory(LoadOpcode(facts), AccessAlignment(facts), offset);
        // What memory holds above an odd width is not ours to trust.
        if (facts is { IsInteger: true, Kind: not TypeKind.Bool } && facts.Bits != (int)facts.Size * 8)
            Wrap(facts);
    }

    /// <summary>Pops the value, whose base and offset came before it.</summary>
    private void StoreTo(uint offset, in TypeFacts facts) => _code.Memory(StoreOpcode(facts), AccessAlignment(facts), offset);

    /// <summary>Writes a value, of any kind, to memory.</summary>
    private void Store(Place place, Operand value)
    {
        TypeFacts facts = FactsOf(value);
        if (facts.IsByReference)
        {
            Copy(place, PlaceOf(value), facts.Size, facts.AlignmentLog2);
        }
        else if (facts.HasBits)
        {
            uint offset = PushBase(place);
            Push(value);
            StoreTo(offset, facts);
        }
    }

    /// <summary>Stores a constant integer.</summary>
    private void StoreNumber(Place place, long number, in TypeFacts facts)
    {
        uint offset = PushBase(place);
        PushNumber(number, facts);
        StoreTo(offset, facts);
    }

    /// <summary>Stores what a local holds.</summary>
    private void StoreLocal(Place place, MirLocal local, in TypeFacts facts)
    {
        uint offset = PushBase(place);
        _code.LocalGet(local);
        StoreTo(offset, facts);
    }

    /// <summary>Copies bytes; the two places are the same or apart from each other.</summary>
    private void Copy(Place destination, Place source, uint size, int alignmentLog2)
    {
        if (size == 0 || destination == source)
            return;
        if (size <= LargestUnrolledCopy)
            CopyUnrolled(Settle(destination), Settle(source), size, alignmentLog2);
        else if (_target.Has(WasmFeatures.BulkMemory))
            CopyAtOnce(destination, source, size);
        else
            CopyInLoop(destination, source, size);
    }

    private void CopyUnrolled(Place destination, Place source, uint size, int alignmentLog2)
    {
        uint done = 0;
        for (int log2 = 3; log2 >= 0; log2--)
        {
            uint width = 1u << log2;
            for (; size - done >= width; done += width)
            {
                uint to = PushBase(destination + done);
                uint from = PushBase(source + done);
                int alignment = Math.Min(log2, alignmentLog2);
                _code.Memory(CopyLoads[log2], alignment, from);
                _code.Memory(CopyStores[log2], alignment, to);
            }
        }
    }

    private void CopyAtOnce(Place destination, Place source, uint size)
    {
        PushAddress(destination);
        PushAddress(source);
        _code.AddressConst(size);
        _code.Indexes(MirOpcode.MemoryCopy);
    }

    private void CopyInLoop(Place destination, Place source, uint size)
    {
        PushAddress(destination);
        MirLocal to = PopToTemporary(_code.AddressType);
        PushAddress(source);
        MirLocal from = PopToTemporary(_code.AddressType);
        _code.AddressConst(size);
        MirLocal count = PopToTemporary(_code.AddressType);
        CopyForwards(to, from, count);
    }

    /// <summary>Copies a number of bytes, in a local, that is not 0; changes all three locals.</summary>
    private void CopyForwards(MirLocal to, MirLocal from, MirLocal count)
    {
        MirLabel again = _code.Loop();
        _code.LocalGet(to);
        _code.LocalGet(from);
        _code.Memory(MirOpcode.I32Load8U, 0, 0);
        _code.Memory(MirOpcode.I32Store8, 0, 0);
        Advance(to, 1);
        Advance(from, 1);
        Advance(count, -1);
        _code.LocalGet(count);
        EmitAddress(MirOpcode.I32Eqz);
        _code.Emit(MirOpcode.I32Eqz);
        _code.BranchIf(again);
        _code.End();
    }

    /// <summary>Adds a constant to an address in a local.</summary>
    private void Advance(MirLocal local, long by)
    {
        _code.LocalGet(local);
        _code.AddressConst(by);
        EmitAddress(MirOpcode.I32Add);
        _code.LocalSet(local);
    }

    private static readonly MirOpcode[] CopyLoads = [MirOpcode.I32Load8U, MirOpcode.I32Load16U, MirOpcode.I32Load, MirOpcode.I64Load];
    private static readonly MirOpcode[] CopyStores = [MirOpcode.I32Store8, MirOpcode.I32Store16, MirOpcode.I32Store, MirOpcode.I64Store];

    private static int AccessAlignment(in TypeFacts facts) =>
        Math.Min((int)facts.AlignmentLog2, BitOperations.Log2(facts.Size));

    private static MirOpcode LoadOpcode(in TypeFacts facts) => (facts.Representation, facts.Size) switch
    {
        (Representation.I64, _) => MirOpcode.I64Load,
        (Representation.F32, _) => MirOpcode.F32Load,
        (Representation.F64, _) => MirOpcode.F64Load,
        (Representation.V128, _) => MirOpcode.V128Load,
        (_, 1) => facts.IsSigned ? MirOpcode.I32Load8S : MirOpcode.I32Load8U,
        (_, 2) => facts.IsSigned ? MirOpcode.I32Load16S : MirOpcode.I32Load16U,
        _ => MirOpcode.I32Load,
    };

    private static MirOpcode StoreOpcode(in TypeFacts facts) => (facts.Representation, facts.Size) switch
    {
        (Representation.I64, _) => MirOpcode.I64Store,
        (Representation.F32, _) => MirOpcode.F32Store,
        (Representation.F64, _) => MirOpcode.F64Store,
        (Representation.V128, _) => MirOpcode.V128Store,
        (_, 1) => MirOpcode.I32Store8,
        (_, 2) => MirOpcode.I32Store16,
        _ => MirOpcode.I32Store,
    };

    // ── integers in registers ──

    /// <summary>Makes the integer on the stack, of which only the low bits are right, one of the type.</summary>
    private void Wrap(in TypeFacts facts)
    {
        if (facts.FillsRegister)
            return;
        if (facts.IsSigned)
            SignExtend(facts.Bits, facts.IsLong);
        else
            Mask(facts.Bits, facts.IsLong);
    }

    private void Mask(int bits, bool isLong)
    {
        if (isLong)
            _code.I64Const(bits >= 64 ? -1 : (1L << bits) - 1);
        else
            _code.I32Const(bits >= 32 ? -1 : (1 << bits) - 1);
        _code.Emit(Registers.ForWidth(MirOpcode.I32And, isLong));
    }

    private void SignExtend(int bits, bool isLong)
    {
        if (bits is 8 or 16 or 32 && _target.Has(WasmFeatures.SignExtension))
        {
            _code.Emit((bits, isLong) switch
            {
                (8, false) => MirOpcode.I32Extend8S,
                (16, false) => MirOpcode.I32Extend16S,
                (8, true) => MirOpcode.I64Extend8S,
                (16, true) => MirOpcode.I64Extend16S,
                _ => MirOpcode.I64Extend32S,
            });
            return;
        }
        int gap = (isLong ? 64 : 32) - bits;
        ShiftBy(gap, MirOpcode.I32Shl, isLong);
        ShiftBy(gap, MirOpcode.I32ShrS, isLong);
    }

    private void ShiftBy(int amount, MirOpcode opcode32, bool isLong)
    {
        if (amount == 0)
            return;
        if (isLong)
            _code.I64Const(amount);
        else
            _code.I32Const(amount);
        _code.Emit(Registers.ForWidth(opcode32, isLong));
    }

    /// <summary>Changes the register of the integer on the stack: the low bits stay, and a sign too.</summary>
    private void ConvertRegister(bool fromLong, bool toLong, bool isSigned)
    {
        if (fromLong && !toLong)
            _code.Emit(MirOpcode.I32WrapI64);
        else if (!fromLong && toLong)
            _code.Emit(isSigned ? MirOpcode.I64ExtendI32S : MirOpcode.I64ExtendI32U);
    }
}
