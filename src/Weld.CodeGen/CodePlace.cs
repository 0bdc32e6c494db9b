using Weld.Air.Text;
using Weld.Base.Diagnostics;

namespace Weld.CodeGen;

/// <summary>An instruction that a message is about: a place in the text if the module was parsed, else the function's name.</summary>
internal readonly record struct CodePlace(AirFunction Function, InstructionId Instruction, SourceMap? Positions)
{
    public Diagnostic Describe(DiagnosticDescriptor descriptor, string message) =>
        Positions?.Find(Function.Id, Instruction) is { } position
            ? Positions.Source.Describe(descriptor, position, message)
            : new Diagnostic(descriptor, $"function {Function.Name}", message);
}
