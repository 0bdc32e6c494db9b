using Weld.Air.Layouts;

namespace Weld.Air.Interpretation;

/// <summary>Runs AIR: slow, simple, and right by the words of <see cref="AirOpcodeTable"/>. The module must have passed the verifier.</summary>
/// <remarks>
/// A value is its bytes as they lie in memory, so that loading, storing and taking apart are copying; numbers are computed with
/// <see cref="BigInteger"/>. A body is a range of instructions, so that there is one loop and a number of the next instruction,
/// and no recursion. The state of memory stays from call to call.
/// </remarks>
public sealed partial class Interpreter
{
    private readonly AirModule _module;
    private readonly InterpreterOptions _options;
    private readonly TypeLayouts _layouts;
    private readonly ByteImages _images;
    private readonly AddressSpace _memory;
    private readonly ProgramImage? _program;
    private readonly InterpreterTrap? _startTrap;
    private readonly Stack<Frame> _frames = new();
    private readonly Dictionary<(FunctionBody Body, InstructionId Instruction), SwitchTable> _switches = [];
    private Frame _frame = null!;
    private InstructionId _instruction;
    private byte[]? _returned;
    private long _steps;

    public Interpreter(AirModule module, InterpreterOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(module);
        _module = module;
        _options = options ?? InterpreterOptions.Default;
        _layouts = new TypeLayouts(module, _options.Target);
        _images = new ByteImages(module, _layouts);
        _memory = new AddressSpace(_options.MostMemory, _options.Target.PointerBits);
        try
        {
            _program = new ProgramImage(_images, _memory);
        }
        catch (TrapException trap)
        {
            _startTrap = new InterpreterTrap(trap.Reason, trap.Message, null, default);
        }
    }

    /// <summary>How many instructions the last call from outside executed.</summary>
    public long Steps => _steps;

    private ProgramImage Program => _program ?? throw new InvalidOperationException("the module does not fit in memory");

    /// <summary>Calls a function with constants of the module.</summary>
    public InterpreterResult Call(AirFunction function, params ReadOnlySpan<ValueId> arguments)
    {
        if (_startTrap is not null)
            return new InterpreterResult(_startTrap);
        var values = new RuntimeValue[arguments.Length];
        for (int i = 0; i < values.Length; i++)
            values[i] = new RuntimeValue(_module.Values.TypeOf(arguments[i]), Program.Constant(arguments[i]));
        return Call(function, values);
    }

    /// <summary>Calls a function.</summary>
    /// <param name="function">Of the module.</param>
    /// <param name="arguments">One for each parameter, of its type; more if the function is variadic.</param>
    public InterpreterResult Call(AirFunction function, RuntimeValue[] arguments)
    {
        ArgumentNullException.ThrowIfNull(function);
        ArgumentNullException.ThrowIfNull(arguments);
        if (_startTrap is not null)
            return new InterpreterResult(_startTrap);
        ulong stackEnd = _memory.StackEnd;
        _steps = 0;
        _frames.Clear();
        try
        {
            Enter(function, arguments);
            while (_frames.Count > 0)
                Step();
            TypeId result = ((FunctionType)_module.Types[function.Type]).Result;
            return new InterpreterResult(new RuntimeValue(result, _returned));
        }
        catch (TrapException trap)
        {
            return new InterpreterResult(MakeTrap(trap));
        }
        finally
        {
            _memory.Release(stackEnd);
        }
    }

    /// <summary>What is in memory.</summary>
    /// <returns>The bytes; null where nothing is.</returns>
    public byte[]? TryRead(ulong address, ulong length)
    {
        try
        {
            return _memory.Read(address, length).ToArray();
        }
        catch (TrapException)
        {
            return null;
        }
    }

    /// <summary>What a slice of bytes points to.</summary>
    /// <returns>The bytes; null where nothing is.</returns>
    public byte[]? TryReadText(RuntimeValue slice) => TryRead(ByteImages.SlicePointer(slice.Bytes.Span), ByteImages.SliceLength(slice.Bytes.Span));

    public bool TryWrite(ulong address, ReadOnlySpan<byte> bytes)
    {
        try
        {
            _memory.Write(address, bytes);
            return true;
        }
        catch (TrapException)
        {
            return false;
        }
    }

    /// <summary>The address of a variable, or the slot of a function.</summary>
    public ulong AddressOf(AirItem item)
    {
        ArgumentNullException.ThrowIfNull(item);
        return Program.AddressOf(item.Id);
    }

    /// <summary>The value of a constant of the module.</summary>
    public RuntimeValue ValueOf(ValueId constant) => new(_module.Values.TypeOf(constant), Program.Constant(constant));

    private InterpreterTrap MakeTrap(TrapException trap) =>
        new(trap.Reason, trap.Message, _frames.Count == 0 ? null : _frame.Function, _instruction);

    // ---- One instruction ----

    private void Step()
    {
        if (++_steps > _options.MostSteps)
            throw StepLimit();
        _instruction = new InstructionId(_frame.Next);
        _frame.Next = _frame.Body.Next(_instruction);
        try
        {
            Execute(_frame.Body.Opcode(_instruction));
        }
        catch (TrapException trap) when (trap.Reason == TrapReason.Illegal && _options.OnIllegal is not null && !IsTerminator())
        {
            _options.OnIllegal(MakeTrap(trap));
            Give(_images.Zeros(ResultType));
        }
    }

    private TrapException StepLimit() => new(TrapReason.StepLimit, $"more than {_options.MostSteps} instructions");

    private bool IsTerminator() => ResultType == TypeId.NoReturn;

    private void Execute(AirOpcode opcode)
    {
        OpcodeGroup group = AirOpcodeTable.Get(opcode).Group;
        switch (group)
        {
            case OpcodeGroup.Control:
                ExecuteControl(opcode);
                break;
            case OpcodeGroup.Call:
                ExecuteCall(opcode);
                break;
            case OpcodeGroup.Debug:
                // What describes variables does nothing; a copied body is executed where it is.
                if (opcode == AirOpcode.DbgInlineBlock)
                    _frame.Next = _instruction.Index + 1;
                break;
            default:
                Give(Compute(group, opcode));
                break;
        }
    }

    private byte[] Compute(OpcodeGroup group, AirOpcode opcode) => group switch
    {
        OpcodeGroup.Arithmetic => ComputeArithmetic(opcode),
        OpcodeGroup.Bits => ComputeBits(opcode),
        OpcodeGroup.Float => ComputeFloat(opcode),
        OpcodeGroup.Compare => ComputeCompare(opcode),
        OpcodeGroup.Conversion => ComputeConversion(opcode),
        OpcodeGroup.Vector => ComputeVector(opcode),
        OpcodeGroup.Memory => ComputeMemory(opcode),
        OpcodeGroup.Atomic => ComputeAtomic(opcode),
        OpcodeGroup.Aggregate => ComputeAggregate(opcode),
        OpcodeGroup.Optional => ComputeOptional(opcode),
        OpcodeGroup.ErrorUnion => ComputeErrorUnion(opcode),
        OpcodeGroup.Name => ComputeName(opcode),
        OpcodeGroup.Machine => ComputeMachine(opcode),
        _ => throw new TrapException(TrapReason.Unsupported, AirOpcodeTable.Get(opcode).Name),
    };

    private void Give(byte[] result) => _frame.Results[_instruction.Index] = result;

    // ---- Operands ----

    private TypeId ResultType => _frame.Body.Type(_instruction);

    private int Word(int position) => _frame.Body.Word(_instruction, position);

    private Operand OperandAt(int position) => _frame.Body.Operand(_instruction, position);

    private TypeId TypeAt(int position) => _frame.Body.TypeOf(OperandAt(position), _module);

    private byte[] At(int position) => Value(OperandAt(position));

    private ulong AddressAt(int position) => ByteImages.ToAddress(At(position));

    private byte[] Value(Operand operand)
    {
        if (operand.IsConstant)
            return Program.Constant(operand.Value);
        return _frame.Results[operand.Instruction.Index] ?? throw TrapException.Illegal($"the result of instruction {operand.Instruction.Index} was not computed");
    }

    private bool IsUndefined(Operand operand) => operand.IsConstant && _module.Values[operand.Value] is UndefinedValue;
}
