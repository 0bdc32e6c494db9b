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
}
