namespace Weld.Air.Types;

/// <summary>A type of a module. The types that are named here have the same id in every module.</summary>
public readonly record struct TypeId(int Index) : IId<TypeId>
{
    public static readonly TypeId Void = new(0);
    public static readonly TypeId NoReturn = new(1);
    public static readonly TypeId Bool = new(2);
    public static readonly TypeId U1 = new(3);
    public static readonly TypeId U8 = new(4);
    public static readonly TypeId I8 = new(5);
    public static readonly TypeId U16 = new(6);
    public static readonly TypeId I16 = new(7);
    public static readonly TypeId U32 = new(8);
    public static readonly TypeId I32 = new(9);
    public static readonly TypeId U64 = new(10);
    public static readonly TypeId I64 = new(11);
    public static readonly TypeId U128 = new(12);
    public static readonly TypeId I128 = new(13);
    public static readonly TypeId Usize = new(14);
    public static readonly TypeId Isize = new(15);
    public static readonly TypeId F16 = new(16);
    public static readonly TypeId F32 = new(17);
    public static readonly TypeId F64 = new(18);
    public static readonly TypeId F80 = new(19);
    public static readonly TypeId F128 = new(20);

    /// <summary>The set of all errors of the module.</summary>
    public static readonly TypeId AnyError = new(21);

    /// <summary>How many types every module starts with.</summary>
    internal const int PredefinedCount = 22;

    public static TypeId FromIndex(int index) => new(index);
}
