using Weld.Air.Interpretation;
using Weld.Base.Diagnostics;

namespace Weld.Cli;

/// <summary>Messages of weld's commands besides the linker: WELD1201 to WELD1299.</summary>
internal static class CommandErrors
{
    private static readonly DiagnosticDescriptor NotTextDescriptor = new("WELD1201", "not-text", Severity.Error);
    private static readonly DiagnosticDescriptor UnknownValueDescriptor = new("WELD1202", "unknown-command-value", Severity.Error);
    private static readonly DiagnosticDescriptor NoSourceDescriptor = new("WELD1203", "no-source", Severity.Error);
    private static readonly DiagnosticDescriptor OutputNameDescriptor = new("WELD1204", "output-name", Severity.Error);
    private static readonly DiagnosticDescriptor UnusedInputDescriptor = new("WELD1205", "unused-input", Severity.Warning);
    private static readonly DiagnosticDescriptor NoOtherLinkerDescriptor = new("WELD1206", "no-other-linker", Severity.Error);

    private static readonly DiagnosticDescriptor NotCanonicalDescriptor = new("WELD1207", "not-canonical", Severity.Error);
    private static readonly DiagnosticDescriptor UnfaithfulDescriptor = new("WELD1208", "unfaithful-format", Severity.Error);
    private static readonly DiagnosticDescriptor CallDescriptor = new("WELD1209", "bad-call", Severity.Error);
    private static readonly DiagnosticDescriptor TrapDescriptor = new("WELD1211", "run-trap", Severity.Error);
    private static readonly DiagnosticDescriptor IllegalDescriptor = new("WELD1212", "run-illegal", Severity.Error);
    private static readonly DiagnosticDescriptor LimitDescriptor = new("WELD1213", "run-limit", Severity.Error);
    private static readonly DiagnosticDescriptor NotPossibleDescriptor = new("WELD1214", "run-not-possible", Severity.Error);

    private const int MostNames = 10;

    /// <param name="file">The file.</param>
    /// <param name="format">What it looks like; null for nothing known.</param>
    public static Diagnostic NotText(string file, string? format) =>
        new(NotTextDescriptor, file, "not a text in UTF-8, so it is not AIR", format is null ? [] : [$"it looks like {format}"]);

    public static Diagnostic UnknownEmit(string value) =>
        new(UnknownValueDescriptor, null, $"unknown --emit value: {value}", "it is one of wasm, obj, mir and wat");

    public static Diagnostic UnknownCpu(string value) => new(UnknownValueDescriptor, null, $"unknown -mcpu value: {value}", "it is mvp or generic");

    public static Diagnostic UnknownFeature(string value, IEnumerable<string> known) =>
        new(UnknownValueDescriptor, null, $"unknown --target-features value: {value}", $"it is a list of +name and -name, the names being {string.Join(", ", known)}");

    public static Diagnostic NoSource(string command) => new(NoSourceDescriptor, null, "no file of AIR", $"{command} takes files whose names end in .air, and - for the standard input");

    public static Diagnostic OneOutputForMany(int count) =>
        new(OutputNameDescriptor, null, $"-o names one file, and there are {count} objects to write", "leave it out: each file.air becomes file.o in the current folder");

    public static Diagnostic SameOutput(string first, string second, string output) =>
        new(OutputNameDescriptor, null, $"{first} and {second} would both become {output}", "compile them one by one, with -o");

    public static Diagnostic UnnamedOutput() => new(OutputNameDescriptor, null, "what is compiled from the standard input has no name", "add -o <path>");

    public static Diagnostic UnusedInput(string input) => new(UnusedInputDescriptor, null, $"{input}: not used, because nothing is linked");

    public static Diagnostic NoOtherLinker(string linker) =>
        new(NoOtherLinkerDescriptor, null, $"weld build links by itself, and not with {linker}", $"make objects with weld build -c, and link them with {linker}");

    public static Diagnostic NotCanonical(string file) => new(NotCanonicalDescriptor, file, "not in canonical form", $"weld fmt {file} writes it anew");

    public static Diagnostic Unfaithful(string file) =>
        new(UnfaithfulDescriptor, file, "not formatted, because the result would not say the same, or lose a comment", "this is a bug in weld: please report it with the file");

    public static Diagnostic OneSource() => new(CallDescriptor, null, "weld run takes one file", "what it needs of others has to be linked: weld build");

    public static Diagnostic NoCall(IEnumerable<string> functions) =>
        new(CallDescriptor, null, "no function to call: add --call <function> <argument>...", Known(functions));

    public static Diagnostic NoFunction(string name, IEnumerable<string> functions) => new(CallDescriptor, null, $"there is no function {name}", Known(functions));

    public static Diagnostic ArgumentCount(string name, string type, int count) =>
        new(CallDescriptor, null, $"{name} does not take {count} {(count == 1 ? "argument" : "arguments")}", $"it is a {type}");

    /// <summary>What to say of a program that did not return.</summary>
    public static (DiagnosticDescriptor Kind, string Message) DidNotReturn(InterpreterTrap trap) => trap.Reason switch
    {
        TrapReason.Illegal => (IllegalDescriptor, $"illegal: {trap.Message}"),
        TrapReason.StepLimit => (LimitDescriptor, $"{trap.Message}; --max-steps=<number> allows more"),
        TrapReason.MemoryLimit => (LimitDescriptor, $"{trap.Message}; --max-memory=<MiB> allows more"),
        TrapReason.CallLimit => (LimitDescriptor, trap.Message),
        TrapReason.NotDefined or TrapReason.Unsupported => (NotPossibleDescriptor, $"not possible in the interpreter: {trap.Message}"),
        _ => (TrapDescriptor, trap.Reason == TrapReason.Trap ? trap.Message : $"trap: {trap.Message}"),
    };

    private static string Known(IEnumerable<string> functions)
    {
        string[] names = [.. functions];
        string more = names.Length > MostNames ? $" and {names.Length - MostNames} more" : "";
        return names.Length == 0 ? "the file defines none" : $"the file defines {string.Join(", ", names.Take(MostNames))}{more}";
    }
}
