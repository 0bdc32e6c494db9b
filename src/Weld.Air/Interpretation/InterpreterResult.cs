using System.Diagnostics.CodeAnalysis;

namespace Weld.Air.Interpretation;

/// <summary>What a call gave: a value or a trap.</summary>
public sealed class InterpreterResult
{
    internal InterpreterResult(RuntimeValue value) => Value = value;

    internal InterpreterResult(InterpreterTrap trap) => Trap = trap;

    /// <summary>Only if there was no trap.</summary>
    public RuntimeValue Value { get; }

    public InterpreterTrap? Trap { get; }

    [MemberNotNullWhen(true, nameof(Trap))]
    public bool IsTrap => Trap is not null;
}
