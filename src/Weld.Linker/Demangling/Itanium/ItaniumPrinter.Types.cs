namespace Weld.Linker.Demangling.Itanium;

/// <content>Types, and what their declarators need to know of each other.</content>
internal sealed partial class ItaniumPrinter
{
    private readonly NodeStack _collapsed = new();

    private void PrintTypeLeft(ref Node node)
    {
        switch (node.Kind)
        {
            case NodeKind.VendorQualified:
                Print(node.A);
                Write(' ');
                Write(tree.GetText(node.B, node.C));
                if (node.D != ItaniumTree.None)
                    Print(node.D);
                break;
            case NodeKind.PostfixQualified:
                PrintLeft(node.A);
                Write(Words.Text((Word)node.B));
                break;
            case NodeKind.Elaborated:
                Write(Words.Text((Word)node.B));
                Write(' ');
                Print(node.A);
                break;
            case NodeKind.Transformed:
                Write(tree.GetText(node.A, node.B));
                Write('(');
                Print(node.C);
                Write(')');
                break;
            case NodeKind.ObjCProtocol:
                Print(node.A);
                WriteProtocol(ref node);
                break;
            case NodeKind.PointerToMember:
                PrintLeft(node.B);
                Write(HasArray(node.B) || HasFunction(node.B) ? '(' : ' ');
                Print(node.A);
                Write("::*"u8);
                break;
            case NodeKind.Array:
                PrintLeft(node.A);
                break;
            case NodeKind.Function:
                PrintLeft(node.A);
                Write(' ');
                break;
            case NodeKind.Noexcept:
                Write("noexcept"u8);
                Open('(');
                PrintOperand(node.A);
                Close(')');
                break;
            case NodeKind.DynamicExceptions:
                Write("throw"u8);
                Open('(');
                PrintList(node.A);
                Close(')');
                break;
            case NodeKind.Vector:
                Print(node.A);
                Write(" vector["u8);
                if (node.B != ItaniumTree.None)
                    Print(node.B);
                Write(']');
                break;
            case NodeKind.PixelVector:
                Write("pixel vector["u8);
                Print(node.A);
                Write(']');
                break;
            case NodeKind.BinaryFloat:
                Write("_Float"u8);
                Write(tree.GetText(node.A, node.B));
                break;
            case NodeKind.BitInt:
                Write(node.Has(NodeFlag.Unsigned) ? "unsigned _BitInt"u8 : "_BitInt"u8);
                Open('(');
                PrintOperand(node.A);
                Close(')');
                break;
        }
    }

    private void PrintPointerLeft(ref Node node)
    {
        if (IsObjCObject(node.A))
        {
            Write("id"u8);
            WriteProtocol(ref tree[node.A]);
            return;
        }
        PrintLeft(node.A);
        OpenDeclarator(node.A);
        Write('*');
    }

    private void PrintPointerRight(ref Node node)
    {
        if (IsObjCObject(node.A))
            return;
        CloseDeclarator(node.A);
        PrintRight(node.A);
    }

    private void OpenDeclarator(int of)
    {
        bool isArray = HasArray(of);
        if (isArray)
            Write(' ');
        if (isArray || HasFunction(of))
            Write('(');
    }

    private void CloseDeclarator(int of)
    {
        if (HasArray(of) || HasFunction(of))
            Write(')');
    }

    /// <summary>objc_object with a protocol: a pointer to it is written id.</summary>
    private bool IsObjCObject(int id) =>
        tree[id].Kind == NodeKind.ObjCProtocol && tree.IsName(tree[id].A, "objc_object"u8);

    private void WriteProtocol(ref Node node)
    {
        Write('<');
        Write(tree.GetText(node.B, node.C));
        Write('>');
    }

    private void PrintReferenceLeft(ref Node node)
    {
        if (node.Has(NodeFlag.Printing))
            return;
        node.Flags |= NodeFlag.Printing;
        int referenced = CollapseReferences(ref node, out bool isRValue);
        if (referenced != ItaniumTree.None)
        {
            PrintLeft(referenced);
            OpenDeclarator(referenced);
            Write(isRValue ? "&&"u8 : "&"u8);
        }
        node.Flags &= unchecked((byte)~NodeFlag.Printing);
    }

    private void PrintReferenceRight(ref Node node)
    {
        if (node.Has(NodeFlag.Printing))
            return;
        node.Flags |= NodeFlag.Printing;
        int referenced = CollapseReferences(ref node, out _);
        if (referenced != ItaniumTree.None)
        {
            CloseDeclarator(referenced);
            PrintRight(referenced);
        }
        node.Flags &= unchecked((byte)~NodeFlag.Printing);
    }

    /// <summary>What a reference to a reference … refers to in the end; none if it refers to itself.</summary>
    /// <remarks>Only rvalue references all the way give an rvalue reference.</remarks>
    private int CollapseReferences(ref Node node, out bool isRValue)
    {
        isRValue = node.Has(NodeFlag.RValue);
        int referenced = node.A;
        _collapsed.Clear();
        while (true)
        {
            ref Node next = ref tree[GetSyntaxNode(referenced)];
            if (next.Kind != NodeKind.Reference || _failed)
                return referenced;
            referenced = next.A;
            isRValue &= next.Has(NodeFlag.RValue);

            // A cycle is there when the walk meets the node that a walk at half the speed is at.
            _collapsed.Push(referenced);
            if (_collapsed.Count > 1 && referenced == _collapsed[(_collapsed.Count - 1) / 2])
                return ItaniumTree.None;
        }
    }

    private void PrintPointerToMemberRight(ref Node node)
    {
        CloseDeclarator(node.B);
        PrintRight(node.B);
    }

    private void PrintArrayRight(ref Node node)
    {
        if (_output.Last != ']')
            Write(' ');
        Write('[');
        if (node.B != ItaniumTree.None)
            Print(node.B);
        Write(']');
        PrintRight(node.A);
    }

    // A: return type, B: parameters, C: exception specification
    private void PrintFunctionRight(ref Node node)
    {
        Open('(');
        PrintList(node.B);
        Close(')');
        PrintRight(node.A);
        WriteQualifiers(node.Flags);
        WriteReferenceQualifier(node.Flags);
        if (node.C != ItaniumTree.None)
        {
            Write(' ');
            Print(node.C);
        }
    }

    private bool HasRightSide(int id) => (tree[id].Shape & Shape.RightSideMask) switch
    {
        Shape.RightSide => true,
        Shape.RightSideUnknown => LookInside(id, HasRightSideInside),
        _ => false,
    };

    private bool HasArray(int id) => (tree[id].Shape & Shape.ArrayMask) switch
    {
        Shape.Array => true,
        Shape.ArrayUnknown => LookInside(id, HasArrayInside),
        _ => false,
    };

    private bool HasFunction(int id) => (tree[id].Shape & Shape.FunctionMask) switch
    {
        Shape.Function => true,
        Shape.FunctionUnknown => LookInside(id, HasFunctionInside),
        _ => false,
    };

    private static readonly Func<ItaniumPrinter, int, bool> HasRightSideInside = (printer, id) => printer.HasRightSide(id);
    private static readonly Func<ItaniumPrinter, int, bool> HasArrayInside = (printer, id) => printer.HasArray(id);
    private static readonly Func<ItaniumPrinter, int, bool> HasFunctionInside = (printer, id) => printer.HasFunction(id);

    /// <summary>Asks the part of a node that its shape comes from.</summary>
    private bool LookInside(int id, Func<ItaniumPrinter, int, bool> ask)
    {
        bool answer = false;
        if (Enter())
        {
            ref Node node = ref tree[id];
            switch (node.Kind)
            {
                case NodeKind.Qualified:
                case NodeKind.Pointer:
                case NodeKind.Reference:
                    answer = ask(this, node.A);
                    break;
                case NodeKind.PointerToMember:
                    answer = ask(this, node.B);
                    break;
                case NodeKind.ParameterPack:
                    answer = TryGetPackElement(ref node, out int element) && ask(this, element);
                    break;
                case NodeKind.ForwardReference when !node.Has(NodeFlag.Printing):
                    node.Flags |= NodeFlag.Printing;
                    answer = ask(this, node.B);
                    node.Flags &= unchecked((byte)~NodeFlag.Printing);
                    break;
            }
        }
        _depth--;
        return answer;
    }
}
