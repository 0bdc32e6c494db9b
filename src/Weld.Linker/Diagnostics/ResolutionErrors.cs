using Weld.Base.Diagnostics;
using Weld.Linker.Resolution;
using Weld.Wasm.Linking;
using Weld.Wasm.Sections;

namespace Weld.Linker.Diagnostics;

/// <summary>Messages about symbols that do not fit together: WELD0301 to WELD0399. First lines are worded as wasm-ld's.</summary>
public static class ResolutionErrors
{
    private static readonly DiagnosticDescriptor DuplicateDescriptor = new("WELD0301", "duplicate-symbol", Severity.Error);
    private static readonly DiagnosticDescriptor DuplicateWarningDescriptor = new("WELD0302", "duplicate-symbol-kept", Severity.Warning);
    private static readonly DiagnosticDescriptor KindDescriptor = new("WELD0303", "symbol-type-mismatch", Severity.Error);
    private static readonly DiagnosticDescriptor GlobalTypeDescriptor = new("WELD0304", "global-type-mismatch", Severity.Error);
    private static readonly DiagnosticDescriptor TableTypeDescriptor = new("WELD0305", "table-type-mismatch", Severity.Error);
    private static readonly DiagnosticDescriptor TagSignatureDescriptor = new("WELD0306", "tag-signature-mismatch", Severity.Warning);
    private static readonly DiagnosticDescriptor ImportNameDescriptor = new("WELD0307", "import-name-mismatch", Severity.Error);
    private static readonly DiagnosticDescriptor ImportModuleDescriptor = new("WELD0308", "import-module-mismatch", Severity.Error);
    private static readonly DiagnosticDescriptor SignatureDescriptor = new("WELD0309", "signature-mismatch", Severity.Warning);
    private static readonly DiagnosticDescriptor SignatureErrorDescriptor = new("WELD0310", "signature-mismatch-undefined", Severity.Error);
    private static readonly DiagnosticDescriptor EntryDescriptor = new("WELD0311", "entry-not-defined", Severity.Error);
    private static readonly DiagnosticDescriptor CallDtorsTypeDescriptor = new("WELD0312", "call-dtors-type", Severity.Error);
    private static readonly DiagnosticDescriptor CallDtorsKindDescriptor = new("WELD0313", "call-dtors-kind", Severity.Error);
    private static readonly DiagnosticDescriptor ReservedTableDescriptor = new("WELD0314", "reserved-table-symbol", Severity.Error);
    private static readonly DiagnosticDescriptor ExportMissingDescriptor = new("WELD0315", "export-not-found", Severity.Error);
    private static readonly DiagnosticDescriptor ExportMissingWarningDescriptor = new("WELD0316", "export-not-found-warning", Severity.Warning);
    private static readonly DiagnosticDescriptor UndefinedDescriptor = new("WELD0317", "undefined-symbol", Severity.Error);
    private static readonly DiagnosticDescriptor UndefinedWarningDescriptor = new("WELD0318", "undefined-symbol-warning", Severity.Warning);
    private static readonly DiagnosticDescriptor TableSymbolsDescriptor = new("WELD0319", "table-symbols", Severity.Error);

    public static Diagnostic DuplicateSymbol(string name, string first, string second, bool isWarning) =>
        new(isWarning ? DuplicateWarningDescriptor : DuplicateDescriptor, null, $"duplicate symbol: {name}",
            $"defined in {first}", $"defined in {second}");

    public static Diagnostic KindMismatch(string name, SymbolKind firstKind, string first, SymbolKind secondKind, string second) =>
        new(KindDescriptor, null, $"symbol type mismatch: {name}",
            $"defined as {KindName(firstKind)} in {first}", $"defined as {KindName(secondKind)} in {second}");

    public static Diagnostic GlobalTypeMismatch(string name, GlobalType firstType, string first, GlobalType secondType, string second) =>
        new(GlobalTypeDescriptor, null, $"Global type mismatch: {name}", $"defined as {firstType} in {first}", $"defined as {secondType} in {second}");

    public static Diagnostic TableTypeMismatch(string name, TableType firstType, string first, TableType secondType, string second) =>
        new(TableTypeDescriptor, null, $"Table type mismatch: {name}", $"defined as {firstType} in {first}", $"defined as {secondType} in {second}");

    public static Diagnostic TagSignatureMismatch(string name, Signature firstType, string first, Signature secondType, string second) =>
        new(TagSignatureDescriptor, null, $"Tag signature mismatch: {name}", $"defined as {firstType} in {first}", $"defined as {secondType} in {second}");

    public static Diagnostic ImportNameMismatch(string name, string firstImport, string first, string secondImport, string second) =>
        new(ImportNameDescriptor, null, $"import name mismatch for symbol: {name}", $"defined as {firstImport} in {first}", $"defined as {secondImport} in {second}");

    public static Diagnostic ImportModuleMismatch(string name, string firstModule, string first, string secondModule, string second) =>
        new(ImportModuleDescriptor, null, $"import module mismatch for symbol: {name}", $"defined as {firstModule} in {first}", $"defined as {secondModule} in {second}");

    public static Diagnostic SharedSignatureMismatch(string name, Signature firstType, string first, Signature secondType, string second) =>
        new(SignatureErrorDescriptor, null, $"function signature mismatch: {name}",
            $"defined as {firstType} in {first}",
            $"defined as {secondType} in {second}",
            "the call becomes an import, which needs the library's type; --no-shlib-sigcheck takes the caller's");

    /// <param name="name">The function.</param>
    /// <param name="firstType">One type.</param>
    /// <param name="first">Where it is used.</param>
    /// <param name="secondType">The other type.</param>
    /// <param name="second">Where that is used.</param>
    /// <param name="isError">True when there is no definition that could decide.</param>
    public static Diagnostic SignatureMismatch(string name, Signature firstType, string first, Signature secondType, string second, bool isError) =>
        new(isError ? SignatureErrorDescriptor : SignatureDescriptor, null, $"function signature mismatch: {name}",
            $"defined as {firstType} in {first}",
            $"defined as {secondType} in {second}",
            $"{PrototypePrinter.Print(name, firstType)}  ({first})",
            $"{PrototypePrinter.Print(name, secondType)}  ({second})",
            isError
                ? "nothing on the command line defines it, so the right type is not known: declare it the same way everywhere"
                : "calls with the wrong type trap at run time: make the declaration agree with the definition");

    public static Diagnostic EntryNotDefined(string entry, params ReadOnlySpan<string> details) =>
        new(EntryDescriptor, null, $"entry symbol not defined (pass --no-entry to suppress): {entry}", details);

    public static Diagnostic CallDtorsType(string file) =>
        new(CallDtorsTypeDescriptor, null, "__wasm_call_dtors must have no argument or return values", $"named by {file}");

    public static Diagnostic CallDtorsKind(string file) =>
        new(CallDtorsKindDescriptor, null, "__wasm_call_dtors must be a function", $"named by {file}");

    public static Diagnostic ReservedTableKind(string file) =>
        new(ReservedTableDescriptor, null, $"reserved symbol must be of type table: `{WellKnownNames.IndirectFunctionTable}`", $"named by {file}");

    public static Diagnostic ReservedTableDefined(string file) =>
        new(ReservedTableDescriptor, null, $"reserved symbol must not be defined in input files: `{WellKnownNames.IndirectFunctionTable}`", $"defined in {file}");

    public static Diagnostic ExportNotFound(string name, bool isWarning, params ReadOnlySpan<string> details) =>
        new(isWarning ? ExportMissingWarningDescriptor : ExportMissingDescriptor, null, $"symbol exported via --export not found: {name}", details);

    public static Diagnostic UndefinedSymbol(string file, string name, bool isWarning, params ReadOnlySpan<string> details) =>
        new(isWarning ? UndefinedWarningDescriptor : UndefinedDescriptor, file, $"undefined symbol: {name}", details);

    public static Diagnostic TableSymbolCount(string file, int tables, int symbols) =>
        new(TableSymbolsDescriptor, file, $"expected one symbol table entry for each of the {tables} table(s) present, but got {symbols} symbol(s) instead.");

    public static Diagnostic TableDefinitionWithoutSymbol(string file) =>
        new(TableSymbolsDescriptor, file, "unexpected table definition(s) without corresponding symbol-table entries.");

    public static Diagnostic TableImportsWithoutSymbols(string file) =>
        new(TableSymbolsDescriptor, file, "multiple table imports, but no corresponding symbol-table entries.");

    public static Diagnostic TableImportWithoutSymbol(string file, string name) =>
        new(TableSymbolsDescriptor, file, $"table import {name} is missing a symbol table entry.");

    private static string KindName(SymbolKind kind) => $"WASM_SYMBOL_TYPE_{kind.ToString().ToUpperInvariant()}";
}
