using System.Globalization;
using Weld.Air.Interpretation;

namespace Weld.Air.Tests.Running;

/// <summary>What compiled code must give for a constant, in words that run.mjs reads.</summary>
/// <remarks>
/// A result that is a value of the machine: its type and its bits, to the last one, as the code around may rely on them. One in
/// memory: how many bytes, and the parts of them that mean something, as there may be anything in padding, in what is undefined
/// and in payloads that are not there.
/// </remarks>
internal sealed class ExpectedResult
{
    private readonly AirModule _module;
    private readonly TypeLayouts _layouts;
    private readonly Interpreter _interpreter;
    private readonly List<string> _parts = [];

    private ExpectedResult(AirModule module, AirTarget target)
    {
        _module = module;
        _layouts = new TypeLayouts(module, target);
        _interpreter = new Interpreter(module, new InterpreterOptions { Target = target });
    }

    /// <param name="module">The module of the constant.</param>
    /// <param name="target">What the code is for.</param>
    /// <param name="wanted">The constant.</param>
    /// <param name="export">A function that gives the constant: only it knows the address of a pointer.</param>
    public static string Describe(AirModule module, AirTarget target, ValueId wanted, string export)
    {
        var result = new ExpectedResult(module, target);
        TypeId type = module.Values.TypeOf(wanted);
        TypeLayout layout = result._layouts.Get(type);
        switch (layout.Representation)
        {
            case Representation.None:
                return "nothing";
            case Representation.I32 or Representation.I64 when result.IsAddress(wanted):
                return $"same {export}";
            case Representation.Memory:
                result.AddParts(wanted, 0);
                return $"memory {layout.Size} {string.Join(' ', result._parts)}".TrimEnd();
            case Representation.F32 or Representation.F64 when module.Values[wanted] is FloatValue number:
                return $"{Register(layout)} {result.FloatText(number)}";
            default:
                return $"{Register(layout)} {result.Bits(wanted, layout.Representation == Representation.I64 ? 8 : 4):x}";
        }
    }

    private bool IsAddress(ValueId value) => _module.Values[value] switch
    {
        PointerValue pointer => pointer.Base != PointerBase.Absolute,
        OptionalValue { IsNull: false } optional => IsAddress(optional.Payload.Value),
        _ => false,
    };

    private static string Register(TypeLayout layout) => layout.Representation.ToString().ToLowerInvariant();

    private string FloatText(FloatValue number) => FloatFormat.Of(((FloatType)_module.Types[number.Type]).Bits).IsNaN(number.Bits)
        ? "nan"
        : number.Bits.ToString("x", CultureInfo.InvariantCulture);

    // The bytes as in memory, extended to the register with the sign of the integer.
    private ulong Bits(ValueId value, int bytes)
    {
        ReadOnlySpan<byte> image = _interpreter.ValueOf(value).Bytes.Span;
        bool isNegative = _layouts.TryGetInteger(_module.Values.TypeOf(value), out IntegerShape shape) && shape.IsSigned && (image[^1] & 0x80) != 0;
        ulong bits = 0;
        for (int i = bytes - 1; i >= 0; i--)
            bits = (bits << 8) | (i < image.Length ? image[i] : isNegative ? (byte)0xff : (byte)0);
        return bits;
    }

    private void AddParts(ValueId value, ulong offset)
    {
        AirValue constant = _module.Values[value];
        TypeLayout layout = _layouts.Get(constant.Type);
        if (!layout.HasBits)
            return;
        switch (constant)
        {
            case UndefinedValue:
                return;
            case AggregateValue or RepeatedValue or BytesValue when _module.Types[constant.Type] is not VectorType and not StructType { Layout: ContainerLayout.Packed }:
                AddElements(value, layout, offset);
                return;
            case OptionalValue { IsNull: false } optional:
                AddParts(optional.Payload.Value, offset);
                if (layout.Size != _layouts.Get(_module.Values.TypeOf(optional.Payload.Value)).Size)
                    AddBytes(offset + layout.TagOffset, [1]);
                return;
            case OptionalValue when layout.TagOffset != 0:
                AddBytes(offset + layout.TagOffset, [0]);
                return;
            case ErrorUnionValue union:
                AddBytes(offset + layout.TagOffset, Image(value).Slice((int)layout.TagOffset, 2));
                if (union.Payload.TryGet(out ValueId payload))
                    AddParts(payload, offset + layout.PayloadOffset);
                return;
            case UnionValue union when _module.Types[constant.Type] is UnionType { Layout: not ContainerLayout.Packed } type:
                AddParts(union.Payload, offset + layout.PayloadOffset);
                if (type.Tag.TryGet(out TypeId tag))
                    AddBytes(offset + layout.TagOffset, Image(value).Slice((int)layout.TagOffset, (int)_layouts.Get(tag).Size));
                return;
            case SliceValue slice:
                AddSlice(slice, offset);
                return;
            case FloatValue number when FloatText(number) == "nan":
                _parts.Add(string.Create(CultureInfo.InvariantCulture, $"{offset}:nan{layout.Size * 8}"));
                return;
            case FloatValue number:
                AddBytes(offset, Image(value)[..(((FloatType)_module.Types[number.Type]).Bits / 8)]);
                return;
            case PointerValue { Base: not PointerBase.Absolute }:
                throw new NotSupportedException("a result with a pointer: let the function look at what it points to");
            default:
                AddBytes(offset, Image(value));
                return;
        }
    }

    private void AddElements(ValueId value, TypeLayout layout, ulong offset)
    {
        TypeId type = _module.Values.TypeOf(value);
        bool isArray = _module.Types[type] is ArrayType;
        ulong count = _module.Types[type] is ArrayType array ? array.LengthWithSentinel : (ulong)_module.Types.FieldsOf(type).Count;
        for (ulong i = 0; i < count; i++)
        {
            ValueId element = _module.Values.Element(value, i);
            AddParts(element, offset + (isArray ? i * _layouts.Get(_module.Values.TypeOf(element)).Size : layout.FieldOffsets[i]));
        }
    }

    private void AddSlice(SliceValue slice, ulong offset)
    {
        var length = (ulong)((IntegerValue)_module.Values[slice.Length]).Value;
        if (slice.Length.Index >= 0 && _module.Values[slice.Pointer] is not PointerValue { Base: PointerBase.Constant, Offset: 0 } && length != 0)
            throw new NotSupportedException("a result with a slice of something that is not in the line");
        byte[] bytes = length == 0 ? [] : [.. Image(((PointerValue)_module.Values[slice.Pointer]).Constant)];
        _parts.Add(string.Create(CultureInfo.InvariantCulture, $"{offset}:slice:{length}:{Convert.ToHexStringLower(bytes)}"));
    }

    private ReadOnlySpan<byte> Image(ValueId value) => _interpreter.ValueOf(value).Bytes.Span;

    private void AddBytes(ulong offset, ReadOnlySpan<byte> bytes) =>
        _parts.Add(string.Create(CultureInfo.InvariantCulture, $"{offset}:{Convert.ToHexStringLower(bytes)}"));
}
