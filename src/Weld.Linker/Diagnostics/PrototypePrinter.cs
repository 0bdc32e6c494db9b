using System.Text;
using Weld.Wasm.Sections;

namespace Weld.Linker.Diagnostics;

/// <summary>Writes a wasm signature the way a C programmer knows it: <c>int f(int, double)</c>.</summary>
/// <remarks>It is what the compiler made of the declaration: pointers, <c>char</c> and <c>bool</c> are all <c>int</c>.
/// The form <c>(i32, f64) -> i32</c> is <see cref="Signature.ToString"/>.</remarks>
public static class PrototypePrinter
{
    // Enough for any real function; a malformed input can have a million.
    private const int TypeLimit = 40;

    /// <param name="name">The function's name; from a demangled one, the parameter list is left out.</param>
    /// <param name="signature">Its type.</param>
    public static string Print(string name, Signature signature)
    {
        ArgumentNullException.ThrowIfNull(name);
        var text = new StringBuilder();
        ReadOnlySpan<ValueType> results = signature.Results;
        if (results.Length <= 1)
            text.Append(results.Length == 0 ? "void" : TypeName(results[0]));
        else
            AppendList(text, results);
        text.Append(' ').Append(WithoutParameters(name));
        AppendList(text, signature.Parameters);
        return text.ToString();
    }

    private static void AppendList(StringBuilder text, ReadOnlySpan<ValueType> types)
    {
        text.Append('(');
        for (int i = 0; i < types.Length && i < TypeLimit; i++)
            text.Append(i == 0 ? "" : ", ").Append(TypeName(types[i]));
        if (types.Length == 0)
            text.Append("void");
        else if (types.Length > TypeLimit)
            text.Append(", and ").Append(types.Length - TypeLimit).Append(" more");
        text.Append(')');
    }

    private static string TypeName(ValueType type) => type switch
    {
        ValueType.I32 => "int",
        ValueType.I64 => "long long",
        ValueType.F32 => "float",
        ValueType.F64 => "double",
        ValueType.V128 => "v128_t",
        ValueType.ExternRef => "__externref_t",
        _ => ValueTypes.Name(type) ?? "?",
    };

    /// <summary><c>a::f(int, char (*)()) const</c> becomes <c>a::f</c>; <c>(anonymous namespace)::f</c> and <c>operator()</c> stay.</summary>
    private static ReadOnlySpan<char> WithoutParameters(ReadOnlySpan<char> name)
    {
        int end = name.EndsWith(") const") ? name.Length - " const".Length : name.Length;
        if (!name[..end].EndsWith(")"))
            return name;
        int depth = 0;
        for (int i = end - 1; i >= 0; i--)
        {
            depth += name[i] == ')' ? 1 : name[i] == '(' ? -1 : 0;
            if (depth == 0)
                return i == 0 || name[..i].EndsWith("operator") ? name : name[..i];
        }
        return name;
    }
}
