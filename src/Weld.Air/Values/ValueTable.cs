using System.Text;

namespace Weld.Air.Values;

/// <summary>The constants of a module, each once. May be used from any thread.</summary>
/// <remarks>Nothing here checks that a value fits its type; the verifier does.</remarks>
public sealed class ValueTable
{
    /// <summary>Arrays with more elements than this are kept as one element when all are the same.</summary>
    public const int MostWrittenOut = 8;

    private readonly InternTable<ValueId, AirValue> _values = new();
    private readonly AirModule _module;

    internal ValueTable(AirModule module)
    {
        _module = module;
        _values.Intern(new VoidValue());
        _values.Intern(new IntegerValue(TypeId.Bool, BigInteger.Zero));
        _values.Intern(new IntegerValue(TypeId.Bool, BigInteger.One));
    }

    public int Count => _values.Count;

    public AirValue this[ValueId id] => _values[id];

    public TypeId TypeOf(ValueId id) => _values[id].Type;

    /// <exception cref="ArgumentException">The value nests too deep.</exception>
    public ValueId Intern(AirValue value)
    {
        ArgumentNullException.ThrowIfNull(value);
        AirValue canonical = value is AggregateValue aggregate ? Canonical(aggregate) : value is BytesValue bytes ? Canonical(bytes) : value;
        if (_values.TryFind(canonical, out ValueId known))
            return known;
        int depth = DepthOf(canonical);
        if (depth > AirLimits.ValueDepth)
            throw new ArgumentException($"constants nest deeper than {AirLimits.ValueDepth}: make a variable of an inner one", nameof(value));
        return _values.Intern(canonical, depth);
    }

    /// <summary>How many levels the constant has, with the constants that it points to.</summary>
    public int Depth(ValueId id) => _values.Depth(id);

    // ---- Scalars ----

    public static ValueId Bool(bool value) => value ? ValueId.True : ValueId.False;

    /// <summary>An integer, bool or enum.</summary>
    public ValueId Integer(TypeId type, BigInteger value) => Intern(new IntegerValue(type, value));

    /// <summary>A float; rounded to the type.</summary>
    public ValueId Float(TypeId type, double value) =>
        FloatBits(type, FloatFormat.Of(((FloatType)_module.Types[type]).Bits).FromDouble(value));

    public ValueId FloatBits(TypeId type, UInt128 bits) => Intern(new FloatValue(type, bits));

    public ValueId Undefined(TypeId type) => Intern(new UndefinedValue(type));

    /// <summary>The field of that name of an enum.</summary>
    public ValueId Enum(TypeId type, string field)
    {
        foreach (EnumField known in ((EnumType)_module.Types[type]).Fields)
            if (known.Name == field)
                return Integer(type, known.Value);
        throw new ArgumentException($"the enum has no field {field}", nameof(field));
    }

    // ---- Pointers ----

    /// <summary>The pointer of this type to an item, or to a byte in it.</summary>
    public ValueId Pointer(TypeId type, ItemId item, long offset = 0) =>
        Intern(new PointerValue(type, PointerBase.Item, item, default, offset));

    /// <summary>The pointer of this type to a constant that needs no name.</summary>
    public ValueId Pointer(TypeId type, ValueId constant, long offset = 0) =>
        Intern(new PointerValue(type, PointerBase.Constant, default, constant, offset));

    /// <summary>The pointer with this address.</summary>
    public ValueId Address(TypeId type, long address) =>
        Intern(new PointerValue(type, PointerBase.Absolute, default, default, address));

    /// <summary>The pointer to an item: <c>*T</c> for a variable, <c>*const T</c> for a constant or function.</summary>
    public ValueId PointerTo(ItemId item)
    {
        AirItem target = _module.Items[item];
        bool isConst = target is AirFunction or AirVariable { IsConst: true };
        int alignment = target is AirVariable variable ? variable.Alignment : 0;
        return Pointer(_module.Types.Pointer(target.Type, isConst, alignment), item);
    }

    public ValueId Slice(TypeId type, ValueId pointer, ulong length) =>
        Intern(new SliceValue(type, pointer, Integer(TypeId.Usize, length)));

    /// <summary>A <c>[]const u8</c> of the text's UTF-8 form.</summary>
    public ValueId String(string text)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        ValueId array = Bytes(_module.Types.Array(TypeId.U8, (ulong)utf8.Length), utf8);
        ValueId pointer = Pointer(_module.Types.ManyPointer(TypeId.U8, isConst: true), array);
        return Slice(_module.Types.Slice(TypeId.U8, isConst: true), pointer, (ulong)utf8.Length);
    }

    // ---- Optionals, errors, unions ----

    public ValueId Null(TypeId type) => Intern(new OptionalValue(type, default));

    public ValueId Optional(TypeId type, ValueId payload) => Intern(new OptionalValue(type, OptionalId<ValueId>.Some(payload)));

    public ValueId Error(TypeId errorSet, string name) => Intern(new ErrorValue(errorSet, _module.Errors.Intern(name)));

    public ValueId ErrorUnionError(TypeId type, ErrorId error) =>
        Intern(new ErrorUnionValue(type, OptionalId<ErrorId>.Some(error), default));

    public ValueId ErrorUnionPayload(TypeId type, ValueId payload) =>
        Intern(new ErrorUnionValue(type, default, OptionalId<ValueId>.Some(payload)));

    public ValueId Union(TypeId type, int field, ValueId payload) => Intern(new UnionValue(type, field, payload));

    // ---- Aggregates ----

    public ValueId Aggregate(TypeId type, params ReadOnlySpan<ValueId> elements) =>
        Intern(new AggregateValue(type, Sequence.Create(elements)));

    /// <summary>An array of <c>u8</c>.</summary>
    public ValueId Bytes(TypeId type, ReadOnlySpan<byte> bytes) => Intern(new BytesValue(type, Sequence.Create(bytes)));

    /// <summary>An array or vector whose elements are all the same.</summary>
    public ValueId Repeated(TypeId type, ValueId element)
    {
        ulong length = LengthOf(type);
        if (length > MostWrittenOut)
            return Intern(new RepeatedValue(type, element));
        var elements = new ValueId[length];
        System.Array.Fill(elements, element);
        return Intern(new AggregateValue(type, new Sequence<ValueId>(elements)));
    }

    /// <summary>An element of any aggregate, whatever its form; also of an undefined one, and an array's sentinel.</summary>
    public ValueId Element(ValueId aggregate, ulong index)
    {
        AirValue value = _values[aggregate];
        AirType type = _module.Types[value.Type];
        if (type is ArrayType array && index == array.Length && array.Sentinel.TryGet(out ValueId sentinel))
            return sentinel;
        return value switch
        {
            AggregateValue elements => elements.Elements[checked((int)index)],
            RepeatedValue repeated => repeated.Element,
            BytesValue bytes => Integer(TypeId.U8, bytes.Bytes[checked((int)index)]),
            UndefinedValue => Undefined(ElementType(type, index)),
            _ => throw new ArgumentException("not an aggregate", nameof(aggregate)),
        };
    }

    private static TypeId ElementType(AirType type, ulong index) => type switch
    {
        ArrayType array => array.Child,
        VectorType vector => vector.Child,
        StructType fields => fields.Fields[checked((int)index)].Type,
        _ => throw new ArgumentException("not an aggregate", nameof(type)),
    };

    private ulong LengthOf(TypeId type) => _module.Types[type] switch
    {
        ArrayType array => array.Length,
        VectorType vector => (ulong)vector.Length,
        _ => throw new ArgumentException("neither an array nor a vector", nameof(type)),
    };

    // ---- The one form of each aggregate ----

    private AirValue Canonical(AggregateValue value)
    {
        AirType type = _module.Types[value.Type];
        if (type is not (ArrayType or VectorType))
            return value;
        if (value.Elements.Count > MostWrittenOut && value.Elements.Span.IndexOfAnyExcept(value.Elements[0]) < 0)
            return new RepeatedValue(value.Type, value.Elements[0]);
        return type is ArrayType { Child: var child } && child == TypeId.U8 && value.Elements.Count > 0 ? CanonicalBytes(value) : value;
    }

    private AirValue CanonicalBytes(AggregateValue value)
    {
        var bytes = new byte[value.Elements.Count];
        for (int i = 0; i < bytes.Length; i++)
        {
            if (_values[value.Elements[i]] is not IntegerValue { Value: var element } integer || integer.Type != TypeId.U8 || element < 0 || element > byte.MaxValue)
                return value;
            bytes[i] = (byte)element;
        }
        return new BytesValue(value.Type, new Sequence<byte>(bytes));
    }

    private AirValue Canonical(BytesValue value)
    {
        ReadOnlySpan<byte> bytes = value.Bytes.Span;
        if (bytes.IsEmpty)
            return new AggregateValue(value.Type, []);
        return bytes.Length > MostWrittenOut && bytes.IndexOfAnyExcept(bytes[0]) < 0
            ? new RepeatedValue(value.Type, Integer(TypeId.U8, bytes[0]))
            : value;
    }

    private int DepthOf(AirValue value) => 1 + value switch
    {
        AggregateValue aggregate => DepthOf(aggregate.Elements),
        RepeatedValue repeated => Depth(repeated.Element),
        PointerValue { Base: PointerBase.Constant } pointer => Depth(pointer.Constant),
        SliceValue slice => Depth(slice.Pointer),
        OptionalValue { IsNull: false } optional => Depth(optional.Payload.Value),
        ErrorUnionValue union when union.Payload.TryGet(out ValueId payload) => Depth(payload),
        UnionValue union => Depth(union.Payload),
        _ => 0,
    };

    private int DepthOf(Sequence<ValueId> values)
    {
        int depth = 0;
        foreach (ValueId value in values)
            depth = Math.Max(depth, Depth(value));
        return depth;
    }
}
