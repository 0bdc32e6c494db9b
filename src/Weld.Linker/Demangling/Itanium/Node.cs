namespace Weld.Linker.Demangling.Itanium;

/// <summary>One part of a name. What the operands mean depends on the kind: nodes, lists, a <see cref="TextRange"/> or a word.</summary>
internal struct Node
{
    public NodeKind Kind;
    public Precedence Precedence;
    public Shape Shape;

    /// <summary>Bits of <see cref="NodeFlag"/>.</summary>
    public byte Flags;

    public int A;
    public int B;
    public int C;
    public int D;
    public int E;

    public readonly bool Has(byte flag) => (Flags & flag) != 0;
}

/// <summary>A piece of the mangled name.</summary>
internal readonly record struct TextRange(int Start, int Length)
{
    public bool IsEmpty => Length == 0;
}

/// <summary>Small facts about a node; every kind has its own, so values repeat.</summary>
internal static class NodeFlag
{
    // Qualified, Function, FunctionEncoding
    public const byte Const = 1;
    public const byte Volatile = 2;
    public const byte Restrict = 4;

    // Function, FunctionEncoding: what follows the parameters; Reference: what kind
    public const byte LValue = 8;
    public const byte RValue = 16;

    // Reference, ForwardReference: being printed now, so that a cycle is noticed
    public const byte Printing = 1;

    // ModuleName
    public const byte Partition = 1;

    // ConstructorOrDestructor
    public const byte Destructor = 1;

    // BitInt
    public const byte Unsigned = 1;

    // Call: (f)(x)
    public const byte Parenthesized = 1;

    // New, Delete
    public const byte Global = 1;
    public const byte ArrayForm = 2;

    // Fold
    public const byte Left = 1;

    // FloatLiteral; neither means double
    public const byte Float = 1;
    public const byte LongDouble = 2;

    // ExpressionRequirement
    public const byte Noexcept = 1;
}

/// <summary>How tightly an expression binds, tightest first; decides where parentheses are printed.</summary>
internal enum Precedence : byte
{
    Primary,
    Postfix,
    Unary,
    Cast,
    PointerToMember,
    Multiplicative,
    Additive,
    Shift,
    Spaceship,
    Relational,
    Equality,
    And,
    Xor,
    Or,
    LogicalAnd,
    LogicalOr,
    Conditional,
    Assign,
    Comma,
    Default,
}

/// <summary>What is known about a node's syntax while parsing; unknown means that it depends on the pack element printed.</summary>
[Flags]
internal enum Shape : byte
{
    Plain = 0,

    /// <summary>Part of it is printed after the name that it declares, as the bounds of an array.</summary>
    RightSide = 1,
    RightSideUnknown = 2,
    RightSideMask = RightSide | RightSideUnknown,

    /// <summary>An array, possibly qualified: a pointer to it needs parentheses.</summary>
    Array = 4,
    ArrayUnknown = 8,
    ArrayMask = Array | ArrayUnknown,

    /// <summary>A function, possibly qualified: a pointer to it needs parentheses.</summary>
    Function = 16,
    FunctionUnknown = 32,
    FunctionMask = Function | FunctionUnknown,

    Unknown = RightSideUnknown | ArrayUnknown | FunctionUnknown,
}
