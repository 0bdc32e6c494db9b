using System.Text;

namespace Weld.Linker.Demangling.Itanium;

/// <summary>What follows an operator's code in an expression.</summary>
internal enum OperatorKind : byte
{
    /// <summary>One operand, operator first.</summary>
    Prefix,

    /// <summary>One operand, operator last.</summary>
    Postfix,

    /// <summary>Two operands.</summary>
    Binary,

    /// <summary>Two operands, the second in brackets.</summary>
    Subscript,

    /// <summary>Two operands, the second a member. Flag: there is an operator function of this name.</summary>
    Member,

    /// <summary>Placement arguments, type, initializers. Flag: of an array.</summary>
    New,

    /// <summary>One operand. Flag: of an array.</summary>
    Delete,

    /// <summary>Function and arguments. Flag: the function is in parentheses, to keep argument-dependent lookup away.</summary>
    Call,

    /// <summary>A type and what is converted to it.</summary>
    Conversion,

    /// <summary>Three operands.</summary>
    Conditional,

    /// <summary>Only the name of an operator function.</summary>
    NameOnly,

    /// <summary>A type and an operand; not the name of a function.</summary>
    NamedCast,

    /// <summary>sizeof and its like; not the name of a function. Flag: of a type.</summary>
    TypeOrExpression,
}

/// <summary>One operator. <see cref="Name"/> is its function's name, <see cref="Symbol"/> stands between operands.</summary>
internal sealed class OperatorInfo(string code, OperatorKind kind, bool flag, Precedence precedence, string name)
{
    private const string FunctionPrefix = "operator";

    public string Code => code;

    public OperatorKind Kind => kind;

    public bool Flag => flag;

    public Precedence Precedence => precedence;

    public byte[] Name { get; } = Encoding.UTF8.GetBytes(name);

    public byte[] Symbol { get; } = Encoding.UTF8.GetBytes(
        name.StartsWith(FunctionPrefix, StringComparison.Ordinal) ? name[FunctionPrefix.Length..].TrimStart() : name);

    /// <summary>Printed bare, it would end a template argument list.</summary>
    public bool ClosesAngle { get; } = code is "gt" or "rs";

    public bool IsComma { get; } = code is "cm";

    /// <summary>Usable in a fold expression.</summary>
    public bool Folds { get; } = kind == OperatorKind.Binary || (kind == OperatorKind.Member && name.EndsWith('*'));

    /// <summary>Whether a function can have it as its name.</summary>
    public bool NamesFunction { get; } =
        kind is not (OperatorKind.NamedCast or OperatorKind.TypeOrExpression) && (kind != OperatorKind.Member || flag);
}

/// <summary>Every operator by its two-letter code.</summary>
/// <remarks>https://itanium-cxx-abi.github.io/cxx-abi/abi.html#mangle.operator-name</remarks>
internal static class OperatorTable
{
    public const int None = 0;

    private const int SecondLetters = 'z' - 'A' + 1;

    private static readonly OperatorInfo[] Rows =
    [
        new("", OperatorKind.NameOnly, flag: false, Precedence.Primary, ""),   // None
        new("aN", OperatorKind.Binary, flag: false, Precedence.Assign, "operator&="),
        new("aS", OperatorKind.Binary, flag: false, Precedence.Assign, "operator="),
        new("aa", OperatorKind.Binary, flag: false, Precedence.LogicalAnd, "operator&&"),
        new("ad", OperatorKind.Prefix, flag: false, Precedence.Unary, "operator&"),
        new("an", OperatorKind.Binary, flag: false, Precedence.And, "operator&"),
        new("at", OperatorKind.TypeOrExpression, flag: true, Precedence.Unary, "alignof "),
        new("aw", OperatorKind.NameOnly, flag: false, Precedence.Primary, "operator co_await"),
        new("az", OperatorKind.TypeOrExpression, flag: false, Precedence.Unary, "alignof "),
        new("cc", OperatorKind.NamedCast, flag: false, Precedence.Postfix, "const_cast"),
        new("cl", OperatorKind.Call, flag: false, Precedence.Postfix, "operator()"),
        new("cm", OperatorKind.Binary, flag: false, Precedence.Comma, "operator,"),
        new("co", OperatorKind.Prefix, flag: false, Precedence.Unary, "operator~"),
        new("cp", OperatorKind.Call, flag: true, Precedence.Postfix, "operator()"),
        new("cv", OperatorKind.Conversion, flag: false, Precedence.Cast, "operator"),
        new("dV", OperatorKind.Binary, flag: false, Precedence.Assign, "operator/="),
        new("da", OperatorKind.Delete, flag: true, Precedence.Unary, "operator delete[]"),
        new("dc", OperatorKind.NamedCast, flag: false, Precedence.Postfix, "dynamic_cast"),
        new("de", OperatorKind.Prefix, flag: false, Precedence.Unary, "operator*"),
        new("dl", OperatorKind.Delete, flag: false, Precedence.Unary, "operator delete"),
        new("ds", OperatorKind.Member, flag: false, Precedence.PointerToMember, "operator.*"),
        new("dt", OperatorKind.Member, flag: false, Precedence.Postfix, "operator."),
        new("dv", OperatorKind.Binary, flag: false, Precedence.Assign, "operator/"),
        new("eO", OperatorKind.Binary, flag: false, Precedence.Assign, "operator^="),
        new("eo", OperatorKind.Binary, flag: false, Precedence.Xor, "operator^"),
        new("eq", OperatorKind.Binary, flag: false, Precedence.Equality, "operator=="),
        new("ge", OperatorKind.Binary, flag: false, Precedence.Relational, "operator>="),
        new("gt", OperatorKind.Binary, flag: false, Precedence.Relational, "operator>"),
        new("ix", OperatorKind.Subscript, flag: false, Precedence.Postfix, "operator[]"),
        new("lS", OperatorKind.Binary, flag: false, Precedence.Assign, "operator<<="),
        new("le", OperatorKind.Binary, flag: false, Precedence.Relational, "operator<="),
        new("ls", OperatorKind.Binary, flag: false, Precedence.Shift, "operator<<"),
        new("lt", OperatorKind.Binary, flag: false, Precedence.Relational, "operator<"),
        new("mI", OperatorKind.Binary, flag: false, Precedence.Assign, "operator-="),
        new("mL", OperatorKind.Binary, flag: false, Precedence.Assign, "operator*="),
        new("mi", OperatorKind.Binary, flag: false, Precedence.Additive, "operator-"),
        new("ml", OperatorKind.Binary, flag: false, Precedence.Multiplicative, "operator*"),
        new("mm", OperatorKind.Postfix, flag: false, Precedence.Postfix, "operator--"),
        new("na", OperatorKind.New, flag: true, Precedence.Unary, "operator new[]"),
        new("ne", OperatorKind.Binary, flag: false, Precedence.Equality, "operator!="),
        new("ng", OperatorKind.Prefix, flag: false, Precedence.Unary, "operator-"),
        new("nt", OperatorKind.Prefix, flag: false, Precedence.Unary, "operator!"),
        new("nw", OperatorKind.New, flag: false, Precedence.Unary, "operator new"),
        new("oR", OperatorKind.Binary, flag: false, Precedence.Assign, "operator|="),
        new("oo", OperatorKind.Binary, flag: false, Precedence.LogicalOr, "operator||"),
        new("or", OperatorKind.Binary, flag: false, Precedence.Or, "operator|"),
        new("pL", OperatorKind.Binary, flag: false, Precedence.Assign, "operator+="),
        new("pl", OperatorKind.Binary, flag: false, Precedence.Additive, "operator+"),
        new("pm", OperatorKind.Member, flag: true, Precedence.PointerToMember, "operator->*"),
        new("pp", OperatorKind.Postfix, flag: false, Precedence.Postfix, "operator++"),
        new("ps", OperatorKind.Prefix, flag: false, Precedence.Unary, "operator+"),
        new("pt", OperatorKind.Member, flag: true, Precedence.Postfix, "operator->"),
        new("qu", OperatorKind.Conditional, flag: false, Precedence.Conditional, "operator?"),
        new("rM", OperatorKind.Binary, flag: false, Precedence.Assign, "operator%="),
        new("rS", OperatorKind.Binary, flag: false, Precedence.Assign, "operator>>="),
        new("rc", OperatorKind.NamedCast, flag: false, Precedence.Postfix, "reinterpret_cast"),
        new("rm", OperatorKind.Binary, flag: false, Precedence.Multiplicative, "operator%"),
        new("rs", OperatorKind.Binary, flag: false, Precedence.Shift, "operator>>"),
        new("sc", OperatorKind.NamedCast, flag: false, Precedence.Postfix, "static_cast"),
        new("ss", OperatorKind.Binary, flag: false, Precedence.Spaceship, "operator<=>"),
        new("st", OperatorKind.TypeOrExpression, flag: true, Precedence.Unary, "sizeof "),
        new("sz", OperatorKind.TypeOrExpression, flag: false, Precedence.Unary, "sizeof "),
        new("te", OperatorKind.TypeOrExpression, flag: false, Precedence.Postfix, "typeid "),
        new("ti", OperatorKind.TypeOrExpression, flag: true, Precedence.Postfix, "typeid "),
    ];

    private static readonly byte[] RowByCode = IndexRows();

    public static OperatorInfo Get(int row) => Rows[row];

    /// <summary>The row of the operator with this code, or <see cref="None"/>.</summary>
    public static int Find(byte first, byte second)
    {
        uint firstIndex = (uint)(first - 'a');
        uint secondIndex = (uint)(second - 'A');
        return firstIndex <= 'z' - 'a' && secondIndex < SecondLetters ? RowByCode[(firstIndex * SecondLetters) + secondIndex] : None;
    }

    private static byte[] IndexRows()
    {
        byte[] index = new byte[26 * SecondLetters];
        for (int row = 1; row < Rows.Length; row++)
            index[((Rows[row].Code[0] - 'a') * SecondLetters) + Rows[row].Code[1] - 'A'] = (byte)row;
        return index;
    }
}
