using System.Globalization;
using System.Text;

namespace Weld.Air.Text;

/// <content>Types.</content>
internal sealed partial class ModulePrinter
{
    private void Print(StringBuilder _, TypeId type) => Print(type);

    public void Print(TypeId id)
    {
        switch (module.Types[id])
        {
            case NamedType { Name: { } name }:
                PrintName(output, '$', name);
                break;
            case NamedType named:
                PrintContents(named);
                break;
            case SimpleType simple:
                output.Append(simple.SimpleKind.ToString().ToLowerInvariant());
                break;
            case IntegerType { IsPointerSized: true } integer:
                output.Append(integer.IsSigned ? "isize" : "usize");
                break;
            case IntegerType integer:
                output.Append(CultureInfo.InvariantCulture, $"{(integer.IsSigned ? 'i' : 'u')}{integer.Bits}");
                break;
            case FloatType number:
                output.Append(CultureInfo.InvariantCulture, $"f{number.Bits}");
                break;
            case ReferenceType reference:
                PrintReference(reference);
                break;
            case ArrayType array:
                PrintArray(array);
                break;
            case VectorType vector:
                output.Append(CultureInfo.InvariantCulture, $"@Vector({vector.Length}, ");
                Print(vector.Child);
                output.Append(')');
                break;
            case OptionalType optional:
                output.Append('?');
                Print(optional.Child);
                break;
            case ErrorSetType errors:
                PrintErrorSet(errors);
                break;
            case ErrorUnionType union:
                PrintErrorUnion(union);
                break;
            case FunctionType function:
                PrintFunction(function);
                break;
        }
    }

    private void PrintReference(ReferenceType type)
    {
        output.Append(type switch { SliceType => "[]", PointerType { IsMany: true } => "[*]", _ => "*" });
        if (type.IsAllowZero)
            output.Append("allowzero ");
        if (type is PointerType { IsBitPointer: true } bits)
            output.Append(CultureInfo.InvariantCulture, $"align({bits.Alignment}:{bits.BitOffset}:{bits.HostBytes}) ");
        else if (type.Alignment != 0)
            output.Append(CultureInfo.InvariantCulture, $"align({type.Alignment}) ");
        if (type.IsConst)
            output.Append("const ");
        if (type.IsVolatile)
            output.Append("volatile ");
        Print(type.Child);
    }

    private void PrintArray(ArrayType array)
    {
        output.Append(CultureInfo.InvariantCulture, $"[{array.Length}");
        if (array.Sentinel.TryGet(out ValueId sentinel))
            output.Append(CultureInfo.InvariantCulture, $":{(module.Values[sentinel] as IntegerValue)?.Value ?? BigInteger.Zero}");
        output.Append(']');
        Print(array.Child);
    }

    private void PrintErrorSet(ErrorSetType set)
    {
        if (set.IsAny)
        {
            output.Append("anyerror");
            return;
        }
        output.Append("error{");
        for (int i = 0; i < set.Errors.Count; i++)
            PrintPlainName(output.Append(i == 0 ? "" : ", "), module.Errors[set.Errors[i]]);
        output.Append('}');
    }

    private void PrintErrorUnion(ErrorUnionType union)
    {
        bool isSet = module.Types[union.ErrorSet] is ErrorSetType;
        output.Append(isSet ? "" : "(");
        Print(union.ErrorSet);
        output.Append(isSet ? "!" : ")!");
        Print(union.Payload);
    }

    private void PrintFunction(FunctionType function)
    {
        output.Append("fn(");
        for (int i = 0; i < function.Parameters.Count; i++)
        {
            output.Append(i == 0 ? "" : ", ");
            Print(function.Parameters[i]);
        }
        PrintAfterParameters(function);
    }

    /// <summary>From the dots of a variadic function to the result.</summary>
    public void PrintAfterParameters(FunctionType function)
    {
        if (function.IsVariadic)
            output.Append(function.Parameters.Count == 0 ? "..." : ", ...");
        output.Append(function.Convention == CallingConvention.C ? ") callconv(c)" : ")");
        if (function.Result == TypeId.Void)
            return;
        output.Append(" -> ");
        Print(function.Result);
    }

    // ---- What may have a name ----

    private void PrintContents(NamedType type)
    {
        switch (type)
        {
            case OpaqueType:
                output.Append("opaque");
                break;
            case EnumType tags:
                PrintEnum(tags);
                break;
            case StructType { IsTuple: true } tuple:
                output.Append("tuple");
                PrintFields(tuple.Fields, isTuple: true);
                break;
            case StructType fields:
                PrintLayout(fields.Layout, fields.BackingInteger);
                output.Append("struct");
                PrintFields(fields.Fields, isTuple: false);
                break;
            case UnionType union:
                PrintLayout(union.Layout, default);
                output.Append("union");
                PrintInParentheses(union.Tag);
                PrintFields(union.Fields, isTuple: false);
                break;
        }
    }

    private void PrintLayout(ContainerLayout layout, OptionalId<TypeId> backing)
    {
        if (layout == ContainerLayout.Auto)
            return;
        output.Append(layout == ContainerLayout.Packed ? "packed" : "extern");
        PrintInParentheses(backing);
        output.Append(' ');
    }

    private void PrintInParentheses(OptionalId<TypeId> type)
    {
        if (!type.TryGet(out TypeId id))
            return;
        output.Append('(');
        Print(id);
        output.Append(')');
    }

    private void PrintFields(Sequence<AirField> fields, bool isTuple)
    {
        output.Append(fields.Count == 0 ? " {" : " { ");
        for (int i = 0; i < fields.Count; i++)
        {
            output.Append(i == 0 ? "" : ", ");
            if (!isTuple)
            {
                PrintPlainName(output, fields[i].Name);
                output.Append(": ");
            }
            Print(fields[i].Type);
            if (fields[i].Alignment != 0)
                output.Append(CultureInfo.InvariantCulture, $" align({fields[i].Alignment})");
        }
        output.Append(fields.Count == 0 ? "}" : " }");
    }

    private void PrintEnum(EnumType type)
    {
        output.Append("enum(");
        Print(type.Tag);
        output.Append(") { ");
        for (int i = 0; i < type.Fields.Count; i++)
        {
            PrintPlainName(output.Append(i == 0 ? "" : ", "), type.Fields[i].Name);
            output.Append(CultureInfo.InvariantCulture, $" = {type.Fields[i].Value}");
        }
        if (type.IsOpen)
            output.Append(type.Fields.Count == 0 ? "_" : ", _");
        output.Append(" }");
    }
}
