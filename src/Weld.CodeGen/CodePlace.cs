using Weld.Base.Diagnostics;

namespace Weld.CodeGen;

/// <summary>An instruction that a message is about: a place in the text if the module was parsed, else the function's name.</summary>
internal readonly record struct CodePlace(AirModule Module, AirFunction Function, InstructionId Instruction)
{
    public Diagnostic Describe(DiagnosticDescriptor descriptor, string message) =>
        Module.Positions is { } positions && positions.Find(Function.Id, Instruction) is { } position
            ? positions.Source.Describe(descriptor, position, message)
            : new Diagnostic(descriptor, $"function {Function.Name}", message);
}
