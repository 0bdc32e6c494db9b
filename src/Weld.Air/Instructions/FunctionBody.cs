using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Weld.Air.Instructions;

/// <summary>The instructions of a function, one column per fact. Does not change.</summary>
/// <remarks>
/// Instructions are numbered as they are written: nested bodies follow the instruction that has them, so that a body is a
/// range, and what is in scope at an instruction has a lower number. Each instruction has words; what they are says its row in
/// <see cref="AirOpcodeTable"/>. Up to two lie in the instruction, more (and lists) in an array that all share.
/// </remarks>
public sealed class FunctionBody : IInstructions
{
    private static readonly byte[] InlineWords = MakeInlineWords();

    private readonly AirOpcode[] _opcodes;
    private readonly TypeId[] _types;
    private readonly InlinePair[] _pairs;
    private readonly int[] _extra;
    private readonly Dictionary<int, string>? _names;

    internal FunctionBody(AirOpcode[] opcodes, TypeId[] types, InlinePair[] pairs, int[] extra, int parameterCount, Dictionary<int, string>? names)
    {
        _opcodes = opcodes;
        _types = types;
        _pairs = pairs;
        _extra = extra;
        _names = names;
        ParameterCount = parameterCount;
    }

    /// <summary>How many instructions there are.</summary>
    public int Count => _opcodes.Length;

    /// <summary>The first instructions are that many <c>arg</c>.</summary>
    public int ParameterCount { get; }

    public BodyRange Root => new(0, _opcodes.Length);

    public ReadOnlySpan<AirOpcode> Opcodes => _opcodes;

    public AirOpcode Opcode(InstructionId instruction) => _opcodes[instruction.Index];

    public TypeId Type(InstructionId instruction) => _types[instruction.Index];

    /// <summary>What the front end called the result; null when it did not.</summary>
    public string? Name(InstructionId instruction) => _names?.GetValueOrDefault(instruction.Index);

    /// <summary>The operands and all else, in the order of the instruction's row.</summary>
    public ReadOnlySpan<int> Words(InstructionId instruction)
    {
        ref readonly InlinePair pair = ref _pairs[instruction.Index];
        int inline = InlineWords[(int)_opcodes[instruction.Index]];
        return inline != InlinePair.Elsewhere
            ? MemoryMarshal.CreateReadOnlySpan(ref Unsafe.AsRef(in pair.First), inline)
            : _extra.AsSpan(pair.First, pair.Second);
    }

    public int Word(InstructionId instruction, int position) => Words(instruction)[position];

    /// <summary>The word at that position, which is a value.</summary>
    public Operand Operand(InstructionId instruction, int position) => Instructions.Operand.FromRaw(Words(instruction)[position]);

    /// <summary>The list of values that starts at that position.</summary>
    public ReadOnlySpan<Operand> Operands(InstructionId instruction, int start) =>
        MemoryMarshal.Cast<int, Operand>(Words(instruction)[start..]);

    /// <summary>The list of lanes that starts at that position.</summary>
    public ReadOnlySpan<ShuffleLane> Lanes(InstructionId instruction, int start) =>
        MemoryMarshal.Cast<int, ShuffleLane>(Words(instruction)[start..]);

    /// <summary>The first, second … body of an instruction other than a switch.</summary>
    public BodyRange Body(InstructionId instruction, int number = 0)
    {
        ReadOnlySpan<int> words = Words(instruction);
        int first = AirOpcodeTable.Get(Opcode(instruction)).FirstBody;
        return new BodyRange(number == 0 ? instruction.Index + 1 : words[first + number - 1], words[first + number]);
    }

    /// <summary>The cases of a switch.</summary>
    public SwitchCases Cases(InstructionId instruction) => new(Words(instruction)[1..], instruction);

    /// <summary>The index of what follows in the same body: after the instruction and its bodies.</summary>
    public int Next(InstructionId instruction) =>
        (AirOpcodeTable.Get(Opcode(instruction)).Flags & OpcodeFlags.HasBodies) != 0 ? Words(instruction)[^1] : instruction.Index + 1;

    /// <summary>The instructions of a body, without those of the bodies in it.</summary>
    public BodyEnumerator Within(BodyRange range) => new(this, range);

    public TypeId TypeOf(Operand operand, AirModule module) =>
        operand.IsInstruction ? Type(operand.Instruction) : module.Values.TypeOf(operand.Value);

    private static byte[] MakeInlineWords()
    {
        var counts = new byte[AirOpcodeTable.All.Length];
        foreach (OpcodeInfo info in AirOpcodeTable.All)
            counts[(int)info.Opcode] = info.IsInline ? (byte)info.FixedWords : InlinePair.Elsewhere;
        return counts;
    }
}

/// <summary>The words of an instruction, or where they are.</summary>
internal struct InlinePair
{
    /// <summary>Instead of a count of words: they are in the shared array, from <see cref="First"/> on, <see cref="Second"/> of them.</summary>
    public const byte Elsewhere = byte.MaxValue;

    public int First;
    public int Second;
}

/// <summary>Walks over a body, passing by the bodies in it.</summary>
public struct BodyEnumerator(FunctionBody body, BodyRange range)
{
    private int _next = range.Start;

    public InstructionId Current { get; private set; }

    public readonly BodyEnumerator GetEnumerator() => this;

    public bool MoveNext()
    {
        if (_next >= range.End)
            return false;
        Current = new InstructionId(_next);
        _next = body.Next(Current);
        return true;
    }
}
