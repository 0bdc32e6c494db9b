using System.Runtime.CompilerServices;

namespace Weld.Linker.Demangling.Itanium;

/// <summary>Writes the tree of a name as C++.</summary>
/// <remarks>
/// <para>A declarator has a left and a right part around the name it declares: <c>int (*</c> name <c>)[3]</c>. So each node is
/// printed in two steps; only those with <see cref="Shape.RightSide"/> have something for the second.</para>
/// <para>The tree is a graph: substitutions share nodes, and malformed names can make it cyclic. Steps, nesting and output are
/// therefore bounded, and the name counts as not mangled when a bound is reached.</para>
/// </remarks>
internal sealed partial class ItaniumPrinter(ItaniumTree tree)
{
    // A step writes some bytes on average, so the limit on the output comes first except by malice.
    private const int StepFloor = 1 << 15;
    private const int StepsPerByte = 512;

    private const int NoPack = -1;

    private Utf8Buffer _output = new();
    private int _stepsLeft;
    private int _depth;
    private int _maxDepth;
    private bool _failed;

    /// <summary>Which element of parameter packs is being printed, and how many the first pack met has.</summary>
    private int _packIndex;
    private int _packSize;

    /// <summary>Whether a bare &gt; would close a template argument list: in one, and in no parentheses since.</summary>
    private bool _inTemplateArguments;
    private int _parentheses;

    /// <summary>Whether the last name was given up because its nodes were nested too deeply.</summary>
    public bool WasTooDeep { get; private set; }

    /// <summary>Appends the text of a node; false if a limit was reached.</summary>
    public bool TryPrint(int root, Utf8Buffer output, int maxDepth)
    {
        _output = output;
        _stepsLeft = StepFloor + (StepsPerByte * tree.NameLength);
        _depth = 0;
        _maxDepth = maxDepth;
        WasTooDeep = false;
        _failed = false;
        _packIndex = NoPack;
        _packSize = NoPack;
        _inTemplateArguments = false;
        _parentheses = 0;
        Print(root);
        return !_failed && !output.IsFull;
    }

    private void Print(int node)
    {
        PrintLeft(node);
        if ((tree[node].Shape & Shape.RightSideMask) != 0)
            PrintRight(node);
    }

    /// <summary>Prints an operand, in parentheses if it binds no tighter than <paramref name="limit"/>.</summary>
    private void PrintOperand(int node, Precedence limit = Precedence.Default, bool orEqual = false)
    {
        Precedence precedence = tree[node].Precedence;
        bool needsParentheses = orEqual ? precedence > limit : precedence >= limit;
        if (needsParentheses)
            Open('(');
        Print(node);
        if (needsParentheses)
            Close(')');
    }

    private void PrintList(int list)
    {
        bool isFirst = true;
        ReadOnlySpan<int> nodes = tree.GetList(list);
        foreach (int node in nodes)
        {
            if (_failed)
                return;
            int beforeComma = _output.Length;
            if (!isFirst)
                Write(", "u8);
            int afterComma = _output.Length;
            PrintOperand(node, Precedence.Comma);
            if (_output.Length == afterComma)
                _output.Truncate(beforeComma);   // an empty pack has no comma either
            else
                isFirst = false;
        }
    }

    // A full buffer is noticed at the end: it takes nothing more, and the steps are bounded.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Enter()
    {
        if (--_stepsLeft < 0 || _depth >= _maxDepth)
            GiveUp();
        _depth++;
        return !_failed;
    }

    private void GiveUp()
    {
        WasTooDeep |= _stepsLeft >= 0;
        _failed = true;
    }

    private void PrintLeft(int id)
    {
        ref Node node = ref tree[id];
        if (node.Kind == NodeKind.Name && --_stepsLeft >= 0)
        {
            _output.AppendStart(tree.GetTextFrom(node.A), node.B);
            return;
        }
        if (Enter())
            PrintLeftOf(ref node);
        _depth--;
    }

    // Nodes do not move while printing, so a reference to one stays good.
    private void PrintLeftOf(ref Node node)
    {
        switch (node.Kind)
        {
            case NodeKind.Word:
                Write(Words.Text((Word)node.A));
                break;
            case NodeKind.OperatorName:
                Write(OperatorTable.Get(node.A).Name);
                break;
            case NodeKind.NestedName:
            case NodeKind.LocalName:
                Print(node.A);
                Write("::"u8);
                Print(node.B);
                break;
            case NodeKind.TemplateInstance:
                Print(node.A);
                Print(node.B);
                break;
            case NodeKind.TemplateArguments:
                PrintTemplateArguments(ref node);
                break;
            case NodeKind.Pointer:
                PrintPointerLeft(ref node);
                break;
            case NodeKind.Reference:
                PrintReferenceLeft(ref node);
                break;
            case NodeKind.Qualified:
                PrintLeft(node.A);
                WriteQualifiers(node.Flags);
                break;
            case NodeKind.FunctionEncoding:
                PrintEncodingLeft(ref node);
                break;
            default:
                if (node.Kind < NodeKind.Qualified)
                    PrintName(ref node);
                else if (node.Kind < NodeKind.TemplateArguments)
                    PrintTypeLeft(ref node);
                else if (node.Kind < NodeKind.List)
                    PrintTemplatePartLeft(ref node);
                else
                    PrintExpression(ref node);
                break;
        }
    }

    private void PrintRight(int id)
    {
        if (Enter())
            PrintRightOf(ref tree[id]);
        _depth--;
    }

    private void PrintRightOf(ref Node node)
    {
        switch (node.Kind)
        {
            case NodeKind.Qualified:
                PrintRight(node.A);
                break;
            case NodeKind.Pointer:
                PrintPointerRight(ref node);
                break;
            case NodeKind.Reference:
                PrintReferenceRight(ref node);
                break;
            case NodeKind.PointerToMember:
                PrintPointerToMemberRight(ref node);
                break;
            case NodeKind.Array:
                PrintArrayRight(ref node);
                break;
            case NodeKind.Function:
                PrintFunctionRight(ref node);
                break;
            case NodeKind.FunctionEncoding:
                PrintEncodingRight(ref node);
                break;
            case NodeKind.ParameterPack:
                if (TryGetPackElement(ref node, out int element))
                    PrintRight(element);
                break;
            case NodeKind.ForwardReference:
                PrintForwardReference(ref node, isRight: true);
                break;
            case NodeKind.TypeParameter:
            case NodeKind.ConstrainedParameter:
                Print(node.A);
                break;
            case NodeKind.NonTypeParameter:
                Print(node.A);
                PrintRight(node.B);
                break;
            case NodeKind.TemplateParameter:
                PrintTemplateParameterRight(ref node);
                break;
            case NodeKind.ParameterPackDeclaration:
                PrintRight(node.A);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Write(ReadOnlySpan<byte> text) => _output.Append(text);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Write(char character) => _output.Append((byte)character);

    private void Open(char parenthesis)
    {
        if (_inTemplateArguments)
            _parentheses++;
        Write(parenthesis);
    }

    private void Close(char parenthesis)
    {
        if (_inTemplateArguments)
            _parentheses--;
        Write(parenthesis);
    }

    private void WriteQualifiers(byte flags)
    {
        if ((flags & NodeFlag.Const) != 0)
            Write(" const"u8);
        if ((flags & NodeFlag.Volatile) != 0)
            Write(" volatile"u8);
        if ((flags & NodeFlag.Restrict) != 0)
            Write(" restrict"u8);
    }

    private void WriteReferenceQualifier(byte flags)
    {
        if ((flags & NodeFlag.LValue) != 0)
            Write(" &"u8);
        else if ((flags & NodeFlag.RValue) != 0)
            Write(" &&"u8);
    }

    /// <summary>A number as in the name, where n stands for the minus sign.</summary>
    private void WriteNumber(int start, int length)
    {
        ReadOnlySpan<byte> number = tree.GetText(start, length);
        if (number.Length > 0 && number[0] == 'n')
        {
            Write('-');
            number = number[1..];
        }
        Write(number);
    }
}
