namespace Weld.Air.Instructions;

/// <summary>What an instruction works on: the result of an earlier one, or a constant. <c>default</c> is neither.</summary>
public readonly record struct Operand
{
    private readonly int _raw;

    private Operand(int raw) => _raw = raw;

    /// <summary>As a word of an instruction.</summary>
    public int Raw => _raw;

    public bool IsNone => _raw == 0;

    public bool IsInstruction => _raw < 0;

    public bool IsConstant => _raw > 0;

    /// <summary>Only of an instruction's result.</summary>
    public InstructionId Instruction => new(~_raw);

    /// <summary>Only of a constant.</summary>
    public ValueId Value => new(_raw - 1);

    public static Operand FromRaw(int raw) => new(raw);

    public static implicit operator Operand(InstructionId instruction) => new(~instruction.Index);

    public static implicit operator Operand(ValueId value) => new(value.Index + 1);

    public static Operand FromInstructionId(InstructionId instruction) => instruction;

    public static Operand FromValueId(ValueId value) => value;
}
