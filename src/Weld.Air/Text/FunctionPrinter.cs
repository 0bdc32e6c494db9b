using System.Globalization;
using System.Text;

namespace Weld.Air.Text;

/// <summary>Prints a function.</summary>
internal sealed class FunctionPrinter
{
    private readonly ModulePrinter _printer;
    private readonly AirModule _module;
    private readonly AirFunction _function;
    private readonly FunctionType _type;
    private readonly StringBuilder _output;
    private readonly FunctionBody? _body;
    private readonly OperandTypes? _types;
    private readonly Stack<Closing> _closings = new();
    private bool[] _isUsed = [];

    public FunctionPrinter(ModulePrinter printer, AirFunction function)
    {
        _printer = printer;
        _module = printer.Module;
        _output = printer.Output;
        _function = function;
        _type = (FunctionType)_module.Types[function.Type];
        _body = function.Body;
        if (_body is null)
            return;
        _types = new OperandTypes(_module, _type, _body);
        _isUsed = FindUses(_body);
    }

    /// <summary>What to print when the instruction with that number is reached: the end of a body.</summary>
    private readonly record struct Closing(int At, int Indent, string Text, int IndentAfter);

    public void Print()
    {
        PrintHead();
        if (_body is not null)
            _output.Append(" {");
        _printer.EndLine(_printer.Positions?.Find(_function.Id));
        if (_body is null)
            return;
        int indent = 1;
        for (int index = _body.ParameterCount; index < _body.Count; index++)
        {
            indent = PrintClosings(index, indent);
            _printer.Comments?.PrintBefore(_output, PositionOf(new InstructionId(index)), indent);
            Indent(indent);
            indent = PrintWithBodies(new InstructionId(index), indent);
        }
        PrintClosings(_body.Count, indent);
        _output.Append("}\n");
    }

    /// <summary>An instruction alone; an open brace at its end stands for its bodies.</summary>
    public void PrintLine(InstructionId instruction)
    {
        OpcodeInfo info = AirOpcodeTable.Get(_body!.Opcode(instruction));
        TypeId type = _body.Type(instruction);
        bool hasValue = type != TypeId.Void && type != TypeId.NoReturn;
        bool hasName = hasValue || _isUsed[instruction.Index] || _body.Name(instruction) is not null;
        bool isLabel = info.IsLabel && !hasValue;
        if (hasName && !isLabel)
            PrintResult(instruction).Append(" = ");
        _output.Append(info.Name);
        if (hasName && isLabel)
            PrintResult(instruction, " ");
        TypeId subject = PrintWrittenType(info, type, instruction);
        PrintOperands(info, subject, instruction);
        if (info.HasBodies)
            _output.Append(" {");
    }

    // ---- The head ----

    private void PrintHead()
    {
        ModulePrinter.PrintName(_output.Append("fn "), '@', _function.Name);
        _output.Append('(');
        for (int i = 0; i < _type.Parameters.Count; i++)
        {
            _output.Append(i == 0 ? "" : ", ");
            if (_body is not null)
                PrintResult(new InstructionId(i)).Append(": ");
            _printer.Print(_type.Parameters[i]);
        }
        _printer.PrintAfterParameters(_type);
        _printer.PrintAttributes(_function);
    }

    // ---- Bodies ----

    private int? PositionOf(InstructionId instruction) => _printer.Positions?.Find(_function.Id, instruction);

    private void Indent(int indent) => _output.Append(' ', indent * 2);

    private int PrintClosings(int index, int indent)
    {
        while (_closings.TryPeek(out Closing closing) && closing.At <= index)
        {
            _closings.Pop();
            Indent(closing.Indent);
            _output.Append(closing.Text).Append('\n');
            indent = closing.IndentAfter;
        }
        return indent;
    }

    private int PrintWithBodies(InstructionId instruction, int indent)
    {
        PrintLine(instruction);
        _printer.EndLine(PositionOf(instruction));
        AirOpcode opcode = _body!.Opcode(instruction);
        if (!AirOpcodeTable.Get(opcode).HasBodies)
            return indent;
        if (opcode is AirOpcode.SwitchBr or AirOpcode.LoopSwitchBr)
            return PrintCases(instruction, indent);
        _closings.Push(new Closing(_body.Next(instruction), indent, "}", indent));
        if (opcode == AirOpcode.CondBr)
            _closings.Push(new Closing(_body.Body(instruction).End, indent, "} else {", indent + 1));
        return indent + 1;
    }

    /// <summary>Each case's head is printed where the one before it ends.</summary>
    private int PrintCases(InstructionId instruction, int indent)
    {
        TypeId type = _types!.TypeOf(_body!.Operand(instruction, 0));
        var closings = new List<Closing>();
        int start = instruction.Index + 1;
        foreach (SwitchCase one in _body.Cases(instruction))
        {
            closings.Add(new Closing(start, indent + 1, CaseHead(one, type), indent + 2));
            closings.Add(new Closing(one.Body.End, indent + 1, "}", indent + 1));
            start = one.Body.End;
        }
        int end = _body.Next(instruction);
        if (_body.Cases(instruction).HasElse)
        {
            closings.Add(new Closing(start, indent + 1, "else {", indent + 2));
            closings.Add(new Closing(end, indent + 1, "}", indent + 1));
        }
        closings.Add(new Closing(end, indent, "}", indent));
        for (int i = closings.Count - 1; i >= 0; i--)
            _closings.Push(closings[i]);
        return indent + 1;
    }

    private string CaseHead(SwitchCase one, TypeId type)
    {
        var head = new StringBuilder("case ");
        var printer = new ModulePrinter(_module, head);
        for (int i = 0; i < one.Items.Length; i++)
        {
            head.Append(i == 0 ? "" : ", ");
            printer.Print(one.Items[i], type);
        }
        for (int i = 0; i < one.RangeCount; i++)
        {
            head.Append(i == 0 && one.Items.IsEmpty ? "" : ", ");
            printer.Print(one.RangeEnds[2 * i], type);
            head.Append("...");
            printer.Print(one.RangeEnds[(2 * i) + 1], type);
        }
        return head.Append(" {").ToString();
    }

    // ---- One line ----

    private StringBuilder PrintResult(InstructionId instruction, string before = "")
    {
        _output.Append(before);
        if (_body!.Name(instruction) is { } name)
            ModulePrinter.PrintName(_output, '%', name);
        else
            _output.Append(CultureInfo.InvariantCulture, $"%{instruction.Index}");
        return _output;
    }

    private TypeId PrintWrittenType(OpcodeInfo info, TypeId result, InstructionId instruction)
    {
        if (info.Written == WrittenType.None || (info.Written == WrittenType.ResultUnlessVoid && result == TypeId.Void))
            return result;
        TypeId subject = _types!.Subject(info, result, _body!.Words(instruction));
        _output.Append(' ');
        if (info.Written == WrittenType.ResultPointee && _module.Types[result] is PointerType { Alignment: not 0 } pointer)
            _output.Append(CultureInfo.InvariantCulture, $"align({pointer.Alignment}) ");
        _printer.Print(subject);
        return subject;
    }

    private void PrintOperands(OpcodeInfo info, TypeId subject, InstructionId instruction)
    {
        ReadOnlySpan<int> words = _body!.Words(instruction);
        for (int i = 0; i < info.Operands.Length; i++)
        {
            OperandSpec spec = info.Operands[i];
            if (spec.Kind is OperandKind.Body or OperandKind.Cases)
                return;
            if (spec.Kind == OperandKind.Values)
                PrintList(info, spec, subject, words, i);
            else if (spec.Kind == OperandKind.Lanes)
                PrintLanes(words[i..]);
            else if (!IsLeftOut(spec, words[i]))
                PrintOperand(spec, subject, words, i, i == 0 ? " " : ", ");
        }
    }

    private static bool IsLeftOut(OperandSpec spec, int word) =>
        spec.Type is OperandTypeRule.FunctionResult or OperandTypeRule.LabelResult && Operand.FromRaw(word) == (Operand)ValueId.Void;

    private void PrintList(OpcodeInfo info, OperandSpec spec, TypeId subject, ReadOnlySpan<int> words, int start)
    {
        bool isCall = info.Result == ResultRule.CallResult;
        _output.Append(isCall ? "(" : "");
        for (int i = start; i < words.Length; i++)
        {
            _output.Append(i > start ? ", " : isCall ? "" : start > 0 ? ", " : " ");
            PrintValue(Operand.FromRaw(words[i]), spec.Type, subject, words, i - start);
        }
        _output.Append(isCall ? ")" : "");
    }

    private void PrintOperand(OperandSpec spec, TypeId subject, ReadOnlySpan<int> words, int position, string before)
    {
        int word = words[position];
        _output.Append(before);
        switch (spec.Kind)
        {
            case OperandKind.Value:
                PrintValue(Operand.FromRaw(word), spec.Type, subject, words, 0);
                break;
            case OperandKind.Number:
                _output.Append(CultureInfo.InvariantCulture, $"{word}");
                break;
            case OperandKind.Type:
                _printer.Print(new TypeId(word));
                break;
            case OperandKind.Item:
                ModulePrinter.PrintName(_output, '@', _module.Items[new ItemId(word)].Name);
                break;
            case OperandKind.Label:
                PrintResult(new InstructionId(word));
                break;
            case OperandKind.Name:
                StringLiteral.PrintName(_output, _module.Names[new NameId(word)]);
                break;
            default:
                _output.Append(Operator(spec.Kind, word));
                break;
        }
    }

    private static string Operator(OperandKind kind, int word) => kind switch
    {
        OperandKind.CompareOperator => OperatorNames.Print((CompareOperator)word),
        OperandKind.RmwOperator => OperatorNames.Print((RmwOperator)word),
        OperandKind.ReduceOperator => OperatorNames.Print((ReduceOperator)word),
        _ => OperatorNames.Print((MemoryOrder)word),
    };

    private void PrintLanes(ReadOnlySpan<int> words)
    {
        _output.Append(", [");
        for (int i = 0; i < words.Length; i++)
        {
            _output.Append(i == 0 ? "" : ", ");
            if (words[i] < 0)
                _printer.PrintTyped(new ValueId(~words[i]));
            else
                _output.Append(CultureInfo.InvariantCulture, $"{words[i]}");
        }
        _output.Append(']');
    }

    private void PrintValue(Operand operand, OperandTypeRule rule, TypeId subject, ReadOnlySpan<int> words, int index)
    {
        if (operand.IsInstruction)
            PrintResult(operand.Instruction);
        else if (_types!.TryGetExpected(rule, subject, words, index, out TypeId type))
            _printer.Print(operand.Value, type);
        else
            _printer.PrintSelfTyped(operand.Value);
    }

    /// <summary>Which instructions others name.</summary>
    private static bool[] FindUses(FunctionBody body)
    {
        var isUsed = new bool[body.Count];
        for (int index = 0; index < body.Count; index++)
        {
            OpcodeInfo info = AirOpcodeTable.Get(body.Opcodes[index]);
            ReadOnlySpan<int> words = body.Words(new InstructionId(index));
            for (int i = 0; i < info.Operands.Length; i++)
            {
                OperandKind kind = info.Operands[i].Kind;
                if (kind == OperandKind.Label)
                    isUsed[words[i]] = true;
                if (kind == OperandKind.Value && words[i] < 0)
                    isUsed[Operand.FromRaw(words[i]).Instruction.Index] = true;
                for (int rest = i; kind == OperandKind.Values && rest < words.Length; rest++)
                    if (words[rest] < 0)
                        isUsed[Operand.FromRaw(words[rest]).Instruction.Index] = true;
            }
        }
        return isUsed;
    }
}
