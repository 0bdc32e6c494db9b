namespace Weld.Air.Generator;

/// <summary>Writes one program: types, variables, functions that call earlier ones, entries.</summary>
internal sealed class ProgramWriter
{
    private const int MostFunctions = 5;
    private const int MostEntries = 4;

    private readonly List<AirFunction> _functions = [];
    private readonly Dictionary<TypeId, AirVariable> _targets = [];
    private readonly HashSet<int> _tamed;
    private readonly Dictionary<(ItemId Function, int Instruction), int> _risks;
    private int _nextRisk;
    private int _nextName;

    public ProgramWriter(Choices choices, GeneratorOptions options, HashSet<int> tamed, Dictionary<(ItemId Function, int Instruction), int> risks)
    {
        Choices = choices;
        Options = options;
        _tamed = tamed;
        _risks = risks;
        Module = new AirModule();
        Pool = new TypePool(Module, choices, options);
        Constants = new ConstantMaker(this);
        Folds = new FoldFunctions(Module, options.Target);
        Checksum = Module.DefineVariable("checksum", TypeId.U64, Module.Values.Integer(TypeId.U64, 0));
    }

    public AirModule Module { get; }

    public Choices Choices { get; }

    public GeneratorOptions Options { get; }

    public TypePool Pool { get; }

    public ConstantMaker Constants { get; }

    public FoldFunctions Folds { get; }

    /// <summary>What all that is observed is folded into.</summary>
    public AirVariable Checksum { get; }

    /// <summary>What may be called: everything that is finished.</summary>
    public IReadOnlyList<AirFunction> Functions => _functions;

    /// <summary>Variables that functions may read and write.</summary>
    public List<AirVariable> Variables { get; } = [];

    public GeneratedProgram Write()
    {
        Choices.Several(5, 6, _ => Variables.Add(AddVariable(Pool.Any())));
        Choices.Several(MostFunctions, 14, _ => _functions.Add(WriteFunction()));
        var entries = new List<AirFunction>();
        Choices.Several(MostEntries - 1, 3, number => entries.Add(WriteEntry(number)));
        entries.Add(WriteEntry(entries.Count));
        return new GeneratedProgram(Module, entries, [.. Choices.Taken], Options.Target);
    }

    public string NextName(string prefix) => $"{prefix}{_nextName++}";

    /// <summary>The variable that constant pointers to the type point to.</summary>
    public AirVariable TargetOf(TypeId type)
    {
        if (!_targets.TryGetValue(type, out AirVariable? target))
            _targets.Add(type, target = AddVariable(type));
        return target;
    }

    /// <summary>Notes an instruction that may be illegal; says whether it is to be written in a legal way.</summary>
    public bool IsTamed(out int risk)
    {
        risk = _nextRisk++;
        return _tamed.Contains(risk);
    }

    public void NoteRisk(AirFunction function, InstructionId instruction, int risk) => _risks[(function.Id, instruction.Index)] = risk;

    private AirVariable AddVariable(TypeId type) => Module.DefineVariable(NextName("g"), type, Constants.Make(type));

    private AirFunction WriteFunction()
    {
        var list = new List<TypeId>();
        Choices.Several(5, 3, _ => list.Add(Pool.Any()));
        TypeId[] parameters = [.. list];
        TypeId result = Choices.OneIn(8) ? TypeId.Void : Pool.Any();
        bool isC = Choices.OneIn(4) && Pool.IsKnownToC(result) && Array.TrueForAll(parameters, Pool.IsKnownToC);
        bool isRecursive = parameters.Length > 0 && Choices.OneIn(4);
        if (isRecursive)
            parameters[0] = TypeId.U8;
        FunctionBuilder f = Module.DefineFunction(NextName("f"), parameters, result, isC ? CallingConvention.C : CallingConvention.Auto);
        new FunctionWriter(this, f).WriteBody(isRecursive ? f.Function : null);
        return f.Finish();
    }

    // Calls every function once, so that none is there for nothing.
    private AirFunction WriteEntry(int number)
    {
        FunctionBuilder f = Module.DefineFunction($"entry{number}", (ReadOnlySpan<TypeId>)[], TypeId.U64);
        new FunctionWriter(this, f).WriteEntry();
        AirFunction entry = f.Finish();
        Module.Export(entry, entry.Name);
        return entry;
    }
}
