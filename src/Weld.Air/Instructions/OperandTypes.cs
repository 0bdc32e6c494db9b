namespace Weld.Air.Instructions;

/// <summary>What the rules of <see cref="AirOpcodeTable"/> say for one function: types of operands and results.</summary>
/// <remarks>The parser, the printer and the verifier ask here, so that a literal means the same to all. Ids must be valid.</remarks>
internal sealed class OperandTypes(AirModule module, FunctionType function, IInstructions instructions)
{
    public TypeId TypeOf(Operand operand) =>
        operand.IsInstruction ? instructions.Type(operand.Instruction) : module.Values.TypeOf(operand.Value);

    /// <summary>The type that is written after the name of an instruction that is there already.</summary>
    public TypeId Subject(OpcodeInfo info, TypeId result, ReadOnlySpan<int> words) => info.Written switch
    {
        WrittenType.None => default,
        WrittenType.Operand => TypeOf(Operand.FromRaw(words[info.SubjectPosition])),
        WrittenType.ResultPointee => module.Types.TryGetPointee(result, out TypeId pointee) ? pointee : default,
        _ => result,
    };

    /// <summary>The type of a value, as far as what comes before says it.</summary>
    /// <param name="rule">The operand's rule.</param>
    /// <param name="subject">The written type.</param>
    /// <param name="words">The words before the operand, at least.</param>
    /// <param name="index">The place in the list, for operands of a list.</param>
    /// <param name="type">The type.</param>
    public bool TryGetExpected(OperandTypeRule rule, TypeId subject, ReadOnlySpan<int> words, int index, out TypeId type)
    {
        (bool isKnown, type) = rule switch
        {
            OperandTypeRule.Subject or OperandTypeRule.ShiftAmount => (true, subject),
            OperandTypeRule.SubjectElement => module.Types.TryGetElement(subject, out TypeId element) ? (true, element) : (true, subject),
            OperandTypeRule.SubjectBools => (true, module.Types.WithLanesOf(subject, TypeId.Bool)),
            OperandTypeRule.SubjectPayload => Payload(subject),
            OperandTypeRule.SubjectErrorSet => module.Types[subject] is ErrorUnionType union ? (true, union.ErrorSet) : default,
            OperandTypeRule.SubjectElements => Element(subject, index),
            OperandTypeRule.SubjectField => Field(subject, words[0]),
            OperandTypeRule.Bool => (true, TypeId.Bool),
            OperandTypeRule.U16 => (true, TypeId.U16),
            OperandTypeRule.U32 => (true, TypeId.U32),
            OperandTypeRule.I64 => (true, TypeId.I64),
            OperandTypeRule.Usize => (true, TypeId.Usize),
            OperandTypeRule.Pointee => (module.Types.TryGetPointee(First(words), out TypeId pointee), pointee),
            OperandTypeRule.PointeeElement => (module.Types.TryGetPointeeElement(First(words), out TypeId element), element),
            OperandTypeRule.PointeeTag => Tag(First(words)),
            OperandTypeRule.FunctionResult => (true, function.Result),
            OperandTypeRule.LabelResult => (true, instructions.Type(new InstructionId(words[0]))),
            OperandTypeRule.LabelSubject => Switched(new InstructionId(words[0])),
            OperandTypeRule.Parameters => Parameter(First(words), index),
            _ => default,
        };
        return isKnown;
    }

    /// <summary>The type of a result, from the subject and the operands.</summary>
    /// <param name="info">The instruction.</param>
    /// <param name="subject">The written type; for an alloc, of the result.</param>
    /// <param name="words">All words.</param>
    /// <param name="type">The type.</param>
    public bool TryGetResult(OpcodeInfo info, TypeId subject, ReadOnlySpan<int> words, out TypeId type)
    {
        type = info.Result switch
        {
            ResultRule.Void => TypeId.Void,
            ResultRule.NoReturn => TypeId.NoReturn,
            ResultRule.Bool => TypeId.Bool,
            ResultRule.U32 => TypeId.U32,
            ResultRule.Usize => TypeId.Usize,
            ResultRule.Isize => TypeId.Isize,
            ResultRule.SubjectBools => module.Types.WithLanesOf(subject, TypeId.Bool),
            ResultRule.SubjectAndOverflow => module.Types.WithOverflow(subject),
            ResultRule.SubjectMagnitude => module.Types.MagnitudeOf(subject),
            ResultRule.SubjectOptional => module.Types.Optional(subject),
            ResultRule.SubjectElement => module.Types.LaneOf(subject),
            _ => subject,
        };
        if (info.Result != ResultRule.CallResult)
            return true;
        bool isFunction = module.Types.TryGetFunction(First(words), out FunctionType called);
        type = called.Result;
        return isFunction;
    }

    private TypeId First(ReadOnlySpan<int> words) => TypeOf(Operand.FromRaw(words[0]));

    private (bool, TypeId) Payload(TypeId subject) => module.Types[subject] switch
    {
        OptionalType optional => (true, optional.Child),
        ErrorUnionType union => (true, union.Payload),
        _ => default,
    };

    private (bool, TypeId) Element(TypeId subject, int index) =>
        module.Types.TryGetElement(subject, out TypeId element) ? (true, element) : Field(subject, index);

    private (bool, TypeId) Field(TypeId subject, int index) => (module.Types.TryGetField(subject, index, out AirField field), field.Type);

    private (bool, TypeId) Tag(TypeId pointer) =>
        module.Types.TryGetPointee(pointer, out TypeId pointee) && module.Types[pointee] is UnionType { Tag: { HasValue: true } tag } ? (true, tag.Value) : default;

    private (bool, TypeId) Switched(InstructionId label) => instructions.Opcode(label) == AirOpcode.LoopSwitchBr
        ? (true, TypeOf(Operand.FromRaw(instructions.Word(label, 0))))
        : default;

    private (bool, TypeId) Parameter(TypeId callee, int index) =>
        module.Types.TryGetFunction(callee, out FunctionType called) && index < called.Parameters.Count ? (true, called.Parameters[index]) : default;
}
