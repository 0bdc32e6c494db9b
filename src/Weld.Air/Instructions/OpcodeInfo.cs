namespace Weld.Air.Instructions;

/// <summary>One operand of an instruction: what it is called in the manual, what it is, and its type if it is a value.</summary>
public readonly record struct OperandSpec(string Name, OperandKind Kind, OperandTypeRule Type = OperandTypeRule.None);

/// <summary>Everything about one instruction.</summary>
/// <param name="Opcode">The instruction.</param>
/// <param name="Name">In the text form.</param>
/// <param name="Group">The part of the manual.</param>
/// <param name="Written">The type that is written after the name, and called the subject.</param>
/// <param name="Class">What the subject may be.</param>
/// <param name="Operands">In the order of the text and of the words.</param>
/// <param name="Result">The result's type.</param>
/// <param name="Flags">For the optimiser.</param>
/// <param name="Meaning">For the manual. T is the subject.</param>
public sealed record OpcodeInfo(
    AirOpcode Opcode,
    string Name,
    OpcodeGroup Group,
    WrittenType Written,
    SubjectClass Class,
    OperandSpec[] Operands,
    ResultRule Result,
    OpcodeFlags Flags,
    string Meaning)
{
    /// <summary>Whether the words lie in the instruction itself: at most two, and always as many.</summary>
    public bool IsInline { get; } = Operands.Length <= 2
        && Array.TrueForAll(Operands, operand => operand.Kind is not (OperandKind.Values or OperandKind.Lanes or OperandKind.Cases));

    /// <summary>How many words every such instruction has; more may follow if it ends in a list.</summary>
    public int FixedWords { get; } = Operands.Count(operand => operand.Kind is not (OperandKind.Values or OperandKind.Lanes or OperandKind.Cases));

    /// <summary>The position of the first body's word, or -1.</summary>
    public int FirstBody { get; } = Array.FindIndex(Operands, operand => operand.Kind == OperandKind.Body);

    /// <summary>The position of the operand whose type is the subject by definition, or -1.</summary>
    public int SubjectPosition { get; } = Array.FindIndex(Operands, operand => operand.Type == OperandTypeRule.Subject);

    public bool HasBodies => (Flags & OpcodeFlags.HasBodies) != 0;

    public bool IsTerminator => (Flags & OpcodeFlags.IsTerminator) != 0;

    public bool IsLabel => (Flags & OpcodeFlags.IsLabel) != 0;

    public bool IsSafe => (Flags & OpcodeFlags.IsSafe) != 0;
}
