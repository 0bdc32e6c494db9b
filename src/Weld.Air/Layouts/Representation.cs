namespace Weld.Air.Layouts;

/// <summary>What stands for a value of a type when the machine works on it.</summary>
public enum Representation : byte
{
    /// <summary>The type has one value at most; nothing.</summary>
    None,
    I32,
    I64,
    F32,
    F64,
    V128,

    /// <summary>By reference: the address of memory that holds it.</summary>
    Memory,
}
