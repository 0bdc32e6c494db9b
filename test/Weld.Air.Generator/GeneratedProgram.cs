namespace Weld.Air.Generator;

/// <summary>A module with functions that take nothing and give a checksum.</summary>
/// <param name="Module">The module; the entries are exported by their names.</param>
/// <param name="Entries">In the order in which they are to be called.</param>
/// <param name="Choices">What it was made of.</param>
/// <param name="Target">What it may be run for; illegal things may depend on it.</param>
public sealed record GeneratedProgram(AirModule Module, IReadOnlyList<AirFunction> Entries, IReadOnlyList<int> Choices, AirTarget Target)
{
    /// <summary>Calls the entries, in order, in one interpreter.</summary>
    /// <returns>A checksum for each, or null for one that traps; no list if a limit was reached.</returns>
    public IReadOnlyList<ulong?>? Interpret(InterpreterOptions? options = null)
    {
        var interpreter = new Interpreter(Module, options ?? ProgramGenerator.RunOptions with { Target = Target });
        var results = new List<ulong?>();
        foreach (AirFunction entry in Entries)
        {
            InterpreterResult result = interpreter.Call(entry);
            if (result.IsTrap && !result.Trap.IsDefined)
                return result.Trap.IsLimit ? null : throw new InvalidOperationException($"a generated program must not do this: {result.Trap}");
            results.Add(result.IsTrap ? null : BitConverter.ToUInt64(result.Value.Bytes.Span));
        }
        return results;
    }
}
