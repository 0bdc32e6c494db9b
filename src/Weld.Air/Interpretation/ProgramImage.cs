using System.Text;
using Weld.Air.Layouts;

namespace Weld.Air.Interpretation;

/// <summary>What of a module lies in memory, and the bytes of its constants.</summary>
internal sealed class ProgramImage
{
    private readonly Dictionary<ValueId, byte[]> _constants = [];
    private readonly Dictionary<ValueId, ulong> _constantAddresses = [];
    private readonly Dictionary<string, ulong> _textAddresses = new(StringComparer.Ordinal);
    private readonly Dictionary<ItemId, ulong> _itemAddresses = [];
    private readonly Dictionary<ulong, ItemId> _itemsByAddress = [];
    private readonly Dictionary<ulong, AirFunction> _functions = [];
    private readonly ByteImages _images;
    private readonly AddressSpace _memory;

    public ProgramImage(ByteImages images, AddressSpace memory)
    {
        _images = images;
        _memory = memory;
        foreach (AirItem item in Module.Items.All())
            Place(item);
        // Once every item has its address, which initial values may contain.
        foreach (AirVariable variable in Module.Variables)
            Fill(variable);
    }

    private AirModule Module => _images.Module;

    private TypeLayouts Layouts => _images.Layouts;

    /// <summary>The bytes of a constant.</summary>
    public byte[] Constant(ValueId value)
    {
        if (!_constants.TryGetValue(value, out byte[]? bytes))
            _constants.Add(value, bytes = Encode(value));
        return bytes;
    }

    public ulong AddressOf(ItemId item) => _itemAddresses.TryGetValue(item, out ulong address)
        ? address
        : throw new TrapException(TrapReason.NotDefined, $"@{Module.Items[item].Name} was added while the program runs");

    public AirFunction? FunctionAt(ulong slot) => _functions.GetValueOrDefault(slot);

    public ItemId? ItemAt(ulong address) => _itemsByAddress.TryGetValue(address, out ItemId item) ? item : null;

    /// <summary>The address of a name's bytes.</summary>
    public (ulong Address, ulong Length) Text(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        if (!_textAddresses.TryGetValue(text, out ulong address))
            _textAddresses.Add(text, address = AddConstant(bytes, 1));
        return (address, (ulong)bytes.Length);
    }

    private void Place(AirItem item)
    {
        // A slot of the function table; 0 is null.
        ulong address = (ulong)item.Id.Index + 1;
        if (item is AirFunction function)
            _functions.Add(address, function);
        else
            address = Allocate((AirVariable)item);
        _itemAddresses.Add(item.Id, address);
        _itemsByAddress.TryAdd(address, item.Id);
    }

    private ulong Allocate(AirVariable variable)
    {
        TypeLayout layout = Layouts.Get(variable.Type);
        return _memory.AddStatic(layout.Size, Math.Max(layout.Alignment, variable.Alignment));
    }

    private void Fill(AirVariable variable)
    {
        if (!variable.Initial.TryGet(out ValueId initial))
            return;
        _memory.Write(_itemAddresses[variable.Id], Constant(initial));
        if (variable.IsConst && Layouts.Get(variable.Type).HasBits)
            _memory.Protect(_itemAddresses[variable.Id]);
    }

    private byte[] Encode(ValueId id)
    {
        AirValue value = Module.Values[id];
        return value switch
        {
            VoidValue => [],
            IntegerValue integer => _images.FromInteger(value.Type, integer.Value),
            FloatValue number => _images.FromFloat(value.Type, number.Bits),
            UndefinedValue => _images.Undefineds(value.Type),
            AggregateValue or RepeatedValue or BytesValue => Aggregate(id, value.Type),
            PointerValue pointer => _images.FromAddress(AddressOf(pointer)),
            SliceValue slice => [.. Constant(slice.Pointer), .. Constant(slice.Length)],
            OptionalValue optional => _images.Optional(value.Type, optional.IsNull ? null : Constant(optional.Payload.Value)),
            ErrorValue error => _images.FromInteger(value.Type, error.Error.Number),
            ErrorUnionValue union => _images.ErrorUnion(
                value.Type,
                union.Error.HasValue ? union.Error.Value.Number : 0,
                union.Payload.HasValue ? Constant(union.Payload.Value) : null),
            UnionValue union => _images.Union(value.Type, union.Field, Constant(union.Payload)),
            _ => throw new TrapException(TrapReason.Unsupported, $"a constant of kind {value.Kind}"),
        };
    }

    private byte[] Aggregate(ValueId value, TypeId type)
    {
        if (Module.Types[type] is StructType)
            return _images.Struct(type, number => Constant(Module.Values.Element(value, (ulong)number)));
        byte[] bytes = _images.Zeros(type);
        (_, ulong count) = _images.Elements(type);
        for (ulong i = 0; i < count; i++)
            _images.SetElement(type, bytes, i, Constant(Module.Values.Element(value, i)));
        return bytes;
    }

    private ulong AddressOf(PointerValue pointer)
    {
        ulong start = pointer.Base switch
        {
            PointerBase.Item => AddressOf(pointer.Item),
            PointerBase.Constant => AddressOf(pointer.Constant),
            _ => 0,
        };
        return unchecked(start + (ulong)pointer.Offset);
    }

    private ulong AddressOf(ValueId constant)
    {
        if (_constantAddresses.TryGetValue(constant, out ulong known))
            return known;
        // With the largest alignment that anybody may ask for, so that no pointer to it asks for more.
        ulong address = AddConstant(Constant(constant), Math.Max(Layouts.Get(Module.Values.TypeOf(constant)).Alignment, 64));
        _constantAddresses.Add(constant, address);
        return address;
    }

    private ulong AddConstant(byte[] bytes, int alignment)
    {
        ulong address = _memory.AddStatic((ulong)bytes.Length, alignment);
        _memory.Write(address, bytes);
        _memory.Protect(address);
        return address;
    }
}
