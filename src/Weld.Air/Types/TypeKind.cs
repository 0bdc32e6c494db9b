namespace Weld.Air.Types;

/// <summary>What a type is made as.</summary>
public enum TypeKind : byte
{
    Void,
    NoReturn,
    Bool,
    Integer,
    Float,
    Pointer,
    Slice,
    Array,
    Vector,
    Optional,
    ErrorSet,
    ErrorUnion,
    Enum,
    Struct,
    Union,
    Function,
    Opaque,
}
