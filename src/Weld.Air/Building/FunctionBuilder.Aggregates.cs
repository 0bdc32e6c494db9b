using System.Runtime.InteropServices;

namespace Weld.Air.Building;

/// <content>Vectors, structs, unions, slices, optionals, error unions and names.</content>
public sealed partial class FunctionBuilder
{
    // ---- Vector ----

    public Operand Splat(TypeId type, Operand x) => Emit(AirOpcode.Splat, type, x.Raw);

    public Operand Reduce(ReduceOperator reduction, Operand x) => Emit(AirOpcode.Reduce, Module.Types.LaneOf(TypeOf(x)), (int)reduction, x.Raw);

    public Operand ReduceOptimized(ReduceOperator reduction, Operand x) => Emit(AirOpcode.ReduceOptimized, Module.Types.LaneOf(TypeOf(x)), (int)reduction, x.Raw);

    // ---- Aggregate ----

    public Operand UnionInit(TypeId type, int number, Operand payload) => Emit(AirOpcode.UnionInit, type, number, payload.Raw);

    public Operand StructFieldPtr(TypeId type, Operand pointer, int number) => Emit(AirOpcode.StructFieldPtr, type, pointer.Raw, number);

    public Operand FieldParentPtr(TypeId type, Operand pointer, int number) => Emit(AirOpcode.FieldParentPtr, type, pointer.Raw, number);

    public void SetUnionTag(Operand pointer, Operand tag) => Emit(AirOpcode.SetUnionTag, TypeId.Void, pointer.Raw, tag.Raw);

    public Operand Slice(TypeId type, Operand pointer, Operand length) => Emit(AirOpcode.Slice, type, pointer.Raw, length.Raw);

    public Operand SliceLen(Operand x) => Emit(AirOpcode.SliceLen, TypeId.Usize, x.Raw);

    public Operand SlicePtr(TypeId type, Operand x) => Emit(AirOpcode.SlicePtr, type, x.Raw);

    public Operand PtrSliceLenPtr(TypeId type, Operand pointer) => Emit(AirOpcode.PtrSliceLenPtr, type, pointer.Raw);

    public Operand PtrSlicePtrPtr(TypeId type, Operand pointer) => Emit(AirOpcode.PtrSlicePtrPtr, type, pointer.Raw);

    public Operand SliceElemPtr(TypeId type, Operand x, Operand index) => Emit(AirOpcode.SliceElemPtr, type, x.Raw, index.Raw);

    public Operand PtrElemPtr(TypeId type, Operand pointer, Operand index) => Emit(AirOpcode.PtrElemPtr, type, pointer.Raw, index.Raw);

    public void VectorStoreElem(Operand pointer, Operand index, Operand value) => Emit(AirOpcode.VectorStoreElem, TypeId.Void, pointer.Raw, index.Raw, value.Raw);

    public Operand ArrayToSlice(TypeId type, Operand pointer) => Emit(AirOpcode.ArrayToSlice, type, pointer.Raw);

    public Operand PtrAdd(TypeId type, Operand pointer, Operand index) => Emit(AirOpcode.PtrAdd, type, pointer.Raw, index.Raw);

    public Operand PtrSub(TypeId type, Operand pointer, Operand index) => Emit(AirOpcode.PtrSub, type, pointer.Raw, index.Raw);

    // ---- Optional ----

    public Operand IsNull(Operand x) => Emit(AirOpcode.IsNull, TypeId.Bool, x.Raw);

    public Operand IsNonNull(Operand x) => Emit(AirOpcode.IsNonNull, TypeId.Bool, x.Raw);

    public Operand IsNullPtr(Operand pointer) => Emit(AirOpcode.IsNullPtr, TypeId.Bool, pointer.Raw);

    public Operand IsNonNullPtr(Operand pointer) => Emit(AirOpcode.IsNonNullPtr, TypeId.Bool, pointer.Raw);

    public Operand OptionalPayloadPtr(TypeId type, Operand pointer) => Emit(AirOpcode.OptionalPayloadPtr, type, pointer.Raw);

    public Operand OptionalPayloadPtrSet(TypeId type, Operand pointer) => Emit(AirOpcode.OptionalPayloadPtrSet, type, pointer.Raw);

    public Operand WrapOptional(TypeId type, Operand payload) => Emit(AirOpcode.WrapOptional, type, payload.Raw);

    // ---- ErrorUnion ----

    public Operand IsErr(Operand x) => Emit(AirOpcode.IsErr, TypeId.Bool, x.Raw);

    public Operand IsNonErr(Operand x) => Emit(AirOpcode.IsNonErr, TypeId.Bool, x.Raw);

    public Operand IsErrPtr(Operand pointer) => Emit(AirOpcode.IsErrPtr, TypeId.Bool, pointer.Raw);

    public Operand IsNonErrPtr(Operand pointer) => Emit(AirOpcode.IsNonErrPtr, TypeId.Bool, pointer.Raw);

    public Operand UnwrapErrunionPayloadPtr(TypeId type, Operand pointer) => Emit(AirOpcode.UnwrapErrunionPayloadPtr, type, pointer.Raw);

    public Operand UnwrapErrunionErrPtr(TypeId type, Operand pointer) => Emit(AirOpcode.UnwrapErrunionErrPtr, type, pointer.Raw);

    public Operand ErrunionPayloadPtrSet(TypeId type, Operand pointer) => Emit(AirOpcode.ErrunionPayloadPtrSet, type, pointer.Raw);

    public Operand WrapErrunionPayload(TypeId type, Operand payload) => Emit(AirOpcode.WrapErrunionPayload, type, payload.Raw);

    public Operand WrapErrunionErr(TypeId type, Operand error) => Emit(AirOpcode.WrapErrunionErr, type, error.Raw);

    // ---- Name ----

    public Operand IsNamedEnumValue(Operand x) => Emit(AirOpcode.IsNamedEnumValue, TypeId.Bool, x.Raw);

    // ---- With the type taken from the operand ----

    public Operand AggregateInit(TypeId type, params ReadOnlySpan<Operand> elements) => Emit(AirOpcode.AggregateInit, type, MemoryMarshal.Cast<Operand, int>(elements));

    public Operand StructFieldVal(Operand container, int number) => Module.Types.TryGetField(TypeOf(container), number, out AirField field)
        ? Emit(AirOpcode.StructFieldVal, field.Type, container.Raw, number)
        : throw new ArgumentException("no such field", nameof(number));

    public Operand GetUnionTag(Operand union) => Emit(AirOpcode.GetUnionTag, ((UnionType)Module.Types[TypeOf(union)]).Tag.Value, union.Raw);

    public Operand ArrayElemVal(Operand array, Operand index) => Module.Types.TryGetElement(TypeOf(array), out TypeId element)
        ? Emit(AirOpcode.ArrayElemVal, element, array.Raw, index.Raw)
        : throw new ArgumentException("neither an array nor a vector", nameof(array));

    public Operand SliceElemVal(Operand slice, Operand index) => Emit(AirOpcode.SliceElemVal, PointeeOf(slice), slice.Raw, index.Raw);

    public Operand PtrElemVal(Operand pointer, Operand index) => Module.Types.TryGetPointeeElement(TypeOf(pointer), out TypeId element)
        ? Emit(AirOpcode.PtrElemVal, element, pointer.Raw, index.Raw)
        : throw new ArgumentException("no pointer to elements", nameof(pointer));

    public Operand OptionalPayload(Operand optional) => Emit(AirOpcode.OptionalPayload, ((OptionalType)Module.Types[TypeOf(optional)]).Child, optional.Raw);

    public Operand UnwrapErrunionPayload(Operand errorUnion) =>
        Emit(AirOpcode.UnwrapErrunionPayload, ((ErrorUnionType)Module.Types[TypeOf(errorUnion)]).Payload, errorUnion.Raw);

    public Operand UnwrapErrunionErr(Operand errorUnion) =>
        Emit(AirOpcode.UnwrapErrunionErr, ((ErrorUnionType)Module.Types[TypeOf(errorUnion)]).ErrorSet, errorUnion.Raw);

    public Operand TagName(Operand value) => Emit(AirOpcode.TagName, Module.Types.Slice(TypeId.U8, isConst: true), value.Raw);

    public Operand ErrorName(Operand error) => Emit(AirOpcode.ErrorName, Module.Types.Slice(TypeId.U8, isConst: true), error.Raw);

    public Operand ErrorSetHasValue(TypeId errorSet, Operand error) => Emit(AirOpcode.ErrorSetHasValue, TypeId.Bool, errorSet.Index, error.Raw);

    public Operand ShuffleOne(TypeId type, Operand x, params ReadOnlySpan<ShuffleLane> lanes) =>
        Emit(AirOpcode.ShuffleOne, type, [x.Raw, .. MemoryMarshal.Cast<ShuffleLane, int>(lanes)]);

    public Operand ShuffleTwo(TypeId type, Operand x, Operand y, params ReadOnlySpan<ShuffleLane> lanes) =>
        Emit(AirOpcode.ShuffleTwo, type, [x.Raw, y.Raw, .. MemoryMarshal.Cast<ShuffleLane, int>(lanes)]);
}
