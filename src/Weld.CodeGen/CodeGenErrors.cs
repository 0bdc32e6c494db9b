using Weld.Base.Diagnostics;

namespace Weld.CodeGen;

/// <summary>Every message that code generation can give.</summary>
public static class CodeGenErrors
{
    private static readonly DiagnosticDescriptor UnsupportedDescriptor = new("WELD0801", "unsupported-instruction", Severity.Error);

    private static readonly DiagnosticDescriptor AssemblyDescriptor = new("WELD0802", "bad-assembly", Severity.Error);

    private static readonly DiagnosticDescriptor FrameSizeDescriptor = new("WELD0803", "frame-size", Severity.Error);

    /// <param name="at">Where.</param>
    internal static Diagnostic FrameSize(CodePlace at) => at.Describe(FrameSizeDescriptor, "no room: the function's frame would have more than 512 MiB");

    /// <param name="at">Where.</param>
    /// <param name="line">The line of the assembly.</param>
    internal static Diagnostic BadAssembly(CodePlace at, string line) =>
        at.Describe(AssemblyDescriptor, $"'{line}' is no instruction of WebAssembly that assembly can have: operands must be numbers");

    /// <param name="at">Where.</param>
    /// <param name="instruction">The instruction's name in the text form.</param>
    /// <param name="types">The types that it is used with.</param>
    internal static Diagnostic Unsupported(CodePlace at, string instruction, string types) =>
        at.Describe(UnsupportedDescriptor, $"cannot compile {instruction} of {types}: not supported yet");
}
