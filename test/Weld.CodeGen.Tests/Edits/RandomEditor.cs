using System.Globalization;

namespace Weld.CodeGen.Tests.Edits;

/// <summary>Changes a program at random, one item at a time, and keeps it whole: what is removed is used no longer.</summary>
internal sealed class RandomEditor
{
    private const int FewestFunctions = 12;

    private readonly Random _random;
    private int _names;

    public RandomEditor(int seed)
    {
        _random = new Random(seed);
        Program.Errors.Add("First");
        Program.Enums.Add("e0", ["zero", "one"]);
    }

    public EditedProgram Program { get; } = new();

    /// <summary>Makes an edit and returns what has to be updated, in order.</summary>
    public List<string> Edit() => _random.Next(16) switch
    {
        _ when Program.Functions.Count < FewestFunctions => SetFunction(NewName('f')),
        0 or 1 or 2 => RemoveFunction(),
        3 => RemoveData(),
        4 or 12 => SetData(_random.Next(3) == 0 || Program.Data.Count == 0 ? NewName('d') : Any(Program.Data.Keys)),
        5 => SetExport(),
        6 => AddError(),
        7 => ChangeEnum(),
        8 or 9 when Program.Functions.Count != 0 => SetFunction(Any(Program.Functions.Keys)),
        _ => SetFunction(NewName('f')),
    };

    /// <summary>A module of the program, made in another order and with other numbers.</summary>
    public ProgramModule MakeAnew()
    {
        var module = new ProgramModule(Program, noise: _random.Next(5)) { RepeatsConstants = _random.Next(2) == 0 };
        module.UpdateErrors();
        string[] names = [.. Program.Functions.Keys, .. Program.Data.Keys];
        foreach (string name in Program.Enums.Keys.OrderBy(_ => _random.Next()))
            module.Update(name);
        _random.Shuffle(names);
        foreach (string name in names)
            module.Reserve(name);
        _random.Shuffle(names);
        foreach (string name in names)
            module.Update(name);
        module.UpdateExports();
        return module;
    }

    private List<string> SetFunction(string name)
    {
        Program.Functions[name] = [.. Enumerable.Range(0, _random.Next(6)).Select(_ => MakeStep(EditedProgram.LevelOf(name)))];
        // Some functions stay without an export, for the linker to drop.
        if (_random.Next(3) == 0)
            Program.Exports[$"run_{name}"] = name;
        return ["e0", name];
    }

    private List<string> RemoveFunction()
    {
        if (Program.Functions.Count < 2)
            return [];
        string name = Any(Program.Functions.Keys);
        Program.Functions.Remove(name);
        foreach (string export in Program.Exports.Where(export => export.Value == name).Select(static export => export.Key).ToArray())
            Program.Exports.Remove(export);
        List<string> changed = [];
        foreach ((string data, DataModel model) in Program.Data.ToArray())
            if (model.Function == name)
            {
                Program.Data[data] = model with { Function = null };
                changed.AddRange(DropSteps(StepKind.CallThroughData, data));
                changed.Add(data);
            }
        changed.AddRange(DropSteps(StepKind.Call, name));
        return [.. changed, name];
    }

    private List<string> RemoveData()
    {
        if (Program.Data.Count == 0)
            return [];
        string name = Any(Program.Data.Keys);
        Program.Data.Remove(name);
        return [.. DropSteps(null, name), name];
    }

    private List<string> SetData(string name)
    {
        // Functions of level 0 only, as those of all higher levels may call through it.
        string[] functions = [.. Program.Functions.Keys.Where(static function => EditedProgram.LevelOf(function) == 0)];
        string? function = functions.Length == 0 || _random.Next(2) == 0 ? null : functions[_random.Next(functions.Length)];
        int[] words = _random.Next(4) == 0 ? new int[4] : [.. Enumerable.Range(0, 4).Select(_ => _random.Next())];
        bool hadFunction = Program.Data.TryGetValue(name, out DataModel? old) && old.Function is not null;
        Program.Data[name] = new DataModel(words, function);
        return hadFunction && function is null ? [.. DropSteps(StepKind.CallThroughData, name), name] : [name];
    }

    private List<string> SetExport()
    {
        if (Program.Exports.Count > 2 && _random.Next(2) == 0)
            Program.Exports.Remove(Any(Program.Exports.Keys));
        else if (Program.Functions.Count != 0)
            Program.Exports[string.Create(CultureInfo.InvariantCulture, $"export{_random.Next(8)}")] = Any(Program.Functions.Keys);
        return [];
    }

    private List<string> AddError()
    {
        Program.Errors.Add(new string((char)('A' + _random.Next(26)), 1 + _random.Next(9)));
        // Whose name is asked for depends on how many there are.
        return [.. Program.Functions.Where(static function => function.Value.Any(static step => step.Kind == StepKind.LengthOfErrorName)).Select(static function => function.Key)];
    }

    private List<string> ChangeEnum()
    {
        Program.Enums["e0"] = [.. Enumerable.Range(0, 1 + _random.Next(4)).Select(i => new string('n', i + _random.Next(5)))];
        return ["e0", .. Program.Functions.Where(static function => function.Value.Any(static step => step.Kind == StepKind.LengthOfTagName)).Select(static function => function.Key)];
    }

    private List<string> DropSteps(StepKind? kind, string name)
    {
        List<string> changed = [];
        foreach ((string function, Step[] steps) in Program.Functions.ToArray())
            if (steps.Any(IsDropped))
            {
                Program.Functions[function] = [.. steps.Where(step => !IsDropped(step))];
                changed.Add(function);
            }
        return changed;

        bool IsDropped(Step step) => step.Name == name && (kind is null || step.Kind == kind);
    }

    private Step MakeStep(int level)
    {
        StepKind kind = (StepKind)_random.Next(Enum.GetValues<StepKind>().Length);
        IEnumerable<string> candidates = kind switch
        {
            StepKind.Call => Program.Functions.Keys.Where(function => EditedProgram.LevelOf(function) < level),
            StepKind.CallThroughData when level > 0 => Program.Data.Where(static data => data.Value.Function is not null).Select(static data => data.Key),
            StepKind.LoadData => Program.Data.Keys,
            StepKind.LengthOfTagName => Program.Enums.Keys,
            _ => [],
        };
        string[] names = [.. candidates];
        bool needsName = kind is StepKind.Call or StepKind.CallThroughData or StepKind.LoadData or StepKind.LengthOfTagName;
        return needsName && names.Length == 0
            ? new Step(StepKind.AddNumber, "", _random.Next(-200, 200))
            : new Step(kind, needsName ? names[_random.Next(names.Length)] : "", _random.Next(40));
    }

    private string Any(ICollection<string> names) => names.ElementAt(_random.Next(names.Count));

    private string NewName(char kind) => string.Create(CultureInfo.InvariantCulture, $"{kind}{_names++}");
}
