namespace Weld.Air.Instructions;

/// <summary>How the lanes of vectors are compared (<c>cmp_vector</c>).</summary>
public enum CompareOperator : byte
{
    Lt,
    Lte,
    Eq,
    Gte,
    Gt,
    Neq,
}

/// <summary>What <c>atomic_rmw</c> stores: the operation of what is there and the operand.</summary>
public enum RmwOperator : byte
{
    /// <summary>The operand.</summary>
    Xchg,
    Add,
    Sub,
    And,

    /// <summary>The complement of the bitwise and.</summary>
    Nand,
    Or,
    Xor,
    Max,
    Min,
}

/// <summary>How <c>reduce</c> joins lanes, the first two first.</summary>
public enum ReduceOperator : byte
{
    And,
    Or,
    Xor,
    Min,
    Max,

    /// <summary>Wraps, for integers.</summary>
    Add,

    /// <summary>Wraps, for integers.</summary>
    Mul,
}

/// <summary>What an atomic access says about accesses around it. WebAssembly knows the last one only.</summary>
public enum MemoryOrder : byte
{
    Unordered,
    Monotonic,
    Acquire,
    Release,
    AcqRel,
    SeqCst,
}
