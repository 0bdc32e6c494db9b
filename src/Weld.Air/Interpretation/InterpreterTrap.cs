namespace Weld.Air.Interpretation;

/// <summary>Where and why a call ended without a result.</summary>
/// <param name="Reason">The kind.</param>
/// <param name="Message">In words.</param>
/// <param name="Function">The innermost function; null before the first instruction.</param>
/// <param name="Instruction">The instruction in it.</param>
public sealed record InterpreterTrap(TrapReason Reason, string Message, AirFunction? Function, InstructionId Instruction)
{
    /// <summary>Whether compiled code must trap too.</summary>
    public bool IsDefined => Reason is TrapReason.Trap or TrapReason.Unreachable or TrapReason.Overflow or TrapReason.Conversion;

    /// <summary>Whether the program might have returned with more time or memory.</summary>
    public bool IsLimit => Reason is TrapReason.StepLimit or TrapReason.MemoryLimit or TrapReason.CallLimit;

    public override string ToString() =>
        Function is null ? $"{Reason}: {Message}" : $"{Reason}: {Message} (in @{Function.Name}, instruction {Instruction.Index})";
}
