namespace Weld.Linker.Demangling.Itanium;

/// <summary>Which name a template parameter gets that has none in the mangling.</summary>
internal enum InventedKind
{
    Type,
    Value,
    Template,
}

/// <content>Template parameters and arguments, and packs of them.</content>
internal sealed partial class ItaniumPrinter
{
    private void PrintTemplatePartLeft(ref Node node)
    {
        switch (node.Kind)
        {
            case NodeKind.ArgumentPack:
                PrintList(node.A);
                break;
            case NodeKind.QualifiedArgument:
                Print(node.A);
                break;
            case NodeKind.ParameterPack:
                if (TryGetPackElement(ref node, out int element))
                    PrintLeft(element);
                break;
            case NodeKind.PackExpansion:
                PrintExpansion(node.A);
                break;
            case NodeKind.ForwardReference:
                PrintForwardReference(ref node, isRight: false);
                break;
            case NodeKind.InventedParameter:
                PrintInventedParameter(ref node);
                break;
            case NodeKind.TypeParameter:
                Write("typename "u8);
                break;
            case NodeKind.ConstrainedParameter:
                Print(node.B);
                Write(' ');
                break;
            case NodeKind.NonTypeParameter:
                PrintLeft(node.B);
                if (!HasRightSide(node.B))
                    Write(' ');
                break;
            case NodeKind.TemplateParameter:
                Write("template"u8);
                PrintInAngles(node.B);
                Write(" typename "u8);
                break;
            case NodeKind.ParameterPackDeclaration:
                PrintLeft(node.A);
                Write("..."u8);
                break;
        }
    }

    private void PrintTemplateArguments(ref Node node) => PrintInAngles(node.A);

    // A: name, B: its parameters, C: constraint
    private void PrintTemplateParameterRight(ref Node node)
    {
        Print(node.A);
        PrintConstraint(node.C);
    }

    private void PrintInventedParameter(ref Node node)
    {
        Write((InventedKind)node.A switch
        {
            InventedKind.Type => "$T"u8,
            InventedKind.Value => "$N"u8,
            _ => "$TT"u8,
        });
        if (node.B > 0)
            _output.AppendDecimal((uint)node.B - 1);
    }

    /// <summary>The element of a pack whose turn it is; the first pack met decides how many turns there are.</summary>
    private bool TryGetPackElement(ref Node node, out int element)
    {
        ReadOnlySpan<int> elements = tree.GetList(node.A);
        if (_packSize == NoPack)
        {
            _packSize = elements.Length;
            _packIndex = 0;
        }
        bool hasElement = (uint)_packIndex < (uint)elements.Length;
        element = hasElement ? elements[_packIndex] : ItaniumTree.None;
        return hasElement;
    }

    /// <summary>Prints the pattern once for each element of the packs in it.</summary>
    private void PrintExpansion(int pattern)
    {
        int outerIndex = _packIndex;
        int outerSize = _packSize;
        _packIndex = NoPack;
        _packSize = NoPack;
        int start = _output.Length;

        Print(pattern);
        if (_packSize == NoPack)
        {
            Write("..."u8);   // of a function parameter: how many there are is not in the name
        }
        else if (_packSize == 0)
        {
            _output.Truncate(start);
        }
        else
        {
            int size = _packSize;
            for (int i = 1; i < size && !_failed; i++)
            {
                Write(", "u8);
                _packIndex = i;
                Print(pattern);
            }
        }
        _packIndex = outerIndex;
        _packSize = outerSize;
    }

    // A: index, B: the argument
    private void PrintForwardReference(ref Node node, bool isRight)
    {
        if (node.Has(NodeFlag.Printing))
            return;
        node.Flags |= NodeFlag.Printing;
        if (isRight)
            PrintRight(node.B);
        else
            PrintLeft(node.B);
        node.Flags &= unchecked((byte)~NodeFlag.Printing);
    }

    /// <summary>What stands behind packs and forward references.</summary>
    private int GetSyntaxNode(int id)
    {
        int result = id;
        if (Enter())
        {
            ref Node node = ref tree[id];
            if (node.Kind == NodeKind.ParameterPack)
            {
                if (TryGetPackElement(ref node, out int element))
                    result = GetSyntaxNode(element);
            }
            else if (node.Kind == NodeKind.ForwardReference && !node.Has(NodeFlag.Printing))
            {
                node.Flags |= NodeFlag.Printing;
                result = GetSyntaxNode(node.B);
                node.Flags &= unchecked((byte)~NodeFlag.Printing);
            }
        }
        _depth--;
        return result;
    }
}
