namespace Weld.Air.Instructions;

/// <summary>What a word, or the rest of the words, of an instruction is.</summary>
public enum OperandKind : byte
{
    /// <summary>An <see cref="Operand"/>.</summary>
    Value,

    /// <summary>An <see cref="Operand"/> in each of the remaining words.</summary>
    Values,

    /// <summary>A number that is not negative.</summary>
    Number,

    /// <summary>A <see cref="TypeId"/>.</summary>
    Type,

    /// <summary>An <see cref="ItemId"/>.</summary>
    Item,

    /// <summary>The <see cref="InstructionId"/> of an enclosing block, loop or loop_switch_br.</summary>
    Label,

    /// <summary>A <see cref="NameId"/>.</summary>
    Name,

    CompareOperator,
    RmwOperator,
    ReduceOperator,
    MemoryOrder,

    /// <summary>In each of the remaining words a <see cref="ShuffleLane"/>.</summary>
    Lanes,

    /// <summary>The index after the body's last instruction. The first body starts after the instruction, each further one where the one before it ends.</summary>
    Body,

    /// <summary>The remaining words are cases, to be read with <see cref="SwitchCases"/>.</summary>
    Cases,
}

/// <summary>The type that an operand must have. "Subject" is the type written after the instruction's name.</summary>
public enum OperandTypeRule : byte
{
    /// <summary>Not a value.</summary>
    None,

    /// <summary>No one type; the verifier knows more.</summary>
    Any,
    Subject,

    /// <summary>The integer to shift by: of any type with as many lanes as the subject. The subject's type when not said.</summary>
    ShiftAmount,

    /// <summary>What the lanes of the subject are.</summary>
    SubjectElement,

    /// <summary>bool, or a bool for each lane of the subject.</summary>
    SubjectBools,

    /// <summary>The payload of the subject, which is an optional or error union.</summary>
    SubjectPayload,

    /// <summary>The error set of the subject, which is an error union.</summary>
    SubjectErrorSet,

    /// <summary>The elements or fields of the subject, one for each operand.</summary>
    SubjectElements,

    /// <summary>The field of the subject, a union, whose number comes before.</summary>
    SubjectField,
    Bool,
    U16,
    U32,
    I64,
    Usize,

    /// <summary>What the first value points to.</summary>
    Pointee,

    /// <summary>The tag of the union that the first value points to.</summary>
    PointeeTag,

    /// <summary>The element of the array or slice that the first value points to.</summary>
    PointeeElement,

    /// <summary>The result of the function that the instruction is in.</summary>
    FunctionResult,

    /// <summary>The result of the instruction that the label names.</summary>
    LabelResult,

    /// <summary>What the loop_switch_br that the label names switches on.</summary>
    LabelSubject,

    /// <summary>The parameters of the function that the first value is or points to.</summary>
    Parameters,
}

/// <summary>Which type is written after the name of an instruction.</summary>
public enum WrittenType : byte
{
    None,
    Result,

    /// <summary>That of the first operand whose rule is <see cref="OperandTypeRule.Subject"/>.</summary>
    Operand,

    /// <summary>What the result points to.</summary>
    ResultPointee,

    /// <summary>The result, or nothing for <c>void</c>.</summary>
    ResultUnlessVoid,
}

/// <summary>The type of an instruction's result.</summary>
public enum ResultRule : byte
{
    /// <summary>The written one, or for <c>arg</c> the parameter's.</summary>
    Written,
    Void,
    NoReturn,

    /// <summary>The written type, which is an operand's.</summary>
    Subject,
    Bool,

    /// <summary>bool, or a bool for each lane of the subject.</summary>
    SubjectBools,

    /// <summary>A tuple of the subject and <c>u1</c>, each with as many lanes.</summary>
    SubjectAndOverflow,

    /// <summary>The unsigned integer that is as wide as the subject; a float subject itself.</summary>
    SubjectMagnitude,

    /// <summary><c>?</c> and the subject.</summary>
    SubjectOptional,

    /// <summary>What the lanes of the subject are.</summary>
    SubjectElement,
    U32,
    Usize,
    Isize,

    /// <summary>The result of the function that is called.</summary>
    CallResult,
}

/// <summary>What a subject may be, as a set. A vector is what its lanes are.</summary>
[Flags]
public enum SubjectClass : ushort
{
    None = 0,
    Integer = 1,
    Float = 2,
    Bool = 4,
    Pointer = 8,
    Slice = 16,
    Enum = 32,
    ErrorSet = 64,
    Optional = 128,
    ErrorUnion = 256,
    Aggregate = 512,

    /// <summary>Must be a vector.</summary>
    Vector = 1024,

    /// <summary>Must not be a vector.</summary>
    Scalar = 2048,
    Number = Integer | Float,

    /// <summary>Whatever has values.</summary>
    Any = 32768,
}

/// <summary>What an instruction is for; one part of the manual each.</summary>
public enum OpcodeGroup : byte
{
    Arithmetic,
    Bits,
    Float,
    Compare,
    Conversion,
    Vector,
    Memory,
    Atomic,
    Aggregate,
    Optional,
    ErrorUnion,
    Control,
    Call,
    Name,
    Machine,
    Debug,
}

/// <summary>What the optimiser must know.</summary>
[Flags]
public enum OpcodeFlags : ushort
{
    None = 0,

    /// <summary>Traps for some operands.</summary>
    MayTrap = 1,
    ReadsMemory = 2,
    WritesMemory = 4,

    /// <summary>Does something else that must not be left out, nor change places.</summary>
    HasEffects = 8,

    /// <summary>Ends its body.</summary>
    IsTerminator = 16,
    IsCommutative = 32,

    /// <summary>Traps where the plain form is illegal.</summary>
    IsSafe = 64,

    /// <summary>May be computed with the liberties of fast mathematics: no NaN, no infinity, no sign of zero, any order.</summary>
    IsOptimized = 128,

    /// <summary>Can be named by a label.</summary>
    IsLabel = 256,
    HasBodies = 512,

    /// <summary>Only for debuggers.</summary>
    IsDebug = 1024,
}
