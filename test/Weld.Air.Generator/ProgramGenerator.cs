namespace Weld.Air.Generator;

/// <summary>Makes random programs that are well-typed, come to an end, and do nothing illegal.</summary>
/// <remarks>
/// Instructions that are illegal for some operands are first written as they come. Then the interpreter runs the program and
/// says which of them were illegal; the program is made again, from the same choices, with a legal constant as one of their
/// operands, until nothing is illegal. So operands are as random as they can be, and no guards stand in the way.
/// </remarks>
public sealed class ProgramGenerator
{
    private const int MostRounds = 40;

    private readonly HashSet<int> _tamed = [];
    private readonly Dictionary<(ItemId Function, int Instruction), int> _risks = [];
    private readonly GeneratorOptions _options;
    private readonly IReadOnlyList<int>? _replayed;
    private readonly ulong _seed;

    private ProgramGenerator(GeneratorOptions options, IReadOnlyList<int>? replayed, ulong seed)
    {
        _options = options;
        _replayed = replayed;
        _seed = seed;
    }

    /// <summary>How programs are run while they are made.</summary>
    public static InterpreterOptions RunOptions { get; } = new() { MostSteps = 60_000, MostCalls = 100, MostMemory = 4 << 20 };

    /// <summary>The program of a seed.</summary>
    /// <returns>Null for a seed whose program takes too long.</returns>
    public static GeneratedProgram? Generate(ulong seed, GeneratorOptions options) => new ProgramGenerator(options, null, seed).Run();

    /// <summary>The program of given choices.</summary>
    public static GeneratedProgram? Generate(IReadOnlyList<int> choices, GeneratorOptions options) => new ProgramGenerator(options, choices, 0).Run();

    private GeneratedProgram? Run()
    {
        for (int round = 0; round < MostRounds; round++)
        {
            _risks.Clear();
            Choices choices = _replayed is null ? new Choices(_seed) : new Choices(_replayed);
            GeneratedProgram program = new ProgramWriter(choices, _options, _tamed, _risks).Write();
            int before = _tamed.Count;
            bool ended = Survey(program);
            if (!ended)
                return null;
            if (_tamed.Count == before)
                return program;
        }
        return null;
    }

    /// <summary>Finds what is illegal, all in one run as far as that goes.</summary>
    /// <returns>False if the program reached a limit.</returns>
    private bool Survey(GeneratedProgram program)
    {
        int before = _tamed.Count;
        var interpreter = new Interpreter(program.Module, RunOptions with { OnIllegal = Tame, Target = _options.Target });
        foreach (AirFunction entry in program.Entries)
        {
            InterpreterResult result = interpreter.Call(entry);
            if (result.IsTrap && result.Trap.IsLimit)
                return false;
            if (result.IsTrap && !result.Trap.IsDefined)
                Tame(result.Trap);
        }
        return true;

        void Tame(InterpreterTrap trap)
        {
            if (_risks.TryGetValue((trap.Function!.Id, trap.Instruction.Index), out int risk))
                _tamed.Add(risk);
            // After something illegal, the zeros that it gave may do more of it.
            else if (_tamed.Count == before)
                throw new InvalidOperationException($"a generated program must not do this: {trap}: {Text.AirText.Print(program.Module, trap.Function, trap.Instruction)}");
        }
    }
}
