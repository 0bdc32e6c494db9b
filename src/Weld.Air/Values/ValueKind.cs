namespace Weld.Air.Values;

/// <summary>What a constant is made as.</summary>
public enum ValueKind : byte
{
    Void,
    Integer,
    Float,
    Undefined,
    Aggregate,
    Repeated,
    Bytes,
    Pointer,
    Slice,
    Optional,
    Error,
    ErrorUnion,
    Union,
}
