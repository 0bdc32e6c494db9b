using Weld.Base.Diagnostics;

namespace Weld.Air.Verification;

/// <summary>Every rule of the verifier: WELD1101 to WELD1199. Each has a case in test/Weld.Air.Tests.</summary>
public static class VerifierRuleTable
{
    public static readonly VerifierRule Type = Add("WELD1101", "air-type", "A type consists of types that are allowed there, in numbers and with names, values and alignments that make sense.");
    public static readonly VerifierRule Layout = Add("WELD1102", "air-layout", "A type has a size: it does not contain itself or something opaque, nests at most 200 levels, and has less than 4 GiB.");
    public static readonly VerifierRule CType = Add("WELD1103", "air-c-type", "Functions with the C convention have parameters and results that C has: no slices, tuples, error sets or unions, optionals other than of pointers, arrays, structs or unions with auto layout, integers of more than 128 bits.");
    public static readonly VerifierRule Constant = Add("WELD1104", "air-constant", "A constant fits its type.");
    public static readonly VerifierRule Definition = Add("WELD1105", "air-definition", "A function has a body and a variable a value of its type, unless they are extern; then they have none.");
    public static readonly VerifierRule Linkage = Add("WELD1106", "air-linkage", "What is extern, or exported, is not internal; only what is extern comes from a host's module; alignments are powers of two.");
    public static readonly VerifierRule Export = Add("WELD1107", "air-duplicate-export", "No two exports have the same name.");
    public static readonly VerifierRule DataSize = Add("WELD1108", "air-data-size", "The variables and constants of a module have at most 512 MiB together.");
    public static readonly VerifierRule Parameters = Add("WELD1110", "air-parameters", "A body starts with an arg for each parameter, and has no others.");
    public static readonly VerifierRule Words = Add("WELD1111", "air-operand", "Each operand is what the instruction's row says: a constant, instruction, type or item that exists, an operator, a number.");
    public static readonly VerifierRule Scope = Add("WELD1112", "air-scope", "A result is used after its instruction, in the same body or in bodies there.");
    public static readonly VerifierRule OperandType = Add("WELD1113", "air-operand-type", "Each operand has the type that the instruction's row says.");
    public static readonly VerifierRule Subject = Add("WELD1114", "air-subject-type", "The type T of an instruction is one of those that its row lists.");
    public static readonly VerifierRule ResultType = Add("WELD1115", "air-result-type", "The result has the type that follows from the operands.");
    public static readonly VerifierRule Terminator = Add("WELD1116", "air-terminator", "A body ends with an instruction that does not come back.");
    public static readonly VerifierRule AfterTerminator = Add("WELD1117", "air-after-terminator", "No instruction follows one that does not come back.");
    public static readonly VerifierRule Label = Add("WELD1118", "air-label", "br names a block around it, repeat a loop, switch_dispatch a loop_switch_br.");
    public static readonly VerifierRule Count = Add("WELD1119", "air-count", "A call has an argument for each parameter (or, if variadic, at least), an aggregate an element for each, a shuffle a lane for each.");
    public static readonly VerifierRule Field = Add("WELD1120", "air-field", "A field's number is that of a field, and a lane's that of a lane.");
    public static readonly VerifierRule Case = Add("WELD1121", "air-case", "The cases of a switch are constants of the type, ranges go up, and no value is in two.");
    public static readonly VerifierRule Nesting = Add("WELD1122", "air-nesting", "Bodies lie within the bodies around them, at most 1000 deep.");
    public static readonly VerifierRule Const = Add("WELD1123", "air-const", "Nothing is written through a pointer to const, and no such pointer becomes one that is not.");
    public static readonly VerifierRule Order = Add("WELD1124", "air-order", "A load does not release, a store does not acquire, the failure of an exchange does not release, a fence does one of them.");
    public static readonly VerifierRule Atomic = Add("WELD1125", "air-atomic", "Atomic accesses are to numbers, bools, enums, pointers and the like of at most 64 bits, with an operator that they have.");
    public static readonly VerifierRule TailCall = Add("WELD1126", "air-tail-call", "A call_always_tail has the result and convention of its function, is not in a variadic one, and a ret of its result follows.");
    public static readonly VerifierRule Function = Add("WELD1127", "air-function", "ret_ptr, ret_load and c_va_start fit the function that they are in; thread_local_ptr and dbg_inline_block name items of the right kind.");
    public static readonly VerifierRule Cast = Add("WELD1128", "air-cast", "A conversion is between types that it can convert.");

    private static readonly List<VerifierRule> Rows =
    [
        Type, Layout, CType, Constant, Definition, Linkage, Export, DataSize,
        Parameters, Words, Scope, OperandType, Subject, ResultType, Terminator, AfterTerminator, Label, Count, Field, Case, Nesting,
        Const, Order, Atomic, TailCall, Function, Cast,
    ];

    public static IReadOnlyList<VerifierRule> All => Rows;

    private static VerifierRule Add(string code, string name, string meaning) => new(new DiagnosticDescriptor(code, name, Severity.Error), meaning);
}
