using Weld.Air.Layouts;

namespace Weld.Air.Interpretation;

/// <summary>Gives the result of a function that is defined elsewhere; null when the host does not have it.</summary>
public delegate RuntimeValue? HostFunction(Interpreter interpreter, AirFunction function, RuntimeValue[] arguments);

/// <summary>What an interpreter is told before it runs.</summary>
public sealed record InterpreterOptions
{
    public static InterpreterOptions Default { get; } = new();

    public AirTarget Target { get; init; } = AirTarget.Wasm32;

    /// <summary>Instructions per call from outside.</summary>
    public long MostSteps { get; init; } = 10_000_000;

    /// <summary>Bytes of memory in all.</summary>
    public ulong MostMemory { get; init; } = 64 << 20;

    /// <summary>Calls in each other.</summary>
    public int MostCalls { get; init; } = 2000;

    /// <summary>Functions that are defined elsewhere.</summary>
    public HostFunction? Host { get; init; }

    /// <summary>Told of what is illegal; the program then goes on, with zeros as the instruction's result. Without it, the call ends.</summary>
    public Action<InterpreterTrap>? OnIllegal { get; init; }
}
