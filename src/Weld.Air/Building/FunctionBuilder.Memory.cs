namespace Weld.Air.Building;

/// <content>Memory and atomics.</content>
public sealed partial class FunctionBuilder
{
    // ---- Memory ----

    public void Store(Operand pointer, Operand value) => Emit(AirOpcode.Store, TypeId.Void, pointer.Raw, value.Raw);

    public void StoreSafe(Operand pointer, Operand value) => Emit(AirOpcode.StoreSafe, TypeId.Void, pointer.Raw, value.Raw);

    public void Memset(Operand destination, Operand value) => Emit(AirOpcode.Memset, TypeId.Void, destination.Raw, value.Raw);

    public void MemsetSafe(Operand destination, Operand value) => Emit(AirOpcode.MemsetSafe, TypeId.Void, destination.Raw, value.Raw);

    public void Memcpy(Operand destination, Operand source) => Emit(AirOpcode.Memcpy, TypeId.Void, destination.Raw, source.Raw);

    public void Memmove(Operand destination, Operand source) => Emit(AirOpcode.Memmove, TypeId.Void, destination.Raw, source.Raw);

    public void Prefetch(Operand pointer) => Emit(AirOpcode.Prefetch, TypeId.Void, pointer.Raw);

    public Operand WasmMemorySize(int memory) => Emit(AirOpcode.WasmMemorySize, TypeId.Usize, memory);

    public Operand WasmMemoryGrow(int memory, Operand pages) => Emit(AirOpcode.WasmMemoryGrow, TypeId.Isize, memory, pages.Raw);

    // ---- Atomic ----

    public Operand AtomicLoad(TypeId type, Operand pointer, MemoryOrder order) => Emit(AirOpcode.AtomicLoad, type, pointer.Raw, (int)order);

    public void AtomicStore(Operand pointer, Operand value, MemoryOrder order) => Emit(AirOpcode.AtomicStore, TypeId.Void, pointer.Raw, value.Raw, (int)order);

    public Operand AtomicRmw(RmwOperator operation, Operand pointer, Operand x, MemoryOrder order) => Emit(AirOpcode.AtomicRmw, TypeOf(x), (int)operation, pointer.Raw, x.Raw, (int)order);

    public Operand CmpxchgWeak(Operand pointer, Operand expected, Operand replacement, MemoryOrder success, MemoryOrder failure) => Emit(AirOpcode.CmpxchgWeak, Module.Types.Optional(TypeOf(expected)), pointer.Raw, expected.Raw, replacement.Raw, (int)success, (int)failure);

    public Operand CmpxchgStrong(Operand pointer, Operand expected, Operand replacement, MemoryOrder success, MemoryOrder failure) => Emit(AirOpcode.CmpxchgStrong, Module.Types.Optional(TypeOf(expected)), pointer.Raw, expected.Raw, replacement.Raw, (int)success, (int)failure);

    public void Fence(MemoryOrder order) => Emit(AirOpcode.Fence, TypeId.Void, (int)order);

    public Operand MemoryWait(Operand pointer, Operand expected, Operand timeout) => Emit(AirOpcode.MemoryWait, TypeId.U32, pointer.Raw, expected.Raw, timeout.Raw);

    public Operand MemoryNotify(Operand pointer, Operand count) => Emit(AirOpcode.MemoryNotify, TypeId.U32, pointer.Raw, count.Raw);

    /// <summary>Memory for a value of the type; a <c>*T</c>.</summary>
    public Operand Alloc(TypeId type, int alignment = 0) => Emit(AirOpcode.Alloc, Module.Types.Pointer(type, alignment: alignment));

    /// <summary>What a pointer points to.</summary>
    public Operand Load(Operand pointer) => Emit(AirOpcode.Load, PointeeOf(pointer), pointer.Raw);

    /// <summary>The pointer to this thread's variable.</summary>
    public Operand ThreadLocalPtr(AirVariable variable)
    {
        ArgumentNullException.ThrowIfNull(variable);
        return Emit(AirOpcode.ThreadLocalPtr, Module.Types.Pointer(variable.Type, variable.IsConst, variable.Alignment), variable.Id.Index);
    }

    private TypeId PointeeOf(Operand pointer) => Module.Types.TryGetPointee(TypeOf(pointer), out TypeId pointee)
        ? pointee
        : throw new ArgumentException("not a pointer", nameof(pointer));
}
