using System.Globalization;

namespace Weld.Air.Text;

/// <content>Constants.</content>
internal sealed partial class ModulePrinter
{
    /// <summary>Prints a constant where that type is expected: with its own type if it has another one.</summary>
    public void Print(ValueId id, TypeId expected)
    {
        if (module.Values.TypeOf(id) == expected)
            PrintPlain(id);
        else
            PrintTyped(id);
    }

    /// <summary><c>(type constant)</c></summary>
    public void PrintTyped(ValueId id)
    {
        output.Append('(');
        Print(module.Values.TypeOf(id));
        output.Append(' ');
        PrintPlain(id);
        output.Append(')');
    }

    /// <summary>Prints a constant where no type is expected: with its type, unless it is the plain pointer to an item.</summary>
    public void PrintSelfTyped(ValueId id)
    {
        if (module.Values[id] is PointerValue { Base: PointerBase.Item } pointer
            && module.Values.TypeOf(module.Values.PointerTo(pointer.Item)) == pointer.Type)
            PrintPlain(id);
        else
            PrintTyped(id);
    }

    private void PrintPlain(ValueId id)
    {
        AirValue value = module.Values[id];
        switch (value)
        {
            case VoidValue:
                output.Append("{}");
                break;
            case IntegerValue integer:
                PrintInteger(integer);
                break;
            case FloatValue number:
                NumberLiteral.PrintFloat(output, FloatFormat.Of(((FloatType)module.Types[number.Type]).Bits), number.Bits);
                break;
            case UndefinedValue:
                output.Append("undefined");
                break;
            case AggregateValue aggregate:
                PrintAggregate(aggregate);
                break;
            case RepeatedValue repeated:
                output.Append('{');
                Print(repeated.Element, ElementType(repeated.Type, 0));
                output.Append("...}");
                break;
            case BytesValue bytes:
                StringLiteral.Print(output, bytes.Bytes.Span);
                break;
            case PointerValue pointer:
                PrintPointer(pointer);
                break;
            case SliceValue slice:
                PrintSlice(slice);
                break;
            case OptionalValue optional:
                PrintOptional(optional);
                break;
            case ErrorValue error:
                PrintError(error.Error);
                break;
            case ErrorUnionValue union:
                PrintErrorUnion(union);
                break;
            case UnionValue union:
                PrintUnion(union);
                break;
        }
    }

    private void PrintInteger(IntegerValue integer)
    {
        if (integer.Type == TypeId.Bool)
        {
            output.Append(integer.Value.IsZero ? "false" : "true");
            return;
        }
        if (module.Types[integer.Type] is EnumType tags)
        {
            foreach (EnumField field in tags.Fields)
            {
                if (field.Value != integer.Value)
                    continue;
                PrintPlainName(output.Append('.'), field.Name);
                return;
            }
        }
        output.Append(integer.Value.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>Prints a constant that ends the line that starts there; one with many elements takes several lines.</summary>
    private void PrintInLines(int lineStart, ValueId id, TypeId expected)
    {
        int start = output.Length;
        Print(id, expected);
        if (output.Length - lineStart <= MostColumns || module.Values.TypeOf(id) != expected || module.Values[id] is not AggregateValue { Elements.Count: > 1 } aggregate)
            return;
        output.Length = start;
        PrintLines(aggregate);
    }

    // Aggregates have a line each, other elements share lines.
    private void PrintLines(AggregateValue aggregate)
    {
        output.Append('{');
        int lineStart = int.MinValue;
        for (int i = 0; i < aggregate.Elements.Count; i++)
        {
            int start = output.Length;
            Print(aggregate.Elements[i], ElementType(aggregate.Type, i));
            string element = output.ToString(start, output.Length - start);
            output.Length = start;
            bool isFull = lineStart == int.MinValue || module.Values[aggregate.Elements[i]] is AggregateValue || output.Length - lineStart + element.Length > MostColumns - 2;
            if (isFull)
                lineStart = output.Append("\n  ").Length - 2;
            else
                output.Append(' ');
            output.Append(element).Append(i + 1 < aggregate.Elements.Count ? "," : "\n}");
        }
    }

    private void PrintAggregate(AggregateValue aggregate)
    {
        output.Append('{');
        for (int i = 0; i < aggregate.Elements.Count; i++)
        {
            output.Append(i == 0 ? "" : ", ");
            Print(aggregate.Elements[i], ElementType(aggregate.Type, i));
        }
        output.Append('}');
    }

    private TypeId ElementType(TypeId type, int index) => module.Types.TryGetElement(type, out TypeId element)
        ? element
        : module.Types.TryGetField(type, index, out AirField field) ? field.Type : default;

    private void PrintPointer(PointerValue pointer)
    {
        switch (pointer.Base)
        {
            case PointerBase.Absolute:
                output.Append(CultureInfo.InvariantCulture, $"ptr({pointer.Offset})");
                return;
            case PointerBase.Item:
                PrintName(output, '@', module.Items[pointer.Item].Name);
                break;
            default:
                output.Append('&');
                PrintTyped(pointer.Constant);
                break;
        }
        if (pointer.Offset != 0)
            output.Append(CultureInfo.InvariantCulture, $" {(pointer.Offset < 0 ? '-' : '+')} {Int128.Abs(pointer.Offset)}");
    }

    private void PrintSlice(SliceValue slice)
    {
        var type = (SliceType)module.Types[slice.Type];
        TypeId pointerType = module.Types.Intern(new PointerType(type.Child, type.Alignment)
        {
            IsMany = true,
            IsConst = type.IsConst,
            IsVolatile = type.IsVolatile,
            IsAllowZero = type.IsAllowZero,
        });
        if (type.Child == TypeId.U8 && IsString(slice, pointerType, out ValueId bytes))
        {
            PrintString(bytes);
            return;
        }
        output.Append("slice(");
        Print(slice.Pointer, pointerType);
        output.Append(", ");
        Print(slice.Length, TypeId.Usize);
        output.Append(')');
    }

    /// <summary>Whether a slice is of all of a constant of bytes.</summary>
    private bool IsString(SliceValue slice, TypeId pointerType, out ValueId bytes)
    {
        bytes = default;
        if (module.Values[slice.Pointer] is not PointerValue { Base: PointerBase.Constant, Offset: 0 } pointer || pointer.Type != pointerType
            || module.Types[module.Values.TypeOf(pointer.Constant)] is not ArrayType { Sentinel.HasValue: false } array || array.Child != TypeId.U8
            || module.Values[slice.Length] is not IntegerValue length || length.Value != array.Length)
            return false;
        bytes = pointer.Constant;
        return module.Values[bytes] is BytesValue || (array.Length == 0 && module.Values[bytes] is AggregateValue);
    }

    private void PrintString(ValueId bytes) =>
        StringLiteral.Print(output, module.Values[bytes] is BytesValue value ? value.Bytes.Span : []);

    private void PrintOptional(OptionalValue optional)
    {
        if (!optional.Payload.TryGet(out ValueId payload))
        {
            output.Append("null");
            return;
        }
        output.Append('?');
        Print(payload, ((OptionalType)module.Types[optional.Type]).Child);
    }

    private void PrintError(ErrorId error) => PrintPlainName(output.Append("error."), module.Errors[error]);

    private void PrintErrorUnion(ErrorUnionValue union)
    {
        if (union.Error.TryGet(out ErrorId error))
        {
            PrintError(error);
            return;
        }
        output.Append("ok(");
        Print(union.Payload.Value, ((ErrorUnionType)module.Types[union.Type]).Payload);
        output.Append(')');
    }

    private void PrintUnion(UnionValue union)
    {
        Sequence<AirField> fields = module.Types.FieldsOf(union.Type);
        PrintPlainName(output.Append("{."), fields[union.Field].Name);
        output.Append(" = ");
        Print(union.Payload, fields[union.Field].Type);
        output.Append('}');
    }
}
