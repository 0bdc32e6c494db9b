using System.Runtime.InteropServices;

namespace Weld.Air.Building;

/// <summary>Writes the body of a function, instruction by instruction.</summary>
/// <remarks>
/// There is a method for each instruction; what it means is its row in <see cref="AirOpcodeTable"/>. A result is an
/// <see cref="Operand"/>; constants are operands too. Bodies in bodies are written with lambdas
/// (<see cref="Loop(Action{InstructionId})"/>), or with Begin and End where a lambda does not fit. Nothing is checked here
/// beyond what the next line needs; the verifier checks the whole.
/// </remarks>
public sealed partial class FunctionBuilder : IInstructions
{
    private readonly Stack<OpenBody> _open = new();
    private readonly Dictionary<int, string> _names = [];
    // For each name, the number to try next when it is wanted again.
    private readonly Dictionary<string, int> _takenNames = new(StringComparer.Ordinal);
    private AirOpcode[] _opcodes = new AirOpcode[64];
    private TypeId[] _types = new TypeId[64];
    private InlinePair[] _pairs = new InlinePair[64];
    private int[] _extra = new int[64];
    private int _count;
    private int _extraCount;

    internal FunctionBuilder(AirModule module, AirFunction function)
    {
        Module = module;
        Function = function;
        FunctionType = (FunctionType)module.Types[function.Type];
        for (int i = 0; i < FunctionType.Parameters.Count; i++)
            Emit(AirOpcode.Arg, FunctionType.Parameters[i], i);
    }

    public AirModule Module { get; }

    public AirFunction Function { get; }

    public FunctionType FunctionType { get; }

    /// <summary>How many instructions there are so far.</summary>
    public int Count => _count;

    /// <summary>How many bodies are open, without the function's own.</summary>
    public int OpenBodies => _open.Count;

    /// <summary>Whether the open body ends here: its last instruction does not come back.</summary>
    public bool IsTerminated { get; private set; }

    public InstructionId Parameter(int number)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)number, (uint)FunctionType.Parameters.Count, nameof(number));
        return new InstructionId(number);
    }

    public TypeId TypeOf(Operand operand) => operand.IsInstruction ? _types[operand.Instruction.Index] : Module.Values.TypeOf(operand.Value);

    public AirOpcode OpcodeOf(InstructionId instruction) => _opcodes[instruction.Index];

    /// <summary>Gives a result a name for the text form. One that is taken gets a number.</summary>
    public void SetName(Operand result, string name)
    {
        AirNames.Check(name);
        string unique = name;
        while (!_takenNames.TryAdd(unique, 2))
            unique = $"{name}.{_takenNames[name]++}";
        _names[result.Instruction.Index] = unique;
    }

    // ---- Constants ----

    /// <summary>An integer, bool or enum constant.</summary>
    public Operand Constant(TypeId type, BigInteger value) => Module.Values.Integer(type, value);

    public Operand Constant(TypeId type, long value) => Module.Values.Integer(type, value);

    /// <summary>A float constant.</summary>
    public Operand Constant(TypeId type, double value) => Module.Values.Float(type, value);

    public static Operand Constant(bool value) => ValueTable.Bool(value);

    /// <summary>The pointer to a function, to be called, or to a variable.</summary>
    public Operand PointerTo(AirItem item)
    {
        ArgumentNullException.ThrowIfNull(item);
        return Module.Values.PointerTo(item.Id);
    }

    // ---- Any instruction ----

    /// <summary>Adds an instruction without bodies.</summary>
    /// <param name="opcode">Which.</param>
    /// <param name="type">The type of its result.</param>
    /// <param name="words">What its row says.</param>
    public InstructionId Emit(AirOpcode opcode, TypeId type, params ReadOnlySpan<int> words)
    {
        InstructionId id = Append(opcode, type);
        SetWords(id, words);
        IsTerminated = type == TypeId.NoReturn;
        return id;
    }

    /// <summary>Adds an instruction with bodies and starts the first; end each with <see cref="EndBody"/>.</summary>
    /// <param name="opcode">Which; not a switch.</param>
    /// <param name="type">The type of its result.</param>
    /// <param name="words">What its row says, without the bodies.</param>
    public InstructionId BeginBody(AirOpcode opcode, TypeId type, params ReadOnlySpan<int> words)
    {
        OpcodeInfo info = AirOpcodeTable.Get(opcode);
        Span<int> all = stackalloc int[info.FixedWords];
        words.CopyTo(all);
        InstructionId id = Append(opcode, type);
        SetWords(id, all);
        _open.Push(new OpenBody(id, words.Length, info.FixedWords, null));
        IsTerminated = false;
        return id;
    }

    /// <summary>Ends the open body. The next one of the same instruction, if it has one, starts.</summary>
    public void EndBody()
    {
        OpenBody open = _open.Pop();
        if (open.Switch is not null)
            throw new InvalidOperationException("the open body is a case: end it with EndCase");
        WordOf(open.Instruction, open.NextWord) = _count;
        IsTerminated = false;
        if (open.NextWord + 1 < open.WordCount)
            _open.Push(open with { NextWord = open.NextWord + 1 });
        else
            IsTerminated = _types[open.Instruction.Index] == TypeId.NoReturn;
    }

    /// <summary>Ends the function and gives it the body.</summary>
    public AirFunction Finish()
    {
        if (_open.Count != 0)
            throw new InvalidOperationException($"{_open.Count} bodies are open");
        Function.Body = new FunctionBody(
            _opcodes[.._count], _types[.._count], _pairs[.._count], _extra[.._extraCount],
            FunctionType.Parameters.Count, _names.Count == 0 ? null : new Dictionary<int, string>(_names));
        return Function;
    }

    // ---- For the control flow builder, which writes bodies in another order than they were made ----

    /// <summary>The words of an instruction so far.</summary>
    internal ReadOnlySpan<int> WordsOf(InstructionId instruction)
    {
        OpcodeInfo info = AirOpcodeTable.Get(_opcodes[instruction.Index]);
        ref InlinePair pair = ref _pairs[instruction.Index];
        return info.IsInline
            ? MemoryMarshal.CreateReadOnlySpan(ref pair.First, info.FixedWords)
            : _extra.AsSpan(pair.First, pair.Second);
    }

    internal string? NameOf(InstructionId instruction) => _names.GetValueOrDefault(instruction.Index);

    /// <summary>Adds an instruction as it is, also one with bodies whose ends are known.</summary>
    internal InstructionId AppendAsItIs(AirOpcode opcode, TypeId type, ReadOnlySpan<int> words)
    {
        InstructionId id = Append(opcode, type);
        SetWords(id, words);
        return id;
    }

    /// <summary>What comes next does not follow what was written last.</summary>
    internal void StartElsewhere() => IsTerminated = false;

    AirOpcode IInstructions.Opcode(InstructionId instruction) => _opcodes[instruction.Index];

    TypeId IInstructions.Type(InstructionId instruction) => _types[instruction.Index];

    int IInstructions.Word(InstructionId instruction, int position) => WordOf(instruction, position);

    private InstructionId Append(AirOpcode opcode, TypeId type)
    {
        if (_count == _opcodes.Length)
        {
            Array.Resize(ref _opcodes, _count * 2);
            Array.Resize(ref _types, _count * 2);
            Array.Resize(ref _pairs, _count * 2);
        }
        _opcodes[_count] = opcode;
        _types[_count] = type;
        return new InstructionId(_count++);
    }

    private void SetWords(InstructionId instruction, ReadOnlySpan<int> words)
    {
        ref InlinePair pair = ref _pairs[instruction.Index];
        if (AirOpcodeTable.Get(_opcodes[instruction.Index]).IsInline)
        {
            pair.First = words.Length > 0 ? words[0] : 0;
            pair.Second = words.Length > 1 ? words[1] : 0;
            return;
        }
        if (_extraCount + words.Length > _extra.Length)
            Array.Resize(ref _extra, Math.Max(_extra.Length * 2, _extraCount + words.Length));
        words.CopyTo(_extra.AsSpan(_extraCount));
        pair.First = _extraCount;
        pair.Second = words.Length;
        _extraCount += words.Length;
    }

    private ref int WordOf(InstructionId instruction, int position)
    {
        ref InlinePair pair = ref _pairs[instruction.Index];
        if (!AirOpcodeTable.Get(_opcodes[instruction.Index]).IsInline)
            return ref _extra[pair.First + position];
        if (position == 0)
            return ref pair.First;
        return ref pair.Second;
    }

    private readonly record struct OpenBody(InstructionId Instruction, int NextWord, int WordCount, List<int>? Switch);
}
