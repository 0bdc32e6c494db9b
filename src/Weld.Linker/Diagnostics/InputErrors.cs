using Weld.Base.Diagnostics;
using Weld.Linker.Inputs;

namespace Weld.Linker.Diagnostics;

/// <summary>Messages about input files: WELD0201 to WELD0299. First lines are worded as wasm-ld's.</summary>
public static class InputErrors
{
    private static readonly DiagnosticDescriptor CannotOpenDescriptor = new("WELD0201", "cannot-open", Severity.Error);
    private static readonly DiagnosticDescriptor LibraryNotFoundDescriptor = new("WELD0202", "library-not-found", Severity.Error);
    private static readonly DiagnosticDescriptor UnknownFileTypeDescriptor = new("WELD0203", "unknown-file-type", Severity.Error);
    private static readonly DiagnosticDescriptor MalformedDescriptor = new("WELD0204", "malformed-input", Severity.Error);
    private static readonly DiagnosticDescriptor BitcodeDescriptor = new("WELD0205", "bitcode-input", Severity.Error);
    private static readonly DiagnosticDescriptor SharedLibraryDescriptor = new("WELD0206", "shared-library-input", Severity.Error);
    private static readonly DiagnosticDescriptor StubLibraryDescriptor = new("WELD0207", "stub-dependency", Severity.Error);
    private static readonly DiagnosticDescriptor MemoryModelDescriptor = new("WELD0208", "wrong-memory-model", Severity.Error);
    private static readonly DiagnosticDescriptor UnterminatedStringDescriptor = new("WELD0209", "unterminated-string", Severity.Error);
    private static readonly DiagnosticDescriptor TooLargeDescriptor = new("WELD0210", "input-too-large", Severity.Error);
    private static readonly DiagnosticDescriptor NestedLibDescriptor = new("WELD0211", "start-lib-nesting", Severity.Error);
    private static readonly DiagnosticDescriptor InvalidBodyDescriptor = new("WELD0212", InvalidBodyName, Severity.Error);
    private static readonly DiagnosticDescriptor LtoDriverDescriptor = new("WELD0213", "lto-driver", Severity.Error);
    private static readonly DiagnosticDescriptor BitcodeNotCompiledDescriptor = new("WELD0214", "bitcode-not-compiled", Severity.Error);
    private static readonly DiagnosticDescriptor LtoOutputDescriptor = new("WELD0215", "lto-output", Severity.Error);

    /// <summary>The kind of <see cref="InvalidBody"/>.</summary>
    public const string InvalidBodyName = "invalid-function-body";

    private const int MostFilesListed = 10;

    public static Diagnostic CannotOpen(string path, string reason, params ReadOnlySpan<string> details) =>
        new(CannotOpenDescriptor, null, $"cannot open {path}: {reason}", details);

    public static Diagnostic LibraryNotFound(string name, IReadOnlyList<string> searchPaths) =>
        new(LibraryNotFoundDescriptor, null, $"unable to find library -l{name}",
            searchPaths.Count == 0 ? "no -L directory was given" : $"looked in: {string.Join(", ", searchPaths)}");

    public static Diagnostic UnknownFileType(string path, string? description) =>
        new(UnknownFileTypeDescriptor, null, $"unknown file type: {path}",
            description is null ? "neither a wasm object, an archive, nor LLVM bitcode" : $"it looks like {description}");

    public static Diagnostic Malformed(string file, MalformedInputException error) =>
        new(MalformedDescriptor, file, $"{error.Message} (at offset 0x{error.Offset:x})");

    public static Diagnostic Bitcode(string file) =>
        new(BitcodeDescriptor, file, "LLVM bitcode, and there is no LLVM here to compile it",
            "install clang-22 or llc-22, or name one with --lto-driver=PROGRAM or WELD_LTO_DRIVER",
            "or compile without -flto, or (rustc) with -C lto=no -C embed-bitcode=no");

    public static Diagnostic ForeignBitcode(string file, string triple) =>
        new(BitcodeDescriptor, file, "machine type must be wasm32 or wasm64", $"this is LLVM bitcode for {triple}");

    public static Diagnostic LtoDriver(string driver, string reason) =>
        new(LtoDriverDescriptor, null, $"cannot run the LTO driver {driver}: {reason}",
            "bitcode is compiled with --lto-driver=PROGRAM, WELD_LTO_DRIVER, or the clang or llc on PATH");

    /// <summary>What the compiler of bitcode said is shown below.</summary>
    public static Diagnostic BitcodeNotCompiled(string file, string reason, params ReadOnlySpan<string> output) =>
        new(BitcodeNotCompiledDescriptor, file, $"LLVM bitcode could not be compiled: {reason}", output);

    public static Diagnostic LtoOutput(string path, string reason) =>
        new(LtoOutputDescriptor, null, $"cannot write the object made of bitcode: {path}: {reason}");

    public static Diagnostic StaticLinkOfShared(string file) =>
        new(SharedLibraryDescriptor, null, $"attempted static link of dynamic object {file}", "pass -Bdynamic before it, or link with -shared or -pie");

    public static Diagnostic StubDependency(string file, string name, string user) =>
        new(StubLibraryDescriptor, file, $"undefined symbol: {name}. Required by {user}");

    /// <param name="wrong">The objects for the other size of addresses.</param>
    /// <param name="is64">Whether those are the 64-bit ones.</param>
    /// <param name="hasOthers">Whether other objects have the size that was asked for.</param>
    public static Diagnostic WrongMemoryModel(IReadOnlyList<InputFile> wrong, bool is64, bool hasOthers)
    {
        var details = new List<string>();
        for (int i = 1; i < wrong.Count && i < MostFilesListed; i++)
            details.Add($"so is {wrong[i].DisplayName}");
        if (wrong.Count > MostFilesListed)
            details.Add($"and {wrong.Count - MostFilesListed} more");
        string other = is64 ? "wasm32" : "wasm64";
        details.Add(hasOthers
            ? $"other inputs are {other} objects: compile all of them for one target"
            : $"no input is a {other} object: pass -m {(is64 ? "wasm64" : "wasm32")}");
        return new(MemoryModelDescriptor, wrong[0].DisplayName, is64
            ? "must specify -mwasm64 to process wasm64 object files"
            : "wasm32 object file can't be linked in wasm64 mode", [.. details]);
    }

    /// <param name="file">The object.</param>
    /// <param name="section">The section's or segment's name.</param>
    /// <param name="start">Where it starts in the file.</param>
    /// <param name="bytes">What is in it: the last string has no NUL.</param>
    public static Diagnostic UnterminatedString(string file, string section, uint start, ReadOnlySpan<byte> bytes) =>
        new(UnterminatedStringDescriptor, file, $"({section}): string is not null terminated (at offset 0x{start + bytes.LastIndexOf((byte)0) + 1:x})");

    public static Diagnostic TooLarge(string file, long length) =>
        new(TooLargeDescriptor, file, $"the file has {length} bytes; an object has at most {int.MaxValue}");

    /// <summary>Code that no engine would accept, found when it was in the output.</summary>
    public static Diagnostic InvalidBody(string file, string function, MalformedInputException error) =>
        new(InvalidBodyDescriptor, file, $"function {function} is not valid: {error.Message} (at offset 0x{error.Offset:x})");

    public static Diagnostic StartLibNesting(string message) => new(NestedLibDescriptor, null, message);

    /// <summary>Reads a file; what is wrong with it becomes a message. A reader's exception is caught here, and where relocations of custom sections are applied.</summary>
    /// <returns>Null when the file is malformed.</returns>
    public static T? TryRead<T>(InputFile file, Func<InputFile, T> read, DiagnosticBag diagnostics)
        where T : class
    {
        try
        {
            return read(file);
        }
        catch (MalformedInputException e)
        {
            diagnostics.Add(Malformed(file.DisplayName, e));
            return null;
        }
    }
}
