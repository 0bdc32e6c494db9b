using System.Buffers.Binary;
using System.Globalization;
using Weld.Mir;
using Weld.Mir.Modules;
using ValueType = Weld.Wasm.Sections.ValueType;

namespace Weld.CodeGen.Tests.Edits;

/// <summary>What a function of an <see cref="EditedProgram"/> does to its number, one after the other.</summary>
internal enum StepKind
{
    AddNumber,
    Call,
    CallThroughData,
    LoadData,
    LoadConstant,
    LoadThroughConstant,
    CountErrors,
    LengthOfErrorName,
    LengthOfTagName,
    FrameRoundTrip,
}

/// <param name="Kind">What.</param>
/// <param name="Name">Of what; empty when it is of nothing.</param>
/// <param name="Number">Which, or how much.</param>
internal sealed record Step(StepKind Kind, string Name, int Number);

/// <param name="Words">Four words.</param>
/// <param name="Function">The function that a pointer after them points to; null for none.</param>
internal sealed record DataModel(int[] Words, string? Function);

/// <summary>A program as a model: what is in it, by name, how a module is made of it, and what its functions give.</summary>
/// <remarks>Functions call only those of a lower level, so that every call comes to an end.</remarks>
internal sealed class EditedProgram
{
    public const int Levels = 4;

    public SortedDictionary<string, Step[]> Functions { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, DataModel> Data { get; } = new(StringComparer.Ordinal);

    /// <summary>Export names with the functions.</summary>
    public SortedDictionary<string, string> Exports { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, string[]> Enums { get; } = new(StringComparer.Ordinal);

    public List<string> Errors { get; } = [];

    public static int LevelOf(string function) => int.Parse(function.AsSpan(1), CultureInfo.InvariantCulture) % Levels;

    /// <summary>The words of a constant: only the number tells constants apart.</summary>
    public static int[] ConstantWords(int number) => [number * 3, number ^ 0x55, number + 1000];

    /// <summary>What a function gives for a number.</summary>
    public int Evaluate(string function, int x)
    {
        foreach (Step step in Functions[function])
            x = unchecked((x * 31) + Evaluate(step, x));
        return x;
    }

    private int Evaluate(Step step, int x) => step.Kind switch
    {
        StepKind.AddNumber => step.Number,
        StepKind.Call => Evaluate(step.Name, x),
        StepKind.CallThroughData => Evaluate(Data[step.Name].Function!, x),
        StepKind.LoadData => Data[step.Name].Words[step.Number % 4],
        StepKind.LoadConstant or StepKind.LoadThroughConstant => ConstantWords(step.Number)[step.Number % 3],
        StepKind.CountErrors => Errors.Count + 1,
        StepKind.LengthOfErrorName => Errors[step.Number % Errors.Count].Length,
        StepKind.LengthOfTagName => Enums[step.Name][step.Number % Enums[step.Name].Length].Length,
        _ => x,
    };
}

/// <summary>A module that is brought into agreement with a program, item by item.</summary>
internal sealed class ProgramModule
{
    private readonly EditedProgram _program;
    private readonly MirBuilder _builder = new(is64: false);
    private readonly MirSignatureId _type;

    /// <param name="program">The program.</param>
    /// <param name="noise">Adds function types that nothing uses, so that numbers are other ones.</param>
    public ProgramModule(EditedProgram program, int noise)
    {
        _program = program;
        Object = new ModuleObject(is64: false, new MirSignaturePool(), Mir.SampleModule.DefaultFeatures);
        for (int i = 0; i < noise; i++)
            Object.Signatures.Add([.. Enumerable.Repeat(ValueType.I64, i)], []);
        _type = Object.Signatures.Add([ValueType.I32], [ValueType.I32]);
    }

    public ModuleObject Object { get; }

    public Dictionary<string, MirFunctionId> Functions { get; } = [];

    public Dictionary<string, MirDataId> Data { get; } = [];

    public Dictionary<string, MirEnumId> Enums { get; } = [];

    /// <summary>Whether each use of a constant adds it again, so that several slots hold the same.</summary>
    public bool RepeatsConstants { get; init; }

    private Dictionary<int, MirConstantId> Constants { get; } = [];

    public void Reserve(string name)
    {
        if (name[0] == 'f')
            Functions.TryAdd(name, Object.Functions.Reserve());
        else if (name[0] == 'd')
            Data.TryAdd(name, Object.Data.Reserve());
    }

    /// <summary>Takes a function, data item or enum over as it is in the program: adds, replaces or removes it.</summary>
    public void Update(string name)
    {
        switch (name[0])
        {
            case 'f' when !_program.Functions.ContainsKey(name):
                Object.Functions.Remove(Functions[name]);
                Functions.Remove(name);
                break;
            case 'f':
                Reserve(name);
                Object.Functions.Set(Functions[name], new MirFunctionItem { Name = name, Signature = _type, Body = Build(_program.Functions[name]), Linkage = MirLinkage.Internal });
                break;
            case 'd' when !_program.Data.ContainsKey(name):
                Object.Data.Remove(Data[name]);
                Data.Remove(name);
                break;
            case 'd':
                Reserve(name);
                Object.Data.Set(Data[name], new MirDataItem { Name = name, Contents = ContentsOf(_program.Data[name]), Linkage = MirLinkage.Internal });
                break;
            default:
                var item = new MirEnumItem(name, 32, [.. _program.Enums[name].Select(static (text, value) => ((ulong)value, text))]);
                if (Enums.TryGetValue(name, out MirEnumId id))
                    Object.Enums.Set(id, item);
                else
                    Enums.Add(name, Object.Enums.Add(item));
                break;
        }
    }

    public void UpdateExports()
    {
        foreach (MirExport export in Object.Exports)
            if (!_program.Exports.ContainsKey(export.Name))
                Object.Exports.Remove(export.Name);
        foreach ((string name, string function) in _program.Exports)
            Object.Exports.Set(new MirExport(name, Functions[function]));
    }

    public void UpdateErrors()
    {
        for (int i = 0; i < _program.Errors.Count; i++)
            Object.SetErrorName(i + 1, _program.Errors[i]);
    }

    private MirDataContents ContentsOf(DataModel data)
    {
        byte[] bytes = new byte[data.Function is null ? 16 : 20];
        for (int i = 0; i < 4; i++)
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(i * 4), data.Words[i]);
        return data.Function is null
            ? MirDataContents.Create(bytes, 2)
            : MirDataContents.Create(bytes, 2, new MirDataRelocation(16, Functions[data.Function], MirUse.Slot, 0));
    }

    private MirConstantId ConstantOf(int number, bool isPointer)
    {
        int key = isPointer ? -number - 1 : number;
        if (!RepeatsConstants && Constants.TryGetValue(key, out MirConstantId known))
            return known;
        MirDataContents contents;
        if (isPointer)
        {
            contents = MirDataContents.Create(new byte[4], 2, new MirDataRelocation(0, ConstantOf(number, isPointer: false), MirUse.Address, number % 3 * 4));
        }
        else
        {
            byte[] bytes = new byte[12];
            for (int i = 0; i < 3; i++)
                BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(i * 4), EditedProgram.ConstantWords(number)[i]);
            contents = MirDataContents.Create(bytes, 2);
        }
        return Constants[key] = Object.Constants.Add(contents);
    }

    private MirFunction Build(Step[] steps)
    {
        _builder.Begin(_type, [ValueType.I32]);
        var x = new MirLocal(0);
        foreach (Step step in steps)
        {
            _builder.LocalGet(x);
            _builder.I32Const(31);
            _builder.Emit(MirOpcode.I32Mul);
            Push(step, x);
            _builder.Emit(MirOpcode.I32Add);
            _builder.LocalSet(x);
        }
        _builder.LocalGet(x);
        _builder.Emit(MirOpcode.LeaveFrame);
        return _builder.Build();
    }

    private void Push(Step step, MirLocal x)
    {
        switch (step.Kind)
        {
            case StepKind.AddNumber:
                _builder.I32Const(step.Number);
                break;
            case StepKind.Call:
                _builder.LocalGet(x);
                _builder.Call(Functions[step.Name]);
                break;
            case StepKind.CallThroughData:
                _builder.LocalGet(x);
                _builder.I32Const(0);
                _builder.Memory(MirOpcode.I32Load, 2, Data[step.Name], 16);
                _builder.CallIndirect(_type);
                break;
            case StepKind.LoadData:
                _builder.DataAddress(Data[step.Name], step.Number % 4 * 4);
                _builder.Memory(MirOpcode.I32Load, 2, 0);
                break;
            case StepKind.LoadConstant:
                _builder.ConstantAddress(ConstantOf(step.Number, isPointer: false), 2 + (step.Number % 3), step.Number % 3 * 4);
                _builder.Memory(MirOpcode.I32Load, 2, 0);
                break;
            case StepKind.LoadThroughConstant:
                _builder.ConstantAddress(ConstantOf(step.Number, isPointer: true), 2);
                _builder.Memory(MirOpcode.I32Load, 2, 0);
                _builder.Memory(MirOpcode.I32Load, 2, 0);
                break;
            case StepKind.CountErrors:
                _builder.ErrorCount();
                break;
            case StepKind.LengthOfErrorName:
                _builder.ErrorNameTable();
                _builder.Memory(MirOpcode.I32Load, 2, (uint)(((step.Number % _program.Errors.Count) + 1) * 8) + 4);
                break;
            case StepKind.LengthOfTagName:
                uint place = _builder.AllocateInFrame(8, 2);
                _builder.FrameAddress(place);
                _builder.I32Const(step.Number % _program.Enums[step.Name].Length);
                _builder.CallTagName(Enums[step.Name]);
                _builder.LocalGet(_builder.FrameBase);
                _builder.Memory(MirOpcode.I32Load, 2, place + 4);
                break;
            default:
                uint slot = _builder.AllocateInFrame(4, 2);
                _builder.FrameAddress(slot);
                _builder.LocalGet(x);
                _builder.Memory(MirOpcode.I32Store, 2, 0);
                _builder.LocalGet(_builder.FrameBase);
                _builder.Memory(MirOpcode.I32Load, 2, slot);
                break;
        }
    }
}
