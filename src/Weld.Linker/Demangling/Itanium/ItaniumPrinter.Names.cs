namespace Weld.Linker.Demangling.Itanium;

/// <content>Names and encodings.</content>
internal sealed partial class ItaniumPrinter
{
    private void PrintName(ref Node node)
    {
        switch (node.Kind)
        {
            case NodeKind.MemberLikeFriend:
                Print(node.A);
                Write("::friend "u8);
                Print(node.B);
                break;
            case NodeKind.GlobalName:
                Write("::"u8);
                Print(node.A);
                break;
            case NodeKind.ModuleName:
                PrintModuleName(ref node);
                break;
            case NodeKind.ModuleEntity:
                Print(node.A);
                Write('@');
                Print(node.B);
                break;
            case NodeKind.AbiTagged:
                PrintLeft(node.A);
                Write("[abi:"u8);
                Write(tree.GetText(node.B, node.C));
                Write(']');
                break;
            case NodeKind.SpecialSubstitution:
                Write("std::"u8);
                Write(GetShortName(node.A));
                break;
            case NodeKind.ExpandedSubstitution:
                PrintExpandedSubstitution(node.A);
                break;
            case NodeKind.ConstructorOrDestructor:
                if (node.Has(NodeFlag.Destructor))
                    Write('~');
                Write(GetBaseName(node.A));
                break;
            case NodeKind.DestructorOfType:
                Write('~');
                PrintLeft(node.A);
                break;
            case NodeKind.UnnamedType:
                Write("'unnamed"u8);
                Write(tree.GetText(node.A, node.B));
                Write('\'');
                break;
            case NodeKind.Closure:
                Write("'lambda"u8);
                Print(node.E);
                Write('\'');
                PrintLambdaDeclarator(ref node);
                break;
            case NodeKind.StructuredBinding:
                Open('[');
                PrintList(node.A);
                Close(']');
                break;
            case NodeKind.ConversionOperator:
                Write("operator "u8);
                Print(node.A);
                break;
            case NodeKind.LiteralOperator:
                Write("operator\"\" "u8);
                Print(node.A);
                break;
            case NodeKind.SpecialName:
                Write(Words.Text((Word)node.B));
                Print(node.A);
                break;
            case NodeKind.ConstructionVtable:
                Write("construction vtable for "u8);
                Print(node.A);
                Write("-in-"u8);
                Print(node.B);
                break;
            case NodeKind.DotSuffix:
                Print(node.A);
                Write(" ("u8);
                Write(tree.GetText(node.B, node.C));
                Write(')');
                break;
            case NodeKind.ExplicitObjectParameter:
                Write("this "u8);
                Print(node.A);
                break;
            case NodeKind.EnableIf:
                Write(" [enable_if:"u8);
                PrintList(node.A);
                Write(']');
                break;
        }
    }

    // A: name, B: parameters, C: return type, D: attributes, E: constraint
    private void PrintEncodingLeft(ref Node node)
    {
        if (node.C != ItaniumTree.None)
        {
            PrintLeft(node.C);
            if (!HasRightSide(node.C))
                Write(' ');
        }
        Print(node.A);
    }

    private void PrintEncodingRight(ref Node node)
    {
        Open('(');
        PrintList(node.B);
        Close(')');
        if (node.C != ItaniumTree.None)
            PrintRight(node.C);
        WriteQualifiers(node.Flags);
        WriteReferenceQualifier(node.Flags);
        if (node.D != ItaniumTree.None)
            Print(node.D);
        PrintConstraint(node.E);
    }

    private void PrintConstraint(int constraint)
    {
        if (constraint == ItaniumTree.None)
            return;
        Write(" requires "u8);
        Print(constraint);
    }

    // A: outer module, B: name
    private void PrintModuleName(ref Node node)
    {
        bool isPartition = node.Has(NodeFlag.Partition);
        if (node.A != ItaniumTree.None)
            Print(node.A);
        if (node.A != ItaniumTree.None || isPartition)
            Write(isPartition ? ':' : '.');
        Print(node.B);
    }

    // A: template parameters, B: constraint on them, C: parameters, D: constraint after them, E: number
    private void PrintLambdaDeclarator(ref Node node)
    {
        if (node.A != ItaniumTree.EmptyList)
            PrintInAngles(node.A);
        if (node.B != ItaniumTree.None)
        {
            PrintConstraint(node.B);
            Write(' ');
        }
        Open('(');
        PrintList(node.C);
        Close(')');
        PrintConstraint(node.D);
    }

    private void PrintInAngles(int list)
    {
        bool outer = _inTemplateArguments;
        _inTemplateArguments = true;
        Write('<');
        PrintList(list);
        Write('>');
        _inTemplateArguments = outer;
    }

    private void PrintExpandedSubstitution(int letter)
    {
        Write("std::"u8);
        Write(GetLongName(letter));
        if (letter is 'a' or 'b')
            return;
        Write("<char, std::char_traits<char>"u8);
        if (letter == 's')
            Write(", std::allocator<char>"u8);
        Write('>');
    }

    private static ReadOnlySpan<byte> GetShortName(int letter) => letter switch
    {
        'a' => "allocator"u8,
        'b' => "basic_string"u8,
        's' => "string"u8,
        'i' => "istream"u8,
        'o' => "ostream"u8,
        _ => "iostream"u8,
    };

    private static ReadOnlySpan<byte> GetLongName(int letter) => letter switch
    {
        'a' => "allocator"u8,
        'b' or 's' => "basic_string"u8,
        'i' => "basic_istream"u8,
        'o' => "basic_ostream"u8,
        _ => "basic_iostream"u8,
    };

    /// <summary>The name without scope and arguments, which a constructor repeats.</summary>
    private ReadOnlySpan<byte> GetBaseName(int id)
    {
        while (true)
        {
            ref Node node = ref tree[id];
            switch (node.Kind)
            {
                case NodeKind.Name:
                    return tree.GetText(node.A, node.B);
                case NodeKind.Word:
                    return (Word)node.A is Word.True or Word.False ? default : Words.Text((Word)node.A);
                case NodeKind.OperatorName:
                    return OperatorTable.Get(node.A).Name;
                case NodeKind.SpecialSubstitution:
                    return GetShortName(node.A);
                case NodeKind.ExpandedSubstitution:
                    return GetLongName(node.A);
                case NodeKind.NestedName:
                case NodeKind.MemberLikeFriend:
                    id = node.B;
                    break;
                case NodeKind.ModuleEntity:
                case NodeKind.AbiTagged:
                case NodeKind.TemplateInstance:
                case NodeKind.GlobalName:
                    id = node.A;
                    break;
                default:
                    return default;
            }
        }
    }
}
