namespace Weld.Air.Interpretation;

/// <content>Bodies, branches, calls.</content>
public sealed partial class Interpreter
{
    // ---- Control ----

    private void ExecuteControl(AirOpcode opcode)
    {
        switch (opcode)
        {
            case AirOpcode.Arg:
                Give(_frame.Arguments[Word(0)]);
                break;
            case AirOpcode.Block or AirOpcode.Loop:
                _frame.Next = _instruction.Index + 1;
                break;
            case AirOpcode.Repeat:
                _frame.Next = Word(0) + 1;
                break;
            case AirOpcode.Br:
                _frame.Results[Word(0)] = At(1);
                _frame.Next = _frame.Body.Next(new InstructionId(Word(0)));
                break;
            case AirOpcode.CondBr:
                _frame.Next = _frame.Body.Body(_instruction, ByteImages.ToBool(At(0)) ? 0 : 1).Start;
                break;
            case AirOpcode.SwitchBr or AirOpcode.LoopSwitchBr:
                Switch(_instruction, At(0));
                break;
            case AirOpcode.SwitchDispatch:
                Switch(new InstructionId(Word(0)), At(1));
                break;
            case AirOpcode.Try or AirOpcode.TryCold or AirOpcode.TryPtr or AirOpcode.TryPtrCold:
                Try(isPointer: opcode is AirOpcode.TryPtr or AirOpcode.TryPtrCold);
                break;
            case AirOpcode.Ret or AirOpcode.RetSafe:
                Return(At(0));
                break;
            case AirOpcode.RetLoad:
                Return(LoadPointee());
                break;
            case AirOpcode.Unreach:
                throw new TrapException(TrapReason.Unreachable, "unreach was reached");
            default:
                throw new TrapException(TrapReason.Trap, AirOpcodeTable.Get(opcode).Name);
        }
    }

    private void Switch(InstructionId instruction, byte[] value)
    {
        TypeId type = _frame.Body.TypeOf(_frame.Body.Operand(instruction, 0), _module);
        BigInteger number = _images.ToInteger(type, value);
        if (!_switches.TryGetValue((_frame.Body, instruction), out SwitchTable? table))
            _switches.Add((_frame.Body, instruction), table = MakeTable(_frame.Body.Cases(instruction), type));
        _frame.Next = table.Find(number) ?? throw TrapException.Illegal($"no case for {number}");
    }

    private SwitchTable MakeTable(SwitchCases cases, TypeId type)
    {
        var table = new SwitchTable();
        while (cases.MoveNext())
        {
            foreach (ValueId item in cases.Current.Items)
                table.Add(NumberOf(type, item), cases.Current.Body.Start);
            for (int i = 0; i < cases.Current.RangeCount; i++)
                table.Add(NumberOf(type, cases.Current.RangeEnds[2 * i]), NumberOf(type, cases.Current.RangeEnds[(2 * i) + 1]), cases.Current.Body.Start);
        }
        if (cases.HasElse)
            table.Else = cases.Else.Start;
        return table;
    }

    private BigInteger NumberOf(TypeId type, ValueId constant) => _images.ToInteger(type, Program.Constant(constant));

    private void Try(bool isPointer)
    {
        TypeId type = isPointer ? PointeeAt(0) : TypeAt(0);
        byte[] union = isPointer ? LoadPointee() : At(0);
        if (_images.ErrorOf(type, union) != 0)
            _frame.Next = _frame.Body.Body(_instruction).Start;
        else
            Give(isPointer ? Moved(0, _layouts.Get(type).PayloadOffset) : _images.ErrorUnionPayload(type, union));
    }

    private void Return(byte[] result)
    {
        _memory.Release(_frames.Pop().StackEnd);
        if (_frames.TryPeek(out Frame? caller))
        {
            _frame = caller;
            _frame.Results[_frame.Calling] = result;
        }
        else
        {
            _returned = result;
        }
    }

    // ---- Call ----

    private void ExecuteCall(AirOpcode opcode)
    {
        switch (opcode)
        {
            case AirOpcode.CVaStart:
                Give(_images.FromAddress(_frame.VariadicArguments));
                break;
            case AirOpcode.CVaArg:
                Give(NextVariadicArgument());
                break;
            case AirOpcode.CVaCopy:
                Give(Load(TypeAt(0), AddressAt(0), ResultType));
                break;
            case AirOpcode.CVaEnd:
                break;
            default:
                Call(isTail: opcode == AirOpcode.CallAlwaysTail);
                break;
        }
    }

    private void Call(bool isTail)
    {
        AirFunction? function = Program.FunctionAt(AddressAt(0));
        _module.Types.TryGetFunction(TypeAt(0), out FunctionType expected);
        if (function is null || (FunctionType)_module.Types[function.Type] != expected)
            throw TrapException.Illegal(function is null ? $"no function is in slot {AddressAt(0)}" : $"@{function.Name} has another type");
        ReadOnlySpan<Operand> operands = _frame.Body.Operands(_instruction, 1);
        var arguments = new RuntimeValue[operands.Length];
        for (int i = 0; i < arguments.Length; i++)
            arguments[i] = new RuntimeValue(_frame.Body.TypeOf(operands[i], _module), Value(operands[i]));
        if (isTail)
            _memory.Release(_frames.Pop().StackEnd);
        else
            _frame.Calling = _instruction.Index;
        Enter(function, arguments);
    }

    /// <summary>Starts a call; its result goes to the frame below.</summary>
    private void Enter(AirFunction function, RuntimeValue[] arguments)
    {
        if (_frames.Count >= _options.MostCalls)
            throw new TrapException(TrapReason.CallLimit, $"more than {_options.MostCalls} calls in each other");
        var type = (FunctionType)_module.Types[function.Type];
        if (function.Body is not { } body)
        {
            RuntimeValue result = _options.Host?.Invoke(this, function, arguments)
                ?? throw new TrapException(TrapReason.NotDefined, $"@{function.Name} is defined elsewhere");
            ReturnFromHost(result.Bytes.ToArray(), type.Result);
            return;
        }
        var values = new byte[type.Parameters.Count][];
        for (int i = 0; i < values.Length; i++)
            values[i] = arguments[i].Bytes.ToArray();
        _frame = new Frame(function, body, values, _memory.StackEnd);
        _frames.Push(_frame);
        if (type.IsVariadic)
            _frame.VariadicArguments = PassVariadic(arguments.AsSpan(values.Length));
    }

    private void ReturnFromHost(byte[] result, TypeId type)
    {
        if (result.Length != _images.Size(type))
            throw new TrapException(TrapReason.NotDefined, "the host gives a result of another type");
        if (_frames.TryPeek(out Frame? caller))
        {
            _frame = caller;
            _frame.Results[_frame.Calling] = result;
        }
        else
        {
            _returned = result;
        }
    }

    // ---- Variadic arguments ----

    // As C's ABI has it: one after the other in memory, each aligned; aggregates by their address.
    private ulong PassVariadic(ReadOnlySpan<RuntimeValue> arguments)
    {
        var bytes = new List<byte>();
        foreach (RuntimeValue argument in arguments)
        {
            byte[] passed = argument.Bytes.ToArray();
            if (IsPassedByAddress(argument.Type))
            {
                ulong copy = _memory.AddToStack((ulong)passed.Length, _layouts.Get(argument.Type).Alignment);
                _memory.Write(copy, passed);
                passed = _images.FromAddress(copy);
            }
            int alignment = IsPassedByAddress(argument.Type) ? passed.Length : _layouts.Get(argument.Type).Alignment;
            while (bytes.Count % alignment != 0)
                bytes.Add(0);
            bytes.AddRange(passed);
        }
        ulong address = _memory.AddToStack((ulong)bytes.Count, 16);
        _memory.Write(address, bytes.ToArray());
        return address;
    }

    private bool IsPassedByAddress(TypeId type) =>
        _layouts.Get(type).IsByReference && _module.Types[type] is StructType { Layout: not ContainerLayout.Packed } or UnionType { Layout: not ContainerLayout.Packed } or ArrayType;

    private byte[] NextVariadicArgument()
    {
        TypeId list = PointeeAt(0);
        ulong next = ByteImages.ToAddress(Load(TypeAt(0), AddressAt(0), list));
        bool isAddress = IsPassedByAddress(ResultType);
        ulong size = isAddress ? (ulong)_layouts.Target.PointerBytes : _layouts.Get(ResultType).Size;
        ulong alignment = isAddress ? size : (ulong)_layouts.Get(ResultType).Alignment;
        next = (next + alignment - 1) & ~(alignment - 1);
        byte[] bytes = _memory.Read(next, size).ToArray();
        Store(TypeAt(0), AddressAt(0), list, _images.FromAddress(next + size));
        return isAddress ? _memory.Read(ByteImages.ToAddress(bytes), (ulong)_images.Size(ResultType)).ToArray() : bytes;
    }
}
