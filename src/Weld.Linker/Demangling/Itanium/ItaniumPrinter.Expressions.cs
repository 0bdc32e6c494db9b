namespace Weld.Linker.Demangling.Itanium;

/// <content>Expressions.</content>
internal sealed partial class ItaniumPrinter
{
    private void PrintExpression(ref Node node)
    {
        switch (node.Kind)
        {
            case NodeKind.List:
                PrintList(node.A);
                break;
            case NodeKind.Binary:
                PrintBinary(ref node);
                break;
            case NodeKind.Subscript:
                PrintOperand(node.A, node.Precedence);
                Open('[');
                PrintOperand(node.B);
                Close(']');
                break;
            case NodeKind.PostfixOperator:
                PrintOperand(node.A, node.Precedence, orEqual: true);
                Write(OperatorTable.Get(node.B).Symbol);
                break;
            case NodeKind.PrefixOperator:
                Write(OperatorTable.Get(node.B).Symbol);
                PrintOperand(node.A, node.Precedence);
                break;
            case NodeKind.Conditional:
                PrintOperand(node.A, node.Precedence);
                Write(" ? "u8);
                PrintOperand(node.B);
                Write(" : "u8);
                PrintOperand(node.C, Precedence.Assign, orEqual: true);
                break;
            case NodeKind.Member:
                PrintOperand(node.A, node.Precedence, orEqual: true);
                Write(OperatorTable.Get(node.C).Symbol);
                PrintOperand(node.B, node.Precedence);
                break;
            case NodeKind.Subobject:
                PrintSubobject(ref node);
                break;
            case NodeKind.Enclosing:
                // The prefix is a word, or the name of an operator.
                Write(node.B == (int)Word.None ? OperatorTable.Get(node.C).Symbol : Words.Text((Word)node.B));
                Open('(');
                Print(node.A);
                Close(')');
                break;
            case NodeKind.Cast:
                PrintCast(ref node);
                break;
            case NodeKind.SizeofPack:
                Write("sizeof..."u8);
                Open('(');
                PrintExpansion(node.A);
                Close(')');
                break;
            case NodeKind.Call:
                PrintCall(ref node);
                break;
            case NodeKind.New:
                PrintNew(ref node);
                break;
            case NodeKind.Delete:
                WriteAllocation("delete"u8, ref node);
                Write(' ');
                Print(node.A);
                break;
            case NodeKind.FunctionParameter:
                Write("fp"u8);
                Write(tree.GetText(node.A, node.B));
                break;
            case NodeKind.Conversion:
                PrintInParentheses(node.A);
                PrintListInParentheses(node.B);
                break;
            case NodeKind.PointerToMemberConversion:
                PrintInParentheses(node.A);
                PrintInParentheses(node.B);
                break;
            case NodeKind.Fold:
                PrintFold(ref node);
                break;
            case NodeKind.Throw:
                Write("throw "u8);
                Print(node.A);
                break;
            case NodeKind.Lambda:
                Write("[]"u8);
                if (tree[node.A].Kind == NodeKind.Closure)
                    PrintLambdaDeclarator(ref tree[node.A]);
                Write("{...}"u8);
                break;
            default:
                PrintLiteralOrRequirement(ref node);
                break;
        }
    }

    private void PrintInParentheses(int id)
    {
        Open('(');
        Print(id);
        Close(')');
    }

    private void PrintListInParentheses(int list)
    {
        Open('(');
        PrintList(list);
        Close(')');
    }

    // A and B: operands, C: operator
    private void PrintBinary(ref Node node)
    {
        OperatorInfo info = OperatorTable.Get(node.C);
        bool wrap = info.ClosesAngle && _parentheses <= 0;
        if (wrap)
            Open('(');

        bool isAssignment = node.Precedence == Precedence.Assign;   // binds from the right
        PrintOperand(node.A, isAssignment ? Precedence.LogicalOr : node.Precedence, orEqual: !isAssignment);
        if (!info.IsComma)
            Write(' ');
        Write(info.Symbol);
        Write(' ');
        PrintOperand(node.B, node.Precedence, orEqual: isAssignment);

        if (wrap)
            Close(')');
    }

    // A and B: the offset, C: type, D: the object
    private void PrintSubobject(ref Node node)
    {
        Print(node.D);
        Write(".<"u8);
        Print(node.C);
        Write(" at offset "u8);
        if (node.B == 0)
            Write('0');
        else
            WriteNumber(node.A, node.B);
        Write('>');
    }

    // A: operand, B: type, C: operator
    private void PrintCast(ref Node node)
    {
        Write(OperatorTable.Get(node.C).Symbol);
        bool outer = _inTemplateArguments;
        _inTemplateArguments = true;
        Write('<');
        PrintLeft(node.B);
        Write('>');
        _inTemplateArguments = outer;
        Open('(');
        PrintOperand(node.A);
        Close(')');
    }

    // A: function, B: arguments
    private void PrintCall(ref Node node)
    {
        if (node.Has(NodeFlag.Parenthesized))
            PrintInParentheses(node.A);
        else
            Print(node.A);
        PrintListInParentheses(node.B);
    }

    // A: type, B: placement arguments, C: initializers
    private void PrintNew(ref Node node)
    {
        WriteAllocation("new"u8, ref node);
        if (node.B != ItaniumTree.EmptyList)
            PrintListInParentheses(node.B);
        Write(' ');
        Print(node.A);
        if (node.C != ItaniumTree.EmptyList)
            PrintListInParentheses(node.C);
    }

    private void WriteAllocation(ReadOnlySpan<byte> keyword, ref Node node)
    {
        if (node.Has(NodeFlag.Global))
            Write("::"u8);
        Write(keyword);
        if (node.Has(NodeFlag.ArrayForm))
            Write("[]"u8);
    }

    // A: pack, B: first or last operand, C: operator
    private void PrintFold(ref Node node)
    {
        bool isLeft = node.Has(NodeFlag.Left);
        ReadOnlySpan<byte> symbol = OperatorTable.Get(node.C).Symbol;
        Open('(');
        if (!isLeft || node.B != ItaniumTree.None)
        {
            PrintFoldOperand(isLeft ? node.B : ItaniumTree.None, node.A);
            WriteFoldOperator(symbol);
        }
        Write("..."u8);
        if (isLeft || node.B != ItaniumTree.None)
        {
            WriteFoldOperator(symbol);
            PrintFoldOperand(isLeft ? ItaniumTree.None : node.B, node.A);
        }
        Close(')');
    }

    private void PrintFoldOperand(int operand, int pack)
    {
        if (operand != ItaniumTree.None)
        {
            PrintOperand(operand, Precedence.Cast, orEqual: true);
            return;
        }
        Open('(');
        PrintExpansion(pack);
        Close(')');
    }

    private void WriteFoldOperator(ReadOnlySpan<byte> symbol)
    {
        Write(' ');
        Write(symbol);
        Write(' ');
    }
}
