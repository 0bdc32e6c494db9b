using System.Diagnostics;
using Weld.CodeGen.Types;

namespace Weld.CodeGen.Functions;

/// <content>Constants as operands.</content>
internal sealed partial class FunctionCompiler
{
    private void PushConstant(ValueId value)
    {
        AirValue data = _module.Values[value];
        TypeFacts facts = _facts[data.Type];
        switch (facts.Representation)
        {
            case Representation.None:
                break;
            case Representation.Memory:
                PushAddress(PlaceOfConstant(value));
                break;
            case Representation.F32:
                _code.F32Const(BitConverter.UInt32BitsToSingle((uint)BitsOf(data)));
                break;
            case Representation.F64:
                _code.F64Const(BitConverter.UInt64BitsToDouble((ulong)BitsOf(data)));
                break;
            case Representation.V128:
                PushVector(value, facts);
                break;
            default:
                PushInteger(value, data, facts);
                break;
        }
    }

    private static UInt128 BitsOf(AirValue data) => data is FloatValue number ? number.Bits : 0;

    private void PushInteger(ValueId value, AirValue data, in TypeFacts facts)
    {
        if (data is IntegerValue { Value: var small } && !facts.IsLong)
            _code.I32Const(unchecked((int)(long)small));
        else if (_context.Constants.TryGetInteger(value) is { } number)
            PushNumber(number, facts.IsLong);
        else if (FindPointer(data) is { } pointer)
            PushPointer(pointer);
        else
            throw new UnreachableException($"a constant of {data.Kind} is no integer");
    }

    private void PushNumber(BigInteger number, bool isLong)
    {
        if (isLong)
            _code.I64Const(unchecked((long)(ulong)(number & ulong.MaxValue)));
        else
            _code.I32Const(unchecked((int)(uint)(number & uint.MaxValue)));
    }

    /// <summary>An integer constant of a type's register.</summary>
    private void PushNumber(long number, in TypeFacts facts)
    {
        if (facts.IsLong)
            _code.I64Const(number);
        else
            _code.I32Const(unchecked((int)number));
    }

    private void PushPointer(PointerValue pointer)
    {
        if (pointer.Base == PointerBase.Item && _module.Items[pointer.Item] is AirFunction)
            _code.FunctionSlot(new MirFunctionId(pointer.Item.Index));
        else
            PushAddress(PlaceOf(pointer));
    }

    // An optional pointer is the pointer.
    private PointerValue? FindPointer(AirValue data) => data switch
    {
        PointerValue pointer => pointer,
        OptionalValue { IsNull: false } optional => FindPointer(_module.Values[optional.Payload.Value]),
        _ => null,
    };

    /// <summary>Of a pointer where it points to; of a constant by reference where it is.</summary>
    private Place PlaceOfConstant(ValueId value)
    {
        AirValue data = _module.Values[value];
        TypeFacts facts = _facts[data.Type];
        if (facts.IsByReference)
            return new Place(PlaceBase.Constant, facts.AlignmentLog2, value.Index, 0);
        return FindPointer(data) is { } pointer
            ? PlaceOf(pointer)
            : new Place(PlaceBase.Zero, 0, 0, (long)(_context.Constants.TryGetInteger(value) ?? 0));
    }

    private Place PlaceOf(PointerValue pointer) => pointer.Base switch
    {
        PointerBase.Item => new Place(PlaceBase.Data, 0, pointer.Item.Index, pointer.Offset),
        PointerBase.Constant => new Place(PlaceBase.Constant, (byte)AlignmentAskedFor(pointer), pointer.Constant.Index, pointer.Offset),
        _ => new Place(PlaceBase.Zero, 0, 0, pointer.Offset),
    };

    private int AlignmentAskedFor(PointerValue pointer)
    {
        int own = _facts[_module.Values.TypeOf(pointer.Constant)].AlignmentLog2;
        int asked = _module.Types[pointer.Type] is PointerType { Alignment: > 0 } type ? BitOperations.Log2((uint)type.Alignment) : 0;
        return Math.Max(own, asked);
    }

    private void PushVector(ValueId value, in TypeFacts facts)
    {
        ReadOnlySpan<byte> bytes = _context.Constants.Encode(value).Bytes.Span;
        Span<byte> all = stackalloc byte[(int)facts.Size];
        bytes.CopyTo(all);
        _code.Bytes16(MirOpcode.V128Const, System.Buffers.Binary.BinaryPrimitives.ReadUInt128LittleEndian(all));
    }

    private bool IsUndefined(Operand operand) => operand.IsConstant && _module.Values[operand.Value] is UndefinedValue;
}
