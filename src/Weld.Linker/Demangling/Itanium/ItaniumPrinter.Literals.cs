using System.Buffers.Text;

namespace Weld.Linker.Demangling.Itanium;

/// <content>Literals, braced initializers and requirements.</content>
internal sealed partial class ItaniumPrinter
{
    private void PrintLiteralOrRequirement(ref Node node)
    {
        switch (node.Kind)
        {
            case NodeKind.InitializerList:
                PrintInitializerList(ref node);
                break;
            case NodeKind.BracedField:
                Write('.');
                Print(node.A);
                PrintBracedInitializer(node.C);
                break;
            case NodeKind.BracedElement:
                Write('[');
                Print(node.A);
                Write(']');
                PrintBracedInitializer(node.C);
                break;
            case NodeKind.BracedRange:
                Write('[');
                Print(node.A);
                Write(" ... "u8);
                Print(node.B);
                Write(']');
                PrintBracedInitializer(node.C);
                break;
            case NodeKind.StringLiteral:
                Write("\"<"u8);
                Print(node.A);
                Write(">\""u8);
                break;
            case NodeKind.EnumLiteral:
                PrintInParentheses(node.C);
                WriteNumber(node.A, node.B);
                break;
            case NodeKind.IntegerLiteral:
                PrintIntegerLiteral(ref node);
                break;
            case NodeKind.FloatLiteral:
                HexFloat.Write(tree.GetText(node.A, node.B), node.Flags, _output);
                break;
            case NodeKind.Requires:
                PrintRequires(ref node);
                break;
            case NodeKind.ExpressionRequirement:
                PrintExpressionRequirement(ref node);
                break;
            case NodeKind.TypeRequirement:
                Write(" typename "u8);
                Print(node.A);
                Write(';');
                break;
            case NodeKind.NestedRequirement:
                Write(" requires "u8);
                Print(node.A);
                Write(';');
                break;
        }
    }

    // A: type or none, B: elements
    private void PrintInitializerList(ref Node node)
    {
        if (node.A != ItaniumTree.None)
        {
            if (tree[node.A].Kind == NodeKind.Array && tree.IsName(tree[node.A].A, "char"u8) && TryPrintString(node.B))
                return;
            Print(node.A);
        }
        Write('{');
        PrintList(node.B);
        Write('}');
    }

    private void PrintBracedInitializer(int initializer)
    {
        if (tree[initializer].Kind is not (NodeKind.BracedField or NodeKind.BracedElement or NodeKind.BracedRange))
            Write(" = "u8);
        Print(initializer);
    }

    /// <summary>Prints a list of character codes as a string literal; false, with nothing printed, if there is something else.</summary>
    private bool TryPrintString(int list)
    {
        int start = _output.Length;
        Write('"');
        bool afterNumber = false;
        foreach (int element in tree.GetList(list))
        {
            ref Node node = ref tree[element];
            if (node.Kind != NodeKind.IntegerLiteral || !TryGetCharacter(tree.GetText(node.A, node.B), out byte character))
            {
                _output.Truncate(start);
                return false;
            }
            if (afterNumber && char.IsAsciiHexDigit((char)character))
                Write("\"\""u8);   // else the digit would become part of the number
            afterNumber = WriteCharacter(character);
        }
        Write('"');
        return true;
    }

    private static bool TryGetCharacter(ReadOnlySpan<byte> digits, out byte character)
    {
        int value = 0;
        character = 0;
        foreach (byte digit in digits)
        {
            if (!char.IsAsciiDigit((char)digit) || value > 25)
                return false;
            value = (value * 10) + digit - '0';
        }
        character = (byte)value;
        return value <= byte.MaxValue;
    }

    /// <summary>Writes one character of a string literal; true if it was written as a number.</summary>
    private bool WriteCharacter(byte character)
    {
        ReadOnlySpan<byte> escaped = character switch
        {
            (byte)'\a' => "\\a"u8,
            (byte)'\b' => "\\b"u8,
            (byte)'\f' => "\\f"u8,
            (byte)'\n' => "\\n"u8,
            (byte)'\r' => "\\r"u8,
            (byte)'\t' => "\\t"u8,
            (byte)'\v' => "\\v"u8,
            (byte)'"' => "\\\""u8,
            (byte)'\\' => "\\\\"u8,
            _ => default,
        };
        if (!escaped.IsEmpty)
        {
            Write(escaped);
            return false;
        }
        if (character is >= 32 and not 127)
        {
            Write((char)character);
            return false;
        }

        Span<byte> number = stackalloc byte[2];
        Utf8Formatter.TryFormat(character, number, out int length, new System.Buffers.StandardFormat('X'));
        Write('\\');
        if (character > 7)
            Write('x');
        Write(number[..length]);
        return true;
    }

    // A and B: the number, C: the suffix or the name of the type
    private void PrintIntegerLiteral(ref Node node)
    {
        ReadOnlySpan<byte> type = Words.Text((Word)node.C);
        if (type.Length > 3)
        {
            Open('(');
            Write(type);
            Close(')');
        }
        WriteNumber(node.A, node.B);
        if (type.Length <= 3)
            Write(type);
    }

    // A: parameters, B: requirements
    private void PrintRequires(ref Node node)
    {
        Write("requires"u8);
        if (node.A != ItaniumTree.EmptyList)
        {
            Write(' ');
            PrintListInParentheses(node.A);
        }
        Write(' ');
        Open('{');
        foreach (int requirement in tree.GetList(node.B))
        {
            if (_failed)
                return;
            Print(requirement);
        }
        Write(' ');
        Close('}');
    }

    // A: expression, B: constraint on its type
    private void PrintExpressionRequirement(ref Node node)
    {
        bool isCompound = node.Has(NodeFlag.Noexcept) || node.B != ItaniumTree.None;
        Write(' ');
        if (isCompound)
            Open('{');
        Print(node.A);
        if (isCompound)
            Close('}');
        if (node.Has(NodeFlag.Noexcept))
            Write(" noexcept"u8);
        if (node.B != ItaniumTree.None)
        {
            Write(" -> "u8);
            Print(node.B);
        }
        Write(';');
    }
}
