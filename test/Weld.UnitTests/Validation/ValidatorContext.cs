using Weld.Wasm.Sections;
using Weld.Wasm.Validation;
using ValueType = Weld.Wasm.Sections.ValueType;

namespace Weld.UnitTests.Validation;

/// <summary>A small module for function bodies to be in.</summary>
internal static class ValidatorContext
{
    /// <summary>One function of each type; globals 0 (i32, constant) and 1 (f64, variable); tables of functions and of externals; a tag of the first type.</summary>
    public static CodeContext Make(Signature[] types, bool is64 = false) => new()
    {
        Types = [.. types.Select(FunctionShape.Of)],
        FunctionTypes = [.. Enumerable.Range(0, types.Length).Select(static i => (uint)i)],
        Globals = [new GlobalType(ValueType.I32, false), new GlobalType(ValueType.F64, true)],
        Tables = [new TableType(ValueType.FuncRef, default), new TableType(ValueType.ExternRef, default)],
        Tags = [0],
        Is64 = is64,
        ElementCount = 1,
        IsDeclared = static function => function == 0,
    };
}
